"""The emulator as a client on the wire meets it: a real process, raw requests.

Expected answers are typed from what is known of QuickBooks Online; each test cites the section.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.contract.books import Books
from tests.emulator import Emulator, emulator

__all__ = ["emulator"]


@pytest.fixture
def another_day(emulator: Emulator) -> Iterator[None]:
    """For a test that sets the clock far away: it goes back to the machine's afterwards."""
    yield
    emulator.control("POST", "clock", {"now": datetime.now(UTC).isoformat()})


@pytest.fixture
def books(emulator: Emulator) -> Iterator[Books]:
    """An empty company of its own, and a token for it."""
    realm = emulator.new_realm()
    yield Books(emulator, realm, emulator.grant(realm)["access_token"])
    emulator.clear_faults()
