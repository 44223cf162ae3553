"""Try one guard: run its tests against a copy of the product without it, and judge how they failed."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sabotage import outcomes
from tests.sabotage.guard import ROOT, Guard, copy_without

#: No test named here takes so long; a product without its guard may well hang.
SECONDS_PER_TEST_MAX = 120

Outcomes = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Of one named test: whether it went as it should, and if not, what it did."""

    test: str
    good: bool
    what: str


def run(guard: Guard | None, tests: Sequence[str]) -> Outcomes:
    """The outcomes of these tests without the guard (None: of the product as it is), by name."""
    if not tests:
        raise ValueError("no test is named: pytest would run every one there is")
    with tempfile.TemporaryDirectory(prefix="sabotage-") as folder:
        source = copy_without(guard, Path(folder))
        told = Path(folder) / "outcomes"
        told.touch()
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        variables = {
            "PYTHONPATH": str(source),
            "VAR_DIR": str(Path(folder) / "var"),
            outcomes.FILE: str(told),
            outcomes.SOURCE: str(source),
        }
        options = ("-q", "-p", "tests.sabotage.outcomes", "-p", "no:cacheprovider")
        command = (sys.executable, "-m", "pytest", *options, *(f"tests/{test}" for test in tests))
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=kept | variables,
                capture_output=True,
                check=False,
                text=True,
                timeout=SECONDS_PER_TEST_MAX * len(tests),
            )
        except subprocess.TimeoutExpired:
            return {}
        found: dict[str, list[Mapping[str, Any]]] = {}
        for line in told.read_text().splitlines():
            outcome = json.loads(line)
            found.setdefault(outcome["test"].partition("[")[0], []).append(outcome)
        if not found:
            raise RuntimeError(f"No test ran:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return found


def went_green(found: Outcomes, test: str) -> Verdict:
    """With every guard in place the test runs, and passes."""
    runs = found.get(test, ())
    failed = next((one for one in runs if one["failed"]), None)
    if failed is not None:
        return Verdict(test=test, good=False, what=f"is red without any harm done: {failed['error']}")
    if not any(one["ran"] for one in runs):
        return Verdict(test=test, good=False, what="did not run")
    return Verdict(test=test, good=True, what="green")


def went_red(guard: Guard, found: Outcomes, test: str) -> Verdict:
    """Without its guard the test fails, and for the right reason; one of its parameters is enough."""
    runs = found.get(test, ())
    failed = [one for one in runs if one["failed"]]
    for one in failed:
        right = guard.raises in one["error"] if guard.raises else one["asserted"]
        if right and one["when"] == "call":
            return Verdict(test=test, good=True, what=one["error"].partition("\n")[0])
    if failed:
        return Verdict(test=test, good=False, what=f"is red for another reason: {failed[0]['error']}")
    return Verdict(test=test, good=False, what="stays green" if runs else "did not run, or never ended")
