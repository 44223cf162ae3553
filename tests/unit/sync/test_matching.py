"""When two records look like the same one: what is known beside their names speaks for it, or against it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from quickbooks_sync.planner.evidence import Address, Identity, weigh
from quickbooks_sync.planner.matching.by_name import is_likely, is_match

OAK = Address(street="12 Oak Street", city="Bayshore", postal_code="94501")
JOHN = Identity(
    name="John Smith", email="john@example.com", phone="(555) 201-0143", mobile="(555) 201-0177", billing=OAK
)


def known(**values: str | Address) -> Identity:
    """A John Smith of whom no more is known than this."""
    return Identity(name="JOHN SMITH", **values)  # type: ignore[arg-type] # each is of its field


def test_two_people_of_one_name_are_asked_about() -> None:
    other = known(
        email="js@example.org",
        mobile="555 201 9999",
        billing=Address(street="9 Elm Road", city="Millbrook", postal_code="94030"),
    )
    assert weigh(JOHN, other).against == ("email", "phone", "address")
    assert not is_match(JOHN, other)
    assert is_likely(JOHN, other)


@pytest.mark.parametrize(
    "other",
    [
        known(email="js@example.org"),
        known(phone="555 201 9999"),
        known(mobile="555 201 9999"),
        known(billing=Address(street="9 Elm Road", city="Bayshore", postal_code="94501")),
        known(billing=Address(street="12 Oak Avenue", city="Bayshore", postal_code="94501")),
        known(billing=Address(street="12 Oak Street", city="Bayshore", postal_code="94777")),
        known(billing=Address(street="14 Oak Street", city="Bayshore", postal_code="94501")),
        known(billing=Address(city="Millbrook")),
        known(billing=Address(postal_code="94030")),
    ],
)
def test_one_that_speaks_against_is_enough_if_none_agrees(other: Identity) -> None:
    for one, two in ((JOHN, other), (other, JOHN)):
        assert not is_match(one, two)
        assert is_likely(one, two)


@pytest.mark.parametrize(
    "other",
    [
        known(),
        known(email="n/a", phone="none", billing=Address(street="")),
        known(phone="000-000-0000", mobile="999-999-9999"),
        known(billing=Address(city="bayshore")),
        known(service=Address(street="77 Mill Road", postal_code="94777")),
    ],
)
def test_what_cannot_be_compared_says_nothing(other: Identity) -> None:
    """A place of work is no home, and a town is not the same as an address."""
    assert weigh(JOHN, other).agree == weigh(JOHN, other).against == ()
    assert is_match(JOHN, other)


@pytest.mark.parametrize(
    "agreeing",
    [
        known(email="JOHN@example.com "),
        known(email="office@example.org, <John@Example.com>"),
        known(phone="+1 555 201 0143"),
        known(phone="1-555-201-0143 ext. 12"),
        known(phone="5552010143x7"),
        known(phone="201-0143"),
        known(mobile="555.201.0143"),
        known(phone="555-777-0000 or 555-201-0143"),
        known(phone="\u0665\u0665\u0665\u0662\u0660\u0661\u0660\u0661\u0664\u0663"),
        known(billing=Address(street="12 OAK ST.", postal_code="94501-1234")),
        known(billing=Address(street="12 Oak St\nBayshore CA 94501")),
        known(billing=Address(street="John Smith\n12 Oak St", city="BAYSHORE")),
        known(billing=Address(street="12 Oak St Apt 4", postal_code="94501")),
        known(service=Address(street="12 Oak St", city="Bayshore")),
    ],
)
def test_any_that_agrees_is_enough_however_it_is_written(agreeing: Identity) -> None:
    elsewhere = {"email": "js@example.org", "phone": "555 444 3333"}
    other = replace(
        agreeing, **{name: value for name, value in elsewhere.items() if not getattr(agreeing, name)}
    )
    assert len(weigh(JOHN, other).agree) == 1
    assert is_match(JOHN, other)
    assert is_match(other, JOHN)


def test_two_apartments_of_one_house_are_two_addresses() -> None:
    fourth = known(billing=replace(OAK, street="12 Oak St, Apt 4"))
    for written, same in (
        ("12 Oak St #4", True),
        ("12 Oak Street\nUnit 4", True),
        ("12 Oak St Apt 5", False),
    ):
        assert is_match(fourth, known(billing=replace(OAK, street=written))) is same


def test_a_box_is_told_by_its_number() -> None:
    box = known(billing=Address(street="P.O. Box 12", postal_code="94501"))
    assert is_match(box, known(billing=Address(street="PO Box 12", postal_code="94501")))
    assert not is_match(box, known(billing=Address(street="PO Box 13", postal_code="94501")))


def test_other_firms_of_one_persons_name_are_asked_about() -> None:
    at_acme, at_zenith = known(company="Acme Plumbing, Inc."), known(company="Zenith Roofing")
    assert not is_match(at_acme, at_zenith)
    assert is_match(at_acme, known(company="ACME Plumbing"))
    assert is_match(at_acme, known())
    same_phone = {"phone": "555 201 0143"}
    assert is_match(replace(at_acme, **same_phone), replace(at_zenith, **same_phone))


def test_work_codes_of_one_name_and_other_codes_or_quite_other_prices_are_asked_about() -> None:
    labor = Identity(name="Labor", code="L-1", price=Decimal(55))
    for other in (Identity(name="Labor", code="L-2"), Identity(name="Labor", price=Decimal(1200))):
        assert not is_match(labor, other)
        assert is_likely(labor, other)
    for other in (
        Identity(name="Labor", price=Decimal(75)),
        Identity(name="Labor", price=Decimal(0)),
        Identity(name="Labor", code="l-1", price=Decimal(1200)),
    ):
        assert is_match(labor, other)


def test_an_equal_price_does_not_make_two_codes_one() -> None:
    assert not is_match(
        Identity(name="Labor", code="L-1", price=Decimal(55)),
        Identity(name="Labor", code="L-2", price=Decimal(55)),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Desert Rose Dental", "Desert Rose Dental, LLC"),
        ("Desert Rose Dental Co. Inc.", "Desert Rose Dental Inc"),
        ("Smith & Sons", "Smith and Sons"),
        ("Desert Rose Dental LLC", "desert rose dental llc"),
    ],
)
def test_a_suffix_on_one_side_or_an_ampersand_makes_a_likely_pair(one: str, other: str) -> None:
    assert is_likely(Identity(name=one), Identity(name=other))
    assert is_likely(Identity(name=other), Identity(name=one))


def test_different_legal_suffixes_are_different_firms() -> None:
    llc, inc = Identity(name="Desert Rose LLC"), Identity(name="Desert Rose Inc.")
    assert not is_match(llc, inc)
    assert not is_likely(llc, inc)


def test_two_of_one_code_are_likely_the_same_and_two_numbers_are_two_codes() -> None:
    spring = Identity(name="Spring tune-up", code="TU-1")
    assert is_likely(spring, Identity(name="AC maintenance", code="tu1"))
    assert not is_likely(spring, Identity(name="AC maintenance", code="TU-1-1"))
    assert not is_match(spring, Identity(name="AC maintenance", code="TU-1"))
