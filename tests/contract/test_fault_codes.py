"""Every code of qbo-facts B6 that these entities can give has a request here, or in the test of its rule."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from qbo_emulator.coverage import fault_codes
from tests.contract.books import Books, sale

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
