"""The preview: everything a run would do, decided by the same code, stored and shown; nothing is done.

It changes no record and no Link and sends nothing. What waits for a record that goes in the same run is
shown as going, too.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Any

from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering import credit, pairs
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.kinds import Kind
from quickbooks_sync.kinds.money import amount_words
from quickbooks_sync.kinds.payment import with_rest
from quickbooks_sync.models import Issue, PlannedStep, Side
from quickbooks_sync.models.log import ATTENTION, FILLED, WAITS
from quickbooks_sync.planner.actions import (
    Action,
    Adopt,
    CreateHere,
    CreateThere,
    RaiseIssue,
    RemoveThere,
    TakeApplied,
    TakeTax,
    UpdateHere,
    UpdateThere,
    Wait,
)
from quickbooks_sync.planner.decide import decide
from quickbooks_sync.planner.first_link import counts_of
from quickbooks_sync.planner.records import Encoded, not_agreed, replaced
from quickbooks_sync.sending import effects, look_alikes
from quickbooks_sync.sending.as_shown import fingerprint
from quickbooks_sync.sending.waves import WAVES, is_removal
from quickbooks_sync.sql import rows
from quickbooks_sync.wording.kept import sentences
from quickbooks_sync.wording.reasons import issue_sentence

from .forecast import Steps, after_pairing, foresee, foresee_later, watch


def plan(session: Session, kinds: Sequence[Kind]) -> None:
    """Store every step of a run over these Kinds, in the order in which it would be done."""
    last, after = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    in_scope = [tuple(kind for kind in wave if kind in kinds) for wave in WAVES]
    money = [kind for kind in kinds if kind.money]
    for kind in chain(*in_scope):
        if kind in money[:1]:
            look_alikes.check(session, money)  # as a run does once the lists are there
        for page in foresee(session, kind):
            going = {step[0].link.pk: step[0].payload["Id"] for step in page if _goes_last(*step)}
            watch(session, kind, going.values())
            last[kind.name] += going
            rest = [step for step in page if step[0].link.pk not in going]
            after[kind.name] += [gathered.link.pk for gathered, action in rest if isinstance(action, Wait)]
            _store(session, [step for step in rest if not isinstance(step[1], Wait)])
    for kind in chain(*reversed(in_scope)):
        for page in foresee_later(session, kind, last[kind.name], removing=True):
            _store(session, page)
    for kind in chain(*in_scope):  # what waited for a name that a removal frees
        for page in foresee_later(session, kind, after[kind.name]):
            _store(session, page)


def _goes_last(gathered: Gathered, action: Action) -> bool:
    """Whether it is a removal, or one that only waits for others before it."""
    there = gathered.pair.there
    return is_removal(action) or (isinstance(action, Wait) and there is not None and there.below)


def _store(session: Session, page: Steps) -> None:
    steps = [step for gathered, action in page for step in _steps(session, gathered, action)]
    _say_what_credit_may_do(session, page, steps)
    if not steps:
        session.keep_lease()
    for part in session.parts(steps):
        with session.page(rows=len(part)):
            rows.insert(part)


def _say_what_credit_may_do(session: Session, page: Steps, steps: Sequence[PlannedStep]) -> None:
    """Beside each new invoice, what QuickBooks may pay on it by itself: nobody can know before it is made."""
    new = {
        gathered.link.pk: gathered
        for gathered, action in page
        if gathered.kind.owed and isinstance(action, CreateThere)
    }
    left = credit.may_be_applied(session, (each.here["customer"] for each in new.values())) if new else {}
    for step in steps:
        gathered = new.get(step.link_id or 0)
        if gathered is None or step.total is None or not left.get(gathered.here["customer"]):
            continue
        part = min(step.total, left[gathered.here["customer"]])
        left[gathered.here["customer"]] -= part
        amount = amount_words(part, session.facts.home_currency)
        said = f"QuickBooks may apply {amount} of what this customer has paid to it by itself."
        step.note = f"{step.note} {said}".strip()


def _steps(session: Session, gathered: Gathered, action: Action) -> Iterator[PlannedStep]:
    def step(side: Side, what: str, before: Encoded, after: Encoded, note: str = "") -> PlannedStep:
        session.counts[f"{gathered.kind.name}.{side}.{what}"] += 1
        values = {"side": side, "action": what, "before": before, "after": after, "note": note}
        decided_on = "" if what in {ATTENTION, WAITS} else fingerprint(gathered, action)
        return PlannedStep(run=session.run, fingerprint=decided_on, **about(gathered), **values)

    match action:
        case CreateThere():
            stays = " ".join(sentences(gathered.kept))
            yield step(Side.THERE, "created", {}, settling.said(gathered.sent), stays)
        case CreateHere():
            stays = " ".join(sentences(gathered.kept))
            yield step(Side.HERE, "created", {}, settling.said(gathered.taken), stays)
        case UpdateThere() | RemoveThere():
            what, fields = _sent(action)
            before, after = _only(gathered.there, fields), _only(gathered.here, fields)
            session.counts.update(replaced(before, after))
            yield step(Side.THERE, what, before, after, effects.credit_note(session, gathered, action))
            if action.leave or isinstance(action, RemoveThere):
                yield from _then_the_rest(session, gathered, action)
        case UpdateHere() | TakeApplied() | TakeTax():
            before, after = _taken(gathered, action)
            yield step(Side.HERE, "updated", before, after, effects.credit_note(session, gathered, action))
            if not isinstance(action, TakeTax):
                yield from _then_sent(session, gathered, action, after)
        case Adopt(take=fields):
            # Pairing fills blanks here and takes what wins there, then sends what wins here.
            session.counts.update(counts_of(action, gathered.here, gathered.there))
            session.counts[f"{gathered.kind.name}.here.{FILLED}"] += bool(fields)
            before, after = _only(gathered.here, fields), _only(gathered.there, fields)
            yield step(Side.HERE, "linked", before, after, effects.pairing_note(gathered, action))
            yield from _then_paired(session, gathered, action)
        case RaiseIssue() | Wait():
            what, words = _why_not(session, action)
            yield step(Side.THERE, what, {}, {}, words)


def _taken(gathered: Gathered, action: UpdateHere | TakeApplied | TakeTax) -> tuple[Encoded, Encoded]:
    """What is taken over, before and after."""
    match action:
        case UpdateHere(fields=fields):
            return _only(gathered.here, fields), _only(gathered.there, fields)
        case TakeApplied(allocations=allocations):
            return _only(gathered.here, frozenset({"allocations"})), {"allocations": allocations}
    here, there = gathered.pair.here, gathered.pair.there
    return here.totals if here is not None else {}, there.totals if there is not None else {}


def _why_not(session: Session, action: RaiseIssue | Wait) -> tuple[str, str]:
    """What keeps a step back, in words."""
    if isinstance(action, Wait):
        return WAITS, f"Waits for {action.on}."
    issue = Issue(connection=session.connection, reason=action.reason, details=action.details)
    return ATTENTION, issue_sentence(issue)


def _then_paired(session: Session, gathered: Gathered, action: Adopt) -> Iterator[PlannedStep]:
    paired, follow = after_pairing(session, gathered, action)
    if not isinstance(follow, Adopt):
        yield from _steps(session, paired, follow)


def _then_sent(
    session: Session, gathered: Gathered, action: TakeApplied | UpdateHere, taken: Encoded
) -> Iterator[PlannedStep]:
    """What of ours is sent, or asked about, once this is taken: see `effects.change_here`."""
    before = gathered.pair.here
    assert before is not None  # noqa: S101 - it is paired
    agreed, here = effects.baselines_after(gathered, action, taken), {**gathered.here, **taken}
    totals = with_rest(here, before.totals) if isinstance(action, TakeApplied) else before.totals
    pair = pairs.relinked(gathered, *agreed, replace(before, record=here, totals=totals))
    yield from _steps(session, replace(gathered, pair=pair), decide(pair, session.policy))


def _sent(action: UpdateThere | RemoveThere) -> tuple[str, frozenset[str]]:
    """What a step is called, and the fields it shows."""
    return ("updated", action.fields) if isinstance(action, UpdateThere) else ("removed", frozenset())


def _then_the_rest(
    session: Session, gathered: Gathered, action: UpdateThere | RemoveThere
) -> Iterator[PlannedStep]:
    """What becomes of other fields that were changed, there or here, once this is stored: see `responses`."""
    pair = gathered.pair
    assert pair.there is not None  # noqa: S101 - something of it is left
    fields = action.fields if isinstance(action, UpdateThere) else effects.removed_by(gathered.kind)
    ours = _only(gathered.here, fields)
    there, before = {**gathered.there, **ours}, pair.there_baseline or {}
    if isinstance(action, RemoveThere):  # also one that is to be voided there only, and stays here
        ours = dict.fromkeys(fields, pair.money)
        there |= ours | _read_inactive(session, gathered)
    pair = replace(
        pair,
        there=replace(pair.there, record=there),
        here_baseline={**(pair.here_baseline or {}), **ours},
        there_baseline=not_agreed(there, dict.fromkeys(action.leave) | before, action.leave),
        applied=None,
    )
    follow = decide(pair, session.policy)
    yield from _steps(session, replace(gathered, pair=pair), follow)


def _read_inactive(session: Session, gathered: Gathered) -> Encoded:
    """The name of one of a list once it is inactive there: without what looks like the suffix of those."""
    kind, payload = gathered.kind, {**gathered.payload, "Active": False}
    if kind.money:
        return {}
    name = kind.name_field
    return {name: pairs.encoded_there(kind, payload, gathered.references, session.facts)[name]}


def about(gathered: Gathered) -> dict[str, Any]:
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
