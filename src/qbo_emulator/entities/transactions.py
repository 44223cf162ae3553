"""What invoices and payments have in common: customer, dates, closed books, and the link between the two.

A payment's lines say what it pays; an invoice's LinkedTxn and Balance follow from them. Every change of
that link goes through `apply_payment`, so that both sides and the customer's balance move together.
"""

from decimal import Decimal

from qbo_emulator import refusals
from qbo_emulator.entities.customer import move_balance
from qbo_emulator.entities.references import named
from qbo_emulator.realm import Realm
from qbo_emulator.values import Json, amount, as_stored

AMOUNT_MAX = Decimal(99_999_999_999)
VOIDED = "Voided"


def check_customer(realm: Realm, body: Json, stored: Json | None) -> Json:
    """Return the customer of a transaction; one that left the list is refused, even on an old one."""
    ref = body.get("CustomerRef")
    if not ref or not ref.get("value"):
        raise refusals.missing("CustomerRef")
    customer = realm.find("Customer", ref["value"])
    if customer is None:
        raise refusals.invalid_reference(f"Names element id {ref['value']} not found", "CustomerRef")
    if not customer.get("Active", True):
        name = customer["DisplayName"]
        verb = "modify" if stored else "save"
        raise refusals.invalid_reference(
            "Customer assigned to this transaction has been deleted. "
            f"Before you can {verb} this transaction, you must restore {name}.",
            "CustomerRef",
        )
    return customer


def customer_ref(customer: Json) -> Json:
    return named(customer, "DisplayName")


def check_books_open(realm: Realm, *dates: str | None) -> None:
    closed = realm.preferences.get("AccountingInfoPrefs", {}).get("BookCloseDate")
    if closed and any(date is not None and date <= closed for date in dates):
        raise refusals.books_closed()


def check_currency(body: Json) -> Json:
    currency = body.get("CurrencyRef", {}).get("value", "USD")
    if currency != "USD":
        raise refusals.business_rule("Multi-currency is turned off for this company.", "CurrencyRef")
    return {"value": "USD", "name": "United States Dollar"}


def check_range(value: Decimal, element: str) -> None:
    if value > AMOUNT_MAX:
        raise refusals.out_of_range(value, element)


def voided_note(note: str | None) -> str:
    return f"{VOIDED} - {note}" if note else VOIDED


def applied_to(payment: Json | None) -> dict[str, Decimal]:
    """Return how much a payment pays of which invoice."""
    result: dict[str, Decimal] = {}
    for line in (payment or {}).get("Line", []):
        for link in line.get("LinkedTxn", []):
            if link.get("TxnType") == "Invoice":
                result[link["TxnId"]] = result.get(link["TxnId"], Decimal(0)) + amount(line["Amount"])
    return result


def apply_payment(realm: Realm, payment: str, invoice_id: str, delta: Decimal, *, linked: bool) -> None:
    """Let an invoice's balance fall by what a payment now pays more of it; its SyncToken moves."""
    invoice = realm.find("Invoice", invoice_id)
    if invoice is None:
        return
    link = {"TxnId": payment, "TxnType": "Payment"}
    links = [one for one in invoice.get("LinkedTxn", []) if one != link]
    invoice["LinkedTxn"] = [*links, link] if linked else links
    invoice["Balance"] = as_stored(amount(invoice["Balance"]) - delta)
    realm.bump("Invoice", invoice)
    move_balance(realm, invoice["CustomerRef"]["value"], -delta)


def release_payments(realm: Realm, invoice: Json) -> None:
    """Take an invoice that is voided or deleted out of its payments; what they paid is unapplied then."""
    for link in invoice.get("LinkedTxn", []):
        payment = realm.find("Payment", link["TxnId"]) if link["TxnType"] == "Payment" else None
        if payment is None:
            continue
        freed = applied_to(payment).get(invoice["Id"], Decimal(0))
        payment["Line"] = [
            line
            for line in payment.get("Line", [])
            if all(one["TxnId"] != invoice["Id"] for one in line.get("LinkedTxn", []))
        ]
        payment["UnappliedAmt"] = as_stored(amount(payment.get("UnappliedAmt")) + freed)
        realm.bump("Payment", payment)
        move_balance(realm, payment["CustomerRef"]["value"], -freed)


def settle_balance(realm: Realm, before: Json | None, after: Json | None, *, member: str, sign: int) -> None:
    """Move the customer's balance by what an open amount changed; its time moves in any case."""
    old = before["CustomerRef"]["value"] if before else None
    new = after["CustomerRef"]["value"] if after else None
    was = sign * amount(before.get(member)) if before else Decimal(0)
    now = sign * amount(after.get(member)) if after else Decimal(0)
    if old is not None and old != new:
        move_balance(realm, old, -was)
        was = Decimal(0)
    if new is not None:
        move_balance(realm, new, now - was)
