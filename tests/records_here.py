"""Records of any Kind as tests need them, made from what the product says of its models and forms."""

import datetime as dt
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.db.models import NOT_PROVIDED, CharField, Field, ForeignKey, Model, TextField

from quickbooks_sync.kinds import KIND, KINDS, Kind
from service_genius.companies.models import Company
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
    for kind in KINDS:
        import_module(f"service_genius.{kind.pages}.forms")
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


def operations(kind: Kind) -> Any:
    """The module in which every write of a Kind stands."""
    return import_module(f"service_genius.{kind.pages}.operations")


def values(kind: Kind, company: Company, **more: Any) -> dict[str, Any]:
    """What a new record of this Kind needs; whatever it names is made for it, if the company has none."""
    found: dict[str, Any] = {}
    for field in kind.model._meta.fields:
        if field.name not in kind.blank or field.name in more:
            continue
        if isinstance(field, ForeignKey):
            if not field.null:
                found[field.name] = some(KIND[kind.holds[field.name]], company).pk
        elif isinstance(field, CharField | TextField):
            if not field.blank and not field.choices:
                found[field.name] = f"9{kind.model._default_manager.count() + 1:03}"
        elif needs_a_value(field) or kind_of(field) == "DateField":
            found[field.name] = OF_TYPES[kind_of(field)]
    if "work_code" in kind.holds and "lines" not in more:
        found["lines"] = [{"work_code": some(KIND["work_code"], company).pk, "unit_price": Decimal(10)}]
    return {**found, **more}


def create(kind: Kind, company: Company, **more: Any) -> Any:
    """A new record of this Kind."""
    return operations(kind).create(company=company, values=values(kind, company, **more))


def some(kind: Kind, company: Company) -> Any:
    """A record of this Kind that the company has, or a new one."""
    return kind.rows_here(company).first() or create(kind, company)


def ended(kind: Kind, company: Company, record: Any) -> Any:
    """The same, put away or voided, and as it is then."""
    end = operations(kind).void if kind.money else operations(kind).deactivate
    return end(company=company, id=record.pk)
