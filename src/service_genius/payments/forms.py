"""The payment's form, and the proposal of what it pays."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse_lazy

from service_genius.companies.models import Company
from service_genius.customers.queries import by_full_name
from service_genius.payments.models import Payment
from service_genius.shared.money import ZERO, cents
from service_genius.ui.forms import (
    RecordForm,
    choice_field,
    day_field,
    lines_field,
    number_field,
    one_line_field,
)


class PaymentForm(RecordForm):
    customer = choice_field("Customer", choices_url=reverse_lazy("customers:choices"), needed=True)  # type: ignore[arg-type] # read when it is rendered
    amount = number_field("Amount", needed=True)
    date = day_field("Date", needed=True)
    method = one_line_field("Method", hint="Such as Check, Cash or Credit Card.", list="methods")
    reference = one_line_field("Reference", hint="Such as the number of the check.")
    memo = lines_field("Note", rows=2)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._company = company

    def clean_customer(self) -> int:
        name = self.cleaned_data["customer"]
        customer = by_full_name(company=self._company, name=name)
        if customer is None:
            raise forms.ValidationError(
                f"There is no customer named “{name}”. Choose one from the list, or create it first."
            )
        return customer.pk


class AllocationsForm(forms.Form):
    """One amount for each invoice that may be paid."""

    use_required_attribute = False

    def __init__(self, *args: Any, invoices: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._invoices = invoices
        for invoice in invoices:
            self.fields[_name(invoice.pk)] = number_field(f"Pay on invoice {invoice.number}")
            self.fields[_name(invoice.pk)].widget.attrs["aria-label"] = f"Pay on invoice {invoice.number}"

    @property
    def rows(self) -> list[tuple[Any, forms.BoundField]]:
        return [(invoice, self[_name(invoice.pk)]) for invoice in self._invoices]

    @property
    def values(self) -> list[dict[str, Any]]:
        """What was typed, for the operation; an empty amount pays nothing."""
        amounts = ((invoice.pk, self.cleaned_data.get(_name(invoice.pk))) for invoice in self._invoices)
        return [{"invoice": pk, "amount": amount} for pk, amount in amounts if amount]

    @property
    def allocated(self) -> Decimal:
        return sum((allocation["amount"] for allocation in self.values), ZERO)


def proposal(*, invoices: Sequence[Any], amount: Decimal | None) -> dict[str, str]:
    """Pay the oldest invoices first, as far as the money goes."""
    data = {}
    rest = amount or ZERO
    for invoice in invoices:
        part = min(rest, cents(invoice.balance))
        data[_name(invoice.pk)] = f"{part:.2f}" if part > ZERO else ""
        rest -= max(part, ZERO)
    return data


def allocation_data(payment: Payment) -> dict[str, str]:
    """The allocations of a payment as the form would send them."""
    return {_name(each.invoice_id): f"{each.amount:.2f}" for each in payment.allocations.all()}


def one_invoice(pk: int, amount: Decimal) -> Mapping[str, str]:
    return {_name(pk): f"{amount:.2f}"}


def initial(payment: Payment) -> dict[str, Any]:
    return {
        "customer": payment.customer.full_name,
        "amount": f"{payment.amount:.2f}",
        "date": payment.date,
        "method": payment.method,
        "reference": payment.reference,
        "memo": payment.memo,
        "revision": payment.revision,
    }


def _name(invoice_id: int) -> str:
    return f"invoice-{invoice_id}"
