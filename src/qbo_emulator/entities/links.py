"""The links of a payment: to the invoices it pays, and to the credit memos that pay with it (facts E6).

A payment's lines say how much; LinkedTxn and open amounts of the other side follow from them. Every change
of a link goes through `apply_payment`, so that both sides and the customer's balance move together.
"""

from collections.abc import Iterator
from decimal import Decimal

from qbo_emulator.entities.customer import move_balance
from qbo_emulator.ground.values import ZERO, Json, amount, as_stored
from qbo_emulator.storage.realm import Realm

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
    for payment in _payments_of(realm, gone):
        before = applied_to(payment)
        payment["Line"] = [line for line in payment.get("Line", []) if not _names(line, kind, gone["Id"])]
        if kind == "CreditMemo":
            _lower(payment, before.get((kind, gone["Id"]), ZERO), pays="Invoice")
        _settle_lowered(realm, payment, before, but=(kind, gone["Id"]))


def lower_payments(realm: Realm, invoice: Json, excess: Decimal) -> set[str]:
    """Unapply what is paid of an invoice beyond its new total, of the last payment first.

    Return the payments that pay nothing of it any more.
    """
    target = ("Invoice", invoice["Id"])
    unpaid = set()
    for payment in reversed(list(_payments_of(realm, invoice))):
        before = applied_to(payment)
        part = min(excess, before.get(target, ZERO))
        if not part:
            continue
        excess -= part
        _lower(payment, part, pays="Invoice", key=invoice["Id"])
        _settle_lowered(realm, payment, before, but=target)
        if target not in applied_to(payment):
            unpaid.add(payment["Id"])
    return unpaid


def _payments_of(realm: Realm, form: Json) -> Iterator[Json]:
    for link in form.get("LinkedTxn", []):
        payment = realm.find("Payment", link["TxnId"]) if link["TxnType"] == "Payment" else None
        if payment is not None:
            yield payment


def _settle_lowered(realm: Realm, payment: Json, before: dict[Target, Decimal], *, but: Target) -> None:
    """Give back the credits no invoice takes any more, and store a payment whose lines became fewer or less.

    `but` is the form that settles itself.
    """
    _lower(payment, max(ZERO, -net(applied_to(payment))), pays="CreditMemo")
    after = applied_to(payment)
    for target in before.keys() - {but}:
        delta = after.get(target, ZERO) - before[target]
        if delta:
            apply_payment(realm, payment["Id"], target, delta, linked=target in after)
    freed = net(before) - net(after)
    payment["UnappliedAmt"] = as_stored(amount(payment.get("UnappliedAmt")) + freed)
    realm.bump("Payment", payment)
    move_balance(realm, payment["CustomerRef"]["value"], -freed)


def _names(line: Json, kind: str, key: str) -> bool:
    return any((one.get("TxnType"), one.get("TxnId")) == (kind, key) for one in line.get("LinkedTxn", []))


def _lower(payment: Json, by: Decimal, *, pays: str, key: str | None = None) -> None:
    """Take an amount off the lines of a kind, or of one form, the last first; an empty line goes."""
    kept = []
    for line in reversed(payment["Line"]):
        links = line.get("LinkedTxn", [])
        if any(link.get("TxnType") == pays and key in {None, link.get("TxnId")} for link in links):
            taken = min(by, amount(line["Amount"]))
            by -= taken
            if taken == amount(line["Amount"]) and taken:
                continue
            line["Amount"] = as_stored(amount(line["Amount"]) - taken)
        kept.append(line)
    payment["Line"] = kept[::-1]
