"""The customer's form."""

from functools import partial
from typing import Any

from django import forms
from django.urls import reverse_lazy

from service_genius.customers.merging import refuse_merge
from service_genius.customers.models import Customer
from service_genius.customers.operations import EDITABLE
from service_genius.customers.queries import by_full_name
from service_genius.ui.fields import choice_field, lines_field, one_line_field
from service_genius.ui.forms import RecordForm


class CustomerForm(RecordForm):
    kind = "customer"
    display_name = one_line_field("Name", needed=True, hint="As it stands on invoices.")
    parent = choice_field(
        "Sub-customer of",
        choices_url=reverse_lazy("customers:choices"),  # type: ignore[arg-type] # read when it is rendered
        hint="Leave it empty, unless this is a place or a job of another customer.",
    )
    company_name = one_line_field("Company")
    given_name = one_line_field("First name")
    family_name = one_line_field("Last name")
    email = one_line_field("E-mail", inputmode="email", hint="Several with a comma between them.")
    phone = one_line_field("Phone", inputmode="tel")
    mobile = one_line_field("Mobile", inputmode="tel")
    billing_street = lines_field("Street", rows=2)
    billing_city = one_line_field("City")
    billing_region = one_line_field("State")
    billing_postal_code = one_line_field("ZIP code")
    billing_country = one_line_field("Country")
    service_street = lines_field("Street", rows=2)
    service_city = one_line_field("City")
    service_region = one_line_field("State")
    service_postal_code = one_line_field("ZIP code")
    service_country = one_line_field("Country")
    notes = lines_field("Notes", rows=3, hint="Only for the office; customers do not see them.")
    taxable = forms.BooleanField(label="Pays sales tax", required=False)

    def clean_parent(self) -> int | None:
        missing = "There is no customer named “{name}”. Choose one from the list, or leave this empty."
        return self.chosen("parent", partial(by_full_name, company=self._company), missing=missing)


class MergeForm(RecordForm):
    """Which customer stays; asked once more before it is done."""

    survivor = choice_field(
        "Merge into",
        choices_url=reverse_lazy("customers:choices"),  # type: ignore[arg-type] # as above
        needed=True,
        hint="The customer who stays.",
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, company=customer.company, **kwargs)
        self._customer = customer

    def clean_survivor(self) -> Customer:
        name = self.cleaned_data["survivor"]
        survivor = by_full_name(company=self._customer.company, name=name)
        if survivor is None:
            raise forms.ValidationError(f"There is no customer named “{name}”. Choose one from the list.")
        refuse_merge(gone=self._customer, stays=survivor)
        return survivor


def initial(customer: Customer) -> dict[str, Any]:
    """The form's content for a customer that exists."""
    return {
        **{name: getattr(customer, name) for name in EDITABLE},
        "parent": customer.parent.full_name if customer.parent else "",
        "parent_id": customer.parent_id,
        "revision": customer.revision,
    }
