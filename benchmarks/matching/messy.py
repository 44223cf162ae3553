"""A believable company whose two lists were typed by different people over twenty years.

Names, streets and towns are Faker's, typing errors those of the package `typo`. Trades, shortened words and
short names are lists of this module, of the usual ones, so that most are known to what is measured, too. Every true pair differs in one of
`PEOPLE_DIFFER` or `FIRMS_DIFFER` and often in what is left blank, too; every trap is two that are not the same.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from faker import Faker
from nicknames import NickNamer
from typo import StrErrer

from quickbooks_sync.planner.records import CustomerRecord

from . import traps

TRADES = (
    "Plumbing", "Dental", "Roofing", "Property Management", "Bakery", "Family Restaurant", "Auto Center",
    "Medical Associates", "Construction Services", "Heating and Air", "Realty Group", "Veterinary Hospital",
    "Community Church", "Elementary School", "Apartments", "Hardware Supply", "Law Offices", "Fitness Studio",
)  # fmt: skip
FORMS = ("LLC", "Inc.", "Inc", "Ltd", "Corporation", "")
SHORTENED = {
    "Management": "Mgmt", "Center": "Ctr", "Services": "Svcs", "Associates": "Assoc", "Property": "Prop",
    "Community": "Comm", "Hospital": "Hosp", "Construction": "Constr", "Medical": "Med", "Apartments": "Apts",
    "Heating": "Htg", "Elementary": "Elem", "Supply": "Sply", "Group": "Grp", "Offices": "Ofc",
}  # fmt: skip

SLIPS_TRIED = 50
SHORT_NAME = "short name"
SHORT_NAMES = (
    ("Robert", "Bob"), ("William", "Bill"), ("Michael", "Mike"), ("James", "Jim"), ("Thomas", "Tom"),
    ("Katherine", "Kate"), ("Margaret", "Peggy"), ("Richard", "Rick"), ("Jennifer", "Jenny"), ("Daniel", "Dan"),
    ("Susan", "Sue"), ("Edward", "Ed"), ("Matthew", "Matt"), ("Deborah", "Debbie"), ("Anthony", "Tony"),
)  # fmt: skip

Vary = Callable[["Maker", CustomerRecord], CustomerRecord]


@dataclass(kw_only=True)
class Messy:
    """Two lists, and who is who."""

    here: dict[str, CustomerRecord] = field(default_factory=dict)
    there: dict[str, CustomerRecord] = field(default_factory=dict)
    true: dict[str, str] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    """In what a pair, or a trap, differs; by the id here."""
    traps: set[str] = field(default_factory=set)
    """Ids of either side of what is no pair."""


class Maker:
    """People, firms and slips of the pen, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.faker = Faker(["en_US", "en_US", "en_US", "es_MX"])
        self.faker.seed_instance(seed)
        self.us = self.faker["en_US"]
        self.short = NickNamer()
        self.towns = [(self.us.city(), self.us.postcode_in_state("AZ")) for _ in range(25)]

    def person(self, **known: str) -> CustomerRecord:
        given = known.pop("given_name", "") or self.faker.first_name().split()[0]
        family = known.pop("family_name", "") or self.faker.last_name()
        values = {"display_name": f"{given} {family}", "given_name": given, "family_name": family}
        mail = f"{given[0]}{family}{self.random.randint(1, 99)}".replace(" ", "").lower()
        values |= self.contact(f"{mail}@{self.us.free_email_domain()}")
        return CustomerRecord(**{**values, **known})

    def other_given(self, name: str) -> str:
        """A given name that begins otherwise."""
        found = (self.faker.first_name().split()[0] for _ in range(SLIPS_TRIED))
        return next(each for each in found if each[0] != name[0])

    def firm(self, **known: str) -> CustomerRecord:
        root = self.random.choice([self.us.last_name(), self.us.city(), self.us.street_name().split()[0]])
        name = f"{root} {self.random.choice(TRADES)} {self.random.choice(FORMS)}".strip()
        values = {"display_name": name, "company_name": name}
        values |= self.contact(
            f"{self.random.choice(['info', 'office', 'billing'])}@{root.replace(' ', '').lower()}.com"
        )
        return CustomerRecord(**{**values, **known})

    def contact(self, email: str) -> dict[str, str]:
        town, code = self.random.choice(self.towns)
        return {
            "email": email,
            "phone": self.us.numerify("(520) 5##-####"),
            "billing_street": self.us.street_address(),
            "billing_city": town,
            "billing_postal_code": code,
        }

    def slip(self, word: str) -> str:
        """One slip of the pen in a word."""
        for _ in range(SLIPS_TRIED):
            errer = StrErrer(word, seed=self.random.randrange(10**6))
            made: str = self.random.choice(
                [
                    errer.char_swap,
                    errer.missing_char,
                    errer.extra_char,
                    errer.nearby_char,
                    errer.repeated_char,
                ]
            )().result
            if made != word and made.strip():
                return made
        return word


def company(*, seed: int, customers: int = 300, pairs: int = 200, trap_rounds: int = 6) -> Messy:
    """Two lists of so many customers, of which `pairs` are the same."""
    made, maker = Messy(), Maker(seed)
    sorts = [*PEOPLE_DIFFER.items(), *FIRMS_DIFFER.items()]
    for number in range(pairs):
        how, vary = sorts[number % len(sorts)]
        one = maker.person() if how in PEOPLE_DIFFER else maker.firm()
        one, other = _with_short_name(maker, one) if how == SHORT_NAME else (one, vary(maker, one))
        here, there = _blanked(maker, one), other
        _add(made, f"pair-{number}", here, there, how)
        made.true[f"here-pair-{number}"] = f"there-pair-{number}"
    for number, (how, one, other) in enumerate(traps.pairs(maker, rounds=trap_rounds)):
        _add(made, f"trap-{number}", one, other, how)
        made.traps |= {f"here-trap-{number}", f"there-trap-{number}"}
    for number in range(customers - len(made.here)):
        made.here[f"here-{number}"] = maker.person() if number % 2 else maker.firm()
        made.there[f"there-{number}"] = maker.person() if number % 2 else maker.firm()
    return made


def _add(made: Messy, name: str, here: CustomerRecord, there: CustomerRecord, how: str) -> None:
    made.here[f"here-{name}"], made.there[f"there-{name}"] = here, there
    made.how[f"here-{name}"] = how


def _blanked(maker: Maker, record: CustomerRecord) -> CustomerRecord:
    """What one side never knew: at most one of e-mail and phone, now and then."""
    chance = maker.random.random()
    return (
        replace(record, email="") if chance < 0.2 else replace(record, phone="") if chance < 0.3 else record
    )


def _named(record: CustomerRecord, name: str) -> CustomerRecord:
    return replace(record, display_name=name, company_name=name if record.company_name else "")


def _person(record: CustomerRecord, given: str, family: str) -> CustomerRecord:
    return replace(record, given_name=given, family_name=family, display_name=f"{given} {family}")


def _with_short_name(maker: Maker, one: CustomerRecord) -> tuple[CustomerRecord, CustomerRecord]:
    """The same person by full name and by a short one, of those that are used of nobody else."""
    formal, short = maker.random.choice(SHORT_NAMES)
    if short.lower() not in maker.short.nicknames_of(formal):
        raise LookupError(f"{short} is no short name of {formal}")
    return _person(one, formal, one.family_name), _person(one, short, one.family_name)


def _slip_in(maker: Maker, text: str) -> str:
    """A slip in the longest word."""
    longest = max(text.split(), key=len)
    return text.replace(longest, maker.slip(longest), 1)


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def _moved(maker: Maker, one: CustomerRecord) -> CustomerRecord:
    found = maker.contact(one.email)
    return replace(one, **{name: value for name, value in found.items() if name.startswith("billing")})


def _shortened(_maker: Maker, one: CustomerRecord) -> CustomerRecord:
    return _named(one, " ".join(SHORTENED.get(word, word) for word in one.display_name.split()))


def _written_otherwise(_maker: Maker, one: CustomerRecord) -> CustomerRecord:
    street = one.billing_street.replace("Street", "St.").replace("Avenue", "Ave").replace("Road", "Rd")
    street = street.replace("Apt. ", "#").replace("Suite ", "Ste ").upper()
    digits = "".join(sign for sign in one.phone if sign.isdigit())
    return replace(one, billing_street=street, phone=f"+1 {digits[:3]}.{digits[3:6]}.{digits[6:]}", email="")


PEOPLE_DIFFER: dict[str, Vary] = {
    "last, first": lambda _, one: replace(one, display_name=f"{one.family_name}, {one.given_name}"),
    "initial": lambda _, one: _person(one, f"{one.given_name[0]}.", one.family_name),
    "middle initial": lambda m, one: _person(one, f"{one.given_name} {m.us.random_uppercase_letter()}.", one.family_name),
    "title": lambda m, one: replace(one, display_name=f"{m.random.choice(['Dr.', 'Prof.'])} {one.display_name}"),
    "slip in family name": lambda m, one: _person(one, one.given_name, _slip_in(m, one.family_name)),
    "slip in given name": lambda m, one: _person(one, _slip_in(m, one.given_name), one.family_name),
    "capitals and blanks": lambda _, one: _person(one, one.given_name.upper(), f" {one.family_name.upper()} "),
    "moved": _moved,
    "another phone": lambda m, one: replace(one, phone=m.us.numerify("(602) 5##-####")),
    "written otherwise": _written_otherwise,
    "without accents": lambda _, one: _person(one, _plain(one.given_name), _plain(one.family_name)),
    "named for the firm": lambda m, one: replace(one, display_name=(firm := m.firm().display_name), company_name=firm),
    "name and little more": lambda _, one: replace(one, email="", phone="", billing_street=""),
    SHORT_NAME: lambda _, one: one,
}  # fmt: skip
FIRMS_DIFFER: dict[str, Vary] = {
    "without legal form": lambda _, one: _named(one, one.display_name.removesuffix(one.display_name.split()[-1]).strip())
    if one.display_name.split()[-1] in FORMS
    else one,
    "& or and": lambda _, one: _named(one, one.display_name.replace(" and ", " & ")),
    "The": lambda _, one: _named(one, f"The {one.display_name}"),
    "shortened words": _shortened,
    "slip in a word": lambda m, one: _named(one, _slip_in(m, one.display_name)),
    "punctuation": lambda _, one: _named(one, one.display_name.replace(" ", ", ", 1).replace("LLC", "L.L.C.")),
    "phone with a wrong digit": lambda m, one: replace(one, phone=one.phone[:-6] + str(m.random.randint(0, 9)) + one.phone[-5:]),
    "e-mail with a slip": lambda m, one: replace(one, email=m.slip(one.email.split("@")[0]) + "@" + one.email.split("@")[1]),
    "service address": lambda _, one: replace(
        one, service_street=one.billing_street, service_city=one.billing_city,
        service_postal_code=one.billing_postal_code, billing_street="", billing_city="", billing_postal_code="",
    ),
    "only a name": lambda _, one: CustomerRecord(display_name=one.display_name),
}  # fmt: skip
