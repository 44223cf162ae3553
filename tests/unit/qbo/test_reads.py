"""Reads: asked again by kind of error, within bounds, and taken apart."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from qbo.errors import Disconnected, Forbidden, Missing, ReadWindowPassed, Refused, Throttled, TryAgain

from .fakes import FAILED, THROTTLED, UNAUTHORIZED, Script, answer, fault, world

CUSTOMER = answer(
    b'{"Customer":{"Id":"7","SyncToken":"0","Balance":100.10},"time":"2026-10-01T09:00:00.1-07:00"}'
)
SINCE = datetime(2026, 10, 1, 7, 0, 0, 999_999, tzinfo=UTC)


def test_a_read_names_the_realm_the_version_and_the_token() -> None:
    here = world(CUSTOMER)
    assert here.client.read("Customer", "7")["Balance"] == Decimal("100.10")
    (sent,) = here.sender.sent
    assert sent.method == "GET"
    assert sent.url == "http://127.0.0.1:1/v3/company/4620/customer/7?minorversion=75"
    assert sent.headers["Authorization"] == "Bearer secret-token-1"
    assert sent.headers["Accept"] == "application/json"
    assert here.client.calls.reads == here.client.metered_reads == 1


def test_an_object_that_is_not_there_is_missing() -> None:
    with pytest.raises(Missing, match="no Customer 7") as raised:
        world(fault("610")).client.read("Customer", "7")
    assert raised.value.intuit_tid == "1-abc"


def test_the_company_and_its_preferences_are_read_without_an_id() -> None:
    here = world(answer({"CompanyInfo": {"Id": "1"}}), answer({"Preferences": {"Id": "1"}}))
    assert here.client.company_info() == here.client.preferences() == {"Id": "1"}
    paths = [urlsplit(sent.url).path for sent in here.sender.sent]
    assert paths == ["/v3/company/4620/companyinfo/4620", "/v3/company/4620/preferences"]


@pytest.mark.parametrize(
    "failure",
    [
        FAILED,
        "unknown",
        "not_sent",
        answer(b'{"Customer":{"Id"'),
        answer({}),
        fault("10000", status=500, type="SystemFault"),
    ],
)
def test_a_failed_read_is_asked_again_after_a_growing_pause(failure: Script) -> None:
    here = world(failure, failure, CUSTOMER)
    assert here.client.read("Customer", "7")["Id"] == "7"
    assert here.clock.sleeps == [1.0, 2.0]
    assert (here.client.calls.reads, here.client.calls.retried) == (3, 2)


def test_a_read_that_keeps_failing_is_given_up() -> None:
    here = world(*[FAILED] * 4)
    with pytest.raises(TryAgain, match="HTTP 502"):
        here.client.read("Customer", "7")
    assert len(here.sender.sent) == 4


def test_an_expired_token_is_renewed_once_and_the_read_goes_again() -> None:
    here = world(UNAUTHORIZED, CUSTOMER)
    assert here.client.read("Customer", "7")["Id"] == "7"
    assert here.sender.sent[1].headers["Authorization"] == "Bearer secret-token-2"
    assert here.client.calls.renewed == here.tokens.renewals == 1


def test_two_401_in_a_row_with_good_tokens_end_no_connection() -> None:
    here = world(UNAUTHORIZED, UNAUTHORIZED, UNAUTHORIZED, CUSTOMER)
    assert here.client.read("Customer", "7")["Id"] == "7"
    assert here.tokens.renewals == 1
    assert here.clock.sleeps == [0.0, 1.0, 2.0], "renewed at once, then paused"


def test_a_token_that_is_refused_again_and_again_is_tried_again_later() -> None:
    here = world(*[UNAUTHORIZED] * 5, CUSTOMER)
    with pytest.raises(TryAgain, match="just given"):
        here.client.read("Customer", "7")
    assert here.client.read("Customer", "7")["Id"] == "7"


def test_a_refused_refresh_token_means_disconnected_for_every_later_call() -> None:
    here = world(UNAUTHORIZED)
    here.tokens.error = Disconnected("gone")
    for _ in range(2):
        with pytest.raises(Disconnected):
            here.client.preferences()
    assert len(here.sender.sent) == 1


def test_a_throttle_pauses_every_call_for_a_minute() -> None:
    here = world(THROTTLED, CUSTOMER)
    here.client.read("Customer", "7")
    assert here.sender.times[1] - here.sender.times[0] >= 60
    assert here.client.calls.throttled == 1


def test_a_month_used_up_ends_in_throttled() -> None:
    with pytest.raises(Throttled):
        world(*[THROTTLED] * 3).client.read("Customer", "7")


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (fault("3100", status=403, type="SERVICE"), "does not let"),
        (fault("120", status=401, type="AuthorizationFault"), "no access"),
        (fault("6190"), "subscription"),
    ],
)
def test_lost_access_is_told_in_words_and_not_tried_again(refusal: Script, words: str) -> None:
    here = world(refusal)
    with pytest.raises(Forbidden, match=words):
        here.client.query("select * from Customer")
    assert len(here.sender.sent) == 1


def test_no_error_repeats_a_token() -> None:
    here = world(*[UNAUTHORIZED] * 5)
    with pytest.raises(TryAgain) as raised:
        here.client.read("Customer", "7")
    told = f"{raised.value!r} {raised.value.__cause__!r} {here.sender.sent!r}"
    assert "secret-token" not in told


def test_each_answer_is_logged_with_intuits_transaction_id_and_without_its_content(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG", logger="qbo")
    here = world("unknown", answer({"QueryResponse": {"Customer": [{"DisplayName": "Amelia"}]}}))
    here.client.query("select * from Customer where DisplayName = 'Amelia'")
    assert caplog.messages == [
        "POST query: no answer (unknown, ConnectError)",
        "POST query: 200, intuit_tid 1-abc",
    ]


def test_a_query_goes_in_the_body_so_that_no_name_stands_in_an_address() -> None:
    here = world(
        answer(
            {"QueryResponse": {"Customer": [{"Id": "1"}], "startPosition": 1, "maxResults": 1}, "time": "t"}
        )
    )
    statement = "select * from Customer where DisplayName = 'O\\'Malley\\'s'"
    found = here.client.query(statement)
    assert (found.rows, found.count, found.time) == ([{"Id": "1"}], None, "t")
    (sent,) = here.sender.sent
    assert (sent.method, sent.body.decode()) == ("POST", statement)
    assert sent.headers["Content-Type"] == "application/text"
    assert "Malley" not in sent.url


def test_a_count_and_an_empty_page_hold_no_rows() -> None:
    here = world(answer({"QueryResponse": {"totalCount": 41}}), answer({"QueryResponse": {}}))
    counted, empty = here.client.query("select count(*) from Item"), here.client.query("select * from Item")
    assert (counted.rows, counted.count) == ([], 41)
    assert (empty.rows, empty.count) == ([], None)


def test_a_statement_quickbooks_does_not_take_is_refused_at_once() -> None:
    here = world(fault("4000"))
    with pytest.raises(Refused, match="4000"):
        here.client.query("selekt")
    assert len(here.sender.sent) == 1


def test_many_queries_are_one_call_answered_in_the_order_asked() -> None:
    here = world(
        answer(
            {
                "BatchItemResponse": [
                    {"bId": "2", "Fault": {"Error": [{"code": "4001"}], "type": "ValidationFault"}},
                    {"bId": "0", "QueryResponse": {"totalCount": 3}},
                    {"bId": "1", "QueryResponse": {"Item": [{"Id": "5"}]}},
                ],
                "time": "t",
            }
        )
    )
    count, items, refused = here.client.queries(["a", "b", "c"])
    assert not isinstance(count, Refused)
    assert count.count == 3
    assert not isinstance(items, Refused)
    assert items.rows == [{"Id": "5"}]
    assert isinstance(refused, Refused)
    assert json.loads(here.sender.sent[0].body)["BatchItemRequest"][1] == {"bId": "1", "Query": "b"}
    calls = here.client.calls
    assert (calls.batch_reads, calls.queries_in_batches, calls.total, here.client.metered_reads) == (
        1,
        3,
        1,
        3,
    )


@pytest.mark.parametrize(
    "items", [[], [{"bId": "0", "Fault": {"Error": [{"code": "10000"}], "type": "SystemFault"}}]]
)
def test_a_batch_of_queries_in_which_quickbooks_failed_is_asked_again(items: list[object]) -> None:
    good = answer({"BatchItemResponse": [{"bId": "0", "QueryResponse": {}}]})
    here = world(answer({"BatchItemResponse": items}), good)
    assert len(here.client.queries(["a"])) == 1
    assert here.client.calls.batch_reads == 2


def test_changes_of_all_kinds_come_in_one_call() -> None:
    here = world(
        answer(
            {
                "CDCResponse": [
                    {
                        "QueryResponse": [
                            {"Customer": [{"Id": "7", "Active": False}], "maxResults": 1},
                            {"Payment": [{"Id": "9"}, {"domain": "QBO", "status": "Deleted", "Id": "151"}]},
                            {},
                        ]
                    }
                ],
                "time": "2026-10-21T08:00:00.123-07:00",
            }
        )
    )
    changes = here.client.changes(["Customer", "Payment", "Item"], SINCE)
    assert changes.rows == {"Customer": [{"Id": "7", "Active": False}], "Payment": [{"Id": "9"}], "Item": []}
    assert changes.deleted == {"Customer": [], "Payment": ["151"], "Item": []}
    assert not changes.overflow
    assert changes.time == "2026-10-21T08:00:00.123-07:00"
    asked = parse_qs(urlsplit(here.sender.sent[0].url).query)
    assert asked["changedSince"] == ["2026-10-01T07:00:00+00:00"]
    assert asked["entities"] == ["Customer,Payment,Item"]


def test_a_thousand_changes_in_all_mean_there_may_be_more() -> None:
    rows = [{"Id": str(number)} for number in range(600)]
    stubs = [{"Id": str(number), "status": "Deleted"} for number in range(400)]
    here = world(
        answer({"CDCResponse": [{"QueryResponse": [{"Customer": rows}, {"Invoice": stubs}]}], "time": "t"})
    )
    assert here.client.changes(["Customer", "Invoice"], SINCE).overflow


@pytest.mark.parametrize("type_", ["ValidationFault", "SystemFault"])
def test_changes_of_long_ago_are_not_kept(type_: str) -> None:
    detail = "Operation cdc with changedSince date 2011 which is older than fixed days is not supported."
    with pytest.raises(ReadWindowPassed):
        world(fault("500", detail, type=type_)).client.changes(["Customer"], SINCE)
