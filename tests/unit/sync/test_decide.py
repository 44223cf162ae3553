"""The decision table, row by row: each test is one situation of one pair."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.planner.actions import (
    Adopt,
    AdvanceBaseline,
    CreateHere,
    CreateThere,
    Forget,
    RaiseIssue,
    Reason,
    RemoveThere,
    UpdateHere,
    UpdateThere,
    Wait,
)
from quickbooks_sync.planner.decide import Answers, Here, Pair, Policy, Problem, There, changed, decide
from quickbooks_sync.planner.records import CustomerRecord, Encoded, WorkCodeRecord, encode

DEFAULT = Policy()
TWO_WAY = Policy(two_way_edits=True)
AMELIA = encode(CustomerRecord(display_name="Amelia Hartwell", email="amelia@example.com", phone="555 0143"))
TUNE_UP = encode(WorkCodeRecord(name="Furnace tune-up", price=Decimal("129.00")))
INVOICE: Encoded = {"number": "1042", "memo": "", "due_date": "2026-03-31", "voided": False}


def pair(
    before: Encoded = AMELIA,
    *,
    here: Encoded | None = None,
    there: Encoded | None = None,
    **more: Any,
) -> Pair:
    """A settled pair, in which the given fields were changed since."""
    return Pair(
        **{
            "money": "voided" in before,
            "linked": True,
            "here": Here(record={**before, **(here or {})}),
            "there": There(record={**before, **(there or {})}),
            "here_baseline": before,
            "there_baseline": before,
            "created_by_us": True,
            **more,
        }
    )


def newly_met(here: Encoded, there: Encoded) -> Pair:
    return pair(here={**AMELIA, **here}, there={**AMELIA, **there}, here_baseline=None, there_baseline=None)


def unlinked(*, here: Here | None = None, there: There | None = None, **more: Any) -> Pair:
    return Pair(money=False, linked=False, here=here, there=there, **more)


# --- Without a Link ---------------------------------------------------------------------------------


@pytest.mark.parametrize("record", [AMELIA, TUNE_UP])
def test_what_quickbooks_does_not_have_is_created_there(record: Encoded) -> None:
    assert decide(unlinked(here=Here(record=record)), DEFAULT) == CreateThere()


def test_an_invoice_quickbooks_does_not_have_is_created_there() -> None:
    assert decide(replace(unlinked(here=Here(record=INVOICE)), money=True), DEFAULT) == CreateThere()


@pytest.mark.parametrize("record", [{**AMELIA, "active": False}, {**INVOICE, "voided": True}])
def test_what_was_removed_here_before_it_was_sent_is_not_sent(record: Encoded) -> None:
    assert decide(unlinked(here=Here(record=record)), DEFAULT) == AdvanceBaseline()


def test_what_service_genius_does_not_have_is_created_here() -> None:
    assert decide(unlinked(there=There(record=AMELIA)), DEFAULT) == CreateHere()


def test_an_inactive_or_project_record_of_quickbooks_is_not_taken() -> None:
    assert decide(unlinked(there=There(record=AMELIA, takeable=False)), DEFAULT) == AdvanceBaseline()


def test_a_half_link_whose_only_side_is_gone_is_forgotten() -> None:
    assert decide(unlinked(), DEFAULT) == Forget()


def test_a_sub_customer_of_quickbooks_waits_for_its_parent_here() -> None:
    sub = There(record=AMELIA, waits_on="Hartwell Holdings")
    assert decide(unlinked(there=sub), DEFAULT) == Wait(on="Hartwell Holdings")


def test_a_record_whose_reference_is_not_there_yet_waits_and_says_for_which() -> None:
    job = Here(record=AMELIA, waits_on="Hartwell Holdings")
    assert decide(unlinked(here=job), DEFAULT) == Wait(on="Hartwell Holdings")


def test_a_value_quickbooks_cannot_hold_is_an_issue_before_anything_waits_or_is_sent() -> None:
    problem = Problem(reason=Reason.CANNOT_HOLD, details={"field": "E-mail"})
    held = Here(record=AMELIA, problems=(problem,), waits_on="Hartwell Holdings")
    expected = RaiseIssue(reason=Reason.CANNOT_HOLD, details={"field": "E-mail"})
    assert decide(unlinked(here=held), DEFAULT) == expected
    edited = Here(record={**AMELIA, "email": "no address"}, problems=(problem,))
    assert decide(replace(pair(), here=edited), DEFAULT) == expected


def test_a_likely_pair_is_parked_side_by_side_even_if_it_could_not_be_sent() -> None:
    candidate = {"remote_id": "7", "name": "Amelia Hartwell LLC"}
    problem = Problem(reason=Reason.NAME_TAKEN, details={})
    parked = unlinked(here=Here(record=AMELIA, problems=(problem,)), likely=(candidate,))
    assert decide(parked, DEFAULT) == RaiseIssue(
        reason=Reason.LIKELY_PAIR, details={"candidates": [candidate]}
    )


# --- First link -------------------------------------------------------------------------------------


def test_a_blank_here_is_filled_from_there() -> None:
    adopt = decide(newly_met({"email": ""}, {"email": "a@example.com"}), DEFAULT)
    assert isinstance(adopt, Adopt)
    assert adopt.take == {"email"}


def test_a_price_of_zero_is_a_blank_when_two_work_codes_first_meet() -> None:
    met = pair(TUNE_UP, here={"price": "0"}, there={"price": "95"}, here_baseline=None, there_baseline=None)
    adopt = decide(met, DEFAULT)
    assert isinstance(adopt, Adopt)
    assert adopt.take == {"price"}


def test_a_value_present_here_counts_as_our_change_and_is_sent_next() -> None:
    met = newly_met({"phone": "555 0143"}, {"phone": "555 9999"})
    adopt = decide(met, DEFAULT)
    assert isinstance(adopt, Adopt)
    assert adopt.take == frozenset()
    linked = replace(met, here_baseline=adopt.here_baseline, there_baseline=adopt.there_baseline)
    assert decide(linked, DEFAULT) == UpdateThere(fields=frozenset({"phone"}))


def test_a_blank_there_is_filled_from_here() -> None:
    met = newly_met({}, {"email": ""})
    adopt = decide(met, DEFAULT)
    assert isinstance(adopt, Adopt)
    linked = replace(met, here_baseline=adopt.here_baseline, there_baseline=adopt.there_baseline)
    assert decide(linked, DEFAULT) == UpdateThere(fields=frozenset({"email"}))


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ({"display_name": "Amelia Hartwell"}, {"display_name": "AMELIA HARTWELL"}),
        ({"taxable": True}, {"taxable": False}),
        ({"active": True}, {"active": False}),
        ({"parent": None}, {"parent": 4}),
    ],
)
def test_names_and_switches_stay_as_they_are_on_each_side(here: Encoded, there: Encoded) -> None:
    met = newly_met(here, there)
    adopt = decide(met, DEFAULT)
    assert isinstance(adopt, Adopt)
    assert adopt.take == frozenset()
    linked = replace(met, here_baseline=adopt.here_baseline, there_baseline=adopt.there_baseline)
    assert decide(linked, TWO_WAY) == AdvanceBaseline()


def test_two_that_first_meet_wait_for_what_they_refer_to() -> None:
    met = newly_met({}, {})
    assert met.here is not None
    assert met.there is not None
    waits_here = replace(met, here=replace(met.here, waits_on="Hartwell Holdings"))
    assert decide(waits_here, DEFAULT) == Wait(on="Hartwell Holdings")
    waits_there = replace(met, there=replace(met.there, waits_on="Customers 12"))
    assert decide(waits_there, DEFAULT) == Wait(on="Customers 12")


# --- One side changed -------------------------------------------------------------------------------


def test_nothing_changed_moves_nothing() -> None:
    assert decide(pair(), DEFAULT) == AdvanceBaseline()


def test_sides_that_rightly_differ_are_not_made_equal() -> None:
    settled = pair(
        there={"display_name": "Amelia Hartwell (customer)"},
        there_baseline={**AMELIA, "display_name": "Amelia Hartwell (customer)"},
    )
    assert decide(settled, TWO_WAY) == AdvanceBaseline()


@pytest.mark.parametrize("policy", [DEFAULT, TWO_WAY])
def test_only_the_fields_changed_here_are_sent(policy: Policy) -> None:
    edited = pair(here={"email": "new@example.com", "notes": "Gate code 4711"})
    assert decide(edited, policy) == UpdateThere(fields=frozenset({"email", "notes"}))


def test_a_value_cleared_here_is_sent_as_cleared() -> None:
    assert decide(pair(here={"phone": ""}), DEFAULT) == UpdateThere(fields=frozenset({"phone"}))


def test_an_unpaid_invoice_untouched_there_follows_an_edit_here() -> None:
    assert decide(pair(INVOICE, here={"memo": "Thank you"}), DEFAULT) == UpdateThere(
        fields=frozenset({"memo"})
    )


def test_an_edit_after_payment_goes_once_a_person_allowed_just_that_edit() -> None:
    edited = {**INVOICE, "memo": "Thank you"}
    paid = pair(INVOICE, here=edited)
    paid = replace(paid, there=There(record=INVOICE, settled_elsewhere=True))
    allowed = replace(paid, answers=Answers(allowed=edited))
    assert decide(allowed, DEFAULT) == UpdateThere(fields=frozenset({"memo"}))
    another = replace(paid, answers=Answers(allowed={**INVOICE, "memo": "Thanks"}))
    assert isinstance(decide(another, DEFAULT), RaiseIssue)


def test_totals_that_differ_are_left_alone_once_a_person_accepted_just_those() -> None:
    different = pair(INVOICE, here=None)
    different = replace(
        different,
        here=Here(record=INVOICE, totals={"total": "100", "tax": "8.01"}),
        there=There(record=INVOICE, totals={"total": "100", "tax": "8.02"}),
    )
    raised = decide(different, DEFAULT)
    assert isinstance(raised, RaiseIssue)
    accepted = {"sent": raised.details["sent"], "stored": raised.details["stored"]}
    assert accepted == {"sent": {"tax": "8.01"}, "stored": {"tax": "8.02"}}
    assert decide(replace(different, answers=Answers(accepted_totals=accepted)), DEFAULT) == AdvanceBaseline()
    moved = replace(different, there=There(record=INVOICE, totals={"total": "100", "tax": "8.03"}))
    assert isinstance(decide(replace(moved, answers=Answers(accepted_totals=accepted)), DEFAULT), RaiseIssue)


def test_what_is_to_be_voided_there_only_is_voided_unless_it_is_paid() -> None:
    wanted = replace(pair(INVOICE), answers=Answers(void_there=True))
    assert decide(wanted, DEFAULT) == RemoveThere()
    paid = replace(wanted, there=There(record=INVOICE, removable=False))
    told = RaiseIssue(reason=Reason.CANNOT_REMOVE, details={"void_there": True})
    assert decide(paid, DEFAULT) == told


def test_an_edit_to_an_invoice_that_was_paid_or_extended_there_is_for_a_person() -> None:
    paid = pair(INVOICE, here={"memo": "Thank you"}, there=None)
    paid = replace(paid, there=There(record=INVOICE, settled_elsewhere=True))
    assert decide(paid, DEFAULT) == RaiseIssue(
        reason=Reason.EDITED_AFTER_PAYMENT, details={"fields": ["memo"]}
    )


def test_an_edit_whose_reference_is_not_there_yet_waits() -> None:
    moved = replace(pair(), here=Here(record={**AMELIA, "parent": 3}, waits_on="Hartwell Holdings"))
    assert decide(moved, DEFAULT) == Wait(on="Hartwell Holdings")


def test_a_change_in_quickbooks_is_listed_and_nothing_is_copied() -> None:
    assert decide(pair(there={"phone": "555 9999", "email": "x@example.com"}), DEFAULT) == RaiseIssue(
        reason=Reason.CHANGED_THERE, details={"fields": ["email", "phone"]}
    )


@pytest.mark.parametrize("before", [AMELIA, TUNE_UP])
def test_with_two_way_edits_a_change_of_a_list_in_quickbooks_is_taken(before: Encoded) -> None:
    field = "notes" if "notes" in before else "description"
    assert decide(pair(before, there={field: "Changed"}), TWO_WAY) == UpdateHere(fields=frozenset({field}))


def test_two_way_edits_never_take_a_change_of_money() -> None:
    assert decide(pair(INVOICE, there={"memo": "Changed"}), TWO_WAY) == RaiseIssue(
        reason=Reason.CHANGED_THERE, details={"fields": ["memo"]}
    )


def test_a_change_there_that_refers_to_something_unknown_here_waits() -> None:
    moved = replace(pair(), there=There(record={**AMELIA, "parent": 9}, waits_on="Customers 12"))
    assert decide(moved, TWO_WAY) == Wait(on="Customers 12")


def test_what_was_left_as_it_is_there_stays_silent_until_it_changes_again() -> None:
    left = {"phone": "555 9999"}
    assert decide(pair(there=left, left_there=left), DEFAULT) == AdvanceBaseline()
    assert decide(pair(there={"phone": "555 7777"}, left_there=left), DEFAULT) == RaiseIssue(
        reason=Reason.CHANGED_THERE, details={"fields": ["phone"]}
    )


# --- Both sides changed -----------------------------------------------------------------------------


@pytest.mark.parametrize("before", [AMELIA, INVOICE])
def test_the_same_change_on_both_sides_is_only_agreed(before: Encoded) -> None:
    same = {"memo": "Paid by cheque"} if before is INVOICE else {"email": "same@example.com"}
    assert decide(pair(before, here=same, there=same), DEFAULT) == AdvanceBaseline()


def test_a_change_that_makes_both_sides_equal_is_only_agreed() -> None:
    """Their Baselines differed rightly, and one side took the other's value."""
    there_before = {**AMELIA, "display_name": "Amelia Hartwell (customer)"}
    renamed_there = pair(there_baseline=there_before)
    assert decide(renamed_there, DEFAULT) == AdvanceBaseline()
    renamed_here = pair(
        here={"display_name": "Amelia Hartwell (customer)"},
        there={"display_name": "Amelia Hartwell (customer)"},
        there_baseline=there_before,
    )
    assert decide(renamed_here, DEFAULT) == AdvanceBaseline()


@pytest.mark.parametrize("policy", [DEFAULT, TWO_WAY])
def test_edits_of_different_fields_send_ours_and_leave_theirs_for_after(policy: Policy) -> None:
    both = pair(here={"email": "new@example.com"}, there={"phone": "555 9999"})
    assert decide(both, policy) == UpdateThere(fields=frozenset({"email"}), leave=frozenset({"phone"}))


@pytest.mark.parametrize("policy", [DEFAULT, TWO_WAY])
def test_in_a_conflict_over_a_list_record_service_genius_wins(policy: Policy) -> None:
    conflict = pair(here={"phone": "555 1111"}, there={"phone": "555 9999"})
    assert decide(conflict, policy) == UpdateThere(fields=frozenset({"phone"}))


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ({"memo": "Ours"}, {"memo": "Theirs"}),
        ({"memo": "Ours"}, {"due_date": "2026-04-30"}),
        ({"voided": True}, {"due_date": "2026-04-30"}),
    ],
)
def test_an_invoice_changed_on_both_sides_is_for_a_person(here: Encoded, there: Encoded) -> None:
    assert decide(pair(INVOICE, here=here, there=there), TWO_WAY) == RaiseIssue(
        reason=Reason.EDITED_ON_BOTH, details={"fields": sorted({*here, *there})}
    )


# --- What counts as changed -------------------------------------------------------------------------


def test_a_field_that_was_never_agreed_is_no_change() -> None:
    baseline = {field: value for field, value in AMELIA.items() if field != "mobile"}
    assert changed(baseline, {**AMELIA, "mobile": "555 2222"}) == frozenset()
    added_later = pair(here={"mobile": "555 2222"}, here_baseline=baseline, there_baseline=baseline)
    assert decide(added_later, TWO_WAY) == AdvanceBaseline()


def test_a_field_that_records_no_longer_have_is_no_change() -> None:
    assert changed({**AMELIA, "fax": "555 3333"}, AMELIA) == frozenset()
    dropped = {**AMELIA, "fax": "555 3333"}
    assert decide(pair(here_baseline=dropped, there_baseline=dropped), TWO_WAY) == AdvanceBaseline()
