"""What a bookkeeper enters in QuickBooks beside invoices and payments, that moves what a customer owes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.simulation.people import People
from tests.simulation.world import VirtualWorld

ENTERED = {
    "JournalEntry": "journalentry",
    "Purchase": "purchase",
    "Deposit": "deposit",
    "CreditMemo": "creditmemo",
}


@dataclass(kw_only=True)
class HandsOnAccounts:
    """Somebody there at work on customers' accounts."""

    people: People

    @property
    def world(self) -> VirtualWorld:
        return self.people.world

    @property
    def chance(self) -> Random:
        return self.people.chance

    def acts(self) -> Sequence[tuple[Callable[[], None], int]]:
        return (
            (self.enter_journal_entry, 1),
            (self.refund_by_cheque, 1),
            (self.deposit_from_customer, 1),
            (self.delete_entry, 1),
        )

    def enter_journal_entry(self) -> None:
        """A debt written off, or taken over; for two customers at once now and then."""
        customers = self._customers(self.chance.choice((1, 1, 2)))
        ways = self.chance.choice((("Debit", "Credit"), ("Credit", "Debit")))
        amount = float(self.people.price())

        def line(account: str, way: str, number: int, **entity: Any) -> dict[str, Any]:
            detail = {"PostingType": way, "AccountRef": {"value": self._account(account)}, **entity}
            sums = round(amount * number, 2)
            return {"Amount": sums, "DetailType": "JournalEntryLineDetail", "JournalEntryLineDetail": detail}

        lines = [
            line("Accounts Receivable", ways[0], 1, Entity={"Type": "Customer", "EntityRef": {"value": each}})
            for each in customers
        ]
        if lines:
            self.world.post("journalentry", {"Line": [*lines, line("Income", ways[1], len(lines))]})

    def refund_by_cheque(self) -> None:
        for customer in self._customers(1):
            detail = {
                "AccountRef": {"value": self._account("Accounts Receivable")},
                "CustomerRef": {"value": customer},
            }
            line = {
                "Amount": float(self.people.price()),
                "DetailType": "AccountBasedExpenseLineDetail",
                "AccountBasedExpenseLineDetail": detail,
            }
            body = {
                "PaymentType": "Check",
                "AccountRef": {"value": self._account("Bank")},
                "EntityRef": {"value": customer, "type": "Customer"},
                "Line": [line],
            }
            self.world.post("purchase", body)

    def deposit_from_customer(self) -> None:
        """Money of a customer, banked without a payment."""
        for customer in self._customers(1):
            detail = {
                "AccountRef": {"value": self._account("Accounts Receivable")},
                "Entity": {"value": customer, "type": "CUSTOMER"},
            }
            line = {
                "Amount": float(self.people.price()),
                "DetailType": "DepositLineDetail",
                "DepositLineDetail": detail,
            }
            body = {"DepositToAccountRef": {"value": self._account("Bank")}, "Line": [line]}
            self.world.post("deposit", body)

    def delete_entry(self) -> None:
        entity, path = self.chance.choice(sorted(ENTERED.items()))
        found = self.world.there(entity)
        if found:
            one = self.chance.choice(found)
            self.world.post(f"{path}?operation=delete", {"Id": one["Id"], "SyncToken": one["SyncToken"]})

    def _customers(self, number: int) -> list[str]:
        found = [str(row["Id"]) for row in self.world.there("Customer") if row["Active"]]
        return self.chance.sample(found, min(number, len(found)))

    def _account(self, sort: str) -> str:
        return next(str(row["Id"]) for row in self.world.there("Account") if row["AccountType"] == sort)
