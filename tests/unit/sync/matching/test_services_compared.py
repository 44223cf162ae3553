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
        ('3/4" Hose bib', "Hose bib 3/4 in."),
        ("Mow lawn", "Lawn mowing"),
        ("Tank winterization", "Winterize tank"),
        ("Edge driveway", "Driveway edging"),
        ("First hour labor", "Labor 1st hour"),
        ("Two-stage heater", "2-stage heater"),
        ("Drain cleaning", "Plumbing: Drain cleaning"),
        ("Drain cleaning", "Plumbing:Drains:Drain cleaning"),
        ("Service air scrubber", "Air scrubber service"),
        ("Heater XR13", "Heater model XR13"),
        ("Skylight + flashing", "Skylight and flashing"),
        ("Skylight inspection", "Skylight inspection (taxable)"),
        ("Wkly pool visit", "Weekly pool visit"),
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
        ("First hour", "One hour"),
        ("---", "***"),
        ("State permit", "Station permit"),
    ],
)
def test_another_number_or_word_is_another_service(one: str, other: str) -> None:
    assert verdict(one, other) is Verdict.APART


def test_an_equal_code_with_other_words_is_asked_about() -> None:
    assert verdict("Spring tune-up", "AC maintenance", code="TU-1", other_code="tu1") is Verdict.ASK
    assert verdict("Labor 12 hr", "Labor 1/2 hr", code="L-1", other_code="L-1") is Verdict.ASK


@pytest.mark.parametrize("other", ["BT-3819 Test outlet", "[bt3819] Test outlet", "Test outlet (BT-3819)"])
def test_a_code_that_stands_in_the_name_is_the_code(other: str) -> None:
    assert verdict("Test outlet", other, code="BT-3819") is Verdict.LINK
    assert verdict(other, "Test outlet", other_code="BT-3819") is Verdict.LINK
    assert verdict("Test outlet", other, code="BT-3819", other_code="BT-3819") is Verdict.LINK
    assert verdict("Test outlet", other, code="BT-3820") is not Verdict.LINK


@pytest.mark.parametrize(
    ("one", "other"), [("Base coat", "Basement coat"), ("Car wash", "Carpet wash"), ('Pipe 6"', "Pipe 6 ft")]
)
def test_what_may_be_short_for_a_word_is_asked_about(one: str, other: str) -> None:
    assert verdict(one, other) is Verdict.ASK


def test_two_groups_before_a_colon_are_two_services() -> None:
    assert verdict("Residential: Tune-up", "Commercial: Tune-up") is Verdict.ASK
    assert verdict("Residential: Tune-up", "Tune-up", other_price=0) is Verdict.ASK


def test_to_service_a_thing_is_not_the_thing() -> None:
    assert verdict("Service water heater", "Water heater") is Verdict.ASK


def test_one_written_otherwise_needs_a_price_that_is_near_and_one_with_a_slip_the_same() -> None:
    assert verdict("Lawn mowing", "Mowing, lawn", price=0) is Verdict.ASK
    assert verdict("Lawn mowing", "Mowing, lawn", other_price=99) is Verdict.LINK
    assert verdict("Lawn mowing", "Mowing, lawn", other_price=120) is Verdict.ASK
    assert verdict("Lawn, 3 in.", '3" lawn', price=0) is Verdict.ASK
    assert verdict("Labor 0½", "Labor 01/2", price=0) is Verdict.ASK
    assert verdict("Lawn mowing", "Lawn mownig", other_price=99) is Verdict.ASK


def test_words_as_common_as_can_be_make_a_name_that_is_one() -> None:
    records = [
        f"{act} {what}"
        for act in ("Mow", "Edge", "Aerate", "Spray")
        for what in ("lawn", "bed", "hedge", "path")
    ]
    here, there = (
        {at: of_work_code(WorkCodeRecord(name=name, price=Decimal(50 + at))) for at, name in enumerate(names)}
        for names in (records, [name.replace("Spray hedge", "Sprray hedge") for name in records])
    )
    decided = lists.WORK_CODES.match(here, there)
    assert {(each.here, each.there, each.verdict) for each in decided} == {
        (at, at, Verdict.LINK) for at in here
    }


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
