"""The company itself: its names and preferences, read and changed by raw requests (facts E7, E8)."""

import json
from typing import Any

import pytest

from tests.contract.books import Books, sale


def _preferences(books: Books, **blocks: Any) -> dict[str, Any]:
    stored = books.call("GET", "preferences")[1]
    token = json.loads(stored)["Preferences"]["SyncToken"]
    return books.post("Preferences", {"Id": "1", "SyncToken": token, "sparse": True, **blocks})


def test_the_company_is_read_by_its_own_number_only(books: Books) -> None:
    """Facts B1: GET /companyinfo/{realmId}; facts E7: Id "1"."""
    assert books.get("CompanyInfo", books.realm)["Id"] == "1"
    status, text, _ = books.call("GET", "companyinfo/99")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "610")


def test_the_company_is_renamed_and_keeps_what_was_not_sent(books: Books) -> None:
    """Facts E1: sparse, SyncToken, 5010, no-op; facts E7."""
    before = books.get("CompanyInfo", books.realm)
    change = {"Id": "1", "SyncToken": "0", "sparse": True, "CompanyName": "Fern & Sons", "Country": "GB"}
    after = books.post("CompanyInfo", change)
    assert (after["CompanyName"], after["SyncToken"]) == ("Fern & Sons", "1")
    assert (after["Country"], after["CompanyAddr"]) == (before["Country"], before["CompanyAddr"])
    assert books.get("CompanyInfo", books.realm) == after
    assert books.post("CompanyInfo", after) == after
    assert books.refused("CompanyInfo", change)["code"] == "5010"
    assert books.query("select * from CompanyInfo")["CompanyInfo"] == [after]
    named = {one["realm_id"]: one["company_name"] for one in books.emulator.control("GET", "realms")}
    assert named[books.realm] == "Fern & Sons"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"CompanyName": ""}, "2020"),
        ({"CompanyAddr": {"PostalCode": "1" * 31}}, "2050"),
        ({"Email": {"Address": "nowhere"}}, "2210"),
        ({"Nonsense": 1}, "2010"),
    ],
)
def test_a_company_is_checked_like_everything_else(books: Books, change: dict[str, Any], code: str) -> None:
    """Facts B6, E2."""
    key = {"Id": "1", "SyncToken": "0", "sparse": True}
    assert books.refused("CompanyInfo", {**key, **change})["code"] == code


@pytest.mark.parametrize("entity", ["CompanyInfo", "Preferences"])
def test_there_is_one_of_it_which_is_neither_made_nor_deleted(books: Books, entity: str) -> None:
    """Facts E7, E8: single object, Id 1; facts B6: 500."""
    assert books.refused(entity, {"CompanyName": "Second"})["code"] == "500"
    key = {"Id": "1", "SyncToken": "0"}
    assert books.refused(entity, key, operation="delete")["code"] == "500"


def test_preferences_that_are_changed_rule_the_books(books: Books) -> None:
    """Facts E8: CustomTxnNumbers, AllowDiscount, BookCloseDate.

    Facts E1: what was not sent stays, the token moves.
    """
    before = json.loads(books.call("GET", "preferences")[1])["Preferences"]
    after = _preferences(books, SalesFormsPrefs={"CustomTxnNumbers": "false"})
    assert after["SalesFormsPrefs"] == {**before["SalesFormsPrefs"], "CustomTxnNumbers": False}
    assert (after["TaxPrefs"], after["SyncToken"]) == (before["TaxPrefs"], str(int(before["SyncToken"]) + 1))
    buyer = books.customer("Buyer")
    assert books.invoice(buyer, 5)["DocNumber"]
    _preferences(books, SalesFormsPrefs={"CustomTxnNumbers": True})
    assert "DocNumber" not in books.invoice(buyer, 5)
    _preferences(books, AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(5)], "TxnDate": "2026-01-31"}
    assert books.refused("Invoice", body)["code"] == "6210"
    opened = _preferences(books, AccountingInfoPrefs={"BookCloseDate": ""})
    assert "BookCloseDate" not in opened["AccountingInfoPrefs"]
    assert books.post("Invoice", body)["TxnDate"] == "2026-01-31"


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ({"NonsensePrefs": {}}, "2010"),
        ({"AccountingInfoPrefs": {"BookCloseDate": "2026-02-30"}}, "2070"),
        ({"SalesFormsPrefs": {"CustomTxnNumbers": "perhaps"}}, "2170"),
    ],
)
def test_preferences_that_make_no_sense_are_refused(books: Books, blocks: dict[str, Any], code: str) -> None:
    """Facts B6."""
    key = {"Id": "1", "SyncToken": "0", "sparse": True}
    assert books.refused("Preferences", {**key, **blocks})["code"] == code


def test_changed_preferences_are_among_the_changes(books: Books) -> None:
    """Facts G: only four entities are left out."""
    books.emulator.advance(60)
    after = _preferences(books, SalesFormsPrefs={"AllowShipping": True})
    preferences, company = books.changes("Preferences,CompanyInfo", after["MetaData"]["LastUpdatedTime"])
    assert (preferences["Preferences"], company) == ([after], {})
