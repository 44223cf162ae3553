"""People at work in QuickBooks, at random: they enter, edit, rename, merge, deactivate, void and delete."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from tests.simulation import story
from tests.simulation.books import is_live
from tests.simulation.people import SERVICES, People
from tests.simulation.world import RefusedThere, VirtualWorld

ENTITY = {
    "customer": "Customer",
    "item": "Item",
    "invoice": "Invoice",
    "payment": "Payment",
    "vendor": "Vendor",
}


@dataclass(kw_only=True)
class HandsThere:
    """What somebody there may do."""

    people: People

    @property
    def world(self) -> VirtualWorld:
        return self.people.world

    @property
    def chance(self) -> Random:
        return self.people.chance

    def acts(self) -> Sequence[tuple[Callable[[], None], int]]:
        return (
            (self.enter_customer_there, 5),
            (self.edit_customer_there, 5),
            (self.rename_customer_there, 2),
            (self.swap_names_there, 1),
            (self.switch_customer_there, 2),
            (self.merge_customers_there, 1),
            (self.enter_item_there, 3),
            (self.edit_item_there, 2),
            (self.rename_item_there, 1),
            (self.enter_vendor_there, 1),
            (self.rename_vendor_there, 1),
            (self.remove_transaction_there, 2),
            (self.close_books_there, 1),
            (self.enter_credit_memo_there, 1),
            (self.enter_payment_there, 1),
        )

    def enter_customer_there(self) -> None:
        body: dict[str, Any] = {
            "DisplayName": self.people.name(),
            "Mobile": {"FreeFormNumber": self.people.number()},
        }
        if self.chance.random() < 0.2 and (parent := self._pick_there("customer")):
            body |= {"ParentRef": {"value": parent["Id"]}, "Job": True}
        self._remember_mobile(self.world.post("customer", body))

    def edit_customer_there(self) -> None:
        if one := self._pick_there("customer"):
            change: dict[str, Any] = {"Mobile": {"FreeFormNumber": self.people.number()}}
            if self.chance.random() < 0.4:
                change |= {"Notes": self.people.word()}
            self._remember_mobile(self._update("customer", one, change))

    def rename_customer_there(self) -> None:
        if one := self._pick_there("customer"):
            self._update("customer", one, {"DisplayName": self.people.name()})

    def swap_names_there(self) -> None:
        """Two exchange their names, by way of a third."""
        one, other = self._pick_there("customer"), self._pick_there("customer")
        if one is None or other is None or one["Id"] == other["Id"]:
            return
        names = [row["DisplayName"] for row in (one, other)]
        one = self._update("customer", one, {"DisplayName": self.people.word()})
        for row, name in ((other, names[0]), (one, names[1])):
            self._update("customer", row, {"DisplayName": name})

    def merge_customers_there(self) -> None:
        """The loser is gone, and what it had belongs to the survivor."""
        loser, survivor = self._pick_there("customer"), self._pick_there("customer")
        if loser is None or survivor is None or loser["Id"] == survivor["Id"]:
            return
        if any(row.get("ParentRef", {}).get("value") == loser["Id"] for row in self.world.there("Customer")):
            raise RefusedThere("It has sub-customers.")
        ids = {"loser": loser["Id"], "survivor": survivor["Id"]}
        self.world.emulator.control("POST", f"realms/{self.world.realm}/merge", ids)
        self.people.removed.add(("customer", str(loser["Id"])))

    def switch_customer_there(self) -> None:
        found = self._pick_there("customer", live=self.chance.random() < 0.7)
        if found is None:
            return
        self._update("customer", found, {"Active": not is_live("customer", found)})
        switch = self.people.removed.add if is_live("customer", found) else self.people.removed.discard
        switch(("customer", str(found["Id"])))

    def enter_item_there(self) -> None:
        story.item_there(self.world, self.chance.choice(SERVICES), str(self.people.price()))

    def edit_item_there(self) -> None:
        if one := self._pick_there("item", "work_code"):
            self._update("item", one, {"Description": self.people.word()})

    def rename_item_there(self) -> None:
        if one := self._pick_there("item", "work_code"):
            self._update("item", one, {"Name": self.chance.choice(SERVICES)})

    def rename_vendor_there(self) -> None:
        """Vendors and customers share their names."""
        if one := self._pick_there("vendor"):
            self._update("vendor", one, {"DisplayName": self.people.name()})

    def enter_vendor_there(self) -> None:
        self.world.post("vendor", {"DisplayName": self.people.name()})

    def remove_transaction_there(self) -> None:
        kind = self.chance.choice(("invoice", "payment"))
        one = self._pick_there(kind)
        if one is None:
            return
        head = {"Id": one["Id"], "SyncToken": one["SyncToken"]}
        if kind == "payment":
            self.world.post("payment?operation=delete", head)
        elif self.chance.random() < 0.5:
            self.world.post("invoice?operation=void", head)
        else:
            self.world.post("invoice?operation=delete", head)
        self.people.removed.add((kind, str(one["Id"])))

    def enter_credit_memo_there(self) -> None:
        """QuickBooks may pay the next invoice with it by itself."""
        if (one := self._pick_there("customer")) and (item := self._pick_there("item", "work_code")):
            line = {"DetailType": "SalesItemLineDetail", "Amount": float(self.people.price())}
            line |= {"SalesItemLineDetail": {"ItemRef": {"value": item["Id"]}}}
            self.world.post("creditmemo", {"CustomerRef": {"value": one["Id"]}, "Line": [line]})

    def enter_payment_there(self) -> None:
        """On account, and nothing of it comes here."""
        if one := self._pick_there("customer"):
            body = {"CustomerRef": {"value": one["Id"]}, "TotalAmt": float(self.people.price())}
            self.world.post("payment", body)

    def close_books_there(self) -> None:
        """Up to a day of late; or they are opened again."""
        day = self.world.clock.utc().date() - timedelta(days=self.chance.randint(0, 3))
        until = day.isoformat() if self.chance.random() < 0.5 else None
        self.world.emulator.preferences(self.world.realm, AccountingInfoPrefs={"BookCloseDate": until})

    def _pick_there(self, path: str, kind: str = "", *, live: bool = True) -> dict[str, Any] | None:
        kind = kind or path
        found = [row for row in self.world.there(ENTITY[path]) if is_live(kind, row) == live]
        return self.chance.choice(found) if found else None

    def _update(self, path: str, row: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
        head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
        return self.world.post(path, head | change)

    def _remember_mobile(self, stored: dict[str, Any]) -> None:
        self.people.written["there", "customer", str(stored["Id"]), "Mobile"] = stored["Mobile"][
            "FreeFormNumber"
        ]
