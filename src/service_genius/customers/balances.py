"""What customers owe.

What is paid on an invoice counts at the customer of the invoice, whoever paid it; what is left of a payment
counts at the payer.
"""

from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Round

from service_genius.companies.models import Company
from service_genius.customers.models import Customer
from service_genius.invoices.models import Invoice
from service_genius.invoices.queries import with_owed
from service_genius.payments.models import Allocation, Payment

_MONEY: DecimalField[Any, Any] = DecimalField(max_digits=15, decimal_places=2)


def with_balance(customers: QuerySet[Customer], *, company: Company) -> QuerySet[Any]:
    """The customers with their own `balance`: what is owed on their invoices, less their credit.

    And with what it comes from: `invoiced`, `paid` on these invoices here, `covered` in other books, and
    `credit`, what is left of their payments.
    """
    invoices = Invoice.objects.filter(company=company, customer=OuterRef("pk"), voided=False)
    payments = Payment.objects.filter(company=company, customer=OuterRef("pk"), voided=False)
    on_invoices = Allocation.objects.filter(invoice__customer=OuterRef("pk"), invoice__company=company)
    by_payments = Allocation.objects.filter(payment__customer=OuterRef("pk"), payment__company=company)
    return customers.annotate(
        invoiced=_sum(invoices, "total", by="customer"),
        paid=_sum(on_invoices, "amount", by="invoice__customer"),
        covered=_sum(with_owed(invoices, company=company), "covered", by="customer"),
        received=_sum(payments, "amount", by="customer"),
        applied=_sum(by_payments, "amount", by="payment__customer"),
    ).annotate(
        credit=_cents(F("received") - F("applied")),
        # What is deepest comes last: SQLite's parser has little room for what is nested.
        balance=_cents(F("invoiced") - F("paid") - F("received") + F("applied") - F("covered")),
    )


def _sum(rows: QuerySet[Any], amount: str, *, by: str) -> Coalesce:
    sums = rows.order_by().values(by).annotate(sum=Sum(amount)).values("sum")
    return Coalesce(Subquery(sums), Value(Decimal(0)), output_field=_MONEY)


def _cents(sums: Any) -> Round:
    """Rounded, because SQLite adds in floating point."""
    return Round(sums, precision=2, output_field=_MONEY)
