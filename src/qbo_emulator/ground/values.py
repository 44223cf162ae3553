"""JSON and money as the emulator handles them.

Numbers with a fraction are Decimal from the moment they are read. On the way out amounts have two decimals,
zero has none, and prices, quantities and percentages have no zeros at their end (facts B3, H2).
"""

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Json = dict[str, Any]

CENT = Decimal("0.01")
ZERO = Decimal(0)
EXPONENT_MAX = 300

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=float)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _sane(text: str) -> Decimal:
    value = Decimal(text)
    if value.adjusted() > EXPONENT_MAX:
        raise ValueError(f"{text} is too large")
    return value


_decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_constant)
_decoder_of_requests = json.JSONDecoder(parse_float=_sane, parse_constant=_no_constant)


# As members only: inside a text a quotation mark stands behind a backslash, so no text is ever touched.
_AMOUNTS = re.compile(
    r'("(?:Amount|TotalAmt|TotalTax|NetAmountTaxable|UnappliedAmt|RemainingCredit|DiscountAmt'
    r'|(?:Home|Current)?Balance(?:WithJobs|WithSubAccounts)?)":)(-?\d+)(\.\d)?(?=[,}\]])'
)
_OTHERS = re.compile(
    r'("(?:UnitPrice|Qty|TaxPercent|RateValue|DiscountPercent|PurchaseCost|QtyOnHand)":-?\d+)\.0(?=[,}\]])'
)


def encode(value: Any) -> str:
    text = _AMOUNTS.sub(_with_cents, _encoder.encode(value))
    return _OTHERS.sub(r"\1", text) if ".0" in text else text


def quoted(text: str) -> str:
    return _encoder.encode(text)


def _with_cents(found: re.Match[str]) -> str:
    member, whole, tenths = found.groups(default=".0")
    return f"{member}0" if (whole, tenths) in {("0", ".0"), ("-0", ".0")} else f"{member}{whole}{tenths}0"


def decode(text: str) -> Any:
    return _decoder.decode(text)


def decode_request(text: str) -> Any:
    """Read what somebody sent; a number that no float can hold is no JSON that could be given back."""
    return _decoder_of_requests.decode(text)


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
