"""Turn a statement into SQL over the table of objects.

Which properties may be asked for is the entity's own list; everything else is refused in the words of
QuickBooks (4001). Values never become part of the SQL text.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from qbo_emulator import refusals
from qbo_emulator.clock import parse_time
from qbo_emulator.entities import entity_named
from qbo_emulator.entities.definition import Entity
from qbo_emulator.query.statement import Condition, Statement
from qbo_emulator.realm import stored_key
from qbo_emulator.settings import Settings

ROWS_MAX = 1000
ROWS_DEFAULT = 100
START_MAX = 10**9

_TIMES = {"created_at", "updated_at"}
_FLAGS = {"active", "Job", "SubItem", "Taxable", "SubAccount", "TaxGroup", "Hidden"}
_AMOUNTS = {
    "Balance",
    "BalanceWithJobs",
    "TotalAmt",
    "UnitPrice",
    "CurrentBalance",
    "RateValue",
    "DueDays",
    "UnappliedAmt",
}

# By equality these columns find few rows, by time the changed ones. SQLite, which knows nothing of the
# data, would rather walk the whole list in the order asked for; so the index is named. The first one that
# fits is taken.
INDEXES = {
    ("id", "="): "sqlite_autoindex_objects_1",
    ("doc_number", "="): "objects_by_number",
    ("full_name", "="): "objects_by_folded_name",
    ("name", "="): "objects_by_name",
    ("parent", "="): "objects_by_parent",
    ("customer", "="): "objects_by_customer",
    ("txn_date", "="): "objects_by_date",
    ("updated_at", ">"): "objects_by_change",
}


@dataclass(frozen=True, kw_only=True)
class Compiled:
    entity: Entity
    index: str | None
    where: str
    order: str
    parameters: tuple[object, ...]
    start: int
    limit: int
    fields: tuple[str, ...]
    counts: bool

    @property
    def table(self) -> str:
        return f"objects INDEXED BY {self.index}" if self.index else "objects"

    @property
    def count_sql(self) -> str:
        return f"SELECT count(*) FROM {self.table} WHERE {self.where}"  # noqa: S608  built from columns only

    @property
    def rows_sql(self) -> str:
        return (
            f"SELECT id, body, previous, updated_at FROM {self.table} WHERE {self.where} "  # noqa: S608
            f"ORDER BY {self.order} LIMIT ? OFFSET ?"
        )

    @property
    def rows_parameters(self) -> tuple[object, ...]:
        return (*self.parameters, self.limit, self.start - 1)


def compiled(statement: Statement, *, realm: str, settings: Settings) -> Compiled:
    entity = entity_named(statement.entity)
    if entity is None:
        raise refusals.query_invalid(f"invalid context declaration: {statement.entity}")
    if statement.order_by_with_blank and not settings.order_by_with_blank:
        raise refusals.query_parse_error('Encountered " "ORDER" "ORDER "" at line 1, column 1.')
    clauses = ["realm = ?", "entity = ?"]
    parameters: list[object] = [realm, entity.name]
    for condition in statement.conditions:
        clause, values = _clause(entity, condition)
        clauses.append(clause)
        parameters.extend(values)
    asks_for_active = any(one.property.lower() == "active" for one in statement.conditions)
    if entity.sort == "list" and not asks_for_active:
        clauses.append("active = 1")
    return Compiled(
        entity=entity,
        index=_index(entity, statement),
        where=" AND ".join(clauses),
        order=_order(entity, statement),
        parameters=tuple(parameters),
        start=_start(statement),
        limit=_limit(statement, settings),
        fields=statement.fields,
        counts=statement.what == "count",
    )


def _index(entity: Entity, statement: Statement) -> str | None:
    ways = {"=": "=", "IN": "=", ">": ">", ">=": ">"}
    used = {(_column(entity, one.property)[0], ways.get(one.comparison)) for one in statement.conditions}
    return next((index for key, index in INDEXES.items() if key in used), None)


def _start(statement: Statement) -> int:
    start = 1 if statement.start_position is None else statement.start_position
    if start < 1:
        raise refusals.query_invalid(f"value {start} is too small. Min allowed value is 1")
    return min(start, START_MAX)


def _limit(statement: Statement, settings: Settings) -> int:
    limit = ROWS_DEFAULT if statement.max_results is None else statement.max_results
    if limit < 1:
        raise refusals.query_invalid(f"value {limit} is too small. Min allowed value is 1")
    if limit > ROWS_MAX and settings.max_results_above_1000 == "refuse":
        raise refusals.query_invalid(f"value {limit} is too large. Max allowed value is {ROWS_MAX}")
    return min(limit, ROWS_MAX)


def _column(entity: Entity, name: str) -> tuple[str, str]:
    """Return a property's SQL and the name by which its kind of value is known."""
    for known, column in entity.properties.items():
        if known.lower() == name.lower():
            return column, (column if column.isidentifier() else known)
    raise refusals.query_invalid(f"Property {name} not found for Entity {entity.name}")


def _clause(entity: Entity, condition: Condition) -> tuple[str, list[object]]:
    column, kind = _column(entity, condition.property)
    if kind == "id" and condition.comparison not in {"=", "IN"}:
        raise refusals.query_invalid(f"Operator {condition.comparison} is not supported for property Id")
    values = [_value(kind, value) for value in condition.values]
    text = isinstance(values[0], str) and kind not in {"parent", "customer", "txn_date", "DueDate"}
    compared = f"{column} COLLATE NOCASE" if text and kind not in {"name", "doc_number"} else column
    if condition.comparison == "IN":
        return f"{compared} IN ({', '.join('?' * len(values))})", values
    if condition.comparison == "LIKE":
        pattern = condition.values[0].replace("\\", "\\\\").replace("_", "\\_")
        return f"{column} LIKE ? ESCAPE '\\'", [pattern]
    return f"{compared} {condition.comparison} ?", values


def _value(kind: str, literal: str) -> object:
    """Read a literal as the kind of value its property holds."""
    try:
        if kind == "id":
            return stored_key(literal)
        if kind in _TIMES:
            return parse_time(literal).timestamp()
        if kind in _AMOUNTS:
            return float(Decimal(literal))
    except (ValueError, InvalidOperation):
        raise refusals.query_invalid(f"invalid value: {literal}") from None
    if kind in _FLAGS:
        if literal.lower() not in {"true", "false"}:
            raise refusals.query_invalid(f"invalid value: {literal}")
        return int(literal.lower() == "true")
    return literal


def _order(entity: Entity, statement: Statement) -> str:
    keys = []
    for key in statement.order:
        column, _ = _column(entity, key.property)
        keys.append(f"{column} DESC" if key.descending else column)
    if not keys:
        # Lists come by their full name; transactions in no order a client should rely on: newest first.
        keys = ["full_name"] if entity.sort == "list" else ["txn_date DESC", "id DESC"]
    return ", ".join(keys if any(key.split()[0] == "id" for key in keys) else [*keys, "id"])
