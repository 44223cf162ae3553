"""Names of people, items and lists: unique, put together from parent and child.

A name is unique by its full name, parent and child joined by a colon: under another parent it may come again.
An inactive object carries the suffix " (deleted)", which frees its name.
"""

from collections.abc import Callable

from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

DELETED = " (deleted)"
LEVELS_MAX = 5
FORBIDDEN = (":", "\t", "\n")

# Who may hold a name, as QuickBooks' texts call it.
_FAMILIES = {
    "person": "customer, vendor or employee",
    "item": "product or service",
    "account": "account",
    "class": "class",
    "department": "location",
    "term": "term",
    "payment method": "payment method",
}

Taken = Callable[[str], bool]


def check_characters(name: str, element: str) -> None:
    if any(mark in name for mark in FORBIDDEN):
        raise refusals.invalid_characters(name, element)


def with_suffix(name: str, taken: Taken) -> str:
    """Return the name of an object that has just been made inactive."""
    candidate, again = name + DELETED, 0
    while taken(candidate):
        again += 1
        candidate = f"{name}{DELETED} ({again})"
    return candidate


def without_suffix(name: str) -> str:
    return name.partition(DELETED)[0] if DELETED in name else name


def full_name(body: Json) -> str:
    """Return the full name of an object, which a loaded one may leave to be known from its name."""
    return str(body.get("FullyQualifiedName") or body.get("DisplayName") or body["Name"])


def place(
    realm: Realm, body: Json, stored: Json | None, *, entity: str, family: str, member: str, child: bool
) -> None:
    """Give the object its final name, full name and level; refuse a name that is taken."""
    parent = _parent(realm, body, stored, entity=entity) if child else None
    prefix = f"{full_name(parent)}:" if parent else ""
    key = None if stored is None else int(stored["Id"])

    def taken(name: str) -> bool:
        found = realm.holder(family, prefix + name)
        return found is not None and found != (entity, key)

    was_active = stored is None or stored.get("Active", True)
    name = body[member] = body[member].strip()
    check_characters(name, member)
    if not body["Active"] and DELETED not in name:
        name = with_suffix(name, taken)
    elif body["Active"] and not was_active and realm.settings.reactivated_name == "plain":
        name = without_suffix(name)
    if taken(name):
        holder = realm.holder(family, prefix + name)
        raise refusals.duplicate_name(
            holder[1] if holder else None, f"Another {_FAMILIES[family]} is already using this name."
        )
    body[member] = name
    body["FullyQualifiedName"] = prefix + name
    if parent:
        level = prefix.count(":")
        if stored is not None and _parent_key(stored) != parent["Id"]:
            level += _levels_below(realm, entity, stored["Id"])
        if level >= LEVELS_MAX:
            raise refusals.too_deep()
        body["ParentRef"] = {"value": parent["Id"]}
        body["Level"] = prefix.count(":")
    else:
        body.pop("ParentRef", None)
        body.pop("Level", None)


def check_no_active_children(realm: Realm, entity: str, key: str) -> None:
    """Refuse to make inactive what has active objects below it."""
    if realm.settings.deactivate_with_children == "allow":
        return
    if any(child.get("Active", True) for child in realm.children(entity, key)):
        raise refusals.business_rule(
            f"This {entity.lower()} has active ones below it: make those inactive first."
        )


def _parent(realm: Realm, body: Json, stored: Json | None, *, entity: str) -> Json | None:
    ref = body.get("ParentRef")
    if not ref:
        return None
    parent = realm.find(entity, ref.get("value", ""))
    if parent is None:
        raise refusals.invalid_reference(f"Names element id {ref.get('value')} not found", "ParentRef")
    unchanged = stored is not None and stored.get("ParentRef", {}).get("value") == parent["Id"]
    if not parent.get("Active", True) and not unchanged:
        raise refusals.not_found()
    above: Json | None = parent
    while above is not None and stored is not None:
        if above["Id"] == stored["Id"]:
            raise refusals.business_rule("An element cannot be its own parent.", "ParentRef")
        above = realm.find(entity, above["ParentRef"]["value"]) if above.get("ParentRef") else None
    return parent


def _parent_key(body: Json) -> str | None:
    key: str | None = body.get("ParentRef", {}).get("value")
    return key


def _levels_below(realm: Realm, entity: str, key: str) -> int:
    """Return how many levels stand below an object."""
    return max(
        (1 + _levels_below(realm, entity, one["Id"]) for one in realm.children(entity, key)), default=0
    )


def settle(realm: Realm, before: Json | None, after: Json, *, entity: str, family: str) -> None:
    """Take the new name, give the old one back, and carry a new name to the children."""
    old = full_name(before) if before else None
    new = full_name(after)
    if old == new:
        return
    if old is not None:
        realm.release(family, old, entity, after["Id"])
    realm.hold(family, new, entity, after["Id"])
    if old is None:
        return
    for child in realm.children(entity, after["Id"]):
        renamed = {**child, "FullyQualifiedName": new + full_name(child)[len(old) :]}
        if "Level" in child:
            renamed["Level"] = renamed["FullyQualifiedName"].count(":")
        realm.replace(entity, renamed)
        settle(realm, child, renamed, entity=entity, family=family)
