"""Entities the emulator knows no rules of but the general ones, by raw requests (facts E1)."""

import json
from typing import Any

import pytest

from tests.contract.books import WRITTEN_AS, Books

LINES = [{"Amount": 12.5, "DetailType": "AccountBasedExpenseLineDetail"}, {"Amount": 7.5}]
TRANSACTIONS: dict[str, dict[str, Any]] = {
    "Bill": {"VendorRef": {"value": "1"}, "Line": LINES},
    "BillPayment": {"VendorRef": {"value": "1"}, "TotalAmt": 20, "PayType": "Check", "Line": []},
    "CreditCardPayment": {"Amount": 5},
    "InventoryAdjustment": {"AdjustAccountRef": {"value": "80"}, "Line": LINES},
    "Purchase": {"PaymentType": "Cash", "Line": LINES},
    "PurchaseOrder": {"VendorRef": {"value": "1"}, "Line": LINES},
    "TimeActivity": {"NameOf": "Employee", "Hours": 3},
    "Transfer": {"Amount": 5},
    "VendorCredit": {"VendorRef": {"value": "1"}, "Line": LINES},
}


@pytest.mark.parametrize("entity", TRANSACTIONS)
def test_it_is_made_read_changed_queried_and_deleted(books: Books, entity: str) -> None:
    """Facts E1: Id of the one sequence, SyncToken, no-op, sparse, full; facts B3: Deleted; then 610."""
    before = books.payment(books.customer("Buyer"), 1)
    made = books.post(entity, {**TRANSACTIONS[entity], "PrivateNote": "mine"})
    assert (int(made["Id"]), made["SyncToken"], made["domain"]) == (int(before["Id"]) + 1, "0", "QBO")
    assert books.get(entity, made["Id"]) == made
    assert books.post(entity, made) == made
    key = {"Id": made["Id"], "sparse": True}
    after = books.post(entity, {**key, "SyncToken": "0", "DocNumber": "7"})
    assert (after["SyncToken"], after["DocNumber"], after["PrivateNote"]) == ("1", "7", "mine")
    assert books.refused(entity, {**key, "SyncToken": "0"})["code"] == "5010"
    (found,) = books.query(f"select * from {entity} where DocNumber = '7'")[WRITTEN_AS.get(entity, entity)]
    assert found == after
    full = {"Id": made["Id"], "SyncToken": "1", **TRANSACTIONS[entity]}
    after = books.post(entity, full)
    assert (after["DocNumber"], after["TxnDate"], "PrivateNote" in after) == ("7", made["TxnDate"], False)
    gone = books.post(entity, {"Id": made["Id"], "SyncToken": "2"}, operation="delete")
    assert gone == {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}
    assert books.refused(entity, {**key, "SyncToken": "2"})["code"] == "610"


@pytest.mark.parametrize(
    ("entity", "body"), [("Attachable", {"Note": "x"}), ("CompanyCurrency", {"Code": "EUR"})]
)
def test_lists_of_unknown_meaning_are_stored(books: Books, entity: str, body: dict[str, Any]) -> None:
    """Facts E1: list entities have their own sequence each."""
    made = books.post(entity, body)
    assert (made["Id"], made["SyncToken"]) == ("1", "0")
    changed = books.post(entity, {**made, **dict.fromkeys(body, "changed")})
    assert (changed["SyncToken"], changed[next(iter(body))]) == ("1", "changed")
    assert books.query(f"select * from {entity}")[entity] == [changed]


def test_a_bill_has_the_total_of_its_lines_and_respects_closed_books(books: Books) -> None:
    """Facts E1: a line without its Id gets a new one; facts B6: 6210."""
    made = books.post("Bill", {**TRANSACTIONS["Bill"], "TxnDate": "2026-01-31"})
    assert (made["TotalAmt"], [line["Id"] for line in made["Line"]]) == (20, ["1", "2"])
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Line": [made["Line"][1], LINES[0]]}
    assert [line["Id"] for line in books.post("Bill", change)["Line"]] == ["2", "3"]
    books.emulator.preferences(books.realm, AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
    assert books.refused("Bill", {**change, "SyncToken": "1"})["code"] == "6210"
    assert books.refused("Bill", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")["code"] == "6210"
    assert books.refused("Bill", {"Line": LINES, "TxnDate": "2025-12-31"})["code"] == "6210"


def test_what_the_general_rules_do_read_is_checked(books: Books) -> None:
    """Facts B6: 2070, 2090."""
    assert books.refused("Bill", {"TxnDate": "2026-02-30"})["code"] == "2070"
    assert books.refused("Bill", {"Line": [{"Amount": "much"}]})["code"] == "2090"


def test_a_bill_payment_is_voided_as_documented(books: Books) -> None:
    """Facts B1: `operation=update&include=void`; facts E5, E6: amounts 0, PrivateNote, kept.

    Again, nothing moves.
    """
    lines = [{"Amount": 20, "LinkedTxn": [{"TxnId": "9", "TxnType": "Bill"}]}]
    made = books.post("BillPayment", {"VendorRef": {"value": "1"}, "PayType": "Check", "Line": lines})
    key = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    after = books.post("BillPayment", key, operation="update", include="void")
    assert (after["TotalAmt"], after["Line"][0]["Amount"], after["PrivateNote"]) == (0, 0, "Voided")
    assert after["SyncToken"] == "1"
    assert books.post("BillPayment", {**key, "SyncToken": "1"}, operation="update", include="void") == after
    bill = books.post("Bill", {"VendorRef": {"value": "1"}, "Line": lines})
    key = {"Id": bill["Id"], "SyncToken": "0", "sparse": True}
    assert books.refused("Bill", key, operation="update", include="void")["code"] == "500"


def test_a_purchase_order_is_sent_to_its_vendor(books: Books) -> None:
    """Facts B1, E5: sendTo, EmailSent; facts B6: 6420 without an address."""
    made = books.post("PurchaseOrder", {"VendorRef": {"value": "1"}, "Line": LINES})
    status, text, _ = books.call("POST", f"purchaseorder/{made['Id']}/send")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "6420")
    assert books.call("POST", f"purchaseorder/{made['Id']}/send", sendTo="them@b.example")[0] == 200
    sent = books.get("PurchaseOrder", made["Id"])
    assert (sent["EmailStatus"], sent["POEmail"]["Address"]) == ("EmailSent", "them@b.example")
