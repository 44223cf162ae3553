"""Change data capture: what changed since a moment, over several entities, at most 1,000 objects.

Deleted objects come as stubs after the live ones. There are no pages and no upper bound (facts G).
"""

from datetime import timedelta

from qbo_emulator.entities import entity_named
from qbo_emulator.entities.definition import Entity
from qbo_emulator.ground import refusals
from qbo_emulator.ground.clock import parse_time, stamp
from qbo_emulator.ground.values import encode
from qbo_emulator.query.run import check_addresses
from qbo_emulator.storage.store import Store

OBJECTS_MAX = 1000
LOOK_BACK = timedelta(days=30)


def answer(store: Store, realm: str, *, entities: str, since: str, unconfirmed: bool = False) -> str:
    """Return the JSON of a CDCResponse's value; `unconfirmed` shows the newest live object as deleted."""
    wanted = [_entity(name.strip()) for name in entities.split(",") if name.strip()]
    if not wanted:
        raise refusals.missing("entities")
    from_second = _since(store, since)
    room = OBJECTS_MAX
    parts = []
    with store.reading():
        for entity in wanted:
            rows = _rows(store, realm, entity, from_second, room)
            room -= len(rows)
            live = [body for _, body in rows if body is not None]
            check_addresses(store, live)
            gone = [_stub(key, at) for (key, at), body in rows if body is None]
            if unconfirmed and live:
                newest = max((at, key) for (key, at), body in rows if body is not None)
                live = [body for (key, at), body in rows if body is not None and (at, key) != newest]
                gone.append(_stub(newest[1], newest[0]))
                unconfirmed = False
            parts.append(_part(entity, [*live, *gone]))
    return f'[{{"QueryResponse":[{",".join(parts)}]}}]'


def _entity(name: str) -> Entity:
    entity = entity_named(name)
    if entity is None or not entity.in_change_data_capture:
        raise refusals.query_invalid(f"invalid context declaration: {name}")
    return entity


def _since(store: Store, text: str) -> int:
    if not text:
        raise refusals.missing("changedSince")
    try:
        since = parse_time(text.replace(" ", "+"))
    except ValueError:
        raise refusals.invalid_date_format(text, "changedSince") from None
    if since < store.clock.now() - LOOK_BACK and store.settings.changed_since_too_old == "refuse":
        raise refusals.unsupported(f"cdc with changedSince date {text} which is older than fixed days")
    return int(since.timestamp()) + (store.settings.changed_since == "exclusive")


def _rows(
    store: Store, realm: str, entity: Entity, since: int, room: int
) -> list[tuple[tuple[int, int], str | None]]:
    """Return (id, time) and body of what changed; the body of what was deleted is None."""
    rows = store.connection().execute(
        "SELECT id, updated_at, body FROM objects INDEXED BY objects_by_change "
        "WHERE realm = ? AND entity = ? AND updated_at >= ? ORDER BY updated_at, id LIMIT ?",
        (realm, entity.name, since, room),
    )
    result: list[tuple[tuple[int, int], str | None]] = [((key, at), body) for key, at, body in rows]
    gone = store.connection().execute(
        "SELECT id, deleted_at FROM tombstones WHERE realm = ? AND entity = ? AND deleted_at >= ? "
        "ORDER BY deleted_at, id LIMIT ?",
        (realm, entity.name, since, room - len(result)),
    )
    return result + [((key, at), None) for key, at in gone]


def _stub(key: int, at: int) -> str:
    meta = {"LastUpdatedTime": stamp(at)}
    return encode({"domain": "QBO", "status": "Deleted", "Id": str(key), "MetaData": meta})


def _part(entity: Entity, bodies: list[str]) -> str:
    if not bodies:
        return "{}"
    counts = f'"startPosition":1,"maxResults":{len(bodies)}'
    return f'{{"{entity.member}":[{",".join(bodies)}],{counts}}}'
