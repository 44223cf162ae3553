"""What a merge in QuickBooks moved, told by the places where a record was named."""

import pytest

from quickbooks_sync.planner.moved import lines_as_there, places_of


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([4], ["71"], {0: "71"}),
        ([4, 5, 4], ["71", "50", "71"], {0: "71", 2: "71"}),
        ([4, 4], ["71", "72"], {0: "71", 1: "72"}),
        ([5, None], ["50", "71"], {}),
        ([4, 5], ["71"], {}),
        ([4], ["50", "71"], {}),
        ([], [], {}),
    ],
)
def test_a_place_tells_what_is_named_there_now_if_there_are_as_many_as_before(
    before: list[int | None], now: list[str], expected: dict[int, str]
) -> None:
    assert places_of(before, now, 4) == expected


def test_only_the_lines_that_moved_use_what_they_use_there_and_nothing_else_of_them_changes() -> None:
    def line(work_code: int | None, amount: str, **more: str) -> dict[str, object]:
        return {"work_code": work_code, "amount": amount, **more}

    baseline = {"memo": "Agreed", "lines": [line(4, "100"), line(4, "50"), line(5, "7")]}
    there = {"memo": "Edited", "lines": [line(9, "120"), line(None, "50", what="unknown"), line(6, "7")]}
    assert lines_as_there(baseline, there, [0, 1]) == {
        "memo": "Agreed",
        "lines": [line(9, "100"), line(None, "50", what="unknown"), line(5, "7")],
    }
    assert baseline["lines"][0] == line(4, "100"), "what was agreed on is not written over"
