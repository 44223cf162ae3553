"""All that is known of two customers, compared thing by thing.

It makes no difference which of the two is named first. Deliberately absent: who else there is; that is for
`deciding`.
"""

from rapidfuzz.distance import OSA

from . import comparing_names, comparing_places
from .comparing_places import OTHER_UNIT, door_fact, town_fact, zip_fact
from .contacts import agree, digits_differ_in_one
from .evidence import Comparison, Evidence
from .features import Features
from .rarity import Rarity
from .vocabulary import MAIL_HOUSES, ROLES
from .word_pairs import word_fact

PHONE_BITS, PHONE_MISTYPED_BITS, OTHER_PHONE_BITS = 12.0, 7.0, -2.0
EMAIL_BITS, ROLE_EMAIL_BITS, EMAIL_MISTYPED_BITS, OTHER_EMAIL_BITS = 12.0, 9.0, 7.0, -1.5
SAME_LOCAL_PART_BITS, SAME_DOMAIN_BITS = 5.0, 4.0
LOCAL_PART_LETTERS_MIN = 5
LINE_DIGITS = 2
SAME_PARENT_BITS, OTHER_PARENT_BITS = 4.0, -10.0


def phone_fact(number: str) -> str:
    """A phone as it is counted and found: the last seven digits, with or without area code."""
    return f"p:{number[-7:]}"


def email_fact(address: str) -> str:
    return f"e:{address}"


def facts(one: Features) -> set[str]:
    """What of a customer may be common or rare, as it is counted."""
    found = {word_fact(word) for name in one.names for word in name.words}
    found |= {phone_fact(each) for each in one.phones} | {email_fact(each) for each in one.emails}
    for place in one.places:
        found |= {zip_fact(place.postal_code)} if place.postal_code else set()
        found |= {town_fact(place.town)} if place.town else set()
        found |= {door_fact(place)} if place.door else set()
    return found


def compare(a: Features, b: Features, rarity: Rarity) -> Evidence:
    """What speaks for the two being one, what against, and what bars linking them."""
    names = comparing_names.of_customers(a, b, rarity)
    bars = [*names.bars]
    comparisons = [
        Comparison("name", names.bits, names.words, agrees=not names.bars),
        *comparing_names.of_firms_and_people(a, b, rarity),
        *filter(None, (_phone(a, b, rarity), _email(a, b, rarity), comparing_places.compare(a, b, rarity))),
    ]
    if a.parent != b.parent:
        comparisons.append(Comparison("parent", OTHER_PARENT_BITS, "below another customer", agrees=False))
        bars.append("below another customer")
    elif a.parent is not None:
        comparisons.append(Comparison("parent", SAME_PARENT_BITS, "below the same customer"))
    other_unit = any(OTHER_UNIT in each.words for each in comparisons)
    if other_unit:
        bars.append(OTHER_UNIT)
    if a.active != b.active:
        bars.append("one is inactive")
    return Evidence(
        prior=rarity.prior,
        comparisons=tuple(comparisons),
        needs=1 if names.is_common and a.is_known and b.is_known else names.needs,
        bars=tuple(bars),
        apart=names.apart or other_unit or a.parent != b.parent,
        written_alike=names.written_alike and a.parent == b.parent,
    )


def _phone(a: Features, b: Features, rarity: Rarity) -> Comparison | None:
    if not (a.phones and b.phones):
        return None
    if same := agree(a.phones, b.phones):
        fact = phone_fact(same)
        if rarity.is_shared(fact):
            return Comparison("phone", rarity.damped(fact, PHONE_BITS), "same phone, which several have")
        return Comparison("phone", rarity.damped(fact, PHONE_BITS), "same phone", agrees=True)
    slips = [(x, y) for x in a.phones for y in b.phones if digits_differ_in_one(x, y)]
    if slips:
        # The last digits tell the lines of one house apart, and neighbours.
        slip = any(x[-LINE_DIGITS:] == y[-LINE_DIGITS:] for x, y in slips) or None
        return Comparison("phone", PHONE_MISTYPED_BITS, "phones differ by one digit", agrees=slip)
    return Comparison("phone", OTHER_PHONE_BITS, "other phone", agrees=False)


def _email(a: Features, b: Features, rarity: Rarity) -> Comparison | None:
    if not (a.emails and b.emails):
        return None
    if same := sorted(a.emails & b.emails, key=lambda each: rarity.holders(email_fact(each))):
        fact = email_fact(same[0])
        bits = ROLE_EMAIL_BITS if same[0].split("@")[0] in ROLES else EMAIL_BITS
        if rarity.is_shared(fact):
            return Comparison("email", rarity.damped(fact, bits), "same e-mail, which several have")
        return Comparison("email", rarity.damped(fact, bits), "same e-mail", agrees=True)
    return max(
        (_two_emails(x, y) for x in a.emails for y in b.emails), key=lambda each: (each.bits, each.words)
    )


def _two_emails(one: str, other: str) -> Comparison:
    (mine, my_domain), (theirs, their_domain) = one.split("@"), other.split("@")
    if _one_sign_off(one, other):
        own_house = my_domain == their_domain and my_domain.split(".")[0] not in MAIL_HOUSES
        return Comparison(
            "email", EMAIL_MISTYPED_BITS, "e-mails differ by one sign", agrees=own_house or None
        )
    if mine == theirs and mine not in ROLES and len(mine) >= LOCAL_PART_LETTERS_MIN:
        return Comparison("email", SAME_LOCAL_PART_BITS, "e-mails differ behind the @")
    if my_domain == their_domain and my_domain.split(".")[0] not in MAIL_HOUSES:
        return Comparison("email", SAME_DOMAIN_BITS, "e-mails at the same firm")
    return Comparison("email", OTHER_EMAIL_BITS, "other e-mail", agrees=False)


def _one_sign_off(one: str, other: str) -> bool:
    """A sign wrong, missing or too many; numbers in an address tell two apart."""
    digits = [[sign for sign in each if sign.isdecimal()] for each in (one, other)]
    return digits[0] == digits[1] and OSA.distance(one, other, score_cutoff=1) <= 1
