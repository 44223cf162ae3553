"""Forms of records: they read what was typed and show what is wrong with it.

A form of a record that exists says what the person changed on it, and nothing else: what was not on the page,
or was left as it stood, is in no write.

Deliberately absent: the rules of a Kind. Those are its operations', whose faults are shown beside the fields.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from service_genius.companies.models import Company
from service_genius.once.middleware import Saved
from service_genius.shared.models import Versioned
from service_genius.shared.revision import Changed
from service_genius.ui.panels import KindName, panels

Record = TypeVar("Record", bound=Versioned)


class RecordForm(forms.Form):
    """A form that knows which revision of the record was on the page.

    The `initial` of a record that exists has its `revision`, and beside a field in which a record is named
    (`customer`) the id of that record (`customer_id`).
    """

    use_required_attribute = False
    # Where a fault of a field is shown that stands under another name on the form.
    error_places: ClassVar[dict[str, str]] = {}
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            field.error_messages["required"] = f"{field.label} is needed."

    def add_hints(self, kind: KindName, company: Company) -> None:
        """Say beside the fields what another part of the site knows of them."""
        for name, hint in panels().field_hints(company=company, kind=kind).items():
            self.fields[name].help_text = f"{self.fields[name].help_text} {hint}".strip()

    @property
    def values(self) -> dict[str, Any]:
        """What the person changed, for the operation; of a new record, all that was typed."""
        wanted = self.changed if "revision" in self.initial else self.fields.keys()
        return {
            name: self.cleaned_data[name] for name in self.fields if name in wanted and name != "revision"
        }

    @property
    def changed(self) -> set[str]:
        """The fields that were on the page and no longer hold what stood there."""
        return {
            name
            for name in self.changed_data
            if not self.fields[name].widget.value_omitted_from_data(self.data, self.files, name)
        }

    def chosen(self, name: str, find: Callable[..., Versioned | None], *, missing: str) -> int | None:
        """The id of the record that is named in a field; a name left as it stood is the record it stood for.

        By its name alone it could become another one: of two that are named the same, one is inactive.
        """
        typed: str = self.cleaned_data[name]
        if self.initial.get(f"{name}_id") and typed == self.initial.get(name):
            kept: int = self.initial[f"{name}_id"]
            return kept
        if not typed:
            return None
        found = find(name=typed)
        if found is None:
            raise ValidationError(missing.format(name=typed))
        number: int = found.pk
        return number

    @property
    def expected_revision(self) -> int | None:
        revision: int | None = self.cleaned_data["revision"]
        return revision


def attempt(form: RecordForm, write: Callable[[], Record]) -> Record | None:
    """Write what a valid form says; what the operation refuses is shown by the form."""
    try:
        return write()
    except ValidationError as error:
        show_errors(form, error)
    except Changed:
        form.add_error(
            None,
            "Somebody else changed this while you had it open, so nothing was saved. "
            "Open it again in another window to see the change, then repeat yours here or there.",
        )
    return None


def like(request: HttpRequest, model: type[Record], *, company: Company) -> Record | None:
    """The record that a new one is to be like at first, if the page was asked for in that way."""
    pk = request.GET.get("like", "")
    if not pk.isdecimal():
        return None
    return get_object_or_404(model._default_manager.filter(company=company), pk=pk[:18])  # noqa: SLF001 - as below


def saved(record: Versioned, *, named: str = "", new: bool = False) -> Saved:
    """The answer to a form whose record is saved: its page, and where another like a new one is entered."""
    app = record._meta.app_label  # noqa: SLF001 - Django's documented name
    return Saved(
        to=reverse(f"{app}:detail", kwargs={"pk": record.pk}),
        name=named or str(record),
        revision=record.revision,
        another=f"{reverse(f'{app}:create')}?like={record.pk}" if new else "",
    )


def show_errors(form: RecordForm, error: ValidationError) -> None:
    """Show each sentence beside its field, or at the top if the form has no such field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, faults in error.error_dict.items():
        name = form.error_places.get(name, name)  # noqa: PLW2901 - the same name, as the form calls it
        place = name if name in form.fields else None
        form.add_error(place, [message for fault in faults for message in fault.messages])


# Browsers would fill in the address of the person at the desk: hence autocomplete off.
def one_line_field(label: str, *, needed: bool = False, hint: str = "", **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(label=label, required=needed, help_text=hint, widget=widget)


def lines_field(label: str, *, rows: int, hint: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "autocomplete": "off"})
    return forms.CharField(label=label, required=False, help_text=hint, widget=widget)


def number_field(
    label: str, *, needed: bool = False, hint: str = "", **attributes: str
) -> forms.DecimalField:
    """A figure; a text field, because a browser's number field changes under the mouse wheel."""
    return forms.DecimalField(
        label=label,
        required=needed,
        help_text=hint,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "figure", **attributes}),
        error_messages={"invalid": "This is not a number. Write it like 1250.00."},
    )


def day_field(label: str, *, needed: bool = False) -> forms.DateField:
    return forms.DateField(
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
