"""What is asked about invoices: what was paid on each, here and in other books, and what is still open."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Least, Round

from service_genius.companies.models import Company
from service_genius.invoices.models import Invoice
from service_genius.sales import queries as sales
from service_genius.ui.panels import panels

_MONEY: DecimalField[Any, Any] = DecimalField(max_digits=15, decimal_places=2)


def with_balance(invoices: QuerySet[Invoice], *, without: int | None = None) -> QuerySet[Any]:
    """The invoices with `paid` and `balance`; nothing is open on a voided one.

    `without`: a payment that is not counted.
    """
    counted = ~Q(allocations__payment=without) if without is not None else None
    paid = (
        Invoice.objects.filter(pk=OuterRef("pk"))
        .values("pk")
        .annotate(sum=Sum("allocations__amount", filter=counted))
        .values("sum")
    )
    return invoices.annotate(paid=Coalesce(Subquery(paid), Value(Decimal(0)), output_field=_MONEY)).annotate(
        # Rounded, because SQLite adds in floating point and what is open is compared with zero.
        balance=Case(
            When(voided=True, then=Value(Decimal(0))),
            default=Round(F("total") - F("paid"), precision=2),
            output_field=_MONEY,
        )
    )


def with_owed(invoices: QuerySet[Invoice], *, company: Company, without: int | None = None) -> QuerySet[Any]:
    """The invoices with `owed`, what is left for the customer to pay, beside what `with_balance` adds.

    `covered`: what of the balance is paid in other books, and has no payment here.
    """
    found = panels().with_paid_elsewhere(company=company, invoices=with_balance(invoices, without=without))
    covered = Round(Least("balance", "paid_elsewhere"), precision=2, output_field=_MONEY)
    rows: QuerySet[Any] = found.annotate(covered=covered).annotate(
        owed=Round(F("balance") - F("covered"), precision=2, output_field=_MONEY)
    )
    return rows


def meant(search: str, *, amounts: tuple[str, ...] = ("total",)) -> Q:
    """Whether an invoice is meant by what was typed."""
    return sales.meant(search, days=("date", "due_date"), amounts=amounts)


def matching(invoices: QuerySet[Any], search: str, *, open_on: str) -> QuerySet[Any]:
    """Those that are meant by what was typed, also by what is `open_on` them."""
    return invoices.filter(meant(search, amounts=("total", open_on))) if search else invoices


def payable_only(invoices: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `with_balance` on which a payment can be entered."""
    return invoices.filter(voided=False, balance__gt=0)


def open_only(invoices: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `with_owed` on which the customer still has something to pay."""
    return invoices.filter(voided=False, owed__gt=0)


def overdue_only(invoices: QuerySet[Any], *, today: date) -> QuerySet[Any]:
    return open_only(invoices).filter(Q(due_date__lt=today))


def covered_only(invoices: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `with_owed` of which something is paid in other books alone."""
    return invoices.filter(covered__gt=0)
