"""A worker process killed with kill -9 in the middle of a run: real processes, a database of their own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Emulator, running_emulator

CUSTOMERS = 200
WAIT_SECONDS_MAX = 120

MAKE_COMPANY = """
from datetime import UTC, datetime, timedelta
from quickbooks_sync.models import Connection
from quickbooks_sync.vault import seal
from service_genius.companies.models import Company
from service_genius.customers import operations
company = Company.objects.create(name="Killed", zone="UTC")
rows = [{{"display_name": f"Customer {{number:03}}"}} for number in range({number})]
operations.create_many(company=company, rows=rows)
now = datetime.now(UTC)
Connection.objects.create(company=company, environment="emulator", realm_id="{realm}", connected_at=now,
    start_date=now.date(), access_token=seal("{access}"), refresh_token=seal("{refresh}"),
    access_expires_at=now + timedelta(hours=1), refresh_expires_at=now + timedelta(days=100))
"""


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    with running_emulator(tmp_path / "emulator.sqlite3") as emulator:
        yield emulator


class Installation:
    """A database, and processes over it; nothing here uses the test's own database."""

    def __init__(self, folder: Path, emulator: Emulator) -> None:
        port = emulator.url.rsplit(":", 1)[1]
        self.environ = {
            **os.environ,
            "VAR_DIR": str(folder),
            "EMULATOR_PORT": port,
            "DATABASE_URL": "",
        }
        self.log = folder / "processes.log"

    def start(self, *arguments: str, **more: Any) -> "subprocess.Popen[str]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(Path(sys.executable).with_name("service-genius")), *arguments],
                env=self.environ,
                stderr=log,
                text=True,
                **more,
            )

    def run(self, *arguments: str) -> str:
        process = self.start(*arguments, stdout=subprocess.PIPE)
        out, _ = process.communicate(timeout=WAIT_SECONDS_MAX)
        assert process.returncode == 0, (arguments, out, self.log.read_text()[-3000:])
        return out


@pytest.mark.parametrize("mode", ["honoured", "ignored"])
def test_a_killed_worker_leaves_no_record_twice_and_none_missing(
    tmp_path: Path, emulator: Emulator, mode: str
) -> None:
    realm = emulator.new_realm()
    grant = emulator.grant(realm, "service-genius")
    installation = Installation(tmp_path, emulator)
    installation.run("migrate", "--verbosity", "0")
    script = MAKE_COMPANY.format(
        number=CUSTOMERS, realm=realm, access=grant["access_token"], refresh=grant["refresh_token"]
    )
    installation.run("shell", "--verbosity", "0", "-c", script)
    # Slow enough that the run is in the middle when the first customers have arrived.
    emulator.settings(latency={"call_ms": 60, "item_ms": 10, "jitter": 0}, batch_request_ids=mode)

    first = installation.start("sync", "Killed", "--full", stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while len(emulator.dump(realm).get("Customer", [])) < CUSTOMERS // 4:
        assert first.poll() is None, "the run ended before it was killed"
        assert time.monotonic() < deadline
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert len(emulator.dump(realm)["Customer"]) < CUSTOMERS, "killed too late to show anything"

    emulator.settings(latency={"call_ms": 0, "item_ms": 0, "jitter": 0})
    # The supervisor hands a dead worker's lease back; here a test does, in its place.
    release = (
        "from quickbooks_sync.models import SyncRun; from quickbooks_sync.turns import hand_back_leases; "
        "[hand_back_leases(owner=run.lease_owner) for run in SyncRun.objects.all()]"
    )
    installation.run("shell", "--verbosity", "0", "-c", release)
    finished = json.loads(installation.run("sync", "Killed", "--full", "--json"))

    assert finished["state"] == "done", finished["error"]
    names = sorted(row["DisplayName"] for row in emulator.dump(realm)["Customer"])
    assert names == [f"Customer {number:03}" for number in range(CUSTOMERS)]
    again = json.loads(installation.run("sync", "Killed", "--full", "--json"))
    assert again["calls"]["write_batches"] == 0
    assert again["changes"] == []
