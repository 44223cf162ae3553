"""Phones, e-mail addresses and streets in the one form in which they are compared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers
from rapidfuzz.distance import OSA

from quickbooks_sync.planner.keys import words

from .vocabulary import STREET_KINDS, TOWN_WORDS, UNIT_WORDS

#: So many digits are a phone number without its area code.
PHONE_DIGITS_MIN = 7
#: Numbers without a country code are read as those of this country.
REGION = "US"

_SEVERAL_PHONES = re.compile(r"[/;,|&\n]|\bor\b|\band\b", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:ext(?:ension)?|x|#)[\s.:]*(\d+)\W*$", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@,;<>\"()]+@[^\s@,;<>\"()]+")
_ZIP = re.compile(r"(\d{5})(?:\W?\d{4})?")
_ZIP_BEHIND = re.compile(r"\b(\d{5})(?:-\d{4})?\s*$")
_UNIT_SIGN = re.compile(r"#\s*(?=\w)")
_SIDE_WORDS = {"north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw",
               "southeast": "se", "southwest": "sw"}  # fmt: skip
_ROUTE = {"rt": "route", "rte": "route", "hwy": "hwy", "highway": "hwy"}


@dataclass(frozen=True, slots=True)
class Place:
    """An address: house number, street, unit, ZIP code, town; each may be unknown."""

    house: str = ""
    street: str = ""
    """Its name without its kind and its side, as one word."""
    complete: str = ""
    """Street, kind and side as one word, as they were written."""
    kind: str = ""
    side: str = ""
    unit: str = ""
    postal_code: str = ""
    town: str = ""

    @property
    def door(self) -> str:
        """What tells a house from every other, or nothing if too little is known."""
        where = self.postal_code or self.town
        return f"{self.house} {self.street} {where}" if self.house and self.street and where else ""


def phones(*written: str) -> frozenset[str]:
    """Every number in these fields, in international form where it is a valid one, else its digits."""
    parts = (part for field in written for part in _SEVERAL_PHONES.split(field))
    return frozenset(filter(None, map(_number, parts)))


def emails(written: str) -> frozenset[str]:
    """Every address of the field, without what stands behind a plus sign."""
    found = (each.rstrip(".").casefold().split("@", 1) for each in _EMAIL.findall(written))
    return frozenset(f"{local.split('+')[0] or local}@{domain}" for local, domain in found if "." in domain)


def place(*, street: str, town: str, postal_code: str) -> Place | None:
    """An address taken apart; nothing if nothing is known."""
    if not (street.strip() or town.strip() or postal_code.strip()):
        return None
    if not postal_code and street and (found := _ZIP_BEHIND.search(street)) and "\n" in street:
        postal_code = found[1]
    house, names, unit = _street(street)
    complete = "".join(names)
    kinds = [each for each in names[1:] if each in STREET_KINDS]
    sides = [_SIDE_WORDS.get(each, each) for each in names]
    side = next((each for each in sides if each in _SIDE_WORDS.values()), "") if len(names) > 1 else ""
    kind = kinds[-1] if kinds else ""
    if kind:  # what follows it is the town, or nothing
        del names[len(names) - names[::-1].index(kind) :]
        names.pop()
    bare = [each for each in names if _SIDE_WORDS.get(each, each) != side or not side]
    return Place(
        house=house,
        street="".join(bare or names),
        complete=complete,
        kind=STREET_KINDS.get(kind, ""),
        side=side,
        unit=unit,
        postal_code=_postal_code(postal_code),
        town="".join(TOWN_WORDS.get(each, each) for each in words(town)),
    )


def digits_differ_in_one(one: str, other: str) -> bool:
    """Whether two numbers are one but for a digit, or for two neighbours that changed places."""
    one, other = (re.sub(r"\D", "", each) for each in (one, other))
    if len(one) != len(other):
        return False
    apart = [at for at in range(len(one)) if one[at] != other[at]]
    if len(apart) == 2 and apart[1] - apart[0] == 1:  # noqa: PLR2004 - two neighbours
        return one[apart[0]] == other[apart[1]] and one[apart[1]] == other[apart[0]]
    return len(apart) == 1


def is_slip_of_house(one: str, other: str) -> bool:
    """Whether one house number is the other with a digit left out, or with two that changed places.

    Another digit is another house: 12 and 14 are neighbours.
    """
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        return short != long and OSA.distance(short, long) == 1 and sorted(short) == sorted(long)
    return len(long) - len(short) == 1 and OSA.distance(short, long) == 1


def one_number(one: str, other: str) -> bool:
    """Whether two are the same number; one may be written without area code."""
    short, long = sorted((one.lstrip("+"), other.lstrip("+")), key=len)
    return short == long or (len(short) < len(long) and long.endswith(short))


def agree(one: Iterable[str], other: Iterable[str]) -> str:
    """The number that both have, as the longer of the two is written; else nothing."""
    found = [max(a, b, key=len) for a in one for b in other if one_number(a, b)]
    return max(found, default="")


def _number(written: str) -> str:
    bare = _EXTENSION.sub("", written.replace("(0)", ""))
    try:
        number = phonenumbers.parse(bare, REGION)
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass
    digits = "".join(str(int(sign)) for sign in bare if sign.isdecimal()).lstrip("0")
    if len(digits) == 11 and digits[0] == "1":  # noqa: PLR2004 - as numbers are in North America
        digits = digits[1:]
    # 999-9999 is what people type who have no number.
    return digits if len(digits) >= PHONE_DIGITS_MIN and len(set(digits)) > 1 else ""


def _postal_code(code: str) -> str:
    found = _ZIP.fullmatch(code.strip())
    return found[1] if found else "".join(words(code))


def _street(written: str) -> tuple[str, list[str], str]:
    """House number, words of the street, unit; a line before the house number does not count."""
    found = [_ROUTE.get(each, each) for each in words(_UNIT_SIGN.sub(" unit ", written))]
    units = [at for at, word in enumerate(found[:-1]) if at and word in UNIT_WORDS]
    unit = " ".join(found[at + 1] for at in units)
    for at in reversed(units):
        del found[at : at + 2]
    if "box" in found[:-1]:
        at = found.index("box")
        return found[at + 1], ["box"], unit
    numbers = [at for at, word in enumerate(found) if word[0].isdecimal() and not _ordinal(word)]
    if not numbers or (len(found) > 1 and numbers[0] == len(found) - 1):
        return "", found, unit
    return found[numbers[0]], found[numbers[0] + 1 :], unit


def _ordinal(word: str) -> bool:
    return word[-2:] in {"st", "nd", "rd", "th"}
