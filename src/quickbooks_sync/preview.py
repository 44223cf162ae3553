"""The preview: everything a run would do, decided by the same code, stored and shown; nothing is done.

It changes no record and no Link and sends nothing. What waits for a record that goes in the same run is
shown as going, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import gather, settle
from .apply import PASSES_MAX, WAVES, decided, pages
from .gather import Gathered
from .kinds import Kind
from .kinds.base import LocalKey, RemoteKey
from .models import Issue, Link, PlannedStep, Side
from .planner.actions import (
    Action,
    Adopt,
    CreateHere,
    CreateThere,
    RaiseIssue,
    RemoveThere,
    UpdateHere,
    UpdateThere,
    Wait,
)
from .planner.decide import Policy, decide
from .planner.records import Encoded
from .session import Session
from .shown import fingerprint
from .words import issue_sentence

ATTENTION, WAITS = "attention", "waits"


@dataclass(kw_only=True)
class Coming:
    """What this run would create: whatever waits for it goes as well."""

    there: set[LocalKey] = field(default_factory=set)
    here: set[RemoteKey] = field(default_factory=set)
    #: Remotes that a local record is paired with: their own half-Links go away.
    paired: set[int] = field(default_factory=set)


def plan(session: Session, kinds: Sequence[Kind]) -> None:
    """Store every step of a run over these Kinds, in the order in which it would be done."""
    coming = Coming()
    for wave in WAVES:
        for kind in wave:
            if kind in kinds:
                _plan_kind(session, kind, coming)


def _plan_kind(session: Session, kind: Kind, coming: Coming) -> None:
    waiting: list[int] = []
    for links in pages(session, kind):
        waiting += _plan_page(session, kind, links, coming, last=False)
    for number in range(PASSES_MAX):
        if not waiting:
            break
        before, waiting = waiting, []
        for start in range(0, len(before), session.page_rows):
            part = before[start : start + session.page_rows]
            links = list(Link.objects.filter(pk__in=part).select_related("remote", "issue").order_by("pk"))
            waiting += _plan_page(session, kind, links, coming, last=number == PASSES_MAX - 1)
        if len(waiting) == len(before):  # none of them is freed by another
            for start in range(0, len(waiting), session.page_rows):
                part = waiting[start : start + session.page_rows]
                links = list(Link.objects.filter(pk__in=part).select_related("remote", "issue"))
                _plan_page(session, kind, links, coming, last=True)
            break


def _plan_page(
    session: Session, kind: Kind, links: Sequence[Link], coming: Coming, *, last: bool
) -> list[int]:
    """Store the steps of one page; returns the Links that wait for what may still come."""
    waiting: list[int] = []
    steps: list[PlannedStep] = []
    for gathered, action in decided(session, kind, links):
        if gathered.link.local_id is None and gathered.link.remote_id in coming.paired:
            continue
        if gathered.match is not None:
            coming.paired.add(gathered.match.pk)
        now = _freed(gathered, action, coming)
        if isinstance(now, Wait) and not last:
            waiting.append(gathered.link.pk)
            continue
        steps += _steps(session, gathered, now)
        if isinstance(now, CreateThere) and gathered.link.local_id is not None:
            coming.there.add((kind.name, gathered.link.local_id))
        if isinstance(now, CreateHere) and gathered.link.remote is not None:
            coming.here.add((kind.name, gathered.link.remote.remote_id))
    with session.page(rows=len(steps)):
        PlannedStep.objects.bulk_create(steps)
    return waiting


def _freed(gathered: Gathered, action: Action, coming: Coming) -> Action:
    """A step that waits only for what this run creates is a step of this run."""
    if not isinstance(action, Wait) or gathered.link.whole or gathered.pair.linked:
        return action
    kind, references = gathered.kind, gathered.references
    if gathered.pair.here is not None:
        missing = {key for key in kind.refers_to(gathered.here) if key not in references.there}
        return CreateThere() if missing and missing <= coming.there else action
    missing_there = {key for key in kind.refers_to_there(gathered.payload) if key not in references.here}
    return CreateHere() if missing_there and missing_there <= coming.here else action


def _steps(session: Session, gathered: Gathered, action: Action) -> Iterator[PlannedStep]:
    def step(side: Side, what: str, before: Encoded, after: Encoded, note: str = "") -> PlannedStep:
        session.counts[f"{gathered.kind.name}.{side}.{what}"] += 1
        values = {"side": side, "action": what, "before": before, "after": after, "note": note}
        decided_on = "" if note else fingerprint(gathered, action)
        return PlannedStep(run=session.run, fingerprint=decided_on, **_about(gathered), **values)

    match action:
        case CreateThere():
            yield step(Side.THERE, "created", {}, settle.said(gathered.here))
        case CreateHere():
            yield step(Side.HERE, "created", {}, settle.said(gathered.there))
        case UpdateThere(fields=fields):
            yield step(Side.THERE, "updated", _only(gathered.there, fields), _only(gathered.here, fields))
        case UpdateHere(fields=fields):
            yield step(Side.HERE, "updated", _only(gathered.here, fields), _only(gathered.there, fields))
        case RemoveThere():
            yield step(Side.THERE, "removed", {}, {})
        case Adopt(fill_here=fields):
            # Pairing fills blanks here, then sends what a value present here replaces there.
            filled = _only(gathered.there, fields)
            yield step(Side.HERE, "linked", _only(gathered.here, fields), filled)
            yield from _then_sent(session, gathered, action, {**gathered.here, **filled})
        case RaiseIssue():
            words = issue_sentence(Issue(reason=action.reason, details=action.details))
            yield step(Side.THERE, ATTENTION, {}, {}, words)
        case Wait(on=on):
            yield step(Side.THERE, WAITS, {}, {}, f"Waits for {on}.")


def _then_sent(session: Session, gathered: Gathered, action: Adopt, here: Encoded) -> Iterator[PlannedStep]:
    gathered.pair = gather.relinked(gathered, action.here_baseline, action.there_baseline, here)
    follow = decide(gathered.pair, Policy(two_way_edits=session.connection.two_way_edits))
    if not isinstance(follow, Adopt):
        yield from _steps(session, gathered, follow)


def _about(gathered: Gathered) -> dict[str, Any]:
    """Which record a step is about."""
    link, kind = gathered.link, gathered.kind
    remote = gathered.match or link.remote
    total = kind.totals_here(gathered.local).get("total") if gathered.local is not None else None
    return {
        "link": link,
        "kind": kind.name,
        "label": gathered.label[:600],
        "local_id": link.local_id,
        "remote_id": remote.remote_id if remote is not None else "",
        "total": Decimal(total) if total is not None else None,
    }


def _only(record: Encoded, fields: frozenset[str]) -> Encoded:
    return {name: record[name] for name in sorted(fields)}
