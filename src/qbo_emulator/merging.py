"""Merging two customers: QuickBooks offers it to people only; here a page and the control plane do it.

The loser's transactions go to the survivor and get their next SyncToken; the loser itself is gone: Deleted in
change data capture, 610 when read; or, by a switch, inactive (qbo-facts E3, H2).
"""

from qbo_emulator import refusals
from qbo_emulator.entities import names
from qbo_emulator.entities.customer import move_balance
from qbo_emulator.entities.transactions import customer_ref
from qbo_emulator.realm import Realm
from qbo_emulator.values import Json, amount


def merge_customers(realm: Realm, *, loser: str, survivor: str) -> Json:
    """Merge one customer into another and return the one that stays."""
    gone, stays = realm.find("Customer", loser), realm.find("Customer", survivor)
    if gone is None or stays is None:
        raise refusals.not_found()
    if loser == survivor:
        raise refusals.business_rule("A customer cannot be merged with itself.")
    if not stays.get("Active", True):
        raise refusals.business_rule("The customer that stays has to be active.")
    if realm.children("Customer", loser):
        raise refusals.business_rule("Move the sub-customers to another customer first.")
    for entity, body in realm.transactions_of(loser):
        body["CustomerRef"] = customer_ref(stays)
        realm.bump(entity, body)
    balance = amount(gone.get("Balance"))
    move_balance(realm, loser, -balance)
    move_balance(realm, survivor, balance)
    gone = realm.find("Customer", loser) or gone
    if realm.settings.merged_customer == "inactive" and gone.get("Active", True):
        _made_inactive(realm, gone)
    elif realm.settings.merged_customer == "gone":
        realm.release("person", names.full_name(gone), "Customer", loser)
        realm.remove("Customer", loser)
    return realm.find("Customer", survivor) or stays


def _made_inactive(realm: Realm, gone: Json) -> None:
    body = {**gone, "Active": False}
    child = "ParentRef" in gone
    names.place(realm, body, gone, entity="Customer", family="person", member="DisplayName", child=child)
    realm.bump("Customer", body)
    names.settle(realm, gone, body, entity="Customer", family="person")
