"""Rules that end in a published code (facts B6) and belong to no entity alone.

Every code: `test_fault_texts`.
"""

import json

import pytest

from tests.contract.books import Books


def test_several_mistakes_are_told_at_once(books: Books) -> None:
    """Facts B6: a Fault can hold several Errors.

    2050 and 2020 were seen together, unknown members stop at once.
    """
    long = {"DocNumber": "1" * 22, "CustomerMemo": {"value": "x" * 1016}}
    status, text, _ = books.call("POST", "invoice", long)
    errors = json.loads(text)["Fault"]["Error"]
    assert (status, [(one["code"], one["element"]) for one in errors]) == (
        400,
        [("2050", "DocNumber"), ("2050", "Customer Memo"), ("2020", "CustomerRef"), ("2020", "Line")],
    )
    assert errors[1]["Detail"] == (
        "String length specified does not match the supported length. "
        "Min:0 Max:1,000 supported. Supplied length:1,016"
    )
    status, text, _ = books.call("POST", "invoice", {**long, "BadJson": 1})
    assert [one["code"] for one in json.loads(text)["Fault"]["Error"]] == ["2010"]


def test_inventory_is_not_in_every_subscription(books: Books) -> None:
    """Facts B6: 5020; facts E4: inventory needs Plus or Advanced."""
    item = {
        "Name": "Hose",
        "Type": "Inventory",
        "QtyOnHand": 1,
        "InvStartDate": "2026-01-01",
        "IncomeAccountRef": {"value": "79"},
        "ExpenseAccountRef": {"value": "80"},
        "AssetAccountRef": {"value": "81"},
    }
    for sku, code in (("Simple Start", "5020"), ("Essentials", "5020"), ("Plus", None), ("Advanced", None)):
        named = [{"Name": "OfferingSku", "Value": f"QuickBooks Online {sku}"}]
        company = {"Id": "1", "SyncToken": "0", "CompanyName": "Some", "Country": "US", "NameValue": named}
        books.emulator.load(books.realm, {"CompanyInfo": [company]})
        body = {**item, "Name": f"Hose {sku}"}
        if code:
            assert books.refused("Item", body)["code"] == code
        else:
            assert books.post("Item", body)["Type"] == "Inventory"
    assert books.post("Item", {"Name": "Work", "Type": "Service", "IncomeAccountRef": {"value": "1"}})


def test_who_is_billed_cannot_change_once_the_parent_has_invoices(books: Books) -> None:
    """Facts B6: 6130."""
    parent = books.customer("Parent")
    job = books.customer("Job", Job=True, ParentRef={"value": parent["Id"]})
    change = {"Id": job["Id"], "sparse": True}
    after = books.post("Customer", {**change, "SyncToken": "0", "BillWithParent": True})
    assert after["BillWithParent"] is True
    books.invoice(parent, 5)
    own = {**change, "SyncToken": "1", "BillWithParent": False}
    assert books.refused("Customer", own)["code"] == "6130"
    assert books.post("Customer", {**change, "SyncToken": "1", "Notes": "else"})["SyncToken"] == "2"


@pytest.mark.parametrize("entity", ["ReimburseCharge", "StatementCharge", "ChargeCredit"])
def test_a_customer_with_unbilled_charges_stays_active(books: Books, entity: str) -> None:
    """Facts B6: 6280."""
    made, other = books.customer("Charged"), books.customer("Other")
    charge = {"Id": "900", "SyncToken": "0", "CustomerRef": {"value": made["Id"]}, "Amount": 5}
    books.emulator.load(books.realm, {entity: [charge]})
    away = {"SyncToken": "0", "sparse": True, "Active": False}
    assert books.refused("Customer", {"Id": made["Id"], **away})["code"] == "6280"
    assert books.post("Customer", {"Id": other["Id"], **away})["Active"] is False


def test_a_processed_card_payment_cannot_be_voided(books: Books) -> None:
    """Facts B6: 6450."""
    made = books.payment(books.customer("Card"), 10, ProcessPayment=True)
    key = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    assert books.refused("Payment", key, operation="update", include="void")["code"] == "6450"
    assert books.post("Payment", key, operation="delete")["status"] == "Deleted"


def test_an_error_of_quickbooks_own_is_a_system_fault(books: Books) -> None:
    """Facts B6: 10000 under 500; facts B4: under 200 where a query has no statement."""
    books.emulator.fault("error_before")
    status, text, _ = books.call("GET", "item/1")
    fault = json.loads(text)["Fault"]
    assert (status, fault["type"], fault["Error"][0]["code"]) == (500, "SystemFault", "10000")
    status, text, _ = books.call("GET", "query")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (200, "10000")
