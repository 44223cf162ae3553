"""Two that look the same and are not: what a careful bookkeeper would never take for one without asking."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from quickbooks_sync.planner.records import CustomerRecord

if TYPE_CHECKING:
    from .messy import Maker

Trap = tuple[str, CustomerRecord, CustomerRecord]
ALIKE = (
    ("Joshua", "Joseph"),
    ("Maria", "Mary"),
    ("Daniel", "Danielle"),
    ("Eric", "Erica"),
    ("Jan", "Jane"),
    ("Carl", "Carol"),
)


def pairs(maker: "Maker", *, rounds: int) -> Iterator[Trap]:
    """So many of each sort."""
    for number in range(rounds):
        yield from _people(maker, number)
        yield from _firms(maker, number)
    yield from _managed(maker, rounds)


def _people(maker: "Maker", number: int) -> Iterator[Trap]:
    one = maker.person()
    elsewhere = maker.person(given_name=one.given_name, family_name=one.family_name)
    yield "same name, other town", one, elsewhere
    father = maker.person()
    name = father.display_name
    yield (
        "father and son",
        replace(father, display_name=f"{name} Sr."),
        replace(father, display_name=f"{name} Jr."),
    )
    spouse = maker.person()
    other = maker.person(family_name=spouse.family_name, given_name=maker.other_given(spouse.given_name))
    yield "spouses", spouse, _at(other, spouse, email=other.email)
    first, second = ALIKE[number % len(ALIKE)]
    brother = maker.person(given_name=first)
    sister = maker.person(given_name=second, family_name=brother.family_name)
    yield "names alike in one household", brother, _at(sister, brother, email=sister.email)
    tenant = maker.person(billing_street="400 Desert Willow Way Apt 4")
    above = maker.person(given_name=tenant.given_name, family_name=tenant.family_name)
    above = replace(
        _at(above, tenant, phone=above.phone), billing_street="400 Desert Willow Way Apt 14", email=""
    )
    yield "one name in two flats", tenant, above


def _firms(maker: "Maker", number: int) -> Iterator[Trap]:
    firm = maker.firm()
    root = firm.display_name.split()[0]
    yield "other legal form", _named(firm, f"{root} Partners LLC"), _named(firm, f"{root} Partners Inc.")
    sister = maker.firm()
    root = sister.display_name.split()[0]
    yield "sister firms", _named(sister, f"{root} Plumbing"), _named(sister, f"{root} Electrical")
    houses = maker.firm()
    root = houses.display_name.split()[0]
    yield (
        "north and south",
        _named(houses, f"{root} Village North HOA"),
        _named(houses, f"{root} Village South HOA"),
    )
    halves = maker.firm()
    root = halves.display_name.split()[0]
    yield "1/2 and 12", _named(halves, f"{root} 1/2 Acre"), _named(halves, f"{root} 12 Acre")
    units = maker.firm()
    root = units.display_name.split()[0]
    yield "unit 1-2 and 12", _named(units, f"{root} Plaza Unit 1-2"), _named(units, f"{root} Plaza Unit 12")
    chain = maker.firm()
    root = chain.display_name.split()[0]
    branch = _named(maker.firm(), f"{root} Subs #{310 + number}")
    yield "branches", _named(chain, f"{root} Subs #{301 + number}"), replace(branch, email=chain.email)


def _managed(maker: "Maker", rounds: int) -> Iterator[Trap]:
    """One manager's e-mail and phone, many firms."""
    manager = maker.firm()
    for _ in range(rounds):
        one, other = maker.firm(), maker.firm()
        yield "one manager", _reached(one, manager), _reached(other, manager)


def _at(one: CustomerRecord, other: CustomerRecord, *, email: str = "", phone: str = "") -> CustomerRecord:
    """Where another lives, with the same phone unless another is given."""
    return replace(
        one, phone=phone or other.phone, email=email or other.email, billing_street=other.billing_street,
        billing_city=other.billing_city, billing_postal_code=other.billing_postal_code,
    )  # fmt: skip


def _named(record: CustomerRecord, name: str) -> CustomerRecord:
    return replace(record, display_name=name, company_name=name)


def _reached(record: CustomerRecord, through: CustomerRecord) -> CustomerRecord:
    return replace(record, email=through.email, phone=through.phone)
