"""The members an object may have, as QuickBooks' published schema names them, and how they are read.

Unknown members are refused (2010), but only if the schema does not know them: clients send read-only members
back, and empty strings for what nobody set; both are taken as absent.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any

from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json

# What a member is read as. A mapping is an object with members of its own; `Many` a list of such objects.
CLEARED = ""
NUMBER_MAX = 10**15
_DATE_FORMAT = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Leaf(Enum):
    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    ANY = "any"


@dataclass(frozen=True)
class Many:
    of: "Members"


Members = Mapping[str, "Leaf | Many | Members"]


def members(
    *,
    text: str = "",
    number: str = "",
    flag: str = "",
    date: str = "",
    ref: str = "",
    anything: str = "",
    **nested: "Many | Members",
) -> Members:
    """Write a set of members down, as names separated by blanks."""
    leaves: dict[str, Leaf | Many | Members] = {}
    for names, leaf in (
        (text, Leaf.TEXT),
        (number, Leaf.NUMBER),
        (flag, Leaf.FLAG),
        (date, Leaf.DATE),
        (anything, Leaf.ANY),
    ):
        leaves.update(dict.fromkeys(names.split(), leaf))
    leaves.update(dict.fromkeys(ref.split(), REF))
    return {**leaves, **nested}


REF: Members = {"value": Leaf.TEXT, "name": Leaf.TEXT, "type": Leaf.TEXT}
ADDRESS = members(
    text="Id Line1 Line2 Line3 Line4 Line5 City Country CountryCode CountrySubDivisionCode PostalCode "
    "PostalCodeSuffix Lat Long Tag Note"
)
PHONE = members(
    text="Id DeviceType CountryCode AreaCode ExchangeCode Extension FreeFormNumber Tag", flag="Default"
)
EMAIL = members(text="Id Address Tag", flag="Default")
WEB = members(text="Id URI Tag", flag="Default")
LINKED = members(text="TxnId TxnType TxnLineId")
SYSTEM = members(
    text="Id SyncToken domain status",
    flag="sparse",
    anything="MetaData CustomField AttachableRef NameAndId Overview HeaderLite HeaderFull",
)


# Of an entity whose members nothing here knows: what the emulator itself reads.
COMMON: Members = {
    **SYSTEM,
    **members(
        text="Name DocNumber PrivateNote",
        number="TotalAmt Balance",
        flag="Active",
        date="TxnDate DueDate",
        ref="CustomerRef VendorRef CurrencyRef",
        Line=Many(members(text="Id", number="Amount LineNum")),
    ),
}


def cleaned(
    schema: Members, sent: Mapping[str, Any], *, entity: str, path: str = "", open_members: bool = False
) -> Json:
    """Return what was sent, typed; an emptied member is CLEARED, a null one is left out.

    A member the schema does not know is refused, or taken as it is where members are open.
    """
    result: Json = {}
    for name, value in sent.items():
        leaf = schema.get(name, Leaf.ANY if open_members else None)
        if leaf is None:
            raise refusals.unknown_property(name, entity)
        if value is None:
            continue
        where = f"{path}.{name}" if path else name
        if value == "":
            result[name] = CLEARED
        else:
            result[name] = _read(leaf, value, entity=entity, path=where, open_members=open_members)
    return result


def _read(leaf: "Leaf | Many | Members", value: Any, *, entity: str, path: str, open_members: bool) -> Any:
    if isinstance(leaf, Leaf):
        return _READERS[leaf](value, path)
    if isinstance(leaf, Many):
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise refusals.malformed_body(f"Invalid value for {path}")
        return [
            without_cleared(cleaned(leaf.of, one, entity=entity, path=path, open_members=open_members))
            for one in value
        ]
    if not isinstance(value, dict):
        raise refusals.malformed_body(f"Invalid value for {path}")
    inner = without_cleared(cleaned(leaf, value, entity=entity, path=path, open_members=open_members))
    return inner or CLEARED


def without_cleared(body: Json) -> Json:
    return {name: value for name, value in body.items() if value != CLEARED}


def _text(value: Any, path: str) -> str:
    if isinstance(value, dict | list):
        raise refusals.malformed_body(f"Invalid value for {path}")
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, written as an escape
        raise refusals.malformed_bytes() from None
    return text


def _number(value: Any, path: str) -> Decimal | int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise refusals.invalid_number(value, path)
    try:
        number: Decimal | int = Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        raise refusals.invalid_number(value, path) from None
    if isinstance(number, Decimal) and not number.is_finite():
        raise refusals.invalid_number(value, path)
    if not -NUMBER_MAX <= number <= NUMBER_MAX:
        raise refusals.out_of_range(number, path)
    return number


def _flag(value: Any, path: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise refusals.invalid_enumeration(value, path)


def _date(value: Any, path: str) -> str:
    # A date with a time, or a time zone, is read as its date.
    text = str(value)[:10]
    if not _DATE_FORMAT.fullmatch(text):
        raise refusals.invalid_date_format(value, path)
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise refusals.invalid_date(value, path) from None


def _any(value: Any, _path: str) -> Any:
    return value


_READERS = {
    Leaf.TEXT: _text,
    Leaf.NUMBER: _number,
    Leaf.FLAG: _flag,
    Leaf.DATE: _date,
    Leaf.ANY: _any,
}


def check_lengths(body: Json, limits: Mapping[str, int], *others: refusals.Error) -> None:
    """Refuse every text that is too long at once (2050), together with what else is wrong already."""
    errors = [
        refusals.wrong_length(".".join(path), limit, len(value))
        for path, limit in _paths(tuple(limits.items()))
        if path[0] in body
        for value in _at(body, path)
        if len(value) > limit
    ]
    if errors or others:
        raise refusals.Refusal(*errors, *others)


@cache
def _paths(limits: tuple[tuple[str, int], ...]) -> tuple[tuple[tuple[str, ...], int], ...]:
    return tuple((tuple(path.split(".")), limit) for path, limit in limits)


def _at(body: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(body, list):
        for one in body:
            yield from _at(one, path)
    elif not path:
        if isinstance(body, str):
            yield body
    elif isinstance(body, dict) and path[0] in body:
        yield from _at(body[path[0]], path[1:])
