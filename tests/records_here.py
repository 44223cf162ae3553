"""Records of any Kind as tests need them, made from what the product says of its models and forms."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import NOT_PROVIDED, CharField, Field, ForeignKey, Model, TextField

from quickbooks_sync.kinds import Kind
from service_genius.ui.forms import RecordForm

DAY = dt.date(2026, 11, 27)
OF_TYPES: dict[str, Any] = {
    "DateField": DAY,
    "DecimalField": Decimal(10),
    "BooleanField": False,
    "PositiveIntegerField": 1,
    "BigIntegerField": 1,
}


def forms() -> dict[str, type[RecordForm]]:
    """The form in which a record is written, by the name of its Kind; and those of what is no Kind."""
    return {form.kind: form for form in _below(RecordForm) if form.kind is not None}


def _below(form: type[RecordForm]) -> list[type[RecordForm]]:
    return [each for sub in form.__subclasses__() for each in (sub, *_below(sub))]


def text_fields(kind: Kind) -> list[str]:
    """The texts of a record of this Kind that a person writes."""
    fields = kind.model._meta.fields
    written = forms()[kind.name].base_fields
    return [each.name for each in fields if isinstance(each, CharField | TextField) and each.name in written]


def unsaved(kind: Kind) -> Any:
    """A record without any text, which is in no database; all that it names has the id 1."""
    record = filled(kind.model)
    record.pk = 1
    rows: dict[str, list[Model]] = {}
    for way in kind.ways.values():
        if way.through is not None:
            key: Any = way.through._meta.get_field(way.owner)
            rows[key.remote_field.related_name] = [filled(way.through)]
    record._prefetched_objects_cache = rows
    return record


def filled(model: type[Model]) -> Any:
    """A row of a model in which all is filled in that it needs, but no text."""
    row: Any = model()
    for field in model._meta.fields:
        if needs_a_value(field):
            setattr(row, field.attname, 1 if isinstance(field, ForeignKey) else OF_TYPES[kind_of(field)])
    return row


def needs_a_value(field: Any) -> bool:
    empty = field.default is NOT_PROVIDED and not field.null and not field.primary_key
    return bool(
        empty and not isinstance(field, CharField | TextField) and not getattr(field, "auto_now_add", 0)
    )


def kind_of(field: Field[Any, Any]) -> str:
    return field.get_internal_type()
