"""What customers owe by other ways than sales forms and payments (facts E18): lines on Accounts Receivable.

A line of a journal entry, of a deposit or of a refund cheque that names the receivables account names a
customer, too, and moves what that customer owes. So does a statement charge, which has no lines.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from decimal import Decimal

from qbo_emulator.entities.customer import move_balance
from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import ZERO, Json, amount
from qbo_emulator.storage.realm import Realm

ACCOUNT_TYPE = "Accounts Receivable"


@dataclass(frozen=True, kw_only=True)
class Posting:
    """How much more a customer owes by one line; `customer` is empty where the line names none."""

    customer: str
    value: Decimal


def _customer_of(ref: Json | None) -> str:
    """Return the customer a reference names that may name others, too; its type says whom."""
    ref = ref or {}
    return str(ref.get("value", "")) if str(ref.get("type", "Customer")).lower() == "customer" else ""


def _journal_entry(body: Json, accounts: Container[str]) -> Iterator[Posting]:
    for line in body.get("Line", []):
        detail = line.get("JournalEntryLineDetail", {})
        if detail.get("AccountRef", {}).get("value") in accounts:
            entity = detail.get("Entity", {})
            ref = {"type": entity.get("Type", ""), **entity.get("EntityRef", {})}
            sign = -1 if detail.get("PostingType") == "Credit" else 1
            yield Posting(customer=_customer_of(ref), value=sign * amount(line.get("Amount")))


def _purchase(body: Json, accounts: Container[str]) -> Iterator[Posting]:
    sign = -1 if body.get("Credit") is True else 1
    for line in body.get("Line", []):
        detail = line.get("AccountBasedExpenseLineDetail", {})
        if detail.get("AccountRef", {}).get("value") in accounts:
            customer = _customer_of(detail.get("CustomerRef")) or _customer_of(body.get("EntityRef"))
            yield Posting(customer=customer, value=sign * amount(line.get("Amount")))


def _deposit(body: Json, accounts: Container[str]) -> Iterator[Posting]:
    for line in body.get("Line", []):
        detail = line.get("DepositLineDetail", {})
        if detail.get("AccountRef", {}).get("value") in accounts:
            yield Posting(customer=_customer_of(detail.get("Entity")), value=-amount(line.get("Amount")))


POSTED: dict[str, Callable[[Json, Container[str]], Iterator[Posting]]] = {
    "JournalEntry": _journal_entry,
    "Purchase": _purchase,
    "Deposit": _deposit,
}


def accounts_of(realm: Realm) -> set[str]:
    """Return the Ids of the accounts that hold what customers owe."""
    return {body["Id"] for body in realm.all_of("Account") if body.get("AccountType") == ACCOUNT_TYPE}


def check(realm: Realm, entity: str, body: Json) -> None:
    """Refuse a line on receivables that names no customer there is."""
    for posting in POSTED[entity](body, accounts_of(realm)):
        if not posting.customer:
            raise refusals.business_rule(
                "When you use Accounts Receivable, you must choose a customer in the Name field.", "Line"
            )
        found = realm.referred("Customer", posting.customer)
        if found is None:
            raise refusals.invalid_reference(f"Names element id {posting.customer} not found", "Line")
        if not found.get("Active", True):
            raise refusals.not_found()


def settle(realm: Realm, entity: str, before: Json | None, after: Json | None) -> None:
    """Move what customers owe by what a change of one transaction moved."""
    accounts = accounts_of(realm)
    moved: dict[str, Decimal] = {}
    for body, sign in ((before, -1), (after, 1)):
        for posting in POSTED[entity](body, accounts) if body is not None else ():
            moved[posting.customer] = moved.get(posting.customer, ZERO) + sign * posting.value
    for customer, delta in moved.items():
        if delta:
            move_balance(realm, customer, delta)
