"""The data file: one SQLite connection per thread, one writer at a time, and what all realms share.

Writes take a lock of the process before they ask SQLite for its own, because SQLite's busy handler is not
fair and the emulator is one process. Each change is committed before its answer leaves, so that the file is
whole after a kill at any moment.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from qbo_emulator.ground import settings as switches
from qbo_emulator.ground.clock import Clock
from qbo_emulator.ground.standing import Standing
from qbo_emulator.ground.values import Json

STATEMENTS_KEPT = 512
# How far SQLite's log grows before it is brought into the file, which waits for the disk: some 32 MB.
LOG_PAGES_MAX = 8_000
# Written into the file. A change of schema.sql that an old file does not get by itself (a new table comes
# by itself, a new column does not) raises it, and says here how a file of the version before is brought on.
SCHEMA_VERSION = 2
UPGRADES: dict[int, str] = {
    1: "ALTER TABLE request_ids ADD COLUMN kept_at REAL NOT NULL DEFAULT 0",
}


class ForeignFileError(Exception):
    """The data file was written by another version of the emulator, or by something else."""


def _folded(text: str | float | None) -> str | float | None:
    """Put text into small letters, for queries about letters that SQLite does not know."""
    return text.casefold() if isinstance(text, str) else text


class Store:
    def __init__(self, *, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        # Parsed preferences by realm; the store is their only writer, so they cannot go out of date.
        self.preferences: dict[str, Json] = {}
        # How companies stand, by realm; `standings` reads and writes it.
        self.standings: dict[str, Standing] = {}
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._writing = threading.RLock()
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        connection = self.connection()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version not in {0, SCHEMA_VERSION, *UPGRADES}:
            raise ForeignFileError(f"{self.path} was written by another version; remove it to begin anew.")
        while version in UPGRADES:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(UPGRADES[version])
            version += 1
            connection.execute(f"PRAGMA user_version = {version}")
            connection.execute("COMMIT")
        connection.executescript(files(__package__).joinpath("schema.sql").read_text())
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        saved = self.value("settings")
        self.settings = switches.changed(switches.Settings(), json.loads(saved) if saved else {})
        self.clock.offset = float(self.value("clock_offset") or 0)

    def connection(self) -> sqlite3.Connection:
        existing: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if existing is not None:
            return existing
        connection = sqlite3.connect(
            self.path,
            timeout=30,
            isolation_level=None,
            cached_statements=STATEMENTS_KEPT,
            check_same_thread=False,  # only for close(), when the threads have ended
        )
        connection.create_function("folded", 1, _folded, deterministic=True)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES_MAX}")
        connection.execute("PRAGMA foreign_keys=ON")
        self._local.connection = connection
        self._connections.append(connection)
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of it, or nothing."""
        connection = self.connection()
        with self._writing:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                self.preferences.clear()
                raise
            connection.execute("COMMIT")

    @contextmanager
    def part(self) -> Iterator[sqlite3.Connection]:
        """One part of the write transaction that is open: all of it, or nothing of it."""
        connection = self.connection()
        connection.execute("SAVEPOINT part")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK TO part")
            connection.execute("RELEASE part")
            self.preferences.clear()
            raise
        connection.execute("RELEASE part")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent picture for an answer that needs several queries."""
        connection = self.connection()
        if connection.in_transaction:  # a question in the middle of a batch
            yield connection
            return
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("COMMIT")

    def value(self, name: str) -> str | None:
        row = self.connection().execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def keep(self, name: str, value: str) -> None:
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", (name, value))

    def keep_first(self, name: str, value: str) -> None:
        """Keep a value unless there is one already: of two that make it at once, the first one wins."""
        with self.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO settings (name, value) VALUES (?, ?)", (name, value))

    def keep_settings(self, wanted: switches.Settings) -> None:
        self.keep("settings", json.dumps(switches.as_json(wanted)))
        self.settings = wanted

    def keep_clock(self) -> None:
        self.keep("clock_offset", repr(self.clock.offset))

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()
