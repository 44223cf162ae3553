"""Figures as people type them: whatever a page of ours prints is taken back, and nothing is guessed.

`$1,149.50`, `1149.5` and ` 10.25 % ` have one meaning. `1,14` and `1.149,50` have two, depending on who
writes them, so they are refused with the way out; a wrong figure that is taken is found by nobody.
"""

import re
from decimal import Decimal

SIGNS = {"USD": "$", "CAD": "$", "AUD": "$", "NZD": "$", "EUR": "€", "GBP": "£"}
MINUS = "\N{MINUS SIGN}"
DIGITS_MAX = 28
"""No field of ours holds as many; a Decimal of more is rounded as soon as anybody reckons with it."""

_MEANT = re.compile(
    rf"(?P<minus>[-+{MINUS}]?)\s*(?P<sign>[$€£]|[A-Za-z]{{3}}(?=[\s0-9.]))?\s*(?P<after>[-{MINUS}]?)\s*"
    r"(?P<number>(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)\s*(?P<percent>%?)"
)


class Unclear(ValueError):  # noqa: N818 - named by what the text is
    """It has no one meaning; the text says how it is written, as a sentence."""


def read(text: str, *, currency: str = "", percent: bool = False) -> Decimal:
    """The figure that a text means, with the sign of `currency`, or the one of a percentage, if it is one.

    Raises Unclear, with the way out.
    """
    meant = _MEANT.fullmatch(text.strip())
    if meant is None or (meant["minus"] and meant["after"]):
        raise Unclear(_way_out(text, percent=percent))
    sign = (meant["sign"] or "").upper()
    if sign and (not currency or sign not in {currency, SIGNS.get(currency)}):
        raise Unclear(_wrong_sign(sign, currency=currency))
    if meant["percent"] and (sign or not percent):
        raise Unclear("It is no percentage. Leave the % out.")
    digits = meant["number"].replace(",", "")
    if len(digits) > DIGITS_MAX:
        raise Unclear("It is too long. Use a smaller or rounder number.")
    number = Decimal(digits)
    return -number if {meant["minus"], meant["after"]} & {"-", MINUS} else number


def unit_of(text: str) -> str:
    """`%` or `$` where somebody has said so beside a figure; else nothing."""
    meant = _MEANT.fullmatch(text.strip())
    if meant is None:
        return ""
    return "%" if meant["percent"] else "$" if meant["sign"] else ""


def _wrong_sign(sign: str, *, currency: str) -> str:
    if not currency:
        return "It is no amount of money. Write the number alone."
    return f"It has the sign {sign}, and your books are kept in {currency}. Write the number alone."


def _way_out(text: str, *, percent: bool) -> str:
    if text.strip().startswith("("):
        return "Write what is below zero with a minus, like -5.00."
    if "," in text:
        return "A comma stands between thousands and a point before the decimals, like 1,149.50."
    return "Write it like 10.25." if percent else "Write it like 1,149.50."
