"""Every write of invoices with their lines, and of tax rates."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from service_genius.companies.models import Company
from service_genius.invoices.models import Invoice, InvoiceLine, TaxRate
from service_genius.invoices.numbering import next_number
from service_genius.invoices.rules import (
    EDITABLE,
    LINE_FIELDS,
    Directory,
    Draft,
    Rules,
    draft_line,
    refuse_voided,
    set_totals,
)
from service_genius.payments.models import Allocation, Payment
from service_genius.shared import checks, writing
from service_genius.shared.money import ZERO
from service_genius.shared.revision import next_revision

__all__ = ["next_number"]


def create(*, company: Company, values: Mapping[str, Any]) -> Invoice:
    return writing.only(create_many(company=company, rows=[values]))


def create_many(*, company: Company, rows: Sequence[Mapping[str, Any]]) -> list[Invoice | ValidationError]:
    """Create what is valid, in one step; in the place of an invalid row stands what is wrong with it."""
    with transaction.atomic():
        last = next_revision(company.pk, count=len(rows))
        directory = Directory.read(
            company=company,
            customers={row.get("customer") or 0 for row in rows},
            work_codes={line.get("work_code") or 0 for row in rows for line in row.get("lines", ())},
        )
        drafts = [_draft(company=company, values=row, directory=directory) for row in rows]
        checked = writing.checked(drafts, Rules(company=company, drafts=drafts, directory=directory))
        results = writing.insert(
            Invoice,
            [result.invoice if isinstance(result, Draft) else result for result in checked],
            last_revision=last,
        )
        _insert_lines([result for result in checked if isinstance(result, Draft)])
        return results


def update(
    *,
    company: Company,
    id: int,  # noqa: A002 - the word for it
    values: Mapping[str, Any],
    expected_revision: int | None = None,
) -> Invoice:
    """Write the given fields, `lines` as a whole; one that changes nothing takes no revision."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        invoice = writing.current(Invoice, company=company, pk=id, expected_revision=expected_revision)
        refuse_voided(invoice)
        lines_before = list(invoice.lines.all())
        before = _content(Draft(invoice=invoice, lines=lines_before))
        directory = Directory.read(
            company=company,
            customers={values.get("customer") or invoice.customer_id},
            work_codes={line.work_code_id for line in lines_before}
            | {line.get("work_code") or 0 for line in values.get("lines", ())},
        )
        draft = Draft(invoice=invoice, lines=lines_before)
        draft.reckoned_from = draft.amounts()
        _assign(draft, values, directory=directory)
        rules = Rules(company=company, drafts=[draft], directory=directory)
        checks.refuse_if(rules.errors(draft))
        if _content(draft) == before:
            return writing.unchanged(invoice)
        writing.save(invoice, revision=revision)
        if "lines" in values:
            invoice.lines.all().delete()
            _insert_lines([draft])
        return invoice


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
    """Let a tax count that was reckoned by somebody else, `by`, in the company's currency.

    It counts until the lines, the discount or the rate are edited. What is paid above the new total becomes
    the customer's credit.
    """
    with transaction.atomic():
        revision = next_revision(company.pk)
        invoice = writing.current(Invoice, company=company, pk=id, expected_revision=expected_revision)
        refuse_voided(invoice)
        invoice.tax, invoice.tax_by = tax, by
        invoice.total = invoice.subtotal - invoice.discount + tax
        return _with_new_total(invoice, revision=revision)


def reckon_anew(*, company: Company, id: int) -> Invoice:  # noqa: A002 - as above
    """Reckon the tax by the rate as it is made up now; what is paid above the new total becomes credit."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        invoice = writing.current(Invoice, company=company, pk=id, expected_revision=None)
        refuse_voided(invoice)
        draft = Draft(invoice=invoice, lines=list(invoice.lines.all()))
        set_totals(draft, directory=Directory.read(company=company, customers=set(), work_codes=set()))
        return _with_new_total(invoice, revision=revision)


def _with_new_total(invoice: Invoice, *, revision: int) -> Invoice:
    writing.save(invoice, revision=revision)
    _release_excess(invoice)
    return invoice


def _release_excess(invoice: Invoice) -> None:
    """Take off this invoice what is paid above its total, from the payment that was entered last."""
    allocations = list(Allocation.objects.filter(invoice=invoice).select_related("payment").order_by("-pk"))
    excess = sum((one.amount for one in allocations), ZERO) - invoice.total
    for allocation in allocations:
        if excess <= ZERO:
            return
        released = min(excess, allocation.amount)
        excess -= released
        writing.save(allocation.payment, revision=next_revision(invoice.company_id))
        if released == allocation.amount:
            allocation.delete()
        else:
            allocation.amount -= released
            allocation.save(update_fields=["amount"])


def set_tax_parts(*, company: Company, parts: Mapping[int, Sequence[Mapping[str, str]]]) -> None:
    """Say of what taxes rates are made, by id: name and percent (text) of each; none: as it was entered.

    Invoices that were written before stay as they are.
    """
    for rate in TaxRate.objects.filter(company=company, pk__in=parts):
        made_of = [dict(part) for part in parts[rate.pk]]
        if rate.parts != made_of:
            rate.parts = made_of
            rate.save(update_fields=["parts"])


def settle_percent(*, company: Company, id: int) -> TaxRate:  # noqa: A002 - as above
    """What is charged is right, whatever was entered once."""
    rate = TaxRate.objects.get(company=company, pk=id)
    rate.percent = rate.charged
    rate.save(update_fields=["percent"])
    return rate


def add_tax_rate(*, company: Company, values: Mapping[str, Any]) -> TaxRate:
    """Add a sales tax. Invoices written with it stay as they were, whatever becomes of it."""
    rate = TaxRate(company=company)
    checks.assign(rate, values, editable=("name", "percent"))
    errors = checks.field_errors(rate, only=("name", "percent"))
    if TaxRate.objects.filter(company=company, name=rate.name).exists():
        errors.setdefault("name", []).append(
            f"There already is a sales tax named “{rate.name}”. Choose another name."
        )
    checks.refuse_if(errors)
    rate.save()
    return rate


def set_tax_rate_active(*, company: Company, id: int, active: bool) -> TaxRate:  # noqa: A002 - as above
    rate = TaxRate.objects.get(company=company, pk=id)
    rate.active = active
    rate.save()
    return rate


def _draft(*, company: Company, values: Mapping[str, Any], directory: Directory) -> Draft:
    draft = Draft(invoice=Invoice(company=company))
    _assign(draft, values, directory=directory)
    return draft


def _assign(draft: Draft, values: Mapping[str, Any], *, directory: Directory) -> None:
    fields = {name: value for name, value in values.items() if name != "lines"}
    checks.assign(draft.invoice, fields, editable=EDITABLE)
    if "lines" in values:
        draft.lines = [
            draft_line(line, position=position, directory=directory)
            for position, line in enumerate(values["lines"], start=1)
        ]


def _content(draft: Draft) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return (
        checks.content(draft.invoice, editable=EDITABLE),
        [checks.content(line, editable=LINE_FIELDS) for line in draft.lines],
    )


def _insert_lines(drafts: Sequence[Draft]) -> None:
    for draft in drafts:
        for line in draft.lines:
            line.invoice_id = draft.invoice.pk
    InvoiceLine.objects.bulk_create([line for draft in drafts for line in draft.lines])
