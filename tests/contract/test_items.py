"""Items by raw requests (facts E4)."""

from typing import Any

import pytest

from tests.contract.books import Books, sale

SERVICE = {"Type": "Service", "IncomeAccountRef": {"value": "1"}}
INVENTORY = {
    "Type": "Inventory",
    "TrackQtyOnHand": True,
    "QtyOnHand": 10,
    "InvStartDate": "2026-01-01",
    "IncomeAccountRef": {"value": "79"},
    "ExpenseAccountRef": {"value": "80"},
    "AssetAccountRef": {"value": "81"},
}


def _away(item: dict[str, Any]) -> dict[str, Any]:
    return {"Id": item["Id"], "SyncToken": item["SyncToken"], "sparse": True, "Active": False}


def test_every_company_owns_services_and_hours(books: Books) -> None:
    """Facts E4."""
    assert books.get("Item", "1")["Name"] == "Services"
    assert books.get("Item", "2")["Name"] == "Hours"


def test_a_service_keeps_code_price_and_account(books: Books) -> None:
    """Facts E4; facts E1: prices hold up to 7 decimals, reference names are filled in."""
    made = books.post("Item", {"Name": "Mowing", "Sku": "M-1", "UnitPrice": 45.1234567, **SERVICE})
    assert made["UnitPrice"] == 45.1234567
    assert made["IncomeAccountRef"] == {"value": "1", "name": "Services"}
    assert made["FullyQualifiedName"] == "Mowing"
    assert made["Taxable"] is False
    assert made["TrackQtyOnHand"] is False


def test_a_service_without_an_account_or_with_a_wrong_one_is_refused(books: Books) -> None:
    """Facts E4: IncomeAccountRef required; facts B6: 2500."""
    assert books.refused("Item", {"Name": "No account", "Type": "Service"})["code"] == "2020"
    error = books.refused("Item", {"Name": "x", "Type": "Service", "IncomeAccountRef": {"value": "999"}})
    assert error["code"] == "2500"
    assert error["Detail"] == "Invalid Reference Id : Accounts element id 999 not found"
    bank = {"Name": "x", "Type": "Service", "IncomeAccountRef": {"value": "35"}}
    assert books.refused("Item", bank)["code"] == "6000"


@pytest.mark.parametrize("left_out", ["QtyOnHand", "InvStartDate", "AssetAccountRef"])
def test_inventory_needs_all_its_members(books: Books, left_out: str) -> None:
    """Facts E4."""
    body = {name: value for name, value in INVENTORY.items() if name != left_out}
    assert books.refused("Item", {"Name": "Hose", **body})["code"] == "2020"
    assert books.post("Item", {"Name": "Hose", **INVENTORY})["QtyOnHand"] == 10


def test_a_name_is_unique_among_items_and_free_of_colons(books: Books) -> None:
    """Facts E4: 6240; facts B6: 2040; facts E2: 100 characters."""
    books.post("Item", {"Name": "Pruning", **SERVICE})
    assert books.refused("Item", {"Name": "pruning", **SERVICE})["code"] == "6240"
    assert books.refused("Item", {"Name": "a:b", **SERVICE})["code"] == "2040"
    assert books.refused("Item", {"Name": "x" * 101, **SERVICE})["code"] == "2050"


def test_an_item_in_a_category_carries_its_name(books: Books) -> None:
    """Facts E4."""
    category = books.post("Item", {"Name": "Lawn", "Type": "Category"})
    assert "UnitPrice" not in category
    item = books.post(
        "Item", {"Name": "Mowing", "SubItem": True, "ParentRef": {"value": category["Id"]}, **SERVICE}
    )
    assert item["FullyQualifiedName"] == "Lawn:Mowing"
    assert item["ParentRef"] == {"value": category["Id"], "name": "Lawn"}


def test_a_category_cannot_be_sold(books: Books) -> None:
    """Facts B6: 2500, Categories cannot be used in transactions."""
    category = books.post("Item", {"Name": "Lawn", "Type": "Category"})
    customer = books.customer("Buyer")
    body = {"CustomerRef": {"value": customer["Id"]}, "Line": [sale(1, ItemRef={"value": category["Id"]})]}
    error = books.refused("Invoice", body)
    assert (error["code"], error["Detail"]) == (
        "2500",
        "Invalid Reference Id : Categories cannot be used in transactions.",
    )


def test_an_item_that_left_the_list_cannot_be_sold(books: Books) -> None:
    """Facts E1: 610."""
    item = books.post("Item", {"Name": "Old", **SERVICE})
    after = books.post("Item", _away(item))
    assert (after["Name"], after["Active"]) == ("Old (deleted)", False)
    customer = books.customer("Buyer")
    body = {"CustomerRef": {"value": customer["Id"]}, "Line": [sale(1, ItemRef={"value": item["Id"]})]}
    assert books.refused("Invoice", body)["code"] == "610"


def test_inventory_stays_inventory(books: Books) -> None:
    """Facts E4: type change between Service and NonInventory only."""
    service = books.post("Item", {"Name": "Flexible", **SERVICE})
    change = {"Id": service["Id"], "SyncToken": "0", "sparse": True, "Type": "NonInventory"}
    assert books.post("Item", change)["Type"] == "NonInventory"
    stock = books.post("Item", {"Name": "Fixed", **INVENTORY})
    change = {"Id": stock["Id"], "SyncToken": "0", "sparse": True, "Type": "Service"}
    assert books.refused("Item", change)["code"] == "6000"
