"""Laws of the keys of names: what a person tells apart is never one, what only is typed otherwise is."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from quickbooks_sync.planner.keys import match_key
from quickbooks_sync.planner.matching import lists
from quickbooks_sync.planner.matching.deciding import Verdict
from quickbooks_sync.planner.matching.features import of_customer
from quickbooks_sync.planner.matching.work_codes import of_work_code
from quickbooks_sync.planner.records import CustomerRecord, WorkCodeRecord
from tests.apart import Two, two_apart

#: The letters, digits, marks and signs of most scripts.
_any_name = st.text(
    st.characters(min_codepoint=32, max_codepoint=0xFFFF, exclude_categories=["Cs", "Co", "Cn"]),
    min_size=1,
    max_size=30,
).filter(str.strip)


@given(two_apart())
def test_two_names_that_mean_two_things_are_never_a_match(two: Two) -> None:
    one, other = two
    assert match_key(one) != match_key(other)
    customers = [{1: of_customer(CustomerRecord(display_name=name))} for name in two]
    codes = [{1: of_work_code(WorkCodeRecord(name=name))} for name in two]
    decided = [*lists.CUSTOMERS.match(*customers), *lists.WORK_CODES.match(*codes)]
    assert Verdict.LINK not in {each.verdict for each in decided}


@given(two_apart())
def test_nor_are_they_in_capitals_or_decomposed(two: Two) -> None:
    one, other = two
    assert match_key(one.upper()) != match_key(unicodedata.normalize("NFD", other.lower()))


@given(_any_name)
def test_case_blanks_and_composition_make_no_other_name(name: str) -> None:
    for written in (f"  {name} ", name.casefold(), unicodedata.normalize("NFD", name)):
        assert match_key(written) == match_key(name)


@given(_any_name)
def test_every_name_has_a_key(name: str) -> None:
    assert match_key(name)


@given(_any_name, _any_name)
def test_no_digit_of_a_name_is_put_aside(name: str, other: str) -> None:
    """Equal keys have the same digits, in the same order."""
    if match_key(name) == match_key(other):
        assert _digits(name) == _digits(other)
    assert _digits(match_key(name)) == _digits(name)


def _digits(name: str) -> str:
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())
    return "".join(sign for sign in folded if sign.isnumeric())
