"""Who may work on a run, and for how long: asking, claiming, leases, fences."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from quickbooks_sync.access import connection as connections
from quickbooks_sync.access import tokens
from quickbooks_sync.access.session import LEASE_SECONDS, SystemClock
from quickbooks_sync.models import Change, Connection, Issue, Link, Remote, Sending, SyncRun
from quickbooks_sync.pages.report import story
from quickbooks_sync.runs.queue import EXPIRIES_MAX, ask, claim, hand_back_leases
from quickbooks_sync.runs.run import carry_out
from service_genius.companies.models import User
from service_genius.customers import operations
from service_genius.customers.models import Customer
from tests.pressing import Client
from tests.processes import at_the_same_moment
from tests.world import OWNER, World

FULL, SYNC = SyncRun.Scope.FULL, SyncRun.Scope.SYNC
OTHER = "test:2"


def claimed(owner: str = OWNER) -> SyncRun | None:
    return claim(owner=owner, clock=SystemClock())


# --- Asking -----------------------------------------------------------------------------------------


def test_a_second_press_joins_the_run_that_waits(world: World) -> None:
    first = ask(connection=world.connection, scope=FULL)
    assert ask(connection=world.connection, scope=FULL).pk == first.pk


def test_two_quick_presses_of_the_button_make_one_run(world: World, alice: User) -> None:
    browser = Client()
    browser.force_login(alice)
    for _ in range(2):
        browser.post(reverse("quickbooks:sync"), {"full": "on"})
    assert [(run.scope, run.asked_by) for run in SyncRun.objects.all()] == [(FULL, alice)]


def test_asking_again_does_not_override_a_run_that_must_wait(world: World) -> None:
    run = ask(connection=world.connection, scope=SYNC)
    SyncRun.objects.filter(pk=run.pk).update(not_before=datetime.now(UTC) + timedelta(minutes=2))
    ask(connection=world.connection, scope=SYNC)
    ask(connection=world.connection, scope=FULL)
    assert claimed() is None


# --- Real processes at the same moment --------------------------------------------------------------

PRESS = "print(ask(connection=Connection.objects.get(), scope=SyncRun.Scope.FULL).pk)"
TAKE = "run = claim(owner=str(os.getpid()), clock=SystemClock()); print(run.pk if run else 'none')"


def test_presses_in_several_processes_at_once_make_one_run(world: World, tmp_path: Path) -> None:
    told = at_the_same_moment(PRESS, tmp_path / "shared.sqlite3")
    assert len(set(told)) == 1
    assert told[0].isdigit()


def test_of_several_workers_that_claim_at_once_one_wins(world: World, tmp_path: Path) -> None:
    run = ask(connection=world.connection, scope=FULL)
    told = at_the_same_moment(TAKE, tmp_path / "shared.sqlite3")
    assert sorted(told) == [str(run.pk), "none", "none"]


# --- Leases -----------------------------------------------------------------------------------------


def test_a_claim_takes_the_lease_for_its_time(world: World) -> None:
    ask(connection=world.connection, scope=FULL)
    before = datetime.now(UTC)
    run = claimed()
    assert run is not None
    assert (run.state, run.lease_owner, run.fence) == ("running", OWNER, 1)
    assert run.lease_expires_at is not None
    assert run.lease_expires_at >= before + timedelta(seconds=LEASE_SECONDS - 1)
    assert claimed(OTHER) is None


def test_an_expired_lease_is_taken_over_under_a_new_fence(world: World) -> None:
    ask(connection=world.connection, scope=FULL)
    first = claimed()
    world.expire_lease()
    second = claimed(OTHER)
    assert first is not None
    assert second is not None
    assert (second.pk, second.lease_owner, second.fence) == (first.pk, OTHER, first.fence + 1)


def test_the_leases_of_a_dead_worker_and_no_others_are_handed_back(world: World) -> None:
    ask(connection=world.connection, scope=FULL)
    claimed()
    assert hand_back_leases(owner=OTHER) == 0
    assert claimed(OTHER) is None
    assert hand_back_leases(owner=OWNER) == 1
    assert claimed(OTHER) is not None


def test_a_run_whose_worker_dies_five_times_is_given_up_with_words(world: World) -> None:
    run = ask(connection=world.connection, scope=FULL)
    for _ in range(EXPIRIES_MAX):
        assert claimed() is not None
        world.expire_lease()
    assert claimed() is None
    run.refresh_from_db()
    assert run.state == "failed"
    assert "stopped five times" in run.error
    assert "press Sync to try again" in story(run)
    again = world.full()
    assert again.state == "done", again.error


def test_a_finished_run_starts_the_count_of_dead_workers_anew(world: World) -> None:
    ask(connection=world.connection, scope=FULL)
    claimed()
    world.expire_lease()
    run = SyncRun.objects.get()
    world.work(run)
    run.refresh_from_db()
    assert (run.state, run.expiries, run.lease_owner) == ("done", 0, "")


def test_a_run_that_is_cancelled_stops_at_its_next_page(world: World) -> None:
    operations.create(company=world.company, values={"display_name": "Amelia Hartwell"})

    def stop(_name: str) -> None:
        SyncRun.objects.update(cancel_asked=True)

    world.checkpoint = stop
    run = world.full()
    assert run.state == "cancelled"
    assert world.names_there() == []


# --- Fences -----------------------------------------------------------------------------------------


def everything_kept() -> dict[str, list[Any]]:
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (Customer, Link, Remote, Issue, Change, Sending, Connection, SyncRun)
    }


class Paused:
    """A worker that is stopped at its n-th page; meanwhile another one takes its run over."""

    def __init__(self, world: World, *, at: str, nth: int) -> None:
        self.world, self.at, self.left = world, at, nth
        self.kept: dict[str, list[Any]] | None = None

    def __call__(self, name: str) -> None:
        self.left -= name == self.at
        if self.left == 0 and self.kept is None:
            self.world.expire_lease()
            assert claimed(OTHER) is not None
            self.kept = everything_kept()


@pytest.fixture
def quick_certainty(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator commits nothing late here, so there is no need to wait for it."""
    from dataclasses import replace  # noqa: PLC0415

    quick = replace(tokens.environment(), late_commit_seconds=0.0)
    monkeypatch.setattr(tokens, "environment", lambda: quick)


@pytest.mark.parametrize(
    ("at", "nth"),
    [
        ("page committed", 1),
        ("page committed", 2),
        ("page committed", 4),
        ("page committed", 6),
        ("sending committed", 1),
        ("answer received", 1),
    ],
)
@pytest.mark.usefixtures("quick_certainty")
def test_a_worker_that_wakes_after_its_run_was_taken_over_writes_nothing(
    world: World, at: str, nth: int
) -> None:
    for name in ("Amelia Hartwell", "Jasmine Patel"):
        operations.create(company=world.company, values={"display_name": name})
    world.post("customer", {"DisplayName": "Desert Rose Dental"})
    run = ask(connection=world.connection, scope=FULL)
    sleeper = claimed()
    assert sleeper is not None
    paused = Paused(world, at=at, nth=nth)
    client, sender = connections.make_client(world.connection)
    try:
        carry_out(sleeper, client=client, checkpoint=paused)
    finally:
        sender.close()

    assert paused.kept is not None, "it got so far"
    assert everything_kept() == paused.kept

    world.expire_lease()
    world.work(run)
    assert run.state == "done", run.error
    names = ["Amelia Hartwell", "Desert Rose Dental", "Jasmine Patel"]
    assert world.names_there() == names
    assert sorted(Customer.objects.values_list("display_name", flat=True)) == names
