"""Sync with QuickBooks among the contenders: the real engine, its client and its pace, in virtual time."""

from qbo.limits import Pace
from quickbooks_sync.models import SyncRun
from tests.simulation.virtual import Mishap
from tests.simulation.world import VirtualWorld

from .contest import Size
from .virtual import Road

#: Calls of a push that read: two at the beginning, about three before the invoices.
READS_FIRST, READS_LATER = 2, 3


class Engine:
    """One worker process that lives on from run to run."""

    def __init__(self, world: VirtualWorld) -> None:
        self.world = world
        self.road = Road(now=world.clock.now)
        pace = Pace()
        world.travel, world.make_pace = self.road, lambda: pace

    def push(self) -> None:
        """Full Sync, then Sync."""
        self._press("full")
        self._press("sync")

    def daily(self) -> None:
        self._press("sync")

    def lose_answers(self, size: Size) -> None:
        """One answer in the middle of each wave of the push is lost, after QuickBooks has committed it."""
        lists, invoices, payments = size.batches
        middles = (
            READS_FIRST + lists // 2,
            READS_FIRST + lists + READS_LATER + invoices // 2,
            READS_FIRST + lists + READS_LATER + invoices + payments // 2,
        )
        requests = 0

        def crossing(boundary: str) -> Mishap | None:
            nonlocal requests
            requests += boundary == "request"
            return Mishap.REPLY_LOST if boundary == "request" and requests in middles else None

        self.world.crossing = crossing

    @property
    def answers_lost(self) -> int:
        """How many writes had no answer; only writes have a request id."""
        return sum("requestid" in line and Mishap.REPLY_LOST in line for line in self.world.trace)

    def _press(self, scope: str) -> None:
        run = self.world.press(scope)
        if run.state != SyncRun.State.DONE or run.counts.get("attention"):
            raise RuntimeError(f"{scope}: {run.state} {run.error} {run.counts}")
