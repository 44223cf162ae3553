"""The emulator inside another program: its time, its waiting and its late commits belong to the caller."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from qbo_emulator.application import create_app
from qbo_emulator.ground.clock import Clock


class World:
    """Time that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.slept: list[float] = []
        self.later: list[tuple[float, Callable[[], None]]] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> Clock:
        return Clock(
            time=lambda: self.now,
            sleep=self.sleep,
            call_later=lambda seconds, action: self.later.append((seconds, action)),
        )


class Company:
    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()
        made = self.control("POST", "realms", {"template": "empty"})
        self.path = f"/v3/company/{made['realm_id']}"
        self.realm = made["realm_id"]
        grant = self.control("POST", f"realms/{self.realm}/grants", {})
        self._headers = {"Authorization": f"Bearer {grant['access_token']}"}

    def control(self, method: str, path: str, body: Any = None) -> Any:
        return self._client.open(f"/_emulator/{path}", method=method, json=body).get_json()

    def create(self, name: str) -> int:
        url = f"{self.path}/customer"
        return self._client.post(url, json={"DisplayName": name}, headers=self._headers).status_code

    def names(self) -> list[str]:
        records = self.control("GET", f"realms/{self.realm}/dump").get("Customer", [])
        return [one["DisplayName"] for one in records]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def company(world: World, tmp_path: Path) -> Iterator[Company]:
    app = create_app(data=tmp_path / "data.sqlite3", clock=world.clock())
    yield Company(app)
    app.extensions["gateway"].store.close()


def test_latency_is_slept_on_the_callers_clock_and_repeats_by_seed(world: World, company: Company) -> None:
    runs = []
    for run in range(2):
        company.control("PUT", "settings", {"latency": {"call_ms": 1000, "jitter": 0.5}, "seed": 7})
        world.slept.clear()
        for number in range(5):
            assert company.create(f"{run}-{number}") == 200
        runs.append(list(world.slept))
    assert runs[0] == runs[1]
    assert all(0.5 <= seconds <= 1.5 for seconds in runs[0])
    assert len(set(runs[0])) == 5


def test_a_late_commit_waits_for_the_caller(world: World, company: Company) -> None:
    company.control("POST", "faults", {"fault": "late_commit", "seconds": 100})
    assert company.create("Late") == 504
    assert company.names() == []
    ((seconds, commit),) = world.later
    assert seconds == 100
    commit()
    assert company.names() == ["Late"]


@pytest.mark.parametrize(("kind", "made"), [("reply_lost", ["X"]), ("truncated", ["X"]), ("reset", [])])
def test_without_a_connection_to_break_a_broken_one_is_a_gateway_time_out(
    company: Company, kind: str, made: list[str]
) -> None:
    company.control("POST", "faults", {"fault": kind})
    assert company.create("X") == 504
    assert company.names() == made


def test_settings_and_time_outlive_the_process(world: World, tmp_path: Path) -> None:
    data = tmp_path / "data.sqlite3"
    first = create_app(data=data, clock=world.clock())
    company = Company(first)
    company.control("PUT", "settings", {"limits": False, "latency": {"item_ms": 3}})
    company.control("POST", "clock", {"advance_seconds": 3600})
    first.extensions["gateway"].store.close()
    second = create_app(data=data, clock=world.clock())
    store = second.extensions["gateway"].store
    assert (store.settings.limits, store.settings.latency.item_ms) == (False, 3)
    assert store.clock.seconds() == world.now + 3600
    store.close()
