"""The form of a sales form, and its totals while it is being written; its lines are in `line_forms`."""

from functools import partial
from typing import Any, ClassVar

from django import forms
from django.urls import reverse_lazy

from service_genius.companies.models import Company
from service_genius.customers.queries import by_full_name
from service_genius.sales.line_forms import LineForms
from service_genius.sales.models import SalesForm, TaxRate
from service_genius.shared import figures
from service_genius.shared.money import TaxableAmount, Totals, invoice_totals
from service_genius.ui.fields import (
    choice_field,
    day_field,
    discount_field,
    lines_field,
    one_line_field,
    percent_field,
)
from service_genius.ui.forms import RecordForm

PERCENT, AMOUNT = "percent", "amount"


class DocumentForm(RecordForm):
    """What is written on every sort; `until` is the field of the day until which this one counts."""

    until: ClassVar[str] = ""
    customer = choice_field("Customer", choices_url=reverse_lazy("customers:choices"), needed=True)  # type: ignore[arg-type] # read when it is rendered
    number = one_line_field("Number", needed=True)
    date = day_field("Date", needed=True)
    tax_rate = forms.ModelChoiceField(
        label="Sales tax", queryset=TaxRate.objects.none(), required=False, empty_label="No sales tax"
    )
    discount = discount_field("Discount")
    discount_kind = forms.ChoiceField(
        label="Given in", choices=[(PERCENT, "% of the lines"), (AMOUNT, "money")], required=False
    )
    memo = lines_field("Message", rows=2)

    error_places: ClassVar[dict[str, str]] = {
        "discount_percent": "discount",
        "discount_amount": "discount",
    }

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, company=company, **kwargs)
        self.fields["memo"].label = f"Message on the {str(self.kind).replace('_', ' ')}"
        rates = TaxRate.objects.filter(company=company)
        kept = self.initial.get("tax_rate")
        field = self.fields["tax_rate"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = (rates.filter(active=True) | rates.filter(pk=kept or 0)).order_by("name")

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[name] for name in ("date", self.until) if name]

    def clean_customer(self) -> int | None:
        missing = "There is no customer named “{name}”. Choose one from the list, or create it first."
        return self.chosen("customer", partial(by_full_name, company=self._company), missing=missing)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        typed = str(self.data.get("discount") or "")
        unit = figures.unit_of(typed)
        in_money = cleaned.get("discount_kind") == AMOUNT
        if (unit == "%" and in_money) or (unit == "$" and not in_money):
            meant, said = ("a percentage", "money") if in_money else ("money", "a percentage")
            words = f"Discount “{typed.strip()}” is {meant}, and “Given in” says {said}. Change one of them."
            self.add_error("discount", words)
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        if "tax_rate" in values:
            values["tax_rate"] = values["tax_rate"].pk if values["tax_rate"] else None
        if values.keys() & {"discount", "discount_kind"}:  # one thing in two fields
            in_money, discount = self.cleaned_data["discount_kind"] == AMOUNT, self.cleaned_data["discount"]
            values["discount_percent"] = None if in_money else discount
            values["discount_amount"] = discount if in_money else None
        return {name: value for name, value in values.items() if name not in {"discount", "discount_kind"}}


def totals(form: DocumentForm, line_forms: LineForms) -> Totals:
    """Compute the totals of what can be read so far."""
    form.is_valid()
    typed = form.cleaned_data
    discount = typed.get("discount")
    in_money = typed.get("discount_kind") == AMOUNT
    rate = typed.get("tax_rate")
    return invoice_totals(
        lines=[
            TaxableAmount(amount=amount, taxable=bool(line.cleaned_data.get("taxable")))
            for line in line_forms.forms
            if (amount := line.amount) is not None
        ],
        discount_percent=None if in_money else discount,
        discount_amount=discount if in_money else None,
        tax_percents=rate.percents if rate else (),
    )


def initial(document: SalesForm, *, until: str) -> dict[str, Any]:
    """What the form of one that exists begins with."""
    in_money = document.discount_amount is not None
    discount = document.discount_amount if in_money else document.discount_percent
    return {
        "customer": document.customer.full_name,
        "customer_id": document.customer_id,
        "number": document.number,
        "date": document.date,
        **({until: getattr(document, until)} if until else {}),
        "tax_rate": document.tax_rate_id,
        "discount": "" if discount is None else f"{discount.normalize():f}",
        "discount_kind": AMOUNT if in_money else PERCENT,
        "memo": document.memo,
        "revision": document.revision,
    }


class TaxRateForm(RecordForm):
    kind = "tax_rate"
    name = one_line_field("Name", needed=True, hint="Such as the state or city it goes to.")
    percent = percent_field("Percent", needed=True)
