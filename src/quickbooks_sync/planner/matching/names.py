"""A name taken apart: its words, and what of it tells two customers apart however alike the words are.

Deliberately absent: whether a name is that of a person. Nothing hangs on that guess alone.
"""

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from quickbooks_sync.planner.keys import match_key, words

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
    given_names,
)

#: Words of a name that are compared; more are those of a sentence.
WORDS_MAX = 12
#: In a name of so few words no letter is a side, and none is left out.
FEW = 2
#: A legal form of so many letters is known by them, one of them wrong.
LONG_FORM_MIN = 7

_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)$")
_LETTERS_OR_DIGITS = re.compile(r"\d+(?:st|nd|rd|th)(?!\w)|\d+|[^\W\d_]+(?:[^\w\s]+[^\W\d_]+)*|\S")
#: Signs that are written or left out as one likes, unless they stand between digits.
_LOOSE_SIGNS = "&/#@*~|\\^\x1f"
_LAST_FIRST = re.compile(r"^\s*([^,]+?)\s*,\s*([^,]+?)\s*$")
#: What somebody is called beside the name, in brackets or quotation marks.
_NICKNAME = re.compile(r"(?<=\w )[(\"\u201c]([^\W\d_]+)[)\"\u201d](?= \w)")
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
    """Numbers with the signs between their digits, letters that designate, and signs with a meaning."""
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
    parts: dict[str, list[str]] = {"words": [], "soft": [], "figures": _figures(written)}
    told_apart: dict[str, set[str]] = {"marks": set(), "forms": set(), "titles": set()}
    for at, word in enumerate(found):
        sort, value = _tells_apart(
            word, at=at, last=at + 1 == len(found), few=len(found) <= FEW, person=person
        )
        if sort:
            told_apart[sort] |= {value} - {""}
        elif not _is_left_out(word, found, at):
            meant = ABBREVIATIONS.get(word, word)
            told_apart["marks"] |= {side for side in SIDES_AS_STARTS if word.startswith(side)}
            following = found[at - 1] if at else ""
            letter = len(word) == 1 and (following in DESIGNATORS or following[:1].isdecimal())
            parts["figures" if letter else "soft" if meant in SOFT and at else "words"].append(meant)
    if not parts["words"]:  # "The Company", "Unit 4": then these are its words
        parts["words"] = [*parts["soft"], *(word for word in found if word not in FILLING)] or [
            match_key(written)
        ]
        parts["soft"] = []
    return Name(
        key=match_key(written),
        words=tuple(parts["words"][:WORDS_MAX]),
        soft=tuple(sorted(parts["soft"])),
        figures=tuple(sorted(parts["figures"])),
        **{sort: tuple(sorted(values)) for sort, values in told_apart.items()},
    )


def _tells_apart(word: str, *, at: int, last: bool, few: bool, person: bool) -> tuple[str, str]:
    """Of a word that is no part of the name itself: which part of `Name` it is, and what it says."""
    if at and (form := _legal_form(word)):
        return "forms", form
    if word in GENERATIONS and at and (len(word) > 1 or (person and last)):
        return "marks", GENERATIONS[word]
    if word in TITLES and not (at and word in {"dr", "miss"}) and not (last and not at):
        return "titles", TITLES[word]
    if word in SIDES or (word in SIDE_LETTERS and not person and not few):
        return "marks", SIDES.get(word) or SIDE_LETTERS[word]
    return "", ""


def _is_left_out(word: str, found: list[str], at: int) -> bool:
    """Whether it says nothing by itself, or stands among the figures."""
    if word in FILLING or word[0].isdecimal() or word in NUMBERS:
        return True
    if len(found) > FEW and ((word in DEGREES and at) or (word == "a" and not at)):
        return True
    return word in DESIGNATORS and at + 1 < len(found) and _designates(found[at + 1])


def _in_order(written: str) -> list[str]:
    """Its words; a family name that stands first, before a comma, goes last."""
    nickname = _NICKNAME.search(written)
    if nickname and nickname[1].casefold() in given_names():
        written = _NICKNAME.sub(" ", written, count=1)
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
