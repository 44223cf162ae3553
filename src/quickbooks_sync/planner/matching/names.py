"""A name taken apart: its words, and what of it tells two customers apart however alike the words are.

Deliberately absent: whether a name is that of a person. Nothing hangs on that guess alone.
"""

import re
from dataclasses import dataclass, replace
from html import unescape

from rapidfuzz.distance import OSA

from quickbooks_sync.planner.keys import match_key, words

from .vocabulary import (
    ABBREVIATIONS,
    DEGREES,
    DESIGNATORS,
    FILLING,
    GENERATIONS,
    LEGAL_FORMS,
    NOTES,
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
#: What is set off from a name, in brackets, between asterisks or behind a dash.
_SET_OFF = re.compile(r"[(\[{*]+([^()\[\]{}*]+)[)\]}*]+|\s[-\u2013]\s*([^-\u2013]+)$")
#: An ampersand that some program has written for the web.
_ENTITY = re.compile(r"&(?:amp|apos|quot|nbsp|#\d{2,4}|#x[\da-f]{2,4});", re.IGNORECASE)
_PLUS = re.compile(r"(?<=[^\W\d_])\s+\+\s+(?=[^\W\d_])")
_TRADES_AS = re.compile(
    r"(\S.*?)[\s,(]+(?:d\.?[/.]?b\.?[/.]?a\.?|doing business as)[\s:]+(\S.*?)\)?", re.IGNORECASE
)
_CARE_OF = re.compile(r"(\S.*?)[\s,(-]+(?:c/o|care of|attn|attention)[\s:.]+(\S.*?)\)?", re.IGNORECASE)
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
    notes: tuple[str, ...] = ()
    """What was set down beside it for whoever deals with it: do not call, cash only."""

    @property
    def bag(self) -> tuple[str, ...]:
        return tuple(sorted(self.words))


def take_apart(written: str, *, person: bool = False) -> Name:
    """The parts of a name. `person`: what is known to be one, so that N is an initial and no North."""
    complete, written = written, _ENTITY.sub(lambda each: unescape(each[0].casefold()), written)
    written, notes = _without_notes(_PLUS.sub(" & ", written))
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
        key=match_key(complete),
        notes=notes,
        words=tuple(parts["words"][:WORDS_MAX]),
        soft=tuple(sorted(parts["soft"])),
        figures=tuple(sorted(parts["figures"])),
        **{sort: tuple(sorted(values)) for sort, values in told_apart.items()},
    )


@dataclass(frozen=True, slots=True)
class Written:
    """A name as it was written, and the other one that may stand in it."""

    name: Name
    other: Name | None = None
    words: str = ""
    """Which other one, for a person."""


def take_apart_both(written: str, *, person: bool = False) -> Written:
    """Ann Lee dba Corner Cafe goes by Corner Cafe, and so does Corner Cafe c/o Ann Lee."""
    for pattern, at, words_ in (
        (_TRADES_AS, 2, "a second name in one"),
        (_CARE_OF, 1, "a contact in one name"),
    ):
        if found := pattern.fullmatch(written.strip()):
            name = replace(take_apart(found[at]), key=match_key(written))
            return Written(name, take_apart(found[3 - at]), words_)
    return Written(take_apart(written, person=person))


def _without_notes(written: str) -> tuple[str, tuple[str, ...]]:
    """The name alone, and what was noted beside it."""
    notes: list[str] = []

    def taken(found: re.Match[str]) -> str:
        note = " ".join(words(found[1] or found[2]))
        if note not in NOTES:
            return found[0]
        notes.append(note)
        return " "

    name = _SET_OFF.sub(taken, written)
    return (name, tuple(sorted(notes))) if name.strip() else (written, ())


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
