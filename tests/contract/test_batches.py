"""Batches and request ids by raw requests (qbo-facts F, B8)."""

import json

import pytest

from tests.contract.books import Books


def _create(name: str, number: int = 1) -> dict[str, object]:
    return {"bId": f"b{number}", "operation": "create", "Customer": {"DisplayName": name}}


def test_every_item_stands_alone_and_answers_in_order(books: Books) -> None:
    """F: 200 with faults inside; the next item is carried out all the same."""
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
    """F: 1040 for the whole batch."""
    assert len(books.batch(*[_create(f"C{number}", number) for number in range(30)])) == 30
    items = [_create(f"D{number}", number) for number in range(31)]
    status, text, _ = books.call("POST", "batch", {"BatchItemRequest": items})
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "1040")
    assert books.query("select count(*) from Customer") == {"totalCount": 30}


def test_an_unknown_operation_is_the_items_own_fault(books: Books) -> None:
    """B6: 500 Unsupported Operation."""
    answer = books.batch({"bId": "1", "operation": "merge", "Customer": {"DisplayName": "x"}})[0]
    assert answer["Fault"]["Error"][0]["code"] == "500"


def test_a_request_id_seen_again_gets_the_first_answer_and_does_nothing(books: Books) -> None:
    """B8: verbatim; the body is not compared; an empty id is ignored."""
    first = books.call("POST", "customer", {"DisplayName": "Once"}, requestid="r-1")
    again = books.call("POST", "customer", {"DisplayName": "Twice"}, requestid="r-1")
    assert again[1] == first[1]
    books.call("POST", "customer", {"DisplayName": "Third"}, requestid="")
    books.call("POST", "customer", {"DisplayName": "Fourth"}, requestid="")
    assert books.query("select count(*) from Customer") == {"totalCount": 3}


def test_a_replay_outlives_the_object_it_made(books: Books) -> None:
    """B8: create, delete, create with the same id yields the dead object."""
    buyer = books.customer("Buyer")
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 5}
    made = books.post("Payment", body, requestid="r-dead")
    books.post("Payment", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert books.post("Payment", body, requestid="r-dead") == made
    assert books.call("GET", f"payment/{made['Id']}")[0] == 400


def test_a_refused_request_is_carried_out_again_under_its_id(books: Books) -> None:
    """B8: unknown whether a fault is replayed; by default it is not, a switch makes it so."""
    books.call("POST", "customer", {"DisplayName": "a:b"}, requestid="r-2")
    assert books.post("Customer", {"DisplayName": "ab"}, requestid="r-2")["DisplayName"] == "ab"
    books.emulator.settings(replay_faults=True)
    try:
        refused = books.call("POST", "customer", {"DisplayName": "c:d"}, requestid="r-3")
        assert books.call("POST", "customer", {"DisplayName": "cd"}, requestid="r-3")[1] == refused[1]
    finally:
        books.emulator.settings(replay_faults=False)


def test_a_batch_sent_again_replays_item_by_item(books: Books) -> None:
    """F: requestid and bId together name an item; a new bId is a new action."""
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
    """B8: 50 characters, 36 for a batch; 2130."""
    body: object = {"BatchItemRequest": []} if path == "batch" else {"DisplayName": "x"}
    status, text, _ = books.call("POST", path, body, requestid="r" * length)
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "2130")
