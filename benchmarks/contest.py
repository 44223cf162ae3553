"""One company and one set of books for whoever brings them to QuickBooks; and what came of it.

In virtual time, with QuickBooks' published limits, and 0.5 s for a call and 0.4 s for an item of it.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.simulation.world import InProcessEmulator, VirtualWorld, virtual_world

from . import books

BATCH_ITEMS = 30
BATCHES_PER_MINUTE = 40
#: By what each record is known on both sides.
KEYS = {"Customer": "DisplayName", "Item": "Name", "Invoice": "DocNumber", "Payment": "PaymentRefNum"}


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much there is to send."""

    customers: int

    @property
    def work_codes(self) -> int:
        return max(self.customers // 20, 1)

    @property
    def invoices(self) -> int:
        return 2 * self.customers

    @property
    def payments(self) -> int:
        return 2 * self.customers

    @property
    def records(self) -> int:
        return self.customers + self.work_codes + self.invoices + self.payments

    @property
    def batches(self) -> tuple[int, int, int]:
        """Full batches, in three waves: what is referred to must be there first."""
        waves = (self.customers + self.work_codes, self.invoices, self.payments)
        lists, invoices, payments = (math.ceil(records / BATCH_ITEMS) for records in waves)
        return lists, invoices, payments

    @property
    def fewest_calls(self) -> int:
        return sum(self.batches)

    @property
    def fewest_minutes(self) -> float:
        return self.fewest_calls / BATCHES_PER_MINUTE


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one piece of work took, as QuickBooks counted it, and by the clock of the story."""

    calls: int
    metered_reads: int
    throttled: int
    minutes: float


@contextmanager
def filled_world(
    emulator: InProcessEmulator, size: Size, *, request_ids: str = "honoured", check_numbers: bool = True
) -> Iterator[VirtualWorld]:
    """A company with its books, and an empty one in QuickBooks."""
    with virtual_world(emulator, seed=1, mode=request_ids) as world:
        emulator.preferences(world.realm, SalesFormsPrefs={"CustomTxnNumbers": check_numbers})
        books.add_work_codes(world.company, size.work_codes)
        books.add_customers(world.company, size.customers)
        books.add_invoices(world.company, size.invoices)
        books.add_payments(world.company)
        world.connection.start_date = books.FIRST_DAY
        world.connection.save(update_fields=["start_date"])
        yield world


def cost_of(world: VirtualWorld, work: Callable[[], None]) -> Cost:
    """Do it, and see what it cost."""
    world.emulator.reset_counters()
    begun = world.clock.now()
    work()
    counters: Mapping[str, int] = world.emulator.control("GET", f"counters?realm={world.realm}")
    return Cost(
        calls=counters["calls"],
        metered_reads=counters["metered_reads"],
        throttled=counters["throttled"],
        minutes=(world.clock.now() - begun) / 60,
    )


def duplicates(world: VirtualWorld) -> dict[str, int]:
    """How many objects too many stand in QuickBooks, by entity."""
    dump = world.emulator.dump(world.realm)
    return {
        entity: sum(number - 1 for number in Counter(row.get(key) for row in dump.get(entity, [])).values())
        for entity, key in KEYS.items()
    }


def missing(world: VirtualWorld) -> int:
    """How many records did not get to QuickBooks."""
    dump = world.emulator.dump(world.realm)
    here: dict[str, Any] = {
        "Customer": Customer.objects.values_list("display_name", flat=True),
        "Item": WorkCode.objects.values_list("name", flat=True),
        "Invoice": Invoice.objects.values_list("number", flat=True),
        "Payment": Payment.objects.values_list("reference", flat=True),
    }
    return sum(
        len(set(here[entity]) - {row.get(key) for row in dump.get(entity, [])})
        for entity, key in KEYS.items()
    )


def change_fifty(world: VirtualWorld) -> None:
    """A day of work: 20 customers and 5 work codes edited, 15 invoices and 10 payments entered."""
    company = world.company
    for customer in Customer.objects.filter(company=company).order_by("pk")[:20]:
        customers.update(company=company, id=customer.pk, values={"notes": "Gate code 4711"})
    for work_code in WorkCode.objects.filter(company=company, code__gt="").order_by("pk")[:5]:
        work_codes.update(company=company, id=work_code.pk, values={"description": "As it is done now"})
    known = Invoice.objects.filter(company=company).order_by("pk").prefetch_related("lines")[:15]
    for number, invoice in enumerate(known):
        line = {"quantity": 1, "unit_price": 80, "taxable": False, "description": "Work"}
        values = {
            "number": f"N{number}",
            "customer": invoice.customer_id,
            "date": invoice.date,
            "due_date": invoice.due_date,
            "lines": [{**line, "work_code": invoice.lines.all()[0].work_code_id}],
        }
        entered = invoices.create(company=company, values=values)
        if number < 10:
            payments.create(company=company, values=books.payment_of(entered))
