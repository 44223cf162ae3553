"""What a payment must keep: it pays only invoices of its customer's line, and no more than is open."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from service_genius.companies.models import Company
from service_genius.customers.models import Customer
from service_genius.customers.tree import is_at_or_below, parents_upwards
from service_genius.invoices.models import Invoice
from service_genius.payments.models import Allocation, Payment
from service_genius.shared import checks
from service_genius.shared.limits import ALLOCATIONS_MAX
from service_genius.shared.money import ZERO

EDITABLE = ("customer", "date", "amount", "method", "reference", "memo")


@dataclass(kw_only=True)
class Draft:
    """A payment with the allocations it shall have."""

    payment: Payment
    allocations: list[Allocation] = field(default_factory=list)


class Rules:
    """What a payment must keep."""

    def __init__(self, *, company: Company, drafts: Sequence[Draft]) -> None:
        ids = {allocation.invoice_id for draft in drafts for allocation in draft.allocations}
        self._invoices = Invoice.objects.filter(company=company).in_bulk(ids)
        self._open = _open_amounts(self._invoices, drafts=drafts)
        customers = {draft.payment.customer_id for draft in drafts if draft.payment.customer_id}
        self._customers = Customer.objects.filter(company=company).in_bulk(customers)
        self._parents = parents_upwards(
            company=company,
            ids=customers | {invoice.customer_id for invoice in self._invoices.values()},
        )
        own = [draft.payment.pk for draft in drafts if draft.payment.pk is not None]
        self._before = dict(
            Payment.objects.filter(company=company, pk__in=own).values_list("pk", "customer_id")
        )

    def claim(self, draft: Draft) -> None:
        for allocation in draft.allocations:
            self._open[allocation.invoice_id] -= allocation.amount

    def errors(self, draft: Draft) -> checks.Errors:
        """The faults of the single fields; only if there are none, those of the sums."""
        payment = draft.payment
        errors = checks.field_errors(payment, only=set(EDITABLE) - {"customer"})
        if sentence := self._customer_fault(payment):
            errors.setdefault("customer", []).append(sentence)
        if "amount" not in errors and payment.amount <= ZERO:
            errors["amount"] = ["A payment is above zero. To give money back, void the payment instead."]
        if not errors and (sentences := self._allocation_faults(draft)):
            errors["allocations"] = sentences
        return errors

    def _customer_fault(self, payment: Payment) -> str:
        if payment.customer_id is None:
            return "Choose the customer who paid."
        customer = self._customers.get(payment.customer_id)
        if customer is None:
            return "This customer does not exist. Choose one from the list."
        if customer.currency:
            return (
                f"{customer} is kept in {customer.currency} and is only shown here. Choose another customer."
            )
        if not customer.active and self._before.get(payment.pk) != customer.pk:
            return f"{customer} is inactive. Reactivate the customer first, or choose another one."
        return ""

    def _allocation_faults(self, draft: Draft) -> list[str]:
        faults = [
            fault for allocation in draft.allocations if (fault := self._fault_of(allocation, draft=draft))
        ]
        if faults:
            return faults
        if len({allocation.invoice_id for allocation in draft.allocations}) < len(draft.allocations):
            return ["An invoice stands here twice. Put the two amounts together."]
        if len(draft.allocations) > ALLOCATIONS_MAX:
            number = f"{len(draft.allocations):,}. Enter it as two payments."
            return [f"A payment can pay up to {ALLOCATIONS_MAX:,} invoices; this pays {number}"]
        allocated = sum((allocation.amount for allocation in draft.allocations), ZERO)
        if allocated > draft.payment.amount:
            sentence = (
                f"The invoices get {allocated:,.2f}, but the payment is {draft.payment.amount:,.2f}. "
                "Lower what is paid on an invoice, or raise the payment."
            )
            return [sentence]
        return []

    def _fault_of(self, allocation: Allocation, *, draft: Draft) -> str:
        invoice = self._invoices.get(allocation.invoice_id)
        if invoice is None:
            return "One of the invoices does not exist. Choose from the list."
        if errors := checks.field_errors(allocation, only=("amount",)):
            return f"{invoice}: {errors['amount'][0]}"
        if allocation.amount <= ZERO:
            return f"{invoice}: an amount is above zero. Leave it empty to pay nothing."
        return self._invoice_fault(invoice, payer=draft.payment.customer_id) or self._excess(
            allocation, invoice
        )

    def _invoice_fault(self, invoice: Invoice, *, payer: int) -> str:
        if invoice.voided:
            return f"{invoice} is voided; nothing can be paid on it. Leave it empty."
        same_line = is_at_or_below(invoice.customer_id, payer, parents=self._parents) or is_at_or_below(
            payer, invoice.customer_id, parents=self._parents
        )
        if not same_line:
            return f"{invoice} belongs to another customer. Leave it empty, or enter that customer's payment."
        return ""

    def _excess(self, allocation: Allocation, invoice: Invoice) -> str:
        still_open = self._open[invoice.pk]
        if allocation.amount > still_open:
            return (
                f"{invoice}: {allocation.amount:,.2f} is more than the {still_open:,.2f} still open. "
                "Lower it; the rest stays as the customer's credit."
            )
        return ""


def _open_amounts(invoices: dict[int, Invoice], *, drafts: Sequence[Draft]) -> dict[int, Decimal]:
    """What is open on each invoice when the drafts themselves are not counted."""
    amounts = {pk: invoice.total for pk, invoice in invoices.items()}
    own = [draft.payment.pk for draft in drafts if draft.payment.pk is not None]
    others = Allocation.objects.filter(invoice__in=invoices).exclude(payment__in=own)
    for invoice_id, amount in others.values_list("invoice_id", "amount"):
        amounts[invoice_id] -= amount
    return amounts
