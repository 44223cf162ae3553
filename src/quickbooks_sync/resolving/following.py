"""What goes to QuickBooks behind a record once that is let go: how many, and what they come to.

Counted before a person lets it go, as a Sync would find it. Deliberately absent: what QuickBooks may refuse,
and what may look like something there; that is asked about when it is its turn.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Model, Q, QuerySet, Sum

from quickbooks_sync.models import Connection, Issue, Link
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.sending.choices import CHOICES
from service_genius.customers.models import Customer
from service_genius.customers.tree import LEVELS_MAX
from service_genius.invoices.models import Invoice, InvoiceLine
from service_genius.payments.models import Allocation, Payment
from service_genius.ui.templatetags.service_genius import money

#: Asked at one record, and answered for all that wait for the same.
FOR_ALL = {Reason.PAY_LINK, Reason.AUTOMATED_TAX, Reason.TAX_RECKONED, *CHOICES}
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Following:
    """How many go, by what they are, and what invoices and payments come to."""

    customers: int
    invoices: int
    invoiced: Decimal
    payments: int
    paid: Decimal
    currency: str

    def __bool__(self) -> bool:
        return bool(self.customers or self.documents)

    @property
    def documents(self) -> int:
        return self.invoices + self.payments

    @property
    def number(self) -> int:
        return self.customers + self.documents

    @property
    def seen(self) -> str:
        """Comes back with the answer, and tells whether it was given to just this."""
        return f"{self.customers} {self.invoices} {self.invoiced} {self.payments} {self.paid}"

    @property
    def words(self) -> str:
        told = [
            _counted(self.customers, "sub-customer"),
            _counted(self.invoices, "invoice", money(self.invoiced, self.currency)),
            _counted(self.payments, "payment", money(self.paid, self.currency)),
        ]
        *before, last = filter(None, told)
        return f"{', '.join(before)} and {last}" if before else last


def _counted(number: int, what: str, amount: str = "") -> str:
    if not number:
        return ""
    return f"{number:,} {what}{'' if number == 1 else 's'}{f' of {amount}' if amount else ''}"


def behind(link: Link) -> Following | None:
    """What goes once this one is synced, or its question answered; it is not counted itself."""
    if link.remote_id is not None or link.local_id is None:
        return None  # what refers to it goes already
    return behind_all(link.connection, Link.objects.filter(pk=link.pk))


def behind_answers(issues: Iterable[Issue]) -> dict[int, Following]:
    """What goes once each Issue is answered, by its id, where anything does."""
    issues = list(issues)
    unsent = [each.link for each in issues if each.link.remote_id is None]
    named = _named({(link.kind, link.local_id) for link in unsent if link.local_id is not None})
    found = {
        issue.pk: _behind_answer(issue)
        for issue in issues
        if issue.reason in FOR_ALL or (issue.link.kind, issue.link.local_id) in named
    }
    return {pk: following for pk, following in found.items() if following is not None}


def _named(keys: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of the records that any other one names: few queries for all of them."""
    ways: dict[str, tuple[tuple[type[Model], str], ...]] = {
        "customer": ((Customer, "parent"), (Invoice, "customer"), (Payment, "customer")),
        "work_code": ((InvoiceLine, "work_code"),),
        "invoice": ((Allocation, "invoice"),),
    }
    found: set[tuple[str, int]] = set()
    for kind, those in ways.items():
        ids = [pk for name, pk in keys if name == kind]
        for model, field in those if ids else ():
            rows = model._default_manager.filter(**{f"{field}__in": ids}).order_by()  # noqa: SLF001
            found |= {(kind, pk) for pk in rows.values_list(field, flat=True).distinct()}
    return found


def _behind_answer(issue: Issue) -> Following | None:
    """With all that wait for the same answer."""
    link = issue.link
    if issue.reason not in FOR_ALL:
        return behind(link)
    waiting = Q(waiting=True, state=Link.State.ACTIVE, issue=None, waits_for__endswith=f" {issue.label}")
    same = Link.objects.filter(waiting | Q(pk=link.pk), connection=link.connection_id, kind=link.kind)
    return behind_all(link.connection, same, counted=True)


def behind_choice(connection: Connection, of: Q) -> Following | None:
    """What goes once a choice is made that such invoices wait for."""
    invoices = Invoice.objects.filter(of, company=connection.company)
    links = Link.objects.filter(Q(waiting=True) | Q(issue__reason__in=FOR_ALL), state=Link.State.ACTIVE)
    waiting = links.filter(connection=connection, kind="invoice", local_id__in=invoices.values("pk"))
    return behind_all(connection, waiting, counted=True)


def behind_all(connection: Connection, links: QuerySet[Link], *, counted: bool = False) -> Following | None:
    """What goes once all of these are let go, as far as they are not there; `counted`: with themselves."""
    freed = _Freed(connection, links.filter(remote=None, local_id__isnull=False))
    below = Q(pk__in=freed.below().values("pk"))
    customers = Q(customer__in=freed.of("customer")) | Q(customer__in=freed.below().values("pk"))
    lines = Invoice.objects.filter(lines__work_code__in=freed.of("work_code"))
    own = Q(pk__in=freed.of("invoice"))
    invoices = freed.invoices().filter(customers | Q(pk__in=lines.values("pk")) | own)
    paying = Allocation.objects.filter(invoice__in=invoices.values("pk")).values("payment")
    payments = freed.payments().filter(customers | Q(pk__in=paying))
    if not counted:
        invoices, payments = invoices.exclude(own), payments.exclude(pk__in=freed.of("payment"))
    bills = invoices.aggregate(number=Count("pk"), sum=Sum("total"))
    received = payments.aggregate(number=Count("pk"), sum=Sum("amount"))
    found = Following(
        customers=Customer.objects.filter(below, active=True).exclude(freed.stuck_customers("")).count(),
        invoices=bills["number"],
        invoiced=bills["sum"] or ZERO,
        payments=received["number"],
        paid=received["sum"] or ZERO,
        currency=connection.company.currency,
    )
    return found or None


class _Freed:
    """What can go once these Links are let go, and what stays all the same. Nothing is read by it."""

    def __init__(self, connection: Connection, links: QuerySet[Link]) -> None:
        self._connection, self._links = connection, links

    def of(self, kind: str) -> QuerySet[Any]:
        """The records of that Kind that are let go."""
        return self._links.filter(kind=kind).values("local_id")

    def below(self) -> QuerySet[Customer]:
        """Sub-customers of these that are not there either, on every level."""
        rows = Customer.objects.filter(
            _below("parent", self.of("customer")), company=self._connection.company
        )
        return rows.exclude(pk__in=self._sent("customer")).exclude(pk__in=self.of("customer"))

    def invoices(self) -> QuerySet[Invoice]:
        """Invoices that have all they need there, or get it."""
        parked = self._parked("work_code")
        put_away = Q(work_code__active=False) & ~Q(work_code__in=self._sent("work_code"))
        stuck = InvoiceLine.objects.filter(Q(work_code__in=parked) | put_away).values("document")
        rows = Invoice.objects.filter(self._moves("invoice")).exclude(pk__in=stuck)
        return rows.exclude(self.stuck_customers("customer__"))

    def payments(self) -> QuerySet[Payment]:
        """Payments that go whole: with every invoice that they pay."""
        paid = Allocation.objects.exclude(invoice__in=self._sent("invoice"))
        unpayable = paid.exclude(invoice__in=self.invoices().values("pk")).values("payment")
        rows = Payment.objects.filter(self._moves("payment")).exclude(pk__in=unpayable)
        return rows.exclude(self.stuck_customers("customer__"))

    def stuck_customers(self, path: str) -> Q:
        """Not there, and not to go: stopped, asked about or put away, or below one that is stopped."""
        there, parked = Q(**{f"{path}pk__in": self._sent("customer")}), self._parked("customer")
        stopped = Q(**{f"{path}pk__in": parked}) | Q(**{f"{path}active": False})
        return ~there & (stopped | _below(f"{path}parent", parked))

    def _rows(self, kind: str) -> QuerySet[Link]:
        return Link.objects.filter(connection=self._connection, kind=kind, local_id__isnull=False)

    def _sent(self, kind: str) -> QuerySet[Any]:
        return self._rows(kind).filter(remote__isnull=False).values("local_id")

    def _parked(self, kind: str) -> QuerySet[Any]:
        """Those that are not synced, or have a question of their own."""
        apart = ~Q(state=Link.State.ACTIVE) | Q(issue__isnull=False)
        rows = self._rows(kind).filter(apart, remote__isnull=True).exclude(pk__in=self._links.values("pk"))
        return rows.values("local_id")

    def _moves(self, kind: str) -> Q:
        """Documents that are not there, that are to go, and that nobody has stopped or is asked about."""
        dated = Q(created_at__gte=self._connection.connected_at)
        if self._connection.start_date is not None:
            dated |= Q(date__gte=self._connection.start_date)
        apart = Q(pk__in=self._sent(kind)) | Q(pk__in=self._parked(kind))
        return dated & Q(company=self._connection.company, voided=False) & ~apart


def _below(parent: str, customers: QuerySet[Any]) -> Q:
    """Whether one of these stands above, on any level; `parent` is the way to the one right above."""
    found = Q()
    for _ in range(LEVELS_MAX - 1):
        found |= Q(**{f"{parent}__in": customers})
        parent = f"{parent}__parent"
    return found
