"""Other sales forms: loaded by the control plane and answered, so that their numbers can be looked up.

Deliberately absent: writing them, and what they move in balances.
"""

from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body


def _form(name: str) -> Entity:
    return Entity(
        name=name,
        sequence="transaction",
        sort="transaction",
        properties={
            **COMMON_PROPERTIES,
            "DocNumber": "doc_number",
            "TxnDate": "txn_date",
            "CustomerRef": "customer",
            **in_body("TotalAmt", "Balance"),
        },
    )


SALES_RECEIPT, CREDIT_MEMO, REFUND_RECEIPT, ESTIMATE = map(
    _form, ("SalesReceipt", "CreditMemo", "RefundReceipt", "Estimate")
)
