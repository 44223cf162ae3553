"""The fields forms are made of: how each is shown, and how what was typed into it is read."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from service_genius.shared import figures


# Browsers would fill in the address of the person at the desk: hence autocomplete off.
def one_line_field(label: str, *, needed: bool = False, hint: str = "", **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(label=label, required=needed, help_text=hint, widget=widget)


def lines_field(label: str, *, rows: int, hint: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return forms.CharField(label=label, required=False, help_text=hint, widget=widget)


class FigureField(forms.DecimalField):
    """A figure as people type it; what it means is said in `shared.figures`.

    `currency` is that of the company, if it is money. A text field, because a browser's number field changes
    under the mouse wheel.
    """

    def __init__(self, *, money: bool = False, percent: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.money, self.percent = money, percent
        self.currency = ""
        #: Digits after the point; fewer than the record could hold, where the books cannot be relied upon.
        self.places: int | None = None

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override] # as DecimalField itself
        if value is None or isinstance(value, Decimal):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            figure = figures.read(text, currency=self.currency if self.money else "", percent=self.percent)
        except figures.Unclear as unclear:
            shown = text if len(text) <= figures.DIGITS_MAX else f"{text[: figures.DIGITS_MAX]}…"
            fault = "cannot be read for certain" if any(map(str.isdecimal, text)) else "is not a number"
            raise ValidationError(f"{self.label} “{shown}” {fault}. {unclear}") from None
        exponent = figure.normalize().as_tuple().exponent
        if self.places is not None and isinstance(exponent, int) and -exponent > self.places:
            limit = f"up to {self.places} digits after the point"
            raise ValidationError(f"{self.label} can have {limit}. Round it.")
        return figure

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


def money_field(label: str, *, needed: bool = False) -> FigureField:
    """An amount or a price in the company's currency."""
    return _figure(label, needed=needed, money=True)


def percent_field(label: str, *, needed: bool = False) -> FigureField:
    return _figure(label, needed=needed, percent=True)


def quantity_field(label: str, *, places: int) -> FigureField:
    field = _figure(label)
    field.places = places
    return field


def discount_field(label: str) -> FigureField:
    """Money or a percentage, which another field says."""
    return _figure(label, money=True, percent=True)


def _figure(label: str, *, needed: bool = False, **sort: bool) -> FigureField:
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "figure", "autocomplete": "off"})
    return FigureField(label=label, required=needed, widget=widget, **sort)


class DayField(forms.DateField):
    """A day; whether it is likely to be meant is looked at by the form, which knows what stood there."""


def day_field(label: str, *, needed: bool = False) -> DayField:
    return DayField(
        label=label,
        required=needed,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "This is not a date. Write it like 2026-03-31."},
    )


def choice_field(
    label: str, *, choices_url: str, needed: bool = False, hint: str = "", **attributes: str
) -> forms.CharField:
    """A name to be typed, with proposals from the address as it is typed; see ui/choices.html."""
    return forms.CharField(
        label=label,
        required=needed,
        help_text=hint,
        widget=ChoiceInput(choices_url=choices_url, attrs=attributes),
    )


class ChoiceInput(forms.TextInput):
    """A text field with a list of proposals, which stays usable with ten thousand of them."""

    template_name = "ui/choice_input.html"

    def __init__(self, *, choices_url: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})})
        self.choices_url = choices_url

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]["attrs"]
        proposals = f"{widget['id']}_choices"
        widget |= {
            "list": proposals,
            "hx-get": self.choices_url,
            "hx-trigger": "input changed delay:120ms, focus once",
            "hx-target": f"#{proposals}",
            "hx-swap": "innerHTML",
            "hx-select": "unset",
            "hx-select-oob": "unset",
            "hx-params": name,
            "hx-sync": "this:replace",
        }
        return context
