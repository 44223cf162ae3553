"""How long a connection lives, on a clock that can pass years (facts A4, A5)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qbo_emulator.grants.tokens import InvalidGrant, Issued, Tokens
from qbo_emulator.ground.clock import Clock
from qbo_emulator.storage.store import Store

DAY = 86_400
YEAR = 365 * DAY


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(path=tmp_path / "data.sqlite3", clock=Clock(time=lambda: 1_800_000_000.0))
    yield made
    made.close()


def _refreshed(tokens: Tokens, issued: Issued) -> Issued:
    return tokens.refresh(client_id="app", refresh_token=issued.refresh_token)


def test_a_refresh_token_that_rests_101_days_is_dead(store: Store) -> None:
    """Facts A4, A5: rolling; told as 101 days."""
    tokens = Tokens(store)
    issued = tokens.grant(client_id="app", realm="1")
    store.clock.offset += 101 * DAY - 1
    again = _refreshed(tokens, issued)
    assert again.refresh_token != issued.refresh_token
    assert again.refresh_expires_in == 101 * DAY
    store.clock.offset += 101 * DAY + 1
    with pytest.raises(InvalidGrant):
        _refreshed(tokens, again)


def test_the_life_of_a_refresh_token_counts_down_within_its_day(store: Store) -> None:
    """Facts A4."""
    tokens = Tokens(store)
    issued = tokens.grant(client_id="app", realm="1")
    store.clock.offset += 3_600
    again = _refreshed(tokens, issued)
    assert again.refresh_token == issued.refresh_token
    assert again.refresh_expires_in == issued.refresh_expires_in - 3_600


def test_no_connection_outlives_five_years(store: Store) -> None:
    """Facts A5: the hard cap counts from consent, however often it is refreshed."""
    tokens = Tokens(store)
    issued = tokens.grant(client_id="app", realm="1")
    for _ in range(20):
        store.clock.offset += 90 * DAY
        issued = _refreshed(tokens, issued)
    assert issued.hard_expires_in == 5 * YEAR - 20 * 90 * DAY
    store.clock.offset += 26 * DAY
    with pytest.raises(InvalidGrant):
        _refreshed(tokens, issued)
