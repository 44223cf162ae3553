"""What it costs that a commit waits for the disk: SQLite, on the disk of that folder, row by row."""

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from service_genius_site.databases import PRAGMAS

from .results import Figure, median_ms

COMMITS = 300


def measure(folder: Path) -> Iterator[Figure]:
    """`folder`: where the data of an installation would be."""
    with tempfile.TemporaryDirectory(dir=folder) as thrown_away:
        yield from _compared(Path(thrown_away), group=f"A commit of one row on the disk of {folder}")


def _compared(folder: Path, *, group: str) -> Iterator[Figure]:
    with_waiting = _commit_ms(folder / "waits.sqlite3", PRAGMAS)
    without = _commit_ms(
        folder / "hurries.sqlite3", PRAGMAS.replace("synchronous=FULL", "synchronous=NORMAL")
    )
    yield Figure(group=group, name="as the product does it: on the disk", value=with_waiting, unit="ms")
    yield Figure(group=group, name="without waiting for the disk", value=without, unit="ms")


def _commit_ms(file: Path, pragmas: str) -> float:
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.executescript(pragmas)
        connection.execute("CREATE TABLE row (content TEXT)")
        return median_ms(lambda: connection.execute("INSERT INTO row VALUES ('x')"), times=COMMITS)
    finally:
        connection.close()
