"""One step of `own_cost`, in a process of its own: `python -m benchmarks.step STEP [ARGUMENT]`.

The last line it prints is what it measured, as JSON.
"""

import json
import logging
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.world import World

SETTLED_SECONDS = 200
QUIET_TIMES = 5
LOADED_AT_ONCE = 10_000


def main(step: str, argument: str = "") -> None:
    import django  # noqa: PLC0415 - first of all

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service_genius_site.settings")
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    django.setup()
    for name in ("qbo", "quickbooks_sync"):
        logging.getLogger(name).setLevel(logging.ERROR)
    print(json.dumps(STEPS[step](argument)))


def prepare(_: str) -> dict[str, float]:
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    return {}


def fill(records: str) -> dict[str, float]:
    """Books of about so many records, connected to an empty company."""
    from . import books  # noqa: PLC0415
    from .contest import Size  # noqa: PLC0415

    size = Size(customers=round(int(records) / 5.05))
    world = _new_world(f"With {records}")
    books.add_work_codes(world.company, size.work_codes)
    books.add_customers(world.company, size.customers)
    books.add_invoices(world.company, size.invoices)
    books.add_payments(world.company)
    world.connection.start_date = books.FIRST_DAY
    world.connection.save(update_fields=["start_date"])
    return {"connection": world.connection.pk, "records": size.records}


def push(connection: str) -> dict[str, float]:
    world = _world(int(connection))
    return _measured(lambda: _records(world, "full") + _records(world, "sync"))


def sync(connection: str) -> dict[str, float]:
    """Reads what the push has changed there; nothing of it is news."""
    world = _world(int(connection))
    world.emulator.advance(SETTLED_SECONDS)
    return _measured(lambda: _records(world, "sync"))


def quiet(connection: str) -> dict[str, float]:
    """The median of some Syncs after the last late commit has passed."""
    world = _world(int(connection))
    world.emulator.advance(SETTLED_SECONDS)
    world.sync()
    one = [_measured(lambda: _records(world, "sync")) for _ in range(QUIET_TIMES)]
    return {name: statistics.median(each[name] for each in one) for name in one[0]}


def pull(customers: str) -> dict[str, float]:
    from .books import customer_there  # noqa: PLC0415

    world = _new_world("Takes everything")
    for first in range(0, int(customers), LOADED_AT_ONCE):
        numbers = range(first, min(int(customers), first + LOADED_AT_ONCE))
        world.emulator.load(world.realm, {"Customer": [customer_there(number) for number in numbers]})
    return _measured(lambda: _records(world, "full"))


def script_one(connection: str) -> dict[str, float]:
    from .rivals import Script  # noqa: PLC0415

    return _script(Script, int(connection))


def script_batch(connection: str) -> dict[str, float]:
    from .rivals import BatchScript  # noqa: PLC0415

    return _script(BatchScript, int(connection))


def _script(script: type, connection: int) -> dict[str, float]:
    world = _world(connection)
    made = script(
        company=world.company,
        url=f"{world.emulator.url}/v3",
        realm=world.realm,
        grant=lambda: str(world.emulator.grant(world.realm)["access_token"]),
    )

    def work() -> int:
        made.push()
        return int(made.table.execute("SELECT count(*) FROM pairs").fetchone()[0])

    return _measured(work)


def _measured(work: Callable[[], int]) -> dict[str, float]:
    before = resource.getrusage(resource.RUSAGE_SELF)
    begun = time.perf_counter()
    records = work()
    seconds = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    speeds = {
        "records per second of the processor": records / processor,
        "records per second": records / seconds,
    }
    return (speeds if records else {}) | {
        "seconds of the processor": processor,
        "seconds": seconds,
        "memory before": before.ru_maxrss / 1024,
        "peak memory": after.ru_maxrss / 1024,
    }


def _records(world: "World", scope: str) -> int:
    """How many records a run changed."""
    run = world.run(scope)
    if run.state != "done" or run.counts.get("attention"):
        raise RuntimeError(f"{scope}: {run.state} {run.error} {run.counts}")
    return sum(number for name, number in run.counts.items() if name.count(".") == 2)


def _new_world(name: str) -> "World":
    from django.conf import settings  # noqa: PLC0415

    from tests.emulator import Emulator  # noqa: PLC0415
    from tests.world import connected_world  # noqa: PLC0415

    from .books import company  # noqa: PLC0415

    return connected_world(
        Emulator(settings.QBO_EMULATOR_URL), company(f"{name} {datetime.now(UTC):%H%M%S%f}")
    )


def _world(pk: int) -> "World":
    from django.conf import settings  # noqa: PLC0415

    from quickbooks_sync.models import Connection  # noqa: PLC0415
    from tests.emulator import Emulator  # noqa: PLC0415
    from tests.world import World  # noqa: PLC0415

    connection = Connection.objects.get(pk=pk)
    emulator = Emulator(settings.QBO_EMULATOR_URL)
    return World(
        emulator=emulator,
        realm=connection.realm_id,
        company=connection.company,
        connection=connection,
        token=emulator.grant(connection.realm_id)["access_token"],
    )


STEPS: dict[str, Callable[[str], dict[str, float]]] = {
    "prepare": prepare,
    "fill": fill,
    "push": push,
    "sync": sync,
    "quiet": quiet,
    "pull": pull,
    "script-one": script_one,
    "script-batch": script_batch,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
