"""A batch: up to 30 items, each standing alone, answered in order under their own bId (qbo-facts F).

Every item commits by itself, so that a batch cut off in the middle leaves whole items behind. A request id
and an item's bId together name a write: seen again, its first answer is given again.
"""

from qbo_emulator import refusals, writing
from qbo_emulator.calls import Call, Part, batch_part, item_entity
from qbo_emulator.entities import entity_named
from qbo_emulator.envelopes import Answer, fault_json, success
from qbo_emulator.injection import Effects
from qbo_emulator.query.run import answer as answer_query
from qbo_emulator.realm import Realm
from qbo_emulator.store import Store
from qbo_emulator.values import Json, encode

ITEMS_MAX = 30
BATCH_ITEM_ID_MAX = 10


def run_batch(store: Store, call: Call, effects: Effects) -> Answer:
    items = call.json.get("BatchItemRequest")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise refusals.missing("BatchItemRequest")
    if len(items) > ITEMS_MAX:
        raise refusals.batch_too_large(ITEMS_MAX)
    names = [str(item.get("bId", "")) for item in items]
    if len(set(names)) != len(names):
        raise refusals.malformed_body("bId is used twice")
    request_id = call.request_id if store.settings.batch_request_ids == "honoured" else ""
    if request_id and any(len(name) > BATCH_ITEM_ID_MAX for name in names):
        raise refusals.invalid_request_id(max(names, key=len))
    answers = [_answer(store, call.realm, item, request_id, effects) for item in items]
    return success("BatchItemResponse", f"[{','.join(answers)}]", seconds=store.clock.seconds())


def _answer(store: Store, realm_id: str, item: Json, request_id: str, effects: Effects) -> str:
    name = str(item.get("bId", ""))
    tail = f',"bId":{encode(name)}}}'
    part = batch_part(item)
    try:
        if (refuse := effects.refusal_of(part)) is not None:
            raise refuse
        if "Query" in item:
            stale = effects.stale_seconds
            return f'{{"QueryResponse":{answer_query(store, realm_id, str(item["Query"]), stale_seconds=stale)}{tail}'
        return _write(store, realm_id, item, part, request_id, name) + tail
    except refusals.Refusal as refusal:
        faulted = f'{{"Fault":{encode(fault_json(refusal))}'
        if request_id and store.settings.replay_faults and "Query" not in item:
            _remember(store, realm_id, faulted, request_id, name)
        return faulted + tail


def _write(store: Store, realm_id: str, item: Json, part: Part, request_id: str, name: str) -> str:
    member = item_entity(item)
    entity = entity_named(part.entity) if part.entity else None
    if member is None or entity is None:
        raise refusals.unsupported(f"{part.operation} {member}")
    if part.operation not in {"create", "update", "delete", "void"}:
        raise refusals.unsupported(part.operation)
    with store.writing() as connection:
        realm = Realm(store=store, connection=connection, realm_id=realm_id)
        replayed = realm.remembered(request_id, name) if request_id else None
        if replayed is not None:
            return replayed
        body = writing.write(realm, entity, part.operation, item[member])
        written = f'{{"{entity.name}":{encode(body)}'
        if request_id:
            realm.remember(written, request_id, name)
        return written


def _remember(store: Store, realm_id: str, answer: str, request_id: str, name: str) -> None:
    with store.writing() as connection:
        realm = Realm(store=store, connection=connection, realm_id=realm_id)
        if realm.remembered(request_id, name) is None:
            realm.remember(answer, request_id, name)
