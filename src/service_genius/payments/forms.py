"""The payment's form. Deliberately absent: what it pays, which is in `allocating`."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.urls import reverse_lazy

from service_genius.customers.queries import by_full_name
from service_genius.payments.models import Payment
from service_genius.shared.money import ZERO
from service_genius.ui.fields import choice_field, day_field, lines_field, money_field, one_line_field
from service_genius.ui.forms import RecordForm


class PaymentForm(RecordForm):
    kind = "payment"
    customer = choice_field("Customer", choices_url=reverse_lazy("customers:choices"), needed=True)  # type: ignore[arg-type] # read when it is rendered
    amount = money_field("Amount", needed=True)
    date = day_field("Date", needed=True)
    method = one_line_field("Method", hint="Such as Check, Cash or Credit Card.", list="methods")
    reference = one_line_field("Reference", hint="Such as the number of the check.")
    memo = lines_field("Note", rows=2)

    def clean_customer(self) -> int | None:
        missing = "There is no customer named “{name}”. Choose one from the list, or create it first."
        return self.chosen("customer", partial(by_full_name, company=self._company), missing=missing)

    @property
    def customer_id(self) -> int | None:
        """Whose payment it is, as far as that can be read."""
        self.is_valid()
        chosen: int | None = (
            self.cleaned_data.get("customer") if self.is_bound else self.initial.get("customer_id")
        )
        return chosen

    @property
    def received(self) -> Decimal:
        """How much it is, as far as that can be read."""
        self.is_valid()
        typed = self.cleaned_data.get("amount") if self.is_bound else self.initial.get("amount")
        return Decimal(typed) if typed else ZERO


def initial(payment: Payment) -> dict[str, Any]:
    return {
        "customer": payment.customer.full_name,
        "customer_id": payment.customer_id,
        "amount": f"{payment.amount:.2f}",
        "date": payment.date,
        "method": payment.method,
        "reference": payment.reference,
        "memo": payment.memo,
        "revision": payment.revision,
    }
