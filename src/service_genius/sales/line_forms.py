"""The lines of a sales form while it is written, and what the buttons among them do."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy

from service_genius.companies.models import Company
from service_genius.sales.models import SalesForm, SalesLine
from service_genius.shared.limits import LINES_MAX
from service_genius.shared.money import AMOUNT_LIMIT, cents, line_amount
from service_genius.ui.fields import FigureField, choice_field, lines_field, money_field, quantity_field
from service_genius.ui.forms import mark
from service_genius.work_codes import queries as work_code_queries
from service_genius.work_codes.models import WorkCode

FindWorkCode = Callable[..., WorkCode | None]
_LINE = re.compile(r"lines-([0-9]{1,6})-work_code")
#: Digits after the point of a quantity that somebody types: QuickBooks keeps as many in every company.
QUANTITY_PLACES = 5
NAMED = ("work_code", "description", "unit_price")
#: What stands as the quantity of a line in which nothing is typed yet.
ONE = "1"


class LineForm(forms.Form):
    use_required_attribute = False
    work_code = choice_field("Work code", choices_url=reverse_lazy("work_codes:choices"))  # type: ignore[arg-type] # as above
    description = lines_field("Description", rows=1)
    quantity = quantity_field("Quantity", places=QUANTITY_PLACES)
    unit_price = money_field("Price")
    taxable = forms.BooleanField(label="Taxed", required=False)

    def __init__(
        self,
        *args: Any,
        index: int,
        find: FindWorkCode,
        currency: str,
        standing: SalesLine | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.prefix = f"lines-{index}"
        self.label_suffix = ""
        self._find = find
        self.index = index
        self._standing = standing
        self._work_code: WorkCode | None = None
        for field in self.fields.values():
            if isinstance(field, FigureField):
                field.currency = currency
                if field.places is not None and standing is not None:  # what came from elsewhere can stay
                    field.places = max(field.places, places(standing.quantity))
            field.widget.attrs["aria-label"] = f"{field.label} of line {index + 1}"

    def clean_work_code(self) -> int | None:
        name = self.cleaned_data["work_code"]
        if not name:
            return None
        self._work_code = self._find(index=self.index, name=name)
        if self._work_code is None:
            raise forms.ValidationError(
                f"There is no work code named “{name}”. Choose one from the list, or create it first."
            )
        return self._work_code.pk

    def clean(self) -> dict[str, Any]:
        """Refuse work of which there is so little that it comes to nothing."""
        quantity, price = self.cleaned_data.get("quantity"), self.cleaned_data.get("unit_price")
        if price is None and self._work_code is not None and "unit_price" not in self.errors:
            price = self._work_code.price
        stands = self._standing is not None and (quantity, price) == (
            self._standing.quantity,
            self._standing.unit_price,
        )
        if not stands and quantity and price and _is_nothing(quantity, price):
            self.add_error(
                "quantity",
                f"Quantity {quantity.normalize():f} at a price of {price.normalize():f} comes to less than a "
                "cent. Use a larger quantity.",
            )
        return self.cleaned_data

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into it; its quantity is one from the beginning."""
        typed = {self.data.get(self.add_prefix(name), "").strip() for name in NAMED}
        return typed == {""} and self.data.get(self.add_prefix("quantity"), "").strip() in {"", ONE}

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, for the operation; a figure left empty is as the work code says."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}

    @property
    def filled_in(self) -> list[forms.BoundField]:
        """What its work code fills in; the others may be typed into meanwhile."""
        return [self[name] for name in ("work_code", "description", "unit_price", "taxable")]

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

    A line of `document` whose work code is named as it stood keeps it, also where another has that name now.
    """

    def __init__(
        self, data: Mapping[str, Any], *, company: Company, document: SalesForm | None = None
    ) -> None:
        kept = list(document.lines.select_related("work_code")) if document else []
        named = cache(partial(work_code_queries.by_full_name, company=company))

        def find(*, index: int, name: str) -> WorkCode | None:
            if index < len(kept) and kept[index].work_code.full_name == name:
                standing_code: WorkCode = kept[index].work_code
                return standing_code
            return named(name=name)

        indexes = sorted(int(found[1]) for name in data if (found := _LINE.fullmatch(name)))
        standing = dict(enumerate(kept))
        self.forms = [
            LineForm(data, index=index, find=find, currency=company.currency, standing=standing.get(index))
            for index in indexes
        ]

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

    @property
    def mark(self) -> str:
        """Tells whether they are the same lines as others; those that cannot be read are like none."""
        return mark(self.values) if self.is_valid() else ""


def blank_line(index: int) -> dict[str, str]:
    return {f"lines-{index}-work_code": "", f"lines-{index}-quantity": ONE}


def line_data(document: SalesForm) -> dict[str, str]:
    """The lines of a document as the form would send them."""
    data: dict[str, str] = {}
    for index, line in enumerate(document.lines.select_related("work_code")):
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


def _is_nothing(quantity: Decimal, price: Decimal) -> bool:
    return max(abs(quantity), abs(price)) < AMOUNT_LIMIT and not line_amount(
        quantity=quantity, unit_price=price
    )


def places(value: Decimal) -> int:
    """How many digits stand after the point of a number, without zeros that say nothing."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _price(value: Decimal) -> str:
    """A price to be edited: to the cent, or with all the digits it has."""
    return f"{cents(value):f}" if cents(value) == value else f"{value.normalize():f}"
