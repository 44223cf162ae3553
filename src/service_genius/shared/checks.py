"""What a model's fields can hold, said in plain words: the limit, and the way out.

Only what one record shows by itself; what needs a look at other records is checked by each Kind's operations.
"""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Model, TextField

from service_genius.shared import texts

Errors = dict[str, list[str]]


def as_kept(model: type[Model], name: str, value: Any) -> Any:
    """A text in the form in which this field keeps it (`texts`); anything else unchanged.

    A model says of fields that are more than a text in `TEXT_FORMS` which form that is.
    """
    if not isinstance(value, str):
        return value
    return _form(model, name)(value)


@cache
def _form(model: type[Model], name: str) -> Callable[[str], str]:
    several = isinstance(model._meta.get_field(name), TextField)  # noqa: SLF001 - Django's documented name
    form: Callable[[str], str] = getattr(model, "TEXT_FORMS", {}).get(
        name, texts.lines if several else texts.one_line
    )
    return form


def key(value: str) -> str:
    """The form in which names are compared and sought: the same in capitals and in small letters."""
    return value.casefold()


def assign(record: Model, values: Mapping[str, Any], *, editable: Collection[str]) -> None:
    """Set the given fields; references are given as ids."""
    unknown = sorted(values.keys() - set(editable))
    if unknown:
        raise TypeError(f"{type(record).__name__} has no field to write named {', '.join(unknown)}.")
    for name, value in values.items():
        attribute = record._meta.get_field(name).attname  # type: ignore[union-attr] # noqa: SLF001 - as above
        setattr(record, attribute, as_kept(type(record), name, value))


def content(record: Model, *, editable: Collection[str]) -> dict[str, Any]:
    """The present values of the fields, to see afterwards whether anything changed."""
    return {name: getattr(record, record._meta.get_field(name).attname) for name in editable}  # type: ignore[union-attr] # noqa: SLF001


def field_errors(record: Model, *, only: Collection[str]) -> Errors:
    """Every fault of the fields by themselves, by field; converts the values to the fields' types."""
    fields = record._meta.fields  # noqa: SLF001 - Django's documented name
    faults: dict[str, list[ValidationError]] = {}
    try:
        record.clean_fields(exclude={field.name for field in fields} - set(only))
    except ValidationError as error:
        faults = error.error_dict
    for field in fields:
        if field.name in only and isinstance(field, TextField) and field.max_length:
            try:  # Django itself looks at a TextField's length in forms alone
                MaxLengthValidator(field.max_length)(getattr(record, field.attname))
            except ValidationError as error:
                faults.setdefault(field.name, []).append(error)
    return {name: [_sentence(record, name, fault) for fault in found] for name, found in faults.items()}


def refuse_if(errors: Errors) -> None:
    if errors:
        raise ValidationError({name: list(sentences) for name, sentences in errors.items()})


# What is said for each code of Django's validators.
_SENTENCES = {
    "max_length": "{label} can have up to {limit:,} characters; this has {length:,}. Shorten it.",
    "blank": "{label} is needed.",
    "null": "{label} is needed.",
    "max_whole_digits": "{label} can have up to {limit} digits before the point. Use a smaller number.",
    "max_decimal_places": "{label} can have up to {limit} digits after the point. Round it.",
    "max_digits": "{label} can have up to {limit} digits. Use a smaller or rounder number.",
    "min_value": "{label} cannot be below {limit}. Use a larger number.",
    "max_value": "{label} cannot be above {limit}. Use a smaller number.",
}


def _sentence(record: Model, name: str, fault: ValidationError) -> str:
    field = record._meta.get_field(name)  # noqa: SLF001
    label = str(field.verbose_name)  # type: ignore[union-attr]
    value = getattr(record, name, "")
    sentence = _SENTENCES.get(fault.code or "")
    if sentence is None:
        return " ".join(fault.messages)
    params = fault.params or {}
    return sentence.format(
        label=label[0].upper() + label[1:],
        value=value,
        limit=params.get("limit_value", params.get("max")),
        length=len(value) if isinstance(value, str) else 0,
    )
