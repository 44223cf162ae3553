"""node-quickbooks, a client nobody here wrote in a language nobody here used, against the emulator."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.contract.books import Books
from tests.contract.node_modules import modules

__all__ = ["modules"]

SCRIPT = Path(__file__).with_name("node_quickbooks.js")
SECONDS_MAX = 120


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
