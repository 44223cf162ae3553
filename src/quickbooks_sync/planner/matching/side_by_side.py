"""How one field of two records that may be the same compares, for whoever looks at both.

It says of each field what the scorer would: one number written in two ways is one. Deliberately absent: what
that weighs.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from quickbooks_sync.planner.keys import words

from . import contacts
from .names import take_apart


class FieldStanding(Enum):
    """Of one field."""

    SAME = "same"
    ALIKE = "alike"
    """The same, written otherwise."""
    OTHER = "other"
    ONLY_HERE = "only_here"
    ONLY_THERE = "only_there"


def standing(field: str, here: Any, there: Any) -> FieldStanding | None:
    """How a field stands; nothing if neither side has it."""
    if _is_blank(here) or _is_blank(there):
        if _is_blank(here) and _is_blank(there):
            return None
        return FieldStanding.ONLY_THERE if _is_blank(here) else FieldStanding.ONLY_HERE
    if here == there:
        return FieldStanding.SAME
    if isinstance(here, str) and isinstance(there, str) and _is_alike(field, here, there):
        return FieldStanding.ALIKE
    return FieldStanding.OTHER


def address_standing(
    fields: Sequence[str], here: Sequence[Any], there: Sequence[Any]
) -> FieldStanding | None:
    """How an address stands as one thing, by the values of its fields; the street comes first."""
    parts = [standing(*each) for each in zip(fields, here, there, strict=True)]
    known = {each for each in parts if each is not None}
    if len(known) < 2:  # noqa: PLR2004 - all of them stand alike, or there is none
        return next(iter(known), None)
    if FieldStanding.OTHER in known or parts[0] in {FieldStanding.ONLY_HERE, FieldStanding.ONLY_THERE}:
        return FieldStanding.OTHER
    return FieldStanding.ALIKE


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_alike(field: str, here: str, there: str) -> bool:
    if words(here) == words(there):
        return True
    compare = _COMPARED.get(field)
    return compare is not None and compare(here, there)


def _names(here: str, there: str) -> bool:
    one, other = take_apart(here), take_apart(there)
    told_apart = (one.figures, one.marks, one.forms) == (other.figures, other.marks, other.forms)
    return one.bag == other.bag and told_apart


def _phones(here: str, there: str) -> bool:
    return bool(contacts.agree(contacts.phones(here), contacts.phones(there)))


def _emails(here: str, there: str) -> bool:
    return bool(contacts.emails(here) & contacts.emails(there))


def _streets(here: str, there: str) -> bool:
    one, other = (contacts.place(street=each, town="", postal_code="") for each in (here, there))
    if one is None or other is None or not (one.house and one.street):
        return False
    return (one.house, one.street, one.unit) == (other.house, other.street, other.unit)


def _postal_codes(here: str, there: str) -> bool:
    one, other = (contacts.place(street="", town="", postal_code=each) for each in (here, there))
    return one == other


_COMPARED: dict[str, Callable[[str, str], bool]] = {
    **dict.fromkeys(("display_name", "company_name", "given_name", "family_name", "name"), _names),
    **dict.fromkeys(("phone", "mobile"), _phones),
    "email": _emails,
    **dict.fromkeys(("billing_street", "service_street"), _streets),
    **dict.fromkeys(("billing_postal_code", "service_postal_code"), _postal_codes),
}
