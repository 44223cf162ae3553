"""A worker that slept through its lease sends nothing: its successor may have looked and sent again."""

import pytest

from quickbooks_sync import connection as connections
from quickbooks_sync.models import Sending, SyncRun
from quickbooks_sync.run import ask, carry_out, claim
from quickbooks_sync.session import LEASE_SECONDS, SystemClock
from service_genius.customers import operations
from tests.world import OWNER, World


class Sleeping(SystemClock):
    """The real time, and what was slept through."""

    slept = 0.0

    def now(self) -> float:
        return super().now() + self.slept


@pytest.mark.parametrize("slept", [LEASE_SECONDS, LEASE_SECONDS - 4])
def test_what_was_not_sent_before_the_lease_runs_out_is_not_sent_after_it(world: World, slept: float) -> None:
    """Nor so short before its end that QuickBooks might commit it after."""
    operations.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    ask(connection=world.connection, scope=SyncRun.Scope.FULL)
    clock = Sleeping()
    run = claim(owner=OWNER, clock=clock)
    assert run is not None

    def sleep(name: str) -> None:
        if name == "sending committed":
            clock.slept = slept

    client, sender = connections.make_client(world.connection)
    try:
        carry_out(run, client=client, clock=clock, checkpoint=sleep)
    finally:
        sender.close()

    assert Sending.objects.get().state == Sending.State.OPEN
    assert world.names_there() == []
