"""Credit memo (qbo-facts E7): money a customer has to the good, used up through payments.

A payment of zero with an invoice line and a credit memo line applies it. Where the company lets credits be
applied automatically, QuickBooks makes that payment itself, as soon as there is an open invoice and a credit.
"""

from decimal import Decimal

from qbo_emulator import refusals
from qbo_emulator.entities import payment, sales_form
from qbo_emulator.entities.definition import Entity, in_body
from qbo_emulator.entities.links import release_payments
from qbo_emulator.entities.transactions import check_books_open, settle_balance
from qbo_emulator.realm import Realm
from qbo_emulator.shape import members
from qbo_emulator.values import Json, amount, as_stored


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    body = sales_form.begun(realm, wanted, stored)
    total = sales_form.summed_up(realm, body, stored)
    used = amount(stored["TotalAmt"]) - amount(stored["RemainingCredit"]) if stored else 0
    if total < used:
        raise refusals.business_rule("The total cannot be less than what is applied of it.")
    if stored is not None and used and stored["CustomerRef"]["value"] != body["CustomerRef"]["value"]:
        raise refusals.business_rule("A transaction with payments cannot go to another customer.")
    body["LinkedTxn"] = (stored or {}).get("LinkedTxn", [])
    body["TotalAmt"] = as_stored(total)
    body["Balance"] = body["RemainingCredit"] = as_stored(total - used)
    sales_form.number(realm, body, stored, entity="CreditMemo")
    return body


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None and before is not None:
        check_books_open(realm, before.get("TxnDate"))
        release_payments(realm, "CreditMemo", before)
    settle_balance(realm, before, after, member="RemainingCredit", sign=-1)


def apply_credits(realm: Realm, entity: str, created: Json) -> Json:
    """Pay a customer's open invoices with its credits, the oldest first, if the company wants that."""
    if not realm.preferences.get("SalesFormsPrefs", {}).get("AutoApplyCredit"):
        return created
    customer = created["CustomerRef"]["value"]
    invoices = realm.open_of("Invoice", customer)
    memos = realm.open_of("CreditMemo", customer)
    if not invoices or not memos:
        return created
    while invoices and memos:
        paid = min(amount(invoices[0]["Balance"]), amount(memos[0]["Balance"]))
        _pay(realm, invoices[0], memos[0], paid)
        for some in (invoices, memos):
            some[0]["Balance"] = amount(some[0]["Balance"]) - paid
            if not some[0]["Balance"]:
                some.pop(0)
    return realm.find(entity, created["Id"]) or created


def _pay(realm: Realm, invoice: Json, memo: Json, paid: Decimal) -> None:
    content = payment.complete(
        realm,
        {
            "CustomerRef": invoice["CustomerRef"],
            "TotalAmt": 0,
            "Line": [
                {"Amount": paid, "LinkedTxn": [{"TxnId": one["Id"], "TxnType": kind}]}
                for kind, one in (("Invoice", invoice), ("CreditMemo", memo))
            ],
        },
        None,
    )
    payment.settle(realm, None, realm.add("Payment", "transaction", content))


CREDIT_MEMO = Entity(
    name="CreditMemo",
    sequence="transaction",
    sort="transaction",
    members={**sales_form.MEMBERS, **members(number="RemainingCredit", anything="CreditMemoEx InvoiceRef")},
    read_only=sales_form.READ_ONLY | {"RemainingCredit"},
    survives_omission=sales_form.SURVIVES_OMISSION,
    lengths=sales_form.LENGTHS,
    required=sales_form.REQUIRED,
    complete=complete,
    settle=settle,
    created=lambda realm, memo: apply_credits(realm, "CreditMemo", memo),
    deletable=True,
    properties={**sales_form.PROPERTIES, **in_body("RemainingCredit")},
    only_filtered=sales_form.ONLY_FILTERED,
)
