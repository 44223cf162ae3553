"""Whose turn it is for what only one may hold there: who waits for whom, and who steps aside in a ring."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.records import Encoded


@dataclass(kw_only=True)
class Turns:
    """What stands in the way of what a page of Links would take there; all by Link id."""

    taken: dict[int, Problem] = field(default_factory=dict)
    #: The Link that gives it up, and what that is, in words.
    turn_after: dict[int, tuple[int, str]] = field(default_factory=dict)
    #: Those who wait for a place: that the one before them lets go of anything else does not help them.
    for_a_place: set[int] = field(default_factory=set)
    #: What to hold for the moment, so that a ring can turn: a few fields of its Record.
    aside: dict[int, Encoded] = field(default_factory=dict)

    def step_aside(self) -> Iterator[int]:
        """In each ring the Link with the lowest id; whoever decides, it is the same one."""
        for start in self.turn_after:
            ring, at = [], start
            while at not in ring and at in self.turn_after:
                ring.append(at)
                at, _ = self.turn_after[at]
            held = {self.turn_after[each][0] for each in ring if each not in self.for_a_place}
            if at == start and held and start == min(held):
                yield start
