"""A worker that slept through its lease sends nothing: its successor may have looked and sent again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from qbo.client import Client
from qbo.sender import HttpRequest, ThreadSender
from quickbooks_sync.access.session import LEASE_SECONDS, SystemClock, no_checkpoint
from quickbooks_sync.access.tokens import StoredTokens, environment
from quickbooks_sync.models import Sending, SyncRun
from quickbooks_sync.runs.queue import ask, claim
from quickbooks_sync.runs.run import carry_out
from service_genius.customers import operations
from tests.world import OWNER, Killed, Unlimited, World


class Sleeping(SystemClock):
    """The real time, and what was slept through."""

    slept = 0.0

    def now(self) -> float:
        return super().now() + self.slept

    def utc(self) -> datetime:
        return super().utc() + timedelta(seconds=self.slept)


class Sleepy(Unlimited):
    """After a 429 its worker sleeps for some time, in the sense of its clock, before it sends anything."""

    def __init__(self, clock: Sleeping, seconds: float) -> None:
        super().__init__()
        self.clock, self.seconds, self.tired = clock, seconds, False

    def throttled(self, now: float) -> None:
        self.tired = True

    def wait_seconds(self, now: float, *, batch: bool) -> float:
        if self.tired:
            self.clock.slept += self.seconds
        self.tired = False
        return 0.0


class Dying(ThreadSender):
    """The process dies as soon as its second batch has left."""

    batches = 0

    def submit(self, ticket: int, request: HttpRequest) -> None:
        super().submit(ticket, request)
        self.batches += request.method == "POST"
        if self.batches == 2:
            raise Killed


def sync(
    world: World,
    clock: Sleeping,
    *,
    pace: Unlimited | None = None,
    sender: ThreadSender | None = None,
    checkpoint: Callable[[str], None] = no_checkpoint,
) -> None:
    operations.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    ask(connection=world.connection, scope=SyncRun.Scope.SYNC)
    run = claim(owner=OWNER, clock=clock)
    assert run is not None
    sender = sender or ThreadSender()
    client = Client(
        environment=environment(),
        realm_id=world.realm,
        tokens=StoredTokens(connection_id=world.connection.pk),
        sender=sender,
        pace=pace or Unlimited(),
        clock=clock,
    )
    try:
        carry_out(run, client=client, clock=clock, checkpoint=checkpoint)
    finally:
        sender.close()


@pytest.mark.parametrize("slept", [LEASE_SECONDS, LEASE_SECONDS - 4])
def test_what_was_not_sent_before_the_lease_runs_out_is_not_sent_after_it(world: World, slept: float) -> None:
    """Nor so short before its end that QuickBooks might commit it after."""
    clock = Sleeping()

    def sleep(name: str) -> None:
        if name == "sending committed":
            clock.slept = slept

    sync(world, clock, checkpoint=sleep)

    assert Sending.objects.get().state == Sending.State.OPEN
    assert world.names_there() == []


def test_what_a_429_sends_back_does_not_go_again_after_the_lease(world: World) -> None:
    world.full()
    clock = Sleeping()
    world.emulator.fault("throttle", {"operation": "batch"}, times=1)

    sync(world, clock, pace=Sleepy(clock, LEASE_SECONDS))

    assert Sending.objects.get().state == Sending.State.OPEN
    assert world.names_there() == []


def test_the_late_commit_of_a_batch_sent_again_is_waited_for_from_then_on(world: World) -> None:
    """The worker dies with it on its way: only what it noted before tells its successor since when."""
    world.full()
    clock = Sleeping()
    world.emulator.fault("throttle", {"operation": "batch"}, times=1)
    begun = clock.utc()

    with pytest.raises(Killed):
        sync(world, clock, pace=Sleepy(clock, 61), sender=Dying())

    assert Sending.objects.get().sent_at >= begun + timedelta(seconds=61)
