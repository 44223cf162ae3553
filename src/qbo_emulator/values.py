"""JSON and money as the emulator handles them.

Numbers with a fraction are Decimal from the moment they are read; on the way out they become the shortest
JSON number that reads back as the same value.
"""

import json
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Json = dict[str, Any]

CENT = Decimal("0.01")
ZERO = Decimal(0)

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=float)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)


def encode(value: Any) -> str:
    return _encoder.encode(value)


def decode(text: str) -> Any:
    return _decoder.decode(text)


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def amount(value: Any) -> Decimal:
    """Return a number of a stored object, which may be an int, a Decimal or absent."""
    return ZERO if value is None else Decimal(value)


def as_stored(value: Decimal) -> Decimal | int:
    """QuickBooks writes zero without decimals, everything else with them."""
    return value or 0


def thousands(value: Decimal | int) -> str:
    """Write a number as QuickBooks quotes it in texts: with thousands commas."""
    return f"{value:,}"
