"""The control plane: the contract for tests and tools of any language."""

import json
from typing import Any

import pytest

from tests.contract.books import Books
from tests.emulator import Emulator, send


def _control(emulator: Emulator, method: str, path: str, body: Any) -> tuple[int, Any]:
    status, text, _ = send(method, f"{emulator.url}/_emulator/{path}", body=json.dumps(body).encode())
    return status, json.loads(text)


def test_a_missing_reference_gets_a_stub_of_the_right_type(books: Books) -> None:
    item = {
        "Id": "7",
        "Name": "Thing",
        "Type": "Service",
        "IncomeAccountRef": {"value": "500", "name": "A:B"},
    }
    invoice = {
        "Id": "900",
        "SyncToken": "3",
        "CustomerRef": {"value": "80", "name": "Somebody"},
        "SalesTermRef": {"value": "12"},
        "Line": [],
        "TotalAmt": 1.5,
        "Balance": 0,
    }
    books.emulator.load(books.realm, {"Item": [item], "Invoice": [invoice]})
    account = books.get("Account", "500")
    assert (account["Name"], account["FullyQualifiedName"], account["AccountType"]) == ("B", "A:B", "Income")
    assert books.get("Customer", "80")["DisplayName"] == "Somebody"
    assert books.get("Term", "12")["DueDays"] == 30
    read = books.get("Invoice", "900")
    assert {name: read[name] for name in invoice} == invoice


def test_the_sample_company_is_there_from_the_start(emulator: Emulator) -> None:
    company = emulator.realms()[0]
    assert company["company_name"] == "Green Valley Landscaping"
    records = emulator.dump(company["realm_id"])
    customers = {one["FullyQualifiedName"] for one in records["Customer"]}
    assert len(customers) == 38
    assert {
        "Amelia Hartwell",
        "Bluebird Cafe",
        "Carver & Sons",
        "O'Malley's Pub",
        "Evergreen Apartments:Unit 4B",
        "Evergreen Apartments:Unit 7A",
        "Kowalski Plumbing Supply LLC",
        "Smith, John",
    } <= customers
    assert "Northside Supply" in {one["DisplayName"] for one in records["Vendor"]}
    types = [one["Type"] for one in records["Item"]]
    assert (len(types), types.count("Category"), types.count("Inventory")) == (18, 2, 2)
    assert (len(records["Vendor"]), len(records["Employee"])) == (12, 3)


def test_a_realm_is_made_with_the_id_and_name_asked_for(emulator: Emulator) -> None:
    made = emulator.control(
        "POST", "realms", {"template": "empty", "realm_id": "123456789", "company_name": "Mine"}
    )
    assert made == {"realm_id": "123456789", "company_name": "Mine"}
    assert "Customer" not in emulator.dump("123456789")


def test_preferences_are_merged_and_null_takes_away(books: Books) -> None:
    prefs = books.emulator.preferences(books.realm, AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
    assert prefs["AccountingInfoPrefs"]["BookCloseDate"] == "2026-01-31"
    assert prefs["AccountingInfoPrefs"]["CustomerTerminology"] == "Customers"
    prefs = books.emulator.preferences(books.realm, AccountingInfoPrefs={"BookCloseDate": None})
    assert "BookCloseDate" not in prefs["AccountingInfoPrefs"]


def test_a_grant_tells_the_secret_that_refreshes_it(emulator: Emulator, books: Books) -> None:
    grant = emulator.grant(books.realm, "tool")
    assert grant.keys() == {"access_token", "refresh_token", "expires_in", "client_id", "client_secret"}
    assert emulator.grant(books.realm, "tool")["client_secret"] == grant["client_secret"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "realms", {"template": "rich"}, 400),
        ("POST", "realms", {"template": "empty", "realm_id": "abc"}, 400),
        ("POST", "realms/1/load", {}, 404),
        ("POST", "realms/1/grants", {}, 404),
        ("POST", "faults", {"fault": "explode"}, 400),
        ("POST", "faults", {"fault": "delay", "match": {"colour": "red"}}, 400),
        ("POST", "faults", {"fault": "delay", "seconds": "long"}, 400),
        ("PUT", "settings", {"limits": "yes"}, 400),
        ("PUT", "settings", {"nonsense": 1}, 400),
        ("PUT", "settings", {"latency": {"call_ms": -1}}, 400),
        ("POST", "clock", {"later": 1}, 400),
        ("POST", "clock", [], 400),
        ("POST", "clients", {"client_id": "x"}, 400),
        ("PUT", "realms/{}/preferences", {"TaxPrefs": 5}, 400),
        ("PUT", "realms/{}/preferences", {"SyncToken": "x"}, 400),
        ("PUT", "realms/{}/preferences", {"Id": None}, 400),
        ("PUT", "realms/{}/preferences", {"AccountingInfoPrefs": {"BookCloseDate": "soon"}}, 400),
        ("PUT", "realms/{}/preferences", {"OtherPrefs": {"NameValue": [5]}}, 400),
        ("POST", "nowhere", {}, 404),
    ],
)
def test_a_wrong_request_gets_a_sentence(
    emulator: Emulator, method: str, path: str, body: Any, status: int
) -> None:
    answer = _control(emulator, method, path.format(emulator.new_realm()), body)
    assert answer[0] == status
    assert answer[1].keys() == {"error"}
    assert answer[1]["error"].endswith(".")


def test_another_sites_page_may_not_use_it(emulator: Emulator) -> None:
    for headers in (
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "rebound.example"},
    ):
        status, _, _ = send("POST", f"{emulator.url}/_emulator/counters/reset", body=b"{}", headers=headers)
        assert status == 403


def test_settings_are_answered_and_kept(emulator: Emulator) -> None:
    settings = emulator.settings(latency={"call_ms": 1, "jitter": 0.5}, seed=7)
    assert settings["latency"] == {"call_ms": 1, "item_ms": 0, "jitter": 0.5}
    assert settings["seed"] == 7
    assert emulator.settings(latency={"call_ms": 0, "jitter": 0})["limits"] is False


def test_records_loaded_with_little_in_them_can_be_worked_with(books: Books) -> None:
    bare = {"SyncToken": "0", "Active": True}
    job = {"Job": True, "ParentRef": {"value": "1"}}
    books.emulator.load(
        books.realm,
        {
            "Customer": [
                {**bare, "Id": "1", "DisplayName": "Bare"},
                {**bare, "Id": "2", "FullyQualifiedName": "Bare:Unit", "DisplayName": "Unit", **job},
            ],
            "Item": [{**bare, "Id": "50", "Name": "Bare thing", "Type": "Service"}],
            "Invoice": [
                {"Id": "9", "SyncToken": "0", "CustomerRef": {"value": "1"}, "TotalAmt": 5, "Balance": 5}
            ],
            "Payment": [{"Id": "10", "SyncToken": "0", "CustomerRef": {"value": "1"}, "TotalAmt": 5}],
        },
    )
    key = {"Id": "1", "SyncToken": "0", "sparse": True}
    assert books.post("Customer", {**key, "Notes": "now"})["FullyQualifiedName"] == "Bare"
    unit = books.customer("Unit 2", Job=True, ParentRef={"value": "2"})
    assert unit["Level"] == 2
    item = {**key, "Id": "50", "IncomeAccountRef": {"value": "1"}, "UnitPrice": 2}
    assert books.post("Item", item)["FullyQualifiedName"] == "Bare thing"
    paid = {"Amount": 5, "LinkedTxn": [{"TxnId": "9", "TxnType": "Invoice"}]}
    payment = {**key, "Id": "10", "CustomerRef": {"value": "1"}, "TotalAmt": 5, "Line": [paid]}
    assert books.post("Payment", payment)["UnappliedAmt"] == 0
    assert books.get("Invoice", "9")["Balance"] == 0
    assert books.post("Invoice", {"Id": "9", "SyncToken": "1"}, operation="delete")["status"] == "Deleted"
    assert books.get("Payment", "10")["UnappliedAmt"] == 5


def test_a_loaded_record_is_answered_with_all_that_every_object_has(books: Books) -> None:
    """Facts E1: an Id, a SyncToken and both times, on a list whether it is active, on a form its day."""
    made = {"CreateTime": "2020-02-03T04:05:06-08:00"}
    books.emulator.load(
        books.realm,
        {
            "Customer": [
                {"Id": "1", "DisplayName": "Bare"},
                {"Id": "2", "DisplayName": "B", "MetaData": made},
            ],
            "Payment": [{"Id": "10", "CustomerRef": {"value": "1"}, "TotalAmt": 5}],
            "RecurringTransaction": [{"Bill": {"Id": "11", "Line": []}}],
        },
    )
    bare, dated = books.get("Customer", "1"), books.get("Customer", "2")
    assert (bare["SyncToken"], bare["Active"]) == ("0", True)
    assert bare["MetaData"].keys() == {"CreateTime", "LastUpdatedTime"}
    assert dated["MetaData"] == {**made, "LastUpdatedTime": made["CreateTime"]}
    payment = books.get("Payment", "10")
    assert (payment["SyncToken"], payment["UnappliedAmt"]) == ("0", 5)
    assert len(payment["TxnDate"]) == 10
    inside = books.get("RecurringTransaction", "11")["Bill"]
    assert (inside["SyncToken"], inside["MetaData"].keys()) == ("0", bare["MetaData"].keys())


@pytest.mark.parametrize(
    ("entity", "record", "said"),
    [
        ("Customer", {}, "Customer 7 has no DisplayName."),
        ("Item", {"Name": "Thing"}, "Item 7 has no Type."),
        ("Account", {"AccountType": "Bank"}, "Account 7 has no Name."),
        ("Term", {}, "Term 7 has no Name."),
        ("Invoice", {"TotalAmt": 5, "Balance": 5}, "Invoice 7 has no CustomerRef."),
        ("Invoice", {"CustomerRef": {"value": "1"}, "TotalAmt": 5}, "Invoice 7 has no Balance."),
        ("Payment", {"CustomerRef": {"value": "1"}}, "Payment 7 has no TotalAmt."),
        ("SalesReceipt", {}, "SalesReceipt 7 has no TotalAmt."),
        ("SalesReceipt", {"TotalAmt": "5"}, "TotalAmt of SalesReceipt 7 is no number."),
        (
            "Payment",
            {"CustomerRef": {"value": "1"}, "TotalAmt": 5, "Line": ["x"]},
            "The lines of Payment 7 cannot be read.",
        ),
        ("Customer", {"DisplayName": "A", "SyncToken": "x"}, "SyncToken of Customer 7 is no number."),
        ("Customer", {"DisplayName": "A", "MetaData": "x"}, "MetaData of Customer 7 is no object."),
        (
            "Customer",
            {"DisplayName": "A", "MetaData": {"CreateTime": "soon"}},
            "MetaData of Customer 7 has a time that is none: soon.",
        ),
        ("RecurringTransaction", {}, "An object of 'RecurringTransaction' holds one form."),
    ],
)
def test_a_record_without_what_nobody_can_guess_is_refused_by_name(
    books: Books, entity: str, record: dict[str, Any], said: str
) -> None:
    status, text, _ = send(
        "POST",
        f"{books.emulator.url}/_emulator/realms/{books.realm}/load",
        body=json.dumps(
            {"Vendor": [{"Id": "5", "DisplayName": "V"}], entity: [{"Id": "7", **record}]}
        ).encode(),
    )
    assert (status, json.loads(text)) == (400, {"error": said})
    assert "Vendor" not in books.emulator.dump(books.realm)
