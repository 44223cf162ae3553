"""What people at work share: chance, words, and the memory of what only they may have changed.

`phone` of customers and `price` of work codes are edited in Service Genius only, `Mobile` in QuickBooks only,
notes and names on both sides.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from quickbooks_sync.models import Connection, Link, Remote
from tests.simulation.births import Object
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
    #: Links that a person has parted: to send the record anew, which needs none once it is voided; or because
    #: its two sides were not the same.
    parted: set[int] = field(default_factory=set)
    #: The ways to pay online of invoices in QuickBooks, as somebody set them there: Id -> on or off.
    ways: dict[str, dict[str, bool]] = field(default_factory=dict)
    #: Ids of invoices that somebody there has mailed.
    mailed: set[str] = field(default_factory=set)
    #: Whose last edit from here went with a company put back, and its key in `written`.
    undone: dict[Object, tuple[str, str, str, str]] = field(default_factory=dict)
    #: Makes names and words that stand nowhere else.
    counter: int = 0

    def bring_back(self, kind: str, remote_id: str) -> None:
        """Somebody here says that what was removed there is to be active again."""
        self.removed.discard((kind, remote_id))
        self.brought_back.add((kind, remote_id))

    def put_away(self, kind: str, remote_id: str) -> None:
        """Somebody there makes it inactive.

        Was it so before, and has somebody here said since that it is to be active, then the next run carries
        that out: nothing tells one inactive record from another.
        """
        links = Link.objects.filter(
            connection=self.world.connection,
            kind=kind,
            remote__remote_id=remote_id,
            open=True,
        )
        said = (kind, remote_id) in self.brought_back and links.filter(there_baseline__active=False).exists()
        # A restored backup may hold such a wish that was carried out since.
        if not said and not links.filter(answers__reactivate=True).exists():
            self.removed.add((kind, remote_id))

    def edited_there(self, entity: str, stored: dict[str, Any]) -> None:
        """Somebody there edits it, after whose edit nothing may tell that an older version had come back.

        Then what went with the company looks like a part of that edit, and is taken by whoever takes those.
        """
        key = self.undone.pop((entity, str(stored["Id"])), None)
        known = Remote.objects.filter(
            connection=self.world.connection, entity=entity, remote_id=str(stored["Id"])
        ).first()
        two_way = Connection.objects.get(pk=self.world.connection.pk).two_way_edits
        if key is not None and two_way and known is not None and int(stored["SyncToken"]) >= known.token:
            self.written.pop(key, None)

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
