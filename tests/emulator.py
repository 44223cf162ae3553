"""A real emulator process for tests, and its control plane in a few methods. Standard library only."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

START_SECONDS_MAX = 30
CALL_SECONDS_MAX = 150

# A proxy of the environment must never stand between a test and this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def send(
    method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, str, Mapping[str, str]]:
    """One HTTP request: status, text and headers, whatever the status is."""
    request = urllib.request.Request(url, data=body, method=method, headers=dict(headers or {}))
    try:
        with _opener.open(request, timeout=CALL_SECONDS_MAX) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), error.headers


class Emulator:
    """The control plane of one running emulator."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes] | None" = None) -> None:
        self.url = url
        self.process = process

    def control(self, method: str, path: str, body: Any = None) -> Any:
        status, text, _ = send(
            method,
            f"{self.url}/_emulator/{path}",
            body=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        assert status < 400, f"{method} {path}: {status} {text}"
        return json.loads(text)

    def new_realm(self, template: str = "empty", **named: str) -> str:
        return str(self.control("POST", "realms", {"template": template, **named})["realm_id"])

    def realms(self) -> list[dict[str, str]]:
        return list(self.control("GET", "realms"))

    def load(self, realm: str, records: Mapping[str, Any]) -> dict[str, int]:
        return dict(self.control("POST", f"realms/{realm}/load", records)["loaded"])

    def dump(self, realm: str) -> dict[str, list[dict[str, Any]]]:
        return dict(self.control("GET", f"realms/{realm}/dump"))

    def grant(self, realm: str, client_id: str | None = None) -> dict[str, Any]:
        return dict(self.control("POST", f"realms/{realm}/grants", {"client_id": client_id}))

    def preferences(self, realm: str, **wanted: Any) -> dict[str, Any]:
        return dict(self.control("PUT", f"realms/{realm}/preferences", wanted))

    def charge(self, realm: str, customer: str, amount: float, **more: str) -> dict[str, Any]:
        """Put a statement charge on a customer, as a person does in QuickBooks."""
        return dict(
            self.control("POST", f"realms/{realm}/charges", {"customer": customer, "amount": amount, **more})
        )

    def mails(self, realm: str) -> list[dict[str, Any]]:
        """What customers were mailed, each with whether anybody had asked for it."""
        return list(self.control("GET", f"realms/{realm}/mails"))

    def backfill(self, realm: str, entity: str = "Invoice", **members: Any) -> int:
        """Write members into every object that lacks them, as Intuit does by itself; how many there are."""
        wanted = {"entity": entity, "members": members}
        return int(self.control("POST", f"realms/{realm}/backfill", wanted)["touched"])

    def settings(self, **wanted: Any) -> dict[str, Any]:
        return dict(self.control("PUT", "settings", wanted))

    def fault(self, kind: str, match: Mapping[str, Any] | None = None, **more: Any) -> int:
        return int(self.control("POST", "faults", {"match": dict(match or {}), "fault": kind, **more})["id"])

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    def advance(self, seconds: float) -> None:
        self.control("POST", "clock", {"advance_seconds": seconds})

    def counters(self, realm: str | None = None) -> dict[str, int]:
        return dict(self.control("GET", f"counters?realm={realm}" if realm else "counters"))

    def reset_counters(self) -> None:
        self.control("POST", "counters/reset", {})

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        return list(self.control("GET", f"requests?since={since}"))


@contextmanager
def running_emulator(data: Path, *, port: int | None = None) -> Iterator[Emulator]:
    """Start `qbo-emulator` on a free port over a data file; stop it at the end."""
    port = port or free_port()
    log = data.with_suffix(".log")
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "qbo_emulator.command_line", "--port", str(port), "--data", str(data)],
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    emulator = Emulator(f"http://127.0.0.1:{port}", process)
    try:
        _wait_until_it_answers(emulator, log)
        yield emulator
    finally:
        stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()


def _wait_until_it_answers(emulator: Emulator, log: Path) -> None:
    assert emulator.process is not None
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if emulator.process.poll() is not None:
            break
        try:
            emulator.realms()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"The emulator did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One emulator for the whole session, without limits of pace; every test makes its own realm."""
    with running_emulator(tmp_path_factory.mktemp("emulator") / "emulator.sqlite3") as running:
        running.settings(limits=False)
        yield running
