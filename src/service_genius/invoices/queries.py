"""What is asked about invoices: what was paid on each, and what is still open."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Round

from service_genius.invoices.models import Invoice

_MONEY: DecimalField[Any, Any] = DecimalField(max_digits=15, decimal_places=2)


def with_balance(invoices: QuerySet[Invoice]) -> QuerySet[Any]:
    """The invoices with `paid` and `balance`; nothing is open on a voided one."""
    paid = (
        Invoice.objects.filter(pk=OuterRef("pk"))
        .values("pk")
        .annotate(sum=Sum("allocations__amount"))
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


def open_only(invoices: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `with_balance` on which something is to be paid."""
    return invoices.filter(voided=False, balance__gt=0)


def overdue_only(invoices: QuerySet[Any], *, today: date) -> QuerySet[Any]:
    return open_only(invoices).filter(Q(due_date__lt=today))
