"""The invoice's form with its lines, and its totals while it is being written."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, partial
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy

from service_genius.companies.models import Company
from service_genius.customers.queries import by_full_name
from service_genius.invoices.models import Invoice, TaxRate
from service_genius.shared.limits import LINES_MAX
from service_genius.shared.money import (
    AMOUNT_LIMIT,
    TaxableAmount,
    Totals,
    cents,
    invoice_totals,
    line_amount,
)
from service_genius.ui.forms import (
    RecordForm,
    choice_field,
    day_field,
    lines_field,
    number_field,
    one_line_field,
)
from service_genius.work_codes import queries as work_code_queries

FindWorkCode = Callable[..., int | None]
_LINE = re.compile(r"lines-([0-9]{1,6})-work_code")
PERCENT, AMOUNT = "percent", "amount"


class InvoiceForm(RecordForm):
    customer = choice_field("Customer", choices_url=reverse_lazy("customers:choices"), needed=True)  # type: ignore[arg-type] # read when it is rendered
    number = one_line_field("Number", needed=True)
    date = day_field("Date", needed=True)
    due_date = day_field("Due", needed=True)
    tax_rate = forms.ModelChoiceField(
        label="Sales tax", queryset=TaxRate.objects.none(), required=False, empty_label="No sales tax"
    )
    discount = number_field("Discount")
    discount_kind = forms.ChoiceField(
        label="Given in", choices=[(PERCENT, "% of the lines"), (AMOUNT, "money")], required=False
    )
    memo = lines_field("Message on the invoice", rows=2)

    error_places: ClassVar[dict[str, str]] = {
        "discount_percent": "discount",
        "discount_amount": "discount",
    }

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._company = company
        rates = TaxRate.objects.filter(company=company)
        kept = self.initial.get("tax_rate")
        field = self.fields["tax_rate"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = (rates.filter(active=True) | rates.filter(pk=kept or 0)).order_by("name")

    def clean_customer(self) -> int | None:
        missing = "There is no customer named “{name}”. Choose one from the list, or create it first."
        return self.chosen("customer", partial(by_full_name, company=self._company), missing=missing)

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


class LineForm(forms.Form):
    use_required_attribute = False
    work_code = choice_field("Work code", choices_url=reverse_lazy("work_codes:choices"))  # type: ignore[arg-type] # as above
    description = lines_field("Description", rows=1)
    quantity = number_field("Quantity")
    unit_price = number_field("Price")
    taxable = forms.BooleanField(label="Taxed", required=False)

    def __init__(self, *args: Any, index: int, find: FindWorkCode, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prefix = f"lines-{index}"
        self.label_suffix = ""
        self._find = find
        self.index = index
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label} of line {index + 1}"

    def clean_work_code(self) -> int | None:
        name = self.cleaned_data["work_code"]
        if not name:
            return None
        work_code = self._find(index=self.index, name=name)
        if work_code is None:
            raise forms.ValidationError(
                f"There is no work code named “{name}”. Choose one from the list, or create it first."
            )
        return work_code

    @property
    def is_blank(self) -> bool:
        return not any(
            self.data.get(self.add_prefix(name)) for name in ("work_code", "description", "unit_price")
        )

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, for the operation; a figure left empty is as the work code says."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}

    @property
    def amount(self) -> Decimal | None:
        """The line's amount, as far as quantity and price can be read."""
        self.is_valid()
        quantity, price = self.cleaned_data.get("quantity"), self.cleaned_data.get("unit_price")
        if quantity is None or price is None or max(abs(quantity), abs(price)) >= AMOUNT_LIMIT:
            return None
        return line_amount(quantity=quantity, unit_price=price)


class LineForms:
    """All lines of the form, whatever their number; blank ones do not count.

    A line of `invoice` whose work code is named as it stood keeps it, also where another has that name now.
    """

    def __init__(self, data: Mapping[str, Any], *, company: Company, invoice: Invoice | None = None) -> None:
        kept = [line.work_code for line in invoice.lines.select_related("work_code")] if invoice else []
        named = cache(partial(work_code_queries.by_full_name, company=company))

        def find(*, index: int, name: str) -> int | None:
            if index < len(kept) and kept[index].full_name == name:
                return kept[index].pk
            found = named(name=name)
            return found.pk if found is not None else None

        indexes = sorted(int(found[1]) for name in data if (found := _LINE.fullmatch(name)))
        self.forms = [LineForm(data, index=index, find=find) for index in indexes]

    @property
    def limit(self) -> int:
        """How many lines there can be; zero while there is room for one more."""
        return LINES_MAX if len(self.forms) >= LINES_MAX else 0

    def is_valid(self) -> bool:
        faulty = [form for form in self.forms if not form.is_blank and not form.is_valid()]
        return not faulty

    @property
    def values(self) -> list[dict[str, Any]]:
        return [form.values for form in self.forms if not form.is_blank]


def totals(form: InvoiceForm, line_forms: LineForms) -> Totals:
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


def blank_line(index: int) -> dict[str, str]:
    return {f"lines-{index}-work_code": "", f"lines-{index}-quantity": "1"}


def line_data(invoice: Invoice) -> dict[str, str]:
    """The lines of an invoice as the form would send them."""
    data: dict[str, str] = {}
    for index, line in enumerate(invoice.lines.select_related("work_code")):
        data |= {
            f"lines-{index}-work_code": line.work_code.full_name,
            f"lines-{index}-description": line.description,
            f"lines-{index}-quantity": f"{line.quantity.normalize():f}",
            f"lines-{index}-unit_price": _price(line.unit_price),
        }
        if line.taxable:
            data[f"lines-{index}-taxable"] = "on"
    return data


def changed_lines(data: QueryDict, *, company: Company) -> QueryDict:
    """What was sent, with a line added, removed, or filled in from its work code, as the button said."""
    changed = data.copy()
    indexes = [int(found[1]) for name in data if (found := _LINE.fullmatch(name))]
    if "add" in data:
        changed.update(blank_line(max(indexes, default=-1) + 1))
    if "remove" in data:
        for name in list(changed):
            if name.startswith(f"lines-{data['remove']}-"):
                del changed[name]
    if "fill" in data:
        line = f"lines-{data['fill']}"
        typed = data.get(f"{line}-work_code", "").strip()
        work_code = work_code_queries.by_full_name(company=company, name=typed) if typed else None
        if work_code is not None:
            changed[f"{line}-work_code"] = work_code.full_name
            changed[f"{line}-description"] = work_code.description
            changed[f"{line}-unit_price"] = _price(work_code.price)
            changed[f"{line}-taxable"] = "on" if work_code.taxable else ""
    return changed


def initial(invoice: Invoice) -> dict[str, Any]:
    in_money = invoice.discount_amount is not None
    discount = invoice.discount_amount if in_money else invoice.discount_percent
    return {
        "customer": invoice.customer.full_name,
        "customer_id": invoice.customer_id,
        "number": invoice.number,
        "date": invoice.date,
        "due_date": invoice.due_date,
        "tax_rate": invoice.tax_rate_id,
        "discount": "" if discount is None else f"{discount.normalize():f}",
        "discount_kind": AMOUNT if in_money else PERCENT,
        "memo": invoice.memo,
        "revision": invoice.revision,
    }


class TaxRateForm(RecordForm):
    name = one_line_field("Name", needed=True, hint="Such as the state or city it goes to.")
    percent = number_field("Percent", needed=True)


def _price(value: Decimal) -> str:
    """A price to be edited: to the cent, or with all the digits it has."""
    return f"{cents(value):f}" if cents(value) == value else f"{value.normalize():f}"
