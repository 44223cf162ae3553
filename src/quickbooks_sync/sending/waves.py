"""Decide and carry out, page by page, in waves: what others refer to goes first.

A pass goes over the open Links of a wave once. A further pass is made while the last one settled
something and a Link still waits; so levels of sub-customers and names that pass from one record to the next
need no ordering of their own.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from django.db.models import F, QuerySet
from django.db.models.lookups import IsNull

from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering import handing_on, matches, merges, pairs, reentered
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.kinds import KINDS, MONEY, Kind
from quickbooks_sync.memory import directory, doubts
from quickbooks_sync.models import Connection, Link, Sending, Side
from quickbooks_sync.observing import put_back
from quickbooks_sync.observing.credit_owners import find_owners
from quickbooks_sync.planner.actions import (
    Action,
    Adopt,
    AdvanceBaseline,
    CreateHere,
    CreateThere,
    Forget,
    RaiseIssue,
    Reason,
    RemoveThere,
    TakeApplied,
    TakeTax,
    UpdateHere,
    UpdateThere,
    Wait,
)
from quickbooks_sync.planner.decide import decide
from quickbooks_sync.planner.guards import many_removals
from quickbooks_sync.sql.prepared import Select

from . import choices, effects, pay_links, taxes, unmoved
from .as_shown import only_shown
from .effects import Refused
from .outbox import Outbox, Outgoing

PASSES_MAX = 12
#: QuickBooks has no deeper ones (facts E3).
LEVELS_MAX = 5
CHANGES_THERE = ("created", "updated", "removed")

WAITING = Select(
    lambda connection, kinds: Link.objects.filter(
        connection=connection, kind__in=kinds, open=True, waiting=True
    ).values_list("pk", flat=True)[:1]
)
OPEN_SENDINGS = Select(
    lambda connection: Sending.objects.filter(connection=connection, state=Sending.State.OPEN).values_list(
        "items", flat=True
    )
)
#: Kinds that go side by side, wave after wave.
WAVES: tuple[tuple[Kind, ...], ...] = (
    tuple(kind for kind in KINDS if not kind.money),
    *((kind,) for kind in KINDS if kind.money),
)


def apply(session: Session, kinds: Sequence[Kind], *, waiting_only: bool = False) -> None:
    """Carry out every creation and change that can be decided now, wave by wave."""
    for wave in WAVES:
        in_scope = [kind for kind in wave if kind in kinds]
        passes = 0
        again = waiting_only
        while passes < PASSES_MAX:
            session.unlocked = session.names_freed = 0
            _pass(session, in_scope, waiting_only=again)
            again = True
            passes += not session.names_freed
            if not (session.unlocked and _some_wait(session, in_scope)):
                break
        if any(kind.owed for kind in in_scope):
            find_owners(session)


def _some_wait(session: Session, kinds: Sequence[Kind]) -> bool:
    return bool(WAITING(connection=session.connection.pk, kinds=[kind.name for kind in kinds]))


def remove(session: Session, kinds: Sequence[Kind]) -> None:
    """Carry out removals, last and the other way round: payments are released before invoices are voided."""
    if any(session.removals.values()):
        session.names_freed = session.room_freed = 0
        for kind in kinds:
            linked = Link.objects.filter(connection=session.connection, kind=kind.name, remote__isnull=False)
            removals = len(session.removals[kind.name])
            session.unless_answered(many_removals(kind=kind.name, removals=removals, linked=linked.count()))
        for wave in reversed(WAVES):
            in_scope = [kind for kind in wave if kind in kinds]
            for _ in range(1 if wave[0].money else LEVELS_MAX):  # sub-customers before those above them
                session.unlocked = 0
                _pass(session, in_scope, removals=True)
                if not (session.unlocked and _some_wait(session, in_scope)):
                    break
        # Who takes the name or the room that was freed goes now, and then whatever waits for that.
        if session.names_freed or session.room_freed:
            apply(session, kinds, waiting_only=True)


def pages(
    session: Session, kind: Kind, *, waiting_only: bool = False, sides: Sequence[Side] = tuple(Side)
) -> Iterator[list[Link]]:
    """The open Links of a Kind, local ones first: they may claim what is new in QuickBooks."""
    mine = {"connection": session.connection.pk, "kind": kind.name}
    some = set(_sides(waiting_only=waiting_only)(**mine))
    if not some:
        return
    busy, creating = in_open_sendings(session, kind)
    for half_there in (side == Side.THERE for side in sides):
        if (half_there,) not in some or (half_there and creating):
            continue  # none; or one of them may be what was sent
        half = _half(session.read_rows, half_there=half_there, waiting_only=waiting_only)
        last, more = 0, True
        while more:
            page = half(**mine, last=last)
            more = len(page) == session.read_rows
            if page:
                last = page[-1].pk
                yield handing_on.foreseen(session, [link for link in page if link.pk not in busy])


def _open(connection: Connection, kind: str, *, waiting_only: bool) -> QuerySet[Link]:
    links = Link.objects.filter(connection=connection, kind=kind, open=True, state=Link.State.ACTIVE)
    return links.filter(waiting=True) if waiting_only else links


@cache
def _sides(*, waiting_only: bool) -> Select[tuple[bool]]:
    """Of which sides there are any: whether they are half there."""
    is_half_there = IsNull(F("local_id"), True)  # noqa: FBT003 - as Django has it
    return Select(
        lambda connection, kind: (
            _open(connection, kind, waiting_only=waiting_only).values_list(is_half_there).distinct()
        )
    )


@cache
def _half(rows: int, *, half_there: bool, waiting_only: bool) -> Select[Link]:
    """The next of one side."""
    return Select(
        lambda connection, kind, last: (
            _open(connection, kind, waiting_only=waiting_only)
            .filter(local_id__isnull=half_there, pk__gt=last)
            .select_related("remote", "issue")
            .order_by("pk")[:rows]
        )
    )


def in_open_sendings(session: Session, kind: Kind) -> tuple[set[int], bool]:
    """Links whose last write may or may not have happened: nothing touches them until that is known.

    And whether a creation of this Kind is among those writes.
    """
    open_items = OPEN_SENDINGS(connection=session.connection.pk)
    items = [item for items in open_items for item in items if item["kind"] == kind.name]
    return {item["link"] for item in items}, any(item["operation"] == "create" for item in items)


def _pass(
    session: Session, kinds: Sequence[Kind], *, waiting_only: bool = False, removals: bool = False
) -> None:
    outbox = Outbox(session=session)
    automated = session.facts.sales_tax == "automated"
    taxed = [kind for kind in KINDS if kind.taxed and automated]
    under_way = {pk for kind in taxed for pk in in_open_sendings(session, kind)[0]}
    taxes.begin_pass(session, under_way=under_way)
    for kind in kinds:
        later: list[Refused] = []
        for links in pages(session, kind, waiting_only=waiting_only):
            if removals:
                _look_again(session, kind, links)
            steps = decided(session, kind, links)
            if not removals:
                session.removals[kind.name] |= {step[0].link.pk for step in steps if is_removal(step[1])}
            steps = [step for step in steps if is_removal(step[1]) == removals]
            _carry_out(session, kind, steps, outbox, later)
        _take_by_turns(session, kind, later, outbox)
    outbox.finish()
    for link_id in outbox.stale:
        _read_again(session, link_id)


def is_removal(action: Action) -> bool:
    """Whether it comes last, when payments are released and invoices have moved."""
    match action:
        case RemoveThere() | RaiseIssue(reason=Reason.CANNOT_REMOVE | Reason.MERGED_HERE):
            return True
    return False


def _look_again(session: Session, kind: Kind, links: Sequence[Link]) -> None:
    """Read again what can be removed only now that payments are released and invoices moved, or no more.

    That is, if this run has changed an invoice or payment; and each but once.
    """
    if not _changed_money(session):
        return
    steps = decided(session, kind, links)
    busy = _with_money_sent(session, kind, steps)
    for gathered, action in steps:
        link, merged = gathered.link, gathered.pair.merged_here
        going = isinstance(action, RemoveThere)
        refused = isinstance(action, RaiseIssue) and action.reason == Reason.CANNOT_REMOVE
        emptied = merged is not None and not merged["left"] and gathered.pair.created_by_us
        doubtful = refused or (emptied and not going) or (going and link.local_id in busy)
        if doubtful and link.pk not in session.looked_again:
            session.looked_again.add(link.pk)
            _read_again(session, link.pk)
            link.refresh_from_db()


def _with_money_sent(session: Session, kind: Kind, steps: Sequence[tuple[Gathered, Action]]) -> set[int]:
    """Customers to be deactivated of whom this run has sent an invoice or payment: they may owe something."""
    ids = {gathered.link.local_id for gathered, action in steps if isinstance(action, RemoveThere)}
    if not kind.owes or not ids:
        return set()
    found: set[int] = set()
    for money in MONEY:
        sent = session.run.changes.filter(kind=money.name, side=Side.THERE).values("local_id")
        rows = money.all_here(session.connection.company).filter(customer__in=ids, pk__in=sent)
        found |= set(rows.values_list("customer", flat=True))
    return found


def _changed_money(session: Session) -> bool:
    """Whether this run has changed any invoice or payment there."""
    return any(session.counts[f"{kind.name}.there.{what}"] for kind in MONEY for what in CHANGES_THERE)


def decided(session: Session, kind: Kind, links: Sequence[Link]) -> list[tuple[Gathered, Action]]:
    """Each Link of a page with its Action. Writes nothing."""
    policy = session.policy
    alike = matches.claimed_there(session, kind, links)
    parked = {pk: f"{name}, which may be the same" for pk, name in alike.items()}
    parked |= merges.parked(session, kind, links)
    parked |= reentered.parked(session, kind, links)
    parked |= _in_doubt(session, kind, links)
    result: list[tuple[Gathered, Action]] = []
    for gathered in pairs.gather(session, kind, links):
        if gathered.link.pk in parked:
            result.append((gathered, Wait(on=parked[gathered.link.pk], held=True)))
        else:
            result.append((gathered, in_turn(session, gathered, decide(gathered.pair, policy))))
    return result


def in_turn(session: Session, gathered: Gathered, action: Action) -> Action:
    """The Action; or what it has to wait for, or to be asked about, because of others."""
    if isinstance(action, CreateThere | Wait):
        action = _looks_like(session, gathered, action)
    if isinstance(action, CreateThere) and session.only_there:
        action = _unless_entered_again(session, gathered) or action
    action = pay_links.in_turn(session, gathered, action)
    action = choices.in_turn(session, gathered, action)
    return taxes.in_turn(session, gathered, action)


def _looks_like(session: Session, gathered: Gathered, action: CreateThere | Wait) -> Action:
    """What was found to look like it; whether an invoice is paid is asked once that is as it is here."""
    found = session.look_alikes.get(gathered.link.pk, action)
    paid = isinstance(found, RaiseIssue) and found.reason == Reason.ALREADY_PAID
    return action if paid and isinstance(action, Wait) else found


def _unless_entered_again(session: Session, gathered: Gathered) -> Wait | None:
    """What a restored backup lost may have been entered again here: what is only there is claimed first."""
    customer = gathered.references.there.get(("customer", gathered.here.get("customer", 0)), "")
    label = session.only_there.get((gathered.kind.name, customer))
    return Wait(on=f"an answer about {label}, which is only in QuickBooks") if label else None


def _in_doubt(session: Session, kind: Kind, links: Sequence[Link]) -> dict[int, str]:
    """What is new there, and may be what was sent already."""
    new = [link for link in links if link.local_id is None and link.remote is not None]
    doubtful = doubts.candidates(session.connection, kind.name) if new else ()
    words = "an answer to the question whether it was sent from here"
    return {link.pk: words for link in new if link.remote and link.remote.remote_id in doubtful}


def _take_by_turns(session: Session, kind: Kind, later: list[Refused], outbox: Outbox) -> None:
    """What was refused here while another record held it; whoever gave it up has done so by now."""
    if not later:
        return
    with session.page(rows=len(later)):
        outgoing = effects.take_by_turns(session, kind, later)
    later.clear()
    for item in outgoing:
        outbox.add(item)


def _carry_out(
    session: Session,
    kind: Kind,
    steps: Sequence[tuple[Gathered, Action]],
    outbox: Outbox,
    later: list[Refused],
) -> None:
    """What was read together: the local effects page by page, with their bookkeeping, then what is sent."""
    outgoing: list[Outgoing] = []
    here: list[tuple[Gathered, Action]] = []
    for gathered, action in only_shown(session, steps):
        match action:
            case CreateThere() | UpdateThere() | RemoveThere() if not settling.has_moved(gathered):
                outgoing.append(effects.outgoing(session, gathered, action))
            case _:
                here.append((gathered, action))
    for part in session.parts(here):
        if later and any(isinstance(action, CreateHere) for _, action in part):
            _take_by_turns(session, kind, later, outbox)  # what is new may have one of their names
        outgoing += _do_here(session, kind, part, later)
    for item in sorted(outgoing, key=lambda each: each.gathered.link.pk):
        outbox.add(item)


def _do_here(
    session: Session, kind: Kind, steps: Sequence[tuple[Gathered, Action]], later: list[Refused]
) -> list[Outgoing]:
    """One page, of what still is as it was when it was decided; what is to be sent after it."""
    outgoing: list[Outgoing] = []
    creations: list[Gathered] = []
    with session.page(rows=len(steps)):
        moved = unmoved.leave_moved(session, [gathered for gathered, _ in steps])
        steps = [step for step in steps if step[0].link.pk not in moved]
        settling.keep(gathered for gathered, _ in steps)
        settling.follow(gathered for gathered, _ in steps)
        for gathered, action in steps:
            match action:
                case CreateHere():
                    creations.append(gathered)
                case Adopt() | TakeApplied() | TakeTax() | UpdateHere():
                    outgoing += effects.change_here(session, gathered, action, later)
                case CreateThere() | UpdateThere() | RemoveThere():
                    outgoing.append(effects.outgoing(session, gathered, action))
                case AdvanceBaseline():
                    effects.advance(session, gathered)
                case Forget():
                    effects.forget(gathered)
                case Wait(on=on):
                    effects.wait(session, gathered, on=on)
                case RaiseIssue():
                    asked = gathered.link.pk in session.look_alikes and _is_observed(action)
                    cause = gathered.hangs_on if asked else ""
                    settling.raise_issue(session, gathered, action, cause=cause)
        effects.create_here(session, kind, creations)
    return outgoing


def _is_observed(action: RaiseIssue) -> bool:
    """Whether it would be noticed that what is asked about has changed there; else it is looked for anew."""
    if action.reason == Reason.OLDER_INVOICE:
        return False  # another one may be entered there, or this one gets its number here
    holder = action.details.get("holder")
    return holder is None or holder in {kind.entity for kind in KINDS}


def _read_again(session: Session, link_id: int) -> None:
    """A stale SyncToken: take the object as it is now; the next pass decides anew."""
    link = Link.objects.select_related("remote").get(pk=link_id)
    if link.remote is None:
        return
    payload = put_back.read(session, link.remote)
    with session.page():
        if payload is None:
            link.remote.deleted = True
            link.remote.save(update_fields=["deleted"])
        else:
            directory.store(session.connection, link.remote.entity, [payload])
        Link.objects.filter(pk=link_id).update(open=True, waiting=True, waits_for="")
    session.unlocked += 1
