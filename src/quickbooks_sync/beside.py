"""A small file beside an SQLite database says how far it has come: an older database was put back.

Whoever restores a copy of the database leaves this file as it is. PostgreSQL has none: there markers tell,
and the command that restores.
"""

import json
import os
from pathlib import Path
from typing import Any

from django.db import connection as database
from django.db.models import F

from . import marked
from .models import Connection

SUFFIX = ".synced"


def look(connection_id: int) -> None:
    """A run was claimed: compare the database with the file, and write down how far both have come."""
    path = beside_database()
    if path is None:
        return
    Connection.objects.filter(pk=connection_id).update(claims=F("claims") + 1)
    connection = Connection.objects.get(pk=connection_id)
    key = f"{connection.environment} {connection.realm_id}"
    known = _read(path)
    before = known.get(key, {"claims": 0, "epoch": 0})
    if connection.claims <= before["claims"]:
        marked.notice(connection, epoch=before["epoch"])
        connection.claims = before["claims"] + 1
        connection.save(update_fields=["claims"])
    _write(path, {**known, key: {"claims": connection.claims, "epoch": connection.epoch}})


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
