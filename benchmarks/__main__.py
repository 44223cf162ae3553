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
    from collections.abc import Iterator, Sequence

    from .results import Figure


#: Customers of the books that are pushed side by side; with them come work codes, invoices, payments.
CUSTOMERS = 10_000
PARTS = (
    "disk",
    "emulator",
    "syncs",
    "pages",
    "changes",
    "planner",
    "matching",
    "newcomer",
    "books-match",
    "side-by-side",
    "own-cost",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"only these of: {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a tenth of the records; a few minutes")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}")
    quick: bool = asked.quick
    kept_in = Path(os.environ.get("VAR_DIR", "var")).absolute()
    kept_in.mkdir(parents=True, exist_ok=True)
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
            figures = list(_figures(Path(folder), kept_in, asked.parts or PARTS, quick=quick))
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
    logging.getLogger("qbo.traffic").setLevel(logging.ERROR)  # what is lost on purpose is no news


def _figures(folder: Path, kept_in: Path, parts: "Sequence[str]", *, quick: bool) -> "Iterator[Figure]":
    share = 10 if quick else 1
    for part in parts:
        _say(part)
        match part:
            case "emulator" | "syncs":
                yield from _against_emulator(folder, part, share)
            case "pages" | "changes":
                yield from _in_large_company(part, share)
            case "disk":
                from . import disk  # noqa: PLC0415

                yield from disk.measure(kept_in)
            case "planner":
                from . import planner_alone  # noqa: PLC0415

                yield from planner_alone.measure(100_000 // share)
            case "matching":
                from .matching import contest as matching  # noqa: PLC0415

                yield from matching.measure(large=10_000 // share)
            case "newcomer" | "books-match":
                yield from _in_step(part, share)
            case "own-cost":
                from . import own_cost  # noqa: PLC0415

                sizes = (1000 // share, 10_000 // share, 100_000 // share)
                yield from own_cost.measure(folder, sizes=sizes, pulled=10_000 // share, scripted=sizes[:2])
            case "side-by-side":
                from . import contest, side_by_side  # noqa: PLC0415

                customers = int(os.environ.get("BENCH_SIZE", CUSTOMERS // share))
                yield from side_by_side.measure(contest.Size(customers=customers))


def _against_emulator(folder: Path, part: str, share: int) -> "Iterator[Figure]":
    from django.conf import settings  # noqa: PLC0415

    from tests.emulator import running_emulator  # noqa: PLC0415

    from . import emulator_speed, sync_cost  # noqa: PLC0415

    with running_emulator(folder / f"{part}.sqlite3") as emulator:
        emulator.settings(limits=False)
        settings.QBO_EMULATOR_URL = emulator.url
        if part == "emulator":
            sizes = (1000 // share, 10_000 // share, 100_000 // share)
            yield from emulator_speed.measure(emulator, sizes=sizes)
            yield from emulator_speed.measure_in_process(folder / "in-process.sqlite3")
        else:
            yield from sync_cost.measure(emulator, customer_count=1000 // share, work_code_count=200 // share)


def _in_large_company(part: str, share: int) -> "Iterator[Figure]":
    from . import books, finding_changes, pages  # noqa: PLC0415

    company = books.company(f"Large, for {part}")
    books.add_customers(company, 10_000 // share)
    if part == "changes":
        yield from finding_changes.measure(company)
        return
    books.add_work_codes(company, 40)
    books.add_invoices(company, 20_000 // share)
    group = f"Pages with {10_000 // share:,} customers and {20_000 // share:,} invoices"
    yield from pages.measure(company, group=group)


def _in_step(part: str, share: int) -> "Iterator[Figure]":
    """A large company that is the same on both sides."""
    from . import books, books_match, one_new_customer  # noqa: PLC0415

    company = books.company(f"Large, for {part}")
    if part == "newcomer":
        books.add_customers(company, 100_000 // share)
        yield from one_new_customer.measure(company)
        return
    books.add_customers(company, 10_000 // share)
    books.add_work_codes(company, 40)
    books.add_invoices(company, 100_000 // share)
    books.add_payments(company)
    company.refresh_from_db()
    yield from books_match.measure(company)


def _say(what: str) -> None:
    print(f"Measuring {what} ...", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
