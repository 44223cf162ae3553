"""What a sales form must keep, and how its totals come from its lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from service_genius.companies.models import Company
from service_genius.customers.models import Customer
from service_genius.sales.models import SalesForm, SalesLine, TaxRate
from service_genius.shared import checks
from service_genius.shared.limits import LINES_MAX
from service_genius.shared.money import AMOUNT_LIMIT, ZERO, TaxableAmount, invoice_totals, line_amount
from service_genius.work_codes.models import WorkCode

Form = TypeVar("Form", bound=SalesForm)
#: What the totals come from, beside the lines: an edit of nothing else leaves them as they were reckoned.
RECKONED_FROM = ("tax_rate", "discount_percent", "discount_amount")
EDITABLE = ("number", "customer", "date", *RECKONED_FROM, "memo")
REFERENCES = {"customer", "tax_rate"}
AMOUNT_FIELDS = ("quantity", "unit_price", "taxable")
LINE_FIELDS = ("work_code", "description", *AMOUNT_FIELDS)


@dataclass(kw_only=True)
class Draft(Generic[Form]):
    """A document with the lines it shall have."""

    document: Form
    lines: list[SalesLine] = field(default_factory=list)
    #: What its totals were reckoned from; nothing yet for one that is new.
    reckoned_from: object = None

    def amounts(self) -> object:
        """All that its totals come from."""
        return (
            checks.content(self.document, editable=RECKONED_FROM),
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


def draft_line(line: SalesLine, values: Mapping[str, Any], *, directory: Directory) -> SalesLine:
    """Fill a new line; what is not given is as the work code says, one unit of it."""
    line.quantity = Decimal(1)
    work_code = directory.work_codes.get(values.get("work_code") or 0)
    if work_code is not None:
        line.description = work_code.description
        line.unit_price = work_code.price
        line.taxable = work_code.taxable
    checks.assign(line, values, editable=LINE_FIELDS)
    return line


def set_totals(draft: Draft[Any], *, directory: Directory) -> None:
    """Compute every amount of the document from quantities and prices that have been checked."""
    document = draft.document
    set_line_amounts(draft)
    totals = invoice_totals(
        lines=[TaxableAmount(amount=line.amount, taxable=line.taxable) for line in draft.lines],
        discount_percent=document.discount_percent,
        discount_amount=document.discount_amount,
        tax_percents=directory.tax_rates[document.tax_rate_id].percents if document.tax_rate_id else (),
    )
    document.subtotal, document.discount = totals.subtotal, totals.discount
    document.tax, document.total, document.tax_by = totals.tax, totals.total, ""


def set_line_amounts(draft: Draft[Any]) -> None:
    for line in draft.lines:
        line.amount = line_amount(quantity=line.quantity, unit_price=line.unit_price)


class Rules(Generic[Form]):
    """What documents of one sort must keep; a sort says what more there is to its own."""

    model: type[Form]
    line: type[SalesLine]
    editable: ClassVar[tuple[str, ...]] = EDITABLE

    def __init__(self, *, company: Company, drafts: Sequence[Draft[Form]], directory: Directory) -> None:
        documents = [draft.document for draft in drafts]
        self._directory = directory
        self._existing = self.all_of(company).filter(pk__in=[each.pk for each in documents if each.pk])
        numbered = self.all_of(company).filter(number__in={each.number for each in documents})
        self._numbers = dict(numbered.values_list("number", "pk"))
        self._customers = dict(self._existing.values_list("pk", "customer_id"))

    @classmethod
    def all_of(cls, company: Company) -> QuerySet[Form]:
        return cls.model._default_manager.filter(company=company)  # noqa: SLF001 - Django's documented name

    def claim(self, draft: Draft[Form]) -> None:
        self._numbers[draft.document.number] = 0

    def errors(self, draft: Draft[Form]) -> checks.Errors:
        """The faults of the single fields; only if there are none, those of the totals."""
        document = draft.document
        errors = checks.field_errors(document, only=set(self.editable) - REFERENCES)
        for name, sentence in (
            ("number", self._number_fault(document)),
            ("customer", self._customer_fault(document)),
            ("tax_rate", self._tax_rate_fault(document)),
            ("discount_amount", self._discount_fault(document)),
            *(("lines", sentence) for sentence in self._line_faults(draft.lines)),
        ):
            if sentence:
                errors.setdefault(name, []).append(sentence)
        if not errors:
            errors = self.day_errors(document)
        if not errors:
            if draft.amounts() == draft.reckoned_from:
                set_line_amounts(draft)
            else:
                set_totals(draft, directory=self._directory)
            if sentence := self.total_fault(document):
                errors["lines"] = [sentence]
        return errors

    @staticmethod
    def refuse_edit(document: Form) -> None:
        """Refuse to write anything into one that stays as it is."""
        if document.voided:
            raise ValidationError(
                f"{document} is voided and stays as it is. Create a new {document.noun()} in its place."
            )

    def day_errors(self, document: Form) -> checks.Errors:  # noqa: ARG002 - for those that have more days
        return {}

    def keeps_customer(self, document: Form) -> str:  # noqa: ARG002 - for those that something hangs on
        """Why it cannot be given to another customer, or nothing."""
        return ""

    def total_fault(self, document: Form) -> str:
        if document.total >= AMOUNT_LIMIT:
            return "The total is too large. Use smaller amounts."
        if document.total < ZERO:
            return (
                f"The total would be {document.total:,.2f}, and {document.one()} cannot be below zero. "
                "Lower the discount or the lines that take away."
            )
        return ""

    def _number_fault(self, document: Form) -> str:
        if self._numbers.get(document.number, document.pk) != document.pk:
            return (
                f"Another {document.noun()} has the number {document.number}. Choose a number that is free."
            )
        return ""

    def _customer_fault(self, document: Form) -> str:
        if document.customer_id is None:
            return f"Choose the customer who gets this {document.noun()}."
        customer = self._directory.customers.get(document.customer_id)
        if customer is None:
            return "This customer does not exist. Choose one from the list."
        before = self._customers.get(document.pk)
        if before == customer.pk:
            return ""
        if sentence := _unfit(customer):
            return sentence
        return "" if before is None else self.keeps_customer(document)

    def _tax_rate_fault(self, document: Form) -> str:
        if document.tax_rate_id is not None and document.tax_rate_id not in self._directory.tax_rates:
            return "This sales tax does not exist. Choose one from the list."
        return ""

    def _discount_fault(self, document: Form) -> str:
        if document.discount_percent is not None and document.discount_amount is not None:
            one = document.one().capitalize()
            return f"{one} has one discount. Give a percentage or an amount, not both."
        return ""

    def _line_faults(self, lines: Sequence[SalesLine]) -> list[str]:
        one = self.model.one().capitalize()
        if not lines:
            return [f"{one} needs at least one line. Choose a work code."]
        if len(lines) > LINES_MAX:
            return [f"{one} can have up to {LINES_MAX} lines; this has {len(lines)}. Split it in two."]
        return [
            f"Line {line.position}: {sentence}" for line in lines for sentence in self._faults_of_line(line)
        ]

    def _faults_of_line(self, line: SalesLine) -> list[str]:
        if line.work_code_id not in self._directory.work_codes:
            return ["Choose a work code from the list."]
        errors = checks.field_errors(line, only={"description", "quantity", "unit_price", "taxable"})
        if (
            not errors
            and abs(line_amount(quantity=line.quantity, unit_price=line.unit_price)) >= AMOUNT_LIMIT
        ):
            return ["Quantity times price is too large. Use a smaller quantity or price."]
        return [sentence for sentences in errors.values() for sentence in sentences]


def _unfit(customer: Customer) -> str:
    if customer.currency:
        return f"{customer} is kept in {customer.currency} and is only shown here. Choose another customer."
    if not customer.active:
        return f"{customer} is inactive. Reactivate the customer first, or choose another one."
    return ""
