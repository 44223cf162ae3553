"""References from one object to another: looked up, refused, and given the name of what they point at."""

from collections.abc import Mapping
from typing import Any

from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

# What QuickBooks calls the list in its texts; of the others it names the place of the reference alone.
_LISTS = {"Account": "Accounts", "Customer": "Names", "Vendor": "Names"}

# What names customers on its lines, or as its payee, and the members that do.
NAMING_CUSTOMERS = ("JournalEntry", "Purchase", "Deposit")
_NAMING = frozenset({"Entity", "EntityRef", "CustomerRef"})


def check_reference(
    realm: Realm, entity: str, ref: Json, element: str, *, kept_from: Json | None = None
) -> Json:
    """Return the object referred to; a missing one is 2500, an inactive one 610 unless it was kept."""
    key = ref.get("value", "")
    found = realm.referred(entity, key)
    if found is None:
        named_list = _LISTS.get(entity)
        detail = f"{named_list} element id {key} not found" if named_list else element
        raise refusals.invalid_reference(detail, element)
    kept = kept_from is not None and kept_from.get("value") == key
    if not found.get("Active", True) and not kept:
        raise refusals.not_found()
    return found


def check_references(
    realm: Realm,
    table: Mapping[str, tuple[str, str | None]],
    body: Json,
    stored: Json | None,
    *,
    path: str = "",
) -> None:
    """Check the references a table names, and give them the names of what they point at."""
    for member in table.keys() & body.keys():
        entity, shown = table[member]
        kept = (stored or {}).get(member)
        found = check_reference(realm, entity, body[member], path + member, kept_from=kept)
        body[member] = named(found, shown) if shown in found else {"value": found["Id"]}


def named(body: Json, member: str) -> Json:
    return {"value": body["Id"], "name": body[member]}


def id_in(holder: Json, member: str, kind: str = "") -> str:
    """Return the Id in a reference; of one that may name others, too, only if it is of the kind."""
    ref = holder.get(member)
    if not isinstance(ref, dict) or (kind and str(ref.get("type", kind)).lower() != kind):
        return ""
    return str(ref.get("value", ""))


def customer_instead(body: Json, customer: str, ref: Json) -> Json:
    """Return a transaction with another reference wherever it names a customer (facts C3, E3, H2)."""
    return {name: _instead(name, value, customer, ref) for name, value in body.items()}


def _instead(name: str, value: Any, customer: str, ref: Json) -> Any:
    if isinstance(value, list):
        return [_instead(name, one, customer, ref) for one in value]
    if not isinstance(value, dict):
        return value
    if "Type" in value and value["Type"] != "Customer":
        return value  # a line of a journal entry that names a vendor or an employee
    if name in _NAMING and id_in({name: value}, name, "customer") == customer:
        return {**value, **ref}
    return customer_instead(value, customer, ref)
