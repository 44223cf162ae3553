"""How fast the emulator answers, and whether that stays so as a company grows. One call in flight."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2

from qbo_emulator.application import create_app
from tests.emulator import Emulator

from .books import customer_there
from .memory import peak_mb
from .results import Figure, median_ms

BATCH_ITEMS = 30
BATCHES = 33  # 990 creates: within the 1,000 that change data capture tells of
IN_PROCESS_BATCHES = 60
LOADED_AT_ONCE = 10_000
TIMES = 7


def measure(emulator: Emulator, *, sizes: tuple[int, ...]) -> Iterator[Figure]:
    for size in sizes:
        realm = emulator.new_realm("empty")
        for first in range(0, size, LOADED_AT_ONCE):
            numbers = range(first, min(size, first + LOADED_AT_ONCE))
            emulator.load(realm, {"Customer": [customer_there(number) for number in numbers]})
        headers = {
            "Authorization": f"Bearer {emulator.grant(realm)['access_token']}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        }
        address = f"{emulator.url}/v3/company/{realm}"
        with httpx2.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as client:
            group = f"Emulator, {size:,} customers in the company"
            yield from _measure(client, group, named=customer_there(size // 2)["DisplayName"])
            if emulator.process is not None and (used := peak_mb(emulator.process.pid)) is not None:
                yield Figure(group=group, name="peak memory of the emulator so far", value=used, unit="MB")


def _measure(client: httpx2.Client, group: str, *, named: str) -> Iterator[Figure]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    query = {"query": "SELECT * FROM Customer ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000"}
    changes = {"entities": "Customer,Item,Invoice,Payment", "changedSince": now}

    def get(path: str, parameters: dict[str, str]) -> httpx2.Response:
        return client.get(path, params=parameters).raise_for_status()

    rows = len(get("/query", query).json()["QueryResponse"]["Customer"])
    page = median_ms(lambda: get("/query", query), times=TIMES)
    yield Figure(group=group, name=f"query that answers {rows:,} customers", value=page, unit="ms")
    one = {"query": f"SELECT * FROM Customer WHERE DisplayName = '{named}'"}
    filtered = median_ms(lambda: get("/query", one), times=TIMES)
    yield Figure(group=group, name="query of one customer by name", value=filtered, unit="ms")
    quiet = median_ms(lambda: get("/cdc", changes), times=TIMES)
    yield Figure(group=group, name="change data capture, nothing changed", value=quiet, unit="ms")
    started = time.perf_counter()
    for number in range(BATCHES):
        client.post("/batch", content=_batch(number)).raise_for_status()
    seconds = time.perf_counter() - started
    yield Figure(group=group, name="batches of 30 creates", value=BATCHES / seconds, unit="per second")
    changed = len(get("/cdc", changes).json()["CDCResponse"][0]["QueryResponse"][0]["Customer"])
    many = median_ms(lambda: get("/cdc", changes), times=TIMES)
    yield Figure(group=group, name=f"change data capture of {changed:,} customers", value=many, unit="ms")


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
    started = time.perf_counter()
    for body in bodies:
        answer = client.post(f"/v3/company/{realm}/batch", data=body, headers=headers)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"the emulator answered {answer.status_code}")
    seconds = time.perf_counter() - started
    created = IN_PROCESS_BATCHES * BATCH_ITEMS
    yield Figure(
        group="Emulator in process", name="creates through batch", value=created / seconds, unit="per second"
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
