"""Money keeps its digits on the wire, and text its meaning in a query."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo.payload import dumps, escape, loads, parse_time

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=5)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("number", "text"),
    [("1.10", "1.10"), ("100", "100"), ("0.00001", "0.00001"), ("1E+3", "1000"), ("-0.05", "-0.05")],
)
def test_a_decimal_is_written_digit_for_digit(number: str, text: str) -> None:
    assert dumps({"Amount": Decimal(number)}) == '{"Amount":' + text + "}"


@given(VALUES)
def test_what_is_written_is_read_back_the_same(value: Any) -> None:
    assert loads(dumps(value)) == value


@given(st.text())
def test_text_is_written_as_any_json_reader_expects_it(text: str) -> None:
    assert json.loads(dumps({text: [text]})) == {text: [text]}


def test_a_number_with_a_point_is_read_as_a_decimal() -> None:
    read = loads('{"UnitPrice": 14.50, "Qty": 3}')
    assert read == {"UnitPrice": Decimal("14.50"), "Qty": 3}
    assert isinstance(read["UnitPrice"], Decimal)
    assert isinstance(read["Qty"], int)


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), Decimal("Infinity"), {1, 2}, b"x"])
def test_what_has_no_exact_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="no exact form"):
        dumps([value])


@pytest.mark.parametrize("text", ["NaN", "-Infinity", '{"Amount":', ""])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        loads(text)


def test_times_keep_their_instant_across_offsets_and_fractions() -> None:
    noon = datetime(2026, 9, 29, 12, 58, 7, tzinfo=UTC)
    assert parse_time("2026-09-29T05:58:07-07:00") == noon
    assert parse_time("2026-09-29T12:58:07.300Z") == noon.replace(microsecond=300_000)


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset"):
        parse_time("2026-09-29T05:58:07")


def test_apostrophes_and_backslashes_survive_in_a_literal() -> None:
    assert escape("O'Malley's \\ Pub") == "O\\'Malley\\'s \\\\ Pub"
