"""Sync with QuickBooks at the contest: the real engine, its client and its pace, in virtual time."""

from qbo.limits import Pace
from quickbooks_sync.models import SyncRun
from tests.simulation.world import VirtualWorld

from .contest import Cost, counted
from .virtual import Road

NAME = "Service Genius"
#: From one working day to the next.
NIGHT_SECONDS = 16 * 3600


class Engine:
    """One worker process that lives on from run to run."""

    def __init__(self, world: VirtualWorld) -> None:
        self.world = world
        self.road = Road(now=world.clock.now)
        pace = Pace()
        world.travel, world.make_pace = self.road, lambda: pace

    def push(self) -> Cost:
        """Full Sync, then Sync."""
        with counted(self.world) as costs:
            self._press("full")
            self._press("sync")
        return costs[0]

    def daily(self) -> Cost:
        with counted(self.world) as costs:
            self._press("sync")
        return costs[0]

    def sleep(self) -> None:
        """Until the next working day, when the access token is renewed before the first call."""
        self.world.clock.sleep(NIGHT_SECONDS)
        self.world.token = self.world.emulator.grant(self.world.realm)["access_token"]

    def _press(self, scope: str) -> None:
        run = self.world.press(scope)
        if run.state != SyncRun.State.DONE or run.counts.get("attention"):
            raise RuntimeError(f"{scope}: {run.state} {run.error} {run.counts}")
