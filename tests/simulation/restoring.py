"""A backup of yesterday is restored in Service Genius, while QuickBooks has gone on.

What was entered here since is lost with it: what became of that in QuickBooks is somebody else's now. What
was there already when the backup was made, and was sent since, must not be sent a second time.
"""

from typing import Any

from quickbooks_sync.models import Link
from tests.simulation.backup import Backup
from tests.simulation.books import ENTITIES, MODELS
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
    for entity in ENTITIES.values():
        world.by_hand |= {(entity, str(row["Id"])) for row in world.there(entity)}
    remembered = _pairs(world)
    for (kind, local_id), remote_id in known.items():
        again = MODELS[kind].objects.filter(pk=local_id, company=world.company).exists()
        if again and (kind, local_id) not in remembered:
            world.former[kind, local_id] = remote_id
    world.by_hand -= {(ENTITIES[kind], remote_id) for (kind, _), remote_id in remembered.items()}
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


def _pairs(world: VirtualWorld) -> dict[tuple[str, int], str]:
    links = Link.objects.filter(connection=world.connection, local_id__isnull=False, remote__isnull=False)
    return {
        (kind, int(local_id or 0)): remote_id
        for kind, local_id, remote_id in links.values_list("kind", "local_id", "remote__remote_id")
    }
