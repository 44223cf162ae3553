"""Invoices and payments of before: which stay out for their date, and which a start date lets in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from quickbooks_sync.models import Connection, Link
from service_genius.companies.models import Company
from service_genius.invoices.models import Invoice
from service_genius.payments.models import Payment


@dataclass(frozen=True, kw_only=True)
class Older:
    """What an earlier start date sends: how many invoices and payments, and what they come to."""

    invoices: int
    invoiced: Decimal
    payments: int
    paid: Decimal
    since: date

    @property
    def seen(self) -> str:
        """Comes back with the answer, and tells whether it was given to just this."""
        return f"{self.since} {self.invoices} {self.invoiced} {self.payments} {self.paid}"


def sent_since(connection: Connection, since: date) -> Older | None:
    """What goes once the start date is this earlier one; None if nothing does."""
    if connection.start_date is None or since >= connection.start_date:
        return None
    dated = _before(connection.company, connection) | {"date__gte": since}
    invoices = _without_link(connection, "invoice", Invoice.objects.filter(**dated))
    payments = _without_link(connection, "payment", Payment.objects.filter(**dated))
    found = Older(
        invoices=invoices.count(),
        invoiced=_sum(invoices, "total"),
        payments=payments.count(),
        paid=_sum(payments, "amount"),
        since=since,
    )
    return found if found.invoices or found.payments else None


def counts(company: Company, connection: Connection) -> dict[str, int]:
    """How many invoices and payments stay out: entered before connecting and dated before the start."""
    before = _before(company, connection)
    return {
        "invoices": Invoice.objects.filter(**before).count(),
        "payments": Payment.objects.filter(**before).count(),
    }


def _before(company: Company, connection: Connection) -> dict[str, Any]:
    return {
        "company": company,
        "created_at__lt": connection.connected_at,
        "date__lt": connection.start_date,
        "voided": False,
    }


def _without_link(connection: Connection, kind: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without those that are there already, or that somebody does not want there."""
    links = Link.objects.filter(connection=connection, kind=kind, local_id__isnull=False)
    return rows.exclude(pk__in=links.values("local_id"))


def _sum(rows: QuerySet[Any], column: str) -> Decimal:
    return rows.aggregate(sum=Sum(column))["sum"] or Decimal(0)
