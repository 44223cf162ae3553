"""What QuickBooks paid by itself with a payment of ours: taken, taken back, waited for or asked about."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quickbooks_sync.planner.actions import (
    AdvanceBaseline,
    CreateThere,
    RaiseIssue,
    Reason,
    RemoveThere,
    TakeApplied,
    UpdateThere,
    Wait,
)
from quickbooks_sync.planner.decide import (
    Applied,
    Here,
    Pair,
    Policy,
    Problem,
    There,
    decide,
)
from quickbooks_sync.planner.records import Encoded, PaymentRecord, encode, with_allocations

DEFAULT = Policy()
PAYMENT = encode(PaymentRecord(customer=1, date=date(2026, 3, 2), amount=Decimal(100)))
OLD, NEW = {"invoice": 7, "amount": "30"}, {"invoice": 8, "amount": "50"}


def paid(*allocations: Encoded, **more: Any) -> Encoded:
    return {**PAYMENT, "allocations": list(allocations), **more}


def pair(
    *,
    here: Encoded,
    there: Encoded,
    taken: tuple[Encoded, ...] = (),
    applied: tuple[Encoded, ...] = (NEW,),
    elsewhere: bool = False,
    **of_here: Any,
) -> Pair:
    """Settled while it paid the old invoice; since then QuickBooks has paid the new one with it."""
    return Pair(
        money=True,
        linked=True,
        here=Here(record=here, **of_here),
        there=There(record=there, settled_elsewhere=elsewhere),
        here_baseline=paid(OLD),
        there_baseline=paid(OLD),
        created_by_us=True,
        applied=Applied(there=list(applied), taken=list(taken), to="invoice 1008"),
    )


def test_it_is_taken_as_far_as_there_is_room_and_the_rest_is_a_change_of_ours() -> None:
    part = {"invoice": 8, "amount": "20"}
    taken = decide(pair(here=paid(OLD), there=paid(OLD, NEW), taken=(part,)), DEFAULT)
    assert taken == TakeApplied(
        allocations=[OLD, part], here_baseline=paid(OLD, NEW), there_baseline=paid(OLD, NEW)
    )


def test_without_room_it_is_taken_back_there() -> None:
    action = decide(pair(here=paid(OLD), there=paid(OLD, NEW)), DEFAULT)
    assert action == UpdateThere(fields=frozenset({"allocations"}))


def test_what_it_pays_here_already_needs_no_move() -> None:
    assert decide(pair(here=paid(OLD, NEW), there=paid(OLD, NEW)), DEFAULT) == AdvanceBaseline()


def test_what_cannot_be_taken_back_waits_for_room() -> None:
    action = decide(pair(here=paid(OLD), there=paid(OLD, NEW), elsewhere=True), DEFAULT)
    assert action == Wait(on="room on invoice 1008, which another payment pays, too")


def test_what_somebody_edited_here_of_one_that_is_banked_is_for_that_person() -> None:
    action = decide(pair(here=paid(), there=paid(OLD, NEW), elsewhere=True), DEFAULT)
    assert action == RaiseIssue(reason=Reason.EDITED_AFTER_PAYMENT, details={"fields": ["allocations"]})


def test_what_somebody_changed_there_of_what_it_pays_is_for_a_person() -> None:
    action = decide(pair(here=paid(OLD), there=paid(NEW), taken=(NEW,)), DEFAULT)
    assert action == RaiseIssue(reason=Reason.CHANGED_THERE, details={"fields": ["allocations"]})


def test_what_somebody_changed_there_besides_stays_a_change_of_theirs() -> None:
    action = decide(pair(here=paid(OLD), there=paid(OLD, NEW, reference="X"), taken=(NEW,)), DEFAULT)
    assert isinstance(action, TakeApplied)
    assert action.there_baseline["reference"] == ""


def test_what_both_sides_changed_to_the_same_is_no_edit_on_both() -> None:
    other = {"invoice": 9, "amount": "10"}
    taken = decide(pair(here=paid(OLD, other), there=paid(OLD, NEW, other), taken=(NEW,)), DEFAULT)
    assert isinstance(taken, TakeApplied)
    assert taken.allocations == [OLD, NEW, other]
    assert taken.here_baseline["allocations"] == [OLD, NEW, other]


def test_an_edit_here_that_is_not_sent_yet_goes_on_from_what_was_taken() -> None:
    other = {"invoice": 9, "amount": "10"}
    taken = decide(pair(here=paid(OLD, other), there=paid(OLD, NEW), taken=(NEW,)), DEFAULT)
    assert taken == TakeApplied(
        allocations=[OLD, NEW, other], here_baseline=paid(OLD, NEW), there_baseline=paid(OLD, NEW)
    )


def test_a_payment_voided_here_is_voided_there_whatever_quickbooks_did_with_it() -> None:
    assert isinstance(decide(pair(here=paid(voided=True), there=paid(OLD, NEW)), DEFAULT), RemoveThere)


@pytest.mark.parametrize("waits_on", ["", "Amelia Hartwell"])
def test_a_payment_waits_until_there_is_room_for_it(waits_on: str) -> None:
    here = Here(record=PAYMENT, waits_on=waits_on, no_room="what is given back")
    new = Pair(money=True, linked=False, here=here, there=None)
    assert decide(new, DEFAULT) == Wait(on=waits_on or "what is given back")


def test_a_payment_without_room_is_a_question() -> None:
    problem = Problem(reason=Reason.CREDIT_APPLIED, details={"number": "1008"})
    new = Pair(money=True, linked=False, here=Here(record=PAYMENT, problems=(problem,)), there=None)
    assert decide(new, DEFAULT) == RaiseIssue(reason=Reason.CREDIT_APPLIED, details={"number": "1008"})
    assert (
        decide(Pair(money=True, linked=False, here=Here(record=PAYMENT), there=None), DEFAULT)
        == CreateThere()
    )


AMOUNTS = st.integers(1, 50)


@given(
    mine=st.dictionaries(st.integers(1, 4), AMOUNTS, max_size=3),
    applied=st.dictionaries(st.integers(5, 8), AMOUNTS, min_size=1, max_size=3),
    kept=st.dictionaries(st.integers(5, 8), st.integers(0, 50)),
)
def test_both_sides_say_the_same_after_two_steps_whatever_was_taken(
    mine: dict[int, int], applied: dict[int, int], kept: dict[int, int]
) -> None:
    before, there = encoded(mine), encoded(applied)
    taken = encoded({pk: part for pk, value in applied.items() if (part := min(value, kept.get(pk, value)))})
    now = Pair(
        money=True,
        linked=True,
        here=Here(record=paid(*before)),
        there=There(record=paid(*with_allocations(before, there))),
        here_baseline=paid(*before),
        there_baseline=paid(*before),
        applied=Applied(there=there, taken=taken),
    )
    action = decide(now, DEFAULT)
    here = with_allocations(before, taken)
    if taken:
        assert isinstance(action, TakeApplied)
        assert action.allocations == here
        follow = Pair(
            money=True,
            linked=True,
            here=Here(record=paid(*here)),
            there=now.there,
            here_baseline=action.here_baseline,
            there_baseline=action.there_baseline,
        )
        action = decide(follow, DEFAULT)
    back = UpdateThere(fields=frozenset({"allocations"}))
    assert action == (AdvanceBaseline() if taken == there else back)


def encoded(paid: dict[int, int]) -> list[Encoded]:
    return [{"invoice": pk, "amount": str(amount)} for pk, amount in sorted(paid.items())]
