"""Which pairs are linked by themselves, which are put before a person, which are left apart.

A link is strong evidence without a bar, mutual best, and clear of whatever comes next on either side. What is
less, and plausible, is one question. Independent of the order in which anything is given.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from .evidence import Evidence

#: So many bits must lie between a link and the next candidate of either record.
MARGIN_BITS = 7.0
#: So many things that agree outweigh that another has the very name of one of the two.
OTHERS_AGREE = 2
#: Of what is plausible for one record, nothing is asked that is so much less than the best.
ASK_WITHIN_BITS = 7.0
#: So many are shown beside each other.
ASKED_MAX = 5

H = TypeVar("H", bound=Hashable)
T = TypeVar("T", bound=Hashable)


class Verdict(Enum):
    """What is done about two records."""

    LINK = "link"
    ASK = "ask"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Decided(Generic[H, T]):
    """Two records, one of each side, and why."""

    here: H
    there: T
    verdict: Verdict
    evidence: Evidence


def decide(compared: Iterable[tuple[H, T, Evidence]]) -> list[Decided[H, T]]:
    """What is linked and what is asked about, of all candidates; what is not named is left apart."""
    plausible = [each for each in compared if each[2].is_plausible]
    of_here: defaultdict[H, list[tuple[H, T, Evidence]]] = defaultdict(list)
    of_there: defaultdict[T, list[tuple[H, T, Evidence]]] = defaultdict(list)
    for pair in plausible:
        of_here[pair[0]].append(pair)
        of_there[pair[1]].append(pair)
    linked = [
        pair
        for pair in plausible
        if pair[2].is_certain and _is_clear(pair, of_here[pair[0]], of_there[pair[1]])
    ]
    mine, theirs = {one for one, _, _ in linked}, {other for _, other, _ in linked}
    decided = [Decided(one, other, Verdict.LINK, evidence) for one, other, evidence in linked]
    open_ones = [pair for pair in plausible if pair[0] not in mine and pair[1] not in theirs]
    return decided + [
        Decided(one, other, Verdict.ASK, evidence) for one, other, evidence in _asked(open_ones)
    ]


def _is_clear(
    pair: tuple[H, T, Evidence],
    mine: Sequence[tuple[H, T, Evidence]],
    theirs: Sequence[tuple[H, T, Evidence]],
) -> bool:
    """Whether nothing else comes near it on either side, nor has the very name of one of the two."""
    rivals = [other[2] for other in (*mine, *theirs) if other is not pair]
    namesakes = [rival for rival in rivals if rival.written_alike and not pair[2].written_alike]
    if not all(_is_another(namesake, pair[2]) for namesake in namesakes):
        return False
    return all(pair[2].standing - rival.standing >= MARGIN_BITS for rival in rivals)


def _is_another(namesake: Evidence, chosen: Evidence) -> bool:
    """Whether somebody with the very name of one of the two is surely another one."""
    return namesake.against - namesake.agreeing >= max(1, OTHERS_AGREE - chosen.agreeing + 1)


def _asked(pairs: Sequence[tuple[H, T, Evidence]]) -> list[tuple[H, T, Evidence]]:
    """Those that are nearly the best of both."""
    best_here: dict[H, float] = {}
    best_there: dict[T, float] = {}
    for one, other, evidence in pairs:
        best_here[one] = max(best_here.get(one, evidence.standing), evidence.standing)
        best_there[other] = max(best_there.get(other, evidence.standing), evidence.standing)
    return [
        (one, other, evidence)
        for one, other, evidence in pairs
        if evidence.standing > best_here[one] - ASK_WITHIN_BITS
        and evidence.standing > best_there[other] - ASK_WITHIN_BITS
    ]


def questions(decided: Iterable[Decided[H, T]]) -> Mapping[H, Sequence[Decided[H, T]]]:
    """What is asked, record by record of this side, the likeliest first."""
    found: defaultdict[H, list[Decided[H, T]]] = defaultdict(list)
    for each in decided:
        if each.verdict is Verdict.ASK:
            found[each.here].append(each)
    return {
        one: sorted(asked, key=lambda each: -each.evidence.standing)[:ASKED_MAX]
        for one, asked in found.items()
    }
