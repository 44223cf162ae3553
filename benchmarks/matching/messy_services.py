"""Two price lists of one company: the same services written by an office and by an accountant."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

from typo import StrErrer

from quickbooks_sync.planner.records import WorkCodeRecord

DOES = (
    "Install", "Repair", "Replace", "Inspect", "Clean", "Flush", "Tune-up", "Service", "Remove", "Test", "Seal",
    "Recharge", "Insulate", "Unclog", "Rewire", "Calibrate",
)  # fmt: skip
WHAT = (
    "Water Heater", "Air Conditioner", "Heat Pump", "Furnace", "Thermostat", "Garbage Disposal", "Kitchen Faucet",
    "Sewer Line", "Ceiling Fan", "Breaker Panel", "Gas Line", "Sump Pump", "Attic Fan", "Dryer Vent", "Toilet",
    "Boiler", "Compressor", "Smoke Detector", "Outlet", "Shower Valve", "Duct", "Garage Door", "Sprinkler Head",
)  # fmt: skip
SIZES = (
    "",
    "",
    "",
    '1/2"',
    '3/4"',
    "40 gal",
    "50 gal",
    "2.5 Ton",
    "3 Ton",
    "16x25x1",
    "up to 2 hrs",
    "20 amp",
)
SHORT = {
    "Install": "Inst", "Replace": "Repl", "Inspect": "Inspection", "Clean": "Cleaning", "Water": "Wtr",
    "Heater": "Htr", "Furnace": "Furn", "Thermostat": "T-stat", "Compressor": "Comp", "Service": "Svc",
    "Repair": "Repairs", "Remove": "Removal",
}  # fmt: skip
OTHERWISE = {'1/2"': "0.5 inch", '3/4"': "¾ in", "40 gal": "40-gallon", "50 gal": "50 Gallon", "2.5 Ton": "2-1/2 ton",
             "16x25x1": "16 x 25 x 1", "up to 2 hrs": "Up To 2 Hours", "20 amp": "20A"}  # fmt: skip
TRAPS = (
    ("Labor 12 hr", "Labor 1/2 hr"), ("Condenser 2.5 Ton", "Condenser 25 Ton"), ("Standby 2-4 h", "Standby 24 h"),
    ("Motor <5 HP", "Motor >5 HP"), ("Season -10 %", "Season 10 %"), ("Vac truck with crew", "Vac truck w/o crew"),
    ("Labor regular", "Labor overtime"), ("1st visit", "2nd visit"), ("Panel 100 amp", "Panel 200 amp"),
    ("Left gutter", "Right gutter"), ("Pipe 1-1/2 in", "Pipe 11/2 in"), ("Trip charge zone 1", "Trip charge zone 11"),
    ("Weekday call", "Weekend call"), ("Install trap", "Repair trap"), ("Coil 3/8", "Coil 5/8"), ("Fuse 15 A", "Fuse 5 A"),
    ("Extinguisher ABC", "Extinguisher BC"), ("Gas R-22", "Gas R-32"), ("Filter 16x20", "Filter 20x16x2"),
    ("Standard permit", "Expedited permit"),
)  # fmt: skip
#: Under one code, and in other words: a person is asked.
RENAMED = (
    ("Spring tune-up", "AC maintenance"),
    ("Dispatch", "Travel charge"),
    ("Emergency", "After hours visit"),
)

Vary = Callable[[Random, WorkCodeRecord], WorkCodeRecord]


@dataclass(kw_only=True)
class MessyServices:
    """Two lists, and which is which."""

    here: dict[str, WorkCodeRecord] = field(default_factory=dict)
    there: dict[str, WorkCodeRecord] = field(default_factory=dict)
    true: dict[str, str] = field(default_factory=dict)
    traps: set[str] = field(default_factory=set)


def company(*, seed: int, services: int = 300, pairs: int = 200) -> MessyServices:
    """Two lists of so many services, of which `pairs` are the same."""
    made, random = MessyServices(), Random(seed)
    names = _names(random)
    sorts = list(SERVICES_DIFFER.values())
    for number in range(pairs - len(RENAMED)):
        one = _service(random, next(names), number)
        _add(made, f"pair-{number}", one, sorts[number % len(sorts)](random, one))
        made.true[f"here-pair-{number}"] = f"there-pair-{number}"
    for number, (name, other) in enumerate(RENAMED):
        one = replace(_service(random, name, number), code=f"RN-{number}")
        _add(made, f"renamed-{number}", one, replace(one, name=other))
        made.true[f"here-renamed-{number}"] = f"there-renamed-{number}"
    for number, (name, other) in enumerate(TRAPS):
        one = replace(_service(random, name, number), code="")
        price = one.price if number % 2 else one.price * 3
        _add(made, f"trap-{number}", one, replace(one, name=other, price=price))
        made.traps |= {f"here-trap-{number}", f"there-trap-{number}"}
    for number in range(services - len(made.here)):
        made.here[f"here-{number}"] = _service(random, next(names), 1000 + number)
        made.there[f"there-{number}"] = _service(random, next(names), 2000 + number)
    return made


def _add(made: MessyServices, name: str, here: WorkCodeRecord, there: WorkCodeRecord) -> None:
    made.here[f"here-{name}"], made.there[f"there-{name}"] = here, there


def _names(random: Random) -> Iterator[str]:
    """Every service once, so that no two that are not meant to be are the same."""
    names = [(does, what) for does in DOES for what in WHAT]
    random.shuffle(names)
    for does, what in (*names, *names):
        yield f"{does} {what} {random.choice(SIZES)}".strip()


def _service(random: Random, name: str, number: int) -> WorkCodeRecord:
    code = f"{name[:2].upper()}-{number:03d}" if random.random() < 0.5 else ""
    return WorkCodeRecord(name=name, code=code, price=Decimal(random.randrange(40, 900)) - Decimal("0.05"))


def _shortened(_random: Random, one: WorkCodeRecord) -> WorkCodeRecord:
    return replace(one, name=" ".join(SHORT.get(word, word) for word in one.name.split()))


def _slip(random: Random, one: WorkCodeRecord) -> WorkCodeRecord:
    longest = max((word for word in one.name.split() if word.isalpha()), key=len)
    made = StrErrer(longest, seed=random.randrange(10**6)).char_swap().result
    return replace(one, name=one.name.replace(longest, made, 1))


def _size_otherwise(_random: Random, one: WorkCodeRecord) -> WorkCodeRecord:
    found = next((size for size in OTHERWISE if one.name.endswith(size)), "")
    return replace(one, name=one.name.replace(found, OTHERWISE[found])) if found else one


def _backwards(_random: Random, one: WorkCodeRecord) -> WorkCodeRecord:
    does, _, rest = one.name.partition(" ")
    return replace(one, name=f"{rest} - {does}")


SERVICES_DIFFER: dict[str, Vary] = {
    "capitals": lambda _, one: replace(one, name=one.name.upper()),
    "shortened words": _shortened,
    "size written otherwise": _size_otherwise,
    "words in another order": _backwards,
    "a slip": _slip,
    "another price": lambda _, one: replace(one, price=one.price + 10),
    "no code": lambda _, one: replace(one, code=""),
    "a plural": lambda _, one: replace(one, name=f"{one.name}s") if one.name[-1].isalpha() else one,
    "no price": lambda _, one: replace(one, price=Decimal(0)),
    "a word of no weight": lambda _, one: replace(one, name=f"{one.name} service"),
}
