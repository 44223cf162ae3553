"""Gather what is needed to decide: a page of Links becomes Pairs.

Reads the database and nothing else; a page costs a fixed number of queries.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from qbo.payload import dumps
from service_genius.shared.models import Versioned

from . import merges
from .kinds import KIND, Kind
from .kinds.base import Facts, LocalKey, Payload, References, RemoteKey, view_only
from .kinds.money import in_closed_books
from .kinds.payment import on_account
from .matches import Matches
from .models import Connection, Issue, Link, Remote
from .names import Names, find_names
from .planner.actions import Reason
from .planner.decide import Answers, Here, Pair, Problem, There
from .planner.records import Encoded, encode
from .references import find_references
from .session import Session

Local = Versioned


@dataclass(kw_only=True)
class Gathered:
    """One Link with everything around it."""

    link: Link
    kind: Kind
    local: Any
    payload: Payload
    references: References
    pair: Pair
    label: str
    match: Remote | None = None

    @property
    def here(self) -> Encoded:
        assert self.pair.here is not None  # noqa: S101 - the caller decided on it
        return self.pair.here.record

    @property
    def there(self) -> Encoded:
        assert self.pair.there is not None  # noqa: S101
        return self.pair.there.record


def gather(session: Session, kind: Kind, links: Sequence[Link]) -> list[Gathered]:
    """The Pairs of one page of Links, all of one Kind."""
    locals_ = _locals(session, kind, links)
    matches = Matches(session, kind, links, locals_)
    payloads = {
        link.pk: remote.payload if remote is not None and not remote.deleted else {}
        for link in links
        for remote in [link.remote or matches.certain.get(link.pk)]
    }
    wanted_here: set[LocalKey] = set()
    wanted_there: set[RemoteKey] = set()
    encoded = {pk: encode(kind.from_here(local)) for pk, local in locals_.items()}
    for link in links:
        if link.local_id in encoded:
            wanted_here |= kind.refers_to(encoded[link.local_id])
        wanted_there |= kind.refers_to_there(payloads[link.pk])
    references, names = find_references(
        session.connection, wanted_here, wanted_there, handed=session.coming.handed
    )
    unpaired = [link for link in links if link.pk not in matches.certain]
    claimed = find_names(session, kind, unpaired, encoded, names)
    below = _active_below(session, kind, links, locals_)
    gone = merges.merged_there(session, links) if kind.name == "customer" else {}
    merged = merges.merged_here(session, links, locals_) if kind.name == "customer" else {}
    rows = [(link, locals_[link.local_id], payloads[link.pk]) for link in links if link.local_id in locals_]
    waiting = merges.waiting(session, kind, rows, references)
    missing = _labels(session, references.missing(wanted_here) | wanted_here & session.coming.asked)
    inactive = _labels(session, references.inactive) if kind.money else {}
    gathered = []
    for link in links:
        here = None
        if link.local_id in encoded:
            record, totals = encoded[link.local_id], kind.totals_here(locals_[link.local_id])
            if link.answers.get("on_account"):
                record, totals = on_account(record, totals, references)
            here = _here(session, kind, link, record, missing=missing, claimed=claimed)
            if kind.money:
                closed = in_closed_books(record, payloads[link.pk], session.facts)
                held = () if link.remote_id else _inactive(kind, record, inactive)
                here = replace(here, problems=(*closed, *here.problems, *held))
            currency = kind.foreign_currency(locals_[link.local_id], payloads[link.pk], session.facts)
            if currency:
                here = replace(here, problems=(view_only(currency), *here.problems))
            here = replace(
                here,
                totals=totals,
                stays_out=_stays_out(session.connection, kind, link, locals_[link.local_id]),
            )
            if not link.whole:
                here = replace(here, waits_on=waiting.get(link.pk, here.waits_on))
        there = _there(session, kind, link, payloads[link.pk], references)
        if there is not None and link.remote is not None and link.remote.remote_id in below:
            going = below[link.remote.remote_id]
            there = replace(there, removable=there.removable and going, below=going)
        match = matches.certain.get(link.pk)
        pair = Pair(
            money=kind.money,
            linked=link.whole or match is not None,
            here=here,
            there=there if link.remote_id or match is not None else None,
            here_baseline=link.here_baseline,
            there_baseline=link.there_baseline,
            created_by_us=link.created_by_us,
            likely=matches.likely.get(link.pk, ()),
            waits_on=waiting.get(link.pk, ""),
            merged_there=gone.get(link.pk),
            merged_here=merged.get(link.pk),
            left_there=link.left_there,
            answers=_answers(link),
        )
        local = locals_.get(link.local_id or 0)
        label = kind.label(local) if local is not None else kind.label_there(payloads[link.pk])
        gathered.append(
            Gathered(
                link=link,
                kind=kind,
                local=local,
                payload=payloads[link.pk],
                references=references,
                pair=pair,
                label=label,
                match=match,
            )
        )
    return gathered


def _active_below(
    session: Session, kind: Kind, links: Sequence[Link], locals_: Mapping[int, Any]
) -> dict[str, bool]:
    """Customers to be deactivated there who have active ones below them, and whether all of those go, too."""
    if kind.name != "customer":
        return {}
    inactive = {pk for pk, local in locals_.items() if not local.active}
    ids = [link.remote.remote_id for link in links if link.remote is not None and link.local_id in inactive]
    children = Remote.objects.filter(
        connection=session.connection,
        entity=kind.entity,
        parent_id_there__in=ids,
        active=True,
        deleted=False,
    ).select_related("link")
    below: dict[str, bool] = {}
    for child in children if ids else ():
        link = getattr(child, "link", None)
        goes = (
            link is not None
            and link.created_by_us
            and link.state == Link.State.ACTIVE
            and kind.all_here(session.connection.company).filter(pk=link.local_id, active=False).exists()
        )
        below[child.parent_id_there] = below.get(child.parent_id_there, True) and goes
    return below


def _locals(session: Session, kind: Kind, links: Sequence[Link]) -> dict[int, Any]:
    ids = [link.local_id for link in links if link.local_id is not None]
    rows = kind.all_here(session.connection.company).filter(pk__in=ids) if ids else ()
    return {row.pk: row for row in rows}


def _here(
    session: Session,
    kind: Kind,
    link: Link,
    record: Encoded,
    *,
    missing: Mapping[LocalKey, str],
    claimed: Names,
) -> Here:
    waits_on = ", ".join(missing[key] for key in sorted(kind.refers_to(record)) if key in missing)
    problems = list(kind.problems(record, session.facts))
    if link.pk in claimed.taken:
        problems.insert(0, claimed.taken[link.pk])
    issue = getattr(link, "issue", None)
    refused: Problem | None = None
    told = issue is not None and link.refused and link.refused == refusal_of(record, link)
    if issue is not None and told and not _opened_since(issue, session.facts):
        # Refused, and nothing of it has changed since: QuickBooks would refuse it again.
        refused = Problem(reason=Reason(issue.reason), details=issue.details)
        problems = problems or [refused]
    behind, behind_name = claimed.behind.get(link.pk, (None, ""))
    return Here(
        record=record,
        waits_on=waits_on,
        behind=behind,
        behind_name=behind_name,
        temporary_name=claimed.temporary.get(link.pk, ""),
        problems=tuple(problems),
        refused=refused,
    )


def _opened_since(issue: Issue, facts: Facts) -> bool:
    """Whether it was refused for its date in closed books, and others are closed by now."""
    return issue.reason == Reason.BOOKS_CLOSED and issue.details["until"] != facts.closed_until


def _inactive(kind: Kind, record: Encoded, inactive: Mapping[LocalKey, str]) -> Iterator[Problem]:
    """QuickBooks takes nothing new of a customer or Service Item that is inactive there (qbo-facts E1)."""
    for key in sorted(kind.refers_to(record) & inactive.keys()):
        details = {"kind": key[0], "local_id": key[1], "name": inactive[key]}
        yield Problem(reason=Reason.INACTIVE_THERE, details=details)


def _stays_out(connection: Connection, kind: Kind, link: Link, local: Any) -> bool:
    """Never sent, nor tried, and before the start date by now, or voided."""
    return kind.money and link.remote_id is None and not link.marker and not kind.eligible(local, connection)


def _there(
    session: Session, kind: Kind, link: Link, payload: Payload, references: References
) -> There | None:
    if not payload:
        return None
    missing = [key for key in kind.refers_to_there(payload) if key not in references.here]
    record = encode(kind.from_there(payload, references, session.facts))
    waits_on = ", ".join(sorted(f"{KIND[name].title_there} {remote_id}" for name, remote_id in missing))
    return There(
        record=record,
        totals=kind.totals_there(payload),
        waits_on="" if link.there_baseline is not None else waits_on,
        takeable=kind.takeable(payload),
        view_only=bool(kind.foreign_currency(None, payload, session.facts)),
        removable=kind.removable(payload),
        settled_elsewhere=kind.settled_elsewhere(payload),
    )


def _answers(link: Link) -> Answers:
    stored = link.answers
    return Answers(
        accepted_totals=stored.get("accepted_totals"),
        allowed=stored.get("allowed"),
        void_there=bool(stored.get("void_there")),
        reactivate=bool(stored.get("reactivate")),
    )


def _labels(session: Session, keys: Iterable[LocalKey]) -> dict[LocalKey, str]:
    """What local records are called, one query a Kind."""
    labels = {(name, local_id): f"{name} {local_id}" for name, local_id in keys}
    for name in {name for name, _ in labels}:
        ids = [local_id for kind, local_id in labels if kind == name]
        for row in KIND[name].all_here(session.connection.company).filter(pk__in=ids):
            labels[name, row.pk] = KIND[name].label(row)
    return labels


def refusal_of(record: Encoded, link: Link) -> str:
    """What a refusal was about: the Record and the object it was laid over."""
    token = link.remote.token if link.remote is not None else -1
    return sha256(dumps([record, token]).encode()).hexdigest()


def records_there(session: Session, kind: Kind, payloads: Sequence[Payload]) -> list[Encoded]:
    """The Records of remote objects."""
    wanted = {key for payload in payloads for key in kind.refers_to_there(payload)}
    references, _ = find_references(session.connection, (), wanted)
    return [encode(kind.from_there(payload, references, session.facts)) for payload in payloads]


def differs(session: Session, kind: Kind, known: Remote, payload: Payload) -> bool:
    """Whether two rows of one SyncToken differ in what we sync (balances and times may)."""
    stored = known.payload
    if not stored or known.deleted:
        return False
    before = kind.from_there(stored, References(), session.facts)
    return before != kind.from_there(payload, References(), session.facts)


def relinked(gathered: Gathered, here_baseline: Encoded, there_baseline: Encoded, here: Encoded) -> Pair:
    """The Pair after its first link: now an ordinary one."""
    pair = gathered.pair
    assert pair.here is not None  # noqa: S101
    return replace(
        pair,
        linked=True,
        here=replace(pair.here, record=here),
        here_baseline=here_baseline,
        there_baseline=there_baseline,
    )


def records_of_link(link: Link, facts: Facts) -> tuple[Kind, Encoded, Encoded]:
    """The Kind of a whole Link, and both its Records as they are now."""
    kind = KIND[link.kind]
    local = kind.all_here(link.connection.company).get(pk=link.local_id)
    payload = link.remote.payload if link.remote is not None else {}
    return kind, encode(kind.from_here(local)), record_there(link.connection, kind, payload, facts)


def record_there(connection: Connection, kind: Kind, payload: Payload, facts: Facts) -> Encoded:
    """The Record of one remote object, with its references resolved."""
    references, _ = find_references(connection, (), kind.refers_to_there(payload))
    return encode(kind.from_there(payload, references, facts))
