"""Records of the well-known sample company, real ones, loaded with their Ids and asked for in every way."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.books import Books

SAMPLE_RECORDS = Path(
    os.environ.get(
        "SAMPLE_RECORDS", Path(__file__).parents[2] / ".." / "shared" / "data" / "sandbox-us1.json"
    )
)

pytestmark = [
    pytest.mark.sample_records,
    pytest.mark.skipif(not SAMPLE_RECORDS.exists(), reason="no SAMPLE_RECORDS on this machine"),
]


def _by_id(bodies: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(body.get("Id", "1")): body for body in bodies}


def _in_order(value: Any) -> Any:
    """Return a value so that two are equal only if their members come in the same order, too."""
    if isinstance(value, dict):
        return [(name, _in_order(inner)) for name, inner in value.items()]
    return [_in_order(inner) for inner in value] if isinstance(value, list) else value


def test_records_of_the_sample_company_come_back_key_for_key(books: Books) -> None:
    records = json.loads(SAMPLE_RECORDS.read_text())
    loaded = books.emulator.load(books.realm, records)
    assert loaded == {name: len(bodies) for name, bodies in records.items()}
    dumped = books.emulator.dump(books.realm)
    for name, bodies in records.items():
        came_back = _by_id(dumped[name])
        for body in bodies:
            key = str(body.get("Id", "1"))
            assert _in_order(came_back[key]) == _in_order(body)
    for customer in records["Customer"]:
        if customer.get("Active", True):
            name = customer["DisplayName"].replace("\\", "\\\\").replace("'", "\\'")
            found = books.query(f"select * from Customer where DisplayName = '{name}'")
            assert customer in found["Customer"]
    for accounts in {
        one["IncomeAccountRef"]["value"] for one in records["Item"] if "IncomeAccountRef" in one
    }:
        assert books.get("Account", accounts)["AccountType"] in {"Income", "Cost of Goods Sold"}


def test_work_goes_on_after_the_records_of_the_sample_company(books: Books) -> None:
    records = json.loads(SAMPLE_RECORDS.read_text())
    books.emulator.load(books.realm, records)
    taken = {int(body["Id"]) for name in ("Customer", "Vendor", "Employee") for body in records[name]}
    made = books.customer("Smith & Sons")
    assert int(made["Id"]) == max(taken) + 1
    assert books.refused("Customer", {"DisplayName": records["Vendor"][0]["DisplayName"]})["code"] == "6240"
    invoice = books.invoice(made, 10)
    numbers = [int(body["DocNumber"]) for name in ("Invoice", "SalesReceipt") for body in records[name]]
    assert int(invoice["DocNumber"]) == max(*numbers, *_numbers(records["Estimate"])) + 1


def _numbers(bodies: list[dict[str, Any]]) -> list[int]:
    return [int(body["DocNumber"]) for body in bodies]


@pytest.fixture
def remembering(books: Books) -> Iterator[Books]:
    """A company whose change data capture tells of everything, however long ago."""
    with books.switched(changed_since_too_old="answer"):
        yield books


def test_every_way_of_asking_answers_the_same_records(remembering: Books) -> None:
    """Facts B3: query and read give the same shape; facts F: batches, too.

    Facts G: full objects, no stubs.
    """
    books = remembering
    records = json.loads(SAMPLE_RECORDS.read_text())
    books.emulator.load(books.realm, records)
    lists = {"Customer", "Vendor", "Employee", "Item", "Account"}
    for entity, bodies in records.items():
        wanted = {key: _in_order(body) for key, body in _by_id(bodies).items()}
        everything = " where Active in (true, false)" if entity in lists else ""
        statement = f"select * from {entity}{everything} maxresults 1000"
        (item,) = books.batch({"bId": "1", "Query": statement})
        (part,) = books.changes(entity, "2015-01-01T00:00:00-08:00")
        answers = (books.query(statement), item["QueryResponse"], part)
        queried, in_batch, captured = (_by_id(one[entity]) for one in answers)
        for key, body in wanted.items():
            read = books.get(entity, "" if entity == "Preferences" else key)
            for found in (read, queried[key], in_batch[key], captured[key]):
                assert _in_order(found) == body
        assert {one.get("status") for one in captured.values()} <= {None}


def test_all_customers_come_in_quickbooks_own_order(books: Books) -> None:
    """Facts D2: by full name, capitals before small letters, sub-customers under their parent; 41 of them."""
    books.emulator.load(books.realm, json.loads(SAMPLE_RECORDS.read_text()))
    names = [one["FullyQualifiedName"] for one in books.query("select * from Customer")["Customer"]]
    assert (len(names), books.query("select count(*) from Customer")) == (41, {"totalCount": 41})
    assert names == sorted(names, key=str.encode)
    below = [(place, name) for place, name in enumerate(names) if ":" in name]
    assert below
    assert all(names[place - 1].startswith(name.rpartition(":")[0]) for place, name in below)
    vendors = [one["DisplayName"] for one in books.query("select * from Vendor")["Vendor"]]
    assert vendors.index("PG&E") < vendors.index("Pam Seitz")
    assert vendors == sorted(vendors, key=str.encode)
    assert books.query("select count(*) from Vendor") == {"totalCount": len(vendors)}


def test_apostrophes_ampersands_and_commas_are_found(books: Books) -> None:
    """Facts D1."""
    records: dict[str, list[dict[str, Any]]] = json.loads(SAMPLE_RECORDS.read_text())
    books.emulator.load(books.realm, records)
    odd = [one for one in records["Customer"] if set("'&,") & set(one["DisplayName"])]
    odd += [one for one in records["Vendor"] if "&" in one["DisplayName"]]
    assert {mark for one in odd for mark in "'&," if mark in one["DisplayName"]} == set("'&,")
    for customer in odd:
        name = customer["DisplayName"].replace("'", "\\'")
        entity = "Customer" if customer in records["Customer"] else "Vendor"
        found = books.query(f"select * from {entity} where DisplayName = '{name}'")
        assert found[entity] == [customer]
        like = books.query(f"select * from {entity} where DisplayName LIKE '%{name[1:]}'")
        assert customer in like[entity]
