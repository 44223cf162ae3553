"""How fast the emulator answers, and whether that stays so as a company grows. One call in flight.

A company's objects are customers, and from the thousandth on as many invoices. What a call costs should
depend on what it returns, so each figure is measured in companies of three sizes. Where Linux tells it, the
processor time of the emulator stands beside the time by the clock, because machines are shared. In process
there is no socket between.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2

from qbo_emulator.application import create_app
from tests.emulator import Emulator

from .memory import peak_mb
from .results import Figure, median_ms

PAGE_ROWS = 1_000
BATCH_ITEMS = 30
BATCHES = 35  # 1,050 creates: more than the 1,000 that change data capture tells of
IN_PROCESS_BATCHES = 300
LOADED_AT_ONCE = 5_000
TIMES = 25


def measure(emulator: Emulator, *, sizes: tuple[int, ...]) -> Iterator[Figure]:
    for size in sizes:
        realm = emulator.new_realm("empty")
        _fill(emulator, realm, size)
        headers = {
            "Authorization": f"Bearer {emulator.grant(realm)['access_token']}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        address = f"{emulator.url}/v3/company/{realm}"
        with httpx2.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as client:
            pid = emulator.process.pid if emulator.process is not None else None
            watch = _Watch(group=f"Emulator, {size:,} objects in the company", pid=pid)
            since = _later(emulator)
            yield from _reads(client, watch, size=size, since=since)
            yield from _writes(client, watch, since=since)
            if pid is not None and (used := peak_mb(pid)) is not None:
                yield Figure(group=watch.group, name="memory of the emulator, at most", value=used, unit="MB")


@dataclass(frozen=True, kw_only=True)
class _Watch:
    """Measures one call after the other, for one group of figures."""

    group: str
    pid: int | None

    def calls(self, name: str, action: Callable[[], object], *, times: int = TIMES) -> Iterator[Figure]:
        """The median by the clock, and what the emulator's processor spent on a call on average."""
        busy = _processor_ms(self.pid)
        yield Figure(group=self.group, name=name, value=median_ms(action, times=times), unit="ms")
        if busy is not None and (now := _processor_ms(self.pid)) is not None:
            spent = (now - busy) / (times + 1)  # one call more fills the caches
            yield Figure(group=self.group, name=f"{name}: processor", value=spent, unit="ms")


def _processor_ms(pid: int | None) -> float | None:
    """What a process and its children have spent of a processor."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    if pid is None or not children.exists():
        return None
    threads = (
        one
        for each in (pid, *map(int, children.read_text().split()))
        for one in Path(f"/proc/{each}/task").iterdir()
    )
    return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e6


def _fill(emulator: Emulator, realm: str, size: int) -> None:
    customers = _customers(size)
    for first in range(0, customers, LOADED_AT_ONCE):
        numbers = range(first, min(customers, first + LOADED_AT_ONCE))
        emulator.load(realm, {"Customer": [_customer(number) for number in numbers]})
        billed = [_invoice(number) for number in numbers if number < size - customers]
        emulator.load(realm, {"Invoice": billed})


def _customers(size: int) -> int:
    return max(min(size, PAGE_ROWS), size // 2)


def _customer(number: int) -> dict[str, Any]:
    name = f"Customer {number:06d}"
    return {
        **_system(number),
        "DisplayName": name,
        "FullyQualifiedName": name,
        "CompanyName": f"{name} Inc.",
        "PrimaryEmailAddr": {"Address": f"c{number}@example.com"},
        "BillAddr": {"Line1": f"{number} Main Street", "City": "Fairview", "PostalCode": "94999"},
        "Balance": 0,
        "Active": True,
    }


def _invoice(number: int) -> dict[str, Any]:
    line = {"Id": "1", "Amount": 25.5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
    return {
        **_system(number),
        "DocNumber": str(number),
        "TxnDate": "2026-03-10",
        "CustomerRef": {"value": str(number + 1)},
        "Line": [line],
        "TotalAmt": 25.5,
        "Balance": 0,
    }


def _system(number: int) -> dict[str, Any]:
    return {"Id": str(number + 1), "SyncToken": "0", "domain": "QBO", "sparse": False}


def _later(emulator: Emulator) -> str:
    """Let a minute pass, so that what was loaded is no news; return the time."""
    return str(emulator.control("POST", "clock", {"advance_seconds": 60})["now"])


def _reads(client: httpx2.Client, watch: _Watch, *, size: int, since: str) -> Iterator[Figure]:
    page = f"SELECT * FROM Customer STARTPOSITION 1 MAXRESULTS {PAGE_ROWS}"
    rows = len(_query(client, page))
    yield from watch.calls(f"query page of {rows:,} customers", lambda: _query(client, page))
    middle = _customers(size) // 2
    for what, condition in (
        ("name", f"DisplayName = 'Customer {middle:06d}'"),
        ("start of a name", f"DisplayName LIKE 'Customer {middle:06d}%'"),
        ("e-mail address", f"PrimaryEmailAddr = 'c{middle}@example.com'"),
    ):
        statement = f"SELECT * FROM Customer WHERE {condition}"
        if len(_query(client, statement)) != 1:
            raise RuntimeError(f"not one customer: {condition}")
        yield from watch.calls(f"query of one customer by {what}", partial(_query, client, statement))
    if _changed(client, since):
        raise RuntimeError("nothing should have changed")
    yield from watch.calls("change data capture, nothing changed", lambda: _changed(client, since))


def _writes(client: httpx2.Client, watch: _Watch, *, since: str) -> Iterator[Figure]:
    bodies = iter([_batch(number) for number in range(BATCHES + 1)])
    yield from watch.calls("batch of 30 creates", lambda: _created(client, next(bodies)), times=BATCHES)
    changed = _changed(client, since)
    yield from watch.calls(f"change data capture of {changed:,} customers", lambda: _changed(client, since))


def _query(client: httpx2.Client, statement: str) -> list[Any]:
    answer = client.get("/query", params={"query": statement}).raise_for_status()
    return list(answer.json()["QueryResponse"].get("Customer", []))


def _changed(client: httpx2.Client, since: str) -> int:
    asked = {"entities": "Customer,Item,Invoice,Payment", "changedSince": since}
    parts = client.get("/cdc", params=asked).raise_for_status().json()["CDCResponse"][0]["QueryResponse"]
    return sum(len(part.get("Customer", [])) for part in parts)


def _created(client: httpx2.Client, body: bytes) -> None:
    answers = client.post("/batch", content=body).raise_for_status().json()["BatchItemResponse"]
    if not all("Customer" in one for one in answers):
        raise RuntimeError("a create was refused")


def measure_in_process(data: Path) -> Iterator[Figure]:
    """How many objects a second the emulator itself creates, on one core, with no socket between."""
    app = create_app(data=data)
    client = app.test_client()
    client.put("/_emulator/settings", json={"limits": False})
    realm = client.post("/_emulator/realms", json={"template": "empty"}).get_json()["realm_id"]
    grant = client.post(f"/_emulator/realms/{realm}/grants", json={}).get_json()
    headers = {
        "Authorization": f"Bearer {grant['access_token']}",
        "Accept": "application/json",
        "Content-Type": "application/json",
    }
    bodies = [_batch(number) for number in range(IN_PROCESS_BATCHES)]
    seconds, busy = [], []
    for body in bodies:
        started, worked = time.perf_counter(), time.process_time()
        answer = client.post(f"/v3/company/{realm}/batch", data=body, headers=headers)
        busy.append(time.process_time() - worked)
        seconds.append(time.perf_counter() - started)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"the emulator answered {answer.status_code}")
    for name, spent in (
        ("creates through batch, by the clock", sum(seconds) / len(seconds)),
        ("creates through batch, by the processor", sum(busy) / len(busy)),
        ("creates through batch, the fastest one", min(seconds)),
    ):
        yield Figure(
            group="Emulator in process", name=name, value=BATCH_ITEMS / spent, unit="objects per second"
        )
    app.extensions["gateway"].store.close()


def _batch(number: int) -> bytes:
    items: list[dict[str, Any]] = [
        {
            "bId": str(place),
            "operation": "create",
            "Customer": {"DisplayName": f"New {number}-{place}", "Notes": "Made by the benchmark"},
        }
        for place in range(BATCH_ITEMS)
    ]
    return json.dumps({"BatchItemRequest": items}).encode()
