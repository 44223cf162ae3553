"""Credit memo (facts E7): money a customer has to the good, used up through payments.

A payment of zero with an invoice line and a credit memo line applies it. Where the company lets credits be
applied automatically, QuickBooks pays each new invoice itself with whatever its customer has to the good:
credit memos, and what is left of payments. A new credit memo pays what is open.
"""

from decimal import Decimal

from qbo_emulator.entities import payment, sales_form
from qbo_emulator.entities.definition import Entity, in_body
from qbo_emulator.entities.links import release_payments
from qbo_emulator.entities.transactions import check_books_open, is_closed, settle_balance
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import members
from qbo_emulator.ground.values import ZERO, Json, amount, as_stored
from qbo_emulator.storage.realm import Realm


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    body = sales_form.begun(realm, wanted, stored)
    total = sales_form.summed_up(realm, body, stored)
    used = amount(stored["TotalAmt"]) - amount(stored["RemainingCredit"]) if stored else 0
    if total < used:
        raise refusals.business_rule("The total cannot be less than what is applied of it.")
    if stored is not None and used and stored["CustomerRef"]["value"] != body["CustomerRef"]["value"]:
        raise refusals.business_rule("A transaction with payments cannot go to another customer.")
    sales_form.link(body, stored, (stored or {}).get("LinkedTxn", []))
    body["TotalAmt"] = as_stored(total)
    body["Balance"] = body["RemainingCredit"] = as_stored(total - used)
    sales_form.number(realm, body, stored, entity="CreditMemo")
    return body


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None and before is not None:
        check_books_open(realm, before.get("TxnDate"))
        release_payments(realm, "CreditMemo", before)
    settle_balance(realm, before, after, member="RemainingCredit", sign=-1)


def applied_to_new(realm: Realm, invoice: Json) -> Json:
    """Pay a new invoice with what its customer has to the good, the oldest first; return what is answered.

    A credit memo pays through a payment of zero, a payment by a further line of its own (facts E10).
    """
    if not _applies_itself(realm):
        return invoice
    left, customer = amount(invoice["Balance"]), invoice["CustomerRef"]["value"]
    for kind, source in _to_the_good(realm, customer) if left else ():
        part = min(left, amount(source["Balance" if kind == "CreditMemo" else "UnappliedAmt"]))
        if kind == "CreditMemo":
            _pay_with_memo(realm, invoice, source, part, on=invoice["TxnDate"])
        else:
            payment.pay_with_rest(realm, source, invoice, part)
        left -= part
        if not left:
            break
    answer = realm.find("Invoice", invoice["Id"]) or invoice
    if realm.settings.auto_applied_links == "untold":
        links = [one for one in answer["LinkedTxn"] if one["TxnType"] != "Payment"]
        answer = {**answer, "LinkedTxn": links}
    return answer


def _applies_itself(realm: Realm) -> bool:
    return bool(realm.preferences.get("SalesFormsPrefs", {}).get("AutoApplyCredit"))


def _to_the_good(realm: Realm, customer: str) -> list[tuple[str, Json]]:
    """Return a customer's credit memos and payments with a rest, the oldest first.

    A payment in closed books stays as it is; one that is in a deposit does not.
    """
    found = [("CreditMemo", memo) for memo in realm.open_of("CreditMemo", customer)]
    if realm.settings.auto_apply_unapplied:
        rests = realm.open_of("Payment", customer, member="UnappliedAmt")
        found += [("Payment", one) for one in rests if not is_closed(realm, one["TxnDate"])]
    return sorted(found, key=lambda each: (each[1]["TxnDate"], int(each[1]["Id"])))


def _apply_new(realm: Realm, memo: Json) -> Json:
    """Pay a customer's open invoices with a new credit memo, the oldest first, if the company wants that."""
    left = amount(memo["Balance"]) if _applies_itself(realm) else ZERO
    for invoice in realm.open_of("Invoice", memo["CustomerRef"]["value"]) if left else ():
        part = min(left, amount(invoice["Balance"]))
        _pay_with_memo(realm, invoice, memo, part, on=memo["TxnDate"])
        left -= part
        if not left:
            break
    return realm.find("CreditMemo", memo["Id"]) or memo


def _pay_with_memo(realm: Realm, invoice: Json, memo: Json, part: Decimal, *, on: str) -> None:
    content = payment.complete(
        realm,
        {
            "CustomerRef": invoice["CustomerRef"],
            "TxnDate": on,
            "TotalAmt": 0,
            "Line": [
                {"Amount": part, "LinkedTxn": [{"TxnId": one["Id"], "TxnType": kind}]}
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
    needed_to_load=("CustomerRef", "TotalAmt", "RemainingCredit"),
    complete=complete,
    settle=settle,
    created=_apply_new,
    deletable=True,
    properties={**sales_form.PROPERTIES, **in_body("RemainingCredit")},
    only_filtered=sales_form.ONLY_FILTERED,
)
