"""Forms of records: they read what was typed and show what is wrong with it.

A form of a record that exists says what the person changed on it, and nothing else: what was not on the page,
or was left as it stood, is in no write. So two people who changed different things do not undo one another.

Deliberately absent: the rules of a Kind. Those are its operations', whose faults are shown beside the fields.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from service_genius.companies.models import Company
from service_genius.once import keys
from service_genius.once.middleware import Saved
from service_genius.shared import days
from service_genius.shared.models import Versioned
from service_genius.shared.revision import Changed
from service_genius.ui.fields import DayField, FigureField
from service_genius.ui.panels import FormName, panels

Record = TypeVar("Record", bound=Versioned)
Written = TypeVar("Written")
_BESIDE = {"revision", "stood"}
CHANGED_MEANWHILE = (
    "Somebody else changed this while you had it open, so nothing is saved yet. Below it stands as it is "
    "now, with what you changed. If that is right, press Save."
)
RIGHT = "If that is right, tick it at the top and press Save."


class RecordForm(forms.Form):
    """A form that knows which revision of the record was on the page, and what stood in each field then.

    The `initial` of a record that exists has its `revision`, and beside a field in which a record is named
    (`customer`) the id of that record (`customer_id`). `parts` are the marks of what else stands on its page.
    """

    use_required_attribute = False
    # What its record is: then other parts of the site may say something of its fields.
    kind: ClassVar[FormName | None] = None
    # Where a fault of a field is shown that stands under another name on the form.
    error_places: ClassVar[dict[str, str]] = {}
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    stood = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, company: Company, parts: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._company = company
        self.label_suffix = ""
        #: The days that were typed and are far from today, to be confirmed together; and how they are said.
        self.sure_about = self.sure_words = ""
        #: What stood on the page that was sent, once it has met a change of somebody else.
        self.met_upon: dict[str, str] | None = None
        for field in self.fields.values():
            field.error_messages["required"] = f"{field.label} is needed."
            if isinstance(field, FigureField):
                field.currency = company.currency
        hints = panels().field_hints(company=company, kind=self.kind) if self.kind is not None else {}
        for name, hint in hints.items():
            self.fields[name].help_text = f"{self.fields[name].help_text} {hint}".strip()
        if "revision" in self.initial:
            stands = {name: self._mark(name, self.initial.get(name)) for name in self._shown}
            self.initial["stood"] = json.dumps({**stands, **(parts or {})})

    @property
    def _shown(self) -> list[str]:
        return [name for name in self.fields if name not in _BESIDE]

    @property
    def only_looks(self) -> bool:
        """Whether it was sent to be shown again, and not to be saved."""
        return keys.LOOK in self.data

    @property
    def values(self) -> dict[str, Any]:
        """What the person changed, for the operation; of a new record, all that was typed."""
        wanted = self.changed
        return {name: self.cleaned_data[name] for name in self._shown if name in wanted}

    @property
    def changed(self) -> set[str]:
        """The fields that were on the page and no longer hold what stood there; of a new record, all."""
        if "revision" not in self.initial:
            return set(self._shown)
        on_page = {
            name
            for name in self._shown
            if not self.fields[name].widget.value_omitted_from_data(self.data, self.files, name)
        }
        stood = self.stood_then
        if not stood:  # such as the page of before an upgrade
            return on_page & set(self.changed_data)
        return {name for name in on_page & stood.keys() if self._mark(name, self._typed(name)) != stood[name]}

    @cached_property
    def stood_then(self) -> dict[str, str]:
        """The mark of what stood in each field and part when the page was opened."""
        try:
            stood = json.loads(self.data.get("stood") or "{}")
        except ValueError:
            return {}
        return stood if isinstance(stood, dict) else {}

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

    def clean(self) -> dict[str, Any]:
        """Look at the days that were typed: none beyond all use, and one far from today only on purpose."""
        today, unusual = self._company.today(), []
        for name in self.changed:
            day = self.cleaned_data.get(name)
            if not isinstance(self.fields[name], DayField) or day is None:
                continue
            if fault := days.fault(day, today=today):
                self.add_error(name, f"{self.fields[name].label}: {fault}")
            elif words := days.unusual(day, today=today):
                unusual.append((name, day, words))
        self.sure_about = ",".join(sorted({day.isoformat() for _, day, _ in unusual}))
        self.sure_words = " and ".join(sorted({days.written(day) for _, day, _ in unusual}))
        if self.sure_about != self.data.get("sure", ""):
            for name, _, words in unusual:
                self.add_error(name, f"{self.fields[name].label}: {words} {RIGHT}")
        return self.cleaned_data

    @property
    def is_sure(self) -> bool:
        return bool(self.sure_about) and self.sure_about == self.data.get("sure", "")

    @property
    def expected_revision(self) -> int | None:
        revision: int | None = self.cleaned_data["revision"]
        return revision

    def meet(self) -> None:
        """Put what the person changed upon the record as it is now, to be looked at and saved."""
        stood, mine = self.stood_then, self.changed
        data: dict[str, Any] = self.data.copy()  # type: ignore[attr-defined] # what was sent is a QueryDict
        self.met_upon = stood
        for name in self._shown:
            now = self.initial.get(name)
            theirs = self._mark(name, now)
            if name in mine:
                if name in stood and theirs not in {stood[name], self._mark(name, self._typed(name))}:
                    words = f"Somebody wrote “{self._said(name)}” here meanwhile; yours would replace it."
                    self.add_error(name, words if self._said(name) else "Somebody emptied this meanwhile.")
            elif now is None or now is False:
                data.pop(name, None)
            else:
                data[name] = "on" if now is True else str(now)
        data["revision"], data["stood"] = str(self.initial["revision"]), self.initial["stood"]
        self.data = data
        self.add_error(None, CHANGED_MEANWHILE)

    def met(self, part: str, typed: str) -> bool:
        """Whether a part of the page is shown as it is now: this person left it as it stood."""
        return self.met_upon is not None and self.met_upon.get(part) == typed

    def _typed(self, name: str) -> Any:
        return self.fields[name].widget.value_from_datadict(self.data, self.files, name)

    def _said(self, name: str) -> str:
        """How the page would show what stands in a field now."""
        now, field = self.initial.get(name), self.fields[name]
        if isinstance(field, forms.ChoiceField):
            options: Any = field.choices
            return next((str(label) for value, label in options if str(value) == str(now or "")), str(now))
        if isinstance(now, bool):
            return "ticked" if now else "not ticked"
        return days.written(now) if isinstance(now, date) else str(now or "")

    def _mark(self, name: str, value: Any) -> str:
        """A short mark of what stands in a field, the same for the same however it is written."""
        field = self.fields[name]
        if isinstance(field, FigureField | forms.DateField | forms.BooleanField):
            try:
                value = field.to_python(value)
            except ValidationError:
                value = str(value)
        return mark(value)


def mark(value: object) -> str:
    """A short mark that two values share only if they are equal, however text or number is written."""
    return hashlib.sha256(repr(_plain(value)).encode()).hexdigest()[:12]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Mapping):
        return sorted((str(name), _plain(each)) for name, each in value.items())
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def attempt(form: RecordForm, write: Callable[[], Written]) -> Written | None:
    """Write what a valid form says; what the operation refuses is shown by the form."""
    if form.only_looks:
        return None
    try:
        return write()
    except ValidationError as error:
        show_errors(form, error)
    except Changed:
        form.meet()
    return None


def like(request: HttpRequest, model: type[Record], *, company: Company) -> Record | None:
    """The record that a new one is to be like at first, if the page was asked for in that way."""
    pk = request.GET.get("like", "")
    if not pk.isdecimal():
        return None
    return get_object_or_404(model._default_manager.filter(company=company), pk=pk[:18])  # noqa: SLF001 - as below


def as_new(start: dict[str, Any]) -> dict[str, Any]:
    """What the form of a record begins with, for a new one like it: there is no revision to it yet."""
    return {name: value for name, value in start.items() if name != "revision"}


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
