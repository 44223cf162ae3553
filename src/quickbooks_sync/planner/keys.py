"""The keys under which names are sought and compared.

Two equal `match_key`s are one name but for case, spaces and harmless punctuation: what is not known to be
harmless counts. Pure. Deliberately absent: how alike two
different names are; that is for `matching`.
"""

import re
import unicodedata
from functools import cache

#: The longest key that is stored.
KEY_LENGTH = 600

#: Dashes, quotation marks and blanks that cannot be seen, as they are typed on a keyboard.
_TYPED = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d", '"'),
        **dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\ufeff", " "),
    }
)
_SENTENCE = ".,;:!?"
_HARMLESS = frozenset(f"{_SENTENCE}'\" …")
#: Dashes, brackets, quotation marks, underscores, blanks.
_HARMLESS_CATEGORIES = frozenset({"Pd", "Ps", "Pe", "Pi", "Pf", "Pc", "Zs"})
_COUNTED_GAP = "\x1f"  # stands in no name: it is a blank, and blanks are made equal first
#: Phase I II is not Phase III.
_ROMAN_GAP = re.compile(r"\b([ivx]+)(?=[^\w]+[ivx]+\b)")
#: Unit A-B is not Unit AB.
_LETTER_DASH = re.compile(r"(?<=\b\w)-(?=\w)|(?<=\w)-(?=\w\b)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_INSIDE_A_WORD = re.compile(r"(?<!\d)[.']|[.'](?!\d)")
#: Latin letters that are written without their stroke now and then, and are no composed ones.
_STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)


def folded(name: str) -> str:
    """A name as QuickBooks compares it for uniqueness: case and outer blanks do not count."""
    return name.strip().casefold()


def match_key(name: str) -> str:
    """A name without case, spaces and harmless punctuation; two equal keys are the same name.

    What stands between two digits counts, blanks included; so do signs at a digit or a sign, and every sign
    that has a meaning of its own (+ < > = % & # $ / ...).
    """
    text = _LETTER_DASH.sub(f"{_COUNTED_GAP}-", _ROMAN_GAP.sub(rf"\1{_COUNTED_GAP}", _canonical(name)))
    key, before, gap = "", "", ""
    for sign in text:
        if _is_harmless(sign):
            gap += sign
        else:
            key += _counted(before, gap, sign) + sign
            before, gap = sign, ""
    return key + _counted(before, gap, "") or text or name.strip()


def code_key(code: str) -> str:
    """A code without its signs, numbers kept apart."""
    return _joined(words(code)) or match_key(code)


def stored_key(name: str) -> str:
    """The `match_key` as it is stored. A long one is cut: it only finds, names decide."""
    return match_key(name)[:KEY_LENGTH]


def words(name: str) -> list[str]:
    """The words of a text without case, signs and Latin accents, written as on a keyboard."""
    text = "".join(map(_keyed, _canonical(name))).translate(_STROKES)
    kept, base = [], ""
    for sign in unicodedata.normalize("NFKD", text):
        if unicodedata.category(sign)[0] == "M":
            # Accents of Latin letters may be left out; in other scripts marks tell words apart.
            kept.append(sign if base.isalnum() and not _is_latin(base) else "")
        else:
            kept.append(sign)
            base = sign
    text = _INSIDE_A_WORD.sub("", _THOUSANDS.sub("", "".join(kept).casefold()))
    return "".join(
        sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in text
    ).split()


def unique_name(name: str, *, word: str = "", taken: frozenset[str], length: int) -> str:
    """A free name to propose when another holds it: `Northside Supply (customer)`, then `(customer 2)`.

    Without a word it is a number alone: `John Smith (2)`.
    """
    number = 1 if word else 2
    while True:
        suffix = f" ({f'{word} {number}' if word and number > 1 else word or number})"
        proposal = name[: length - len(suffix)] + suffix
        if folded(proposal) not in taken:
            return proposal
        number += 1


def _canonical(name: str) -> str:
    """One way of writing case, composed letters, blanks, dashes and quotation marks.

    Only canonical forms: the compatible ones make 102 of 10², and 11/2 of 1½.
    """
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
    return " ".join(text.translate(_TYPED).split())


@cache
def _is_harmless(sign: str) -> bool:
    return sign in _HARMLESS or unicodedata.category(sign) in _HARMLESS_CATEGORIES


@cache
def _counts(sign: str) -> bool:
    """Whether a dash or a point beside it means something: digits (of any script) and signs."""
    return sign.isnumeric() or unicodedata.category(sign or "a")[0] in "SP"


def _counted(before: str, gap: str, after: str) -> str:
    """What counts of the harmless signs between two that are kept."""
    if not gap or not (_counts(before) or _counts(after)):
        return ""
    if before.isnumeric() and after.isnumeric():
        return gap
    first, *more = gap.split(" ")
    if not more:  # it touches both
        return gap if after else first.rstrip(_SENTENCE)
    first = first.rstrip(_SENTENCE) if _counts(before) else _dashes(first)
    last = more.pop()
    return first + _dashes("".join(more)) + (last if _counts(after) else _dashes(last))


def _dashes(signs: str) -> str:
    return "-" * signs.count("-")


def _keyed(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return f" {sign} " if sign.isnumeric() and unicodedata.normalize("NFKD", sign) != sign else sign


@cache
def _is_latin(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("LATIN")


def _joined(parts: list[str]) -> str:
    """Words without the blanks between them, save those that part two numbers."""
    key = ""
    for word in parts:
        key += f" {word}" if key[-1:].isnumeric() and word[0].isnumeric() else word
    return key
