"""The decision table: what was removed, merged or renamed. Its other rows are in `test_decide`."""

from dataclasses import replace

import pytest

from quickbooks_sync.planner.actions import (
    Adopt,
    AdvanceBaseline,
    Forget,
    RaiseIssue,
    Reason,
    RemoveThere,
    UpdateHere,
    UpdateThere,
    Wait,
)
from quickbooks_sync.planner.decide import Answers, Here, Policy, Problem, There, decide
from quickbooks_sync.planner.records import Encoded
from tests.unit.sync.test_decide import AMELIA, DEFAULT, INVOICE, TWO_WAY, pair, unlinked

# --- Removal ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "removal"), [(AMELIA, {"active": False}), (INVOICE, {"voided": True})])
def test_what_we_created_and_then_removed_is_removed_there(before: Encoded, removal: Encoded) -> None:
    assert decide(pair(before, here=removal), DEFAULT) == RemoveThere()


def test_a_removal_here_keeps_what_was_changed_there_for_after() -> None:
    removed = pair(here={"active": False}, there={"phone": "555 9999"})
    assert decide(removed, DEFAULT) == RemoveThere(leave=frozenset({"phone"}))
    conflict = pair(here={"active": False, "phone": "555 1111"}, there={"phone": "555 9999"})
    assert decide(conflict, DEFAULT) == RemoveThere(leave=frozenset({"phone"}))


@pytest.mark.parametrize(("before", "removal"), [(AMELIA, {"active": False}), (INVOICE, {"voided": True})])
def test_what_may_not_be_removed_there_is_an_issue(before: Encoded, removal: Encoded) -> None:
    in_use = replace(pair(before, here=removal), there=There(record=before, removable=False))
    assert decide(in_use, DEFAULT) == RaiseIssue(reason=Reason.CANNOT_REMOVE, details={})


def test_an_imported_record_is_deactivated_here_only() -> None:
    assert decide(pair(here={"active": False}, created_by_us=False), DEFAULT) == AdvanceBaseline()


def test_an_edit_beside_the_deactivation_of_an_imported_record_is_still_sent() -> None:
    edited = pair(here={"active": False, "phone": "555 1111"}, created_by_us=False)
    assert decide(edited, DEFAULT) == UpdateThere(fields=frozenset({"phone"}))


def test_a_change_there_beside_the_deactivation_of_an_imported_record_is_still_listed() -> None:
    changed_there = pair(here={"active": False}, there={"phone": "555 9999"}, created_by_us=False)
    assert decide(changed_there, DEFAULT) == RaiseIssue(
        reason=Reason.CHANGED_THERE, details={"fields": ["phone"]}
    )


def test_an_imported_invoice_voided_here_is_voided_there() -> None:
    assert decide(pair(INVOICE, here={"voided": True}, created_by_us=False), DEFAULT) == RemoveThere()


@pytest.mark.parametrize(
    ("before", "removal", "how"),
    [(AMELIA, {"active": False}, "deactivated"), (INVOICE, {"voided": True}, "voided")],
)
@pytest.mark.parametrize("edited_here", [False, True])
@pytest.mark.parametrize("policy", [DEFAULT, TWO_WAY])
def test_what_was_removed_there_is_for_a_person_whatever_happened_here(
    *, before: Encoded, removal: Encoded, how: str, edited_here: bool, policy: Policy
) -> None:
    edit = {"memo" if before is INVOICE else "notes": "Edited"} if edited_here else {}
    assert decide(pair(before, here=edit, there=removal), policy) == RaiseIssue(
        reason=Reason.REMOVED_THERE, details={"how": how}
    )


def test_what_was_removed_on_both_sides_is_only_agreed() -> None:
    gone = {"active": False}
    assert decide(pair(here=gone, there=gone), DEFAULT) == AdvanceBaseline()
    assert decide(pair(here=gone, there=gone, here_baseline={**AMELIA, **gone}), DEFAULT) == AdvanceBaseline()


def test_what_was_deleted_there_is_for_a_person() -> None:
    assert decide(replace(pair(), there=None), DEFAULT) == RaiseIssue(
        reason=Reason.REMOVED_THERE, details={"how": "deleted"}
    )


@pytest.mark.parametrize(("before", "removal"), [(AMELIA, {"active": False}), (INVOICE, {"voided": True})])
def test_what_was_removed_here_and_deleted_there_is_only_agreed(before: Encoded, removal: Encoded) -> None:
    assert decide(replace(pair(before, here=removal), there=None), TWO_WAY) == AdvanceBaseline()


# --- Merged customers -------------------------------------------------------------------------------

SURVIVOR: Encoded = {"name": "Amelia H.", "remote_id": "7", "here": True}


@pytest.mark.parametrize("there", [None, There(record={**AMELIA, "active": False})])
def test_who_was_merged_there_is_a_question_that_names_the_survivor(there: There | None) -> None:
    merged = replace(pair(merged_there=SURVIVOR), there=there)
    assert decide(merged, TWO_WAY) == RaiseIssue(reason=Reason.MERGED_THERE, details=SURVIVOR)


def test_what_a_merge_will_settle_waits_for_it_unless_it_was_voided_here() -> None:
    moved = pair(INVOICE, there={"memo": "Moved"}, waits_on="the merge")
    assert decide(moved, DEFAULT) == Wait(on="the merge")
    voided = pair(INVOICE, here={"voided": True}, waits_on="the merge")
    assert decide(voided, DEFAULT) == RemoveThere()


@pytest.mark.parametrize(
    ("left", "created_by_us", "removable", "removed"),
    [(0, True, True, True), (1, True, True, False), (0, False, True, False), (0, True, False, False)],
)
def test_who_was_merged_here_is_deactivated_there_only_if_it_is_ours_and_empty(
    *, left: int, created_by_us: bool, removable: bool, removed: bool
) -> None:
    details = {"name": "Amelia H.", "left": left}
    merged = pair(
        here={"active": False},
        there=None,
        merged_here=details,
        created_by_us=created_by_us,
    )
    merged = replace(merged, there=There(record=AMELIA, removable=removable))
    issue = RaiseIssue(reason=Reason.MERGED_HERE, details=details)
    assert decide(merged, DEFAULT) == (RemoveThere() if removed else issue)


def test_what_became_active_again_there_is_a_change_there() -> None:
    inactive = {**AMELIA, "active": False}
    revived = pair(inactive, there={"active": True})
    assert decide(revived, DEFAULT) == RaiseIssue(reason=Reason.CHANGED_THERE, details={"fields": ["active"]})
    assert decide(revived, TWO_WAY) == UpdateHere(fields=frozenset({"active"}))


def test_what_became_active_again_here_is_made_active_there() -> None:
    inactive = {**AMELIA, "active": False}
    assert decide(pair(inactive, here={"active": True}), DEFAULT) == UpdateThere(fields=frozenset({"active"}))


def test_what_neither_side_has_any_more_is_forgotten() -> None:
    assert decide(replace(pair(), here=None, there=None), DEFAULT) == Forget()


# --- Names ------------------------------------------------------------------------------------------

NAME = {"display_name": "Amelia Hartwell-Cole"}
BEHIND = Here(record={**AMELIA, **NAME}, turn_after=7, turn_after_words="the name that Amelia Cole gives up")


@pytest.mark.parametrize("linked", [True, False])
def test_a_name_that_another_gives_up_is_waited_for(*, linked: bool) -> None:
    renamed = replace(pair(), here=BEHIND) if linked else unlinked(here=BEHIND)
    assert decide(renamed, DEFAULT) == Wait(on="the name that Amelia Cole gives up")


def test_in_a_ring_of_names_one_steps_aside_and_the_rest_of_its_edit_follows() -> None:
    ring = replace(BEHIND, aside={"display_name": "Amelia (being renamed)"})
    assert decide(replace(pair(), here=ring), DEFAULT) == UpdateThere(
        fields=frozenset(NAME), aside={"display_name": "Amelia (being renamed)"}
    )


def test_what_cannot_be_sent_anyway_takes_no_name_for_the_moment() -> None:
    problem = Problem(reason=Reason.CANNOT_HOLD, details={"field": "E-mail"})
    ring = replace(BEHIND, aside={"display_name": "Amelia (being renamed)"}, problems=(problem,))
    assert decide(replace(pair(), here=ring), DEFAULT) == RaiseIssue(
        reason=problem.reason, details=problem.details
    )


# --- Kept in another currency -----------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"notes": "Gate code 12"}, {"active": False}])
def test_what_is_only_shown_here_follows_whatever_is_done_there(change: Encoded) -> None:
    shown = replace(pair(), there=There(record={**AMELIA, **change}, view_only=True))
    assert decide(shown, DEFAULT) == UpdateHere(fields=frozenset(change))


def test_what_is_only_shown_here_is_never_sent() -> None:
    there = There(record=AMELIA, view_only=True)
    problem = Problem(reason=Reason.CANNOT_HOLD, details={"field": "Customer"})
    edited = Here(record={**AMELIA, "notes": "Gate code 12"}, problems=(problem,))
    assert decide(replace(pair(), here=edited, there=there), TWO_WAY) == RaiseIssue(
        reason=problem.reason, details=problem.details
    )
    put_aside = Here(record={**AMELIA, "active": False}, problems=(problem,))
    assert decide(replace(pair(), here=put_aside, there=there), DEFAULT) == AdvanceBaseline()


# --- What is removed, and in which order ------------------------------------------------------------


def test_sub_customers_go_before_the_one_above_them() -> None:
    gone = replace(pair(here={"active": False}), there=There(record=AMELIA, below=True))
    assert isinstance(decide(gone, DEFAULT), Wait)


@pytest.mark.parametrize(("before", "removal"), [(AMELIA, {"active": False}), (INVOICE, {"voided": True})])
def test_a_removal_that_was_refused_is_not_sent_again(before: Encoded, removal: Encoded) -> None:
    problem = Problem(reason=Reason.REFUSED_THERE, details={"faults": []})
    gone = replace(pair(before), here=Here(record={**before, **removal}, refused=problem))
    assert decide(gone, DEFAULT) == RaiseIssue(reason=problem.reason, details=problem.details)


@pytest.mark.parametrize("reactivate", [False, True])
def test_one_that_is_inactive_there_is_used_again_only_if_a_person_paired_it(*, reactivate: bool) -> None:
    met = replace(
        pair(here_baseline=None, there_baseline=None, answers=Answers(reactivate=reactivate)),
        there=There(record={**AMELIA, "active": False}),
    )
    action = decide(met, DEFAULT)
    assert isinstance(action, Adopt)
    assert action.here_baseline["active"] is not reactivate
