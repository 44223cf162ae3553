"""What else is known of two records of one name, and whether it speaks for or against their being the same.

Pure. Ways of writing do not count: phones are compared by their digits, addresses by house number, street and
ZIP code. Deliberately absent: a score. Anything blank on one side says nothing.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import product

from .keys import loose_key, match_key, words

#: So many digits are a phone number without its area code.
PHONE_DIGITS_MIN = 7
#: A price so many times the other is another service, not a price that has risen.
PRICE_RATIO_MAX = 2

_SEVERAL_PHONES = re.compile(r"[/;,|&\n]|\bor\b|\band\b", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:ext(?:ension)?|x|#)[\s.:]*\d+\W*$", re.IGNORECASE)
_ZIP = re.compile(r"(\d{5})(?:\W?\d{4})?")
_UNIT_SIGN = re.compile(r"#\s*(?=\w)")
_UNITS = frozenset(
    {"apartment", "apt", "building", "bldg", "floor", "fl", "lot", "room", "rm", "suite", "ste", "unit"}
)
_WRITTEN = {
    "street": "st",
    "avenue": "ave",
    "av": "ave",
    "road": "rd",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "boulevard": "blvd",
    "place": "pl",
    "terrace": "ter",
    "circle": "cir",
    "square": "sq",
    "parkway": "pkwy",
    "highway": "hwy",
    "trail": "trl",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
}


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where somebody is, as it was written."""

    street: str = ""
    city: str = ""
    postal_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What is compared when two records might be the same."""

    name: str
    email: str = ""
    phone: str = ""
    mobile: str = ""
    billing: Address = field(default_factory=Address)
    service: Address = field(default_factory=Address)
    company: str = ""
    code: str = ""
    """Of a work code: tells two of one name apart, and makes two of different names likely the same."""
    price: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What agrees, and what speaks against; by the names of fields, as a person is told them."""

    agree: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def contradicts(self) -> bool:
        return bool(self.against) and not self.agree


def weigh(a: Identity, b: Identity) -> Evidence:
    """Compare everything but the names."""
    found = {
        "email": _agree(_emails(a), _emails(b)),
        "phone": _phones_agree(_phones(a), _phones(b)),
        "address": _addresses_agree(a, b),
        "code": match_key(a.code) == match_key(b.code) if a.code and b.code else None,
        # Firms of one name have that name, and prices rise: their being equal says nothing.
        "company_name": False if _other_firm(a.company, b.company) else None,
        "price": False if _other_price(a.price, b.price) else None,
    }
    return Evidence(
        agree=tuple(name for name, same in found.items() if same),
        against=tuple(name for name, same in found.items() if same is False),
    )


def _agree(a: set[str], b: set[str]) -> bool | None:
    return not a.isdisjoint(b) if a and b else None


def _emails(one: Identity) -> set[str]:
    """Every address of the field; what is none says nothing."""
    return {part.strip("<>") for part in re.split(r"[,;\s]+", one.email.casefold()) if "@" in part}


def _phones(one: Identity) -> set[str]:
    """Every number of both fields, without country code 1, extension and zeros before it."""
    written = [*_SEVERAL_PHONES.split(one.phone), *_SEVERAL_PHONES.split(one.mobile)]
    return set(filter(None, map(_digits, written)))


def _digits(phone: str) -> str:
    bare = _EXTENSION.sub("", phone.replace("(0)", ""))
    digits = "".join(str(unicodedata.decimal(sign)) for sign in bare if sign.isdecimal()).lstrip("0")
    if len(digits) == 11 and digits[0] == "1":  # noqa: PLR2004 - as numbers are in North America
        digits = digits[1:]
    # 999-9999 is what people type who have no number.
    return digits if len(digits) >= PHONE_DIGITS_MIN and len(set(digits)) > 1 else ""


def _phones_agree(a: set[str], b: set[str]) -> bool | None:
    """One may be written without area or country code."""
    if not (a and b):
        return None
    return any(x.endswith(y) or y.endswith(x) for x, y in product(a, b))


def _addresses_agree(a: Identity, b: Identity) -> bool | None:
    """Any of one that is any of the other agrees; only those of one sort speak against each other."""
    if any(_same_address(x, y) for x, y in product((a.billing, a.service), (b.billing, b.service))):
        return True
    sorts = [_same_address(a.billing, b.billing), _same_address(a.service, b.service)]
    return False if False in sorts else None


def _same_address(a: Address, b: Address) -> bool | None:
    """Whether both are one place; unknown without two streets, unless the towns differ."""
    place = _same_place(a, b)
    (street_a, unit_a), (street_b, unit_b) = _street(a.street), _street(b.street)
    if not (street_a and street_b):
        return False if place is False else None
    shorter, longer = sorted((street_a, street_b), key=len)  # one may go on with the town
    same_unit = unit_a == unit_b or not (unit_a and unit_b)
    return longer[: len(shorter)] == shorter and same_unit and place is not False


def _same_place(a: Address, b: Address) -> bool | None:
    if a.postal_code and b.postal_code:
        return _zip(a.postal_code) == _zip(b.postal_code)
    return loose_key(a.city) == loose_key(b.city) if a.city and b.city else None


def _zip(code: str) -> str:
    found = _ZIP.fullmatch(code.strip())
    return found[1] if found else "".join(words(code))


def _street(written: str) -> tuple[list[str], str]:
    """House number and street as words, and the unit; a line before the house number does not count."""
    found = [_WRITTEN.get(word, word) for word in words(_UNIT_SIGN.sub(" unit ", written))]
    units = [at for at, word in enumerate(found[:-1]) if word in _UNITS]
    unit = found[units[0] + 1] if units else ""
    for at in reversed(units):
        del found[at : at + 2]
    numbers = (at for at, word in enumerate(found[:-1]) if word[0].isdecimal() and found[at - 1] != "box")
    return found[next(numbers, 0) :], unit


def _other_firm(a: str, b: str) -> bool:
    return bool(a and b) and loose_key(a) != loose_key(b)


def _other_price(a: Decimal, b: Decimal) -> bool:
    low, high = sorted((a, b))
    return low > 0 and high > PRICE_RATIO_MAX * low
