"""Change data capture by raw requests (facts G)."""

import json

import pytest

from tests.contract.books import Books


def _time(books: Books) -> str:
    _, text, _ = books.call("GET", "preferences")
    return str(json.loads(text)["time"])


def test_changes_come_per_entity_in_the_order_asked_with_stubs_for_what_is_gone(books: Books) -> None:
    """Facts G: full objects, inactive ones as rows, {} for nothing, Deleted stubs after the live ones.

    Recorded: no totalCount.
    """
    books.customer("Before")
    books.emulator.advance(60)
    since = _time(books)
    buyer = books.customer("Buyer")
    gone = books.customer("Gone")
    inactive = books.post("Customer", {"Id": gone["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    kept, deleted = books.payment(buyer, 1), books.payment(buyer, 2)
    books.post("Payment", {"Id": deleted["Id"], "SyncToken": "0"}, operation="delete")
    payments, invoices, customers = books.changes("payment,Invoice,Customer", since)
    assert invoices == {}
    assert payments["Payment"][0] == kept
    stub = payments["Payment"][1]
    assert stub.pop("MetaData").keys() == {"LastUpdatedTime"}
    assert stub == {"domain": "QBO", "status": "Deleted", "Id": deleted["Id"]}
    assert payments.keys() == {"Payment", "startPosition", "maxResults"}
    assert (payments["startPosition"], payments["maxResults"]) == (1, 2)
    assert {one["DisplayName"] for one in customers["Customer"]} == {"Buyer", "Gone (deleted)"}
    assert inactive in customers["Customer"]


def test_what_happened_in_the_second_asked_for_is_included(books: Books) -> None:
    """Facts G: boundary unknown; inclusive makes a client prove that it recognises repeats."""
    made = books.customer("Edge")
    (customers,) = books.changes("Customer", made["MetaData"]["LastUpdatedTime"])
    assert customers["Customer"] == [made]


def test_a_thousand_objects_are_the_most_over_all_entities(books: Books) -> None:
    """Facts G."""
    rows = [{"Id": str(key), "DisplayName": f"C{key}", "Active": True} for key in range(1, 1101)]
    books.emulator.load(books.realm, {"Customer": rows[:900], "Vendor": rows[900:]})
    since = _time(books)[:10] + "T00:00:00+14:00"
    customers, vendors = books.changes("Customer,Vendor", since)
    assert (len(customers["Customer"]), len(vendors["Vendor"])) == (900, 100)


def test_thirty_days_back_is_the_furthest(books: Books) -> None:
    """Facts G: code 500, older than fixed days."""
    status, text, _ = books.call("GET", "cdc", entities="Customer", changedSince="2020-01-01T00:00:00-07:00")
    error = json.loads(text)["Fault"]["Error"][0]
    assert (status, error["code"]) == (400, "500")
    assert error["Detail"] == (
        "Operation cdc with changedSince date 2020-01-01T00:00:00-07:00 "
        "which is older than fixed days is not supported."
    )


def test_unknown_and_excluded_entities_are_refused(books: Books) -> None:
    """Facts G: excluded are JournalCode, TaxAgency, TaxCode, TaxRate, and nothing else."""
    excluded = ("JournalCode", "TaxAgency", "TaxCode", "TaxRate")
    for entity in ("Custmoer", *excluded):
        status, text, _ = books.call("GET", "cdc", entities=entity, changedSince=_time(books))
        assert (status, json.loads(text)["Fault"]["type"]) == (400, "ValidationFault")
    for entity in (
        "CompanyInfo",
        "Preferences",
        "ExchangeRate",
        "Class",
        "Term",
        "Bill",
        "Budget",
        "TimeActivity",
    ):
        assert books.call("GET", "cdc", entities=entity, changedSince=_time(books))[0] == 200


def test_the_second_asked_for_can_be_left_out(books: Books) -> None:
    """Facts G: whether the boundary belongs to the changes is not known."""
    made = books.customer("Edge")
    books.emulator.settings(changed_since="exclusive")
    try:
        assert books.changes("Customer", made["MetaData"]["LastUpdatedTime"]) == [{}]
        books.emulator.advance(2)
        later = books.customer("Later")
        (customers,) = books.changes("Customer", made["MetaData"]["LastUpdatedTime"])
    finally:
        books.emulator.settings(changed_since="inclusive")
    assert customers["Customer"] == [later]


def test_more_than_thirty_days_back_may_be_answered(books: Books) -> None:
    """Facts G: a recording of 2020 with a date of 2011 returned data."""
    made = books.customer("Old")
    books.emulator.settings(changed_since_too_old="answer")
    try:
        (customers,) = books.changes("Customer", "2011-01-01T00:00:00-08:00")
    finally:
        books.emulator.settings(changed_since_too_old="refuse")
    assert customers["Customer"] == [made]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"changedSince": "2026-10-01"}, "2020"),
        ({"entities": "Customer"}, "2020"),
        ({"entities": "Customer", "changedSince": "yesterday"}, "2060"),
    ],
)
def test_a_question_for_changes_names_entities_and_a_time(
    books: Books, arguments: dict[str, str], code: str
) -> None:
    """Facts G, B6."""
    status, text, _ = books.call("GET", "cdc", **arguments)
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, code)


def test_a_voided_form_is_a_row_and_names_are_read_in_any_case(books: Books) -> None:
    """Facts G: totals 0, PrivateNote Voided; names of entities without regard to case."""
    buyer = books.customer("Buyer")
    invoice = books.invoice(buyer, 10)
    since = invoice["MetaData"]["LastUpdatedTime"]
    books.post("Invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="void")
    (invoices,) = books.changes("iNVOICE", since)
    row = invoices["Invoice"][0]
    assert (row["TotalAmt"], row["Balance"], row["PrivateNote"]) == (0, 0, "Voided")


def test_an_address_that_is_none_may_break_whatever_would_show_it(books: Books) -> None:
    """Facts B6, 4002: bad data of long ago breaks a page, or the changes.

    A list of fields does not show it.
    """
    since = _time(books)
    bad = {
        "Id": "900",
        "SyncToken": "0",
        "DisplayName": "Of Long Ago",
        "PrimaryEmailAddr": {"Address": "none"},
    }
    books.emulator.load(books.realm, {"Customer": [bad]})
    books.customer("Well Kept")
    with books.switched(invalid_stored_email="4002"):
        fault = books.query_refused("SELECT * FROM Customer WHERE Id = '900'")
        status, answer, *_ = books.call("GET", "cdc", entities="Customer", changedSince=since)
        (named,) = books.query("SELECT Id, DisplayName FROM Customer WHERE Id = '900'")["Customer"]
        (other,) = books.query("SELECT * FROM Customer WHERE DisplayName = 'Well Kept'")["Customer"]
    assert (fault["code"], fault["Message"]) == ("4002", "Error processing query")
    assert fault["Detail"] == "QueryProcessingError: To email address entered is invalid"
    assert (status, json.loads(answer)["Fault"]["Error"][0]["code"]) == (400, "4002")
    assert named["DisplayName"] == "Of Long Ago"
    assert other["DisplayName"] == "Well Kept"
