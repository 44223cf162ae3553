"""JSON as QuickBooks speaks it: money is Decimal in both directions, and no float is ever made.

Also the two other notations of the wire: times, and literals of the query language.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

CONSTANTS = {None: "null", True: "true", False: "false"}

Payload = dict[str, Any]
"""One object as QuickBooks sends it; unknown members stay (facts B2)."""


def loads(text: bytes | str) -> Any:
    """Read JSON; raises ValueError for what is none, NaN and its like included."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def dumps(value: Any) -> str:
    """JSON with each Decimal written digit for digit: Decimal("1.10") is 1.10."""
    match value:
        case str():
            return encode_basestring(value)
        case dict() | Mapping():
            members = [f"{encode_basestring(str(key))}:{dumps(item)}" for key, item in value.items()]
            return "{" + ",".join(members) + "}"
        case None | bool():
            return CONSTANTS[value]
        case int():
            return int.__repr__(value)
        case Decimal() if value.is_finite():
            return format(value, "f")
        case list() | tuple():
            return "[" + ",".join([dumps(item) for item in value]) + "]"
    raise TypeError(f"{type(value).__name__} has no exact form in JSON: {value!r}")


def parse_time(text: str) -> datetime:
    """A time of QuickBooks, with its offset.

    Raises ValueError for a time without an offset: it would be read in a zone nobody chose.
    """
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return time


def escape(value: str) -> str:
    """The inside of a quoted literal of the query language (facts D1)."""
    return value.replace("\\", "\\\\").replace("'", "\\'")
