import logging
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.simulation.world import InProcessEmulator, new_emulator


@pytest.fixture(scope="session")
def emulator() -> Iterator[InProcessEmulator]:
    running = new_emulator()
    # What went wrong on purpose is no news.
    logging.getLogger("qbo").setLevel(logging.CRITICAL)
    logging.getLogger("quickbooks_sync").setLevel(logging.CRITICAL)
    yield running
    running.application.extensions["gateway"].store.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for the whole matrix, whichever process each part of it ran in."""
    totals: Counter[str] = Counter()
    boundaries = 0
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        for name, tally in getattr(report, "user_properties", ()):
            if name == "crash matrix":
                boundaries = tally.pop("boundaries")
                totals.update(tally)
    if boundaries:
        counted = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in totals.items())
        terminalreporter.write_line(f"crash matrix: {boundaries} boundaries, {counted}")
