"""Statement charges (facts E18): QuickBooks offers them to people only; here the control plane does.

A charge is owed at once, without an invoice. No client can ask for it; reports show it.
"""

from qbo_emulator.entities import receivables
from qbo_emulator.entities.transactions import check_books_open, check_customer, check_range, customer_ref
from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json, amount, as_stored, cents
from qbo_emulator.storage.realm import Realm

NAME = "StatementCharge"


def charge(realm: Realm, *, customer: str, value: Json) -> Json:
    """Charge a customer an "Amount", on a "TxnDate" or today; "Description" says what for."""
    body = {"TxnDate": realm.today, **value, "CustomerRef": {"value": customer}}
    body["CustomerRef"] = customer_ref(check_customer(realm, body, None))
    check_books_open(realm, body["TxnDate"])
    total = cents(amount(body.get("Amount")))
    if total <= 0:
        raise refusals.business_rule("You must set a transaction amount.")
    check_range(total, "Amount")
    made = realm.add(NAME, "transaction", {**body, "Amount": as_stored(total)})
    receivables.settle(realm, NAME, None, made)
    return made


def take_back(realm: Realm, key: str) -> Json:
    """Delete a charge."""
    stored = realm.find(NAME, key)
    if stored is None:
        raise refusals.not_found()
    check_books_open(realm, stored.get("TxnDate"))
    realm.remove(NAME, key)
    receivables.settle(realm, NAME, stored, None)
    return stored
