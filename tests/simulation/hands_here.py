"""People at work in Service Genius, at random: they enter, edit, rename, merge, pay, void and deactivate."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from quickbooks_sync.models import Link
from quickbooks_sync.resolving import apart
from quickbooks_sync.resolving.shared import CannotResolveError
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.estimates import operations as estimates
from service_genius.estimates.models import Estimate
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.sales.models import TaxRate
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.simulation import births
from tests.simulation.books import money
from tests.simulation.people import SERVICES, People
from tests.simulation.world import VirtualWorld


@dataclass(kw_only=True)
class HandsHere:
    """What somebody here may do."""

    people: People

    @property
    def world(self) -> VirtualWorld:
        return self.people.world

    @property
    def chance(self) -> Random:
        return self.people.chance

    def acts(self) -> Sequence[tuple[Callable[[], None], int]]:
        return (
            (self.enter_customer, 6),
            (self.edit_customer, 6),
            (self.rename_customer, 2),
            (self.swap_names, 1),
            (self.switch_customer, 1),
            (self.take_apart, 3),
            (self.merge_customers, 1),
            (self.enter_work_code, 3),
            (self.edit_work_code, 3),
            (self.rename_work_code, 1),
            (self.enter_invoice, 8),
            (self.edit_invoice, 3),
            (self.void_invoice, 1),
            (self.enter_payment, 5),
            (self.void_payment, 1),
            (self.call_off, 1),
            (self.enter_estimate, 3),
            (self.edit_estimate, 2),
            (self.void_estimate, 1),
            (self.invoice_estimate, 1),
        )

    def enter_customer(self) -> None:
        name = self.people.name()
        values: dict[str, Any] = {
            "display_name": name,
            "email": self.people.address(name),
            "phone": self.people.number(),
            "notes": self.people.word(),
        }
        if self.chance.random() < 0.3 and (parent := self._pick(Customer.objects.filter(active=True))):
            values["parent"] = parent.pk
        made = customers.create(company=self.world.company, values=values)
        self.people.written["here", "customer", str(made.pk), "phone"] = values["phone"]

    def edit_customer(self) -> None:
        if one := self._pick(Customer.objects.all()):
            values = {"phone": self.people.number(), "notes": self.people.word()}
            customers.update(company=self.world.company, id=one.pk, values=values)
            self.people.written["here", "customer", str(one.pk), "phone"] = values["phone"]

    def rename_customer(self) -> None:
        if one := self._pick(Customer.objects.all()):
            customers.update(
                company=self.world.company, id=one.pk, values={"display_name": self.people.name()}
            )

    def swap_names(self) -> None:
        """Two exchange their names, by way of a third."""
        one, other = self._pick(Customer.objects.all()), self._pick(Customer.objects.all())
        if one is None or one.pk == other.pk:
            return
        for who, name in ((one, self.people.word()), (other, one.display_name), (one, other.display_name)):
            customers.update(company=self.world.company, id=who.pk, values={"display_name": name})

    def merge_customers(self) -> None:
        loser, survivor = self._pick(Customer.objects.all()), self._pick(Customer.objects.all())
        if loser is None:
            return
        customers.merge_customers(company=self.world.company, loser=loser.pk, survivor=survivor.pk)
        # The survivor stays as it is here, also where it takes over what the loser was in QuickBooks.
        self.people.overruled |= self._ids_there(loser) | self._ids_there(survivor)

    def switch_customer(self) -> None:
        if one := self._pick(Customer.objects.all()):
            switch = customers.deactivate if one.active else customers.reactivate
            survivor = one.merged_into_id
            switch(company=self.world.company, id=one.pk)
            births.take_over(self.world.births, self.world.connection, ("customer", one.pk), survivor)
            if not one.active:  # a person wants it back, on both sides
                for remote_id in self._ids_there(one):
                    self.people.bring_back("customer", remote_id)

    def take_apart(self) -> None:
        """Two that were paired are said not to be the same."""
        links = Link.objects.filter(connection=self.world.connection, local_id__isnull=False)
        paired = links.filter(remote__isnull=False).select_related("remote", "connection__company")
        found = [link for link in paired.order_by("pk") if apart.can_be(link)]
        if not found:
            return
        link = self.chance.choice(found)
        assert link.remote is not None
        with suppress(CannotResolveError):
            look = apart.look(link)
            apart.take_apart(link.pk, seen=look.seen)
            self.world.left_under |= {each.link.pk for each in look.documents if not each.moves}
            self.world.trace.append(f"took apart {link}")
            self.people.overruled.add(link.remote.remote_id)  # it gets back what it had
            self.people.parted.add(link.pk)  # whoever is merged into it brings a link of its own
            # Should it be one that was made for it after all, a person has said that it is another's.
            self.world.released.add((link.remote.entity, link.remote.remote_id))

    def enter_work_code(self) -> None:
        values = {"name": self.chance.choice(SERVICES), "price": self.people.price(), "taxable": True}
        made = work_codes.create(company=self.world.company, values=values)
        self.people.written["here", "work_code", str(made.pk), "price"] = values["price"]

    def edit_work_code(self) -> None:
        if one := self._pick(WorkCode.objects.all()):
            price = self.people.price()
            work_codes.update(company=self.world.company, id=one.pk, values={"price": price})
            self.people.written["here", "work_code", str(one.pk), "price"] = price

    def rename_work_code(self) -> None:
        if one := self._pick(WorkCode.objects.all()):
            values = {"name": self.chance.choice(SERVICES)}
            work_codes.update(company=self.world.company, id=one.pk, values=values)

    def enter_estimate(self) -> None:
        if values := self._form():
            number = estimates.next_number(company=self.world.company)
            estimates.create(company=self.world.company, values={**values, "number": number})

    def edit_estimate(self) -> None:
        if one := self._pick(Estimate.objects.filter(voided=False, invoice=None)):
            answers = [Estimate.Status.PENDING, Estimate.Status.ACCEPTED, Estimate.Status.DECLINED]
            changes: list[dict[str, Any]] = [
                {"lines": self._lines()},
                {"memo": self.people.word()},
                {"status": self.chance.choice(answers)},
            ]
            estimates.update(company=self.world.company, id=one.pk, values=self.chance.choice(changes))

    def void_estimate(self) -> None:
        if one := self._pick(Estimate.objects.filter(voided=False)):
            estimates.void(company=self.world.company, id=one.pk)

    def invoice_estimate(self) -> None:
        if one := self._pick(Estimate.objects.filter(voided=False, invoice=None)):
            estimates.make_invoice(company=self.world.company, id=one.pk)

    def enter_invoice(self) -> None:
        if values := self._form():
            number = invoices.next_number(company=self.world.company)
            due = {"number": number, "due_date": self._day()}
            invoices.create(company=self.world.company, values={**values, **due})

    def _form(self) -> dict[str, Any]:
        """What every sales form says; nothing if there is nobody, or nothing to sell."""
        buyer = self._pick(Customer.objects.filter(active=True))
        lines = self._lines()
        if buyer is None or not lines:
            return {}
        values: dict[str, Any] = {"customer": buyer.pk, "date": self._day(), "lines": lines}
        if self.chance.random() < 0.5:
            values["tax_rate"] = TaxRate.objects.get(company=self.world.company).pk
        if self.chance.random() < 0.3:
            values["discount_percent"] = Decimal(self.chance.randrange(1, 200)) / 10
        return values

    def edit_invoice(self) -> None:
        if one := self._pick(Invoice.objects.filter(voided=False)):
            changes: list[dict[str, Any]] = [{"lines": self._lines()}, {"memo": self.people.word()}]
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

    def call_off(self) -> None:
        """A job that came to nothing: its payments, its invoice, and at times whoever ordered it."""
        one = self._pick(Invoice.objects.filter(voided=False))
        if one is None:
            return
        paid = Payment.objects.filter(allocations__invoice=one, voided=False).order_by("pk")
        for payment in list(paid):
            payments.void(company=self.world.company, id=payment.pk)
        invoices.void(company=self.world.company, id=one.pk)
        if one.customer.active and self.chance.random() < 0.5:
            customers.deactivate(company=self.world.company, id=one.customer_id)

    def _ids_there(self, one: Customer) -> set[str]:
        links = Link.objects.filter(connection=self.world.connection, kind="customer", local_id=one.pk)
        return set(links.exclude(remote=None).values_list("remote__remote_id", flat=True))

    def _pick(self, rows: Any) -> Any:
        found = list(rows.filter(company=self.world.company).order_by("pk"))
        return self.chance.choice(found) if found else None

    def _lines(self) -> list[dict[str, Any]]:
        codes = list(WorkCode.objects.filter(company=self.world.company, active=True).order_by("pk"))
        return [
            {
                "work_code": self.chance.choice(codes).pk,
                "quantity": Decimal(self.chance.randrange(1, 4000)) / 1000,
                "unit_price": self.people.price(),
                "taxable": self.chance.random() < 0.6,
            }
            for _ in range(self.chance.randint(1, 3))
            if codes
        ]

    def _day(self) -> Any:
        return self.world.clock.utc().date()


def _open(invoice: Invoice) -> Decimal:
    return money(invoice.total) - sum((money(one.amount) for one in invoice.allocations.all()), Decimal(0))
