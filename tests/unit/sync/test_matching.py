"""When two names, or two people, look like the same one."""

import pytest

from quickbooks_sync.planner.matching import (
    Identity,
    contradict,
    folded,
    is_likely,
    is_match,
    legal_suffix,
    loose_key,
    match_key,
    unique_name,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Northside Supply", "NORTHSIDE  SUPPLY"),
        ("O'Malley's Pub & Grill", "OMalleys Pub Grill"),
        ("A.B. Heating", "AB Heating"),
        ("Café Renée", "CAFE\u0301 RENE\u0301E"),  # composed and decomposed accents
        ("Straße 7", "STRASSE 7"),
        ("Hartwell, Amelia", "hartwell amelia"),
    ],
)
def test_case_spaces_punctuation_and_the_writing_of_accents_do_not_count(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)
    assert is_match(Identity(name=one), Identity(name=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Smith & Sons", "Smith and Daughters"),
        ("Café Renée", "Cafe Renee"),
        ("Desert Rose Dental", "Desert Rose Dental LLC"),
        ("Unit 1", "Unit 11"),
    ],
)
def test_names_of_other_letters_are_never_paired_by_themselves(one: str, other: str) -> None:
    assert not is_match(Identity(name=one), Identity(name=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Desert Rose Dental", "Desert Rose Dental, LLC"),
        ("Desert Rose Dental Co. Inc.", "Desert Rose Dental Inc"),
        ("Smith & Sons", "Smith and Sons"),
        ("Café Renée", "Cafe Renee"),
        ("Desert Rose Dental LLC", "desert rose dental llc"),
    ],
)
def test_a_suffix_on_one_side_an_ampersand_or_an_accent_makes_a_likely_pair(one: str, other: str) -> None:
    assert is_likely(Identity(name=one), Identity(name=other))
    assert is_likely(Identity(name=other), Identity(name=one))


def test_different_legal_suffixes_are_different_firms() -> None:
    llc, inc = Identity(name="Desert Rose LLC"), Identity(name="Desert Rose Inc.")
    assert not is_match(llc, inc)
    assert not is_likely(llc, inc)


@pytest.mark.parametrize(
    ("name", "suffix"), [("Desert Rose LLC", "llc"), ("Desert Rose", ""), ("Limited", ""), ("Co", "")]
)
def test_a_legal_suffix_needs_a_name_before_it(name: str, suffix: str) -> None:
    assert legal_suffix(name) == suffix
    assert loose_key(name)


def test_two_that_contradict_are_not_paired_by_name_alone() -> None:
    here = Identity(name="John Smith", email="john@example.com", phone="555 201 0143")
    there = Identity(name="John Smith", email="js@example.org", phone="555 201 9999")
    assert contradict(here, there)
    assert not is_match(here, there)
    assert is_likely(here, there)


@pytest.mark.parametrize(
    "there",
    [
        Identity(name="John Smith"),
        Identity(name="John Smith", email="js@example.org"),
        Identity(name="John Smith", email="js@example.org", phone="5552010143"),
        Identity(name="John Smith", email="JOHN@example.com ", phone="555 201 9999", address="7 Elm"),
        Identity(name="John Smith", email="js@example.org", phone="+1 (555) 201-0143", address="7 Elm"),
    ],
)
def test_one_difference_or_any_agreement_is_no_contradiction(there: Identity) -> None:
    here = Identity(name="John Smith", email="john@example.com", phone="555-201-0143", address="12 Oak St.")
    assert not contradict(here, there)
    assert not contradict(there, here)


def test_an_address_counts_without_case_and_punctuation() -> None:
    here = Identity(name="J", email="a@example.com", address="12 Oak St., 85004")
    there = Identity(name="J", email="b@example.com", address="12 OAK ST 85004")
    assert not contradict(here, there)


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
