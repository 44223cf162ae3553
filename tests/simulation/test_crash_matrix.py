"""Whatever goes wrong wherever: after a restart nothing is twice, nothing lost, and every cent equal.

One story through both runs. Each boundary of I/O that it crosses (a request handed to the network, a reply
taken from it, a commit of the database) is met by each mishap there can be at it, in both ways in which
QuickBooks may treat request ids. Boundary by boundary a world of its own.
"""

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from random import Random

import pytest
from django.db import connection as database

from quickbooks_sync.models import Connection
from tests.simulation import story
from tests.simulation.births import Object
from tests.simulation.books import Findings, Tally, audit
from tests.simulation.hands_on_money import HandsOnMoney
from tests.simulation.hands_there import HandsThere
from tests.simulation.people import People
from tests.simulation.promises import removed_stay_removed
from tests.simulation.virtual import MISHAPS, Mishap
from tests.simulation.world import InProcessEmulator, RefusedThere, VirtualWorld, virtual_world

MODES = ["honoured", "ignored"]
PARTS = 8
#: What was carried out, and not answered.
UNANSWERED = (Mishap.DIE_AFTER, Mishap.REPLY_LOST)
#: Every so many-th case: all of them on SQLite, a fixed sample on PostgreSQL.
EVERY = int(os.environ.get("MATRIX_EVERY", "29" if database.vendor == "postgresql" else "1"))


@dataclass(kw_only=True)
class Boundaries:
    """Counts the boundaries while armed, and has one mishap at one of them."""

    at: int = -1
    mishap: Mishap | None = None
    armed: bool = False
    crossed: list[str] = field(default_factory=list)
    #: Those at which a batch of writes leaves.
    writes: list[int] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    #: Whether the mishap has been, and how much was made then.
    struck: bool = False
    made: int = 0

    def __call__(self, boundary: str) -> Mishap | None:
        if not self.armed:
            return None
        if boundary == "request" and self.trace and self.trace[-1].endswith("sending committed"):
            self.writes.append(len(self.crossed))
        self.crossed.append(boundary)
        self.struck = self.struck or len(self.crossed) - 1 == self.at
        return self.mishap if len(self.crossed) - 1 == self.at else None


def tell(world: VirtualWorld, boundaries: Boundaries) -> None:
    """The story; `boundaries` are counted in its two runs."""
    world.crossing, boundaries.trace = boundaries, world.trace
    # QuickBooks would mail whatever is left to it.
    world.emulator.preferences(world.realm, SalesFormsPrefs={"ETransactionPaymentEnabled": True})
    Connection.objects.filter(pk=world.connection.pk).update(pay_link=Connection.PayLink.NO)
    world.connection.refresh_from_db()
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
        found.losses += story.not_as_chosen(world)
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


@dataclass(kw_only=True)
class Busy:
    """Somebody in QuickBooks who is at just what we made, before we know of it."""

    world: VirtualWorld
    boundaries: Boundaries
    act: str
    people: People = field(init=False)
    #: When what is not answered was made.
    moment: float = -1.0
    met: int = 0

    def __post_init__(self) -> None:
        self.people = People(world=self.world, chance=Random(1))

    def __call__(self, one: Object) -> None:
        if self.moment < 0 and self.boundaries.struck:
            self.moment = self.world.clock.now()
        if self.world.clock.now() == self.moment:
            self.met += 1
            self.world.clock.call_later(0.001, lambda: self._at_work(one))

    def _at_work(self, one: Object) -> None:
        with suppress(RefusedThere):
            self._upon(one)

    def _upon(self, one: Object) -> None:
        lists, money = HandsThere(people=self.people, only=one), HandsOnMoney(people=self.people, only=one)
        match self.act, one[0]:
            case "edits", "Customer":
                lists.rename_customer_there()
            case "edits", "Item":
                lists.rename_item_there()
            case "edits", _:
                money.correct_transaction_there()
            case "removes", "Customer":
                lists.merge_customers_there()
            case "removes", "Item":
                lists.switch_item_there()
            case "removes", _:
                money.remove_transaction_there()
            case "copies", "Invoice" | "Payment":
                money.copy_transaction_there()
                money.erase_note_there()


def wrong_beside(mode: str, emulator: InProcessEmulator, act: str, boundaries: Boundaries) -> Findings:
    """The same story, with somebody at work there while an answer is missing; questions may remain."""
    with virtual_world(emulator, seed=1, mode=mode) as world:
        busy = Busy(world=world, boundaries=boundaries, act=act)
        world.at_birth = busy
        tell(world, boundaries)
        world.press("sync")
        found = audit(world)
        removed_stay_removed(found, world, busy.people.removed)
    boundaries.made = busy.met
    return found


@pytest.mark.parametrize("act", ["edits", "removes", "copies"])
@pytest.mark.parametrize("mode", MODES)
def test_what_somebody_does_there_to_what_was_just_made_leaves_nothing_twice_and_nothing_lost(
    transactional_db: None, emulator: InProcessEmulator, mode: str, act: str
) -> None:
    without = Boundaries()
    assert wrong_after(mode, emulator, without).nothing
    cases = [(at, mishap) for at in without.writes for mishap in UNANSWERED]
    wrong, met = [], 0
    for at, mishap in cases[:: min(EVERY, 3)]:
        boundaries = Boundaries(at=at, mishap=mishap)
        found = wrong_beside(mode, emulator, act, boundaries)
        met += boundaries.made
        if not found.nothing:
            wrong.append(f"boundary {at}, {mishap}, somebody {act} it, request ids {mode}: {found}")
    assert met, "somebody met what was made"
    assert not wrong, "\n".join(wrong)
