"""What is asked about payments: what is not allocated, and which invoices a payment may pay."""

from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Round

from service_genius.companies.models import Company
from service_genius.customers.tree import line_of
from service_genius.invoices.models import Invoice
from service_genius.invoices.queries import with_balance
from service_genius.payments.models import Payment

OPEN_INVOICES_MAX = 100
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


def payable(*, company: Company, customer_id: int, payment: Payment | None) -> list[Any]:
    """The invoices with something to pay, oldest first; among them those this payment pays."""
    wanted = Q(voided=False, balance__gt=0)
    if payment is not None:
        wanted |= Q(allocations__payment=payment)
    line = line_of(customer_id, company=company)
    invoices = with_balance(Invoice.objects.filter(company=company, customer__in=line)).filter(wanted)
    found = list(
        invoices.select_related("customer__parent__parent__parent__parent")
        .order_by("due_date", "date", "pk")
        .distinct()[:OPEN_INVOICES_MAX]
    )
    own = dict(payment.allocations.values_list("invoice_id", "amount")) if payment is not None else {}
    for invoice in found:
        invoice.balance += own.get(invoice.pk, Decimal(0))
    return found
