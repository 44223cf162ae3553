"""People at work on the lists in QuickBooks, at random: they enter, edit, rename, merge and deactivate."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from tests.simulation import story
from tests.simulation.books import is_live
from tests.simulation.people import SERVICES, People
from tests.simulation.world import RefusedThere, VirtualWorld

ENTITY = {"customer": "Customer", "item": "Item", "vendor": "Vendor", "estimate": "Estimate"}


@dataclass(kw_only=True)
class HandsThere:
    """What somebody there may do; `only`: to just this one."""

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
            (self.enter_customer_there, 5),
            (self.edit_customer_there, 5),
            (self.rename_customer_there, 2),
            (self.swap_names_there, 1),
            (self.switch_customer_there, 2),
            (self.merge_customers_there, 1),
            (self.enter_item_there, 3),
            (self.edit_item_there, 2),
            (self.rename_item_there, 1),
            (self.switch_item_there, 1),
            (self.merge_items_there, 1),
            (self.enter_vendor_there, 1),
            (self.rename_vendor_there, 1),
            (self.close_books_there, 1),
            (self.enter_credit_memo_there, 1),
            (self.enter_payment_there, 1),
            (self.answer_estimate_there, 2),
            (self.delete_estimate_there, 1),
        )

    def acts_on_one(self) -> Sequence[tuple[Callable[[], None], int]]:
        """What may befall this one."""
        if self.only is not None and self.only[0] == "Item":
            return ((self.edit_item_there, 2), (self.rename_item_there, 3), (self.switch_item_there, 1))
        return (
            (self.edit_customer_there, 2),
            (self.rename_customer_there, 3),
            (self.swap_names_there, 1),
            (self.switch_customer_there, 1),
            (self.merge_customers_there, 1),
        )

    def enter_customer_there(self) -> None:
        name = self.people.name()
        body: dict[str, Any] = {"DisplayName": name, "Mobile": {"FreeFormNumber": self.people.number()}}
        if address := self.people.address(name):
            body |= {"PrimaryEmailAddr": {"Address": address}}
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
        one = self._pick_there("customer")
        other = self._pick_there("customer", but=one)
        if one is None or other is None:
            return
        names = [row["DisplayName"] for row in (one, other)]
        one = self._update("customer", one, {"DisplayName": self.people.word()})
        for row, name in ((other, names[0]), (one, names[1])):
            self._update("customer", row, {"DisplayName": name})

    def merge_customers_there(self) -> None:
        """The loser is gone, and what it had belongs to the survivor."""
        loser = self._pick_there("customer")
        survivor = self._pick_there("customer", but=loser)
        if loser is None or survivor is None:
            return
        if any(row.get("ParentRef", {}).get("value") == loser["Id"] for row in self.world.there("Customer")):
            raise RefusedThere("It has sub-customers.")
        self._merge_there("customer", loser, survivor)

    def merge_items_there(self) -> None:
        """The loser is gone, and the survivor stands on its lines."""
        loser = self._pick_there("item", "work_code")
        survivor = self._pick_there("item", "work_code", but=loser)
        if loser is not None and survivor is not None and loser["Type"] == survivor["Type"]:
            self._merge_there("work_code", loser, survivor)

    def _merge_there(self, kind: str, loser: dict[str, Any], survivor: dict[str, Any]) -> None:
        entity = {"customer": "Customer", "work_code": "Item"}[kind]
        ids = {"loser": loser["Id"], "survivor": survivor["Id"], "entity": entity}
        self.world.emulator.control("POST", f"realms/{self.world.realm}/merge", ids)
        self.people.put_away(kind, str(loser["Id"]))
        for row in self.world.there(entity):
            if row["Id"] == loser["Id"]:  # it may be inactive, and not gone
                self.people.edited_there(entity, row)

    def switch_customer_there(self) -> None:
        found = self._pick_there("customer", live=self.chance.random() < 0.7)
        if found is None:
            return
        self._update("customer", found, {"Active": not is_live("customer", found)})
        if is_live("customer", found):
            self.people.put_away("customer", str(found["Id"]))
        else:
            self.people.removed.discard(("customer", str(found["Id"])))

    def enter_item_there(self) -> None:
        story.item_there(self.world, self.chance.choice(SERVICES), str(self.people.price()))

    def edit_item_there(self) -> None:
        if one := self._pick_there("item", "work_code"):
            self._update("item", one, {"Description": self.people.word()})

    def rename_item_there(self) -> None:
        if one := self._pick_there("item", "work_code"):
            self._update("item", one, {"Name": self.chance.choice(SERVICES)})

    def switch_item_there(self) -> None:
        found = self._pick_there("item", "work_code", live=self.chance.random() < 0.5)
        if found is not None and found["Type"] == "Service":
            self._update("item", found, {"Active": not is_live("work_code", found)})
            if is_live("work_code", found):
                self.people.put_away("work_code", str(found["Id"]))
            else:
                self.people.removed.discard(("work_code", str(found["Id"])))

    def rename_vendor_there(self) -> None:
        """Vendors and customers share their names."""
        if one := self._pick_there("vendor"):
            self._update("vendor", one, {"DisplayName": self.people.name()})

    def enter_vendor_there(self) -> None:
        self.world.post("vendor", {"DisplayName": self.people.name()})

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

    def answer_estimate_there(self) -> None:
        """The customer has told somebody there."""
        if one := self._pick_there("estimate"):
            status = self.chance.choice(["Pending", "Accepted", "Rejected", "Closed"])
            self._update("estimate", one, {"TxnStatus": status})

    def delete_estimate_there(self) -> None:
        if one := self._pick_there("estimate"):
            self.world.post("estimate?operation=delete", {"Id": one["Id"], "SyncToken": one["SyncToken"]})
            self.people.removed.add(("estimate", str(one["Id"])))

    def close_books_there(self) -> None:
        """Up to a day of late; or they are opened again."""
        day = self.world.clock.utc().date() - timedelta(days=self.chance.randint(0, 3))
        until = day.isoformat() if self.chance.random() < 0.5 else None
        self.world.emulator.preferences(self.world.realm, AccountingInfoPrefs={"BookCloseDate": until})

    def _pick_there(
        self, path: str, kind: str = "", *, live: bool = True, but: dict[str, Any] | None = None
    ) -> dict[str, Any] | None:
        """One of them, or the only one; `but`: another than this."""
        found = [row for row in self.world.there(ENTITY[path]) if is_live(kind or path, row) == live]
        if but is not None:
            found = [row for row in found if row["Id"] != but["Id"]]
        elif self.only is not None:
            found = [row for row in found if (ENTITY[path], str(row["Id"])) == self.only]
        return self.chance.choice(found) if found else None

    def _update(self, path: str, row: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
        head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
        stored = self.world.post(path, head | change)
        self.people.edited_there(ENTITY[path], stored)
        return stored

    def _remember_mobile(self, stored: dict[str, Any]) -> None:
        self.people.written["there", "customer", str(stored["Id"]), "Mobile"] = stored["Mobile"][
            "FreeFormNumber"
        ]
