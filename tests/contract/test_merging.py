"""Merging customers and items, as a person does in QuickBooks (facts C3, E3, G, H2)."""

import json
from typing import Any

import pytest

from tests.contract.books import Books, sale
from tests.emulator import send


def _merge(books: Books, loser: dict[str, Any], survivor: dict[str, Any], **entity: str) -> dict[str, Any]:
    keys = {"loser": loser["Id"], "survivor": survivor["Id"], **entity}
    return dict(books.emulator.control("POST", f"realms/{books.realm}/merge", keys))


def _merge_refused(books: Books, loser: str, survivor: str, **entity: str) -> str:
    url = f"{books.emulator.url}/_emulator/realms/{books.realm}/merge"
    body = json.dumps({"loser": loser, "survivor": survivor, **entity}).encode()
    status, text, _ = send("POST", url, body=body)
    assert status == 400
    return str(json.loads(text)["error"])


def test_the_losers_transactions_go_to_the_survivor_and_move_their_tokens(books: Books) -> None:
    """Facts H2: new CustomerRef and bump."""
    loser, survivor = books.customer("Twin"), books.customer("Twin, original")
    invoice = books.invoice(loser, 100)
    payment = books.payment(loser, 70, (invoice, 30))
    own = books.invoice(survivor, 5)
    _merge(books, loser, survivor)
    for entity, before in (("Invoice", invoice), ("Payment", payment)):
        after = books.get(entity, before["Id"])
        assert after["CustomerRef"] == {"value": survivor["Id"], "name": "Twin, original"}
        assert int(after["SyncToken"]) > int(before["SyncToken"])
    assert books.get("Invoice", own["Id"]) == own
    assert books.get("Customer", survivor["Id"])["Balance"] == 35


def test_the_loser_is_gone_and_its_name_is_free(books: Books) -> None:
    """Facts E3, G: Deleted stub; GET -> 610; no redirect."""
    loser, survivor = books.customer("Twin"), books.customer("Other")
    _merge(books, loser, survivor)
    status, text, _ = books.call("GET", f"customer/{loser['Id']}")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "610")
    change = {"Id": loser["Id"], "SyncToken": "0", "sparse": True, "Notes": "x"}
    assert books.refused("Customer", change)["code"] == "610"
    (part,) = books.changes("Customer", loser["MetaData"]["LastUpdatedTime"])
    stub = part["Customer"][-1]
    assert (stub["Id"], stub["status"]) == (loser["Id"], "Deleted")
    assert books.customer("Twin")["Id"] != loser["Id"]


def test_a_sub_customers_balance_leaves_its_parent(books: Books) -> None:
    """Facts E3: BalanceWithJobs."""
    parent, survivor = books.customer("Parent"), books.customer("Other")
    job = books.customer("Job", Job=True, ParentRef={"value": parent["Id"]})
    books.invoice(job, 100)
    _merge(books, job, survivor)
    assert books.get("Customer", parent["Id"])["BalanceWithJobs"] == 0
    assert books.get("Customer", survivor["Id"])["BalanceWithJobs"] == 100


def test_what_cannot_be_merged_is_said(books: Books) -> None:
    parent, other = books.customer("Parent"), books.customer("Other")
    job = books.customer("Job", Job=True, ParentRef={"value": parent["Id"]})
    gone = books.customer("Gone")
    books.post("Customer", {"Id": gone["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    assert "sub-customers" in _merge_refused(books, parent["Id"], other["Id"])
    assert "itself" in _merge_refused(books, job["Id"], job["Id"])
    assert "active" in _merge_refused(books, other["Id"], gone["Id"])
    assert "Not Found" in _merge_refused(books, other["Id"], "99999")


@pytest.mark.parametrize("entity", ["CreditMemo", "SalesReceipt", "Estimate"])
def test_every_sales_form_goes_along(books: Books, entity: str) -> None:
    loser, survivor = books.customer("Twin"), books.customer("Other")
    body = books.invoice(loser, 1)
    made = books.post(entity, {"CustomerRef": body["CustomerRef"], "Line": [body["Line"][0]]})
    _merge(books, loser, survivor)
    assert books.get(entity, made["Id"])["CustomerRef"]["value"] == survivor["Id"]


@pytest.mark.parametrize("entity", ["Invoice", "CreditMemo", "SalesReceipt", "Estimate"])
def test_the_losers_lines_name_the_item_that_stays_and_move_the_token(books: Books, entity: str) -> None:
    """Facts C3: items are merged like customers.

    Facts G, H2: what was the loser's is the survivor's, and bumped.
    """
    loser, survivor = books.service("Tune-up, winter"), books.service("Tune-up")
    other = books.invoice(books.customer("Buyer"), 5)
    lines = [sale(100, ItemRef={"value": loser["Id"]}), other["Line"][0]]
    buyer = {"value": books.customer("Other buyer")["Id"]}
    made = books.post(entity, {"CustomerRef": buyer, "Line": lines})
    _merge(books, loser, survivor, entity="Item")
    after = books.get(entity, made["Id"])
    sold = [line["SalesItemLineDetail"]["ItemRef"] for line in after["Line"][:2]]
    assert sold == [
        {"value": survivor["Id"], "name": "Tune-up"},
        other["Line"][0]["SalesItemLineDetail"]["ItemRef"],
    ]
    assert after["Line"][0]["Amount"] == 100
    assert int(after["SyncToken"]) > int(made["SyncToken"])
    assert books.get("Invoice", other["Id"]) == other


def test_the_losing_item_is_gone_and_its_name_is_free(books: Books) -> None:
    """Facts E3, G: Deleted stub; GET -> 610; no redirect."""
    loser, survivor = books.service("Tune-up, winter"), books.service("Tune-up")
    assert _merge(books, loser, survivor, entity="Item")["Id"] == survivor["Id"]
    status, text, _ = books.call("GET", f"item/{loser['Id']}")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "610")
    (part,) = books.changes("Item", loser["MetaData"]["LastUpdatedTime"])
    assert (part["Item"][-1]["Id"], part["Item"][-1]["status"]) == (loser["Id"], "Deleted")
    assert books.service("Tune-up, winter")["Id"] != loser["Id"]


def test_to_give_an_item_a_name_that_is_taken_merges_nothing(books: Books) -> None:
    """Facts B6: 6240; a merge is a person's, never the API's."""
    one, other = books.service("Tune-up, winter"), books.service("Tune-up")
    change = {"Id": one["Id"], "SyncToken": "0", "sparse": True, "Name": other["Name"]}
    assert books.refused("Item", change)["code"] == "6240"
    assert books.get("Item", one["Id"])["Name"] == "Tune-up, winter"


def test_what_of_items_cannot_be_merged_is_said(books: Books) -> None:
    one, other = books.service("Tune-up, winter"), books.service("Tune-up")
    goods = books.service("Filter", Type="NonInventory")
    assert "same type" in _merge_refused(books, one["Id"], goods["Id"], entity="Item")
    assert "itself" in _merge_refused(books, one["Id"], one["Id"], entity="Item")
    assert "Not Found" in _merge_refused(books, one["Id"], "99999", entity="Item")
    assert "Customer or Item" in _merge_refused(books, one["Id"], other["Id"], entity="Vendor")
