"""Two whole lists: what is the same on both sides, what a person is asked about."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from . import candidates, comparing, keys, work_codes
from .deciding import Decided, decide
from .features import Features
from .rarity import of_lists
from .work_codes import WorkCodeFeatures

H = TypeVar("H", bound=Hashable)
T = TypeVar("T", bound=Hashable)


def customers(here: Mapping[H, Features], there: Mapping[T, Features]) -> list[Decided[H, T]]:
    """Links and questions between two lists of customers, each by an id of its side."""
    rarity = of_lists(map(comparing.facts, here.values()), map(comparing.facts, there.values()))
    found = candidates.pairs(
        {one: keys.of_customer(features) for one, features in here.items()},
        {other: keys.of_customer(features) for other, features in there.items()},
    )
    return decide((one, other, comparing.compare(here[one], there[other], rarity)) for one, other in found)


def services(here: Mapping[H, WorkCodeFeatures], there: Mapping[T, WorkCodeFeatures]) -> list[Decided[H, T]]:
    """The same of work codes and Service Items."""
    rarity = of_lists(map(work_codes.facts, here.values()), map(work_codes.facts, there.values()))
    found = candidates.pairs(
        {one: work_codes.keys(features) for one, features in here.items()},
        {other: work_codes.keys(features) for other, features in there.items()},
    )
    return decide((one, other, work_codes.compare(here[one], there[other], rarity)) for one, other in found)
