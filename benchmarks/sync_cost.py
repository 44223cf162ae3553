"""What a run costs: calls, metered reads, seconds, memory. Real HTTP to an emulator; no pace limits.

Seconds therefore say what the program itself takes. With QuickBooks' limits and its own time for a
batch, the calls decide.
"""

import time
from collections.abc import Callable, Iterator

from quickbooks_sync.models import SyncRun
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.emulator import Emulator
from tests.world import World, connected_world

from . import memory
from .books import add_customers, add_work_codes, company, customer_there
from .results import Figure

EDITS = 5
SETTLED_SECONDS = 200


def measure(emulator: Emulator, *, customer_count: int, work_code_count: int) -> Iterator[Figure]:
    world = connected_world(emulator, company("Sends everything"))
    add_customers(world.company, customer_count)
    add_work_codes(world.company, work_code_count)
    records = customer_count + work_code_count
    sent = f"{customer_count:,} customers and {work_code_count:,} work codes"
    yield from _run(f"Full Sync of {sent} into an empty QuickBooks", world.full, records=records)
    yield from _run("Sync right after it", world.sync)
    # Past QuickBooks' last late commits; the Sync that sees them pass is not measured.
    emulator.advance(SETTLED_SECONDS)
    world.sync()
    yield from _run("A later Sync, nothing new", world.sync)
    _edit(world)
    yield from _run(f"Sync after {EDITS} edits", world.sync, records=EDITS)
    yield from _run("Full Sync again, nothing new", world.full)

    other = connected_world(emulator, company("Takes everything"))
    rows = [customer_there(number) for number in range(customer_count)]
    emulator.load(other.realm, {"Customer": rows})
    taken = f"{customer_count:,} customers from QuickBooks"
    yield from _run(f"Full Sync taking {taken}", other.full, records=customer_count)


def _edit(world: World) -> None:
    for customer in Customer.objects.filter(company=world.company).order_by("pk")[:EDITS]:
        customers.update(company=world.company, id=customer.pk, values={"notes": "Gate code 4711"})


def _run(group: str, sync: Callable[[], SyncRun], *, records: int = 0) -> Iterator[Figure]:
    memory.reset_peak()
    started = time.perf_counter()
    run = sync()
    seconds = time.perf_counter() - started
    if run.state != SyncRun.State.DONE or run.counts.get("attention"):
        raise RuntimeError(f"{group}: {run.state} {run.error} {run.counts}")
    changes = sum(number for name, number in run.counts.items() if name.count(".") == 2)
    yield Figure(group=group, name="records changed", value=changes, unit="records")
    for name, key in (
        ("calls", "total"),
        ("of them write batches", "write_batches"),
        ("metered reads", "metered_reads"),
    ):
        yield Figure(group=group, name=name, value=run.calls[key], unit="")
    yield Figure(group=group, name="time", value=seconds, unit="s")
    if records:
        yield Figure(group=group, name="speed", value=records / seconds, unit="records a second")
    if (peak := memory.peak_mb()) is not None:
        yield Figure(group=group, name="peak memory of the process", value=peak, unit="MB")
