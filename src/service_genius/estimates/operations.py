"""Every write of estimates with their lines."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from service_genius.companies.models import Company
from service_genius.estimates.models import Estimate
from service_genius.estimates.rules import Rules
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.sales import numbering
from service_genius.sales import operations as sales
from service_genius.sales.rules import EDITABLE, LINE_FIELDS
from service_genius.shared import checks, writing
from service_genius.shared.revision import next_revision


def next_number(*, company: Company) -> str:
    return numbering.next_number(Rules.all_of(company))


def create(*, company: Company, values: Mapping[str, Any]) -> Estimate:
    return writing.only(create_many(company=company, rows=[values]))


def create_many(*, company: Company, rows: Sequence[Mapping[str, Any]]) -> list[Estimate | ValidationError]:
    """Create what is valid, in one step; in the place of an invalid row stands what is wrong with it."""
    return sales.create_many(Rules, company=company, rows=rows)


def update(
    *,
    company: Company,
    id: int,  # noqa: A002 - the word for it
    values: Mapping[str, Any],
    expected_revision: int | None = None,
) -> Estimate:
    """Write the given fields, `lines` as a whole; one that changes nothing takes no revision."""
    if values.keys() - {"status"}:
        Rules.refuse_content(Rules.all_of(company).select_related("invoice").get(pk=id))
    return sales.update(Rules, company=company, id=id, values=values, expected_revision=expected_revision)


def void(*, company: Company, id: int, expected_revision: int | None = None) -> Estimate:  # noqa: A002 - as above
    """Make the estimate count for nothing; an invoice that was made of it stays."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        estimate = writing.current(Estimate, company=company, pk=id, expected_revision=expected_revision)
        if estimate.voided:
            return writing.unchanged(estimate)
        estimate.voided = True
        return writing.save(estimate, revision=revision)


def take_tax(
    *,
    company: Company,
    id: int,  # noqa: A002 - as above
    tax: Decimal,
    by: str,
    expected_revision: int | None = None,
) -> Estimate:
    return sales.take_tax(Rules, company=company, id=id, tax=tax, by=by, expected_revision=expected_revision)


def reckon_anew(*, company: Company, id: int) -> Estimate:  # noqa: A002 - as above
    return sales.reckon_anew(Rules, company=company, id=id)


def answer(*, company: Company, id: int, status: str) -> Estimate:  # noqa: A002 - as above
    """Write down what the customer answered; refused once it is closed, whatever the page still showed."""
    with transaction.atomic():
        next_revision(company.pk)  # from here on nobody else writes
        estimate = Rules.all_of(company).select_related("invoice").get(pk=id)
        Rules.refuse_edit(estimate)
        Rules.refuse_content(estimate)
        Rules.refuse_closed(estimate)
        if estimate.status == status:
            return writing.unchanged(estimate)
        return update(company=company, id=id, values={"status": status})


def make_invoice(*, company: Company, id: int) -> Invoice:  # noqa: A002 - as above
    """Make the estimate into an invoice of today; one that is made already is returned as it is."""
    with transaction.atomic():
        next_revision(company.pk)  # from here on nobody else writes
        estimate = Rules.all_of(company).select_related("invoice").get(pk=id)
        if estimate.invoice is not None and estimate.is_invoiced:
            writing.unchanged(estimate)
            return estimate.invoice
        Rules.refuse_edit(estimate)
        Rules.refuse_closed(estimate)
        invoice = invoices.create(company=company, values=_invoiced(estimate, company))
        estimate.invoice, estimate.status = invoice, Estimate.Status.CLOSED
        writing.save(estimate, revision=next_revision(company.pk))
        return invoice


def _invoiced(estimate: Estimate, company: Company) -> dict[str, Any]:
    """The values of its invoice: all that was offered, from today."""
    today = company.today()
    offered = checks.content(estimate, editable=EDITABLE)
    lines = [checks.content(line, editable=LINE_FIELDS) for line in estimate.lines.all()]
    number = invoices.next_number(company=company)
    return {
        **offered,
        "number": number,
        "date": today,
        "due_date": today + invoices.DUE_AFTER,
        "lines": lines,
    }
