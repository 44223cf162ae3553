"""What makes two customers one, what is asked about, what keeps them apart, and how it is told."""

import pytest

from quickbooks_sync.planner.matching.deciding import Verdict, questions
from quickbooks_sync.planner.matching.features import of_customer
from quickbooks_sync.planner.matching.lists import CUSTOMERS
from quickbooks_sync.planner.matching.rarity import of_lists
from quickbooks_sync.planner.matching.word_pairs import word_fact
from quickbooks_sync.planner.records import CustomerRecord

from .lists_of import ALL, ELM, MAIL, OAK, PHONE, compared, customer, decided, person, verdict


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amelia Hartwell", "Hartwell, Amelia"),
        ("Amelia Hartwell", "Dr. Amelia Hartwell"),
        ("Amelia Hartwell", "AMELIA  HARTWELL"),
        ("José Núñez", "Jose Nunez"),
        ("Amelia Hartwell", "Amelia Hartwel"),
        ("Amelia Hartwell", "Amelai Hartwell"),
        ("Michael Hartwell", "Mike Hartwell"),
        ("Amelia Hartwell", "A. Hartwell"),
        ("A. Ramos", "Alta Ramos"),
        ("Smith & Sons", "Smith and Sons"),
        ("The Oakdale Bakery", "Oakdale Bakery"),
        ("Oakdale Bakery LLC", "Oakdale Bakery"),
        ("Oakdale Bakery, L.L.C.", "Oakdale Bakery LLC"),
        ("Oakdale Property Management", "Oakdale Prop Mgmt"),
        ("St. Mary Medical Center", "St Mary Med Ctr"),
        ("Oakdale Airtech", "Oakdale Air Tech"),
        ("Oakdale Bakery Corporation", "Oakdale Bakery Corporatoin"),
        ("Fifth Avenue Deli", "5th Avenue Deli"),
        ("Oakdale HOA", "Oakdale Homeowners Association"),
        ("St. Mary School", "Saint Mary School"),
        ("Main St Dental", "Main Street Dental"),
        ("Wm. Hartwell", "William Hartwell"),
        ("Robert (Bob) Hartwell", "Bob Hartwell"),
        ('Robert "Bob" Hartwell', "Robert Hartwell"),
        ("Hale & Ward Realty", "Hale &amp; Ward Realty"),
        ("Hale & Ward Realty", "Hale + Ward Realty"),
        ("Oakdale Distributing", "Oakdale Dist."),
        ("Oakdale Water District", "Oakdale Water Dist."),
        ("Oakdale Bakery", "Oakdale Bakery of Bayshore"),
        ("Oakdale Bakery", "Oakdale Bakery - Bayshore"),
        ("Amelia Hartwell", "Amelia Hartwell (do not call)"),
        ("Oakdale Bakery", "*COD* Oakdale Bakery"),
        ("Oakdale Bakery", "Ann Lee dba Oakdale Bakery"),
        ("Oakdale Bakery", "Oakdale Bakery c/o Ann Lee"),
        ("Oakdale Bakery", "Oakdale Bakery (attn: Ann Lee)"),
    ],
)
def test_one_written_in_two_ways_is_linked_when_all_else_agrees(one: str, other: str) -> None:
    assert verdict(customer(one, **ALL), customer(other, **ALL)) is Verdict.LINK


@pytest.mark.parametrize(
    ("one", "other", "bar"),
    [
        ("Plaza Unit 12", "Plaza Unit 1-2", "other numbers or signs in the name"),
        ("Plaza Unit 12", "Plaza Unit 1/2", "other numbers or signs in the name"),
        ("Oakdale Subs #204", "Oakdale Subs #240", "other numbers or signs in the name"),
        ("Oakdale Subs", "Oakdale Subs #240", "other numbers or signs in the name"),
        ("Plaza Unit 4A", "Plaza Unit 4B", "other numbers or signs in the name"),
        ("Plaza Lot A", "Plaza Lot B", "other numbers or signs in the name"),
        ("Oakdale Kids+", "Oakdale Kids", "other numbers or signs in the name"),
        ("First Baptist Church", "Second Baptist Church", "other numbers or signs in the name"),
        ("John Smith Jr", "John Smith Sr", "another generation"),
        ("John Smith", "John Smith, Jr.", "another generation"),
        ("John Smith II", "John Smith III", "another generation"),
        ("Oakdale North HOA", "Oakdale South HOA", "another side or branch"),
        ("Oakdale HOA", "Oakdale North HOA", "another side or branch"),
        ("Northside Dental", "Southside Dental", "another side or branch"),
        ("Mr. Smith", "Mrs. Smith", "one is a man, one a woman"),
        ("Oakdale Partners LLC", "Oakdale Partners Inc", "another legal form"),
        ("Oakdale Plumbing", "Oakdale Roofing", "another word in the name"),
        ("Hilltop Plumbing", "Milltop Plumbing", "another word in the name"),
        ("John Smith", "Jane Smith", "another word in the name"),
        ("John A. Smith", "John B. Smith", "another word in the name"),
        ("Oakdale Plumbing", "Oakdale Plumbing Supply", "a word more in one name"),
    ],
)
def test_a_hard_contradiction_is_told_and_never_linked(one: str, other: str, bar: str) -> None:
    evidence = compared(customer(one, **ALL), customer(other, **ALL))
    assert bar in evidence.bars
    assert not evidence.is_certain
    assert verdict(customer(one, **ALL), customer(other, **ALL)) is not Verdict.LINK


BAKERY = {"company_name": "Oakdale Bakery", "given_name": "Ann", "family_name": "Lee"}


@pytest.mark.parametrize(
    "other", ["Oakdale Bakery - Ann Lee", "Oakdale Bakery (Ann Lee)", "Ann Lee Oakdale Bakery"]
)
def test_the_person_to_ask_for_may_stand_in_the_name_of_a_firm(other: str) -> None:
    known = customer(other, **BAKERY, **ALL)
    assert verdict(customer("Oakdale Bakery", **ALL), known) is Verdict.LINK
    assert verdict(known, customer("Oakdale Bakery", **ALL)) is Verdict.LINK
    assert (
        verdict(customer("Oakdale Bakery", given_name="Bo", family_name="Day", **ALL), known) is Verdict.ASK
    )
    assert verdict(customer("Oakdale Bakery", **PHONE), customer(other, **BAKERY, **PHONE)) is Verdict.ASK


def test_who_is_not_known_elsewhere_is_another_word_in_the_name() -> None:
    assert (
        verdict(customer("Oakdale Bakery", **ALL), customer("Oakdale Bakery Ann Lee", **ALL)) is Verdict.ASK
    )
    for one, other in (
        ("Joe Smith Plumbing", "Sam Smith Plumbing"),
        ("Tom Hartwell", "Tom Hartwell Auto Body"),
    ):
        first, second = (
            customer(name, given_name=name.split()[0], family_name=name.split()[1], **ALL)
            for name in (one, other)
        )
        assert verdict(first, second) is Verdict.ASK


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann Lee dba Oakdale Bakery", "Ann Lee dba Oakdale Grill"),
        ("Ann Lee", "Ann Lee dba Oakdale Grill"),
        ("Amelia Hartwell (do not call)", "Amelia Hartwell (cash only)"),
        ("Amelia Hartwell", "Amelia Hartwell (tenant)"),
        ("Oakdale Bakery", "Oakdale Bakery of Millbrook"),
        ("Oakdale Bakery", "Oakdale Bakery - Warehouse"),
    ],
)
def test_what_else_stands_in_a_name_is_asked_about(one: str, other: str) -> None:
    assert verdict(customer(one, **ALL), customer(other, **ALL)) is Verdict.ASK


def test_a_second_name_needs_two_reasons() -> None:
    assert (
        verdict(customer("Oakdale Bakery", **PHONE), customer("Ann Lee dba Oakdale Bakery", **PHONE))
        is Verdict.ASK
    )


def test_it_is_said_which_name_of_the_other_it_is() -> None:
    firm = customer("Hartwell Grill", company_name="Oakdale Bakery", **ALL)
    assert "one has the company name of the other" in compared(customer("Oakdale Bakery", **ALL), firm).told
    someone = person("Amelia", "Hartwell", **{**ALL, "display_name": "Hartwell Grill"})
    told = compared(customer("Amelia Hartwell", **ALL), someone).told
    assert "one has the first and last name of the other" in told
    assert (
        "a word more in one name"
        in compared(
            person("Amelia", "Hartwell", **ALL),
            person("Amelia", "Hartwell", **{**ALL, "display_name": "Amelia Hartwell (tenant)"}),
        ).told
    )


def test_a_middle_name_is_known_though_only_one_side_says_that_it_is_a_person() -> None:
    known = person("Amelia", "Hartwell", **ALL)
    assert verdict(known, customer("Amelia Josephine Hartwell", **ALL)) is Verdict.LINK
    assert verdict(known, customer("Amelia Hartwell Interiors", **ALL)) is Verdict.ASK
    assert (
        verdict(person("Amelia", "Hartwell-Day", **ALL), customer("Amelia Hartwell", **ALL)) is Verdict.LINK
    )


def test_two_flats_of_one_house_are_never_linked() -> None:
    fourth, fifth = ({**OAK, "billing_street": f"12 Oak Street Apt {number}"} for number in (4, 5))
    assert verdict(customer("Jo Hartwell", **fourth), customer("Jo Hartwell", **fifth)) is Verdict.ASK
    assert verdict(customer("Jo Hartwell", **fourth), customer("Jo Hartwell", **OAK)) is Verdict.LINK


def test_other_parents_and_inactive_ones_are_never_linked() -> None:
    one, below = customer("Main house", **ALL), customer("Main house", parent=7, **ALL)
    assert verdict(one, below) is not Verdict.LINK
    assert verdict(below, customer("Main house", parent=8, **ALL)) is not Verdict.LINK
    assert verdict(below, customer("Main house", parent=7)) is Verdict.LINK
    assert verdict(one, customer("Main house", active=False, **ALL)) is Verdict.ASK


@pytest.mark.parametrize(
    "known", [{"email": "js@yahoo.com"}, {"phone": "(602) 585-9999"}, ELM, {"billing_city": "Millbrook"}]
)
def test_one_name_with_something_against_it_and_nothing_for_it_is_asked_about(known: dict[str, str]) -> None:
    assert verdict(person("John", "Smith", **ALL), person("John", "Smith", **known)) is Verdict.ASK
    rare = "Saguaro Palisades Dental Care"
    assert verdict(customer(rare, **ALL), customer(rare, **known)) is Verdict.ASK


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Elizabeth Hartwell", "Beth Hartwell"),
        ("Amelia Hartwell", "Amelia Hartwel"),
        ("A. Hartwell", "Amelia Hartwell"),
    ],
)
def test_names_that_may_be_one_are_asked_about_though_nothing_else_is_known(one: str, other: str) -> None:
    assert verdict(customer(one), customer(other)) is Verdict.ASK


def test_one_name_of_whom_nothing_else_is_known_is_one() -> None:
    assert verdict(person("John", "Smith", **ALL), customer("john smith")) is Verdict.LINK


@pytest.mark.parametrize(
    ("name", "expected"), [("Maria Garcia", Verdict.ASK), ("Amelia Hartwell", Verdict.LINK)]
)
def test_a_name_that_many_have_needs_something_that_agrees(name: str, expected: Verdict) -> None:
    given, family = name.split()
    for mine, theirs in ((PHONE, MAIL), (PHONE, OAK), (MAIL, OAK)):
        assert verdict(person(given, family, **mine), person(given, family, **theirs)) is expected
    assert verdict(person(given, family, **ALL), customer(name)) is Verdict.LINK
    assert verdict(person(given, family, **ALL), person(given, family, **PHONE)) is Verdict.LINK


def test_in_long_lists_a_name_of_common_words_is_one_that_many_have() -> None:
    words = ("amelia", "hartwell")
    rare, common = (
        of_lists(*[[{*map(word_fact, words)}] * times + [{"w:other"}] * (4000 - times)] * 2)
        for times in (1, 100)
    )
    one, other = customer("Amelia Hartwell", **PHONE), customer("Amelia Hartwell", **MAIL)
    assert compared(one, other, rare).is_certain
    assert not compared(one, other, common).is_certain


@pytest.mark.parametrize(
    "phone",
    [
        "+1 520 521 0143",
        "520.521.0143 ext. 7",
        "1-520-521-0143",
        "521-0143",
        "(602) 585-1111 or (520) 521-0143",
    ],
)
def test_a_phone_is_one_however_it_is_written(phone: str) -> None:
    evidence = compared(customer("A B", phone=phone), customer("C D", **PHONE))
    assert "same phone" in evidence.told


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("12 Oak Street", "12 OAK ST.", "same street and number"),
        ("12 Oak Street", "12 Oakk Street", "same street and number"),
        ("12 Oak Street", "14 Oak Street", "another house of that street"),
        ("120 Oak Street", "12 Oak Street", "house numbers differ by one digit"),
        ("12 Oak Street", "12 Oak Avenue", "another street of that name"),
        ("12 North Oak Street", "12 S Oak Street", "other side of the town"),
        ("12 Oak Street Apt 4", "12 Oak St #4", "same street and number"),
        ("PO Box 12", "P.O. Box 12", "same box"),
        ("PO Box 12", "PO Box 21", "another house of that street"),
    ],
)
def test_streets_are_compared_by_house_street_and_unit(one: str, other: str, told: str) -> None:
    a, b = (customer("A B", **{**OAK, "billing_street": street}) for street in (one, other))
    assert told in compared(a, b).told


def test_a_service_address_may_be_the_others_billing_address() -> None:
    service = {name.replace("billing", "service"): value for name, value in OAK.items()}
    assert "same street and number" in compared(customer("A B", **OAK), customer("A C", **service)).told
    assert compared(customer("A B", **ELM), customer("A B", **service)).against == 0


def test_the_likelier_of_two_is_linked_only_if_it_is_clear_of_the_other() -> None:
    here = [person("Amelia", "Hartwell", **ALL)]
    there = [person("Amelia", "Hartwel", **OAK), person("Ameila", "Hartwell", **OAK)]
    assert set(decided(here, there).values()) == {Verdict.ASK}
    assert decided(here, [there[0], person("Amelia", "Hartwell", **OAK, **PHONE)]) == {(0, 1): Verdict.LINK}


def test_a_spouse_is_asked_about_until_the_right_one_is_there() -> None:
    amelia, john = person("Amelia", "Hartwell", **ALL), person("John", "Hartwell", **ALL)
    assert decided([amelia], [john]) == {(0, 0): Verdict.ASK}
    assert decided([amelia], [john, amelia]) == {(0, 1): Verdict.LINK}
    assert decided([amelia, john], [john, amelia]) == {(0, 1): Verdict.LINK, (1, 0): Verdict.LINK}


def test_a_firm_named_for_its_owner_is_linked_if_both_names_stand_on_both_sides() -> None:
    firm = CustomerRecord(display_name="Oakdale Bakery", given_name="Joe", family_name="Example", **ALL)
    owner = person("Joe", "Example", company_name="Oakdale Bakery", **ALL)
    assert verdict(firm, owner) is Verdict.LINK
    assert verdict(firm, person("Joe", "Example", **ALL)) is Verdict.ASK


def test_it_is_told_in_plain_words_the_weightiest_first() -> None:
    evidence = compared(
        person("Amelia", "Hartwell", **OAK, **PHONE), person("Amelia", "Hartwel", **ELM, **PHONE)
    )
    assert evidence.told == "names differ by one letter; same phone; other address"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Plaza Unit 12", "Plaza Unit 1-2"),
        ("Oakdale North HOA", "Oakdale South HOA"),
        ("Oakdale Partners LLC", "Oakdale Partners Inc"),
        ("John Smith Jr", "John Smith Sr"),
    ],
)
def test_what_is_told_apart_by_its_name_is_asked_about_last(one: str, other: str) -> None:
    least = compared(customer("Oakdale Plumbing", **MAIL), customer("Oakdale Plumbing Supply", **MAIL))
    apart = compared(customer(one, **ALL), customer(other, **ALL))
    assert apart.bits > least.bits
    assert apart.likeness < least.likeness


def test_a_question_shows_the_likeliest_first() -> None:
    here = {"mine": of_customer(person("Amelia", "Hartwell", **ALL))}
    there = {
        "far": of_customer(person("Amelia", "Hartwel", **OAK)),
        "near": of_customer(person("Amelia", "Hartwel", **OAK, **PHONE)),
    }
    asked = questions(CUSTOMERS.match(here, there))
    assert [each.there for each in asked.get("mine", ())] in (["near", "far"], ["near"], [])
    assert all(each.verdict is Verdict.ASK for each in asked.get("mine", ()))


def test_e_mails_at_one_firm_say_less_than_one_e_mail() -> None:
    same = compared(customer("A B", email="amy@oakdale.com"), customer("C D", email="AMY@oakdale.com"))
    firm = compared(customer("A B", email="amy@oakdale.com"), customer("C D", email="joe@oakdale.com"))
    house = compared(customer("A B", email="amy@gmail.com"), customer("C D", email="joe@gmail.com"))
    assert same.bits > firm.bits > house.bits
    assert compared(customer("A B", **MAIL), customer("C D", **MAIL)).agreeing == 1


def test_whoever_has_the_very_name_is_asked_about_whatever_else_differs() -> None:
    """QuickBooks holds a name once: one of them has to be named otherwise, and a person knows how."""
    mine = {**OAK, **PHONE, **MAIL, "company_name": "Acme Plumbing", "given_name": "Amelia"}
    theirs = {**ELM, "phone": "520 777 9999", "email": "zed@example.org", "company_name": "Zenith Roofing"}
    one = customer("Quality Heating", **mine, family_name="Hartwell")
    other = customer("Quality Heating", **theirs, given_name="Zed", family_name="Moreau")
    assert compared(one, other).bits < 0
    assert verdict(one, other) is Verdict.ASK
