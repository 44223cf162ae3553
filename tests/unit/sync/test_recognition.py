"""Which object in QuickBooks is the one whose creation was never answered."""

from datetime import UTC, datetime, timedelta
from typing import Any

from quickbooks_sync.planner.recognition import Candidate, Sent, recognise

SENT_AT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
INVOICE = {"number": "1000", "customer": 1, "date": "2026-03-02", "lines": [1], "memo": "", "voided": False}
CUSTOMER = {
    "display_name": "Ben Cole",
    "email": "ben@example.com",
    "phone": "555",
    "notes": "",
    "active": True,
}
PROPER = frozenset({"number", "date"})
WORD = "1.7.9F3A21C07B5D"


def sent(key: str = "a", record: dict[str, Any] | None = None, *, marker: str = WORD) -> Sent:
    until = SENT_AT + timedelta(seconds=130)
    return Sent(key=key, record=record or INVOICE, marker=marker, since=SENT_AT, until=until)


def there(
    id_: str, *, marker: str = WORD, edited: bool = False, later: float = 1, of: Any = None, **values: Any
) -> Candidate:
    created = SENT_AT + timedelta(seconds=later)
    record = {**(of or INVOICE), **values}
    return Candidate(id=id_, record=record, marker=marker, created=created, edited=edited)


def found(sent_: list[Sent], there_: list[Candidate]) -> tuple[dict[str, str], dict[str, list[str]]]:
    recognised = recognise(sent_, there_, proper=PROPER)
    return dict(recognised.found), {key: list(ids) for key, ids in recognised.doubtful.items()}


def test_a_marker_tells_it_whatever_was_edited() -> None:
    assert found([sent()], [there("5", edited=True, number="A-77", lines=[2], date="2026-03-01")]) == (
        {"a": "5"},
        {},
    )


def test_a_copy_that_nobody_edited_is_told_from_the_one_it_was_made_of() -> None:
    both = [there("5", edited=True, number="A-77"), there("6", number="1001")]
    assert found([sent()], both) == ({"a": "5"}, {})


def test_a_copy_alone_does_not_stand_for_one_whose_marker_was_taken_away() -> None:
    both = [there("5", marker="", edited=True, lines=[2], date="2026-03-01"), there("6", number="1001")]
    assert found([sent()], both) == ({}, {"a": ["6", "5"]})


def test_two_that_bear_the_marker_and_cannot_be_told_apart_are_for_a_person() -> None:
    assert found([sent()], [there("5"), there("6")]) == ({}, {"a": ["5", "6"]})


def test_an_erased_note_leaves_it_recognised_by_all_the_rest() -> None:
    assert found([sent()], [there("5", marker="", edited=True)]) == ({"a": "5"}, {})


def test_what_nobody_has_edited_is_ours_only_as_it_was_sent() -> None:
    assert found([sent()], [there("5", marker=""), there("6", marker="", number="7")]) == ({}, {})


def test_what_differs_in_more_than_one_field_is_for_a_person() -> None:
    theirs = there("5", marker="", edited=True, number="A-77", lines=[2], date="2026-03-01")
    assert found([sent()], [theirs]) == ({}, {"a": ["5"]})


def test_what_was_created_before_or_long_after_is_not_ours() -> None:
    early, late = (there(id_, marker="", edited=True, later=later) for id_, later in (("5", -1), ("6", 131)))
    assert found([sent()], [early, late]) == ({}, {})


def test_another_ones_marker_makes_it_nobody_elses() -> None:
    assert found([sent()], [there("5", marker="1.8.000000000000", edited=True)]) == ({}, {})


def test_a_customer_renamed_there_is_recognised_by_what_nobody_edited() -> None:
    one = sent(record=CUSTOMER, marker="")
    renamed = there("5", marker="", edited=True, of=CUSTOMER, display_name="Benjamin Cole")
    assert found([one], [renamed]) == ({"a": "5"}, {})


def test_a_customer_who_had_nothing_but_a_name_is_for_a_person() -> None:
    one = sent(record={"display_name": "Ben Cole", "active": True}, marker="")
    renamed = there("5", marker="", edited=True, of=one.record, display_name="Benjamin Cole")
    assert found([one], [renamed]) == ({}, {"a": ["5"]})


def test_of_two_alike_neither_is_taken_for_one_of_them() -> None:
    two = [sent("a", CUSTOMER, marker=""), sent("b", {**CUSTOMER, "display_name": "Eve Cole"}, marker="")]
    renamed = there("5", marker="", edited=True, of=CUSTOMER, display_name="E. Cole")
    assert found(two, [renamed]) == ({}, {"a": ["5"], "b": ["5"]})
