"""What is asked about payments: what is not allocated, and which invoices a payment may pay."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Round

from service_genius.companies.models import Company
from service_genius.customers import queries as customer_queries
from service_genius.customers.tree import line_of
from service_genius.invoices.models import Invoice
from service_genius.invoices.queries import payable_only, with_owed
from service_genius.payments.models import Payment
from service_genius.shared.searching import terms

AGE = ("due_date", "date", "pk")
_MONEY: DecimalField[Any, Any] = DecimalField(max_digits=15, decimal_places=2)


def with_unapplied(payments: QuerySet[Payment]) -> QuerySet[Any]:
    """The payments with `allocated` and `unapplied`, the rest that stays as the customer's credit."""
    allocated = (
        Payment.objects.filter(pk=OuterRef("pk"))
        .values("pk")
        .annotate(sum=Sum("allocations__amount"))
        .values("sum")
    )
    return payments.annotate(
        allocated=Coalesce(Subquery(allocated), Value(Decimal(0)), output_field=_MONEY)
    ).annotate(
        # Rounded, because SQLite adds in floating point and the rest is compared with zero.
        unapplied=Case(
            When(voided=True, then=Value(Decimal(0))),
            default=Round(F("amount") - F("allocated"), precision=2),
            output_field=_MONEY,
        )
    )


def meant(search: str, *, amounts: tuple[str, ...] = ("amount",)) -> Q:
    """Whether a payment is meant by what was typed: reference, method, customer, place, amount, day."""
    found = Q()
    for term in terms(search):
        one = Q(reference__icontains=term.text) | Q(method__icontains=term.text)
        one |= customer_queries.says(term.text, path="customer__")
        for name in amounts if term.amount is not None else ():
            one |= Q((name, term.amount))
        if term.day is not None:
            one |= Q(date=term.day)
        found &= one
    return found


def payable(*, company: Company, customer_id: int, payment: Payment | None) -> QuerySet[Any]:
    """Every invoice of the customer's line with something to pay, oldest first.

    What is open on each is so without `payment`, the one that is edited. One that is paid in other books
    alone is among them, and says so: its payment may be entered here, too.
    """
    line = line_of(customer_id, company=company)
    return payable_only(_invoices(company, payment).filter(customer__in=line)).order_by(*AGE)


def shown(*, company: Company, ids: Collection[int], payment: Payment | None) -> QuerySet[Any]:
    """These invoices of the company, oldest first."""
    return _invoices(company, payment).filter(pk__in=ids).order_by(*AGE)


def age(invoice: Invoice) -> tuple[date, date, int]:
    """What invoices are ordered by, the oldest first."""
    return invoice.due_date, invoice.date, invoice.pk


def _invoices(company: Company, payment: Payment | None) -> QuerySet[Any]:
    without = payment.pk if payment is not None else None
    rows = with_owed(Invoice.objects.filter(company=company), company=company, without=without)
    return rows.select_related("customer__parent__parent__parent__parent")
