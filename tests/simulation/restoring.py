"""A backup of yesterday is restored in Service Genius, while QuickBooks has gone on.

What was entered here since is lost with it: what became of that in QuickBooks is somebody else's now. What
was there already when the backup was made, and was sent since, must not be sent a second time.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

from qbo.payload import parse_time
from quickbooks_sync.kinds.money import is_voided, marker_of
from quickbooks_sync.memory import marked
from quickbooks_sync.models import Connection, Link, Marker
from tests.simulation import births
from tests.simulation.backup import Backup
from tests.simulation.births import Object
from tests.simulation.books import MODELS
from tests.simulation.in_process import Snapshot
from tests.simulation.people import People
from tests.simulation.world import VirtualWorld


def restore(
    world: VirtualWorld,
    people: People,
    *,
    backup: Backup,
    written: dict[tuple[str, str, str, str], Any],
) -> None:
    """Put the backup in place, and note what it has forgotten."""
    known = _pairs(world)
    backup.restore()
    world.forgotten |= world.births.keys() - births.linked(world.connection)
    remembered = _pairs(world)
    for one, owner in world.births.items():
        if owner is not None and not MODELS[owner[0]].objects.filter(pk=owner[1]).exists():
            world.births[one] = None  # its number is given out again
    # What was handed on in a merge since is another's in QuickBooks, with the values of that one.
    handed = {
        (kind, str(local_id))
        for (kind, local_id), remote_id in remembered.items()
        if known.get((kind, local_id)) != remote_id
    }
    # Where the backup is older than the last edit here, QuickBooks has the later value: a person decides.
    people.written = {
        key: value
        for key, value in people.written.items()
        if key[0] == "there" or (written.get(key) == value and key[1:3] not in handed)
    }


def announce(world: VirtualWorld, chance: Random) -> None:
    """The command that restores says so; who copies files says nothing, and markers have to tell.

    Where no file and no marker can tell either, nobody could know.
    """
    if world.beside is None and (not _tells(world) or chance.random() < 0.5):
        _say(world)
    else:
        world.unannounced = Connection.objects.get(pk=world.connection.pk).epoch


def still_told(world: VirtualWorld) -> None:
    """Somebody may have taken away the last marker that could tell, before anybody pressed Sync."""
    connection = Connection.objects.get(pk=world.connection.pk)
    if world.unannounced == connection.epoch and world.beside is None and not connection.restored:
        if not _tells(world):
            _say(world)
    else:
        world.unannounced = world.unannounced if not connection.restored else None


def _say(world: VirtualWorld) -> None:
    world.trace.append("the restored backup is announced")
    marked.notice(Connection.objects.get(pk=world.connection.pk))


def _tells(world: VirtualWorld) -> bool:
    markers = set(Marker.objects.filter(connection=world.connection).values_list("word", flat=True))
    since = Connection.objects.get(pk=world.connection.pk).there_watermark
    unknown = [
        row
        for entity in ("Invoice", "Payment")
        for row in world.there(entity)
        if not is_voided(row) and (marker_of(row) or "") not in {"", *markers}
    ]
    return since is not None and any(
        parse_time(row["MetaData"]["LastUpdatedTime"]) >= since for row in unknown
    )


def _pairs(world: VirtualWorld) -> dict[tuple[str, int], str]:
    links = Link.objects.filter(connection=world.connection, local_id__isnull=False, remote__isnull=False)
    return {
        (kind, int(local_id or 0)): remote_id
        for kind, local_id, remote_id in links.values_list("kind", "local_id", "remote__remote_id")
    }


@dataclass(frozen=True, kw_only=True)
class KeptThere:
    """The company in QuickBooks as it was one day, and what people had written and removed there by then."""

    snapshot: Snapshot
    written: dict[tuple[str, str, str, str], Any]
    removed: frozenset[tuple[str, str]]
    ways: dict[str, dict[str, bool]]
    mailed: frozenset[str]


def keep_there(world: VirtualWorld, people: People) -> KeptThere:
    people.brought_back.clear()
    return KeptThere(
        snapshot=world.emulator.snapshot(world.realm),
        written={key: value for key, value in people.written.items() if key[0] == "there"},
        removed=frozenset(people.removed),
        ways=dict(people.ways),
        mailed=frozenset(people.mailed),
    )


def _sent_there(world: VirtualWorld) -> dict[Object, tuple[tuple[str, str, str, str], Any]]:
    """What is edited here only, as it is in QuickBooks, by the object there: key and value."""
    phones = {str(row["Id"]): row.get("PrimaryPhone") for row in world.there("Customer")}
    prices = {str(row["Id"]): row.get("UnitPrice") for row in world.there("Item")}
    found: dict[Object, tuple[tuple[str, str, str, str], Any]] = {}
    for (kind, local_id), remote_id in _pairs(world).items():
        if kind == "customer" and remote_id in phones:
            found["Customer", remote_id] = ("here", kind, str(local_id), "phone"), phones[remote_id]
        if kind == "work_code" and remote_id in prices:
            found["Item", remote_id] = ("here", kind, str(local_id), "price"), prices[remote_id]
    return found


def put_back_there(world: VirtualWorld, people: People, kept: KeptThere) -> None:
    """QuickBooks is as it was then; nobody there can tell what has been since."""
    before = _sent_there(world)
    world.emulator.put_back(world.realm, kept.snapshot)
    after = _sent_there(world)
    people.undone |= {
        one: key for one, (key, value) in before.items() if after.get(one, (key, value))[1] != value
    }
    here = {key: value for key, value in people.written.items() if key[0] == "here"}
    people.written = {**here, **kept.written}
    # What somebody here has said since still counts.
    people.removed = set(kept.removed) - people.brought_back
    people.ways, people.mailed = dict(kept.ways), set(kept.mailed)
