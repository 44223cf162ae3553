"""How common a word, a number or an address is in the two lists: what many have says little of any of them.

A company that keeps its keys in a table keeps these counts beside them, so that one new record needs only
those of its own facts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2

#: Lists are never taken for shorter: in a list of twenty no name is proved rare.
RECORDS_MIN = 500
#: A word that stands once in so many records may still be one typing error, made twice.
ERRORS_AMONG = 20_000
#: A word that stands so many times more often than another may be what the other is meant to be.
MISTYPED_ONCE_IN = 6
#: What stands at so many records of one side proves nothing by itself.
SHARED = 3

Side = Mapping[str, int]
_NOBODY: Side = {}


@dataclass(frozen=True, slots=True)
class Rarity:
    """How many records have a fact, side by side. Facts are the texts that `facts` of a module gives."""

    here: Side
    there: Side
    records: int
    """Of the longer list."""

    @property
    def prior(self) -> float:
        """Bits against any two records being the same, before anything is compared."""
        return -log2(max(self.records, RECORDS_MIN))

    def standing(self, fact: str) -> int:
        """At how many records it stands, on both sides together."""
        return self.here.get(fact, 0) + self.there.get(fact, 0)

    def holders(self, fact: str) -> int:
        """At how many records of one side it stands, of that side on which it is more common."""
        return max(self.here.get(fact, 0), self.there.get(fact, 0), 1)

    def is_shared(self, fact: str) -> bool:
        return self.holders(fact) >= SHARED

    def bits(self, fact: str, *, at_most: float) -> float:
        """What two that share it are worth by how rarely it is shared by chance; never below zero."""
        everybody = 2 * max(self.records, RECORDS_MIN)
        return max(0.0, min(at_most, log2(everybody / max(self.standing(fact), 2))))

    def damped(self, fact: str, bits: float) -> float:
        """What a number or an address is worth that may stand at several records."""
        holders = self.holders(fact)
        return max(0.0, bits - 4 * log2(holders)) if holders < SHARED else min(2.0, bits)

    def are_two_words(self, one: str, other: str) -> bool:
        """Whether both stand elsewhere, too, and neither is so much rarer that it is the other mistyped."""
        rare, common = sorted((self.standing(one), self.standing(other)))
        return rare > max(1, self.records // ERRORS_AMONG) and rare * MISTYPED_ONCE_IN > common

    def stand_in_one_list(self, one: str, other: str) -> bool:
        """Whether one and the same list has both."""
        return any(side.get(one, 0) and side.get(other, 0) for side in (self.here, self.there))


def of_lists(here: Iterable[Iterable[str]], there: Iterable[Iterable[str]]) -> Rarity:
    """The counts of two lists, each record given as its facts."""
    sides, sizes = [], []
    for side in (here, there):
        counts: Counter[str] = Counter()
        size = 0
        for facts in side:
            counts.update(facts)
            size += 1
        sides.append(counts)
        sizes.append(size)
    return Rarity(here=sides[0], there=sides[1], records=max(sizes))


#: Where nothing is known of any list: every fact is rare.
ALL_RARE = Rarity(here=_NOBODY, there=_NOBODY, records=0)
