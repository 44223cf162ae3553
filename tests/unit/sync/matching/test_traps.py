"""What scorers of customers fall for: each was measured once, and each is held here."""

import os
import subprocess
import sys

import pytest

from quickbooks_sync.planner.matching import keys
from quickbooks_sync.planner.matching.deciding import Verdict
from quickbooks_sync.planner.matching.features import of_customer
from quickbooks_sync.planner.matching.rarity import ALL_RARE, of_lists
from quickbooks_sync.planner.matching.vocabulary import is_short_for, may_be_short_for
from quickbooks_sync.planner.matching.word_pairs import align, word_fact

from .lists_of import ALL, ELM, MAIL, OAK, PHONE, compared, customer, decided, person, verdict


def test_letters_run_together_do_not_make_two_people_one() -> None:
    """David and Ravi Delacroix are two edits apart; Mac Donald and MacDonald are one."""
    assert verdict(person("David", "Delacroix", **ALL), person("Ravi", "Delacroix", **ALL)) is Verdict.ASK
    assert verdict(person("Ann", "Mac Donald", **ALL), person("Ann", "MacDonald", **ALL)) is Verdict.LINK


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Joshua", "Joseph"),
        ("Maria", "Mary"),
        ("Eric", "Erica"),
        ("Daniel", "Danielle"),
        ("Mario", "Maria"),
        ("Luis", "Luisa"),
        ("Adrian", "Adriana"),
        ("Simon", "Simone"),
        ("Kayla", "Kaylee"),
        ("Mia", "Mila"),
        ("Aidan", "Aiden"),
        ("Maya", "Mya"),
    ],
)
def test_two_given_names_are_no_typing_error(one: str, other: str) -> None:
    assert verdict(person(one, "Miller", **ALL), person(other, "Miller", **ALL)) is Verdict.ASK


def test_two_words_that_both_stand_elsewhere_are_no_typing_error() -> None:
    rarity = of_lists([{word_fact("johnson")}] * 5, [{word_fact("johnston")}] * 5)
    assert align(("johnson",), ("johnston",), rarity).replaced
    assert not align(("johnson",), ("johnston",), ALL_RARE).replaced


def test_a_word_much_rarer_than_the_other_may_be_it_mistyped() -> None:
    rarity = of_lists([{word_fact("sebastian")}] * 20, [{word_fact("sebatian")}] * 2)
    assert not align(("sebastian",), ("sebatian",), rarity).replaced


@pytest.mark.parametrize(
    ("one", "other"), [("Elizabeth", "Lisa"), ("Robert", "Bill"), ("Joshua", "Joe"), ("Aaron", "Erin")]
)
def test_short_names_are_direct_and_chosen_by_hand(one: str, other: str) -> None:
    assert not is_short_for(one.lower(), other.lower())
    assert not may_be_short_for(one.lower(), other.lower())
    assert verdict(person(one, "Miller", **ALL), person(other, "Miller", **ALL)) is Verdict.ASK


def test_a_short_name_of_men_and_women_alike_is_asked_about_in_one_household() -> None:
    at_home = {**OAK, **PHONE}
    chris, christine = person("Chris", "Miller", **at_home), person("Christine", "Miller", **at_home)
    assert verdict(chris, christine) is Verdict.ASK
    assert verdict(person("Bob", "Miller", **at_home), person("Robert", "Miller", **at_home)) is Verdict.LINK


def test_a_firm_of_two_words_is_no_person_and_another_word_bars_it() -> None:
    assert verdict(customer("Sunrise Plumbing", **ALL), customer("Sunrise Roofing", **ALL)) is Verdict.ASK
    one = customer("Sunrise Plumbing", company_name="Sunrise Plumbing", **ALL)
    assert verdict(one, customer("Sunrise Plumbing Supply", **ALL)) is Verdict.ASK


def test_two_people_with_one_account_are_no_person() -> None:
    both = customer("Bill & Amy Miller", **ALL)
    assert verdict(both, person("Amy", "Miller", **ALL)) is Verdict.ASK
    assert verdict(both, customer("Bill and Amy Miller", **ALL)) is Verdict.LINK


def test_a_firm_is_not_taken_for_the_person_one_asks_for() -> None:
    """A manager stands at many firms; the firm's display name shares no word with the manager's."""
    oak = customer("Oakdale HOA", given_name="Mary", family_name="Jones", **MAIL, **PHONE)
    elm = customer("Elmwood HOA", given_name="Mary", family_name="Jones", **MAIL, **PHONE)
    assert verdict(oak, elm) is not Verdict.LINK
    assert verdict(oak, person("Mary", "Jones", **MAIL, **PHONE)) is Verdict.ASK
    smith = customer("Joe Smith Plumbing", given_name="Joe", family_name="Smith", **ALL)
    assert verdict(smith, person("Joe", "Smith", **ALL)) is Verdict.ASK


def test_names_of_one_word_are_compared_as_names() -> None:
    assert verdict(customer("Cher", **ALL), customer("cher", **ALL)) is Verdict.LINK
    assert verdict(customer("Limited", **ALL), customer("Company", **ALL)) is not Verdict.LINK


def test_what_may_not_be_linked_still_competes() -> None:
    """The true pair is found though a namesake of another generation lives in the same house."""
    here = [person("John", "Smith Jr", **ALL)]
    there = [person("John", "Smith Sr", **ALL), person("John", "Smith Jr", **ALL)]
    assert decided(here, there) == {(0, 1): Verdict.LINK}


def test_moving_house_is_one_event() -> None:
    away = {**ELM, **PHONE}
    evidence = compared(person("Amelia", "Hartwell", **OAK, **PHONE), person("Amelia", "Hartwell", **away))
    address = [each for each in evidence.comparisons if each.about == "address"]
    assert [each.bits for each in address] == [-4.0]
    assert evidence.is_certain


def test_one_display_name_and_all_else_different_is_asked_about() -> None:
    """QuickBooks refuses a second equal name, so something has to be said."""
    one = person("John", "Smith", email="a@gmail.com", phone="(520) 521-0143", **OAK)
    other = person("John", "Smith", email="z@yahoo.com", phone="(602) 585-9977", **ELM)
    assert verdict(one, other) is Verdict.ASK


def test_keys_are_the_same_in_every_process() -> None:
    code = (
        "from quickbooks_sync.planner.matching import features, keys\n"
        "from quickbooks_sync.planner.records import CustomerRecord\n"
        "one = CustomerRecord(display_name='Amelia Hartwell', phone='(520) 521-0143', email='a@b.com')\n"
        "found = keys.of_customer(features.of_customer(one))\n"
        "print(sorted(found.strong), sorted(found.weak))\n"
    )
    said = {
        subprocess.run(
            (sys.executable, "-c", code),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    mine = keys.of_customer(of_customer(customer("Amelia Hartwell", phone="(520) 521-0143", email="a@b.com")))
    assert said == {f"{sorted(mine.strong)} {sorted(mine.weak)}\n"}


def test_another_legal_form_on_each_side_stays_apart_unless_all_else_agrees() -> None:
    llc, inc = "Desert Rose Partners LLC", "Desert Rose Partners Inc."
    assert verdict(customer(llc), customer(inc)) is Verdict.APART
    assert verdict(customer(llc, **ALL), customer(inc, **ALL)) is Verdict.ASK


@pytest.mark.parametrize("shared", [PHONE, MAIL])
def test_what_stands_at_three_records_proves_nothing_by_itself(shared: dict[str, str]) -> None:
    """A short name needs something that agrees; the manager's phone of three houses is nothing."""
    bob, robert = (person(each, "Palisades Hartwell", **shared) for each in ("Bob", "Robert"))
    here = [bob, customer("Oak Court", **shared), customer("Elm Court", **shared)]
    assert decided(here, [robert]) == {(0, 0): Verdict.ASK}
    assert decided([bob], [robert]) == {(0, 0): Verdict.LINK}
