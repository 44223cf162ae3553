"""The emulator without a socket: its control plane, its pages and its token endpoint in this process."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask
from werkzeug.test import Client as WsgiClient

from qbo_emulator.api.injection import Faults
from qbo_emulator.api.limits import Limits
from qbo_emulator.application import create_app
from qbo_emulator.ground.clock import Clock as EmulatorClock
from tests.emulator import Emulator
from tests.simulation.virtual import VirtualClock

Snapshot = dict[str, list[dict[str, Any]]]
#: What makes up a company's books in the emulator's store, and what of it is not generated.
BOOKS = {
    "objects": ("realm", "entity", "id", "body", "previous", "created_at", "updated_at"),
    "names": ("realm", "family", "folded", "entity", "id"),
    "tombstones": ("realm", "entity", "id", "deleted_at"),
}


class InProcessEmulator(Emulator):
    """The control plane of an emulator without a socket."""

    def __init__(self, application: Flask) -> None:
        super().__init__("http://127.0.0.1:1")
        self.application = application
        self.client = WsgiClient(application)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answered = self.client.open(
            f"/_emulator/{path}",
            method=method,
            data=None if body is None else json.dumps(body),
            headers={"Content-Type": "application/json"},
        )
        assert answered.status_code < 400, f"{method} {path}: {answered.get_data(as_text=True)}"
        return json.loads(answered.get_data())

    @contextmanager
    def without_trouble(self) -> Iterator[None]:
        """For people there: the faults and the limits are for programs."""
        gateway = self.application.extensions["gateway"]
        with mock.patch.object(gateway, "faults", Faults()), mock.patch.object(gateway, "limits", Limits()):
            yield

    def snapshot(self, realm: str) -> Snapshot:
        """A company as it is now: what Intuit, or an app for backups, may put back one day."""
        return {table: self._rows(f"SELECT * FROM {table} WHERE realm = ?", realm) for table in BOOKS}

    def put_back(self, realm: str, snapshot: Snapshot) -> None:
        """As it was then. No deletion is told of, and no Id given out again."""
        store = self.application.extensions["gateway"].store
        with store.writing() as connection:
            for table, columns in BOOKS.items():
                connection.execute(f"DELETE FROM {table} WHERE realm = ?", (realm,))
                places = ", ".join("?" * len(columns))
                connection.executemany(
                    f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})",
                    [[row[column] for column in columns] for row in snapshot[table]],
                )
        store.preferences.clear()

    def _rows(self, statement: str, realm: str) -> list[dict[str, Any]]:
        cursor = self.application.extensions["gateway"].store.connection().execute(statement, (realm,))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def begin_anew(self, clock: VirtualClock) -> None:
        """No company and no fault, and the time of this story."""
        gateway = self.application.extensions["gateway"]
        store = gateway.store
        store.clock = EmulatorClock(
            time=clock.timestamp, sleep=lambda _seconds: None, call_later=clock.call_later
        )
        store.preferences.clear()
        store.standings.clear()
        gateway.faults.clear()
        gateway.observation.reset()
        gateway.limits.reset()
        with store.writing() as connection:
            connection.execute("PRAGMA defer_foreign_keys=ON")
            tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                if not table.startswith("sqlite_"):
                    connection.execute(f'DELETE FROM "{table}"')


def new_emulator() -> InProcessEmulator:
    return InProcessEmulator(create_app(data=Path(":memory:")))
