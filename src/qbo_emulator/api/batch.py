"""A batch: up to 30 items, each standing alone, answered in order under its bId, if it has one (facts F).

Each item is a part by itself: refused, it leaves nothing behind, and the others stay. They are committed
together, because thirty commits cost more than what they commit. A request id and an item's bId together name
a write: seen again, its first answer is given again.
"""

import random
from contextlib import nullcontext
from dataclasses import dataclass

from qbo_emulator.api import changes
from qbo_emulator.api.calls import Call, Part, item_entity
from qbo_emulator.api.envelopes import Answer, fault_json, success
from qbo_emulator.api.injection import Effects
from qbo_emulator.entities import entity_named
from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json, encode, quoted
from qbo_emulator.query.run import answer as answer_query
from qbo_emulator.storage.realm import Realm
from qbo_emulator.storage.store import Store
from qbo_emulator.writing import course

ITEMS_MAX = 30
BATCH_ITEM_ID_MAX = 10
MEMBERS = {"bId", "operation", "optionsData"}
READS = {"Query", "CDCQuery"}
OPERATIONS = {"create", "update", "delete", "void"}


def run_batch(store: Store, call: Call, effects: Effects) -> Answer:
    items = call.json.get("BatchItemRequest")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise refusals.missing("BatchItemRequest")
    if len(items) > ITEMS_MAX:
        raise refusals.batch_too_large(ITEMS_MAX)
    names = [name for name in map(_name, items) if name]
    if len(set(names)) != len(names):
        raise refusals.malformed_body("bId is used twice")
    request_id = call.request_id if store.settings.batch_request_ids == "honoured" else ""
    if request_id and any(len(name) > BATCH_ITEM_ID_MAX for name in names):
        raise refusals.invalid_request_id(max(names, key=len))
    realm = Realm(store=store, connection=store.connection(), realm_id=call.realm)
    realm.by_client = True
    batch = _Batch(store=store, realm=realm, request_id=request_id, effects=effects)
    places = list(range(len(items)))
    if store.settings.batch_order == "shuffled":
        random.Random(f"{store.settings.seed} {names}").shuffle(places)  # noqa: S311  repeatable on purpose
    with nullcontext() if all(READS & item.keys() for item in items) else store.writing():
        answers = [batch.answer(items[place], place, call.parts[1 + place]) for place in places]
    return success("BatchItemResponse", f"[{','.join(answers)}]", seconds=store.clock.seconds())


def _name(item: Json) -> str:
    """Return the bId of an item; it may have none."""
    name = item.get("bId")
    return "" if name is None else str(name)


def _check_members(item: Json, member: str | None) -> None:
    """Refuse an item with a second object, or anything else beside its one object."""
    stray = item.keys() - MEMBERS - {member}
    if stray:
        raise refusals.unknown_property(min(stray), "BatchItemRequest")
    if "operation" not in item:
        raise refusals.missing("operation")


@dataclass(frozen=True, kw_only=True)
class _Batch:
    store: Store
    realm: Realm
    request_id: str
    effects: Effects

    def answer(self, item: Json, place: int, part: Part) -> str:
        """Return one item's answer as JSON text; a refusal stays inside the item."""
        name = _name(item)
        try:
            if place in self.effects.refused_items:
                raise self.effects.refused_items[place]
            content = self._read(item, place) or self._write(item, name, part)
        except refusals.Refusal as refusal:
            self.realm.forget()
            content = f'"Fault":{encode(fault_json(refusal, self.store.settings))}'
            if self._once(name) and self.store.settings.replay_faults and not READS & item.keys():
                self._remember(content, name)
        return f'{{{content},"bId":{quoted(name)}}}' if name else f"{{{content}}}"

    def _once(self, name: str) -> bool:
        """Tell whether request id and bId name the item; without a bId nothing does."""
        return bool(self.request_id and name)

    def _read(self, item: Json, place: int) -> str | None:
        """Return what a query or a question for changes is answered with; nothing for a write."""
        if "Query" in item:
            text = str(item["Query"])
            seconds = self.effects.stale_items.get(place, self.effects.stale_seconds)
            return f'"QueryResponse":{answer_query(self.store, self.realm.id, text, stale_seconds=seconds)}'
        asked = item.get("CDCQuery")
        if isinstance(asked, dict):
            entities, since = str(asked.get("Entities", "")), str(asked.get("ChangedSince", ""))
            return (
                f'"CDCResponse":{changes.answer(self.store, self.realm.id, entities=entities, since=since)}'
            )
        return None

    def _write(self, item: Json, name: str, part: Part) -> str:
        member = item_entity(item)
        entity = entity_named(part.entity) if part.entity else None
        _check_members(item, member)
        if member is None or entity is None or part.operation not in OPERATIONS:
            raise refusals.unsupported(f"{part.operation} {member or ''}".strip())
        documented = (item.get("operation"), item.get("optionsData")) == ("update", "void")
        if part.operation == "void" and not documented and self.store.settings.void_forms == "documented":
            raise refusals.unsupported(f"void {member}")
        with self.store.part():
            replayed = self.realm.remembered(self.request_id, name) if self._once(name) else None
            if replayed is not None:
                return replayed[1]
            body = course.write(self.realm, entity, part.operation, item[member])
            written = f'"{entity.member}":{self.realm.written(body)}'
            if self._once(name):
                self.realm.remember(written, self.request_id, name)
            return written

    def _remember(self, content: str, name: str) -> None:
        with self.store.part():
            self.realm.remember(content, self.request_id, name)
