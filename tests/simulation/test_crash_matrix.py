"""Whatever goes wrong wherever: after a restart nothing is twice, nothing lost, and every cent equal.

One story through both runs. Each boundary of I/O that it crosses (a request handed to the network, a reply
taken from it, a commit of the database) is met by each mishap there can be at it, in both ways in which
QuickBooks may treat request ids. Boundary by boundary a world of its own.
"""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import pytest
from django.db import connection as database

from tests.simulation import story
from tests.simulation.books import Findings, Tally, audit
from tests.simulation.virtual import MISHAPS, Mishap
from tests.simulation.world import InProcessEmulator, VirtualWorld, virtual_world

MODES = ["honoured", "ignored"]
PARTS = 8
#: Every so many-th case: all of them on SQLite, a fixed sample on PostgreSQL.
EVERY = int(os.environ.get("MATRIX_EVERY", "29" if database.vendor == "postgresql" else "1"))


@dataclass(kw_only=True)
class Boundaries:
    """Counts the boundaries while armed, and has one mishap at one of them."""

    at: int = -1
    mishap: Mishap | None = None
    armed: bool = False
    crossed: list[str] = field(default_factory=list)

    def __call__(self, boundary: str) -> Mishap | None:
        if not self.armed:
            return None
        self.crossed.append(boundary)
        return self.mishap if len(self.crossed) - 1 == self.at else None


def tell(world: VirtualWorld, boundaries: Boundaries) -> None:
    """The story; `boundaries` are counted in its two runs."""
    world.crossing = boundaries
    # Seen to die and followed at once, or not seen: its lease runs out.
    world.supervised = lambda: boundaries.at % 2 == 0
    story.before_full_sync(world)
    boundaries.armed = True
    world.press("full")
    boundaries.armed = False
    story.before_that_day(world)
    world.press("sync")
    story.before_sync(world)
    boundaries.armed = True
    world.press("sync")
    boundaries.armed = False


def wrong_after(mode: str, emulator: InProcessEmulator, boundaries: Boundaries) -> Findings:
    """Tell the story in a new world; what is not as it should be in the end."""
    with virtual_world(emulator, seed=1, mode=mode) as world:
        tell(world, boundaries)
        found = audit(world)
        for entity, (member, expected) in story.IN_THE_END.items():
            stored = Counter(str(row[member]) for row in world.there(entity))
            found.duplicates += (stored - Counter(expected)).elements()
            found.losses += (Counter(expected) - stored).elements()
        found.unrest += [f"{label} needs attention: {reason}" for label, reason in world.issues().items()]
        next_run = world.press("sync")
        if (next_run.state, next_run.calls["total"], next_run.calls["write_batches"]) != ("done", 1, 0):
            found.unrest.append(f"the next run: {next_run.state}, {next_run.calls}, {next_run.error}")
    return found


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("mode", MODES)
def test_a_mishap_at_any_boundary_leaves_nothing_twice_and_nothing_lost(
    transactional_db: None,
    emulator: InProcessEmulator,
    record_property: Callable[[str, object], None],
    mode: str,
    part: int,
) -> None:
    without = Boundaries()
    assert wrong_after(mode, emulator, without).nothing
    cases = [(at, mishap) for at, boundary in enumerate(without.crossed) for mishap in MISHAPS[boundary]]
    tally = Tally(boundaries=len(without.crossed))
    wrong = []
    for at, mishap in cases[part * EVERY :: PARTS * EVERY]:
        found = wrong_after(mode, emulator, Boundaries(at=at, mishap=mishap))
        tally.add(found)
        if not found.nothing:
            wrong.append(f"boundary {at} ({without.crossed[at]}), {mishap}, request ids {mode}: {found}")
    record_property("crash matrix", asdict(tally))
    assert not wrong, "\n".join(wrong)
