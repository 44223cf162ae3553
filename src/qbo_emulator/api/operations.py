"""Carry out a call that passed the gateway: read, write, query, change data capture, report, batch."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from qbo_emulator.api import changes
from qbo_emulator.api.batch import run_batch
from qbo_emulator.api.calls import Call
from qbo_emulator.api.envelopes import Answer, fault, success
from qbo_emulator.api.injection import Effects
from qbo_emulator.entities import entity_named
from qbo_emulator.entities.definition import Entity
from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json
from qbo_emulator.query.run import answer as answer_query
from qbo_emulator.reports import run as reports
from qbo_emulator.storage.realm import Realm
from qbo_emulator.storage.standings import standing_of
from qbo_emulator.storage.store import Store
from qbo_emulator.writing import course, tax_service
from qbo_emulator.writing.sending import SENDABLE, send

REQUEST_ID_MAX = 50
BATCH_REQUEST_ID_MAX = 36
WRITES = {"create", "update", "delete", "void"}
# How a client says that it knows of the number and wants it all the same: `include=` beside a write.
ANY_NUMBER = "allowduplicatedocnum"
JSON_TYPES = {"application/json"}
QUERY_TYPES = {"application/text"}
# What tells the service that makes reports since 2026 (facts K1).
REPORT_HEADERS = {"v3modernResponse": "true"}


def carry_out(store: Store, call: Call, effects: Effects) -> Answer:
    """Return the answer; a refusal of the whole call is raised."""
    name, _, key = call.rest.strip("/").partition("/")
    name, seconds = name.lower(), store.clock.seconds()
    standing_of(store, call.realm).check_call()
    limit = BATCH_REQUEST_ID_MAX if name == "batch" else REQUEST_ID_MAX
    if len(call.request_id) > limit:
        raise refusals.invalid_request_id(call.request_id)
    _check_bytes(unquote_to_bytes(call.query_string))
    if effects.refuse:
        raise effects.refuse
    if name == "batch" and call.method == "POST":
        _check_type(store, call, JSON_TYPES)
        return run_batch(store, call, effects)
    told = _told(store, call, effects)
    if told is not None:
        return told
    if (name, key.lower(), call.method) == (tax_service.NAME, tax_service.PATH, "POST"):
        _check_type(store, call, JSON_TYPES)
        return _once(store, call, "", lambda realm: tax_service.make_tax_code(realm, call.json))
    entity = entity_named(name)
    if entity is None:
        raise refusals.no_resource(call.path, call.url)
    if call.method == "GET":
        if "/" in key or not (key or entity.sort == "single"):
            raise refusals.no_resource(call.path, call.url)
        return success(entity.member, _read(store, call.realm, entity, key), seconds=seconds)
    return _posted(store, call, entity, key)


def _told(store: Store, call: Call, effects: Effects) -> Answer | None:
    """Answer what asks about many objects at once; nothing for a call that is about one."""
    name, _, key = call.rest.strip("/").partition("/")
    seconds = store.clock.seconds()
    if name.lower() == "query":
        value = answer_query(store, call.realm, _statement(store, call), stale_seconds=effects.stale_seconds)
        return success("QueryResponse", value, seconds=seconds)
    if call.method == "GET" and name.lower() == "cdc":
        return success("CDCResponse", _changes(store, call, effects), seconds=seconds)
    if call.method == "GET" and name.lower() == "reports":
        if key in reports.ABSENT:
            raise refusals.no_resource(call.path, call.url)
        body = reports.answer(store, call.realm, key, call.arguments)
        return Answer(status=200, body=body, headers=REPORT_HEADERS)
    return None


def _check_type(store: Store, call: Call, types: set[str]) -> None:
    if store.settings.content_types == "checked" and call.content_type not in types:
        raise refusals.unsupported("Cannot consume content type")


def _statement(store: Store, call: Call) -> str:
    if call.method == "GET":
        return call.query_text
    _check_type(store, call, QUERY_TYPES)
    _check_bytes(call.body)
    return call.body.decode()


def _check_bytes(sent: bytes) -> None:
    """Refuse what is not UTF-8 (facts B1)."""
    try:
        sent.decode()
    except UnicodeDecodeError:
        raise refusals.malformed_bytes() from None


def _posted(store: Store, call: Call, entity: Entity, key: str) -> Answer:
    if key.endswith("/send") and entity.name in SENDABLE:
        number = key.removesuffix("/send")
        return _once(store, call, entity.member, lambda realm: _send(realm, call, entity, number))
    if key:
        raise refusals.no_resource(call.path, call.url)
    _check_type(store, call, JSON_TYPES)
    operation = call.parts[0].operation
    if operation not in WRITES:
        raise refusals.unsupported(operation)
    if operation == "void" and store.settings.void_forms == "documented" and not _is_documented(call, entity):
        raise refusals.unsupported(f"void {entity.name}")
    return _once(store, call, entity.member, lambda realm: _write(realm, call, entity, operation))


def _write(realm: Realm, call: Call, entity: Entity, operation: str) -> Json:
    realm.by_client = True
    realm.takes_any_number = call.arguments.get("include") == ANY_NUMBER
    return course.write(realm, entity, operation, call.json)


def _is_documented(call: Call, entity: Entity) -> bool:
    """Whether a void is asked for as documented: one way for invoices, one for all others (facts B1)."""
    asked = call.arguments.get("operation"), call.arguments.get("include")
    return asked == (("void", None) if entity.name == "Invoice" else ("update", "void"))


def _changes(store: Store, call: Call, effects: Effects) -> str:
    return changes.answer(
        store,
        call.realm,
        entities=call.arguments.get("entities", ""),
        since=call.arguments.get("changedSince", ""),
        unconfirmed=effects.unconfirmed_delete,
    )


def _read(store: Store, realm: str, entity: Entity, key: str) -> str:
    if entity.sort == "single" and key in {"", realm}:
        key = "1"
    if not (key.isascii() and key.isdigit()) and entity.name != "TaxCode":
        raise refusals.invalid_id_to_read(key)
    view = Realm(store=store, connection=store.connection(), realm_id=realm)
    text = view.text(entity.name, key)
    if text is not None:
        return text
    if entity.sort == "transaction" and view.was_deleted(entity.name, key):
        raise refusals.deleted_transaction()
    raise refusals.not_found()


def _send(realm: Realm, call: Call, entity: Entity, key: str) -> Json:
    if not (key.isascii() and key.isdigit()):
        raise refusals.invalid_id(key)
    realm.standing.check_write(entity.name)
    return send(realm, entity.name, key, call.arguments.get("sendTo", ""))


def _once(store: Store, call: Call, member: str, act: Callable[[Realm], Json]) -> Answer:
    """Act, unless the request id was seen before; then its first answer is given again (facts B8)."""
    request_id = call.request_id if store.settings.request_ids == "honoured" else ""
    try:
        return _acted(store, call, request_id, member, act)
    except refusals.Refusal as refusal:
        if not request_id or not store.settings.replay_faults:
            raise
        answer = fault(refusal, store.settings, seconds=store.clock.seconds())
        with store.writing() as connection:
            realm = Realm(store=store, connection=connection, realm_id=call.realm)
            realm.remember(answer.body, request_id, status=answer.status)
        return answer


def _acted(store: Store, call: Call, request_id: str, member: str, act: Callable[[Realm], Json]) -> Answer:
    with store.writing() as connection:
        realm = Realm(store=store, connection=connection, realm_id=call.realm)
        replayed = realm.remembered(request_id) if request_id else None
        if replayed is not None:
            return Answer(status=replayed[0], body=replayed[1])
        written = realm.written(act(realm))
        # The tax service alone answers without an envelope.
        answer = (
            success(member, written, seconds=realm.seconds) if member else Answer(status=200, body=written)
        )
        if request_id:
            realm.remember(answer.body, request_id)
        return answer
