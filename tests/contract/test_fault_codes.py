"""Every code of qbo-facts B6 that these entities can give has a request here, or in the test of its rule."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from qbo_emulator.coverage import fault_codes
from tests.contract.books import Books, sale

OFF = {
    "Amount": -1,
    "DetailType": "DiscountLineDetail",
    "DiscountLineDetail": {"PercentBased": False, "DiscountAccountRef": {"value": "86"}},
}
# Code, entity, and what is sent of it beside what the entity needs.
REQUESTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("2010", "Invoice", {"BadJson": 1}),
    ("2020", "Invoice", {"Line": []}),
    ("2040", "Customer", {"DisplayName": "Rob:Barnett:Company"}),
    ("2050", "Invoice", {"DocNumber": "1" * 22}),
    ("2060", "Invoice", {"TxnDate": "11/22/2026"}),
    ("2070", "Invoice", {"TxnDate": "2026-02-30"}),
    ("2090", "Payment", {"TotalAmt": "much"}),
    ("2170", "Customer", {"PreferredDeliveryMethod": "Pigeon"}),
    ("2210", "Customer", {"PrimaryEmailAddr": {"Address": "nowhere"}}),
    ("2240", "Payment", {"TotalAmt": -1}),
    ("2290", "Invoice", {"Line": [sale(5), OFF]}),
    ("2500", "Invoice", {"SalesTermRef": {"value": "999"}}),
    ("6000", "Invoice", {"Line": [sale(-5)]}),
    ("6010", "Account", {}),
    ("6080", "Customer", {"DisplayName": ""}),
    ("6100", "Invoice", {"Line": [sale(1, TaxCodeRef={"value": "7"})]}),
    ("6160", "Invoice", {"TxnTaxDetail": {"TxnTaxCodeRef": {"value": "CustomSalesTax"}}}),
    ("6240", "Customer", {"DisplayName": "Buyer"}),
)


@pytest.fixture
def needed(books: Books) -> dict[str, dict[str, Any]]:
    customer = {"value": books.customer("Buyer")["Id"]}
    return {
        "Customer": {"DisplayName": "Other"},
        "Invoice": {"CustomerRef": customer, "Line": [sale(5)]},
        "Payment": {"CustomerRef": customer, "TotalAmt": 5},
        "Account": {"Name": "New"},
    }


@pytest.mark.parametrize(("code", "entity", "sent"), REQUESTS, ids=[one[0] for one in REQUESTS])
def test_a_request_that_is_wrong_in_one_thing_gets_its_code(
    books: Books, needed: dict[str, Any], code: str, entity: str, sent: dict[str, Any]
) -> None:
    """B4, B6: 400, ValidationFault, Message, Detail and code."""
    status, text, _ = books.call("POST", entity.lower(), {**needed[entity], **sent})
    fault = json.loads(text)["Fault"]
    assert (status, fault["type"], fault["Error"][0]["code"]) == (400, "ValidationFault", code)
    assert all(fault["Error"][0][member] for member in ("Message", "Detail"))


def test_the_custom_tax_code_has_a_code_of_its_own_on_update(books: Books, needed: dict[str, Any]) -> None:
    """B6: 6160 on create, 6230 on update."""
    made = books.post("Invoice", needed["Invoice"])
    tax = {"TxnTaxDetail": {"TxnTaxCodeRef": {"value": "CustomSalesTax"}}}
    assert books.refused("Invoice", {**made, **tax})["code"] == "6230"


def test_several_mistakes_are_told_at_once(books: Books) -> None:
    """B6: a Fault can hold several Errors; 2050 and 2020 were seen together, unknown members stop at once."""
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
    """B6: 5020; E4: inventory needs Plus or Advanced."""
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
    """B6: 6130."""
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
    """B6: 6280."""
    made, other = books.customer("Charged"), books.customer("Other")
    charge = {"Id": "900", "SyncToken": "0", "CustomerRef": {"value": made["Id"]}, "Amount": 5}
    books.emulator.load(books.realm, {entity: [charge]})
    away = {"SyncToken": "0", "sparse": True, "Active": False}
    assert books.refused("Customer", {"Id": made["Id"], **away})["code"] == "6280"
    assert books.post("Customer", {"Id": other["Id"], **away})["Active"] is False


def test_a_processed_card_payment_cannot_be_voided(books: Books) -> None:
    """B6: 6450."""
    made = books.payment(books.customer("Card"), 10, ProcessPayment=True)
    key = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    assert books.refused("Payment", key, operation="update", include="void")["code"] == "6450"
    assert books.post("Payment", key, operation="delete")["status"] == "Deleted"


def test_an_error_of_quickbooks_own_is_a_system_fault(books: Books) -> None:
    """B6: 10000 under 500; B4: under 200 where a query has no statement."""
    books.emulator.fault("error_before")
    status, text, _ = books.call("GET", "item/1")
    fault = json.loads(text)["Fault"]
    assert (status, fault["type"], fault["Error"][0]["code"]) == (500, "SystemFault", "10000")
    status, text, _ = books.call("GET", "query")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (200, "10000")


def test_no_code_is_without_a_test() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert [code for code in fault_codes() if not re.search(rf"\b{code}\b", tests)] == []
