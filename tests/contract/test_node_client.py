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
# Reports, attached files, PDF and other currencies are not built; the rest is of OAuth 1 and no call at all.
ABSENT = {
    *("getReports", "upload", "getEstimatePdf", "getInvoicePdf", "getCreditMemoPdf", "getSalesReceiptPdf"),
    *("getExchangeRate", "updateExchangeRate", "reconnect", "disconnect", "capitalize", "pluralize"),
    "deleteJournalCode",
}


@pytest.fixture
def report(modules: Path, books: Books) -> dict[str, Any]:
    grant = books.emulator.grant(books.realm, "node")
    only_loaded = ("CompanyCurrency", "CustomerType", "Budget", "ExchangeRate")
    books.emulator.load(books.realm, {name: [{"Id": "77", "SyncToken": "0"}] for name in only_loaded})
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
    del report["uncalled"]
    assert report == {
        "voided": "Voided",
        "voidedPayment": 0,
        "sent": dict.fromkeys(
            ("Invoice", "Estimate", "CreditMemo", "SalesReceipt", "PurchaseOrder"), "EmailSent"
        ),
        "company": ["New Company", "Renamed", "Renamed"],
        "preferences": [True, True],
        "taxes": [5, 1, 1],
        "loaded": {"CompanyCurrency": ["77", 1], "CustomerType": ["77", 1], "Budget": 1, "ExchangeRate": 1},
        "owed": ["CustomerBalance", "Accrual"],
        "quoted": True,
        "batch": [25, 30],
        "tooMany": "faults 1040",
        "fetchedAll": 57,
        "changed": ["Customer", "Payment"],
        "duplicate": "faults 6240",
        "missing": "faults 610",
        "stale": "faults 5010",
        "unsupported": ["faults 500"] * 3,
        "replayed": True,
        "number": "faults 6140",
        "knownNumber": "N-1",
        "refreshed": True,
        "person": "emulated-user-1",
        "revoked": 401,
    }


def test_every_method_of_node_quickbooks_is_called_but_for_what_is_absent(report: dict[str, Any]) -> None:
    """Of what is built here the walk leaves nothing out (COVERAGE.md says what is absent)."""
    reports = {name for name in report["uncalled"] if name.startswith("report")}
    assert len(reports) > 20
    assert set(report["uncalled"]) - reports == ABSENT
