"""Batches and request ids by raw requests (facts F, B8)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.books import Books
from tests.emulator import send


def _create(name: str, number: int = 1) -> dict[str, object]:
    return {"bId": f"b{number}", "operation": "create", "Customer": {"DisplayName": name}}


def test_every_item_stands_alone_and_answers_in_order(books: Books) -> None:
    """Facts F: 200 with faults inside; the next item is carried out all the same."""
    buyer = books.customer("Buyer")
    invoice, payment = books.invoice(buyer, 10), books.payment(buyer, 5)
    answers = books.batch(
        _create("Batch One"),
        {"bId": "bad", "operation": "create", "Customer": {"DisplayName": "a:b"}},
        {
            "bId": "void",
            "operation": "update",
            "optionsData": "void",
            "Invoice": {"Id": invoice["Id"], "SyncToken": "0", "sparse": True},
        },
        {"bId": "del", "operation": "delete", "Payment": {"Id": payment["Id"], "SyncToken": "0"}},
        {"bId": "q", "Query": "select * from Customer where DisplayName = 'Batch One'"},
    )
    assert [one["bId"] for one in answers] == ["b1", "bad", "void", "del", "q"]
    assert answers[0]["Customer"]["SyncToken"] == "0"
    assert answers[1]["Fault"]["Error"][0]["code"] == "2040"
    assert answers[1]["Fault"]["type"] == "ValidationFault"
    assert answers[2]["Invoice"]["PrivateNote"] == "Voided"
    assert answers[3]["Payment"]["status"] == "Deleted"
    assert answers[4]["QueryResponse"]["Customer"][0]["Id"] == answers[0]["Customer"]["Id"]


def test_thirty_items_are_the_most(books: Books) -> None:
    """Facts F: 1040 for the whole batch."""
    assert len(books.batch(*[_create(f"C{number}", number) for number in range(30)])) == 30
    items = [_create(f"D{number}", number) for number in range(31)]
    status, text, _ = books.call("POST", "batch", {"BatchItemRequest": items})
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "1040")
    assert books.query("select count(*) from Customer") == {"totalCount": 30}


def test_an_unknown_operation_is_the_items_own_fault(books: Books) -> None:
    """Facts B6: 500 Unsupported Operation."""
    answer = books.batch({"bId": "1", "operation": "merge", "Customer": {"DisplayName": "x"}})[0]
    assert answer["Fault"]["Error"][0]["code"] == "500"


def test_a_request_id_seen_again_gets_the_first_answer_and_does_nothing(books: Books) -> None:
    """Facts B8: verbatim; the body is not compared; an empty id is ignored."""
    first = books.call("POST", "customer", {"DisplayName": "Once"}, requestid="r-1")
    again = books.call("POST", "customer", {"DisplayName": "Twice"}, requestid="r-1")
    assert again[1] == first[1]
    books.call("POST", "customer", {"DisplayName": "Third"}, requestid="")
    books.call("POST", "customer", {"DisplayName": "Fourth"}, requestid="")
    assert books.query("select count(*) from Customer") == {"totalCount": 3}


def test_a_replay_outlives_the_object_it_made(books: Books) -> None:
    """Facts B8: create, delete, create with the same id yields the dead object."""
    buyer = books.customer("Buyer")
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 5}
    made = books.post("Payment", body, requestid="r-dead")
    books.post("Payment", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert books.post("Payment", body, requestid="r-dead") == made
    assert books.call("GET", f"payment/{made['Id']}")[0] == 400


def test_a_refused_request_is_carried_out_again_under_its_id(books: Books) -> None:
    """Facts B8: unknown whether a fault is replayed; by default it is not, a switch makes it so."""
    books.call("POST", "customer", {"DisplayName": "a:b"}, requestid="r-2")
    assert books.post("Customer", {"DisplayName": "ab"}, requestid="r-2")["DisplayName"] == "ab"
    books.emulator.settings(replay_faults=True)
    try:
        refused = books.call("POST", "customer", {"DisplayName": "c:d"}, requestid="r-3")
        assert books.call("POST", "customer", {"DisplayName": "cd"}, requestid="r-3")[1] == refused[1]
    finally:
        books.emulator.settings(replay_faults=False)


def test_a_batch_sent_again_replays_item_by_item(books: Books) -> None:
    """Facts F: requestid and bId together name an item; a new bId is a new action."""
    first = books.batch(_create("One", 1), _create("Two", 2), requestid="batch-1")
    again = books.batch(_create("One", 1), _create("Two", 2), _create("Three", 3), requestid="batch-1")
    assert again[:2] == first
    assert again[2]["Customer"]["DisplayName"] == "Three"
    assert books.query("select count(*) from Customer") == {"totalCount": 3}


def test_batch_request_ids_can_be_ignored(books: Books) -> None:
    """The other mode an application must survive."""
    books.emulator.settings(batch_request_ids="ignored")
    try:
        books.batch(_create("One"), requestid="batch-2")
        again = books.batch(_create("One"), requestid="batch-2")
    finally:
        books.emulator.settings(batch_request_ids="honoured")
    assert again[0]["Fault"]["Error"][0]["code"] == "6240"


@pytest.mark.parametrize(("path", "length"), [("customer", 51), ("batch", 37)])
def test_request_ids_have_a_length(books: Books, path: str, length: int) -> None:
    """Facts B8: 50 characters, 36 for a batch; 2130."""
    body: object = {"BatchItemRequest": []} if path == "batch" else {"DisplayName": "x"}
    status, text, _ = books.call("POST", path, body, requestid="r" * length)
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "2130")


@pytest.fixture
def restored(books: Books) -> Iterator[Books]:
    """Switches of request ids and batches are back at their defaults afterwards."""
    before = books.emulator.settings()
    yield books
    names = ("request_ids", "request_id_seen_again", "request_id_hours", "batch_order")
    books.emulator.settings(**{name: before[name] for name in names})


def test_an_e_mail_sent_under_a_request_id_is_sent_once(books: Books) -> None:
    """Facts B8: any write."""
    buyer = books.customer("Buyer")
    invoice = books.invoice(buyer, 5, BillEmail={"Address": "a@b.example"})
    path = f"invoice/{invoice['Id']}/send"
    first = books.call("POST", path, sendTo="first@b.example", requestid="mail-1")
    again = books.call("POST", path, sendTo="other@b.example", requestid="mail-1")
    assert (first[0], again[1]) == (200, first[1])
    assert books.get("Invoice", invoice["Id"])["BillEmail"]["Address"] == "first@b.example"


def test_request_ids_of_single_calls_can_be_ignored(restored: Books) -> None:
    """Facts B8: not bullet-proof; the other mode an application must survive."""
    restored.emulator.settings(request_ids="ignored")
    assert restored.customer("Once")["SyncToken"] == "0"
    body = {"DisplayName": "Twice"}
    assert restored.call("POST", "customer", body, requestid="r-4")[0] == 200
    status, text, _ = restored.call("POST", "customer", body, requestid="r-4")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "6240")


def test_a_request_id_seen_again_can_be_a_fault_of_its_own(restored: Books) -> None:
    """Facts B6, B8: code 600 is published; replay is what was seen."""
    restored.emulator.settings(request_id_seen_again="refuse")
    restored.post("Customer", {"DisplayName": "Once"}, requestid="r-5")
    assert restored.refused("Customer", {"DisplayName": "Twice"}, requestid="r-5")["code"] == "600"
    restored.batch(_create("In a batch"), requestid="b-5")
    (again,) = restored.batch(_create("In a batch"), requestid="b-5")
    assert again["Fault"]["Error"][0]["code"] == "600"
    assert restored.query("select count(*) from Customer") == {"totalCount": 2}


def test_answers_can_be_kept_for_some_hours_only(restored: Books) -> None:
    """Facts B8, I: how long is not known."""
    restored.emulator.settings(request_id_hours=1)
    first = restored.post("Customer", {"DisplayName": "First"}, requestid="r-6")
    restored.emulator.advance(3_000)
    assert restored.post("Customer", {"DisplayName": "Second"}, requestid="r-6") == first
    restored.emulator.advance(700)
    restored.token = restored.emulator.grant(restored.realm)["access_token"]
    assert restored.post("Customer", {"DisplayName": "Third"}, requestid="r-6")["DisplayName"] == "Third"
    assert restored.post("Customer", {"DisplayName": "Fourth"}, requestid="r-6")["DisplayName"] == "Third"


def test_the_same_request_id_in_another_company_is_another(books: Books) -> None:
    """Facts B8: unique per realm."""
    other = books.emulator.new_realm()
    books.post("Customer", {"DisplayName": "Here"}, requestid="r-7")
    there = Books(books.emulator, other, books.emulator.grant(other)["access_token"])
    assert there.post("Customer", {"DisplayName": "There"}, requestid="r-7")["DisplayName"] == "There"


def test_a_batch_may_be_carried_out_and_answered_in_another_order(restored: Books) -> None:
    """Facts F: no order is promised; answers are matched by bId."""
    restored.emulator.settings(batch_order="shuffled")
    items = [_create(f"C{number}", number) for number in range(10)]
    answers = restored.batch(*items)
    assert [one["bId"] for one in answers] != [item["bId"] for item in items]
    assert {one["bId"]: one["Customer"]["DisplayName"] for one in answers} == {
        f"b{number}": f"C{number}" for number in range(10)
    }
    assert [int(one["Customer"]["Id"]) for one in answers] == sorted(
        int(one["Customer"]["Id"]) for one in answers
    )


def test_changes_can_be_asked_for_in_a_batch(books: Books) -> None:
    """Facts F: CDCQuery, of the published schema; metered as one read."""
    books.emulator.reset_counters()
    made = books.customer("Changed")
    since = made["MetaData"]["LastUpdatedTime"]
    (answer,) = books.batch({"bId": "c", "CDCQuery": {"Entities": "Customer,Invoice", "ChangedSince": since}})
    assert answer["bId"] == "c"
    customers, invoices = answer["CDCResponse"][0]["QueryResponse"]
    assert (customers["Customer"], invoices) == ([made], {})
    assert books.emulator.counters(books.realm)["metered_reads"] == 1
    (refused,) = books.batch({"bId": "c", "CDCQuery": {"Entities": "Nothing", "ChangedSince": since}})
    assert refused["Fault"]["Error"][0]["code"] == "4001"


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"operation": "create", "Customer": {"DisplayName": "A"}, "Vendor": {"DisplayName": "B"}}, "2010"),
        ({"operation": "create", "Customer": {"DisplayName": "A"}, "optionData": "void"}, "2010"),
        ({"Customer": {"DisplayName": "A"}}, "2020"),
        ({"operation": "create"}, "500"),
        ({"operation": "create", "Nonsense": {"DisplayName": "A"}}, "500"),
        ({}, "2020"),
    ],
)
def test_an_item_that_is_not_one_action_on_one_object_is_refused(
    books: Books, item: dict[str, Any], code: str
) -> None:
    """Facts F: nothing of it is carried out, and the next item is."""
    refused, made = books.batch({"bId": "x", **item}, _create("Made"))
    assert refused["Fault"]["Error"][0]["code"] == code
    assert made["Customer"]["Id"] == "1"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"BatchItemRequest": 5}', b'{"BatchItemRequest": [5]}']
)
def test_a_malformed_batch_is_refused_as_a_whole(books: Books, body: bytes) -> None:
    """Facts F: 400."""
    headers = {
        "Authorization": f"Bearer {books.token}",
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
    url = f"{books.emulator.url}/v3/company/{books.realm}/batch"
    status, text, _ = send("POST", url, body=body, headers=headers)
    assert (status, json.loads(text)["Fault"]["type"]) == (400, "ValidationFault")


def test_a_batch_item_id_is_short_where_a_request_id_is_sent(books: Books) -> None:
    """Facts B8, F: at most 10 characters; 2130. Without a request id it is free."""
    item = {"bId": "elevenchars", "operation": "create", "Customer": {"DisplayName": "Long"}}
    status, text, _ = books.call("POST", "batch", {"BatchItemRequest": [item]}, requestid="b-8")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "2130")
    assert books.batch(item)[0]["bId"] == "elevenchars"


def test_a_void_is_understood_as_it_is_documented(books: Books) -> None:
    """Facts B1, F: `operation=void` for invoices, `include=void` for the rest; optionsData in a batch."""
    buyer = books.customer("Buyer")
    invoice, payment = books.invoice(buyer, 5), books.payment(buyer, 5)
    paid, billed = ({"Id": one["Id"], "SyncToken": "0"} for one in (payment, invoice))
    assert books.refused("Payment", paid, operation="void")["code"] == "500"
    assert books.refused("Invoice", billed, operation="update", include="void")["code"] == "500"
    wrong = [
        {"bId": "1", "operation": "void", "Invoice": billed},
        {"bId": "2", "operation": "delete", "optionsData": "void", "Payment": paid},
    ]
    assert [one["Fault"]["Error"][0]["code"] for one in books.batch(*wrong)] == ["500", "500"]
    books.emulator.settings(void_forms="any")
    try:
        assert [next(iter(one)) for one in books.batch(*wrong)] == ["Invoice", "Payment"]
    finally:
        books.emulator.settings(void_forms="documented")
    assert books.get("Payment", payment["Id"])["TotalAmt"] == 0
