"""What tests of reports share: a day, a report asked for, its leaves."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.books import Books

TODAY = "2026-10-15"


@pytest.fixture(autouse=True)
def on_a_day(books: Books, another_day: None) -> None:
    books.emulator.control("POST", "clock", {"now": f"{TODAY}T12:00:00-07:00"})
    books.token = books.emulator.grant(books.realm)["access_token"]


def report(books: Books, name: str, **arguments: str) -> dict[str, Any]:
    status, text, headers = books.call("GET", f"reports/{name}", accounting_method="Accrual", **arguments)
    assert status == 200, text
    assert headers["v3modernResponse"] == "true"
    return dict(json.loads(text))


def leaves(rows: dict[str, Any]) -> Iterator[list[dict[str, str]]]:
    for row in rows.get("Row", []):
        if "ColData" in row:
            yield row["ColData"]
        yield from leaves(row.get("Rows", {}))
