"""What people at work share: chance, words, and the memory of what only they may have changed.

`phone` of customers and `price` of work codes are edited in Service Genius only, `Mobile` in QuickBooks only,
notes and names on both sides.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from tests.simulation.world import VirtualWorld

#: Few enough that people on both sides take the same ones.
NAMES = ("Ames", "Baxter & Sons", "Baxter and Sons", "Cole LLC", "Cole", "Dunn", "Eames", "Frost Inc", "Gray")
SERVICES = ("Tune-Up", "Tune Up", "Mowing", "Edging", "Filter", "Drain", "Duct Cleaning")


@dataclass(kw_only=True)
class People:
    """The people of one story."""

    world: VirtualWorld
    chance: Random
    #: Fields edited on one side only: (side, kind, id, member) -> as last written by a person.
    written: dict[tuple[str, str, str, str], Any] = field(default_factory=dict)
    #: Objects in QuickBooks whose values somebody here has overruled.
    overruled: set[str] = field(default_factory=set)
    #: What a person removed in QuickBooks: (kind, Id).
    removed: set[tuple[str, str]] = field(default_factory=set)
    #: What somebody here has made active again since QuickBooks' company was kept.
    brought_back: set[tuple[str, str]] = field(default_factory=set)
    #: Links that a person has parted, to send the record anew: voided meanwhile, it needs none.
    parted: set[int] = field(default_factory=set)
    #: The ways to pay online of invoices in QuickBooks, as somebody set them there: Id -> on or off.
    ways: dict[str, dict[str, bool]] = field(default_factory=dict)
    #: Ids of invoices that somebody there has mailed.
    mailed: set[str] = field(default_factory=set)
    #: Makes names and words that stand nowhere else.
    counter: int = 0

    def bring_back(self, kind: str, remote_id: str) -> None:
        """Somebody here says that what was removed there is to be active again."""
        self.removed.discard((kind, remote_id))
        self.brought_back.add((kind, remote_id))

    def name(self) -> str:
        self.counter += 1
        fresh = f"Customer {self.counter}"
        return self.chance.choice(NAMES) if self.chance.random() < 0.5 else fresh

    def address(self, name: str) -> str:
        """The e-mail address of whoever has a name; every other one has none."""
        word = "".join(letter for letter in name.lower() if letter.isalnum())
        return f"{word}@example.com" if self.counter % 2 else ""

    def word(self) -> str:
        self.counter += 1
        return f"note {self.counter}"

    def number(self) -> str:
        return f"(555) {self.chance.randrange(10**6, 10**7)}"

    def price(self) -> Decimal:
        return Decimal(self.chance.randrange(1, 30000)) / 100
