"""Limits of pace, injected faults and what is counted (facts B5, B7, C1)."""

import http.client
import json
import time
from collections.abc import Iterator

import pytest

from tests.contract.books import Books, sale

BROKEN = (http.client.HTTPException, ConnectionError)


@pytest.fixture
def limited(books: Books) -> Iterator[Books]:
    """With limits on, and at a second nobody has called in yet."""
    books.emulator.settings(limits=True)
    books.emulator.advance(61)
    yield books
    books.emulator.settings(limits=False)


def _names(books: Books) -> set[str]:
    return {one["DisplayName"] for one in books.emulator.dump(books.realm).get("Customer", [])}


def test_the_eleventh_call_in_a_second_is_throttled_in_xml(limited: Books) -> None:
    """Facts B7: XML although JSON was asked for; facts C1: 10 a second."""
    now = limited.emulator.control("GET", "clock")["now"]
    for _ in range(10):
        limited.emulator.control("POST", "clock", {"now": now})
        assert limited.call("GET", "preferences")[0] == 200
    limited.emulator.control("POST", "clock", {"now": now})
    status, text, headers = limited.call("GET", "preferences")
    assert status == 429
    assert headers["Content-Type"].startswith("application/xml")
    assert '<Fault type="SERVICE"><Error code="3001">' in text
    limited.emulator.advance(61)
    assert limited.call("GET", "preferences")[0] == 200


def test_forty_batches_a_minute_are_the_most(limited: Books) -> None:
    """Facts C1: on the emulator's clock."""
    for _ in range(40):
        limited.emulator.advance(1.2)
        assert limited.call("POST", "batch", {"BatchItemRequest": []})[0] == 200
    limited.emulator.advance(1.2)
    assert limited.call("POST", "batch", {"BatchItemRequest": []})[0] == 429
    assert limited.call("GET", "preferences")[0] == 200
    limited.emulator.advance(61)
    assert limited.call("POST", "batch", {"BatchItemRequest": []})[0] == 200


def test_a_refusal_on_request_hits_the_item_it_names(books: Books) -> None:
    books.emulator.fault(
        "refuse", {"entity": "Customer", "operation": "create", "nth": 2}, code=6140, times=1
    )
    items = [
        {"bId": str(number), "operation": "create", "Customer": {"DisplayName": f"C{number}"}}
        for number in range(3)
    ]
    answers = books.batch(*items)
    assert [next(iter(one)) for one in answers] == ["Customer", "Fault", "Customer"]
    assert answers[1]["Fault"]["Error"][0]["code"] == "6140"
    assert _names(books) == {"C0", "C2"}


@pytest.mark.parametrize(
    ("kind", "status", "made"),
    [
        ("unauthorized", 401, False),
        ("forbidden", 403, False),
        ("throttle", 429, False),
        ("error_before", 500, False),
        ("error_after", 500, True),
    ],
)
def test_a_fault_answers_with_its_status_and_the_write_is_done_or_not(
    books: Books, kind: str, status: int, *, made: bool
) -> None:
    books.emulator.fault(kind, {"method": "POST", "path": "/customer", "nth": 2})
    books.customer("First")
    assert books.call("POST", "customer", {"DisplayName": "Second"})[0] == status
    assert books.call("POST", "customer", {"DisplayName": "Third"})[0] == 200
    assert ("Second" in _names(books)) is made


@pytest.mark.parametrize(("kind", "made"), [("reply_lost", True), ("truncated", True), ("reset", False)])
def test_a_broken_connection_breaks_and_the_emulator_lives_on(books: Books, kind: str, *, made: bool) -> None:
    books.emulator.fault(kind, {"entity": "Customer"})
    with pytest.raises(BROKEN):
        books.call("POST", "customer", {"DisplayName": "Broken"})
    assert ("Broken" in _names(books)) is made
    books.customer("After")


def test_a_late_commit_appears_after_its_time(books: Books) -> None:
    books.emulator.fault("late_commit", {"entity": "Customer"}, seconds=0.4)
    with pytest.raises(BROKEN):
        books.call("POST", "customer", {"DisplayName": "Late"})
    assert _names(books) == set()
    deadline = time.monotonic() + 20
    while not _names(books) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _names(books) == {"Late"}


def test_a_stale_list_shows_what_was_and_a_read_by_id_what_is(books: Books) -> None:
    """Facts D2: queries with older SyncTokens than GET by id."""
    made = books.customer("Old name")
    books.emulator.advance(100)
    books.post("Customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "DisplayName": "New name"})
    books.customer("Brand new")
    books.emulator.fault("stale_list", {"operation": "query"}, seconds=50)
    rows = books.query("select * from Customer")["Customer"]
    assert [(one["DisplayName"], one["SyncToken"]) for one in rows] == [("Old name", "0")]
    assert books.get("Customer", made["Id"])["SyncToken"] == "1"
    assert len(books.query("select * from Customer")["Customer"]) == 2


def test_of_a_batch_only_the_list_that_lags_is_stale(books: Books) -> None:
    """Facts D2: it is the list of an entity that lags."""
    books.emulator.advance(100)
    books.customer("Brand new")
    books.emulator.fault("stale_list", {"entity": "Customer"}, seconds=50)
    late, whole = books.batch(
        {"bId": "1", "Query": "select * from Customer"},
        {"bId": "2", "Query": "select * from CompanyInfo"},
    )
    assert late["QueryResponse"] == {}
    assert len(whole["QueryResponse"]["CompanyInfo"]) == 1


def test_an_unconfirmed_delete_is_contradicted_by_a_read(books: Books) -> None:
    """Facts G: a live object flagged Deleted; confirm by GET."""
    made = books.customer("Alive")
    books.emulator.fault("unconfirmed_delete", {"operation": "cdc"})
    (customers,) = books.changes("Customer", made["MetaData"]["LastUpdatedTime"])
    assert customers["Customer"][0]["status"] == "Deleted"
    assert books.get("Customer", made["Id"]) == made


def test_calls_batches_and_metered_reads_are_counted(books: Books) -> None:
    """Facts C2: reads are metered, each query inside a batch too; writes are not."""
    books.customer("One")
    books.query("select * from Customer")
    books.batch(
        {"bId": "1", "operation": "create", "Customer": {"DisplayName": "Two"}},
        {"bId": "2", "Query": "select * from Customer"},
        {"bId": "3", "Query": "select count(*) from Customer"},
    )
    assert books.emulator.counters(books.realm) == {
        "calls": 3,
        "batch_calls": 1,
        "batch_items": 3,
        "metered_reads": 3,
        "throttled": 0,
    }
    last = books.emulator.requests()[-1]
    assert (last["operation"], last["items"]) == (
        "batch",
        ["create Customer", "query Customer", "query Customer"],
    )
    assert books.emulator.requests(since=last["number"]) == []


def test_only_what_succeeds_is_metered(books: Books) -> None:
    """Facts C2: successful calls count."""
    books.emulator.reset_counters()
    assert books.call("GET", "invoice/999")[0] == 400
    assert books.call("GET", "query", query="select")[0] == 400
    assert books.emulator.counters(books.realm)["metered_reads"] == 0
    assert books.call("GET", "preferences")[0] == 200
    assert books.emulator.counters(books.realm)["metered_reads"] == 1


@pytest.mark.usefixtures("another_day")
def test_a_month_of_reads_can_be_used_up_and_writes_go_on(books: Books) -> None:
    """Facts C2: blocked with 429 until next month; writes are free."""
    books.emulator.control("POST", "clock", {"now": "2027-05-31T00:00:00-07:00"})
    books.token = books.emulator.grant(books.realm)["access_token"]
    books.emulator.settings(monthly_reads=2)
    try:
        assert books.call("GET", "invoice/999")[0] == 400  # what fails costs nothing
        assert [books.call("GET", "preferences")[0] for _ in range(3)] == [200, 200, 429]
        status, text, _ = books.call("GET", "query", query="select * from Customer")
        assert (status, '<Error code="3001">' in text) == (429, True)
        assert books.customer("Written")["SyncToken"] == "0"
        assert books.batch({"bId": "1", "operation": "create", "Customer": {"DisplayName": "Too"}})
        asks = {"BatchItemRequest": [{"bId": "1", "Query": "select * from Customer"}]}
        assert books.call("POST", "batch", asks)[0] == 429
        books.emulator.advance(2 * 86_400)
        books.token = books.emulator.grant(books.realm)["access_token"]
        assert books.call("GET", "preferences")[0] == 200
    finally:
        books.emulator.settings(monthly_reads=0)


def test_a_call_that_takes_too_long_is_cut_off_and_goes_on(books: Books) -> None:
    """Facts C1: 120 s, shortened here; what was asked happens all the same."""
    books.emulator.settings(time_out_seconds=1)
    books.emulator.fault("delay", {"entity": "Customer"}, seconds=1.4)
    try:
        status, text, headers = books.call("POST", "customer", {"DisplayName": "Slow"})
    finally:
        books.emulator.settings(time_out_seconds=120)
    assert (status, headers["Content-Type"]) == (504, "text/html")
    assert "504 Gateway Time" in text
    deadline = time.monotonic() + 20
    while not _names(books) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _names(books) == {"Slow"}


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize(("kind", "made"), [("error_before", False), ("error_after", True)])
def test_a_server_in_front_fails_without_quickbooks_shapes(
    books: Books, kind: str, status: int, *, made: bool
) -> None:
    """Facts B5: recorded as a page of HTML."""
    books.emulator.fault(kind, {"entity": "Customer"}, status=status)
    seen, text, headers = books.call("POST", "customer", {"DisplayName": "X"})
    assert (seen, headers["Content-Type"]) == (status, "text/html")
    assert f"<title>{status} " in text
    assert (_names(books) == {"X"}) is made


def test_a_429_can_be_json(limited: Books) -> None:
    """Facts B7: plausible; a switch."""
    limited.emulator.settings(throttle_body="json")
    limited.emulator.fault("throttle")
    try:
        status, text, _ = limited.call("GET", "preferences")
    finally:
        limited.emulator.settings(throttle_body="xml")
    error = json.loads(text)["fault"]["error"][0]
    assert (status, error["code"], error["detail"]) == (
        429,
        "3001",
        "The request limit was reached.  Try again later",
    )


def test_another_app_is_not_slowed_by_the_first(limited: Books) -> None:
    """Facts C1: 10 a second per company and app."""
    mine, other = limited.token, limited.emulator.grant(limited.realm, "another-app")["access_token"]
    now = limited.emulator.control("GET", "clock")["now"]
    seen = []
    for token in [mine] * 11 + [other]:
        limited.emulator.control("POST", "clock", {"now": now})
        limited.token = token
        seen.append(limited.call("GET", "preferences")[0])
    assert seen == [200] * 10 + [429, 200]


def test_a_transaction_has_a_largest_size(books: Books) -> None:
    """Facts C1: 10,000 lines; 750 on a taxable invoice. The code for it is not known."""
    buyer = {"value": books.customer("Buyer")["Id"]}
    described = [{"DetailType": "DescriptionOnly", "Description": "x"}]
    error = books.refused("Invoice", {"CustomerRef": buyer, "Line": described * 10_001})
    assert (error["code"], "10,000 lines" in error["Detail"]) == ("6000", True)
    taxable = [sale(1, TaxCodeRef={"value": "TAX"})]
    error = books.refused("Invoice", {"CustomerRef": buyer, "Line": taxable * 751})
    assert (error["code"], "750 lines" in error["Detail"]) == ("6000", True)
    untaxed = books.post("Invoice", {"CustomerRef": buyer, "Line": [*taxable, *[sale(1)] * 751]})
    assert untaxed["TotalAmt"] == 752


def test_the_forty_first_e_mail_of_a_day_waits(limited: Books) -> None:
    """Facts C1: 40 a day for a company; 429."""
    buyer = limited.customer("Buyer")
    invoice = limited.invoice(buyer, 5)
    seen = []
    for _ in range(41):
        limited.emulator.advance(1.2)
        seen.append(limited.call("POST", f"invoice/{invoice['Id']}/send", sendTo="a@b.example")[0])
    assert seen == [200] * 40 + [429]


def test_a_refusal_on_request_is_called_by_its_published_name(books: Books) -> None:
    """Facts B6: 4002 breaks a page of a query; 10000 is a system fault, in a batch too."""
    books.emulator.fault("refuse", {"operation": "query"}, code=4002)
    error = books.query_refused("select * from Customer")
    assert (error["code"], error["Message"]) == ("4002", "Error processing query")
    books.emulator.fault("refuse", {"entity": "Customer"}, code=10000)
    (answer,) = books.batch({"bId": "1", "operation": "create", "Customer": {"DisplayName": "X"}})
    assert (answer["Fault"]["type"], answer["Fault"]["Error"][0]["code"]) == ("SystemFault", "10000")
    assert _names(books) == set()


def test_texts_of_faults_may_be_in_another_language(books: Books) -> None:
    """Facts B4: match on the code, and on tokens such as Id= only."""
    holder = books.customer("Taken")
    books.emulator.settings(fault_language="french")
    try:
        error = books.refused("Customer", {"DisplayName": "Taken"})
        (answer,) = books.batch({"bId": "1", "operation": "create", "Customer": {"DisplayName": "Taken"}})
    finally:
        books.emulator.settings(fault_language="english")
    assert (error["code"], error["Message"]) == ("6240", "Une erreur est survenue")
    assert f"Id={holder['Id']}" in error["Detail"]
    assert "already" not in error["Detail"]
    assert answer["Fault"]["Error"] == [error]
