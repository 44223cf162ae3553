"""People who keep the books in QuickBooks, at random: they correct, copy, void and delete what is there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from tests.simulation.books import is_live
from tests.simulation.people import People
from tests.simulation.world import VirtualWorld

WAYS = (
    "AllowOnlineCreditCardPayment",
    "AllowOnlineACHPayment",
    "AllowOnlinePayPalPayment",
    "AllowOnlineAffirmPayment",
)
#: Those of the pay link.
BY_LINK = WAYS[:2]
PATHS = {"Invoice": "invoice", "Payment": "payment"}
#: What a copy takes over.
COPIED = {
    "Invoice": ("CustomerRef", "TxnDate", "DueDate", "Line", "TxnTaxDetail", "PrivateNote"),
    "Payment": ("CustomerRef", "TxnDate", "TotalAmt", "PaymentRefNum", "PrivateNote"),
}


@dataclass(kw_only=True)
class HandsOnMoney:
    """What somebody there may do to an invoice or a payment; `only`: to just this one."""

    people: People
    only: tuple[str, str] | None = None

    @property
    def world(self) -> VirtualWorld:
        return self.people.world

    @property
    def chance(self) -> Random:
        return self.people.chance

    def acts(self) -> Sequence[tuple[Callable[[], None], int]]:
        return (
            (self.correct_transaction_there, 2),
            (self.erase_note_there, 1),
            (self.copy_transaction_there, 1),
            (self.remove_transaction_there, 2),
            (self.open_to_online_payment, 2),
            (self.mail_invoice_there, 1),
            (self.write_new_members, 1),
        )

    def acts_on_one(self) -> Sequence[tuple[Callable[[], None], int]]:
        """What may befall this one."""
        return self.acts()

    def correct_transaction_there(self) -> None:
        """Another number, day, memo or amount."""
        entity, one = self._pick_there()
        if one is None:
            return
        day = (self.world.clock.utc().date()).isoformat()
        changes: list[dict[str, Any]]
        if entity == "Invoice":
            changes = [{"DocNumber": f"A-{self.chance.randrange(100)}"}, {"TxnDate": day}]
            changes += [{"CustomerMemo": {"value": self.people.word()}}, {"Line": self._repriced(one)}]
        else:
            amount = Decimal(str(one["TotalAmt"])) + self.chance.randrange(1, 2000) / Decimal(100)
            changes = [{"PaymentRefNum": self.people.word()}, {"TxnDate": day}, {"TotalAmt": float(amount)}]
        self._update(entity, one, self.chance.choice(changes))

    def erase_note_there(self) -> None:
        """The private note is for the bookkeeper, who does not care for our marker."""
        entity, one = self._pick_there()
        if one is not None:
            self._update(entity, one, {"PrivateNote": self.chance.choice(("", self.people.word()))})

    def copy_transaction_there(self) -> None:
        """Next month's invoice from this one, its note included; now and then under the same number."""
        entity, one = self._pick_there()
        if one is None:
            return
        body = {name: one[name] for name in COPIED[entity] if name in one}
        if entity == "Invoice":
            same = self.chance.random() < 0.3
            body["DocNumber"] = one.get("DocNumber") if same else f"C-{self.chance.randrange(100)}"
            body |= dict.fromkeys(WAYS, False)
        self.world.post(PATHS[entity], body)

    def remove_transaction_there(self) -> None:
        entity, one = self._pick_there()
        if one is None:
            return
        head = {"Id": one["Id"], "SyncToken": one["SyncToken"]}
        if entity == "Payment" or self.chance.random() < 0.5:
            self.world.post(f"{PATHS[entity]}?operation=delete", head)
        else:
            self.world.post("invoice?operation=void", head)
        self.people.removed.add((PATHS[entity], str(one["Id"])))

    def open_to_online_payment(self) -> None:
        """Somebody says how one invoice can be paid, and to whom it would be mailed."""
        entity, one = self._pick_there()
        if one is None or entity != "Invoice":
            return
        ways = {way: self.chance.random() < 0.5 for way in WAYS}
        with self._by_page():
            self._update(
                entity, one, ways | {"BillEmail": {"Address": f"{self.people.word()[5:]}@example.com"}}
            )
        self.people.ways[one["Id"]] = ways

    def mail_invoice_there(self) -> None:
        entity, one = self._pick_there()
        if one is not None and entity == "Invoice":
            self.world.post(f"invoice/{one['Id']}/send?sendTo=somebody@example.com", {})
            self.people.mailed.add(one["Id"])

    def write_new_members(self) -> None:
        """Intuit does that one night."""
        self.world.emulator.backfill(
            self.world.realm, EInvoiceStatus="NotSent", **{self.people.word().replace(" ", ""): {"a": [1]}}
        )

    @contextmanager
    def _by_page(self) -> Iterator[None]:
        """QuickBooks mails by itself what a program makes payable online, and not what a person does."""
        switches = self.world.emulator.settings()
        self.world.emulator.settings(auto_mail="off")
        try:
            yield
        finally:
            self.world.emulator.settings(auto_mail=switches["auto_mail"])

    def _repriced(self, invoice: dict[str, Any]) -> list[dict[str, Any]]:
        """The first line at another price; the sum is QuickBooks'."""
        first, *rest = [line for line in invoice["Line"] if line["DetailType"] != "SubTotalLineDetail"]
        price = self.people.price()
        quantity = Decimal(str(first["SalesItemLineDetail"].get("Qty", 1)))
        detail = first["SalesItemLineDetail"] | {"UnitPrice": float(price)}
        amount = round(price * quantity, 2)
        return [first | {"Amount": float(amount), "SalesItemLineDetail": detail}, *rest]

    def _pick_there(self) -> tuple[str, dict[str, Any] | None]:
        entity = self.only[0] if self.only is not None else self.chance.choice(("Invoice", "Payment"))
        found = [row for row in self.world.there(entity) if is_live(PATHS[entity], row)]
        if self.only is not None:
            found = [row for row in found if str(row["Id"]) == self.only[1]]
        return entity, self.chance.choice(found) if found else None

    def _update(self, entity: str, row: dict[str, Any], change: dict[str, Any]) -> None:
        head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
        # A page of QuickBooks says all of them each time.
        ways = {way: row.get(way, False) for way in WAYS} if entity == "Invoice" else {}
        self.world.post(PATHS[entity], head | ways | change)
