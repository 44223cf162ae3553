"""Rows written by fixed SQL: many in one statement, made from the fields of their model.

Django's `bulk_create` and `bulk_update` build an expression for every value, which takes many times as long
as the database. What is written is the same, for models whose fields are plain columns.
Absent on purpose: `save()` of the model, signals, and fields that the database or the model fill in.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

#: SQLite takes 32,766 in one statement.
PARAMETERS_MAX = 30_000
#: What goes to the database as it is, if it is of this type; anything else its field makes ready.
AS_IT_IS: dict[type[models.Field[Any, Any]], type] = {
    models.BigAutoField: int,
    models.BigIntegerField: int,
    models.BooleanField: bool,
    models.CharField: str,
    models.ForeignKey: int,
    models.OneToOneField: int,
    models.TextField: str,
}

Column = models.Field[Any, Any]


def insert(rows: Iterable[models.Model], *, unless_there: bool = False) -> None:
    """Write these new rows, all of one model; they do not learn their ids.

    `unless_there`: those that the database has already, by whatever is unique, are passed over.
    """
    new = list(rows)
    if new:
        _insert(new, "ON CONFLICT DO NOTHING" if unless_there else "")


def upsert(rows: Sequence[models.Model], *, unique: Sequence[str], fields: Sequence[str]) -> None:
    """Write these rows, all of one model; of those that are there already (by `unique`) only `fields`.

    All learn their ids. No two of them may be the same by `unique`.
    """
    if not rows:
        return
    key = _columns(type(rows[0]), unique)
    there, primary = ", ".join(map(_quoted, key)), _quoted(_columns(type(rows[0]), ["id"])[0])
    changes = ", ".join(
        f"{_quoted(each)} = EXCLUDED.{_quoted(each)}" for each in _columns(type(rows[0]), fields)
    )
    answer = _insert(rows, f"ON CONFLICT ({there}) DO UPDATE SET {changes} RETURNING {primary}, {there}")
    ids = {tuple(found): pk for pk, *found in answer}  # it may come in another order
    key_of = attrgetter(*(each.attname for each in key))
    for row in rows:
        row.pk = ids[key_of(row)]
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS  # noqa: SLF001 - as bulk_create does


def update(rows: Iterable[models.Model], fields: Sequence[str]) -> int:
    """Write these fields of rows of one model, found by their ids; how many are there."""
    changed = list(rows)
    if not changed:
        return 0
    columns = _columns(type(changed[0]), [*fields, "id"])
    changes = ", ".join(f"{_quoted(each)} = %s" for each in columns[:-1])
    statement = f"UPDATE {_table(changed[0])} SET {changes} WHERE {_quoted(columns[-1])} = %s"  # noqa: S608 - of the model
    values = _values(columns)
    with connection.cursor() as cursor:
        cursor.executemany(statement, [values(row) for row in changed])
        there: int = cursor.rowcount
    return there


def _insert(rows: Sequence[models.Model], ending: str) -> list[tuple[Any, ...]]:
    """Write all columns but the id; what the statement returns."""
    columns = _all_but_id(type(rows[0]))
    names = ", ".join(map(_quoted, columns))
    one = f"({', '.join(['%s'] * len(columns))})"
    values = _values(columns)
    many = PARAMETERS_MAX // len(columns)
    answer: list[tuple[Any, ...]] = []
    for start in range(0, len(rows), many):
        part = rows[start : start + many]
        places = ", ".join([one] * len(part))
        statement = f"INSERT INTO {_table(rows[0])} ({names}) VALUES {places} {ending}"  # noqa: S608 - of the model
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for row in part for value in values(row)])
            answer += cursor.fetchall() if "RETURNING" in ending else ()
    return answer


def _values(columns: Sequence[Column]) -> Callable[[models.Model], list[Any]]:
    """What is written of a row into these columns."""
    ready = [(each.attname, AS_IT_IS.get(type(each)), each.get_db_prep_save) for each in columns]
    database = connections[DEFAULT_DB_ALIAS]  # the one itself: what stands for it looks it up at each touch

    def values(row: models.Model) -> list[Any]:
        return [
            value if value is None or type(value) is plain else prepare(value, connection=database)
            for name, plain, prepare in ready
            for value in [getattr(row, name)]
        ]

    return values


@cache
def _all_but_id(model: type[models.Model]) -> Sequence[Column]:
    found = [each for each in model._meta.concrete_fields if not each.primary_key]  # noqa: SLF001
    for each in found:
        by_model = getattr(each, "auto_now", False) or getattr(each, "auto_now_add", False)
        if each.generated or each.has_db_default() or by_model:
            raise TypeError(f"{each} is no plain column")
    return found


def _columns(model: type[models.Model], names: Iterable[str]) -> list[Column]:
    return [model._meta.get_field(name) for name in names]  # type: ignore[misc]  # noqa: SLF001


@cache
def _quoted(column: Column) -> str:
    return connection.ops.quote_name(column.column or "")


def _table(row: models.Model) -> str:
    return connection.ops.quote_name(row._meta.db_table)  # noqa: SLF001
