"""How fast the emulator answers, and whether that stays so as a company grows. One call in flight."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2

from tests.emulator import Emulator

from .books import customer_there
from .results import Figure, median_ms

BATCH_ITEMS = 30
BATCHES = 20
TIMES = 7


def measure(emulator: Emulator, *, sizes: tuple[int, ...]) -> Iterator[Figure]:
    for size in sizes:
        realm = emulator.new_realm("empty")
        emulator.load(realm, {"Customer": [customer_there(number) for number in range(size)]})
        headers = {
            "Authorization": f"Bearer {emulator.grant(realm)['access_token']}",
            "Accept": "application/json",
        }
        address = f"{emulator.url}/v3/company/{realm}"
        with httpx2.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as client:
            yield from _measure(client, f"Emulator, {size:,} customers in the company")


def _measure(client: httpx2.Client, group: str) -> Iterator[Figure]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    query = {"query": "SELECT * FROM Customer ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"}
    changes = {"entities": "Customer,Item,Invoice,Payment", "changedSince": now}

    def get(path: str, parameters: dict[str, str]) -> httpx2.Response:
        return client.get(path, params=parameters).raise_for_status()

    rows = len(get("/query", query).json()["QueryResponse"]["Customer"])
    page = median_ms(lambda: get("/query", query), times=TIMES)
    yield Figure(group=group, name=f"query that answers {rows:,} customers", value=page, unit="ms")
    quiet = median_ms(lambda: get("/cdc", changes), times=TIMES)
    yield Figure(group=group, name="change data capture, nothing changed", value=quiet, unit="ms")
    started = time.perf_counter()
    for number in range(BATCHES):
        client.post("/batch", content=_batch(number)).raise_for_status()
    seconds = time.perf_counter() - started
    yield Figure(group=group, name="batches of 30 creates", value=BATCHES / seconds, unit="per second")


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
