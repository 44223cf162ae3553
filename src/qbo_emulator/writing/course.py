"""The common course of every write: create, update, void, delete.

Read what was sent, ask the entity's rules, store, and move what the change moves elsewhere. An update that
changes nothing leaves SyncToken and time alone; a wrong SyncToken is refused before anything else is looked
at (facts E1).
"""

from collections.abc import Container

from qbo_emulator.entities.definition import Complete, Entity
from qbo_emulator.ground import refusals
from qbo_emulator.ground.recurring import flat
from qbo_emulator.ground.shape import CLEARED, COMMON, check_lengths, cleaned, without_cleared
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

LINES_MAX = 10_000
TAXED_LINES_MAX = 750
# Given by QuickBooks, never taken from a request.
OURS = frozenset({"Id", "SyncToken", "MetaData", "domain", "sparse", "status"})


def write(realm: Realm, entity: Entity, operation: str, sent: Json) -> Json:
    """Carry out one write and return what the answer holds under the entity's name."""
    realm.standing.check_write(entity.name)
    sent = flat(entity.name, sent)
    if entity.complete is None:
        raise refusals.unsupported(f"{operation} {entity.name}")
    if operation == "delete":
        return delete(realm, entity, sent)
    if operation == "void":
        return void(realm, entity, sent)
    if operation == "update":
        return update(realm, entity, entity.complete, sent)
    if not entity.creatable:
        raise refusals.unsupported(f"create {entity.name}")
    return create(realm, entity, entity.complete, sent)


def create(realm: Realm, entity: Entity, complete: Complete, sent: Json) -> Json:
    wanted = without_cleared(_read(entity, sent))
    missing = [name for name in entity.required if wanted.get(name) in (None, [], {})]
    check_lengths(wanted, entity.lengths, *map(refusals.missing_parameter, missing))
    body = realm.add(entity.name, entity.sequence, complete(realm, wanted, None))
    entity.settle(realm, None, body)
    body = entity.created(realm, body)
    return entity.client_wrote(realm, None, body) if realm.by_client else body


def update(realm: Realm, entity: Entity, complete: Complete, sent: Json) -> Json:
    stored = _current(realm, entity, sent)
    if not entity.updatable:
        raise refusals.unsupported(f"update {entity.name}")
    # What no client writes; sent back as it was given out, it is no mistake.
    unwritten = {} if entity.open_members else _without(stored, {*entity.members, *OURS})
    change = _read(entity, _without(sent, unwritten))
    check_lengths(change, entity.lengths)
    for name in entity.required_by_update:
        if name not in without_cleared(change) and stored.get("Active", True):
            raise refusals.missing(name)
    if sent.get("sparse") is True:
        base = _writable(entity, stored, keep_read_only=True)
    else:
        survives = entity.survives_omission
        base = {name: value for name, value in stored.items() if name in survives}
        base |= {
            name: value for name, value in stored.items() if name in entity.read_only or name in unwritten
        }
    if realm.by_client:
        base = _without(base, entity.set_back(realm))
    wanted = {**base, **change}
    for name, value in change.items():
        if value == CLEARED:
            del wanted[name]
    content = complete(realm, wanted, stored)
    body = {name: value for name, value in stored.items() if name in OURS} | content
    if _same(body, stored):
        return stored
    realm.bump(entity.name, body)
    entity.settle(realm, stored, body)
    return entity.client_wrote(realm, stored, body) if realm.by_client else body


def _read(entity: Entity, sent: Json) -> Json:
    """Return what a request may say, typed by the entity's schema if there is one."""
    if entity.open_members:
        return _writable(entity, cleaned(COMMON, sent, entity=entity.name, open_members=True))
    wanted = _writable(entity, cleaned(entity.members, sent, entity=entity.name))
    _check_size(entity, wanted)
    return wanted


def _check_size(entity: Entity, wanted: Json) -> None:
    """Refuse what is larger than a transaction can be (facts C1)."""
    lines = wanted.get("Line")
    if not isinstance(lines, list) or len(lines) <= TAXED_LINES_MAX:
        return
    if len(lines) > LINES_MAX:
        raise refusals.business_rule(f"A transaction holds at most {LINES_MAX:,} lines.", "Line")
    if entity.name != "Invoice":
        return
    details = (line.get("SalesItemLineDetail", {}) for line in lines)
    taxed = sum(detail.get("TaxCodeRef", {}).get("value", "NON") != "NON" for detail in details)
    if taxed > TAXED_LINES_MAX:
        raise refusals.business_rule(f"A taxable invoice holds at most {TAXED_LINES_MAX:,} lines.", "Line")


def void(realm: Realm, entity: Entity, sent: Json) -> Json:
    if entity.void is None:
        raise refusals.unsupported(f"void {entity.name}")
    stored = _current(realm, entity, sent)
    body = entity.void(realm, stored)
    if body == stored:
        return stored
    realm.bump(entity.name, body)
    entity.settle(realm, stored, body)
    return body


def delete(realm: Realm, entity: Entity, sent: Json) -> Json:
    if not entity.deletable:
        raise refusals.unsupported(f"delete {entity.name}")
    stored = _current(realm, entity, sent)
    realm.remove(entity.name, stored["Id"])
    entity.settle(realm, stored, None)
    return {"domain": "QBO", "status": "Deleted", "Id": stored["Id"]}


def _current(realm: Realm, entity: Entity, sent: Json) -> Json:
    """Return the object as stored, if the request names it under its present SyncToken."""
    key = str(sent.get("Id") or "")
    if not key:
        raise refusals.missing("Id")
    if not (key.isascii() and key.isdigit()):
        raise refusals.invalid_id(key)
    stored = realm.find(entity.name, key)
    if stored is None:
        gone = entity.sort == "transaction" and realm.was_deleted(entity.name, key)
        raise refusals.deleted_transaction() if gone else refusals.not_found()
    token = sent.get("SyncToken")
    if token is None or token == "":
        raise refusals.missing("SyncToken")
    if str(token) != stored["SyncToken"]:
        raise refusals.stale()
    return stored


def _same(body: Json, stored: Json) -> bool:
    """Compare content; what is said about others (LineEx) or about sending is no change of its own."""
    return _without_extensions(body) == _without_extensions(stored)


def _without_extensions(body: Json) -> Json:
    lines = [
        {name: value for name, value in line.items() if name != "LineEx"} for line in body.get("Line", [])
    ]
    return {**body, "Line": lines, "DeliveryInfo": None}


def _without(body: Json, names: Container[str]) -> Json:
    return {name: value for name, value in body.items() if name not in names}


def _writable(entity: Entity, body: Json, *, keep_read_only: bool = False) -> Json:
    hidden = OURS if keep_read_only else OURS | entity.read_only
    return {name: value for name, value in body.items() if name not in hidden}
