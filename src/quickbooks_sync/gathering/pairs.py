"""Gather what is needed to decide: a page of Links becomes Pairs.

Reads the database and nothing else; a page costs a fixed number of queries (`context`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import Facts, LocalKey, Payload, References, view_only
from quickbooks_sync.kinds.money import in_closed_books
from quickbooks_sync.kinds.payment import on_account
from quickbooks_sync.kinds.tax import reckoned_otherwise
from quickbooks_sync.memory import doubts, marked
from quickbooks_sync.models import Connection, Link, Remote
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Answers, Here, Pair, Problem, There
from quickbooks_sync.planner.records import STANDS, Encoded, as_agreed, encode

from . import foundations, said_anew
from .causes import Causes, Stamp, closure, with_others
from .context import Context, read_context
from .references import find_references


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
    causes: Causes
    match: Remote | None = None

    @property
    def here(self) -> Encoded:
        assert self.pair.here is not None  # noqa: S101 - the caller decided on it
        return self.pair.here.record

    @property
    def there(self) -> Encoded:
        assert self.pair.there is not None  # noqa: S101
        return self.pair.there.record

    @property
    def hangs_on(self) -> str:
        """What a refusal of it hangs on."""
        assert self.pair.here is not None  # noqa: S101 - nothing else is sent
        return self.causes.of(self.pair.here.record, self.pair.here.totals)

    @property
    def sent(self) -> Encoded:
        """The Record here as it goes there: what QuickBooks cannot hold is as it was, or nothing."""
        assert self.pair.here is not None  # noqa: S101 - the caller decided on it
        standing = self.pair.here_baseline or (self.pair.there.record if self.pair.there is not None else {})
        unfit = self.pair.here.unfit
        return {**self.here, **{name: standing.get(name, self.kind.blank[name]) for name in unfit}}

    @property
    def taken(self) -> Encoded:
        """The Record there as it comes here: without what Service Genius cannot hold."""
        assert self.pair.there is not None  # noqa: S101 - the caller decided on it
        return self.kind.held_here(self.there, self.pair.there.unfit)

    @property
    def kept(self) -> dict[str, Encoded]:
        """What stays on one side, by field: as `Link.kept` has it."""
        here, there = self.pair.here, self.pair.there
        found: dict[str, Encoded] = {}
        if here is not None:
            found |= {name: {"side": "here", "why": why} for name, why in here.unfit.items()}
        if there is not None:
            found |= {name: {"side": "there", "why": why} for name, why in there.unfit.items()}
            more = self.kind.only_there(self.payload) if self.pair.linked else {}
            found |= {name: {"side": "only there", "why": why} for name, why in more.items()}
        return found


def gather(session: Session, kind: Kind, links: Sequence[Link]) -> list[Gathered]:
    """The Pairs of one page of Links, all of one Kind."""
    context = read_context(session, kind, links)
    return [_gathered(session, kind, link, context) for link in links]


def _gathered(session: Session, kind: Kind, link: Link, context: Context) -> Gathered:
    local, payload = context.locals.get(link.local_id or 0), context.payloads[link.pk]
    match = context.matches.certain.get(link.pk)
    there = _there(session, kind, link, context) if link.remote_id or match is not None else None
    likely, likeness = context.matches.likely.get(link.pk, ((), 0.0))
    pair = Pair(
        money=kind.money,
        linked=link.paired or match is not None,
        here=_here(session, kind, link, context, there) if local is not None else None,
        there=there,
        here_baseline=context.left_apart.get(link.pk, link.here_baseline),
        there_baseline=_there_baseline(kind, link, context, there),
        created_by_us=link.created_by_us,
        likely=likely,
        likeness=likeness,
        waits_on=context.waiting.get(link.pk, ""),
        merged_there=context.merged_there.get(link.pk),
        entered_anew=context.entered_anew.get(link.pk, ()),
        merged_here=context.merged_here.get(link.pk),
        in_doubt=doubts.details(link),
        only_there=_only_there(session, kind, link),
        left_there=link.left_there,
        answers=_answers(link),
        applied=context.credit.applied.get(link.pk),
        yields=kind.yields,
    )
    return Gathered(
        link=link,
        kind=kind,
        local=local,
        payload=payload,
        references=context.references,
        pair=pair,
        label=kind.label(local) if local is not None else kind.label_there(payload),
        causes=_causes(session, kind, link, context),
        match=match,
    )


def _there_baseline(kind: Kind, link: Link, context: Context, there: There | None) -> Encoded | None:
    moved = context.moved.get(link.pk)
    if not moved or there is None:
        return link.there_baseline
    return said_anew.baseline(kind, link, there.record, context.payloads[link.pk], moved)


def _only_there(session: Session, kind: Kind, link: Link) -> Encoded | None:
    """A Link of money that is half there is what a restored backup has forgotten: nothing else makes one."""
    if not kind.money or link.local_id is not None:
        return None
    return {"candidates": marked.may_be(session.connection, kind)}


def _causes(session: Session, kind: Kind, link: Link, context: Context) -> Causes:
    record = context.records.get(link.local_id or 0)
    keys = closure(kind.refers_to(record), context.further) if record is not None else ()
    stamps = context.references.stamps
    return Causes(
        payload=context.payloads[link.pk],
        referred=[stamps.get(key, list(key)) for key in sorted(keys)],
        background=session.background,
    )


def _here(session: Session, kind: Kind, link: Link, context: Context, there: There | None) -> Here:
    local_id = link.local_id or 0
    local, record = context.locals[local_id], context.records[local_id]
    totals = kind.totals_here(local)
    if link.answers.get("on_account"):
        record, totals = on_account(record, totals, context.references)
    missing = {**context.missing}
    for key in foundations.built_upon(kind, record, there.record if there and link.paired else None):
        missing |= {key: context.unready[key]} if key in context.unready else {}
    waits_for = kind.refers_to(record) & missing.keys()
    waits_on = ", ".join(missing[key] for key in sorted(waits_for))
    if not link.paired:
        waits_on = context.waiting.get(link.pk, waits_on)
    turn_after, turn_after_words = context.turns.turn_after.get(link.pk, (None, ""))
    refused = _refused(
        link, lambda: _causes(session, kind, link, context).of(record, totals), context.named.get(link.pk, ())
    )
    other_tax = reckoned_otherwise(record, totals, session.facts) if "tax" in totals else ()
    return Here(
        record=record,
        unfit=kind.unfit_there(record, session.facts),
        totals=totals,
        waits_on=waits_on,
        waits_for=frozenset(waits_for),
        no_room=context.credit.waits.get(link.pk, ""),
        turn_after=turn_after,
        turn_after_words=turn_after_words,
        aside=context.turns.aside.get(link.pk),
        problems=(*_problems(session, link, record, refused, context), *other_tax),
        refused=refused,
        stays_out=_stays_out(session.connection, kind, link, local),
    )


def _problems(
    session: Session, link: Link, record: Encoded, refused: Problem | None, context: Context
) -> Iterator[Problem]:
    """Why QuickBooks could not hold it; the first of them is told."""
    kind, payload = KIND[link.kind], context.payloads[link.pk]
    currency = kind.foreign_currency(context.locals[link.local_id or 0], payload, session.facts)
    if currency:
        yield view_only(currency)
    if kind.money:
        yield from in_closed_books(record, payload, session.facts)
    taken = context.turns.taken.get(link.pk)
    own = [*([taken] if taken else ()), *kind.problems(record, session.facts)]
    if payload:
        own = [problem for problem in own if problem.reason != Reason.NO_ACCOUNT]  # it has one there
    yield from own or ([refused] if refused else ())
    if link.pk in context.credit.short:
        yield context.credit.short[link.pk]
    if kind.money and link.remote_id is None:
        refers = kind.refers_to(record)
        yield from _inactive(Reason.INACTIVE_THERE, refers, context.inactive)
        yield from _inactive(Reason.INACTIVE_HERE, refers, context.put_away)


def _refused(link: Link, cause: Callable[[], str], named: Sequence[Stamp]) -> Problem | None:
    """What QuickBooks said of just this, if nothing that it hangs on has changed: it would say so again."""
    issue = getattr(link, "issue", None)
    if issue is None or not link.refused or link.refused != with_others(cause(), named):
        return None
    return Problem(reason=Reason(issue.reason), details=issue.details)


def _inactive(reason: Reason, refers: set[LocalKey], inactive: Mapping[LocalKey, str]) -> Iterator[Problem]:
    """QuickBooks takes nothing new of a customer or Service Item that is inactive there (facts E1)."""
    for key in sorted(refers & inactive.keys()):
        yield Problem(reason=reason, details={"kind": key[0], "local_id": key[1], "name": inactive[key]})


def _stays_out(connection: Connection, kind: Kind, link: Link, local: Any) -> bool:
    """Never sent, nor tried, and before the start date by now, or voided."""
    return kind.money and link.remote_id is None and not link.marker and not kind.eligible(local, connection)


def _there(session: Session, kind: Kind, link: Link, context: Context) -> There | None:
    payload, references = context.payloads[link.pk], context.references
    if not payload:
        return None
    missing = [key for key in kind.refers_to_there(payload) if key not in references.here]
    record = as_agreed(encoded_there(kind, payload, references, session.facts), link.there_baseline)
    waits_on = ", ".join(sorted(f"{KIND[name].title_there} {remote_id}" for name, remote_id in missing))
    there = There(
        record=record,
        unfit=kind.unfit_here(record) if kind.takeable(payload) or link.paired else {},
        totals=kind.totals_there(payload),
        waits_on="" if link.there_baseline is not None else waits_on,
        takeable=kind.takeable(payload),
        view_only=bool(kind.foreign_currency(None, payload, session.facts)),
        removable=kind.removable(session.coming.as_left(kind, payload)),
        settled_elsewhere=kind.settled_elsewhere(payload),
    )
    if link.remote is not None and link.remote.remote_id in context.below:
        going = context.below[link.remote.remote_id]
        there = replace(there, removable=there.removable and going, below=going)
    return there


def _answers(link: Link) -> Answers:
    stored = link.answers
    return Answers(
        accepted_totals=stored.get("accepted_totals"),
        allowed=stored.get("allowed"),
        void_there=bool(stored.get("void_there")),
        reactivate=bool(stored.get("reactivate")),
        ask_first=bool(stored.get("ask_first")),
    )


def records_there(session: Session, kind: Kind, payloads: Sequence[Payload]) -> list[Encoded]:
    """The Records of remote objects."""
    wanted = {key for payload in payloads for key in kind.refers_to_there(payload)}
    references, _ = find_references(session.connection, (), wanted)
    return [encoded_there(kind, payload, references, session.facts) for payload in payloads]


def encoded_there(kind: Kind, payload: Payload, references: References, facts: Facts) -> Encoded:
    """The Record of an object there, with what really stands in what was translated."""
    record = encode(kind.from_there(payload, references, facts))
    stands = kind.stands(payload)
    return {**record, STANDS: stands} if stands else record


def differs(session: Session, kind: Kind, known: Remote, payload: Payload) -> bool:
    """Whether two rows of one SyncToken differ in what we sync (balances and times may)."""
    stored = known.payload
    if not stored or known.deleted:
        return False
    before = kind.from_there(stored, References(), session.facts)
    return before != kind.from_there(payload, References(), session.facts)


def relinked(gathered: Gathered, here_baseline: Encoded, there_baseline: Encoded, here: Here) -> Pair:
    """The Pair after its first link, or with what QuickBooks applied taken: now an ordinary one."""
    return replace(
        gathered.pair,
        linked=True,
        here=here,
        here_baseline=here_baseline,
        there_baseline=there_baseline,
        applied=None,
    )


def records_of_link(link: Link, facts: Facts) -> tuple[Kind, Encoded, Encoded]:
    """The Kind of a whole Link, and both its Records as they are now."""
    kind = KIND[link.kind]
    local = kind.all_here(link.connection.company).get(pk=link.local_id)
    payload = link.remote.payload if link.remote is not None else {}
    there = record_there(link.connection, kind, payload, facts)
    return kind, encode(kind.from_here(local)), as_agreed(there, link.there_baseline)


def record_there(connection: Connection, kind: Kind, payload: Payload, facts: Facts) -> Encoded:
    """The Record of one remote object, with its references resolved."""
    references, _ = find_references(connection, (), kind.refers_to_there(payload))
    return encoded_there(kind, payload, references, facts)
