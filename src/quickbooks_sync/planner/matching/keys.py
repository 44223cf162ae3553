"""The keys under which a customer is found, so that never all are compared with all.

Each is a text, equal on every machine and in every process, so that it can be stored. Deliberately absent: a
key that a tenth of a list has in common; `candidates` passes over those that too many have.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, permutations, product

from .comparing import email_fact, phone_fact
from .features import Features
from .vocabulary import formal_names

#: So many words of a name are combined.
WORDS_MAX = 6
#: So many letters tell a street.
STREET_LETTERS = 5
#: Every key is held to this length.
LENGTH_MAX = 80

#: Letters that are mistaken for each other, and those that are not heard.
_SOUNDS = str.maketrans("cqgjzxvbdm", "kkkkssfptn", "aeiouwhy")


@dataclass(frozen=True, slots=True)
class Keys:
    """One strong key that two have in common makes them candidates; of the weak, two."""

    strong: frozenset[str]
    weak: frozenset[str]


def of_customer(one: Features) -> Keys:
    """Under what a customer is found."""
    strong = {f"n:{one.parent or ''}:{' '.join(name.bag)}"[:LENGTH_MAX] for name in one.names}
    strong |= {f"m:{one.parent or ''}:{name.key}"[:LENGTH_MAX] for name in one.names[:1]}
    for word, other in permutations(one.name.words[:WORDS_MAX], 2):
        begins = {each[0] for each in (other, *formal_names(other))}
        strong |= {f"wi:{word}:{letter}" for letter in begins} if len(word) > 1 else set()
    strong |= {phone_fact(each) for each in one.phones}
    strong |= {email_fact(each) for each in one.emails}
    strong |= {f"l:{each.split('@')[0]}" for each in one.emails}
    weak: set[str] = set()
    for name in one.names:
        weak |= _of_name(name.words, one)
    for place in one.places:
        start = place.street[:STREET_LETTERS]
        weak |= {f"hs:{place.house}:{start}"} if place.house and start else set()
        weak |= {f"hz:{place.house}:{place.postal_code}"} if place.house and place.postal_code else set()
        weak |= {f"sz:{start}:{place.postal_code}"} if start and place.postal_code else set()
    return Keys(
        strong=frozenset(each[:LENGTH_MAX] for each in strong),
        weak=frozenset(each[:LENGTH_MAX] for each in weak),
    )


def _of_name(words: tuple[str, ...], one: Features) -> set[str]:
    sounds = sorted({sound_of(word) for word in words if len(word) > 1})[:WORDS_MAX]
    found = {f"ww:{a}:{b}" for a, b in combinations(sounds, 2)}
    for sound, place in product(sounds, one.places):
        found |= {f"wz:{sound}:{place.postal_code}"} if place.postal_code else set()
        found |= {f"ws:{sound}:{place.street[:STREET_LETTERS]}"} if place.street else set()
        found |= {f"wt:{sound}:{place.town}"} if place.town and not place.postal_code else set()
    ends = {number[-4:] for number in one.phones}
    found |= {f"wp:{sound[0]}:{end}" for sound, end in product(sounds, ends)}
    return found


@lru_cache(maxsize=50_000)
def sound_of(word: str) -> str:
    """The first letter and the consonants behind it, those that are mistaken for each other alike."""
    first, rest = word[0].translate(_SOUNDS) or word[0], word[1:].replace("ph", "f").translate(_SOUNDS)
    found = first
    for letter in rest:
        if letter != found[-1]:
            found += letter
    return found[:4]
