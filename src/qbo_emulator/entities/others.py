"""Entities that clients ask for and nothing here works with: stored by the general rules (facts E1).

They get an Id, a SyncToken and times; an update may be sparse, one that changes nothing moves nothing;
transactions have a date, a total of their lines, and respect closed books; a bill payment can be voided.
What else they mean (members, references, balances) is not known here. Some can only be read, as through
QuickBooks' own API.
"""

from qbo_emulator.entities.definition import COMMON_PROPERTIES, Complete, Entity, in_body
from qbo_emulator.entities.transactions import (
    check_books_open,
    check_range,
    identified,
    is_void,
    not_sent_so,
    voided_note,
)
from qbo_emulator.ground import recurring
from qbo_emulator.ground.values import ZERO, Json, amount, as_stored
from qbo_emulator.storage.realm import Realm

LISTS = ("Attachable", "Budget", "CompanyCurrency", "CustomerType", "ExchangeRate", "JournalCode")
TRANSACTIONS = (
    "Bill",
    "BillPayment",
    "ChargeCredit",
    "CreditCardPayment",
    "InventoryAdjustment",
    "PurchaseOrder",
    "ReimburseCharge",
    "TaxPayment",
    "TimeActivity",
    "Transfer",
    "VendorCredit",
)
ONLY_READ = {"Budget", "ChargeCredit", "CustomerType", "ReimburseCharge", "TaxPayment"}
# Change data capture leaves these out (facts G).
NOT_IN_CHANGES = {"JournalCode"}
# A bill that was paid can be voided (facts B1); of the others nobody says so.
VOIDABLE = {"BillPayment"}
# As python-quickbooks reads it, and the published schema has it.
WRITTEN_AS = {"CreditCardPayment": "CreditCardPaymentTxn"}


def complete_list(_realm: Realm, wanted: Json, _stored: Json | None) -> Json:
    return wanted


def complete_transaction(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    body = {"TxnDate": realm.today, **wanted}
    check_books_open(realm, body["TxnDate"], (stored or {}).get("TxnDate"))
    if stored is not None:
        not_sent_so(body)
    if "Line" not in body:
        return body
    lines = identified(body["Line"], stored)
    total = sum((amount(line.get("Amount")) for line in lines), ZERO)
    check_range(total, "TotalAmt")
    return {**body, "Line": lines, "TotalAmt": wanted.get("TotalAmt") or as_stored(total)}


def void(realm: Realm, stored: Json) -> Json:
    """Leave nothing of the amounts; the note says why."""
    check_books_open(realm, stored.get("TxnDate"))
    if is_void(stored):
        return stored
    lines = [{**line, "Amount": 0} for line in stored.get("Line", [])]
    note = voided_note(realm, stored.get("PrivateNote"))
    return {**stored, "Line": lines, "TotalAmt": 0, "PrivateNote": note}


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None and before is not None:
        check_books_open(realm, before.get("TxnDate"))


def _list(name: str) -> Entity:
    return Entity(
        name=name,
        sequence=name,
        sort="list",
        properties={**COMMON_PROPERTIES, "Name": "name", "Active": "active", **in_body("Code", "Type")},
        complete=_unless_only_read(name, complete_list),
        open_members=True,
        survives_omission=frozenset({"Active"}),
        deletable=name == "Attachable",
        in_change_data_capture=name not in NOT_IN_CHANGES,
    )


def transaction(name: str) -> Entity:
    return Entity(
        name=name,
        sequence="transaction",
        sort="transaction",
        properties={
            **COMMON_PROPERTIES,
            "DocNumber": "doc_number",
            "TxnDate": "txn_date",
            "CustomerRef": "customer",
            "VendorRef": "json_extract(body, '$.VendorRef.value')",
            **in_body("TotalAmt", "Balance", "DueDate"),
        },
        complete=_unless_only_read(name, complete_transaction),
        open_members=True,
        survives_omission=frozenset({"TxnDate", "DocNumber", "CurrencyRef"}),
        settle=settle,
        void=void if name in VOIDABLE else None,
        written_as=WRITTEN_AS.get(name, ""),
        deletable=name not in ONLY_READ,
        in_change_data_capture=name not in NOT_IN_CHANGES,
    )


RECURRING_TRANSACTION = Entity(
    name=recurring.ENTITY,
    sequence="transaction",
    sort="transaction",
    properties={**COMMON_PROPERTIES, "Type": "(SELECT key FROM json_each(body))"},
    complete=complete_list,
    open_members=True,
    deletable=True,
)


def _unless_only_read(name: str, complete: Complete) -> Complete | None:
    return None if name in ONLY_READ else complete


OTHERS = (*map(_list, LISTS), *map(transaction, TRANSACTIONS), RECURRING_TRANSACTION)
