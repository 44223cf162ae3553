"""The links of a payment: to the invoices it pays, and to the credit memos that pay with it (E6).

A payment's lines say how much; LinkedTxn and open amounts of the other side follow from them. Every change
of a link goes through `apply_payment`, so that both sides and the customer's balance move together.
"""

from decimal import Decimal

from qbo_emulator.entities.customer import move_balance
from qbo_emulator.realm import Realm
from qbo_emulator.values import ZERO, Json, amount, as_stored

# What a payment's line may name, and which way it counts: an invoice is paid, a credit memo pays.
SIGNS = {"Invoice": 1, "CreditMemo": -1}

Target = tuple[str, str]  # type and Id of a transaction


def applied_to(payment: Json | None) -> dict[Target, Decimal]:
    """Return how much a payment's lines apply to which transaction, without sign."""
    result: dict[Target, Decimal] = {}
    for line in (payment or {}).get("Line", []):
        for link in line.get("LinkedTxn", []):
            if link.get("TxnType") in SIGNS:
                target = (link["TxnType"], link["TxnId"])
                result[target] = result.get(target, ZERO) + amount(line["Amount"])
    return result


def net(applied: dict[Target, Decimal]) -> Decimal:
    """Return what the payment itself brings: what it pays, less what credit memos pay of it."""
    return sum((SIGNS[kind] * value for (kind, _), value in applied.items()), ZERO)


def apply_payment(realm: Realm, payment: str, target: Target, delta: Decimal, *, linked: bool) -> None:
    """Let an open amount fall by what a payment now applies more to it; its SyncToken moves."""
    kind, key = target
    body = realm.find(kind, key)
    if body is None:
        return
    link = {"TxnId": payment, "TxnType": "Payment"}
    links = [one for one in body.get("LinkedTxn", []) if one != link]
    body["LinkedTxn"] = [*links, link] if linked else links
    body["Balance"] = as_stored(amount(body.get("Balance")) - delta)
    if kind == "CreditMemo":
        body["RemainingCredit"] = body["Balance"]
    realm.bump(kind, body)
    move_balance(realm, body["CustomerRef"]["value"], -SIGNS[kind] * delta)


def release_payments(realm: Realm, kind: str, gone: Json) -> None:
    """Take a transaction that is voided or deleted out of its payments.

    What they paid of an invoice is unapplied then, and credit memos get back what no invoice takes; without
    a credit memo the invoices it paid are open again.
    """
    for link in gone.get("LinkedTxn", []):
        payment = realm.find("Payment", link["TxnId"]) if link["TxnType"] == "Payment" else None
        if payment is None:
            continue
        before = applied_to(payment)
        payment["Line"] = [line for line in payment.get("Line", []) if not _names(line, kind, gone["Id"])]
        if kind == "Invoice":
            surplus = max(ZERO, -net(applied_to(payment)))
            _lower(payment, "CreditMemo", surplus)
        else:
            _lower(payment, "Invoice", before.get((kind, gone["Id"]), ZERO))
        after = applied_to(payment)
        for target in before.keys() - {(kind, gone["Id"])}:
            delta = after.get(target, ZERO) - before[target]
            if delta:
                apply_payment(realm, payment["Id"], target, delta, linked=target in after)
        freed = net(before) - net(after)
        payment["UnappliedAmt"] = as_stored(amount(payment.get("UnappliedAmt")) + freed)
        realm.bump("Payment", payment)
        move_balance(realm, payment["CustomerRef"]["value"], -freed)


def _names(line: Json, kind: str, key: str) -> bool:
    return any((one.get("TxnType"), one.get("TxnId")) == (kind, key) for one in line.get("LinkedTxn", []))


def _lower(payment: Json, kind: str, by: Decimal) -> None:
    """Take an amount off the lines of a kind, the last first; a line without an amount goes."""
    kept = []
    for line in reversed(payment["Line"]):
        if any(link.get("TxnType") == kind for link in line.get("LinkedTxn", [])):
            taken = min(by, amount(line["Amount"]))
            by -= taken
            if taken == amount(line["Amount"]) and taken:
                continue
            line["Amount"] = as_stored(amount(line["Amount"]) - taken)
        kept.append(line)
    payment["Line"] = kept[::-1]
