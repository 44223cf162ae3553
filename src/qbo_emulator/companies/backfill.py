"""What Intuit does to a company's records by itself: new members written into old objects (facts C4).

Nothing that a person entered changes; the time moves, and the system stands as the one who changed it.
"""

from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

SYSTEM_USER = {"value": "0"}


def backfill(realm: Realm, entity: str, members: Json) -> int:
    """Write members into every object of an entity that lacks them; return how many objects were touched."""
    bodies = realm.all_of(entity)
    for body in bodies:
        changed = {**members, **body}
        changed["MetaData"] = {**body.get("MetaData", {}), "LastModifiedByRef": SYSTEM_USER}
        if realm.settings.backfill == "token":
            realm.bump(entity, changed)
        else:
            realm.replace(entity, changed)
    return len(bodies)
