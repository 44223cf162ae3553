"""How the books stand by what is known of both sides: read here, reckoned in `planner.books`.

Whatever is the same on both sides is summed by the database; only what differs is looked at one by one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from quickbooks_sync.kinds import KINDS, Kind
from quickbooks_sync.kinds.base import reference
from quickbooks_sync.memory import entries
from quickbooks_sync.models import Connection, Link
from quickbooks_sync.planner.books import (
    ZERO,
    Comparison,
    Item,
    Sums,
    Totals,
    by_month,
    compare_books,
)
from quickbooks_sync.wording.books import NEWS_ON_BOTH, NEWS_THERE, ONLY_THERE
from quickbooks_sync.wording.standing import Situation, Standing, situation
from quickbooks_sync.wording.standings import of_link
from service_genius.shared.money import cents

from . import accounts
from .accounts import Accounts

#: The Kinds that move what customers owe.
KINDS_OWED = tuple(kind for kind in KINDS if kind.adds_to_balance)
_MONEY: DecimalField[Any, Any] = DecimalField(max_digits=18, decimal_places=2)
#: How a record stands whose sides should be equal to the cent: a difference then has no reason.
EQUAL = {Situation.SAME, Situation.KEPT, Situation.APART, Situation.VOID_ON_BOTH}
#: Links of which something is to be decided, or that have no counterpart.
UNSETTLED = Q(open=True) | Q(remote=None)
#: More customers that do not add up are not looked at one by one.
CUSTOMERS_MAX = 500
#: Fields that move no amount: what was left otherwise there explains no other total.
WITHOUT_AMOUNT = {"memo", "number", "due_date", "reference", "method"}


def comparison(connection: Connection, *, thorough: bool = False) -> Comparison:
    """How the books stand, by what this side holds and QuickBooks was last seen to hold.

    What counts as settled is looked at one by one only at customers that do not add up; `thorough`: all of
    it, so that two differences of one customer that cancel each other are found, too.
    """
    known = accounts.read(connection)
    totals, only_there = _totals(connection, known), list(_only_there(connection, known))

    def reckon(records: Q, links: Q) -> Comparison:
        found = list(only_there)
        for kind in KINDS_OWED:
            found += _unlinked(connection, kind, records, known)
            found += _pairs(connection, kind, links, known)
        return compare_books(
            totals, known.owed, (item for item in found if item.account not in known.foreign)
        )

    if thorough:
        return reckon(Q(), Q())
    unseen = _unseen(connection)
    found = reckon(unseen, UNSETTLED)
    if found.match:
        return found
    astray = {account.key for account in found.astray}
    customers = [pk for pk, key in known.of_local.items() if key in astray]
    if len(customers) > CUSTOMERS_MAX:
        return reckon(Q(), Q())
    return reckon(unseen | Q(customer__in=customers), UNSETTLED | _of_customers(connection, customers))


def _unseen(connection: Connection) -> Q:
    """Records here that may have no Link: written since the last look, or left out for their age."""
    since = Q(revision__gt=connection.here_watermark)
    older = Q(created_at__lt=connection.connected_at)
    return since | (older & Q(date__lt=connection.start_date) if connection.start_date else older)


def _of_customers(connection: Connection, customers: Collection[int]) -> Q:
    found = Q()
    for kind in KINDS_OWED:
        rows = kind.rows_here(connection.company).filter(customer__in=customers)
        found |= Q(kind=kind.name, local_id__in=rows.order_by().values("pk"))
    return found


def dated_later(connection: Connection, found: Comparison, day: date) -> dict[str, Decimal]:
    """By account: what stands in QuickBooks of documents that are dated after this day."""
    known = accounts.read(connection)
    later: dict[str, Decimal] = defaultdict(Decimal)
    for kind in KINDS_OWED:
        rows = kind.rows_here(connection.company).filter(voided=False, date__gt=day).order_by()
        for customer, amount in rows.values_list("customer").annotate(Sum(kind.amount_field)):
            later[known.of_local[customer]] += kind.adds_to_balance * cents(amount)
    for item in found.items:
        if item.day > day:
            later[item.account] += item.difference
    return later


def months(connection: Connection, found: Comparison) -> dict[str, dict[str, Sums]]:
    """What both sides come to by month and sort."""
    known = accounts.read(connection)
    counted: dict[tuple[date, str], tuple[int, Decimal]] = {}
    for kind in KINDS_OWED:
        by_day = _counted(connection, kind, known).values_list("date")
        for day, number, amount in by_day.annotate(Count("pk"), Sum(kind.amount_field)):
            counted[day, kind.name] = number, kind.adds_to_balance * cents(amount)
    return by_month(counted, found.items)


def _totals(connection: Connection, known: Accounts) -> Totals:
    of_account: dict[str, Decimal] = defaultdict(Decimal)
    sorts: dict[str, tuple[int, Decimal]] = {}
    for kind in KINDS_OWED:
        counted, summed = 0, ZERO
        by_customer = _counted(connection, kind, known).values_list("customer")
        for customer, number, amount in by_customer.annotate(Count("pk"), Sum(kind.amount_field)):
            signed = kind.adds_to_balance * cents(amount)
            of_account[known.of_local[customer]] += signed
            counted, summed = counted + number, summed + signed
        sorts[kind.name] = counted, summed
    return Totals(accounts=of_account, sorts=sorts)


def _counted(connection: Connection, kind: Kind, known: Accounts) -> QuerySet[Any]:
    """What counts on this side: nothing void, and nothing in another currency."""
    abroad = [pk for pk, key in known.of_local.items() if key in known.foreign]
    rows = kind.rows_here(connection.company).filter(voided=False).order_by()
    return rows.exclude(customer__in=abroad) if abroad else rows


def _pairs(connection: Connection, kind: Kind, which: Q, known: Accounts) -> Iterator[Item]:
    links = list(_differing(connection, kind, which))
    elsewhere = _customers_there(links)
    for link in links:
        yield from _items_of(connection, kind, link, elsewhere.get(link.pk, ""), known)


def _unlinked(connection: Connection, kind: Kind, which: Q, known: Accounts) -> Iterator[Item]:
    """Those of these records here that have no Link: no sync has looked at them yet, or ever will."""
    linked = Link.objects.filter(connection=connection, kind=kind.name, local_id=OuterRef("pk"))
    rows = kind.rows_here(connection.company).filter(which, ~Exists(linked), voided=False).order_by()
    found = rows.values_list("pk", "customer", "date", kind.amount_field, "created_at")
    for pk, customer, day, amount, created in found:
        older = created < connection.connected_at and (
            connection.start_date is None or day < connection.start_date
        )
        standing = Standing(
            kind=kind.name,
            money=True,
            there=False,
            eligible=not older,
            wanted=kind.wanted(connection),
            connected=connection.connected,
        )
        yield Item(
            sort=kind.name,
            account=known.of_local[customer],
            why=situation(standing),
            day=day,
            here=kind.adds_to_balance * cents(amount),
            local_id=pk,
        )


def _differing(connection: Connection, kind: Kind, which: Q) -> QuerySet[Any]:
    """Those of these Links whose sides do not come to the same, or may not be the same customer's."""
    record = kind.rows_here(connection.company).filter(pk=OuterRef("local_id")).order_by()

    def of_record(field: Any, output: Any = None) -> Subquery:
        return Subquery(record.values(field)[:1], output_field=output)

    links = Link.objects.filter(which, connection=connection, kind=kind.name, local_id__isnull=False)
    zero = Value(ZERO, output_field=_MONEY)
    here = record.annotate(
        counted=Case(When(voided=True, then=zero), default=F(kind.amount_field), output_field=_MONEY)
    )
    there = Case(
        When(remote=None, then=zero),
        When(remote__deleted=True, then=zero),
        default=Coalesce(F("remote__total"), zero),
        output_field=_MONEY,
    )
    links = links.annotate(
        amount_here=Coalesce(Subquery(here.values("counted")[:1]), zero, output_field=_MONEY),
        amount_there=there,
    )
    settled = Q(open=False, state=Link.State.ACTIVE, left_there__isnull=True, issue=None)
    return (
        links.exclude(Q(amount_here=F("amount_there")) & (settled | Q(remote=None)))
        .annotate(
            customer_here=of_record("customer", IntegerField()),
            day_here=of_record("date"),
            voided=of_record("voided"),
            revision_here=of_record("revision", IntegerField()),
        )
        .select_related("remote", "issue")
        .defer("here_baseline", "there_baseline")
        .order_by()
    )


def _customers_there(links: Iterable[Any]) -> dict[int, str]:
    """Whose each is in QuickBooks, by Link: remote ids."""
    return {
        link.pk: reference(link.remote.payload, "CustomerRef")
        for link in links
        if link.remote is not None and not link.remote.deleted
    }


def _items_of(
    connection: Connection, kind: Kind, link: Any, customer_there: str, known: Accounts
) -> Iterator[Item]:
    """What one pair moves: one item, or one at each of two customers."""
    if link.customer_here is None:
        return  # its record here is gone
    account = known.of_local[link.customer_here]
    there = known.there(customer_there) if customer_there else account
    why = _situation(connection, link)
    item = Item(
        sort=kind.name,
        account=account,
        why=why,
        day=link.day_here,
        here=kind.adds_to_balance * cents(link.amount_here),
        there=kind.adds_to_balance * cents(link.amount_there),
        explained=_explains(why, link),
        local_id=link.local_id,
        remote_id=link.remote.remote_id if link.remote is not None else "",
    )
    if there == account:
        if item.difference:
            yield item
        return
    if item.here:
        yield replace(item, there=ZERO)
    if item.there:
        yield replace(item, account=there, here=ZERO)


def _situation(connection: Connection, link: Any) -> str:
    """How the record stands; and of one that the next run decides about, on which side it was changed."""
    edited = link.revision_here > connection.here_watermark and link.revision_here != link.here_revision
    standing = replace(
        of_link(link),
        connected=connection.connected,
        removed=bool(link.voided),
        open=link.open or edited,
    )
    found = situation(standing)
    if found != Situation.CHANGED or link.remote is None:
        return found
    if not link.remote.deleted and link.remote.token == link.there_token:
        return found
    return NEWS_THERE if link.revision_here == link.here_revision else NEWS_ON_BOTH


def _explains(why: str, link: Any) -> bool:
    if why == Situation.LEFT:
        return not set(link.left_there) <= WITHOUT_AMOUNT
    return why not in EQUAL


def _only_there(connection: Connection, known: Accounts) -> Iterator[Item]:
    rows = entries.standing(connection).exclude(amount=ZERO)
    names = {kind.entity: kind.name for kind in KINDS_OWED}
    for sort, remote_id, customer, day, amount in rows.values_list(
        "sort", "remote_id", "customer", "date", "amount"
    ):
        yield Item(
            sort=names.get(sort, sort),
            account=known.there(customer),
            why=ONLY_THERE,
            day=day,
            there=cents(amount),
            remote_id=remote_id,
        )
