"""What makes two services one: numbers as values, words, a code; the price only supports."""

from decimal import Decimal

import pytest

from quickbooks_sync.planner.matching import lists
from quickbooks_sync.planner.matching.deciding import Verdict
from quickbooks_sync.planner.matching.rarity import ALL_RARE
from quickbooks_sync.planner.matching.work_codes import compare, of_work_code
from quickbooks_sync.planner.records import WorkCodeRecord


def evidence_of_categories(mine: str, theirs: str) -> float:
    record = WorkCodeRecord(name="Labor")
    one, other = of_work_code(record, category=mine), of_work_code(record, category=theirs)
    return compare(one, other, ALL_RARE).bits


def verdict(one: str, other: str, *, price: int = 89, other_price: int = 89, **codes: str) -> Verdict:
    here = of_work_code(WorkCodeRecord(name=one, price=Decimal(price), code=codes.get("code", "")))
    there = of_work_code(
        WorkCodeRecord(name=other, price=Decimal(other_price), code=codes.get("other_code", ""))
    )
    return next((each.verdict for each in lists.WORK_CODES.match({1: here}, {1: there})), Verdict.APART)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('Pipe 1-1/2"', "Pipe 1.5 inch"),
        ("Pipe 1½ in", 'Pipe 1 1/2"'),
        ("Filter 16 x 25 x 1", "FILTER 16x25x1"),
        ('Filter 16" x 25"', "Filter 16x25 inch"),
        ("Refrigerant R-410A", "Refrigerant R410A"),
        ("A/C check", "AC check"),
        ("AC Tune-up", "Tuneup, AC"),
        ("Water Htr Inst", "Water heater installation"),
        ("Furnace 80,000 BTU", "Furnace 80000 BTU"),
        ("Outlet 20A", "Outlet 20 amp"),
        ("Labor (hr)", "Labor hourly"),
        ("Diagnostic", "Diagnostic fee"),
        ("Drain cleaning", "Drain claening"),
        ("Furnace replacement", "Furnace replacment"),
        ("Skylight inspection", "Skylihgt inspection"),
    ],
)
def test_a_service_written_otherwise_at_one_price_is_linked(one: str, other: str) -> None:
    assert verdict(one, other) is Verdict.LINK
    assert verdict(other, one) is Verdict.LINK


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Labor 12 hr", "Labor 1/2 hr"),
        ("Condenser 2.5 Ton", "Condenser 25 Ton"),
        ("Repair 2-4 h", "Repair 24 h"),
        ("Motor <5 HP", "Motor >5 HP"),
        ("Season -10 %", "Season 10 %"),
        ("Tank 10²", "Tank 102"),
        ("Unit 1-2", "Unit 12"),
        ("1st visit", "2nd visit"),
        ("Drain cleaning", "Drain repair"),
        ("Labor regular", "Labor overtime"),
        ("Gas R-22", "Gas R-32"),
    ],
)
def test_another_number_or_word_is_another_service(one: str, other: str) -> None:
    assert verdict(one, other) is Verdict.APART


def test_an_equal_code_with_other_words_is_asked_about() -> None:
    assert verdict("Spring tune-up", "AC maintenance", code="TU-1", other_code="tu1") is Verdict.ASK
    assert verdict("Labor 12 hr", "Labor 1/2 hr", code="L-1", other_code="L-1") is Verdict.ASK


def test_another_code_or_quite_another_price_is_asked_about() -> None:
    assert verdict("Labor", "labor", code="L-1", other_code="L-2") is Verdict.ASK
    assert verdict("Labor", "labor", other_price=1200) is Verdict.ASK
    assert verdict("Labor", "labor", other_price=99) is Verdict.LINK
    assert verdict("Labor", "labor", price=0) is Verdict.LINK


def test_an_equal_price_makes_nothing_one() -> None:
    assert verdict("Drain camera", "Fence gate") is Verdict.APART


def test_what_an_article_adds_is_asked_about() -> None:
    assert verdict("Vac truck with crew", "Vac truck w/o crew") is Verdict.ASK


def test_categories_support_and_nothing_more() -> None:
    same, unknown, other = (evidence_of_categories(*pair) for pair in (("A", "a"), ("", "A"), ("A", "B")))
    assert same > unknown > other
