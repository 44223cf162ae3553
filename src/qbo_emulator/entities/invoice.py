"""Invoice, as qbo-facts E5 records it: what a customer owes, the payments on it, the estimates behind it."""

from datetime import date, timedelta

from qbo_emulator import refusals
from qbo_emulator.entities import sales_form
from qbo_emulator.entities.credit import apply_credits
from qbo_emulator.entities.definition import Entity, in_body
from qbo_emulator.entities.estimate import check_estimates, settle_estimates
from qbo_emulator.entities.links import release_payments
from qbo_emulator.entities.references import check_reference, named
from qbo_emulator.entities.transactions import check_books_open, settle_balance
from qbo_emulator.realm import Realm
from qbo_emulator.shape import members
from qbo_emulator.values import Json, amount, as_stored

DUE_DAYS_DEFAULT = 30
ONLINE_PAYMENT = (
    "AllowIPNPayment",
    "AllowOnlinePayment",
    "AllowOnlineCreditCardPayment",
    "AllowOnlineACHPayment",
)


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    body = {
        **dict.fromkeys(ONLINE_PAYMENT, False),
        **sales_form.begun(realm, wanted, stored),
    }
    _due(realm, body, stored)
    _amounts(realm, body, stored)
    _customer_may_change(body, stored)
    paid_by = [link for link in (stored or {}).get("LinkedTxn", []) if link.get("TxnType") != "Estimate"]
    body["LinkedTxn"] = [*check_estimates(realm, body, stored), *paid_by]
    sales_form.number(realm, body, stored, entity="Invoice")
    return body


def _due(realm: Realm, body: Json, stored: Json | None) -> None:
    days = DUE_DAYS_DEFAULT
    if stored is None and "SalesTermRef" not in body:
        customer = realm.referred("Customer", body["CustomerRef"]["value"]) or {}
        if "SalesTermRef" in customer:
            body["SalesTermRef"] = customer["SalesTermRef"]
    if "SalesTermRef" in body:
        kept = (stored or {}).get("SalesTermRef")
        term = check_reference(realm, "Term", body["SalesTermRef"], "SalesTermRef", kept_from=kept)
        days = int(term.get("DueDays", DUE_DAYS_DEFAULT))
        body["SalesTermRef"] = named(term, "Name")
    if "DueDate" not in body:
        body["DueDate"] = (date.fromisoformat(body["TxnDate"]) + timedelta(days=days)).isoformat()


def _amounts(realm: Realm, body: Json, stored: Json | None) -> None:
    total = sales_form.summed_up(realm, body, stored)
    if amount(body.get("Deposit")):
        raise refusals.business_rule("Deposits are turned off for this company.", "Deposit")
    paid = amount(stored["TotalAmt"]) - amount(stored["Balance"]) if stored else 0
    if total < paid:
        raise refusals.business_rule("The total cannot be less than the payments applied to it.")
    body["TotalAmt"] = as_stored(total)
    body["Balance"] = as_stored(total - paid)


def _customer_may_change(body: Json, stored: Json | None) -> None:
    if stored is None or not stored.get("LinkedTxn"):
        return
    if stored["CustomerRef"]["value"] != body["CustomerRef"]["value"]:
        raise refusals.business_rule("A transaction with payments cannot go to another customer.")


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None and before is not None:
        check_books_open(realm, before.get("TxnDate"))
        release_payments(realm, "Invoice", before)
    settle_estimates(realm, before, after)
    settle_balance(realm, before, after, member="Balance", sign=1)


def void(realm: Realm, stored: Json) -> Json:
    return sales_form.voided(
        realm, stored, release=lambda realm, invoice: release_payments(realm, "Invoice", invoice)
    )


INVOICE = Entity(
    name="Invoice",
    sequence="transaction",
    sort="transaction",
    members={
        **sales_form.MEMBERS,
        **members(
            text="InvoiceLink EInvoiceStatus",
            number="Deposit",
            flag=" ".join(ONLINE_PAYMENT),
            ref="EBillLookupStatus",
            anything="SalesTermInfo InvoiceEx DiscountApplication",
        ),
    },
    read_only=sales_form.READ_ONLY | {"InvoiceLink"},
    survives_omission=sales_form.SURVIVES_OMISSION | {*ONLINE_PAYMENT, "DueDate"},
    lengths=sales_form.LENGTHS,
    complete=complete,
    settle=settle,
    created=lambda realm, invoice: apply_credits(realm, "Invoice", invoice),
    void=void,
    deletable=True,
    properties={
        **sales_form.PROPERTIES,
        "SalesTermRef": "json_extract(body, '$.SalesTermRef.value')",
        "ProjectRef": "json_extract(body, '$.ProjectRef.value')",
        **in_body("DueDate"),
    },
    only_filtered=sales_form.ONLY_FILTERED,
)
