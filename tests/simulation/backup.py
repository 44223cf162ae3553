"""The whole database of Service Genius at one moment, and its return: a restored backup.

On SQLite only, which copies a database in memory in a millisecond.
"""

import sqlite3

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection as database

from tests.emptying import delete_all

OURS = ("service_genius.", "quickbooks_sync.")


class Backup:
    """Every table as it is now."""

    def __init__(self) -> None:
        self._copy = sqlite3.connect(":memory:", check_same_thread=False)
        database.ensure_connection()
        database.connection.backup(self._copy)

    def restore(self) -> None:
        self._copy.backup(database.connection)


def can_back_up() -> bool:
    return database.vendor == "sqlite"


_first_day: list[Backup] = []


def empty_tables() -> None:
    """Every table of the database as on the first day, numbers included."""
    if _first_day:
        _first_day[0].restore()
        return
    models = [
        model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith(OURS)
    ]
    tables = [model._meta.db_table for model in models]
    if not can_back_up():
        delete_all(tables, restart=True)
        return
    statements = database.ops.sql_flush(no_style(), tables, reset_sequences=True, allow_cascade=True)
    database.ops.execute_sql_flush(statements)
    _first_day.append(Backup())
