"""What each customer owes, document by document, as it was at the end of a day.

A document posts on its own day and at once with its whole amount; what pays it posts on the payment's day. So
a balance of the past is the sum of what was posted until then, and what is open of a document is its amount
without what was applied to it until then. What a payment applies to a document of another customer posts
with that customer. Amounts are whole cents.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from qbo_emulator.entities import receivables
from qbo_emulator.entities.links import SIGNS, Target
from qbo_emulator.ground.values import Json, amount
from qbo_emulator.storage.realm import Realm

CENTS = 100


@dataclass(kw_only=True)
class Document:
    """One document as one customer sees it: how much more is owed by it, and what of that is open."""

    entity: str
    key: str
    customer: str
    date: str
    due: str
    number: str = ""
    memo: str = ""
    value: int = 0
    left: int = 0


@dataclass(kw_only=True)
class Ledger:
    documents: list[Document] = field(default_factory=list)

    def balances(self) -> dict[str, int]:
        """Return what each customer owes, without its sub-customers."""
        result: dict[str, int] = defaultdict(int)
        for one in self.documents:
            result[one.customer] += one.value
        return result


def cents(value: object) -> int:
    return int(amount(value) * CENTS)


def ledger(realm: Realm, *, until: str) -> Ledger:
    """Read all documents that move what customers owe, of a day or before."""
    forms = {(one.entity, one.key): one for one in _forms(realm)}
    documents = [*_others(realm)]
    for payment in realm.all_of("Payment"):
        documents += _paid(payment, forms, until)
    documents += forms.values()
    return Ledger(documents=[one for one in documents if one.date <= until])


def _forms(realm: Realm) -> Iterator[Document]:
    """Return invoices and credit memos with what is open of them; `_paid` puts back what was applied."""
    for entity, sign in SIGNS.items():
        for body in realm.all_of(entity):
            left = sign * cents(body.get("Balance"))
            yield _document(entity, body, body["CustomerRef"]["value"], left)


def _document(entity: str, body: Json, customer: str, value: int) -> Document:
    date = str(body.get("TxnDate", ""))
    return Document(
        entity=entity,
        key=body["Id"],
        customer=customer,
        date=date,
        due=str(body.get("DueDate", date)),
        number=str(body.get("DocNumber", body.get("PaymentRefNum", ""))),
        memo=str(body.get("PrivateNote", "")),
        value=value,
        left=value,
    )


def _paid(payment: Json, forms: dict[Target, Document], until: str) -> list[Document]:
    """Return a payment as each of its customers sees it; what it pays gets its whole amount back."""
    payer = payment["CustomerRef"]["value"]
    seen = {payer: _document("Payment", payment, payer, -cents(payment.get("UnappliedAmt")))}
    for line in payment.get("Line", []):
        for link in line.get("LinkedTxn", []):
            form = forms.get((link.get("TxnType"), link.get("TxnId")))
            if form is None:
                continue
            part = SIGNS[form.entity] * cents(line["Amount"])
            own = seen.setdefault(form.customer, _document("Payment", payment, form.customer, 0))
            own.value -= part
            form.value += part
            if payment["TxnDate"] > until:
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
                yield _document(entity, body, customer, value)
