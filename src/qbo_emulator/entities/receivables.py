"""What customers owe by other ways than sales forms and payments (facts E18): lines on Accounts Receivable.

A line of a journal entry, of a deposit or of a refund cheque that names the receivables account names a
customer, too, and moves what that customer owes. So does a statement charge, which has no lines.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from decimal import Decimal

from qbo_emulator.entities.customer import move_balance
from qbo_emulator.entities.references import id_in
from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import ZERO, Json, amount
from qbo_emulator.storage.realm import Realm

ACCOUNT_TYPE = "Accounts Receivable"


@dataclass(frozen=True, kw_only=True)
class Posting:
    """How much more a customer owes by one line; `customer` is empty where the line names none."""

    customer: str
    value: Decimal


def _lines(body: Json, detail: str) -> Iterator[tuple[Decimal, Json]]:
    """Return amount and detail of each line that has the detail; what was loaded may hold anything."""
    lines = body.get("Line")
    for line in lines if isinstance(lines, list) else ():
        inside = line.get(detail) if isinstance(line, dict) else None
        if isinstance(inside, dict):
            yield amount(line.get("Amount")), inside


def _journal_entry(body: Json, accounts: Container[str]) -> Iterator[Posting]:
    for value, detail in _lines(body, "JournalEntryLineDetail"):
        if id_in(detail, "AccountRef") in accounts:
            entity = detail.get("Entity") or {}
            customer = id_in(entity, "EntityRef") if entity.get("Type") == "Customer" else ""
            yield Posting(customer=customer, value=-value if detail.get("PostingType") == "Credit" else value)


def _purchase(body: Json, accounts: Container[str]) -> Iterator[Posting]:
    for value, detail in _lines(body, "AccountBasedExpenseLineDetail"):
        if id_in(detail, "AccountRef") in accounts:
            customer = id_in(detail, "CustomerRef") or id_in(body, "EntityRef", "customer")
            yield Posting(customer=customer, value=-value if body.get("Credit") is True else value)


def _deposit(body: Json, accounts: Container[str]) -> Iterator[Posting]:
    for value, detail in _lines(body, "DepositLineDetail"):
        if id_in(detail, "AccountRef") in accounts:
            yield Posting(customer=id_in(detail, "Entity", "customer"), value=-value)


def _statement_charge(body: Json, _accounts: Container[str]) -> Iterator[Posting]:
    yield Posting(customer=id_in(body, "CustomerRef"), value=amount(body.get("Amount")))


POSTED: dict[str, Callable[[Json, Container[str]], Iterator[Posting]]] = {
    "JournalEntry": _journal_entry,
    "Purchase": _purchase,
    "Deposit": _deposit,
    "StatementCharge": _statement_charge,
}


def accounts_of(realm: Realm) -> set[str]:
    """Return the Ids of the accounts that hold what customers owe."""
    return {key for key, kind in realm.members_of("Account", "Id", "AccountType") if kind == ACCOUNT_TYPE}


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
