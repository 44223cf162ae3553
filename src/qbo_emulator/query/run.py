"""Answer a query: bodies go out as the text they are stored as, without being read and written again.

Only the partial rows of a list of fields are (facts D1).
"""

import sqlite3
from collections.abc import Iterable
from typing import Any

from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import decode, encode
from qbo_emulator.query.compiler import Compiled, compiled
from qbo_emulator.query.statement import check_letters, parse
from qbo_emulator.storage.store import Store

# What stands in every row, even if a client asks for some members only.
ALWAYS = ("domain", "sparse")
# What SQLite says of a statement with thousands of conditions, values or keys.
BEYOND_SQLITE = ("too large", "too many", "too complex")


def answer(store: Store, realm: str, text: str, *, stale_seconds: float | None = None) -> str:
    """Return the JSON of a QueryResponse's value."""
    if not text.strip():
        raise refusals.no_statement()
    if store.settings.query_non_latin == "4000":
        check_letters(text)
    query = compiled(parse(text), realm=realm, settings=store.settings)
    try:
        return _answer(store, query, stale_seconds)
    except sqlite3.OperationalError as error:
        if not any(words in str(error) for words in BEYOND_SQLITE):
            raise
        raise refusals.query_invalid("the statement is too large") from None


def _answer(store: Store, query: Compiled, stale_seconds: float | None) -> str:
    connection = store.connection()
    if query.counts:
        (total,) = connection.execute(query.count_sql, query.parameters).fetchone()
        return f'{{"totalCount":{total}}}'
    bodies = _bodies(connection, query, stale_since=_stale_since(store, stale_seconds))
    if not bodies:
        return "{}"
    if query.fields:
        bodies = [_chosen(body, query.fields) for body in bodies]
    else:
        check_addresses(store, bodies)
    name = query.entity.member
    return f'{{"{name}":[{",".join(bodies)}],"startPosition":{query.start},"maxResults":{len(bodies)}}}'


def _stale_since(store: Store, seconds: float | None) -> float | None:
    return None if seconds is None else store.clock.seconds() - seconds


def _bodies(connection: sqlite3.Connection, query: Compiled, *, stale_since: float | None) -> list[str]:
    rows = connection.execute(query.rows_sql, query.rows_parameters)
    if stale_since is None:
        return [body for _, body, _, _ in rows]
    # The fault stale_list: what changed lately is seen as it was before, what is new is not seen yet.
    bodies = [previous if changed >= stale_since else body for _, body, previous, changed in rows]
    return [body for body in bodies if body is not None]


def check_addresses(store: Store, bodies: Iterable[str]) -> None:
    """Refuse what would show an e-mail address that is none, if QuickBooks is to (facts B6: 4002)."""
    if store.settings.invalid_stored_email == "served":
        return
    for body in bodies:
        address = (decode(body).get("PrimaryEmailAddr") or {}).get("Address", "@")
        if "@" not in address:
            raise refusals.query_failed("To email address entered is invalid")


def _chosen(body: str, fields: tuple[str, ...]) -> str:
    """Return a row with nothing but the members asked for, as a partial object."""
    paths = [name.lower().split(".") for name in (*fields, *ALWAYS)]
    return encode(_part(decode(body), paths))


def _part(value: Any, paths: list[list[str]]) -> Any:
    if isinstance(value, list):
        return [_part(one, paths) for one in value]
    if not isinstance(value, dict) or [] in paths:
        return value
    result = {}
    for name, inner in value.items():
        below = [path[1:] for path in paths if path[0] == name.lower()]
        if below:
            result[name] = _part(inner, below)
    return result
