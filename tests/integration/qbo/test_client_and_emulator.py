"""Our client and the emulator over real HTTP: what either believes of QuickBooks, the other must bear out."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from qbo import environment
from qbo.batch import BatchItem, batch_body
from qbo.client import Client
from qbo.errors import Disconnected, Forbidden, Missing, ReadWindowPassed, Refused
from qbo.limits import Pace
from qbo.oauth import OAuth, Tokens
from qbo.payload import escape, parse_time
from qbo.retry import Answered, NotExecuted, Unknown
from qbo.sender import ThreadSender
from tests.emulator import Emulator, emulator

__all__ = ["emulator"]


class QuickClock:
    """Real time, but pauses are not sat out."""

    def __init__(self) -> None:
        self.skipped = 0.0

    def now(self) -> float:
        return time.monotonic() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += seconds


@dataclass
class Store:
    """Tokens as the application keeps them, in short."""

    oauth: OAuth
    tokens: Tokens
    renewals: int = 0

    def current(self) -> str:
        return self.tokens.access_token

    def renewed(self, stale: str) -> str:
        assert stale == self.tokens.access_token
        self.tokens = self.oauth.refresh(self.tokens.refresh_token)
        self.renewals += 1
        return self.tokens.access_token


@dataclass
class Connected:
    client: Client
    emulator: Emulator
    store: Store
    realm: str
    sender: ThreadSender

    def write(self, *items: BatchItem, request_id: str = "") -> Any:
        self.client.submit_batch(1, request_id or f"request-{time.monotonic_ns()}", batch_body(items))
        outcome = self.client.next_write(120.0)
        assert outcome is not None
        return outcome


def connect(emulator: Emulator, realm: str, *, of_realm: str | None = None) -> Connected:
    grant = emulator.grant(of_realm or realm)
    here = replace(environment.emulator(emulator.url), write_timeout_seconds=20.0)
    oauth = OAuth(
        environment=here,
        client_id=grant["client_id"],
        client_secret=grant["client_secret"],
        redirect_uri="http://127.0.0.1:8000/settings/quickbooks/callback/",
    )
    tokens = Tokens(
        access_token=grant["access_token"],
        refresh_token=grant["refresh_token"],
        access_expires_in=grant["expires_in"],
        refresh_expires_in=8_726_400,
    )
    store = Store(oauth=oauth, tokens=tokens)
    sender = ThreadSender()
    client = Client(
        environment=here, realm_id=realm, tokens=store, sender=sender, pace=Pace(), clock=QuickClock()
    )
    return Connected(client=client, emulator=emulator, store=store, realm=realm, sender=sender)


@pytest.fixture
def connected(emulator: Emulator) -> Iterator[Connected]:
    here = connect(emulator, emulator.new_realm())
    yield here
    here.sender.close()
    emulator.clear_faults()


def create(name: str, bid: str = "a", **more: Any) -> BatchItem:
    return BatchItem(bid=bid, operation="create", entity="Customer", payload={"DisplayName": name, **more})


def test_what_is_written_is_read_back_to_the_letter(connected: Connected) -> None:
    outcome = connected.write(create("O'Malley's \\ Pub & Søn", Notes="“Ring twice” & wait"))
    assert isinstance(outcome, Answered)
    created = outcome.items["a"]
    assert isinstance(created, dict)
    assert parse_time(outcome.time) > parse_time(created["MetaData"]["CreateTime"]) - timedelta(seconds=1)
    read = connected.client.read("Customer", created["Id"])
    assert (read["DisplayName"], read["Notes"]) == ("O'Malley's \\ Pub & Søn", "“Ring twice” & wait")
    name = escape("O'Malley's \\ Pub & Søn")
    found = connected.client.query(f"select * from Customer where DisplayName = '{name}'")
    assert [row["Id"] for row in found.rows] == [created["Id"]]


def test_an_open_balance_keeps_its_cents_both_ways(connected: Connected) -> None:
    created = connected.write(create("Owing")).items["a"]
    update = {"Id": created["Id"], "SyncToken": created["SyncToken"], "sparse": True, "Taxable": True}
    connected.write(BatchItem(bid="a", operation="update", entity="Customer", payload=update))
    balance = connected.client.read("Customer", created["Id"])["Balance"]
    assert isinstance(balance, int | Decimal)


def test_one_refused_item_does_not_touch_the_others(connected: Connected) -> None:
    connected.write(create("Taken"))
    outcome = connected.write(create("Taken", "a"), create("Free", "b"), create("With:colon", "c"))
    taken, free, colon = (outcome.items[bid] for bid in "abc")
    assert [fault.code for fault in taken] == ["6240"]
    assert free["DisplayName"] == "Free"
    assert [fault.code for fault in colon] == ["2040"]


def test_the_same_batch_under_the_same_ids_acts_once(connected: Connected) -> None:
    first = connected.write(create("Once"), request_id="same")
    second = connected.write(create("Once"), request_id="same")
    assert first.items == second.items
    assert connected.client.query("select count(*) from Customer").count == 1


def test_a_lost_reply_leaves_the_outcome_unknown_and_the_record_there(connected: Connected) -> None:
    connected.emulator.fault("reply_lost", {"path": "batch"}, times=1)
    assert isinstance(connected.write(create("Perhaps")), Unknown)
    assert connected.client.query("select count(*) from Customer").count == 1


@pytest.mark.parametrize("kind", ["reset", "truncated", "error_after", "error_before"])
def test_broken_replies_and_server_errors_leave_the_outcome_unknown(connected: Connected, kind: str) -> None:
    connected.emulator.fault(kind, {"path": "batch"}, times=1)
    assert isinstance(connected.write(create("Perhaps")), Unknown)
    assert connected.client.calls.write_batches == 1


def test_a_throttled_batch_goes_again_after_the_pause(connected: Connected) -> None:
    connected.emulator.fault("throttle", {"path": "batch"}, times=1)
    assert isinstance(connected.write(create("Later")), Answered)
    assert connected.client.calls.throttled == 1


def test_a_token_that_expires_in_between_is_renewed_once(connected: Connected) -> None:
    connected.emulator.fault("unauthorized", times=1)
    assert isinstance(connected.write(create("Renewed")), Answered)
    assert connected.store.renewals == 1
    assert connected.client.company_info()["CompanyName"]


def test_an_ended_grant_means_disconnected_and_nothing_written(connected: Connected) -> None:
    connected.store.oauth.revoke(connected.store.tokens.refresh_token)
    outcome = connected.write(create("Never"))
    assert isinstance(outcome, NotExecuted)
    assert isinstance(outcome.cause, Disconnected)
    assert connected.emulator.dump(connected.realm).get("Customer", []) == []


def test_tokens_of_another_company_are_forbidden(emulator: Emulator) -> None:
    here = connect(emulator, emulator.new_realm(), of_realm=emulator.new_realm())
    with pytest.raises(Forbidden):
        here.client.preferences()
    here.sender.close()


def test_an_object_that_never_was_is_missing(connected: Connected) -> None:
    with pytest.raises(Missing):
        connected.client.read("Customer", "999999")


def test_a_statement_with_a_mistake_is_refused_beside_good_ones(connected: Connected) -> None:
    count, wrong = connected.client.queries(["select count(*) from Customer", "select * form Customer"])
    assert not isinstance(count, Refused)
    assert count.count == 0
    assert isinstance(wrong, Refused)
    assert (
        connected.emulator.counters(connected.realm)["metered_reads"] == connected.client.metered_reads == 2
    )


def test_changes_hold_what_was_written_and_where_they_end(connected: Connected) -> None:
    before = datetime.now(UTC) - timedelta(minutes=5)
    connected.write(create("New"))
    changes = connected.client.changes(["Customer", "Item", "Vendor"], before)
    assert [row["DisplayName"] for row in changes.rows["Customer"]] == ["New"]
    assert not changes.overflow
    assert parse_time(changes.time) > before
    with pytest.raises(ReadWindowPassed):
        connected.client.changes(["Customer"], before - timedelta(days=40))


def test_inactive_records_are_read_by_id_and_told_among_the_changes(connected: Connected) -> None:
    created = connected.write(create("Gone")).items["a"]
    gone = {"Id": created["Id"], "SyncToken": created["SyncToken"], "sparse": True, "Active": False}
    connected.write(BatchItem(bid="a", operation="update", entity="Customer", payload=gone))
    assert connected.client.query("select * from Customer").rows == []
    assert connected.client.read("Customer", created["Id"])["Active"] is False
    since = datetime.now(UTC) - timedelta(minutes=5)
    assert connected.client.changes(["Customer"], since).rows["Customer"][0]["Active"] is False


def test_our_pace_is_never_throttled(emulator: Emulator) -> None:
    """With the limits on, a burst of reads in real time: the emulator counts on its own clock."""
    realm = emulator.new_realm()
    here = connect(emulator, realm)
    sender = ThreadSender()

    class RealClock:
        now = staticmethod(time.monotonic)
        sleep = staticmethod(time.sleep)

    client = Client(
        environment=environment.emulator(emulator.url),
        realm_id=realm,
        tokens=here.store,
        sender=sender,
        pace=Pace(),
        clock=RealClock(),
    )
    emulator.settings(limits=True)
    try:
        for number in range(35):
            client.submit_batch(number, f"request-{number}", batch_body([create(f"Customer {number}")]))
        outcomes = [client.next_write(30.0) for _ in range(35)]
    finally:
        emulator.settings(limits=False)
        sender.close()
        here.sender.close()
    assert {type(outcome) for outcome in outcomes} == {Answered}
    assert client.calls.throttled == emulator.counters(realm)["throttled"] == 0
