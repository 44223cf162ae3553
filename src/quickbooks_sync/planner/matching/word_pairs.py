"""Which word of one name is which word of the other, and how surely.

Each pair of words is the same, or a way of writing, a short name, an initial, a typing error; what finds no
partner is a word more, or another word. It makes no difference which name is taken first.
"""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from .rarity import Rarity
from .vocabulary import STANDS_FOR, given_names, is_short_for, may_be_short_for

SLIP_LETTERS_MIN = 2
SURE_SLIP_LETTERS_MIN = 4
TWO_SLIPS_LETTERS_MIN = 6
LOOSE_LETTERS_MIN = 9
PLURAL_LETTERS_MIN = 5
ABBREVIATED_MIN = 3
JOINED_SLIP_MIN = 8
_VOWELS = frozenset("aeiouy")
#: Endings that make another form of one word, and how many letters must be left: a station is no state.
_INFLECTIONS = {"ing": 3, "ed": 3, "e": 3, "ation": 4, "ion": 5, "ment": 5, "al": 5, "s": 3}
_ENDINGS = frozenset("aeo")


class How(Enum):
    """How two words are one: bits beside what the word is worth, how much else must agree, and in words."""

    SAME = (0.0, 0, "")
    PLURAL = (-0.5, 1, "one name has an s more")
    JOINED = (-1.0, 1, "a word written apart")
    INITIAL = (0.0, 2, "one has an initial")
    SHORT = (-2.0, 1, "a short form of the name")
    STANDS_FOR = (-0.5, 1, "an abbreviation")
    INFLECTED = (-0.5, 1, "another form of a word")
    ABBREVIATED = (-3.0, 2, "an abbreviation")
    ONE_LETTER = (-3.5, 1, "names differ by one letter")
    TWO_LETTERS = (-4.5, 1, "names differ by two letters")
    ONE_OF_THREE = (-4.5, 2, "names differ by one letter")
    MAYBE_SHORT = (-6.0, 3, "perhaps a short form of the name")
    LOOSE = (-6.0, 2, "names differ by some letters")

    @property
    def bits(self) -> float:
        return self.value[0]

    @property
    def needs(self) -> int:
        return self.value[1]

    @property
    def words(self) -> str:
        return self.value[2]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Two names, word by word."""

    pairs: tuple[tuple[str, str, How], ...]
    extra: tuple[str, ...]
    """Words that only one of the names has, none being left in the other."""
    replaced: int
    """So many words are another word in the other name."""


def word_fact(word: str) -> str:
    """A word as it is counted."""
    return f"w:{word}"


def align(
    one: tuple[str, ...], other: tuple[str, ...], rarity: Rarity, *, inflected: bool = False
) -> Aligned:
    """The words of both in pairs. `inflected`: Mow and Mowing are one, which Brown and Browning are not."""
    if sorted(one) == sorted(other):
        return Aligned(pairs=tuple((word, word, How.SAME) for word in sorted(one)), extra=(), replaced=0)
    first, second = sorted((list(one), list(other)))
    pairs: list[tuple[str, str, How]] = []
    for word in tuple(first):
        if word in second:
            first.remove(word)
            second.remove(word)
            pairs.append((word, word, How.SAME))
    if len(one) != len(other):
        _join(first, second, pairs)
        _join(second, first, pairs)
    near = sorted(
        (-how.bits, how.name, a, b)
        for a in set(first)
        for b in set(second)
        if (how := _how(a, b, rarity, inflected=inflected)) is not None
    )
    for _, how_name, a, b in near:
        if a in first and b in second:
            first.remove(a)
            second.remove(b)
            pairs.append((a, b, How[how_name]))
    replaced = min(len(first), len(second))
    left = () if replaced else tuple(sorted(first + second))
    return Aligned(pairs=tuple(pairs), extra=left, replaced=max(len(first), len(second)) if replaced else 0)


def _join(long: list[str], short: list[str], pairs: list[tuple[str, str, How]]) -> None:
    """Mac Donald is MacDonald, Air Tech is Airtech: only where one has more words than the other."""
    for a, b in tuple(pairwise(long)):
        joined = a + b
        complete = next((word for word in short if _is_joined(joined, word)), None)
        if complete is not None and len(short) < len(long) and a in long and b in long:
            short.remove(complete)
            long.remove(a)
            long.remove(b)
            pairs.append((complete, complete, How.JOINED))


def _is_joined(joined: str, word: str) -> bool:
    return joined == word or (
        len(word) >= JOINED_SLIP_MIN and OSA.distance(joined, word, score_cutoff=1) <= 1
    )


def _how(a: str, b: str, rarity: Rarity, *, inflected: bool) -> How | None:
    short, long = sorted((a, b), key=len)
    if len(short) == 1:
        return How.INITIAL if long[0] == short else None
    if long in STANDS_FOR.get(short, ()):
        return How.STANDS_FOR
    names = given_names()
    if long == short + "s" and len(long) >= PLURAL_LETTERS_MIN and not (a in names or b in names):
        return How.PLURAL
    if is_short_for(a, b) or may_be_short_for(a, b):
        return How.SHORT if is_short_for(a, b) else How.MAYBE_SHORT
    if inflected and is_inflected(short, long):
        return How.INFLECTED
    return None if a in names and b in names else _two_ways(short, long, rarity)


def _two_ways(short: str, long: str, rarity: Rarity) -> How | None:
    """Whether one is the other mistyped or abbreviated, and not a word of its own."""
    abbreviated = How.ABBREVIATED if _is_abbreviation(short, long) else None
    facts = word_fact(short), word_fact(long)
    if rarity.are_two_words(*facts):
        # What one list writes in full and the other never does is no second word.
        return None if rarity.stand_in_one_list(*facts) else abbreviated
    return _mistyped(short, long) or abbreviated


def _mistyped(short: str, long: str) -> How | None:
    if len(short) < SLIP_LETTERS_MIN:
        return None
    if short[0] != long[0] and len(short) == len(long) and short[:2] != long[1::-1]:
        return None  # Milltop is no slip for Hilltop
    if _other_ending(short, long):
        return None
    distance = OSA.distance(short, long, score_cutoff=3)
    if distance == 1:
        return How.ONE_LETTER if len(long) >= SURE_SLIP_LETTERS_MIN else How.ONE_OF_THREE
    if distance == 2 and len(long) >= TWO_SLIPS_LETTERS_MIN:  # noqa: PLR2004
        return How.TWO_LETTERS
    return How.LOOSE if distance == 3 and len(short) >= LOOSE_LETTERS_MIN else None  # noqa: PLR2004


def _other_ending(short: str, long: str) -> bool:
    """Mario and Maria, Luis and Luisa, Kayla and Kaylee: another ending makes another name."""
    if len(short) == len(long):
        return short[:-1] == long[:-1] and {short[-1], long[-1]} <= _ENDINGS
    stem = short[:-1] if short[-1] in _ENDINGS else short
    return long[-1] in _ENDINGS and long.startswith(stem) and long[:-1] in {short, stem + long[-1]}


def _is_abbreviation(short: str, long: str) -> bool:
    """Const for Construction, Hdwr for Hardware."""
    if len(short) < ABBREVIATED_MIN or len(long) - len(short) < 2 or short[0] != long[0]:  # noqa: PLR2004
        return False
    if long.startswith(short):
        return True
    letters = iter(long)
    return not _VOWELS & set(short[1:-1] + short[-1].strip("y")) and all(
        letter in letters for letter in short
    )


def is_inflected(one: str, other: str) -> bool:
    """Mow and Mowing, Aerate and Aeration, Remove and Removal: one stem with two endings."""
    return bool(_stems(one) & _stems(other))


@lru_cache(maxsize=10_000)
def _stems(word: str) -> frozenset[str]:
    """What may be left of a word without its ending."""
    found = {word}
    for ending, letters_min in _INFLECTIONS.items():
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= letters_min and _VOWELS & {*stem}:
            found |= {stem, stem[:-1]} if stem[-2:-1] == stem[-1:] else {stem}  # trimming, trim
    return frozenset(found)
