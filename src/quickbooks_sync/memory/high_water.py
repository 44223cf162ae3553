"""A small file beside an SQLite database says how far it has come: an older database was put back.

Whoever restores a copy of the database leaves this file as it is. PostgreSQL has none: there markers tell,
and the command that restores.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection as database
from django.db.models import F, Q

from quickbooks_sync.models import Connection
from quickbooks_sync.sql.prepared import Select, Update

from . import marked

SUFFIX = ".synced"
COUNT = Update(Connection, lambda connection: Q(pk=connection), claims=F("claims") + 1)
CLAIMED = Select(
    lambda connection: Connection.objects.filter(pk=connection).only(
        "claims", "epoch", "environment", "realm_id"
    )
)


def look(connection_id: int) -> None:
    """A run was claimed: compare the database with the file, and write down how far both have come."""
    path = beside_database()
    if path is None:
        return
    step(connection_id)
    connection = Connection.objects.get(pk=connection_id)
    before = _read(path).get(_key(connection), {"claims": 0, "epoch": 0})
    if connection.claims <= before["claims"]:
        marked.notice(connection, epoch=before["epoch"])
        connection.claims = before["claims"] + 1
        connection.save(update_fields=["claims"])
    keep(connection_id)


def step(connection_id: int) -> None:
    """Count one more: a run was claimed, or something is about to leave. In the caller's transaction."""
    if beside_database() is not None:
        COUNT(connection=connection_id)


def keep(connection_id: int) -> None:
    """Write down how far the database has come, before anything leaves.

    So a backup of the middle of a run is known as well: what left after it was counted.
    """
    path = beside_database()
    if path is None:
        return
    (connection,) = CLAIMED(connection=connection_id)
    now = {"claims": connection.claims, "epoch": connection.epoch}
    with _alone(path):
        _write(path, {**_read(path), _key(connection): now})


def _key(connection: Connection) -> str:
    return f"{connection.environment} {connection.realm_id}"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Workers of several companies write one file, one after the other."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def beside_database() -> Path | None:
    """Where the file is, if the database is one of SQLite's on a disk."""
    name = str(database.settings_dict["NAME"])
    if database.vendor != "sqlite" or "memory" in name.partition("?")[2] or name == ":memory:":
        return None
    return Path(f"{name}{SUFFIX}")


def _read(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}  # the first run, or it was damaged: then it says nothing
    return known if isinstance(known, dict) else {}


def _write(path: Path, known: dict[str, Any]) -> None:
    """Whole and on the disk, or as it was."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(known, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
