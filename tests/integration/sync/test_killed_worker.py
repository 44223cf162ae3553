"""A worker process killed with kill -9 in the middle of a run: real processes, a database of their own."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator import Emulator, running_emulator
from tests.installation import WAIT_SECONDS_MAX, Installation

CUSTOMERS = 200


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    with running_emulator(tmp_path / "emulator.sqlite3") as emulator:
        yield emulator


@pytest.mark.parametrize("mode", ["honoured", "ignored"])
def test_a_killed_worker_leaves_no_record_twice_and_none_missing(
    tmp_path: Path, emulator: Emulator, mode: str
) -> None:
    installation = Installation(tmp_path, emulator)
    realm = installation.make_company("Killed", customers=CUSTOMERS)
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
        "from quickbooks_sync.models import SyncRun; "
        "from quickbooks_sync.runs.queue import hand_back_leases; "
        "[hand_back_leases(owner=run.lease_owner) for run in SyncRun.objects.all()]"
    )
    installation.shell(release)
    finished = json.loads(installation.run("sync", "Killed", "--full", "--json"))

    assert finished["state"] == "done", finished["error"]
    names = sorted(row["DisplayName"] for row in emulator.dump(realm)["Customer"])
    assert names == [f"Customer {number:03}" for number in range(CUSTOMERS)]
    again = json.loads(installation.run("sync", "Killed", "--full", "--json"))
    assert again["calls"]["write_batches"] == 0
    assert again["changes"] == []
