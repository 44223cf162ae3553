"""A name taken apart: its words, and what of it tells two customers apart however alike the words are.

Deliberately absent: whether a name is that of a person. Nothing hangs on that guess alone.
"""

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from ..keys import match_key, words
from .vocabulary import (
    ABBREVIATIONS,
    DEGREES,
    DESIGNATORS,
    FILLING,
    GENERATIONS,
    LEGAL_FORMS,
    NUMBERS,
    SIDE_LETTERS,
    SIDES,
    SIDES_AS_STARTS,
    SOFT,
    SPELLED_OUT,
    TITLES,
)

#: Words of a name that are compared; more are those of a sentence.
WORDS_MAX = 12
#: A legal form of so many letters is known by them, one of them wrong.
LONG_FORM_MIN = 7

_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)$")
_LETTERS_OR_DIGITS = re.compile(r"\d+(?:st|nd|rd|th)(?!\w)|\d+|[^\W\d_]+(?:[^\w\s]+[^\W\d_]+)*|\S")
#: Signs that are written or left out as one likes, unless they stand between digits.
_LOOSE_SIGNS = "&/#@*~|\\^\x1f"
_LAST_FIRST = re.compile(r"^\s*([^,]+?)\s*,\s*([^,]+?)\s*$")
_LETTERS = re.compile(r"[^\W\d_]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_AROUND_A_SIGN = re.compile(r"\s*([^\w\s])\s*")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared."""

    key: str
    """As `match_key`: two equal ones are one name, written alike."""
    words: tuple[str, ...]
    """What it is made of, in order, each in its one way of writing."""
    soft: tuple[str, ...]
    """Words that a firm may add or leave out."""
    figures: tuple[str, ...]
    """Numbers with the signs between their digits, designating letters, and signs with a meaning of their own."""
    marks: tuple[str, ...]
    """Generations and sides: who of a family, which of two branches."""
    forms: tuple[str, ...]
    """Legal forms."""
    titles: tuple[str, ...] = ()
    """Whether it is addressed as a man's or a woman's."""

    @property
    def bag(self) -> tuple[str, ...]:
        return tuple(sorted(self.words))


def take_apart(written: str, *, person: bool = False) -> Name:
    """The parts of a name. `person`: what is known to be one, so that N is an initial and no North."""
    found = _in_order(written)
    parts: list[str] = []
    soft: list[str] = []
    figures = _figures(written)
    marks: list[str] = []
    forms: list[str] = []
    titles: set[str] = set()
    for at, word in enumerate(found):
        behind = found[at - 1] if at else ""
        if at and (form := _legal_form(word)):
            forms.append(form)
        elif word in GENERATIONS and at and (len(word) > 1 or (person and at + 1 == len(found))):
            marks.append(GENERATIONS[word])
        elif word in TITLES and len(found) > 1 and not (at and word in {"dr", "miss"}):
            titles |= {TITLES[word]} - {""}
        elif len(found) > 2 and (word in DEGREES and at or word == "a" and not person):  # noqa: PLR2004
            continue
        elif word in FILLING:
            continue
        elif word in SIDES or (word in SIDE_LETTERS and not person and len(found) > 2):  # noqa: PLR2004
            marks.append(SIDES.get(word) or SIDE_LETTERS[word])
        elif word[0].isdecimal() or word in NUMBERS:
            continue  # among the figures
        elif (behind in DESIGNATORS or behind[:1].isdecimal()) and len(word) == 1:
            figures.append(word)
        elif word in DESIGNATORS and at + 1 < len(found) and _designates(found[at + 1]):
            continue  # "Unit 4", "No. 4", "#4"
        else:
            meant = ABBREVIATIONS.get(word, word)
            marks += [side for side in SIDES_AS_STARTS if word.startswith(side)]
            (soft if meant in SOFT and at else parts).append(meant)
    if not parts:  # "The Company", "Unit 4": then these are its words
        parts, soft = [*soft, *(word for word in found if word not in FILLING)] or [match_key(written)], []
    return Name(
        key=match_key(written),
        words=tuple(parts[:WORDS_MAX]),
        soft=tuple(sorted(soft)),
        figures=tuple(sorted(figures)),
        marks=tuple(sorted(set(marks))),
        forms=tuple(sorted(set(forms))),
        titles=tuple(sorted(titles)),
    )


def _in_order(written: str) -> list[str]:
    """Its words; a family name that stands first, before a comma, goes last."""
    swapped = _LAST_FIRST.match(written)
    if swapped and not {*words(swapped[2])} & {*LEGAL_FORMS, *GENERATIONS, *DEGREES, *SIDES}:
        written = f"{swapped[2]} {swapped[1]}"
    found: list[str] = []
    for word in words(written):
        if word in SPELLED_OUT:
            found += SPELLED_OUT[word]
        elif word.isalpha() or _ORDINAL.match(word):
            found.append(word)
        else:
            found += _LETTERS_OR_DIGITS.findall(word)
    return found


def _legal_form(word: str) -> str:
    """Its short form, also where a long one is written with a slip."""
    if word in LEGAL_FORMS or len(word) < LONG_FORM_MIN:
        return LEGAL_FORMS.get(word, "")
    slips = (form for form in LEGAL_FORMS if len(form) >= LONG_FORM_MIN)
    return next((LEGAL_FORMS[form] for form in slips if OSA.distance(form, word, score_cutoff=1) <= 1), "")


def _designates(word: str) -> bool:
    return word[0].isdecimal() or word in NUMBERS or len(word) == 1


def _figures(written: str) -> list[str]:
    """The numbers, each with the signs around its digits, and signs that mean something by themselves."""
    found = [NUMBERS[word] for word in words(written) if word in NUMBERS]
    for run in _LETTERS.split(_THOUSANDS.sub("", match_key(written))):
        bare = run.strip(_LOOSE_SIGNS)
        if any(sign.isnumeric() for sign in bare):
            bare = _AROUND_A_SIGN.sub(r"\1", bare).strip("-. ")
        if bare.strip("-"):  # a dash alone stands between words
            found.append(bare)
    return found
