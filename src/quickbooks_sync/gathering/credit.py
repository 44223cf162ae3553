"""What QuickBooks applied by itself to invoices that we sent: what of it is ours, what room it leaves.

With AutoApplyCredit QuickBooks pays each new invoice with whatever its customer has to the good there: what
is left of payments, credit memos (facts E10). `credit_owners` finds out whose that was. From it
follows, page by page of payments: what is taken here, what is taken back there, and who waits for that or
cannot have it. Reads the database and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import KIND
from quickbooks_sync.kinds.base import LocalKey, Payload, References, decimal
from quickbooks_sync.kinds.money import amount_words
from quickbooks_sync.models import Connection, Link, Sending
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Applied, Problem
from quickbooks_sync.planner.records import Encoded, encode_value
from quickbooks_sync.sql.prepared import Select
from service_genius.invoices.models import Invoice
from service_genius.payments.models import Allocation

ZERO = Decimal(0)
APPLIED = Select(
    lambda connection, invoices: Link.objects.filter(
        connection=connection,
        kind="invoice",
        local_id__in=invoices,
        applied__isnull=False,
        remote__deleted=False,
    ).select_related("remote")
)


@dataclass(frozen=True, kw_only=True)
class Credit:
    """What a page of payments has to do with it, by Link."""

    applied: Mapping[int, Applied] = field(default_factory=dict)
    waits: Mapping[int, str] = field(default_factory=dict)
    """Those that pay more than is left there, until what is ours is taken back; what they wait for."""
    short: Mapping[int, Problem] = field(default_factory=dict)
    """And those for which there is no room, because it was not ours."""
    there: Mapping[LocalKey, str] = field(default_factory=dict)
    """The invoices that are paid so, with their ids there."""


@dataclass(kw_only=True)
class Room:
    """How it stands with one invoice there to which QuickBooks applied something by itself."""

    link: Link
    number: str
    left: Decimal
    """What is open there, less what payments before this one take of it."""
    given_back: Decimal = ZERO
    """What payments of ours pay there and do not pay here: that is taken back."""
    kept: Decimal = ZERO
    """What cannot be taken back: entered there, banked, or not synced any more."""

    @property
    def remote_id(self) -> str:
        return self.link.remote.remote_id if self.link.remote is not None else ""

    def is_evidence(self, remote_id: str, amount: Decimal) -> bool:
        """Whether QuickBooks itself paid this amount of it with this payment."""
        if self.link.applied_by is None:
            return amount <= (self.link.applied or ZERO)
        return Decimal(self.link.applied_by.get(remote_id, 0)) == amount


def look(
    session: Session,
    links: Sequence[Link],
    records: Mapping[int, Encoded],
    payloads: Mapping[int, Payload],
    references: References,
) -> Credit:
    """See `Credit`. `records`: of the payments here, by local id; `payloads`: of those there, by Link."""
    there = {link.pk: _paid_there(payloads[link.pk], references) for link in links}
    here = {link.pk: _paid_here(records.get(link.local_id or 0)) for link in links}
    rooms = rooms_of(session.connection, {pk for paid in (*there.values(), *here.values()) for pk in paid})
    if not rooms:
        return Credit()
    for room in rooms.values():
        room.left += session.coming.room.get(("invoice", room.remote_id), ZERO)
    page = _Page(links=links, records=records, here=here, there=there, rooms=rooms)
    waits, short = _without_room(page)
    return Credit(
        applied=_applied(session.connection, page),
        waits=waits,
        short=short,
        there={("invoice", pk): room.remote_id for pk, room in rooms.items()},
    )


@dataclass(frozen=True, kw_only=True)
class _Page:
    """A page of payments, and what each pays of which invoice (by local id), here and there."""

    links: Sequence[Link]
    records: Mapping[int, Encoded]
    here: Mapping[int, Mapping[int, Decimal]]
    there: Mapping[int, Mapping[int, Decimal]]
    rooms: Mapping[int, Room]


def rooms_of(connection: Connection, invoices: Iterable[int]) -> dict[int, Room]:
    """Of these invoices, by local id, those to which QuickBooks applied something by itself."""
    found = {
        link.local_id or 0: Room(link=link, number=link.remote.name, left=link.remote.balance or ZERO)
        for link in APPLIED(connection=connection.pk, invoices=invoices)
        if link.remote is not None
    }
    if found:
        _whose(connection, found)
    return found


def _whose(connection: Connection, rooms: Mapping[int, Room]) -> None:
    """Fill in what is given back and what is kept."""
    kind = KIND["payment"]
    ids = {remote_id for room in rooms.values() for remote_id in room.link.applied_by or {}}
    links = Link.objects.filter(connection=connection, kind=kind.name, remote__remote_id__in=ids)
    payments = {link.remote.remote_id: link for link in links.select_related("remote") if link.remote}
    here = _allocated(connection, {link.local_id or 0 for link in payments.values()})
    missing = ids - payments.keys()
    sent = Sending.objects.filter(connection=connection, state=Sending.State.OPEN)
    on_the_way = missing if missing and sent.exists() else set[str]()
    for pk, room in rooms.items():
        owned = room.link.applied_by
        if owned is None:  # all of it may be ours, until it is known
            room.given_back = room.link.applied or ZERO
            continue
        room.kept = (room.link.applied or ZERO) - sum(map(Decimal, owned.values()), ZERO)
        room.given_back = sum((Decimal(owned[key]) for key in owned.keys() & on_the_way), ZERO)
        for link in (payments[key] for key in owned.keys() & payments.keys()):
            payload = link.remote.payload if link.remote and not link.remote.deleted else {}
            pays = kind.settles(payload).get(("invoice", room.remote_id), ZERO)
            excess = max(pays - here.get((link.local_id or 0, pk), ZERO), ZERO)
            if link.state != Link.State.ACTIVE or kind.settled_elsewhere(payload):
                room.kept += excess
            else:
                room.given_back += excess


def _applied(connection: Connection, page: _Page) -> dict[int, Applied]:
    """What QuickBooks paid with these payments by itself, and nobody has agreed upon yet."""
    news = {link: paid for link in page.links if (paid := _news(page, link))}
    if not news:
        return {}
    still_open = _open_here(connection, {pk for paid in news.values() for pk in paid})
    found = {}
    for link, paid in news.items():
        record, here = page.records[link.local_id or 0], page.here[link.pk]
        rest = ZERO if record["voided"] else Decimal(record["amount"]) - sum(here.values(), ZERO)
        taken = {}
        for pk, amount in sorted(paid.items()):
            part = min(amount, still_open[pk], rest)
            if part > 0 and pk not in here:
                taken[pk] = part
                rest, still_open[pk] = rest - part, still_open[pk] - part
        numbers = [page.rooms[pk].number for pk in sorted(paid)]
        found[link.pk] = Applied(there=_allocations(paid), taken=_allocations(taken), to=_invoices(numbers))
    return found


def _news(page: _Page, link: Link) -> dict[int, Decimal]:
    if link.remote is None or link.local_id not in page.records or link.there_baseline is None:
        return {}
    agreed = {each["invoice"] for each in link.there_baseline["allocations"]}
    return {
        pk: amount
        for pk, amount in page.there[link.pk].items()
        if pk in page.rooms and pk not in agreed and page.rooms[pk].is_evidence(link.remote.remote_id, amount)
    }


def _without_room(page: _Page) -> tuple[dict[int, str], dict[int, Problem]]:
    """Payments that pay more of an invoice than is left of it there; those before them come first."""
    waits: dict[int, str] = {}
    short: dict[int, Problem] = {}
    for link in page.links:
        record, here, there = page.records.get(link.local_id or 0), page.here[link.pk], page.there[link.pk]
        if record is None or record["voided"]:
            continue
        for pk in sorted(here.keys() & page.rooms.keys()):
            room, own = page.rooms[pk], there.get(pk, ZERO)
            more = here[pk] - own
            if more <= room.left:
                room.left -= max(more, ZERO)
            elif room.link.applied_by is None:
                waits[link.pk] = f"what QuickBooks itself applied to invoice {room.number}"
            elif more <= room.left + room.given_back:
                waits[link.pk] = f"what QuickBooks itself applied to invoice {room.number} and gives back"
            elif more <= room.left + room.given_back + room.kept:
                short.setdefault(link.pk, _problem(room, here[pk], own))
    return waits, short


def _problem(room: Room, pays: Decimal, there: Decimal) -> Problem:
    details = {
        "number": room.number,
        "open": encode_value(room.left + room.given_back + there),
        "applied": encode_value(pays),
        "credit": encode_value(room.kept),
    }
    return Problem(reason=Reason.CREDIT_APPLIED, details=details)


def left_there(connection: Connection, link: Link, record: Encoded) -> dict[int, Decimal]:
    """What a payment may pay there of each invoice that it pays here and that is there."""
    paid = _paid_here(record)
    payload = link.remote.payload if link.remote is not None else {}
    own = KIND["payment"].settles(payload) if payload else {}
    rooms = rooms_of(connection, paid)
    invoices = Link.objects.filter(
        connection=connection, kind="invoice", local_id__in=paid, remote__deleted=False
    )
    found = {}
    for each in invoices.select_related("remote"):
        if each.remote is not None and each.remote.balance is not None:
            pk = each.local_id or 0
            back = rooms[pk].given_back if pk in rooms else ZERO
            found[pk] = each.remote.balance + back + own.get(("invoice", each.remote.remote_id), ZERO)
    return found


def may_be_applied(session: Session, customers: Iterable[int]) -> dict[int, Decimal]:
    """By customer, what of payments that we sent is left there: QuickBooks may apply it to a new invoice."""
    if not session.facts.applies_credit:
        return {}
    payments = KIND["payment"].all_here(session.connection.company).filter(customer__in=set(customers))
    of = dict(payments.values_list("pk", "customer"))
    links = Link.objects.filter(connection=session.connection, kind="payment", local_id__in=of)
    left: dict[int, Decimal] = {}
    for pk, rest in links.filter(remote__balance__gt=0).values_list("local_id", "remote__balance"):
        customer = of[pk or 0]
        left[customer] = left.get(customer, ZERO) + (rest or ZERO)
    return left


def applied_words(applied: Applied, currency: str) -> str:
    """What QuickBooks did with a payment, in a sentence."""
    amount = sum((Decimal(each["amount"]) for each in applied.there), ZERO)
    return f"QuickBooks itself applied {amount_words(amount, currency)} of it to {applied.to}."


def _invoices(numbers: Sequence[str]) -> str:
    """Invoices by their numbers: `invoice 1001`, `invoices 1001 and 1002`."""
    if len(numbers) == 1:
        return f"invoice {numbers[0]}"
    return f"invoices {', '.join(numbers[:-1])} and {numbers[-1]}"


def _paid_here(record: Encoded | None) -> dict[int, Decimal]:
    return {each["invoice"]: Decimal(each["amount"]) for each in (record or {}).get("allocations", ())}


def _paid_there(payload: Payload, references: References) -> dict[int, Decimal]:
    """What a payment there pays of invoices that are here, by local id."""
    paid: dict[int, Decimal] = {}
    for key, amount in (KIND["payment"].settles(payload) if payload else {}).items():
        if key[0] == "invoice" and key in references.here:
            paid[references.here[key]] = decimal(amount)
    return paid


def _allocations(paid: Mapping[int, Decimal]) -> list[Encoded]:
    return [{"invoice": pk, "amount": encode_value(amount)} for pk, amount in sorted(paid.items())]


def _allocated(connection: Connection, payments: set[int]) -> dict[tuple[int, int], Decimal]:
    """What payments pay here, by their local id and that of the invoice."""
    rows = Allocation.objects.filter(payment__company=connection.company_id, payment__in=payments)
    return {
        (payment, invoice): amount
        for payment, invoice, amount in rows.values_list("payment", "invoice", "amount")
    }


def _open_here(connection: Connection, ids: set[int]) -> dict[int, Decimal]:
    """What is left to pay here of invoices, by local id; nothing of a voided one."""
    still_open = dict.fromkeys(ids, ZERO)
    invoices = Invoice.objects.filter(company=connection.company_id, pk__in=ids, voided=False)
    still_open |= dict(invoices.values_list("pk", "total"))
    paid = Allocation.objects.filter(invoice__company=connection.company_id, invoice__in=ids)
    for invoice, amount in paid.values_list("invoice", "amount"):
        still_open[invoice] -= amount
    return still_open
