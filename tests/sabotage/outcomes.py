"""A plugin of pytest: writes down which test failed, and by what.

A test that fails because the patched product could not even be imported proves nothing. So the kind of the
failure is kept, and whether it was the test itself that failed or something below it.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FILE = "SABOTAGE_OUTCOMES"
SOURCE = "SABOTAGE_SOURCE"
TESTS = Path(__file__).resolve().parents[1]


def pytest_sessionstart() -> None:
    import quickbooks_sync  # noqa: PLC0415 - only once Django is set up

    imported = Path(str(quickbooks_sync.__file__)).resolve()
    if Path(os.environ[SOURCE]).resolve() not in imported.parents:
        raise pytest.UsageError(f"The tests would run against {imported}, not against the copy.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report: Any = yield
    if report.when == "call" or report.failed:
        outcome = {
            "test": item.nodeid.removeprefix("tests/"),
            "when": report.when,
            "failed": report.failed,
            "ran": not report.skipped,
            **_error(call),
        }
        with Path(os.environ[FILE]).open("a") as file:
            file.write(json.dumps(outcome) + "\n")
    return report


def _error(call: pytest.CallInfo[None]) -> dict[str, object]:
    found = call.excinfo
    if found is None:
        return {"error": "", "asserted": False}
    # pytest.fail and pytest.raises raise `Failed`, from within pytest.
    kind = type(found.value).__name__
    last = Path(str(found.traceback[-1].path))
    asserted = kind == "Failed" or (kind == "AssertionError" and TESTS in last.parents)
    return {"error": f"{kind}: {found.value}"[:2000], "asserted": asserted}
