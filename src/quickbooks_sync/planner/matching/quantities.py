"""The name of a service as words and numbers: 1-1/2", 1½ inch and 1.5 in are one; 2-4 h and 24 h are two."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from rapidfuzz.distance import OSA

from quickbooks_sync.planner.keys import words

from .vocabulary import FILLING, NUMBERS, ORDINALS, WORK_WORDS

#: A word of so many letters is known by them, one of them wrong.
SLIP_LETTERS_MIN = 7

#: So many parts of a whole are written after a stroke; 24/7 is no fraction.
_PARTS = "2|3|4|5|6|8|10|16|32|64"
_MIXED = re.compile(rf"(?<![\d/.])(\d+)\s*[\s-]\s*(\d+)\s*/\s*({_PARTS})(?![\d/])")
_FRACTION = re.compile(rf"(?<![\d/.])(\d+)\s*/\s*({_PARTS})(?![\d/])")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_BY = re.compile(r"(?<=\d)\s*(?:\"|''|in\.?|inch(?:es)?)?\s*(?:x|×|by)\s*(?=\.?\d)")  # noqa: RUF001 - the sign
_UNITS = (
    (re.compile(r"(?<=\d)\s*-?\s*(?:\"|''|in\b\.?|inch(?:es)?\b)"), " inch "),
    (re.compile(r"(?<=\d)\s*-?\s*(?:'|ft\b\.?|feet\b|foot\b)"), " foot "),
    *(
        # Not the A of R-410A.
        (re.compile(rf"(?<![a-z\d])(?<![a-z]-)(\d+)\s?{letter}\b"), rf"\1 {unit} ")
        for letter, unit in (("a", "amp"), ("v", "volt"), ("h", "hour"))
    ),
)
_SHORT = (
    (re.compile(r"\ba\s*/\s*c\b"), "ac"),
    (re.compile(r"\bw\s*/\s*o\b"), "without"),
    (re.compile(r"\bw\s*/"), ""),
)
_PLUS = re.compile(r"(?<=[a-z)])\s+\+\s+(?=[(a-z])")
_SPELLED = re.compile(r"\b(" + "|".join([*ORDINALS, *NUMBERS]) + r")\b")
_MODEL = re.compile(r"(?<![^\W_])([a-z]{1,3})-?(\d+)([a-z]{0,2})(?![^\W_])")
_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)"
_FIGURE = re.compile(
    rf"(?P<sign>(?<![^\s(])[-+]|[<>≤≥±]\s*|[$€£]\s*)?"
    rf"(?P<numbers>{_NUMBER}(?:\s*[x:/]\s*{_NUMBER}|\s*-\s*{_NUMBER})*)"
    rf"(?P<behind>\s*[%°+²³]|(?:st|nd|rd|th)\b|[a-z]\b)?"
)


def words_and_figures(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a service's name, in order, each in one way of writing; and its numbers, sorted."""
    text = _plain(name)
    figures: list[str] = []

    def taken(found: re.Match[str]) -> str:
        numbers = re.sub(_NUMBER, lambda each: _value(each[0]), re.sub(r"\s+", "", found["numbers"]))
        sign = (found["sign"] or "").strip()
        figures.append(f"{'' if sign in '$€£' else sign}{numbers}{(found['behind'] or '').strip()}")
        return " "

    rest = _FIGURE.sub(taken, _MODEL.sub(lambda each: _model(each, figures), text))
    figures += re.findall(r"[+<>=%²³°]", rest)
    spelled = [part for word in words(rest) for part in _meant(word).split("_")]
    return tuple(word for word in spelled if word and word not in FILLING), tuple(sorted(figures))


def _plain(name: str) -> str:
    """Small letters, typed signs, fractions as decimal numbers."""
    spelled = "".join(f" {_fraction(sign)} " if _is_fraction(sign) else sign for sign in name)
    text = unicodedata.normalize("NFC", spelled).casefold()
    text = text.translate(
        str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212\u2018\u2019\u201c\u201d", "------''\"\"")
    )
    text = _THOUSANDS.sub("", text)
    text = _MIXED.sub(lambda each: _decimal(Decimal(each[1]) + Decimal(each[2]) / Decimal(each[3])), text)
    text = _FRACTION.sub(lambda each: _decimal(Decimal(each[1]) / Decimal(each[2])), text)
    for short, meant in _SHORT:
        text = short.sub(meant, text)
    text = _PLUS.sub(" and ", text)
    text = _SPELLED.sub(lambda each: ORDINALS.get(each[1]) or NUMBERS[each[1]], text)
    text = _BY.sub("x", text)
    for unit, meant in _UNITS:
        text = unit.sub(meant, text)
    return " ".join(text.split())


@lru_cache(maxsize=10_000)
def _meant(word: str) -> str:
    """A word in its one way of writing, also where a long one has a slip in it."""
    if word in WORK_WORDS or len(word) < SLIP_LETTERS_MIN:
        return WORK_WORDS.get(word, word)
    near = [each for each in WORK_WORDS if len(each) >= SLIP_LETTERS_MIN and each[0] == word[0]]
    found = {WORK_WORDS[each] for each in near if OSA.distance(each, word, score_cutoff=1) <= 1}
    return found.pop() if len(found) == 1 else word


def _is_fraction(sign: str) -> bool:
    return unicodedata.category(sign) == "No" and "\u2044" in unicodedata.normalize("NFKD", sign)


def _fraction(sign: str) -> str:
    return unicodedata.normalize("NFKD", sign).replace("\u2044", "/")


def _model(found: re.Match[str], figures: list[str]) -> str:
    """R-410A and R410A; one number, with its letters."""
    figures.append(found[1] + found[2] + found[3])
    return " "


def _value(number: str) -> str:
    try:
        return _decimal(Decimal(number))
    except InvalidOperation:
        return number  # digits of another script


def _decimal(value: Decimal) -> str:
    text = format(round(value, 4), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
