"""Every write of invoices with their lines."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from service_genius.companies.models import Company
from service_genius.invoices.models import Invoice
from service_genius.invoices.rules import Rules
from service_genius.payments.models import Allocation, Payment
from service_genius.sales import numbering
from service_genius.sales import operations as sales
from service_genius.shared import writing
from service_genius.shared.money import ZERO
from service_genius.shared.revision import next_revision

#: How long there is to pay one, unless a person says otherwise.
DUE_AFTER = timedelta(days=30)


def next_number(*, company: Company) -> str:
    return numbering.next_number(Rules.all_of(company))


def create(*, company: Company, values: Mapping[str, Any]) -> Invoice:
    return writing.only(create_many(company=company, rows=[values]))


def create_many(*, company: Company, rows: Sequence[Mapping[str, Any]]) -> list[Invoice | ValidationError]:
    """Create what is valid, in one step; in the place of an invalid row stands what is wrong with it."""
    return sales.create_many(Rules, company=company, rows=rows)


def update(
    *,
    company: Company,
    id: int,  # noqa: A002 - the word for it
    values: Mapping[str, Any],
    expected_revision: int | None = None,
) -> Invoice:
    """Write the given fields, `lines` as a whole; one that changes nothing takes no revision."""
    return sales.update(Rules, company=company, id=id, values=values, expected_revision=expected_revision)


def void(*, company: Company, id: int, expected_revision: int | None = None) -> Invoice:  # noqa: A002 - as above
    """Make the invoice count for nothing; what was paid on it becomes the customer's credit again."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        invoice = writing.current(Invoice, company=company, pk=id, expected_revision=expected_revision)
        if invoice.voided:
            return writing.unchanged(invoice)
        invoice.voided = True
        writing.save(invoice, revision=revision)
        for payment in Payment.objects.filter(company=company, allocations__invoice=invoice):
            writing.save(payment, revision=next_revision(company.pk))
        Allocation.objects.filter(invoice=invoice).delete()
        return invoice


def take_tax(
    *,
    company: Company,
    id: int,  # noqa: A002 - the word for it
    tax: Decimal,
    by: str,
    expected_revision: int | None = None,
) -> Invoice:
    """As of every sales form; what is paid above the new total becomes the customer's credit."""
    with transaction.atomic():
        return _release_excess(
            sales.take_tax(Rules, company=company, id=id, tax=tax, by=by, expected_revision=expected_revision)
        )


def reckon_anew(*, company: Company, id: int) -> Invoice:  # noqa: A002 - as above
    """As of every sales form; what is paid above the new total becomes the customer's credit."""
    with transaction.atomic():
        return _release_excess(sales.reckon_anew(Rules, company=company, id=id))


def _release_excess(invoice: Invoice) -> Invoice:
    """Take off this invoice what is paid above its total, from the payment that was entered last."""
    allocations = list(Allocation.objects.filter(invoice=invoice).select_related("payment").order_by("-pk"))
    excess = sum((one.amount for one in allocations), ZERO) - invoice.total
    for allocation in allocations:
        if excess <= ZERO:
            break
        released = min(excess, allocation.amount)
        excess -= released
        writing.save(allocation.payment, revision=next_revision(invoice.company_id))
        if released == allocation.amount:
            allocation.delete()
        else:
            allocation.amount -= released
            allocation.save(update_fields=["amount"])
    return invoice
