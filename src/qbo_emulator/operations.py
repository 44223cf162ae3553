"""Carry out a call that passed the gateway: read, write, query, change data capture, batch."""

from qbo_emulator import changes, refusals, writing
from qbo_emulator.batch import run_batch
from qbo_emulator.calls import Call
from qbo_emulator.entities import entity_named
from qbo_emulator.entities.definition import Entity
from qbo_emulator.envelopes import Answer, fault, success
from qbo_emulator.injection import Effects
from qbo_emulator.query.run import answer as answer_query
from qbo_emulator.realm import Realm
from qbo_emulator.sending import SENDABLE, send
from qbo_emulator.store import Store
from qbo_emulator.values import Json, encode

REQUEST_ID_MAX = 50
BATCH_REQUEST_ID_MAX = 36
WRITES = {"create", "update", "delete", "void"}


def carry_out(store: Store, call: Call, effects: Effects) -> Answer:
    """Return the answer; a refusal of the whole call is raised."""
    name, _, key = call.rest.strip("/").partition("/")
    seconds = store.clock.seconds()
    limit = BATCH_REQUEST_ID_MAX if name == "batch" else REQUEST_ID_MAX
    if len(call.request_id) > limit:
        raise refusals.invalid_request_id(call.request_id)
    if effects.refuse:
        raise effects.refuse
    if name == "batch" and call.method == "POST":
        return run_batch(store, call, effects)
    if name == "query":
        value = answer_query(store, call.realm, call.query_text, stale_seconds=effects.stale_seconds)
        return success("QueryResponse", value, seconds=seconds)
    if name == "cdc" and call.method == "GET":
        return success("CDCResponse", _changes(store, call, effects), seconds=seconds)
    entity = entity_named(name)
    if entity is None:
        raise refusals.unsupported(f"Could not find resource for relative : /{name}")
    if call.method == "GET":
        return success(entity.name, _read(store, call.realm, entity, key), seconds=seconds)
    return _posted(store, call, entity, key)


def _posted(store: Store, call: Call, entity: Entity, key: str) -> Answer:
    if key.endswith("/send") and entity.name in SENDABLE:
        return _send(store, call, entity, key.removesuffix("/send"))
    if key:
        raise refusals.unsupported(f"Could not find resource for relative : /{call.rest}")
    if call.parts[0].operation not in WRITES:
        raise refusals.unsupported(call.parts[0].operation)
    return _write(store, call, entity)


def _changes(store: Store, call: Call, effects: Effects) -> str:
    return changes.answer(
        store,
        call.realm,
        entities=call.arguments.get("entities", ""),
        since=call.arguments.get("changedSince", ""),
        unconfirmed=effects.unconfirmed_delete,
    )


def _read(store: Store, realm: str, entity: Entity, key: str) -> str:
    if entity.sort == "single":
        key = "1"
    if not (key.isascii() and key.isdigit()) and entity.name != "TaxCode":
        raise refusals.invalid_id(key)
    view = Realm(store=store, connection=store.connection(), realm_id=realm)
    text = view.text(entity.name, key)
    if text is not None:
        return text
    if entity.sort == "transaction" and view.was_deleted(entity.name, key):
        raise refusals.deleted_transaction()
    raise refusals.not_found()


def _send(store: Store, call: Call, entity: Entity, key: str) -> Answer:
    if not (key.isascii() and key.isdigit()):
        raise refusals.invalid_id(key)
    with store.writing() as connection:
        realm = Realm(store=store, connection=connection, realm_id=call.realm)
        body = send(realm, entity.name, key, call.arguments.get("sendTo", ""))
        return success(entity.name, encode(body), seconds=realm.seconds)


def _write(store: Store, call: Call, entity: Entity) -> Answer:
    try:
        return _written(store, call, entity)
    except refusals.Refusal as refusal:
        if not call.request_id or not store.settings.replay_faults:
            raise
        answer = fault(refusal, seconds=store.clock.seconds())
        with store.writing() as connection:
            realm = Realm(store=store, connection=connection, realm_id=call.realm)
            realm.remember(answer.body, call.request_id, status=answer.status)
        return answer


def _written(store: Store, call: Call, entity: Entity) -> Answer:
    sent: Json = call.json
    with store.writing() as connection:
        realm = Realm(store=store, connection=connection, realm_id=call.realm)
        replayed = realm.remembered(call.request_id) if call.request_id else None
        if replayed is not None:
            return Answer(status=replayed[0], body=replayed[1])
        body = writing.write(realm, entity, call.parts[0].operation, sent)
        answer = success(entity.name, encode(body), seconds=realm.seconds)
        if call.request_id:
            realm.remember(answer.body, call.request_id)
        return answer
