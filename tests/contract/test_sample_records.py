"""Records of the well-known sample company, real ones, loaded with their Ids and asked for in every way."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.contract.books import Books
from tests.emulator import Emulator

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


def test_records_of_the_sample_company_come_back_key_for_key(books: Books) -> None:
    records = json.loads(SAMPLE_RECORDS.read_text())
    loaded = books.emulator.load(books.realm, records)
    assert loaded == {name: len(bodies) for name, bodies in records.items()}
    dumped = books.emulator.dump(books.realm)
    for name, bodies in records.items():
        came_back = _by_id(dumped[name])
        for body in bodies:
            key = str(body.get("Id", "1"))
            assert came_back[key] == body
            assert list(came_back[key]) == list(body) or name == "Preferences"
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
def long_ago(emulator: Emulator) -> Iterator[Books]:
    """A company that lives shortly after the records were made, so that change data capture tells of them."""
    emulator.control("POST", "clock", {"now": "2015-10-20T12:00:00-07:00"})
    realm = emulator.new_realm()
    yield Books(emulator, realm, emulator.grant(realm)["access_token"])
    emulator.control("POST", "clock", {"now": datetime.now(UTC).isoformat()})


def test_every_way_of_asking_answers_the_same_records(long_ago: Books) -> None:
    """B3: query and read return the same shape; F; G."""
    records = json.loads(SAMPLE_RECORDS.read_text())
    long_ago.emulator.load(long_ago.realm, records)
    lists = {"Customer", "Vendor", "Employee", "Item", "Account"}
    for entity, bodies in records.items():
        if entity == "Preferences":
            continue
        wanted = _by_id(bodies)
        for key, body in wanted.items():
            assert long_ago.get(entity, key) == body
        everything = " where Active in (true, false)" if entity in lists else ""
        statement = f"select * from {entity}{everything} maxresults 1000"
        queried = _by_id(long_ago.query(statement)[entity])
        (item,) = long_ago.batch({"bId": "1", "Query": statement})
        in_batch = _by_id(item["QueryResponse"][entity])
        (part,) = long_ago.changes(entity, "2015-09-21T00:00:00-07:00")
        captured = _by_id(part[entity])
        for key, body in wanted.items():
            assert (queried[key], in_batch[key]) == (body, body)
            if body["MetaData"]["LastUpdatedTime"] > "2015-09-22":
                assert captured[key] == body


def test_all_customers_come_in_quickbooks_own_order(books: Books) -> None:
    """D2: by full name, capitals before small letters, sub-customers under their parent."""
    books.emulator.load(books.realm, json.loads(SAMPLE_RECORDS.read_text()))
    names = [one["FullyQualifiedName"] for one in books.query("select * from Customer")["Customer"]]
    assert len(names) == books.query("select count(*) from Customer")["totalCount"]
    assert names == sorted(names)


def test_apostrophes_ampersands_and_commas_are_found(books: Books) -> None:
    """D1."""
    records: dict[str, list[dict[str, Any]]] = json.loads(SAMPLE_RECORDS.read_text())
    books.emulator.load(books.realm, records)
    odd = [one for one in records["Customer"] if set("'&,") & set(one["DisplayName"])]
    assert odd
    for customer in odd:
        name = customer["DisplayName"].replace("'", "\\'")
        found = books.query(f"select * from Customer where DisplayName = '{name}'")
        assert found["Customer"] == [customer]
