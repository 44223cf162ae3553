"""Short ways to two lists and to what is decided about them."""

from typing import Any

from quickbooks_sync.planner.matching import comparing, lists
from quickbooks_sync.planner.matching.deciding import Verdict
from quickbooks_sync.planner.matching.evidence import Evidence
from quickbooks_sync.planner.matching.features import of_customer
from quickbooks_sync.planner.matching.rarity import ALL_RARE, Rarity
from quickbooks_sync.planner.records import CustomerRecord

#: A house of one's own.
OAK = {"billing_street": "12 Oak Street", "billing_city": "Bayshore", "billing_postal_code": "94501"}
ELM = {"billing_street": "77 Elm Road", "billing_city": "Millbrook", "billing_postal_code": "94030"}
PHONE = {"phone": "(520) 521-0143"}
MAIL = {"email": "amelia.h@gmail.com"}
ALL = {**OAK, **PHONE, **MAIL}


def customer(name: str, **known: Any) -> CustomerRecord:
    return CustomerRecord(display_name=name, **known)


def person(given: str, family: str, **known: Any) -> CustomerRecord:
    return CustomerRecord(
        **{"display_name": f"{given} {family}".strip(), "given_name": given, "family_name": family, **known}
    )


def compared(one: CustomerRecord, other: CustomerRecord, rarity: Rarity = ALL_RARE) -> Evidence:
    return comparing.compare(of_customer(one), of_customer(other), rarity)


def decided(here: list[CustomerRecord], there: list[CustomerRecord]) -> dict[tuple[int, int], Verdict]:
    """What is not left apart, by the places in the two lists."""
    mine, theirs = (
        {at: of_customer(record) for at, record in enumerate(records)} for records in (here, there)
    )
    return {(each.here, each.there): each.verdict for each in lists.CUSTOMERS.match(mine, theirs)}


def verdict(one: CustomerRecord, other: CustomerRecord) -> Verdict:
    """What is decided about two, each alone in its list."""
    return decided([one], [other]).get((0, 0), Verdict.APART)
