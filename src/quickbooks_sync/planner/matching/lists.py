"""Two whole lists: what is the same on both sides, what a person is asked about."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from . import candidates, comparing, keys
from .deciding import Decided, decide
from .features import Features
from .rarity import Rarity, of_lists

H = TypeVar("H", bound=Hashable)
T = TypeVar("T", bound=Hashable)


def customers(here: Mapping[H, Features], there: Mapping[T, Features]) -> list[Decided[H, T]]:
    """Links and questions between two lists of customers, each by an id of its side."""
    rarity = rarity_of(here, there)
    found = candidates.pairs(
        {one: keys.of_customer(features) for one, features in here.items()},
        {other: keys.of_customer(features) for other, features in there.items()},
    )
    return decide(
        (one, other, comparing.compare(here[one], there[other], rarity)) for one, other in found
    )


def rarity_of(here: Mapping[H, Features], there: Mapping[T, Features]) -> Rarity:
    """How common what they have is."""
    return of_lists(map(comparing.facts, here.values()), map(comparing.facts, there.values()))
