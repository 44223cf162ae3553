"""What a model's fields can hold, said in plain words: the limit, and the way out.

Only what one record shows by itself; what needs a look at other records is checked by each Kind's operations.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

Errors = dict[str, list[str]]


def text(value: Any) -> Any:
    """A text as it is kept: one sort of line end, nothing around it; anything else unchanged."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\x00", "").strip()
    return value


def key(value: str) -> str:
    """The form in which names are compared and sought: the same for every spelling in capitals or small letters."""
    return value.casefold()


def assign(record: Model, values: Mapping[str, Any], *, editable: Collection[str]) -> None:
    """Set the given fields; references are given as ids."""
    unknown = sorted(values.keys() - set(editable))
    if unknown:
        raise TypeError(f"{type(record).__name__} has no field to write named {', '.join(unknown)}.")
    for name, value in values.items():
        setattr(record, record._meta.get_field(name).attname, text(value))  # type: ignore[union-attr] # noqa: SLF001


def content(record: Model, *, editable: Collection[str]) -> dict[str, Any]:
    """The present values of the fields, to see afterwards whether anything changed."""
    return {name: getattr(record, record._meta.get_field(name).attname) for name in editable}  # type: ignore[union-attr] # noqa: SLF001


def field_errors(record: Model, *, only: Collection[str]) -> Errors:
    """Every fault of the fields by themselves, by field; values are converted to the field's type on the way."""
    names = {field.name for field in record._meta.fields}  # noqa: SLF001
    try:
        record.clean_fields(exclude=names - set(only))
    except ValidationError as error:
        return {
            name: [_sentence(record, name, fault) for fault in faults]
            for name, faults in error.error_dict.items()
        }
    return {}


def refuse_if(errors: Errors) -> None:
    if errors:
        raise ValidationError({name: list(sentences) for name, sentences in errors.items()})


def _sentence(record: Model, name: str, fault: ValidationError) -> str:
    label = str(record._meta.get_field(name).verbose_name)  # type: ignore[union-attr] # noqa: SLF001
    label = label[0].upper() + label[1:]
    limit = (fault.params or {}).get("limit_value", (fault.params or {}).get("max"))
    value = getattr(record, name, "")
    match fault.code:
        case "max_length":
            return (
                f"{label} can be up to {limit:,} characters long; this is {len(value):,}. Please shorten it."
            )
        case "blank" | "null":
            return f"{label} is needed."
        case "max_whole_digits":
            return f"{label} can have up to {limit} digits before the point. Please use a smaller number."
        case "max_decimal_places":
            return f"{label} can have up to {limit} digits after the point. Please round it."
        case "max_digits":
            return f"{label} can have up to {limit} digits. Please use a smaller or rounder number."
        case "min_value":
            return f"{label} cannot be below {limit}. Please use a larger number."
        case "max_value":
            return f"{label} cannot be above {limit}. Please use a smaller number."
        case "invalid" if name == "email":
            return f"“{value}” is not an e-mail address. Write it like name@example.com, or leave it empty."
        case _:
            return " ".join(fault.messages)
