"""The questions a run asks before something large, at their very limits."""

import pytest

from quickbooks_sync.planner.guards import Question, empty_list, many_removals, wrong_company


@pytest.mark.parametrize(
    ("new", "matched", "there", "asks"),
    [
        (51, 2, 40, True),
        (50, 0, 40, False),  # not many
        (51, 3, 40, False),  # 5 % are the same
        (5000, 0, 0, False),  # QuickBooks is empty: a first start
    ],
)
def test_a_first_full_sync_asks_when_next_to_nothing_is_the_same(
    *, new: int, matched: int, there: int, asks: bool
) -> None:
    question = wrong_company(new=new, matched=matched, there=there)
    assert (question is not None) == asks


@pytest.mark.parametrize(
    ("removals", "linked", "asks"),
    [(11, 219, True), (11, 220, False), (10, 10, False), (0, 0, False), (60, 1000, True)],
)
def test_more_than_ten_removals_and_five_percent_ask(*, removals: int, linked: int, asks: bool) -> None:
    question = many_removals(kind="customer", removals=removals, linked=linked)
    assert (question is not None) == asks


@pytest.mark.parametrize(("read", "linked", "asks"), [(0, 21, True), (0, 20, False), (1, 5000, False)])
def test_a_list_that_reads_empty_asks_before_it_is_believed(*, read: int, linked: int, asks: bool) -> None:
    assert (empty_list(kind="Customer", read=read, linked=linked) is not None) == asks


def test_an_answer_is_good_for_the_same_counts_only() -> None:
    asked = many_removals(kind="customer", removals=12, linked=100)
    assert asked == Question(guard="many_removals", kind="customer", counts={"removals": 12, "linked": 100})
    assert asked != many_removals(kind="customer", removals=13, linked=100)
    assert asked != many_removals(kind="work_code", removals=12, linked=100)
