"""What each customer owes, document by document, as it was at the end of a day.

A document posts on its own day and at once with its whole amount; what pays it posts on the payment's day. So
a balance of the past is the sum of what was posted until then, and what is open of a document is its amount
without what was applied to it until then. What a payment applies to a document of another customer posts
with that customer. Amounts are whole cents.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from qbo_emulator.entities import receivables
from qbo_emulator.entities.links import SIGNS, Target
from qbo_emulator.ground.values import Json, decode
from qbo_emulator.storage.realm import Realm

CENTS = 100
FORM = ("Id", "CustomerRef.value", "TxnDate", "DueDate", "DocNumber", "Balance")
PAYMENT = ("Id", "CustomerRef.value", "TxnDate", "PaymentRefNum", "UnappliedAmt", "Line")


@dataclass(kw_only=True)
class Document:
    """One document as one customer sees it: how much more is owed by it, and what of that is open."""

    entity: str
    key: str
    customer: str
    date: str
    due: str
    number: str = ""
    value: int = 0
    left: int = 0
    # What a purchase was paid by, and whether it came back.
    sort: str = ""


def balances(documents: list[Document]) -> dict[str, int]:
    """Return what each customer owes, without its sub-customers."""
    result: dict[str, int] = defaultdict(int)
    for one in documents:
        result[one.customer] += one.value
    return result


def ledger(realm: Realm, *, until: str) -> list[Document]:
    """Return all documents that move what customers owe, of a day or before."""
    forms = {(one.entity, one.key): one for one in _forms(realm)}
    documents = [*_others(realm)]
    for payment in realm.members_of("Payment", *PAYMENT):
        documents += _paid(payment, forms, until)
    documents += forms.values()
    return [one for one in documents if one.date <= until]


def cents(value: object) -> int:
    """Return a stored amount in whole cents, which a number of SQLite's holds up to some 10^13."""
    return round(float(str(value or 0)) * CENTS)


def _forms(realm: Realm) -> Iterator[Document]:
    """Return invoices and credit memos with what is open of them; `_paid` puts back what was applied."""
    for entity, sign in SIGNS.items():
        for key, customer, date, due, number, balance in realm.members_of(entity, *FORM):
            left = sign * cents(balance)
            yield Document(
                entity=entity,
                key=key,
                customer=customer,
                date=date,
                due=due or date,
                number=str(number or ""),
                value=left,
                left=left,
            )


def _paid(payment: tuple[str, ...], forms: dict[Target, Document], until: str) -> list[Document]:
    """Return a payment as each of its customers sees it; what it pays gets its whole amount back."""
    key, payer, date, number, rest, lines = payment

    def seen_by(customer: str, value: int = 0) -> Document:
        return Document(
            entity="Payment",
            key=key,
            customer=customer,
            date=date,
            due=date,
            number=number or "",
            value=value,
            left=value,
        )

    seen = {payer: seen_by(payer, -cents(rest))}
    for line in decode(lines) if lines else ():
        for link in line.get("LinkedTxn", []):
            form = forms.get((link.get("TxnType"), link.get("TxnId")))
            if form is None:
                continue
            part = SIGNS[form.entity] * cents(line["Amount"])
            own = seen.setdefault(form.customer, seen_by(form.customer))
            own.value -= part
            form.value += part
            if date > until:
                form.left += part  # not yet applied
            elif form.date > until:
                own.left -= part  # applied to what is not there yet
    return [*seen.values()]


def _others(realm: Realm) -> Iterator[Document]:
    accounts = receivables.accounts_of(realm)
    for entity, posted in receivables.POSTED.items():
        for body in realm.all_of(entity):
            moved: dict[str, int] = defaultdict(int)
            for posting in posted(body, accounts):
                moved[posting.customer] += cents(posting.value)
            for customer, value in moved.items():
                yield _other(entity, body, customer, value)


def _other(entity: str, body: Json, customer: str, value: int) -> Document:
    date = str(body.get("TxnDate", ""))
    number = str(body.get("DocNumber", ""))
    return Document(
        entity=entity,
        key=body["Id"],
        customer=customer,
        date=date,
        due=date,
        number=number,
        value=value,
        left=value,
        sort=sort_of(entity, body),
    )


def sort_of(entity: str, body: Json) -> str:
    """Return what sort of its entity a document is: of purchases what they were paid by."""
    if entity != "Purchase":
        return entity
    if body.get("Credit") is True:
        return "CreditCardCredit"
    return {"Cash": "Expense", "CreditCard": "CreditCardExpense"}.get(str(body.get("PaymentType")), "Check")
