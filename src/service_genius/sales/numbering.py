"""The series that the numbers of one sort of sales form belong to, and the next ones of it."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet

FIRST_NUMBER = "1001"
NUMBER_TRIES_MAX = 10_000
#: 1070-2 belongs to the whole numbers if one so near to 1070 is there.
NEAR = 100
#: All documents of one sort that a company has.
Documents = QuerySet[Any]
_SERIES = re.compile(r"(.*?)([0-9]{1,15})")
_SUFFIXED = re.compile(r"([0-9]{2,15})-[1-9][0-9]?")


def next_number(documents: Documents) -> str:
    """The first free number after that of the one entered last."""
    last = documents.filter(number__regex=r"[0-9]$").order_by("-pk").values_list("number", flat=True).first()
    if last is None or _SERIES.fullmatch(last) is None:
        return FIRST_NUMBER
    front, digits = series(documents, last)
    return next(free_after(documents, front, digits, held=()))


def series(documents: Documents, number: str) -> tuple[str, str]:
    """What stands before the whole number at its end, and that number; empty if it has none.

    `1070-2` is no series of its own where whole numbers like 1070 are used: somebody told two apart by it.
    """
    suffixed = _SUFFIXED.fullmatch(number)
    if suffixed is not None:
        base = int(suffixed[1])
        near = [str(each) for each in range(max(base - NEAR, 0), base + NEAR)]
        if documents.filter(number__in=near).exists():
            return "", suffixed[1]
    parts = _SERIES.fullmatch(number)
    return (parts[1], parts[2]) if parts is not None else (number, "")


def highest(front: str, digits: str, numbers: Iterable[str]) -> str:
    """The highest of a series; of numbers with other many digits nobody knows that they belong to it."""
    alike = [
        number.removeprefix(front)
        for number in numbers
        if number.startswith(front) and re.fullmatch(r"[0-9]+", number.removeprefix(front))
    ]
    return max([digits, *(each for each in alike if len(each) == len(digits))], key=int)


def free_after(documents: Documents, front: str, digits: str, *, held: Collection[str]) -> Iterator[str]:
    """The numbers after this one, in turn, that none here has, nor is among `held`."""
    for number in after(front, digits):
        if number not in held and not documents.filter(number=number).exists():
            yield number


def after(front: str, digits: str) -> Iterator[str]:
    """The numbers after this one, in turn."""
    for step in range(1, NUMBER_TRIES_MAX):
        yield f"{front}{int(digits) + step:0{len(digits)}}"
    raise LookupError(f"No free number was found after {front}{digits}.")
