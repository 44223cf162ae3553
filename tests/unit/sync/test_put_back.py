"""What a sync wrote goes back, as long as it still is as the sync left it."""

from hypothesis import given
from hypothesis import strategies as st

from quickbooks_sync.planner.put_back import as_before, named_anew
from quickbooks_sync.planner.records import Encoded

VALUES = st.dictionaries(st.sampled_from("abcd"), st.text("xyz", max_size=1), max_size=4)


def test_what_was_before_the_first_write_goes_back() -> None:
    writes: list[tuple[Encoded, Encoded]] = [
        ({"phone": "1"}, {"phone": "2"}),
        ({"phone": "2"}, {"phone": "3"}),
    ]
    assert as_before({"phone": "3"}, writes) == {"phone": "1"}


def test_what_somebody_has_edited_since_stays() -> None:
    assert as_before({"phone": "4"}, [({"phone": "1"}, {"phone": "2"})]) == {}


def test_what_was_blank_goes_back_to_blank() -> None:
    assert as_before({"phone": "2"}, [({"phone": ""}, {"phone": "2"})]) == {"phone": ""}


@given(VALUES, st.lists(st.tuples(VALUES, VALUES), max_size=4))
def test_only_what_was_written_goes_back_and_only_if_it_differs(
    record: Encoded, writes: list[tuple[Encoded, Encoded]]
) -> None:
    back = as_before(record, writes)
    for name, value in back.items():
        last = [after[name] for before, after in writes if name in after and name in before][-1]
        assert record[name] == last != value


def test_a_baseline_names_the_other_one_in_every_place() -> None:
    assert named_anew({"customer": 7, "number": "7"}, "customer", old=7, new=9) == {
        "customer": 9,
        "number": "7",
    }
    lines = [{"work_code": 7, "quantity": "7"}, {"work_code": 8}, {"work_code": None}]
    anew = named_anew({"lines": lines}, "lines", old=7, new=9)
    assert anew == {"lines": [{"work_code": 9, "quantity": "7"}, {"work_code": 8}, {"work_code": None}]}
    assert lines[0]["work_code"] == 7
