"""The keys of names: what is put aside, and what tells two names apart."""

import pytest

from quickbooks_sync.planner.keys import (
    KEY_LENGTH,
    code_key,
    folded,
    match_key,
    stored_key,
    unique_name,
)
from quickbooks_sync.planner.matching import lists
from quickbooks_sync.planner.matching.deciding import Verdict
from quickbooks_sync.planner.matching.features import of_customer
from quickbooks_sync.planner.matching.work_codes import of_work_code
from quickbooks_sync.planner.records import CustomerRecord, WorkCodeRecord


def decided(one: str, other: str) -> set[Verdict]:
    """What is decided about two customers, and two work codes, of whom nothing but the name is known."""
    customers = [of_customer(CustomerRecord(display_name=name)) for name in (one, other)]
    codes = [of_work_code(WorkCodeRecord(name=name)) for name in (one, other)]
    found = [
        *lists.CUSTOMERS.match({1: customers[0]}, {1: customers[1]}),
        *lists.WORK_CODES.match({1: codes[0]}, {1: codes[1]}),
    ]
    return {each.verdict for each in found}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Northside Supply", "NORTHSIDE  SUPPLY"),
        ("O'Malley\u2019s Pub", "OMalleys Pub"),
        ("A.B. Heating", "AB Heating"),
        ("Café Renée", "CAFE\u0301 RENE\u0301E"),  # composed and decomposed accents
        ("Straße 7", "STRASSE 7"),
        ("Hartwell, Amelia", "hartwell amelia"),
        ("John Smith, Jr.", "john smith jr"),
        ("Smith-Jones (Oakland)", "Smith Jones - Oakland"),
        ("Filter 16 x 25 x 1", "filter 16x25x1"),
        ("Repair 2\u20134 h", "Repair 2-4 h"),  # a dash as word processors make it
        ("Furnace, 80,000 BTU", "Furnace 80,000 BTU"),
        ("10 % off", "10% off"),
        ("No. 5, rear", "No 5 (rear)"),
        ("Apt 12B", "APT 12 B"),
    ],
)
def test_case_spaces_and_harmless_punctuation_do_not_count(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)
    assert decided(one, other) == {Verdict.LINK}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # What stands between two digits.
        ("Labor 12 hr", "Labor 1/2 hr"),
        ("Condenser 2.5 Ton", "Condenser 25 Ton"),
        ("Repair 2-4 h", "Repair 24 h"),
        ("Unit 1-2", "Unit 12"),
        ("Unit 1 2", "Unit 12"),
        ("Unit # 1-2", "Unit # 12"),
        ("Ladder 5'10", "Ladder 510"),
        ("Mix 50:50", "Mix 5050"),
        ("Unit 1\u200b2", "Unit 12"),
        # Other ways of writing numbers.
        ("Labor 1½ hr", "Labor 11/2 hr"),
        ("Tank 10²", "Tank 102"),
        ("Zone ①②", "Zone ①"),
        ("Zone ٣", "Zone ٢"),
        ("Phase Ⅳ", "Phase Ⅵ"),
        ("Unit 一-二", "Unit 一二"),
        # Marks of scripts that need them.
        ("\u0939\u093f\u0928\u094d\u0926\u0940", "\u0939\u0928\u0926"),  # Hindi
        ("\u0e01\u0e35", "\u0e01\u0e34"),  # Thai
        ("\u05d3\u05b7", "\u05d3\u05b4"),  # Hebrew
        ("\u0643\u064e", "\u0643\u0650"),  # Arabic
        ("\u0438\u0306", "\u0438"),  # Cyrillic
        # Whole words.
        ("Smith & Sons", "Smith and Daughters"),
        ("John Smith Jr", "John Smith"),
        ("John Smith Jr", "John Smith Sr"),
        ("Unit 1", "Unit 11"),
        ("---", "***"),
        ("\U0001f338", "\U0001f33c"),
    ],
)
def test_what_tells_two_names_apart_makes_them_different(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)
    assert Verdict.LINK not in decided(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Motor <5 HP", "Motor >5 HP"),
        ("Season -10 %", "Season 10 %"),
        ("Season - 10 %", "Season 10 %"),
        ("Credit -$10", "Credit $10"),
        ("Valve .5", "Valve 5"),
        ('Pipe 6"', "Pipe 6'"),
        ("Refrigerant R-410A", "Refrigerant R410A"),
        ("Labor ½ hr", "Labor 1/2 hr"),
        ("Carpet m²", "Carpet m2"),
        ("Unit ٣", "Unit 3"),
        ("Unit \uff11\uff12", "Unit 12"),
        ("Furnace 80,000 BTU", "Furnace 80000 BTU"),
        ("Phase I-II", "Phase III"),
        ("Phase I II", "Phase III"),
        ("Unit A-B", "Unit AB"),
        ("Kids+", "Kids"),
        ("A/C check", "AC check"),
        ("Smith & Sons", "Smith and Sons"),
        ("O'Malley's Pub & Grill", "OMalleys Pub Grill"),
        ("Café Renée", "Cafe Renee"),
        ("Nguy\u1ec5n", "Nguyen"),
        ("Łukasz Bjørn", "Lukasz Bjorn"),
        ("Desert Rose Dental", "Desert Rose Dental, L.L.C."),
    ],
)
def test_what_may_be_another_way_of_writing_is_no_one_name(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


def test_a_code_is_the_same_without_its_signs_but_its_numbers_stay_apart() -> None:
    assert code_key("TU-1") == code_key("tu1")
    assert code_key("A-1-2") != code_key("A-12")
    assert code_key("AC-CO") != code_key("AC")
    assert code_key("") == ""


def test_a_key_fits_its_column_however_long_a_name_becomes() -> None:
    assert len(stored_key("\ufdfa" * 500)) == 500  # each becomes eighteen letters, or two
    assert len(stored_key("ß" * 500)) == KEY_LENGTH


def test_a_free_name_says_what_it_is_and_counts_on() -> None:
    assert (
        unique_name("Northside Supply", word="customer", taken=frozenset(), length=500)
        == "Northside Supply (customer)"
    )
    taken = frozenset({"northside supply (customer)", "northside supply (customer 2)"})
    assert (
        unique_name("Northside Supply", word="customer", taken=taken, length=500)
        == "Northside Supply (customer 3)"
    )


def test_a_free_name_fits_and_is_free_after_it_was_cut() -> None:
    name = unique_name("N" * 100, word="service", taken=frozenset(), length=100)
    assert len(name) == 100
    assert name.endswith("N (service)")
    next_name = unique_name("N" * 100, word="service", taken=frozenset({folded(name)}), length=100)
    assert len(next_name) == 100
    assert next_name.endswith("N (service 2)")


def test_quickbooks_compares_names_without_case_and_outer_blanks_only() -> None:
    assert folded("  Amelia HARTWELL ") == folded("amelia hartwell")
    assert folded("Amelia-Hartwell") != folded("Amelia Hartwell")
