"""Records and their encoded form, in which Baselines are kept and compared."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from quickbooks_sync.planner.records import (
    AllocationRecord,
    CustomerRecord,
    InvoiceRecord,
    LineRecord,
    PaymentRecord,
    Record,
    WorkCodeRecord,
    encode,
    is_blank,
)

DAY = dt.date(2026, 3, 1)


def line(quantity: str, price: str, amount: str) -> LineRecord:
    return LineRecord(
        work_code=4,
        description="Filter",
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        amount=Decimal(amount),
        taxable=True,
    )


def invoice(*lines: LineRecord) -> InvoiceRecord:
    return InvoiceRecord(number="1042", customer=3, date=DAY, due_date=DAY, lines=lines)


RECORDS: list[Record] = [
    CustomerRecord(display_name="Amelia Hartwell", parent=3),
    WorkCodeRecord(name="Tune-up", price=Decimal("129.95")),
    invoice(line("1.5", "20", "30"), line("1", "-5", "-5")),
    PaymentRecord(
        customer=3,
        date=DAY,
        amount=Decimal("30.10"),
        allocations=(AllocationRecord(invoice=9, amount=Decimal("30.10")),),
    ),
]


@pytest.mark.parametrize("record", RECORDS)
def test_a_baseline_is_the_same_after_it_was_stored_as_json(record: Record) -> None:
    assert json.loads(json.dumps(encode(record))) == encode(record)


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [
        ("1.10", "1.1", "1.1"),
        ("100", "1E+2", "100"),
        ("0.00", "-0", "0"),
        ("-5.50", "-5.5", "-5.5"),
        ("0.0000001", "1E-7", "0.0000001"),
    ],
)
def test_equal_amounts_are_equal_however_they_are_written(one: str, other: str, text: str) -> None:
    prices = [encode(WorkCodeRecord(name="x", price=Decimal(price)))["price"] for price in (one, other)]
    assert prices == [text, text]


def test_amounts_of_any_length_lose_no_digit() -> None:
    exact = "12345678901234567890123456789012.34"
    assert encode(WorkCodeRecord(name="x", price=Decimal(exact)))["price"] == exact


def test_equal_lines_give_equal_baselines_and_their_order_counts() -> None:
    first, second = line("1.0", "20.00", "20.00"), line("2", "5", "10")
    assert encode(invoice(first, second)) == encode(invoice(line("1", "20", "20"), second))
    assert encode(invoice(first, second)) != encode(invoice(second, first))


def test_dates_are_kept_as_days() -> None:
    assert encode(invoice())["due_date"] == "2026-03-01"


def test_what_is_no_content_of_a_record_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        encode(WorkCodeRecord(name="x", price=0.1))  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [None, "", "0", []])
def test_blank_values_say_nothing(value: object) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", ["x", "0.5", False, True, 7, [{}]])
def test_other_values_say_something(value: object) -> None:
    assert not is_blank(value)
