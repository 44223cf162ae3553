"""What somebody looks for: words in any order, each a text, and perhaps an amount or a day as we print it."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from service_genius.shared import checks
from service_genius.shared.money import amount_meant

TERMS_MAX = 12
#: Digits from which on a number is sought as a telephone number, however it is written.
PHONE_DIGITS_MIN = 7
_DAY = re.compile(
    r"\b[A-Za-z]{3,9}\.? [0-9]{1,2},? [0-9]{4}\b|\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b|\b[0-9/]{8,10}\b"
)
_WRITTEN = ("%b %d %Y", "%B %d %Y", "%Y-%m-%d", "%m/%d/%Y")
_PHONE = re.compile(r"[0-9()+./\s-]+")


@dataclass(frozen=True, kw_only=True)
class Term:
    """One thing that must be found: its text in the form names are compared in, and what else it means."""

    text: str
    amount: Decimal | None = None
    day: date | None = None


def terms(search: str) -> list[Term]:
    """All of them must be found, each somewhere; of more than a person types, the first ones count."""
    days = [(found, day) for found in _DAY.findall(search) if (day := _day(found))]
    for found, _ in days:
        search = search.replace(found, " ")
    # Where a name stands below another, the page prints a colon behind the one above.
    words = [word for part in re.split(r"[\s:]+", search) if (word := part.strip(",;"))]
    alone = len(words) == 1
    sought = [Term(text=checks.key(word), amount=_amount(word, alone=alone)) for word in words]
    return [*(Term(text=checks.key(found), day=day) for found, day in days), *sought][:TERMS_MAX]


def phone(search: str) -> str:
    """The digits of a telephone number, without the code of the country; empty if it is none."""
    digits = "".join(sign for sign in search if sign in "0123456789")
    if not _PHONE.fullmatch(search) or len(digits) < PHONE_DIGITS_MIN:
        return ""
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits  # noqa: PLR2004 - of North America


def _amount(word: str, *, alone: bool) -> Decimal | None:
    """The amount it means: among other words a mere 39 is rather the number of a house."""
    return amount_meant(word) if alone or set(word) & set("$€£.,") else None


def _day(text: str) -> date | None:
    plain = text.replace(",", "").replace(".", "")
    for form in _WRITTEN:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
