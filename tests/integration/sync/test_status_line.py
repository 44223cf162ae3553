"""One line on every page: when was synced, what came of it, who is needed, and what ends soon."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from quickbooks_sync.models import Connection, Issue, Link, SyncRun
from quickbooks_sync.pages.status import FORETOLD, renewal, status_line
from quickbooks_sync.planner.actions import Reason
from service_genius.companies.models import Company, User
from tests.pressing import Client

NOON = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)


@pytest.fixture
def connection(company: Company) -> Connection:
    return Connection.objects.create(
        company=company,
        environment="emulator",
        realm_id="9341",
        connected_at=NOON,
        start_date=NOON.date(),
        access_token="sealed",
    )


def run(connection: Connection, **values: object) -> SyncRun:
    given = {"scope": "sync", "state": "done", "finished_at": NOON, **values}
    return SyncRun.objects.create(connection=connection, created_at=NOON, due_at=NOON, **given)


def line(connection: Connection) -> str:
    told = status_line(connection.company)
    return told.text if told is not None else ""


def test_before_anything_is_connected_or_synced_there_is_no_line(company: Company) -> None:
    assert status_line(company) is None


def test_it_says_when_how_many_changes_and_how_many_need_a_person(connection: Connection) -> None:
    run(connection, counts={"customer.there.created": 11, "invoice.there.updated": 1, "attention": 0})
    assert line(connection) == "Last synced Mar 2, 2026, 12:00 PM, 12 changes"
    for number in (1, 2):
        link = Link.objects.create(connection=connection, kind="customer", local_id=number)
        Issue.objects.create(
            connection=connection, link=link, reason=Reason.CANNOT_REMOVE, label=str(number), raised_at=NOON
        )
    assert line(connection).endswith(", 12 changes, 2 need you")


def test_of_a_sync_of_today_it_says_the_time_alone(connection: Connection) -> None:
    run(connection, finished_at=datetime.now(UTC), counts={"customer.here.created": 1})
    assert line(connection).endswith("M, 1 change")
    assert "Today" not in line(connection)


def test_neither_a_preview_nor_a_first_look_nor_a_stopped_run_is_a_sync(connection: Connection) -> None:
    run(connection, preview=True)
    run(connection, scope="look")
    run(connection, state="cancelled")
    assert line(connection) == ""


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("running", "Sync is running"),
        ("asking", "Sync has a question"),
        ("failed", "The last Sync could not finish"),
    ],
)
def test_it_says_what_goes_on(connection: Connection, state: str, words: str) -> None:
    run(connection)
    run(connection, state=state, finished_at=None, question={})
    assert line(connection) == words


def test_a_connection_that_was_lost_is_said_before_anything_else(connection: Connection) -> None:
    run(connection)
    connection.state = Connection.State.LOST
    connection.save()
    assert line(connection) == "QuickBooks asks you to connect again"


def test_the_end_of_a_connection_is_foretold_thirty_days_before(connection: Connection) -> None:
    connection.hard_expires_at = datetime.now(UTC) + FORETOLD + timedelta(minutes=5)
    connection.save()
    assert renewal(connection) is None
    connection.hard_expires_at -= timedelta(minutes=10)
    connection.save()
    end = renewal(connection)
    assert end is not None
    assert not end.by_syncing
    assert line(connection).startswith("Connect QuickBooks again by ")


def test_access_that_was_long_not_used_is_kept_by_a_sync(connection: Connection) -> None:
    connection.refresh_expires_at = datetime.now(UTC) + timedelta(days=3)
    end = renewal(connection)
    assert end is not None
    assert end.by_syncing


def test_every_page_shows_the_line_once_for_the_desk_and_once_for_the_phone(
    connection: Connection, alice: User
) -> None:
    run(connection)
    browser = Client()
    browser.force_login(alice)
    for name in ("customers:list", "companies:settings", "quickbooks:home", "quickbooks:attention"):
        assert browser.get(reverse(name)).content.decode().count("Last synced Mar 2") == 2, name
