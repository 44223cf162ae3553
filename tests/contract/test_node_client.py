"""node-quickbooks, a client nobody here wrote in a language nobody here used, against the emulator.

It is installed by name, once, into a folder beside the machine's temporary files.
"""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.contract.books import Books

PACKAGE = "node-quickbooks@2.0.50"
SCRIPT = Path(__file__).with_name("node_quickbooks.js")
SECONDS_MAX = 120


@pytest.fixture(scope="module")
def modules() -> Path:
    """The folder that holds the client; a machine without npm or network skips, and says so."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("npm is not on this machine: node-quickbooks was not tried")
    folder = Path(tempfile.gettempdir()) / f"emulator-tests-{os.getuid()}" / PACKAGE
    if not (folder / "node_modules" / "node-quickbooks").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder)]
        done = subprocess.run(
            [*command, PACKAGE], capture_output=True, text=True, timeout=SECONDS_MAX, check=False
        )
        if done.returncode:
            shutil.rmtree(folder)
            pytest.skip(f"{PACKAGE} could not be installed: {done.stderr.strip()[-200:]}")
    return folder / "node_modules"


@pytest.fixture
def report(modules: Path, books: Books) -> dict[str, Any]:
    grant = books.emulator.grant(books.realm, "node")
    environment = {
        **os.environ,
        "NO_PROXY": "127.0.0.1",
        "NODE_PATH": str(modules),
        "EMULATOR": books.emulator.url,
        "REALM": books.realm,
        "ACCESS_TOKEN": grant["access_token"],
        "REFRESH_TOKEN": grant["refresh_token"],
        "CLIENT_ID": grant["client_id"],
        "CLIENT_SECRET": grant["client_secret"],
    }
    done = subprocess.run(
        ["node", str(SCRIPT)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_node_quickbooks_works_through_a_company(report: dict[str, Any]) -> None:
    for entity, seen in report.pop("kept").items():
        assert seen.pop("made") == seen.pop("read"), entity
        assert seen.pop("token", "1") == "1", entity
        assert seen.pop("deleted", "Deleted") == "Deleted", entity
        assert seen == {"found": 1, "count": 1}, entity
    assert report == {
        "voided": "Voided",
        "voidedPayment": 0,
        "sent": "EmailSent",
        "company": "New Company",
        "preferences": True,
        "taxCodes": 3,
        "quoted": True,
        "batch": 30,
        "tooMany": "faults 1040",
        "fetchedAll": 32,
        "changed": ["Customer", "Payment"],
        "duplicate": "faults 6240",
        "missing": "faults 610",
        "stale": "faults 5010",
        "unsupported": "faults 500",
        "refreshed": True,
    }
