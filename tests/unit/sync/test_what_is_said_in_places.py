"""What is said of the connection, of a failure and of an empty list is so: over all their states."""

import pytest

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Connection, SyncRun
from quickbooks_sync.pages.attention import TABS
from quickbooks_sync.pages.status import SETTINGS_BADGES, Status, line
from quickbooks_sync.wording import empty as of_the_sync
from quickbooks_sync.wording.troubles import ACCESS, TROUBLES
from tests.said.places import LISTS, connect_card, empty_lists, empty_runs, trouble_card

ENDED = {SyncRun.State.DONE, SyncRun.State.FAILED, SyncRun.State.CANCELLED, SyncRun.State.REPLACED}


def test_every_state_of_a_connection_has_its_badge() -> None:
    assert set(SETTINGS_BADGES) == {None, *Connection.State}


@pytest.mark.parametrize("state", Connection.State)
def test_the_badge_under_settings_says_what_the_status_line_says(state: Connection.State) -> None:
    said = line(Status(state=state))
    assert (SETTINGS_BADGES[state] == "Connected") == (state == Connection.State.CONNECTED)
    assert (SETTINGS_BADGES[state] == "Connect again") == (said is not None and "again" in said.text)
    assert (SETTINGS_BADGES[state] == "Not connected") == (said is not None and "not connected" in said.text)


@pytest.mark.parametrize("owner", [True, False])
@pytest.mark.parametrize("state", [None, Connection.State.LOST, Connection.State.DISCONNECTED])
def test_the_card_of_no_connection_fits_the_badge(state: Connection.State | None, *, owner: bool) -> None:
    told = connect_card(state, owner=owner)
    assert ("asks you to connect again" in told) == (SETTINGS_BADGES[state] == "Connect again")
    assert ("stays linked" in told) == (state is not None)
    assert ("[Connect" in told) == owner
    assert ("An owner of your company" in told) != owner


@pytest.mark.parametrize("owner", [True, False])
@pytest.mark.parametrize("sort", TROUBLES)
def test_the_card_of_a_failure_offers_what_its_words_say(sort: str, *, owner: bool) -> None:
    told = trouble_card(sort, owner=owner)
    assert ("[Try again]" in told) == (sort != "currency")
    assert "try again" not in told or "[Try again]" in told
    if "[Connect again]" in told:
        assert owner
        assert sort in ACCESS
    if "Connect again" in TROUBLES[sort][1]:
        assert ("[Connect again]" in told) == owner
        assert ("An owner of your company can connect again." in told) != owner


def test_every_list_of_the_application_is_among_those_without_rows() -> None:
    assert set(LISTS) == set(KIND)
    assert set(of_the_sync.LISTS) == set(TABS)


def test_nothing_is_said_of_an_empty_list_that_is_not_so() -> None:
    for each in empty_lists():
        told = each.told
        noun = each.kind.replace("_", " ")
        assert bool(told.title) == (not each.anything), each
        assert (f"“{each.search}”" in told.words) == bool(each.search and each.anything), each
        assert noun in f"{told.title} {told.words}", each
        if not each.anything:
            continue
        # What is said of one customer names it; what is said of one tab says which.
        assert (each.of in told.words) or not each.of, each
        narrow = bool(each.tab.words)
        says_which = bool(each.tab.words) and each.tab.words in told.words
        assert says_which == narrow, (each, told)


def test_nothing_is_said_of_a_run_without_changes_that_is_not_so() -> None:
    for run, told in empty_runs():
        words = " ".join(of_the_sync.of_run(run, told=told))
        ended = run.state in ENDED
        assert ("yet" in words) == (not ended), (run.state, words)
        assert ("changed nothing" in words) == (ended and not told and not run.preview)
        done = run.state == SyncRun.State.DONE
        assert ("Nothing to do" in words) == (done and not told and run.preview)
        assert ("not kept any more" in words) == (ended and told)
