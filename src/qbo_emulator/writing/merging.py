"""Merging two customers or items: QuickBooks offers it to people only; here a page and the control plane do.

Whatever referred to the loser refers to the survivor then, and gets its next SyncToken; the loser itself is
gone: Deleted in change data capture, 610 when read; or, by a switch, inactive (facts C3, E3, G, H2).
"""

from qbo_emulator.entities import names
from qbo_emulator.entities.customer import move_balance
from qbo_emulator.entities.references import NAMING_CUSTOMERS, customer_instead, named
from qbo_emulator.entities.transactions import customer_ref
from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json, amount
from qbo_emulator.storage.realm import Realm

#: What can be merged: the family of its names, the member that has the name, and what those below it are.
MERGED = {
    "Customer": ("person", "DisplayName", "sub-customers"),
    "Item": ("item", "Name", "sub-items"),
}


def merge(realm: Realm, entity: str, *, loser: str, survivor: str) -> Json:
    """Merge one customer or item into another and return the one that stays."""
    gone, stays = realm.find(entity, loser), realm.find(entity, survivor)
    if gone is None or stays is None:
        raise refusals.not_found()
    _check(realm, entity, gone, stays)
    move = _move_customer if entity == "Customer" else _move_item
    move(realm, gone, stays)
    _leave(realm, entity, realm.find(entity, loser) or gone)
    return realm.find(entity, survivor) or stays


def _check(realm: Realm, entity: str, gone: Json, stays: Json) -> None:
    what = entity.lower()
    if gone["Id"] == stays["Id"]:
        raise refusals.business_rule(f"A {what} cannot be merged with itself.")
    if not stays.get("Active", True):
        raise refusals.business_rule(f"The {what} that stays has to be active.")
    if gone.get("Type") != stays.get("Type"):
        raise refusals.business_rule("Only items of the same type can be merged.")
    if realm.children(entity, gone["Id"]):
        raise refusals.business_rule(f"Move the {MERGED[entity][2]} to another {what} first.")


def _move_customer(realm: Realm, gone: Json, stays: Json) -> None:
    for entity, body in realm.transactions_of(gone["Id"]):
        body["CustomerRef"] = customer_ref(stays)
        realm.bump(entity, body)
    for entity, body in realm.with_value(NAMING_CUSTOMERS, gone["Id"]):
        after = customer_instead(body, gone["Id"], customer_ref(stays))
        if after != body:
            realm.bump(entity, after)
    balance = amount(gone.get("Balance"))
    move_balance(realm, gone["Id"], -balance)
    move_balance(realm, stays["Id"], balance)


def _move_item(realm: Realm, gone: Json, stays: Json) -> None:
    ref = named(stays, "Name")
    for entity, _, body, details in realm.sales_of(gone["Id"]):
        for detail in details:
            detail["ItemRef"] = ref
            if "IncomeAccountRef" in stays:
                detail["ItemAccountRef"] = stays["IncomeAccountRef"]
        realm.bump(entity, body)
    for bundle in realm.all_of("Item"):
        parts = bundle.get("ItemGroupDetail", {}).get("ItemGroupLine", [])
        mine = [part for part in parts if part.get("ItemRef", {}).get("value") == gone["Id"]]
        for part in mine:
            part["ItemRef"] = ref
        if mine:
            realm.bump("Item", bundle)


def _leave(realm: Realm, entity: str, gone: Json) -> None:
    family, member, _ = MERGED[entity]
    if realm.settings.merged_record == "gone":
        realm.release(family, names.full_name(gone), entity, gone["Id"])
        realm.remove(entity, gone["Id"])
    elif gone.get("Active", True):
        body = {**gone, "Active": False}
        child = "ParentRef" in gone
        names.place(realm, body, gone, entity=entity, family=family, member=member, child=child)
        realm.bump(entity, body)
        names.settle(realm, gone, body, entity=entity, family=family)
