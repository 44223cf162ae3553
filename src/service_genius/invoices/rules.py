"""What an invoice must keep, and how its totals come from its lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum

from service_genius.companies.models import Company
from service_genius.customers.models import Customer
from service_genius.invoices.models import Invoice, InvoiceLine, TaxRate
from service_genius.shared import checks
from service_genius.shared.limits import LINES_MAX
from service_genius.shared.money import AMOUNT_LIMIT, ZERO, TaxableAmount, invoice_totals, line_amount
from service_genius.work_codes.models import WorkCode

EDITABLE = (
    *("number", "customer", "date", "due_date", "tax_rate"),
    *("discount_percent", "discount_amount", "memo"),
)
#: What the totals come from, beside the lines: an edit of nothing else leaves them as they were reckoned.
RECKONED_FROM = ("tax_rate", "discount_percent", "discount_amount")
REFERENCES = {"customer", "tax_rate"}
AMOUNT_FIELDS = ("quantity", "unit_price", "taxable")
LINE_FIELDS = ("work_code", "description", *AMOUNT_FIELDS)


@dataclass(kw_only=True)
class Draft:
    """An invoice with the lines it shall have."""

    invoice: Invoice
    lines: list[InvoiceLine] = field(default_factory=list)
    #: What its totals were reckoned from; nothing yet for one that is new.
    reckoned_from: object = None

    def amounts(self) -> object:
        """All that its totals come from."""
        return (
            checks.content(self.invoice, editable=RECKONED_FROM),
            [checks.content(line, editable=AMOUNT_FIELDS) for line in self.lines],
        )


@dataclass(frozen=True, kw_only=True)
class Directory:
    """What the drafts refer to, as far as the company has it."""

    customers: Mapping[int, Customer]
    work_codes: Mapping[int, WorkCode]
    tax_rates: Mapping[int, TaxRate]

    @classmethod
    def read(cls, *, company: Company, customers: set[int], work_codes: set[int]) -> "Directory":
        return cls(
            customers=Customer.objects.filter(company=company).in_bulk(customers),
            work_codes=WorkCode.objects.filter(company=company).in_bulk(work_codes),
            tax_rates={rate.pk: rate for rate in TaxRate.objects.filter(company=company)},
        )


def draft_line(values: Mapping[str, Any], *, position: int, directory: Directory) -> InvoiceLine:
    """A line; what is not given is as the work code says, one unit of it."""
    line = InvoiceLine(position=position, quantity=Decimal(1))
    work_code = directory.work_codes.get(values.get("work_code") or 0)
    if work_code is not None:
        line.description = work_code.description
        line.unit_price = work_code.price
        line.taxable = work_code.taxable
    checks.assign(line, values, editable=LINE_FIELDS)
    return line


def set_totals(draft: Draft, *, directory: Directory) -> None:
    """Compute every amount of the invoice from quantities and prices that have been checked."""
    invoice = draft.invoice
    set_line_amounts(draft)
    totals = invoice_totals(
        lines=[TaxableAmount(amount=line.amount, taxable=line.taxable) for line in draft.lines],
        discount_percent=invoice.discount_percent,
        discount_amount=invoice.discount_amount,
        tax_percents=directory.tax_rates[invoice.tax_rate_id].percents if invoice.tax_rate_id else (),
    )
    invoice.subtotal, invoice.discount = totals.subtotal, totals.discount
    invoice.tax, invoice.total, invoice.tax_by = totals.tax, totals.total, ""


def set_line_amounts(draft: Draft) -> None:
    for line in draft.lines:
        line.amount = line_amount(quantity=line.quantity, unit_price=line.unit_price)


class Rules:
    """What an invoice must keep; `before` holds, by id, the customer of each invoice that exists already."""

    def __init__(self, *, company: Company, drafts: Sequence[Draft], directory: Directory) -> None:
        invoices = [draft.invoice for draft in drafts]
        ids = [invoice.pk for invoice in invoices if invoice.pk is not None]
        self._directory = directory
        self._numbers = dict(
            Invoice.objects.filter(
                company=company, number__in={invoice.number for invoice in invoices}
            ).values_list("number", "pk")
        )
        existing = Invoice.objects.filter(company=company, pk__in=ids)
        self._before = dict(existing.values_list("pk", "customer_id"))
        self._paid = dict(existing.annotate(paid=Sum("allocations__amount")).values_list("pk", "paid"))

    def claim(self, draft: Draft) -> None:
        self._numbers[draft.invoice.number] = 0

    def errors(self, draft: Draft) -> checks.Errors:
        """The faults of the single fields; only if there are none, those of the totals."""
        errors = checks.field_errors(draft.invoice, only=set(EDITABLE) - REFERENCES)
        for name, sentence in (
            ("number", self._number_fault(draft.invoice)),
            ("customer", self._customer_fault(draft.invoice)),
            ("tax_rate", self._tax_rate_fault(draft.invoice)),
            ("discount_amount", _discount_fault(draft.invoice)),
            *(("lines", sentence) for sentence in self._line_faults(draft.lines)),
        ):
            if sentence:
                errors.setdefault(name, []).append(sentence)
        if not errors and draft.invoice.due_date < draft.invoice.date:
            errors["due_date"] = [
                "This is before the date of the invoice. Choose the same day or a later one."
            ]
        if not errors:
            if draft.amounts() == draft.reckoned_from:
                set_line_amounts(draft)
            else:
                set_totals(draft, directory=self._directory)
            if sentence := self._total_fault(draft):
                errors["lines"] = [sentence]
        return errors

    def _number_fault(self, invoice: Invoice) -> str:
        if self._numbers.get(invoice.number, invoice.pk) != invoice.pk:
            return f"Another invoice has the number {invoice.number}. Choose a number that is free."
        return ""

    def _customer_fault(self, invoice: Invoice) -> str:
        if invoice.customer_id is None:
            return "Choose the customer who gets this invoice."
        customer = self._directory.customers.get(invoice.customer_id)
        if customer is None:
            return "This customer does not exist. Choose one from the list."
        before = self._before.get(invoice.pk)
        if before == customer.pk:
            return ""
        if sentence := _unfit(customer):
            return sentence
        if before is not None and self._paid.get(invoice.pk):
            return "Something is paid on this invoice. Take that off before giving it to another customer."
        return ""

    def _tax_rate_fault(self, invoice: Invoice) -> str:
        if invoice.tax_rate_id is not None and invoice.tax_rate_id not in self._directory.tax_rates:
            return "This sales tax does not exist. Choose one from the list."
        return ""

    def _line_faults(self, lines: Sequence[InvoiceLine]) -> list[str]:
        if not lines:
            return ["An invoice needs at least one line. Choose a work code."]
        if len(lines) > LINES_MAX:
            return [f"An invoice can have up to {LINES_MAX} lines; this has {len(lines)}. Split it in two."]
        return [
            f"Line {line.position}: {sentence}" for line in lines for sentence in self._faults_of_line(line)
        ]

    def _faults_of_line(self, line: InvoiceLine) -> list[str]:
        if line.work_code_id not in self._directory.work_codes:
            return ["Choose a work code from the list."]
        errors = checks.field_errors(line, only={"description", "quantity", "unit_price", "taxable"})
        if (
            not errors
            and abs(line_amount(quantity=line.quantity, unit_price=line.unit_price)) >= AMOUNT_LIMIT
        ):
            return ["Quantity times price is too large. Use a smaller quantity or price."]
        return [sentence for sentences in errors.values() for sentence in sentences]

    def _total_fault(self, draft: Draft) -> str:
        total = draft.invoice.total
        if total >= AMOUNT_LIMIT:
            return "The total is too large. Use smaller amounts."
        if total < ZERO:
            return (
                f"The total would be {total:,.2f}, and an invoice cannot be below zero. "
                "Lower the discount or the lines that take away."
            )
        paid = self._paid.get(draft.invoice.pk) or ZERO
        if total < paid:
            return (
                f"The total would be {total:,.2f}, but {paid:,.2f} is paid already. "
                "Take the rest off this invoice in its payment first."
            )
        return ""


def _unfit(customer: Customer) -> str:
    if customer.currency:
        return f"{customer} is kept in {customer.currency} and is only shown here. Choose another customer."
    if not customer.active:
        return f"{customer} is inactive. Reactivate the customer first, or choose another one."
    return ""


def refuse_voided(invoice: Invoice) -> None:
    if invoice.voided:
        raise ValidationError(f"{invoice} is voided and stays as it is. Create a new invoice in its place.")


def _discount_fault(invoice: Invoice) -> str:
    if invoice.discount_percent is not None and invoice.discount_amount is not None:
        return "An invoice has one discount. Give a percentage or an amount, not both."
    return ""
