"""Which records of two lists are worth comparing: those that share a strong key, or two weak ones."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

from .keys import Keys

#: A key that more records of one side have finds nothing: those are found under a finer one.
HOLDERS_MAX = 60
WEAK_NEEDED = 2

H = TypeVar("H", bound=Hashable)
T = TypeVar("T", bound=Hashable)


def pairs(here: Mapping[H, Keys], there: Mapping[T, Keys]) -> Iterator[tuple[H, T]]:
    """Each pair once, record by record of this side; in no order that a caller may count on."""
    strong, weak = _index(there, strong=True), _index(there, strong=False)
    common = _common(here)
    for one, keys in here.items():
        found: Counter[T] = Counter()
        for key in keys.weak - common:
            found.update(weak.get(key, ()))
        near = {other for other, times in found.items() if times >= WEAK_NEEDED}
        for key in keys.strong - common:
            near.update(strong.get(key, ()))
        for other in near:
            yield one, other


def _index(side: Mapping[T, Keys], *, strong: bool) -> Mapping[str, list[T]]:
    index: defaultdict[str, list[T]] = defaultdict(list)
    for name, keys in side.items():
        for key in keys.strong if strong else keys.weak:
            index[key].append(name)
    return {key: names for key, names in index.items() if len(names) <= HOLDERS_MAX}


def _common(side: Mapping[H, Keys]) -> set[str]:
    held = Counter(key for keys in side.values() for key in (*keys.strong, *keys.weak))
    return {key for key, times in held.items() if times > HOLDERS_MAX}
