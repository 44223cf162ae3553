"""The table of what joins, follows and replaces what (docs/sync-rules.md, Runs)."""

from dataclasses import replace
from itertools import product

import pytest

from quickbooks_sync.models import SyncRun
from quickbooks_sync.planner.wishes import SAME, Ahead, Place, Stage, Wish, joined

SCOPES = [str(scope) for scope in SyncRun.Scope]
WISHES = [
    Wish(scope=scope, preview=preview, from_preview=shown)
    for scope, preview, shown in product(SCOPES, (False, True), (None, 1, 2))
    if not (preview and shown)
]


@pytest.mark.parametrize("stage", Stage)
def test_only_what_waits_is_joined(stage: Stage) -> None:
    assert (SAME[stage] == Place.JOINS) == (stage == Stage.QUEUED)


@pytest.mark.parametrize("wish", WISHES, ids=str)
def test_a_wish_joins_the_same_that_waits_and_nothing_else(wish: Wish) -> None:
    for place, other in enumerate(WISHES):
        there = [Ahead(id=place, wish=other, stage=stage) for stage in Stage]
        assert joined(wish, there) == (place if other == wish else None)


def test_a_wish_for_which_nothing_is_there_gets_a_run_of_its_own() -> None:
    assert joined(Wish(scope="sync"), []) is None


def test_the_same_that_waits_is_found_behind_others() -> None:
    wish = Wish(scope="sync")
    ahead = [
        Ahead(id=1, wish=replace(wish, from_preview=7), stage=Stage.QUEUED),
        Ahead(id=2, wish=wish, stage=Stage.RUNNING),
        Ahead(id=3, wish=wish, stage=Stage.QUEUED),
    ]
    assert joined(wish, ahead) == 3


def test_the_database_tells_waiting_runs_apart_by_all_that_makes_a_wish() -> None:
    """A field that is added to the wish has to be in the constraints as well."""
    constraints = [each for each in SyncRun._meta.constraints if each.name.startswith("one_waiting_run")]
    told_apart = {name for each in constraints for name in each.fields}
    # The preview of a run from a preview says its scope, too.
    assert told_apart - {"connection"} == set(Wish.__dataclass_fields__)
