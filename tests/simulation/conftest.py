import logging
from collections import Counter
from collections.abc import Iterator

import pytest
import pytest_django

from tests.simulation.backup import empty_tables
from tests.simulation.world import InProcessEmulator, new_emulator


@pytest.fixture(scope="session")
def emulator() -> Iterator[InProcessEmulator]:
    running = new_emulator()
    # What went wrong on purpose is no news.
    logging.getLogger("qbo").setLevel(logging.CRITICAL)
    logging.getLogger("quickbooks_sync").setLevel(logging.CRITICAL)
    yield running
    running.application.extensions["gateway"].store.close()


@pytest.fixture
def transactional_db(
    django_db_setup: None,
    django_db_blocker: pytest_django.DjangoDbBlocker,
) -> Iterator[None]:
    """The database with real commits, as pytest-django has it, but emptied in a moment."""
    with django_db_blocker.unblock():
        yield
        empty_tables()


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
