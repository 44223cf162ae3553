"""Turn a statement into SQL over the table of objects.

Which properties may be asked for is the entity's own list; everything else is refused in the words of
QuickBooks (4001). Values never become part of the SQL text.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from qbo_emulator.entities import entity_named
from qbo_emulator.entities.definition import Entity
from qbo_emulator.ground import refusals
from qbo_emulator.ground.clock import parse_time
from qbo_emulator.ground.settings import Settings
from qbo_emulator.ground.shape import SYSTEM, Leaf
from qbo_emulator.query.spellings import spellings
from qbo_emulator.query.statement import Condition, Statement
from qbo_emulator.storage.realm import stored_key

ROWS_MAX = 1000
ROWS_DEFAULT = 100
START_MAX = 10**9
DATE_LENGTH = 10

# What a property's values are, where it is a column; in the body the entity's schema says so.
_COLUMNS = {"created_at": "time", "updated_at": "time", "active": "flag", "txn_date": "date"}
_LEAVES = {Leaf.FLAG: "flag", Leaf.NUMBER: "number", Leaf.DATE: "date"}
# Of entities that have no schema here.
_WITHOUT_SCHEMA = {
    **dict.fromkeys(("Taxable", "TaxGroup", "Hidden"), "flag"),
    **dict.fromkeys(("TotalAmt", "Balance", "RateValue"), "number"),
    "DueDate": "date",
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
    **{
        (f"json_extract(body, '$.{member}')", "="): f"objects_by_{index}"
        for member, index in (
            ("PrimaryEmailAddr.Address", "email"),
            ("FamilyName", "family_name"),
            ("CompanyName", "company_name"),
            ("GivenName", "given_name"),
            ("Sku", "sku"),
            ("PaymentRefNum", "reference"),
            ("DueDate", "due_date"),
        )
    },
    ("updated_at", ">"): "objects_by_change",
    ("open", "="): "objects_open",
}
# Comparisons with given values, as SQLite says them; what has no value is neither the same nor another.
MEMBERSHIP = {"=": "IN", "IN": "IN", "!=": "NOT IN"}
BALANCE = "json_extract(body, '$.Balance')"
# In these words the index of what is open is defined, and SQLite knows it by them alone.
OPEN = f"{BALANCE} > 0"


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
        place = statement.order_by_with_blank
        raise refusals.query_parse_error(f'Encountered " "order" "ORDER "" at {place}.')
    for name in statement.fields:
        _check_member(entity, name)
    clauses = ["realm = ?", "entity = ?"]
    parameters: list[object] = [realm, entity.name]
    for condition in statement.conditions:
        clause, values = _clause(entity, condition)
        clauses.append(clause)
        parameters.extend(values)
        if _asks_for_open(entity, condition):
            clauses.append(OPEN)
    asks_for_active = any(one.property.lower() == "active" for one in statement.conditions)
    if entity.sort == "list" and not asks_for_active:
        clauses.append("active = 1")
    return Compiled(
        entity=entity,
        index=_index(entity, statement),
        where=" AND ".join(clauses),
        order=_order(entity, statement),
        parameters=tuple(parameters),
        start=_start(statement, settings),
        limit=ROWS_MAX if entity.always_whole else _limit(statement, settings),
        fields=statement.fields,
        counts=statement.what == "count",
    )


def _index(entity: Entity, statement: Statement) -> str | None:
    ways = {"=": "=", "IN": "=", ">": ">", ">=": ">"}
    used = {
        (_column(entity, one.property)[0], ways.get(one.comparison))
        for one in statement.conditions
        if all(spellings(value) for value in one.values)
    }
    if any(_asks_for_open(entity, one) for one in statement.conditions):
        used.add(("open", "="))
    return next((index for key, index in INDEXES.items() if key in used), None)


def _asks_for_open(entity: Entity, condition: Condition) -> bool:
    """Tell whether a condition leaves of many forms the few that are open."""
    if entity.sort != "transaction" or condition.comparison != ">":
        return False
    return _column(entity, condition.property)[0] == BALANCE and _number(condition.values[0]) >= 0


def _start(statement: Statement, settings: Settings) -> int:
    start = 1 if statement.start_position is None else statement.start_position
    if start == 0 and settings.start_position_zero == "first":
        start = 1
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
    """Return a property's SQL and what its values are."""
    for known, column in entity.properties.items():
        if known.lower() == name.lower():
            return column, _kind(entity, known, column)
    _check_member(entity, name)
    raise refusals.query_invalid(f"property '{name}' is not queryable")


def _check_member(entity: Entity, name: str) -> None:
    """Refuse what the entity does not have at all."""
    first = name.partition(".")[0].lower()
    known = [*entity.members, *SYSTEM, *entity.properties]
    if entity.members and first not in {one.partition(".")[0].lower() for one in known}:
        raise refusals.query_invalid(f"Property {name} not found for Entity {entity.name}")


def _kind(entity: Entity, known: str, column: str) -> str:
    if column.isidentifier():
        return _COLUMNS.get(column, column)
    leaf = entity.members.get(known)
    return _LEAVES.get(leaf, "text") if isinstance(leaf, Leaf) else _WITHOUT_SCHEMA.get(known, "text")


def _clause(entity: Entity, condition: Condition) -> tuple[str, list[object]]:
    name = condition.property
    column, kind = _column(entity, name)
    if name.lower() in entity.only_sorted:
        raise refusals.query_invalid(f"property '{name}' is not queryable")
    if kind == "id" and condition.comparison not in {"=", "IN"}:
        raise refusals.query_invalid(f"Operator {condition.comparison} is not supported for property Id")
    if kind in {"name", "full_name", "doc_number", "text"}:
        return _text_clause(column, condition)
    values = [_value(kind, value) for value in condition.values]
    if condition.comparison in MEMBERSHIP:
        return f"{column} {MEMBERSHIP[condition.comparison]} ({', '.join('?' * len(values))})", values
    if condition.comparison == "LIKE":
        return f"{column} LIKE ? ESCAPE '\\'", [_pattern(condition.values[0])]
    return f"{column} {condition.comparison} ?", values


def _text_clause(column: str, condition: Condition) -> tuple[str, list[object]]:
    """Compare text without case. SQLite knows the case of ASCII letters only; others are spelt out."""
    found = [spellings(value) for value in condition.values]
    if condition.comparison == "LIKE":
        pattern = _pattern(condition.values[0])
        if pattern.isascii():
            return f"{column} LIKE ? ESCAPE '\\'", [pattern]
        return f"folded({column}) LIKE ? ESCAPE '\\'", [pattern.casefold()]
    within = MEMBERSHIP.get(condition.comparison)
    if within is None:
        return f"{column} COLLATE NOCASE {condition.comparison} ?", [condition.values[0]]
    if all(found):
        values = [one for spelt in found for one in spelt]
        return f"{column} COLLATE NOCASE {within} ({', '.join('?' * len(values))})", list(values)
    folded = [value.casefold() for value in condition.values]
    return f"folded({column}) {within} ({', '.join('?' * len(folded))})", list(folded)


def _pattern(literal: str) -> str:
    return literal.replace("\\", "\\\\").replace("_", "\\_")


def _value(kind: str, literal: str) -> object:
    """Read a literal as the kind of value its property holds."""
    try:
        if kind == "id":
            return stored_key(literal)
        if kind == "time":
            return parse_time(literal).timestamp()
        if kind == "date":
            return date.fromisoformat(literal[:DATE_LENGTH]).isoformat()
    except ValueError:
        raise refusals.query_invalid(f"invalid value: {literal}") from None
    if kind == "number":
        return float(_number(literal))
    if kind == "flag":
        if literal.lower() not in {"true", "false"}:
            raise refusals.query_invalid(f"invalid value: {literal}")
        return int(literal.lower() == "true")
    return literal


def _number(literal: str) -> Decimal:
    try:
        number = Decimal(literal)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise refusals.query_invalid(f"invalid value: {literal}")
    return number


def _order(entity: Entity, statement: Statement) -> str:
    keys = []
    for key in statement.order:
        column, _ = _column(entity, key.property)
        if key.property.lower() in entity.only_filtered:
            raise refusals.query_invalid(f"property '{key.property}' is not sortable")
        keys.append(f"{column} DESC" if key.descending else column)
    if not keys:
        # Lists come by their full name; transactions in no order a client should rely on: newest first.
        keys = ["full_name"] if entity.sort == "list" else ["txn_date DESC", "id DESC"]
    return ", ".join(keys if any(key.split()[0] == "id" for key in keys) else [*keys, "id"])
