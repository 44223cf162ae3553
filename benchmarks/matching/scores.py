"""What came of two lists of which it is known who is who."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Score:
    """Pairs are counted, but for needless questions, which are counted by the record they are put at."""

    right: int
    wrong: tuple[Pair, ...]
    asked: int
    """True pairs about which a person is asked."""
    missed: tuple[Pair, ...]
    """True pairs neither linked nor asked about."""
    needless: tuple[str, ...]
    """Records of this side that are asked about, with nothing among the answers that is true; traps aside."""
    asked_twice: tuple[str, ...]
    """Traps that are asked about more than once."""


def score(
    *, linked: Iterable[Pair], asked: Iterable[Pair], true: Mapping[str, str], traps: Collection[str] = ()
) -> Score:
    """Compare what was decided with what is true; `traps`: records of either side that have no partner."""
    links, questions = set(linked), set(asked)
    pairs = set(true.items())
    at: dict[str, set[str]] = {}
    for here, there in questions:
        at.setdefault(here, set()).add(there)
    open_ones = {here: found for here, found in at.items() if true.get(here) not in found}
    return Score(
        right=len(links & pairs),
        wrong=tuple(sorted(links - pairs)),
        asked=len((questions - links) & pairs),
        missed=tuple(sorted(pairs - links - questions)),
        needless=tuple(
            sorted(h for h, found in open_ones.items() if h not in traps and not found & {*traps})
        ),
        asked_twice=tuple(sorted(h for h, found in at.items() if h in traps and len(found) > 1)),
    )
