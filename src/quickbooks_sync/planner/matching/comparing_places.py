"""What two addresses say: one block, so that moving house is one event and not three."""

from dataclasses import replace

from rapidfuzz.distance import OSA

from .contacts import Place, digits_differ_in_one, is_slip_of_house
from .evidence import Comparison
from .features import Features
from .rarity import Rarity

DOOR_BITS, DOOR_MISTYPED_BITS, NO_HOUSE_BITS, OTHER_HOUSE_BITS = 10.0, 8.0, 6.0, 2.0
HOUSE_MISTYPED_BITS, ONLY_HOUSE_BITS = 5.0, 3.0
OTHER_UNIT_BITS, OTHER_KIND_BITS, OTHER_STREET_BITS = 4.0, -1.0, -3.0
ZIP_BITS, ZIP_MISTYPED_BITS, OTHER_ZIP_BITS = 7.0, 3.0, -2.5
TOWN_BITS, TOWN_MISTYPED_BITS, OTHER_TOWN_BITS = 5.0, 4.0, -1.5
MOVED_BITS = -4.0
STREET_MISTYPED_SHARE = 5
"""One letter in so many may be wrong."""
OTHER_UNIT = "another unit of one house"


def zip_fact(code: str) -> str:
    return f"z:{code}"


def town_fact(town: str) -> str:
    return f"t:{town}"


def door_fact(place: Place) -> str:
    return f"d:{place.door}"


def compare(a: Features, b: Features, rarity: Rarity) -> Comparison | None:
    """Any address of one may be any of the other; only two of one sort speak against each other."""
    same_sort = [
        _compare(x, y, rarity) for x, y in ((a.billing, b.billing), (a.service, b.service)) if x and y
    ]
    crossed = [_compare(x, y, rarity) for x, y in ((a.billing, b.service), (a.service, b.billing)) if x and y]
    agreeing = [each for each in (*same_sort, *crossed) if each.agrees]
    if agreeing:
        return max(agreeing, key=lambda each: (each.bits, each.words))
    if not same_sort:
        return None
    against = [each for each in same_sort if each.bits < 0 or each.agrees is False]
    found = min(against or same_sort, key=lambda each: (bool(against) * each.bits or -each.bits, each.words))
    return replace(found, agrees=False) if any(each.agrees is False for each in same_sort) else found


def _compare(a: Place, b: Place, rarity: Rarity) -> Comparison:
    street, street_words, same_street = _street(a, b, rarity)
    where, where_words, elsewhere = _where(a, b, rarity)
    bits = max(MOVED_BITS, street + where)
    if same_street and not elsewhere:
        shared = rarity.is_shared(door_fact(a)) or rarity.is_shared(door_fact(b))
        other_unit = street_words == OTHER_UNIT
        agrees = None if shared else not other_unit
        return Comparison("address", bits, _told(street_words, where_words), agrees=agrees)
    against = elsewhere or same_street is False
    words = "other address" if same_street is False and elsewhere else _told(street_words, where_words)
    return Comparison("address", bits, words, agrees=False if against else None)


def _told(street: str, where: str) -> str:
    return ", ".join(filter(None, (street, where)))


def _street(a: Place, b: Place, rarity: Rarity) -> tuple[float, str, bool | None]:
    """Bits, words, and whether it is the same street and house; nothing if one has no street."""
    if not (a.street and b.street):
        known = bool(a.house and a.house == b.house)
        return (ONLY_HOUSE_BITS, "same house number", None) if known else (0.0, "", None)
    box = "box" in {a.street, b.street}
    exact = a.street == b.street
    if not exact and not _mistyped(a.street, b.street) and not _mistyped(a.complete, b.complete):
        found = OTHER_STREET_BITS, "other street", False
    elif a.side and b.side and a.side != b.side:
        found = OTHER_STREET_BITS, "other side of the town", False
    elif a.kind and b.kind and a.kind != b.kind and not box:
        found = OTHER_KIND_BITS, "another street of that name", False
    elif not (a.house and b.house):
        return NO_HOUSE_BITS, "same street", True
    elif a.house != b.house and is_slip_of_house(a.house, b.house) and not box:
        return HOUSE_MISTYPED_BITS, "same street, house numbers differ by one digit", None
    elif a.house != b.house:
        found = OTHER_HOUSE_BITS, "another house of that street", False
    else:
        return _door(a, b, rarity, exact=exact)
    return found


def _door(a: Place, b: Place, rarity: Rarity, *, exact: bool) -> tuple[float, str, bool]:
    """Two of one house number in one street."""
    if a.unit and b.unit and a.unit != b.unit:
        return OTHER_UNIT_BITS, OTHER_UNIT, True
    bits = DOOR_BITS if exact else DOOR_MISTYPED_BITS
    worth = min(rarity.damped(door_fact(a), bits), rarity.damped(door_fact(b), bits))
    return worth, "same box" if a.street == "box" else "same street and number", True


def _mistyped(a: str, b: str) -> bool:
    allowed = min(len(a), len(b)) // STREET_MISTYPED_SHARE
    short, long = sorted((a, b), key=len)
    return (long.startswith(short) and len(short) >= STREET_MISTYPED_SHARE) or (
        allowed > 0 and OSA.distance(a, b, score_cutoff=min(2, allowed)) <= min(2, allowed)
    )


def _where(a: Place, b: Place, rarity: Rarity) -> tuple[float, str, bool]:
    """Bits, words, and whether the two are surely elsewhere; ZIP code and town say one thing twice."""
    code, town = _postal_code(a, b, rarity), _town(a, b, rarity)
    known = sorted((each for each in (code, town) if each is not None), reverse=True)
    if not known:
        return 0.0, "", False
    bits = known[0]
    if len(known) > 1:
        low, high = known[1], known[0]
        bits = high + low / 2 if low >= 0 else low + high / 2 if high < 0 else high + low
    elsewhere = code < 0 if code is not None else town is not None and town < 0
    if town is not None and town > 0 and code is not None and code < 0:
        elsewhere = not a.street or not b.street  # one town, two ZIP codes
    return bits, ("same town" if bits > 0 else "other town"), elsewhere


def _postal_code(a: Place, b: Place, rarity: Rarity) -> float | None:
    if not (a.postal_code and b.postal_code):
        return None
    if a.postal_code == b.postal_code:
        return rarity.bits(zip_fact(a.postal_code), at_most=ZIP_BITS)
    if digits_differ_in_one(a.postal_code, b.postal_code):
        return 0.0
    return OTHER_ZIP_BITS


def _town(a: Place, b: Place, rarity: Rarity) -> float | None:
    if not (a.town and b.town):
        return None
    if a.town == b.town:
        return rarity.bits(town_fact(a.town), at_most=TOWN_BITS)
    short, long = sorted((a.town, b.town), key=len)
    allowed = 1 + (len(short) >= 6)  # noqa: PLR2004
    if len(short) > 3 and OSA.distance(short, long, score_cutoff=allowed) <= allowed:  # noqa: PLR2004
        return rarity.bits(town_fact(a.town), at_most=TOWN_MISTYPED_BITS)
    return OTHER_TOWN_BITS
