"""Tables of PostgreSQL emptied in a moment: to truncate those that are all but empty takes long."""

from collections.abc import Sequence
from functools import cache

from django.db import connection as database


def delete_all(tables: Sequence[str], *, restart: bool = False) -> None:
    """Delete every row of these. `restart`: they are numbered from 1 again."""
    deletions = [f"DELETE FROM {database.ops.quote_name(table)}" for table in tables]
    restarts = [f"SELECT setval('{name}', 1, false)" for name in _sequences(tuple(tables))] if restart else []
    with database.cursor() as cursor:
        # In this role foreign keys are not looked at, so any order will do.
        cursor.execute("; ".join(["SET session_replication_role = replica", *deletions, *restarts]))
        cursor.execute("SET session_replication_role = DEFAULT")


@cache
def _sequences(tables: tuple[str, ...]) -> list[str]:
    """What numbers the rows of these tables."""
    with database.cursor() as cursor:
        found = [database.introspection.get_sequences(cursor, table) for table in tables]
    return [sequence["name"] for sequences in found for sequence in sequences]
