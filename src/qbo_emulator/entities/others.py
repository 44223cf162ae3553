"""Entities that clients ask for and nothing here works with: loaded by the control plane, read and queried.

Written through the API they are refused (500), never answered with a made-up success.
"""

from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body

LISTS = ("Attachable", "Budget", "CompanyCurrency", "CustomerType", "ExchangeRate", "JournalCode")
TRANSACTIONS = (
    "Bill",
    "BillPayment",
    "ChargeCredit",
    "CreditCardPayment",
    "InventoryAdjustment",
    "JournalEntry",
    "Purchase",
    "PurchaseOrder",
    "RecurringTransaction",
    "ReimburseCharge",
    "StatementCharge",
    "TaxPayment",
    "TimeActivity",
    "Transfer",
    "VendorCredit",
)
# Change data capture leaves these out (qbo-facts G).
NOT_IN_CHANGES = {"ExchangeRate", "JournalCode", "TimeActivity"}


def _loaded_list(name: str) -> Entity:
    return Entity(
        name=name,
        sequence=name,
        sort="list",
        properties={**COMMON_PROPERTIES, "Name": "name", "Active": "active", **in_body("Code", "Type")},
        in_change_data_capture=name not in NOT_IN_CHANGES,
    )


def _loaded_transaction(name: str) -> Entity:
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
        in_change_data_capture=name not in NOT_IN_CHANGES,
    )


OTHERS = (*map(_loaded_list, LISTS), *map(_loaded_transaction, TRANSACTIONS))
