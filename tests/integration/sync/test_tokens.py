"""Tokens of a connection: renewed by one at a time, stored before they are used, and kept alive."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qbo.errors import Disconnected, TryAgain
from quickbooks_sync.access import connection as connections
from quickbooks_sync.access import tokens
from quickbooks_sync.access.session import SystemClock
from quickbooks_sync.access.tokens import RENEWAL, StoredTokens
from quickbooks_sync.access.vault import seal, unseal
from quickbooks_sync.models import Connection
from tests.processes import at_the_same_moment
from tests.world import World


def stored(world: World) -> Connection:
    world.connection.refresh_from_db()
    return world.connection


def at_the_next_two_renewals(world: World, fault: str, **more: object) -> None:
    for nth in (1, 2):
        world.emulator.fault(fault, {"path": "/oauth2/v1/tokens/bearer", "nth": nth}, times=1, **more)


def renewals_still_to_come(world: World) -> int:
    return int(world.emulator.control("DELETE", "faults")["removed"])


def nearly_expired() -> None:
    Connection.objects.update(access_expires_at=datetime.now(UTC) + timedelta(minutes=1))


class Waited(SystemClock):
    """A clock whose sleep ends what is waited for."""

    def __init__(self, instead: object = None) -> None:
        self.instead = instead
        self.sleeps = 0

    def sleep(self, seconds: float) -> None:
        self.sleeps += 1
        if callable(self.instead):
            self.instead()


def test_a_renewed_token_is_stored_before_it_is_used(world: World) -> None:
    nearly_expired()
    before = stored(world).access_token
    token = StoredTokens(connection_id=world.connection.pk).current()
    after = stored(world)
    assert token == unseal(after.access_token) != unseal(before)
    assert after.access_expires_at is not None
    assert after.access_expires_at > datetime.now(UTC) + timedelta(minutes=30)
    assert after.renewing_until is None


def test_a_token_another_process_renewed_meanwhile_is_not_renewed_again(world: World) -> None:
    Connection.objects.update(access_token=seal("the newer one"))
    source = StoredTokens(connection_id=world.connection.pk)
    assert source.renewed("the stale one") == "the newer one"


def test_of_several_processes_one_renews_and_the_others_take_what_it_stored(
    world: World, tmp_path: Path
) -> None:
    nearly_expired()
    at_the_next_two_renewals(world, "delay", seconds=1)
    told = at_the_same_moment(
        f"print(StoredTokens(connection_id={world.connection.pk}).current())", tmp_path / "shared.sqlite3"
    )
    assert len(told) == 3
    assert len(set(told)) == 1
    assert told[0] != unseal(world.connection.access_token)
    assert renewals_still_to_come(world) == 1, "one asked Intuit, and no second"


def test_whoever_waits_for_a_renewal_takes_its_result(world: World) -> None:
    nearly_expired()
    Connection.objects.update(renewing_until=datetime.now(UTC) + RENEWAL)
    clock = Waited(lambda: Connection.objects.update(access_token=seal("theirs")))
    assert StoredTokens(connection_id=world.connection.pk, clock=clock).current() == "theirs"
    assert clock.sleeps == 1


def test_a_renewal_whose_process_died_is_taken_over(world: World) -> None:
    nearly_expired()
    Connection.objects.update(renewing_until=datetime.now(UTC) + RENEWAL)
    past = datetime.now(UTC) - timedelta(seconds=1)
    clock = Waited(lambda: Connection.objects.update(renewing_until=past))
    before = unseal(world.connection.access_token)
    assert StoredTokens(connection_id=world.connection.pk, clock=clock).current() != before


def test_a_disconnect_ends_the_waiting_for_a_renewal(world: World) -> None:
    nearly_expired()
    Connection.objects.update(renewing_until=datetime.now(UTC) + RENEWAL)
    clock = Waited(lambda: connections.disconnect(Connection.objects.get()))
    with pytest.raises(Disconnected):
        StoredTokens(connection_id=world.connection.pk, clock=clock).current()


def test_a_renewal_that_failed_can_be_tried_again_at_once(world: World) -> None:
    nearly_expired()
    world.emulator.fault("error_before", {"path": "/oauth2/v1/tokens/bearer"}, times=1)
    source = StoredTokens(connection_id=world.connection.pk)
    with pytest.raises(TryAgain):
        source.current()
    assert stored(world).renewing_until is None
    assert source.current() != unseal(world.connection.access_token)


def test_a_race_for_a_new_token_that_was_lost_is_no_revocation(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process renewed with the same token, so that Intuit no longer takes ours."""

    class Late:
        def refresh(self, _used: str) -> None:
            Connection.objects.filter(pk=world.connection.pk).update(
                access_token=seal("theirs"), refresh_token=seal("their next")
            )
            raise Disconnected("invalid_grant")

    monkeypatch.setattr(tokens, "oauth", Late)

    source = StoredTokens(connection_id=world.connection.pk)
    assert source.renewed(unseal(world.connection.access_token)) == "theirs"


def test_a_connection_nobody_uses_is_kept_alive(world: World) -> None:
    """A refresh token dies 100 days after its last use (facts A5)."""
    world.emulator.advance(60 * 24 * 3600)
    Connection.objects.update(refresh_expires_at=datetime.now(UTC) + timedelta(days=40))
    connections.keep_alive()
    assert stored(world).refresh_expires_at is not None
    world.emulator.advance(60 * 24 * 3600)  # 120 days after the first token
    nearly_expired()
    assert StoredTokens(connection_id=world.connection.pk).current()


def test_what_is_in_use_is_left_alone(world: World) -> None:
    at_the_next_two_renewals(world, "error_before")
    connections.keep_alive()
    assert renewals_still_to_come(world) == 2


def test_a_connection_that_cannot_be_kept_alive_is_told_to_be_lost(world: World) -> None:
    tokens.oauth().revoke(unseal(world.connection.refresh_token))
    Connection.objects.update(refresh_expires_at=datetime.now(UTC) + timedelta(days=1))
    connections.keep_alive()
    assert stored(world).state == Connection.State.LOST


def test_a_connection_outlives_401s_in_a_row_while_its_tokens_are_good(world: World) -> None:
    world.emulator.fault("unauthorized", times=3)
    run = world.run("look")
    assert run.state == "done", run.error
    assert stored(world).connected


def test_a_connection_outlives_a_day_of_401s_and_the_run_goes_on(world: World) -> None:
    world.emulator.fault("unauthorized", times=100)
    run = world.run("look")
    assert (run.state, run.waiting_for) == ("queued", "QuickBooks cannot be reached just now")
    assert stored(world).connected
    world.emulator.clear_faults()
    world.expire_lease()
    assert world.work(run).state == "done"
