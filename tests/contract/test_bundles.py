"""Bundles: items of type Group, and their lines on sales forms (facts E4, E5)."""

from typing import Any

import pytest

from tests.contract.books import Books, sale

SERVICE = {"Type": "Service", "IncomeAccountRef": {"value": "1"}}


@pytest.fixture
def buyer(books: Books) -> dict[str, Any]:
    return books.customer("Buyer")


@pytest.fixture
def parts(books: Books) -> list[dict[str, Any]]:
    mowing = books.post("Item", {"Name": "Mowing", "UnitPrice": 45.5, "Description": "Per visit", **SERVICE})
    mulch = books.post("Item", {"Name": "Mulch", "UnitPrice": 38, "Taxable": True, **SERVICE})
    return [mowing, mulch]


@pytest.fixture
def bundle(books: Books, parts: list[dict[str, Any]]) -> dict[str, Any]:
    lines = [
        {"Qty": count, "ItemRef": {"value": one["Id"]}} for one, count in zip(parts, (1, 2), strict=True)
    ]
    body = {"Name": "Spring pack", "Type": "Group", "ItemGroupDetail": {"ItemGroupLine": lines}}
    with books.switched(bundles="writable"):
        return books.post("Item", body)


def _bundle(bundle: dict[str, Any], **more: Any) -> dict[str, Any]:
    detail = {"GroupItemRef": {"value": bundle["Id"]}, **more}
    return {"DetailType": "GroupLineDetail", "GroupLineDetail": detail}


def _form(buyer: dict[str, Any], *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"CustomerRef": {"value": buyer["Id"]}, "Line": list(lines), **more}


def test_a_bundle_is_read_and_queried_and_by_default_not_made(
    books: Books, bundle: dict[str, Any], parts: list[dict[str, Any]]
) -> None:
    """Facts E4: Group is read-mostly."""
    assert bundle["ItemGroupDetail"]["ItemGroupLine"] == [
        {"Qty": 1, "ItemRef": {"value": parts[0]["Id"], "name": "Mowing"}},
        {"Qty": 2, "ItemRef": {"value": parts[1]["Id"], "name": "Mulch"}},
    ]
    assert not {"UnitPrice", "IncomeAccountRef", "Taxable"} & bundle.keys()
    assert books.query("select * from Item where Type = 'Group'")["Item"] == [bundle]
    again = {name: bundle[name] for name in ("Type", "ItemGroupDetail")}
    assert books.refused("Item", {"Name": "Other", **again})["code"] == "500"
    change = {"Id": bundle["Id"], "SyncToken": "0", "sparse": True}
    assert books.refused("Item", {**change, "ItemGroupDetail": {"ItemGroupLine": []}})["code"] == "500"
    renamed = books.post("Item", {**change, "Name": "Summer pack"})
    assert renamed["ItemGroupDetail"] == bundle["ItemGroupDetail"]
    assert books.refused("Item", {**change, "SyncToken": "1", "Type": "Service"})["code"] == "6000"


def test_a_bundle_holds_what_can_be_sold(books: Books, bundle: dict[str, Any]) -> None:
    """Facts E4; facts B6: 2020, 2500."""
    category = books.post("Item", {"Name": "Lawn", "Type": "Category"})
    with books.switched(bundles="writable"):
        assert books.refused("Item", {"Name": "Empty", "Type": "Group"})["code"] == "2020"
        for key in (category["Id"], bundle["Id"], "999"):
            line = {"Qty": 1, "ItemRef": {"value": key}}
            body = {"Name": "Odd", "Type": "Group", "ItemGroupDetail": {"ItemGroupLine": [line]}}
            assert books.refused("Item", body)["code"] == "2500"


def test_a_bundle_on_a_form_becomes_the_lines_of_its_parts(
    books: Books, buyer: dict[str, Any], bundle: dict[str, Any], parts: list[dict[str, Any]]
) -> None:
    """Facts E5: GroupLineDetail; parts are numbered after the line that names the bundle."""
    tax = {"TxnTaxCodeRef": {"value": "2"}}
    made = books.post("Invoice", _form(buyer, sale(10), _bundle(bundle, Quantity=3), TxnTaxDetail=tax))
    first, group, total = made["Line"]
    assert (first["Id"], group["Id"], group["LineNum"], group["Amount"]) == ("1", "2", 2, 364.5)
    assert group["GroupLineDetail"]["GroupItemRef"] == {"value": bundle["Id"], "name": "Spring pack"}
    assert group["GroupLineDetail"]["Quantity"] == 3
    mowing, mulch = group["GroupLineDetail"]["Line"]
    assert mowing == {
        "Id": "3",
        "LineNum": 3,
        "Description": "Per visit",
        "Amount": 136.5,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {
            "ItemRef": {"value": parts[0]["Id"], "name": "Mowing"},
            "UnitPrice": 45.5,
            "Qty": 3,
            "TaxCodeRef": {"value": "NON"},
            "ItemAccountRef": {"value": "1", "name": "Services"},
        },
    }
    assert (mulch["Id"], mulch["Amount"], mulch["SalesItemLineDetail"]["TaxCodeRef"]["value"]) == (
        "4",
        228,
        "TAX",
    )
    assert total["Amount"] == 374.5
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (18.24, 392.74)
    assert books.post("Invoice", made) == made


def test_the_lines_of_a_bundle_can_be_sent_and_are_checked(
    books: Books, buyer: dict[str, Any], bundle: dict[str, Any], parts: list[dict[str, Any]]
) -> None:
    """Facts E5; facts B6: 6070, 2500, 2020."""
    own = sale(20, ItemRef={"value": parts[0]["Id"]}, Qty=1, UnitPrice=20)
    made = books.post("Estimate", _form(buyer, _bundle(bundle, Line=[own])))
    assert (made["TotalAmt"], len(made["Line"][0]["GroupLineDetail"]["Line"])) == (20, 1)
    wrong = sale(21, ItemRef={"value": parts[0]["Id"]}, Qty=1, UnitPrice=20)
    assert books.refused("Invoice", _form(buyer, _bundle(bundle, Line=[wrong])))["code"] == "6070"
    assert books.refused("Invoice", _form(buyer, _bundle(parts[0])))["code"] == "2500"
    assert books.refused("Invoice", _form(buyer, sale(1, ItemRef={"value": bundle["Id"]})))["code"] == "2500"
    nameless = {"DetailType": "GroupLineDetail", "GroupLineDetail": {"Quantity": 1}}
    assert books.refused("Invoice", _form(buyer, nameless))["code"] == "2020"


def test_a_voided_bundle_is_empty(books: Books, buyer: dict[str, Any], bundle: dict[str, Any]) -> None:
    """Facts E5: amounts, Qty and totals 0."""
    made = books.post("Invoice", _form(buyer, _bundle(bundle)))
    void = books.post("Invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="void")
    group = void["Line"][0]
    below = group["GroupLineDetail"]["Line"]
    assert (group["Amount"], [one["Amount"] for one in below], void["TotalAmt"]) == (0, [0, 0], 0)
    assert [one["SalesItemLineDetail"]["Qty"] for one in below] == [0, 0]
