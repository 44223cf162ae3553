"""Measure, show a table, and keep the figures in bench.json in VAR_DIR.

Everything measured lives in a folder and a database of its own, both thrown away at the end. The
database is SQLite, or a test database on the server that DATABASE_URL names.
"""

import argparse
import logging
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .results import Figure


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the records; a few seconds")
    quick: bool = parser.parse_args().quick
    kept_in = Path(os.environ.get("VAR_DIR", "var")).absolute()
    with tempfile.TemporaryDirectory(prefix="service-genius-bench-") as folder:
        _prepare(Path(folder))
        # Everything below reads the settings, which must be in place first.
        from django.db import connection  # noqa: PLC0415
        from django.test.utils import setup_test_environment  # noqa: PLC0415

        from .results import table, write  # noqa: PLC0415

        setup_test_environment()
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        started = time.perf_counter()
        try:
            figures = list(_figures(Path(folder), quick=quick))
        finally:
            connection.creation.destroy_test_db(str(connection.settings_dict["NAME"]), verbosity=0)
        seconds = time.perf_counter() - started
        vendor = connection.vendor
    write(kept_in / "bench.json", figures, database=vendor, quick=quick)
    print(f"Measured on {vendor} in {seconds:.0f} s")
    print("\n".join(table(figures)))
    print(f"\nKept in {kept_in / 'bench.json'}")


def _prepare(folder: Path) -> None:
    """Settings that suit a measurement, in a folder of its own."""
    os.environ |= {
        "VAR_DIR": str(folder),
        "QBO_ENVIRONMENT": "emulator",
        "DJANGO_SETTINGS_MODULE": "service_genius_site.settings",
    }
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if "sqlite3" in settings.DATABASES["default"]["ENGINE"]:
        # A file, as in real life; Django's test databases are in memory otherwise.
        settings.DATABASES["default"]["TEST"] = {"NAME": str(folder / "bench.sqlite3")}
    django.setup()
    logging.getLogger("qbo.traffic").setLevel(logging.WARNING)  # a line a call would hide the table


def _figures(folder: Path, *, quick: bool) -> "Iterator[Figure]":
    from django.conf import settings  # noqa: PLC0415

    from tests.emulator import running_emulator  # noqa: PLC0415

    from . import books, emulator_speed, finding_changes, pages, sync_cost  # noqa: PLC0415

    share = 10 if quick else 1
    with running_emulator(folder / "emulator.sqlite3") as emulator:
        emulator.settings(limits=False)
        settings.QBO_EMULATOR_URL = emulator.url
        _say("the emulator")
        sizes = (1000 // share, 10_000 // share, 100_000 // share)
        yield from emulator_speed.measure(emulator, sizes=sizes)
        yield from emulator_speed.measure_in_process(folder / "in-process.sqlite3")
        _say("syncs")
        yield from sync_cost.measure(emulator, customer_count=1000 // share, work_code_count=200 // share)
    _say("pages")
    large = books.company("Large")
    customer_count, invoice_count = 10_000 // share, 20_000 // share
    books.add_work_codes(large, 40)
    books.add_customers(large, customer_count)
    books.add_invoices(large, invoice_count)
    group = f"Pages with {customer_count:,} customers and {invoice_count:,} invoices"
    yield from pages.measure(large, group=group)
    _say("finding changes")
    yield from finding_changes.measure(large)


def _say(what: str) -> None:
    print(f"Measuring {what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
