"""People at work on both sides, at random: they enter, edit, rename, pay, void, delete, and answer Issues.

What they did is remembered where only they may have changed it: `phone` of customers and `price` of work
codes are edited in Service Genius only, `Mobile` in QuickBooks only, notes and names on both sides.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from django.core.exceptions import ValidationError

from quickbooks_sync import mend
from quickbooks_sync.models import Issue, Link
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice, TaxRate
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.simulation import story
from tests.simulation.books import is_live, money
from tests.simulation.world import RefusedThere, VirtualWorld

#: Few enough that people on both sides take the same ones.
NAMES = ("Ames", "Baxter & Sons", "Baxter and Sons", "Cole LLC", "Cole", "Dunn", "Eames", "Frost Inc", "Gray")
SERVICES = ("Tune-Up", "Tune Up", "Mowing", "Edging", "Filter", "Drain", "Duct Cleaning")
#: What a person presses, by reason; whatever is not here is tried again.
PRESSED = {
    "likely_pair": ("different", "same"),
    "name_taken": ("rename",),
    "changed_there": ("take", "send", "leave"),
    "removed_there": ("remove", "recreate", "stop"),
    "look_alike": ("same", "different", "stop"),
    "already_paid": ("different", "stop"),
}


@dataclass(kw_only=True)
class Hands:
    """The people of one story."""

    world: VirtualWorld
    chance: Random
    #: Fields edited on one side only: (side, kind, id, member) -> as last written by a person.
    written: dict[tuple[str, str, str, str], Any] = field(default_factory=dict)
    #: Objects in QuickBooks whose values somebody here has overruled.
    overruled: set[str] = field(default_factory=set)
    #: What a person removed in QuickBooks: (kind, Id).
    removed: set[tuple[str, str]] = field(default_factory=set)
    #: Makes names and words that stand nowhere else.
    counter: int = 0

    def anything(self) -> None:
        """One act of one person; one that either system refuses is none."""
        act = self.chance.choices([act for act, _ in self._acts()], [weight for _, weight in self._acts()])[0]
        self.world.trace.append(f"{self.world.clock.now():.3f} by hand: {act.__name__}")
        with suppress(ValidationError, RefusedThere):
            act()

    def _acts(self) -> Sequence[tuple[Callable[[], None], int]]:
        return (
            (self.enter_customer, 6),
            (self.edit_customer, 6),
            (self.rename_customer, 2),
            (self.switch_customer, 1),
            (self.enter_work_code, 3),
            (self.edit_work_code, 3),
            (self.enter_invoice, 8),
            (self.edit_invoice, 3),
            (self.void_invoice, 1),
            (self.enter_payment, 5),
            (self.void_payment, 1),
            (self.enter_customer_there, 5),
            (self.edit_customer_there, 5),
            (self.rename_customer_there, 2),
            (self.switch_customer_there, 2),
            (self.enter_item_there, 3),
            (self.edit_item_there, 2),
            (self.enter_vendor_there, 1),
            (self.remove_transaction_there, 2),
        )

    # --- In Service Genius ---

    def enter_customer(self) -> None:
        values: dict[str, Any] = {
            "display_name": self._name(),
            "phone": self._number(),
            "notes": self._word(),
        }
        if self.chance.random() < 0.3 and (parent := self._pick(Customer.objects.filter(active=True))):
            values["parent"] = parent.pk
        made = customers.create(company=self.world.company, values=values)
        self.written["here", "customer", str(made.pk), "phone"] = values["phone"]

    def edit_customer(self) -> None:
        if one := self._pick(Customer.objects.all()):
            values = {"phone": self._number(), "notes": self._word()}
            customers.update(company=self.world.company, id=one.pk, values=values)
            self.written["here", "customer", str(one.pk), "phone"] = values["phone"]

    def rename_customer(self) -> None:
        if one := self._pick(Customer.objects.all()):
            customers.update(company=self.world.company, id=one.pk, values={"display_name": self._name()})

    def switch_customer(self) -> None:
        if one := self._pick(Customer.objects.all()):
            switch = customers.deactivate if one.active else customers.reactivate
            switch(company=self.world.company, id=one.pk)

    def enter_work_code(self) -> None:
        values = {"name": self.chance.choice(SERVICES), "price": self._price(), "taxable": True}
        made = work_codes.create(company=self.world.company, values=values)
        self.written["here", "work_code", str(made.pk), "price"] = values["price"]

    def edit_work_code(self) -> None:
        if one := self._pick(WorkCode.objects.all()):
            price = self._price()
            work_codes.update(company=self.world.company, id=one.pk, values={"price": price})
            self.written["here", "work_code", str(one.pk), "price"] = price

    def enter_invoice(self) -> None:
        buyer = self._pick(Customer.objects.filter(active=True))
        lines = self._lines()
        if buyer is None or not lines:
            return
        values: dict[str, Any] = {
            "number": invoices.next_number(company=self.world.company),
            "customer": buyer.pk,
            "date": self._day(),
            "due_date": self._day(),
            "lines": lines,
        }
        if self.chance.random() < 0.5:
            values["tax_rate"] = TaxRate.objects.get(company=self.world.company).pk
        if self.chance.random() < 0.3:
            values["discount_percent"] = Decimal(self.chance.randrange(1, 200)) / 10
        invoices.create(company=self.world.company, values=values)

    def edit_invoice(self) -> None:
        if one := self._pick(Invoice.objects.filter(voided=False)):
            changes: list[dict[str, Any]] = [{"lines": self._lines()}, {"memo": self._word()}]
            invoices.update(company=self.world.company, id=one.pk, values=self.chance.choice(changes))

    def void_invoice(self) -> None:
        if one := self._pick(Invoice.objects.filter(voided=False)):
            invoices.void(company=self.world.company, id=one.pk)

    def enter_payment(self) -> None:
        """Over one invoice or several of one customer, in part or with a rest."""
        first = self._pick(Invoice.objects.filter(voided=False))
        if first is None:
            return
        owed = [one for one in first.customer.invoices.filter(voided=False).order_by("pk") if _open(one) > 0][
            :2
        ]
        allocations = [{"invoice": one.pk, "amount": _open(one)} for one in owed]
        if allocations and self.chance.random() < 0.4:
            allocations[-1]["amount"] = (allocations[-1]["amount"] / 2).quantize(Decimal("0.01"))
        allocations = [one for one in allocations if one["amount"] > 0]
        rest = self.chance.choice((Decimal(0), Decimal("12.34")))
        amount = sum((one["amount"] for one in allocations), rest)
        if amount > 0:
            values = {
                "customer": first.customer_id,
                "date": self._day(),
                "amount": amount,
                "method": "Check",
                "allocations": allocations,
            }
            payments.create(company=self.world.company, values=values)

    def void_payment(self) -> None:
        if one := self._pick(Payment.objects.filter(voided=False)):
            payments.void(company=self.world.company, id=one.pk)

    # --- In QuickBooks ---

    def enter_customer_there(self) -> None:
        body: dict[str, Any] = {"DisplayName": self._name(), "Mobile": {"FreeFormNumber": self._number()}}
        if self.chance.random() < 0.2 and (parent := self._pick_there("customer")):
            body |= {"ParentRef": {"value": parent["Id"]}, "Job": True}
        self._remember_mobile(self.world.post("customer", body))

    def edit_customer_there(self) -> None:
        if one := self._pick_there("customer"):
            change: dict[str, Any] = {"Mobile": {"FreeFormNumber": self._number()}}
            if self.chance.random() < 0.4:
                change |= {"Notes": self._word()}
            self._remember_mobile(self._update("customer", one, change))

    def rename_customer_there(self) -> None:
        if one := self._pick_there("customer"):
            self._update("customer", one, {"DisplayName": self._name()})

    def switch_customer_there(self) -> None:
        found = self._pick_there("customer", live=self.chance.random() < 0.7)
        if found is None:
            return
        self._update("customer", found, {"Active": not is_live("customer", found)})
        switch = self.removed.add if is_live("customer", found) else self.removed.discard
        switch(("customer", str(found["Id"])))

    def enter_item_there(self) -> None:
        story.item_there(self.world, self.chance.choice(SERVICES), str(self._price()))

    def edit_item_there(self) -> None:
        if one := self._pick_there("item", "work_code"):
            self._update("item", one, {"Description": self._word()})

    def enter_vendor_there(self) -> None:
        self.world.post("vendor", {"DisplayName": self._name()})

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
        self.removed.add((kind, str(one["Id"])))

    # --- Needs attention ---

    def answer_issues(self) -> int:
        """Press a button of every Issue; how many there were."""
        waiting = list(Issue.objects.filter(connection=self.world.connection).order_by("pk"))
        for issue in waiting:
            what = self.chance.choice(PRESSED.get(issue.reason, ("try_again",)))
            self.world.trace.append(f"pressed {what} of {issue}")
            if what == "try_again":
                mend.try_again(issue)
                continue
            with suppress(mend.CannotMendError):
                self._press(issue, what)
        return len(waiting)

    def _press(self, issue: Issue, what: str) -> None:
        link = Link.objects.select_related("remote").get(pk=issue.link_id)
        value = issue.details.get("holder_id", "")
        if issue.reason == "likely_pair":
            value = issue.details["candidates"][0]["remote_id"]
        mend.carry_out(issue, what, value=value)
        if link.remote is None:
            return
        if what == "recreate":
            # Somebody else's from now on, should it come back to life.
            self.world.by_hand.add((link.remote.entity, link.remote.remote_id))
        if what in {"send", "recreate"}:
            self.overruled.add(link.remote.remote_id)

    # --- Bits ---

    def _pick(self, rows: Any) -> Any:
        found = list(rows.filter(company=self.world.company).order_by("pk"))
        return self.chance.choice(found) if found else None

    def _pick_there(self, path: str, kind: str = "", *, live: bool = True) -> dict[str, Any] | None:
        kind = kind or path
        entity = {"customer": "Customer", "item": "Item", "invoice": "Invoice", "payment": "Payment"}[path]
        found = [row for row in self.world.there(entity) if is_live(kind, row) == live]
        return self.chance.choice(found) if found else None

    def _update(self, path: str, row: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
        head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
        return self.world.post(path, head | change)

    def _remember_mobile(self, stored: dict[str, Any]) -> None:
        self.written["there", "customer", str(stored["Id"]), "Mobile"] = stored["Mobile"]["FreeFormNumber"]

    def _lines(self) -> list[dict[str, Any]]:
        codes = list(WorkCode.objects.filter(company=self.world.company, active=True).order_by("pk"))
        return [
            {
                "work_code": self.chance.choice(codes).pk,
                "quantity": Decimal(self.chance.randrange(1, 4000)) / 1000,
                "unit_price": self._price(),
                "taxable": self.chance.random() < 0.6,
            }
            for _ in range(self.chance.randint(1, 3))
            if codes
        ]

    def _name(self) -> str:
        self.counter += 1
        fresh = f"Customer {self.counter}"
        return self.chance.choice(NAMES) if self.chance.random() < 0.5 else fresh

    def _word(self) -> str:
        self.counter += 1
        return f"note {self.counter}"

    def _number(self) -> str:
        return f"(555) {self.chance.randrange(10**6, 10**7)}"

    def _price(self) -> Decimal:
        return Decimal(self.chance.randrange(1, 30000)) / 100

    def _day(self) -> Any:
        return self.world.clock.utc().date()


def _open(invoice: Invoice) -> Decimal:
    return money(invoice.total) - sum((money(one.amount) for one in invoice.allocations.all()), Decimal(0))
