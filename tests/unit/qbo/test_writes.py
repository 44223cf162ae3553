"""Writes: three outcomes, and a re-send only of what was certainly not executed (docs/sync-rules.md)."""

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from qbo.batch import BatchItem, ItemUnknown, batch_body
from qbo.errors import Disconnected, Forbidden, Throttled, TryAgain
from qbo.retry import Answered, NotExecuted, Unknown

from .fakes import FAILED, THROTTLED, UNAUTHORIZED, Script, World, answer, fault, world

BODY = batch_body(
    [
        BatchItem(bid="a1", operation="create", entity="Customer", payload={"DisplayName": "Zoë & Søn"}),
        BatchItem(bid="a2", operation="update", entity="Invoice", payload={"Id": "264"}, options="void"),
    ]
)
DONE = answer(
    {
        "BatchItemResponse": [
            {"Invoice": {"Id": "264", "SyncToken": "1"}, "bId": "a2"},
            {"Customer": {"Id": "71", "SyncToken": "0"}, "bId": "a1"},
        ],
        "time": "2026-10-01T09:00:00.1-07:00",
    }
)


def sent_by(script: list[Script]) -> tuple[World, Any]:
    here = world(*script)
    here.client.submit_batch(5, "request-1", BODY)
    return here, here.client.next_write(300.0)


def test_the_exact_bytes_hold_money_digit_for_digit_and_options_only_where_given() -> None:
    line = BatchItem(bid="b", operation="create", entity="Payment", payload={"TotalAmt": Decimal("1.10")})
    assert batch_body([line]) == (
        b'{"BatchItemRequest":[{"bId":"b","operation":"create","Payment":{"TotalAmt":1.10}}]}'
    )
    first, second = json.loads(BODY)["BatchItemRequest"]
    assert "optionsData" not in first
    assert second["optionsData"] == "void"


@pytest.mark.parametrize("bids", [[], [str(n) for n in range(31)], ["a", "a"], ["elevenchars"], [""]])
def test_a_batch_quickbooks_would_refuse_as_a_whole_is_never_made(bids: list[str]) -> None:
    with pytest.raises(ValueError, match="batch"):
        batch_body([BatchItem(bid=bid, operation="create", entity="Item", payload={}) for bid in bids])


def test_each_item_is_answered_by_its_bid_in_whatever_order() -> None:
    here, outcome = sent_by([DONE])
    assert isinstance(outcome, Answered)
    assert outcome.ticket == 5
    assert outcome.items == {"a1": {"Id": "71", "SyncToken": "0"}, "a2": {"Id": "264", "SyncToken": "1"}}
    assert (outcome.time, outcome.intuit_tid) == ("2026-10-01T09:00:00.1-07:00", "1-abc")
    (sent,) = here.sender.sent
    asked = parse_qs(urlsplit(sent.url).query)
    assert asked == {"requestid": ["request-1"], "minorversion": ["75"]}
    assert (sent.body, sent.timeout) == (BODY, 125.0)
    assert here.client.calls.write_batches == 1
    assert here.client.metered_reads == 0


def test_a_refused_item_has_its_faults_and_a_failed_one_is_unknown() -> None:
    stale = {
        "bId": "a1",
        "Fault": {"Error": [{"code": "5010", "Message": "Stale"}], "type": "ValidationFault"},
    }
    failed = {"bId": "a2", "Fault": {"Error": [{"code": "10000"}], "type": "SystemFault"}}
    _, outcome = sent_by([answer({"BatchItemResponse": [stale, failed], "time": "t"})])
    assert [found.code for found in outcome.items["a1"]] == ["5010"]
    assert isinstance(outcome.items["a2"], ItemUnknown)


@pytest.mark.parametrize(
    "item",
    [
        None,
        {"bId": "a1"},
        {"bId": "a1", "Fault": {"Error": [{"code": "600"}], "type": "ValidationFault"}},
    ],
)
def test_an_item_that_is_not_clearly_answered_is_unknown(item: dict[str, Any] | None) -> None:
    answered = [{"Invoice": {"Id": "264"}, "bId": "a2"}, *([item] if item else [])]
    _, outcome = sent_by([answer({"BatchItemResponse": answered})])
    assert isinstance(outcome.items["a1"], ItemUnknown)
    assert outcome.items["a2"] == {"Id": "264"}


@pytest.mark.parametrize(
    "end",
    [
        "unknown",
        FAILED,
        answer(b"", 200),
        answer(b'{"BatchItemResponse":[{"Cust', 200),
        answer({"time": "t"}, 200),
        answer(b"", 302),
        answer(b"", 408),
        fault("10000", status=500, type="SystemFault"),
        fault("10000", status=200, type="SystemFault"),
        fault("10000", status=400, type="SystemFault"),
        fault("600"),
    ],
)
def test_whatever_is_not_clear_is_unknown_and_never_sent_again(end: Script) -> None:
    here, outcome = sent_by([end])
    assert isinstance(outcome, Unknown)
    assert outcome.ticket == 5
    assert len(here.sender.sent) == 1


@pytest.mark.parametrize("refusal", ["not_sent", UNAUTHORIZED, THROTTLED])
def test_what_was_certainly_not_executed_goes_again_byte_for_byte(refusal: Script) -> None:
    here, outcome = sent_by([refusal, DONE])
    assert isinstance(outcome, Answered)
    first, second = here.sender.sent
    assert (first.url, first.body) == (second.url, second.body)
    assert here.client.calls.retried == 1


@pytest.mark.parametrize(
    ("script", "cause"),
    [
        (["not_sent"] * 4, TryAgain),
        ([THROTTLED] * 3, Throttled),
        ([UNAUTHORIZED] * 5, TryAgain),
        ([fault("3100", status=403, type="SERVICE")], Forbidden),
        ([fault("6190")], Forbidden),
    ],
)
def test_a_write_given_up_says_what_to_do(script: list[Script], cause: type[Exception]) -> None:
    here, outcome = sent_by(script)
    assert isinstance(outcome, NotExecuted)
    assert type(outcome.cause) is cause
    assert outcome.reason == str(outcome.cause)
    assert len(here.sender.sent) == len(script)


def test_whoever_wants_to_know_is_told_just_before_a_write_goes_again() -> None:
    here = world("not_sent", THROTTLED, DONE)
    told: list[int] = []
    here.client.submit_batch(5, "request-1", BODY, before_again=lambda: told.append(len(here.sender.sent)))
    assert isinstance(here.client.next_write(300.0), Answered)
    assert told == [1, 2]


def test_a_write_that_may_not_go_again_any_more_is_not_sent() -> None:
    class TooLateError(Exception):
        pass

    def too_late() -> None:
        raise TooLateError

    here = world(THROTTLED)
    here.client.submit_batch(5, "request-1", BODY, before_again=too_late)
    with pytest.raises(TooLateError):
        here.client.next_write(300.0)
    assert len(here.sender.sent) == 1


def test_an_unknown_outcome_after_a_re_send_stays_unknown() -> None:
    _, outcome = sent_by(["not_sent", "unknown"])
    assert isinstance(outcome, Unknown)


def test_a_batch_refused_as_a_whole_refuses_each_of_its_items() -> None:
    _, outcome = sent_by([fault("2010")])
    assert isinstance(outcome, Answered)
    assert [items[0].code for items in outcome.items.values()] == ["2010", "2010"]  # type: ignore[index]


def test_many_writes_refused_for_one_token_renew_it_once() -> None:
    here = world(UNAUTHORIZED, UNAUTHORIZED, UNAUTHORIZED, DONE, DONE, DONE)
    for ticket in range(3):
        here.client.submit_batch(ticket, f"request-{ticket}", BODY)
    outcomes = [here.client.next_write(10.0) for _ in range(3)]
    assert [type(outcome) for outcome in outcomes] == [Answered] * 3
    assert here.tokens.renewals == here.client.calls.renewed == 1


def test_a_lost_connection_gives_back_every_write_and_stops_the_next_before_it_is_sent() -> None:
    here = world(UNAUTHORIZED, UNAUTHORIZED)
    here.tokens.error = Disconnected("gone")
    for ticket in range(2):
        here.client.submit_batch(ticket, f"request-{ticket}", BODY)
    outcomes = [here.client.next_write(10.0) for _ in range(2)]
    assert {outcome.ticket for outcome in outcomes if isinstance(outcome, NotExecuted)} == {0, 1}
    with pytest.raises(Disconnected):
        here.client.submit_batch(2, "request-2", BODY)
    assert len(here.sender.sent) == 2


def test_writes_that_end_during_a_read_are_kept() -> None:
    read = answer({"Preferences": {"Id": "1"}})
    here = world(DONE, DONE, read)
    here.client.submit_batch(1, "request-1", BODY)
    here.client.submit_batch(2, "request-2", BODY)
    assert here.client.preferences() == {"Id": "1"}
    assert here.sender.in_flight == 0
    kept = [here.client.next_write(0.0), here.client.next_write(0.0)]
    assert [outcome.ticket for outcome in kept if outcome] == [1, 2]
    assert here.client.next_write(10.0) is None


def test_a_read_answered_before_older_writes_does_not_wait_for_them() -> None:
    here = world(DONE, answer({"Preferences": {"Id": "1"}}), newest_first=True)
    here.client.submit_batch(1, "request-1", BODY)
    assert here.client.preferences() == {"Id": "1"}
    assert here.sender.in_flight == 1


def test_no_more_than_ten_calls_are_in_flight() -> None:
    here = world(*[DONE] * 35)
    for ticket in range(35):
        here.client.submit_batch(ticket, f"request-{ticket}", BODY)
    assert here.sender.most_in_flight == 10
    outcomes = [here.client.next_write(10.0) for _ in range(35)]
    assert sorted(outcome.ticket for outcome in outcomes if outcome) == list(range(35))


def test_the_forty_first_batch_of_a_minute_waits() -> None:
    here = world(*[DONE] * 41)
    for ticket in range(41):
        here.client.submit_batch(ticket, f"request-{ticket}", BODY)
        here.client.next_write(10.0)
    assert here.sender.times[40] - here.sender.times[0] > 60


def test_waiting_for_a_write_ends_in_time_while_it_is_held_back_by_a_throttle() -> None:
    here = world(THROTTLED, DONE)
    here.client.submit_batch(1, "request-1", BODY)
    assert here.client.next_write(5.0) is None
    assert here.clock.time == 1005.0
    assert isinstance(here.client.next_write(100.0), Answered)


def test_after_its_turn_was_awaited_a_write_starts_at_once() -> None:
    here = world(*[DONE] * 41)
    for ticket in range(40):
        here.client.submit_batch(ticket, f"request-{ticket}", BODY)
        here.client.next_write(10.0)
    before = here.clock.now()

    here.client.await_turn()

    turn = here.clock.now()
    assert turn > before, "a minute of batches was used up"
    here.client.submit_batch(40, "request-40", BODY)
    assert here.clock.now() == turn
    assert len(here.sender.sent) == 41
