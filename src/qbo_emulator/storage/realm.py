"""One QuickBooks company inside one transaction: its objects, names and numbers.

Knows how objects are kept, not what they mean: the rules are in `entities` and `writing`.
"""

import sqlite3
from functools import cached_property
from typing import Any

from qbo_emulator.ground import refusals
from qbo_emulator.ground.clock import company_today, parse_time, stamp
from qbo_emulator.ground.recurring import flat, nested
from qbo_emulator.ground.settings import Settings
from qbo_emulator.ground.standing import Standing
from qbo_emulator.ground.values import Json, decode, encode
from qbo_emulator.storage.standings import standing_of
from qbo_emulator.storage.store import Store

# What SQLite holds as a number.
ID_DIGITS_MAX = 18
HOUR_SECONDS = 3_600
TIMES = ("CreateTime", "LastUpdatedTime")
# What names a customer and is looked up by it.
WITH_CUSTOMER = (
    *("Invoice", "Payment", "CreditMemo", "SalesReceipt", "RefundReceipt", "Estimate"),
    "StatementCharge",
)


def folded(name: str) -> str:
    """Names are compared without case and outer blanks."""
    return name.strip().casefold()


def stored_key(key: str) -> int | str:
    """Ids are numbers, so that they sort as such; only the pseudo tax codes TAX and NON are words."""
    return int(key) if key.isascii() and key.isdigit() and len(key) <= ID_DIGITS_MAX else key


def _selling(body: Json, item: str) -> list[Json]:
    """Return the details of the lines that sell an item, those inside bundles included."""
    lines = [
        sold
        for line in body.get("Line", [])
        for sold in (line, *line.get("GroupLineDetail", {}).get("Line", []))
    ]
    details: list[Json] = [line["SalesItemLineDetail"] for line in lines if "SalesItemLineDetail" in line]
    return [detail for detail in details if detail.get("ItemRef", {}).get("value") == item]


class Realm:
    def __init__(self, *, store: Store, connection: sqlite3.Connection, realm_id: str) -> None:
        self.id = realm_id
        self._store = store
        self._connection = connection
        self.seconds = store.clock.seconds()
        # Whether a number used before is taken, because the request says so.
        self.takes_any_number = False
        # Whether a client writes, and not a person on the pages.
        self.by_client = False
        # Objects looked up by reference in this transaction: a line often names the item of the line before.
        self._seen: dict[tuple[str, str], Json | None] = {}
        # The object stored last, and the text it was stored as: most often it is the answer.
        self._written: tuple[Json, str] | None = None

    @property
    def settings(self) -> Settings:
        return self._store.settings

    @property
    def standing(self) -> Standing:
        return standing_of(self._store, self.id)

    @cached_property
    def stamp(self) -> str:
        return stamp(self.seconds)

    @property
    def new_times(self) -> Json:
        return {"CreateTime": self.stamp, "LastUpdatedTime": self.stamp}

    @cached_property
    def today(self) -> str:
        return company_today(self.seconds)

    @property
    def preferences(self) -> Json:
        cache = self._store.preferences
        if self.id not in cache:
            cache[self.id] = self.find("Preferences", "1") or {}
        return cache[self.id]

    def rename(self, company_name: str) -> None:
        self._connection.execute(
            "UPDATE realms SET company_name = ? WHERE realm = ?", (company_name, self.id)
        )

    # Objects

    def text(self, entity: str, key: str) -> str | None:
        """Return the body of an object as it is stored."""
        row = self._connection.execute(
            "SELECT body FROM objects WHERE realm = ? AND entity = ? AND id = ?",
            (self.id, entity, stored_key(key)),
        ).fetchone()
        return row[0] if row else None

    def find(self, entity: str, key: str) -> Json | None:
        text = self.text(entity, key)
        return None if text is None else flat(entity, decode(text))

    def referred(self, entity: str, key: str) -> Json | None:
        """Return an object that a request refers to; read once per transaction, never to be changed."""
        if (entity, key) not in self._seen:
            self._seen[entity, key] = self.find(entity, key)
        return self._seen[entity, key]

    def add(self, entity: str, sequence: str, content: Json) -> Json:
        """Store a new object under the next Id of its sequence."""
        body = {
            "domain": "QBO",
            "sparse": False,
            "Id": str(self.next_number(sequence)),
            "SyncToken": "0",
            "MetaData": self.new_times,
            **content,
        }
        self.insert(entity, body)
        return body

    def insert(self, entity: str, body: Json) -> None:
        now = int(self.seconds)
        self._connection.execute(
            "INSERT INTO objects (realm, entity, id, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
            (self.id, entity, stored_key(body["Id"]), self._text(entity, body), now, now),
        )
        self._forget(entity, body["Id"])

    def put(self, entity: str, body: Json) -> None:
        """Store an object as it is, its own times included, over whatever has its Id."""
        meta = body.get("MetaData", {})
        times = [parse_time(meta[name]).timestamp() if name in meta else self.seconds for name in TIMES]
        self._connection.execute(
            "INSERT OR REPLACE INTO objects (realm, entity, id, body, created_at, updated_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (self.id, entity, stored_key(body["Id"]), self._text(entity, body), int(times[0]), int(times[1])),
        )
        self._forget(entity, str(body["Id"]))

    def replace(self, entity: str, body: Json) -> None:
        """Store a changed object; its time moves to now."""
        body["MetaData"] = {**body.get("MetaData", {}), "LastUpdatedTime": self.stamp}
        self._connection.execute(
            "UPDATE objects SET previous = body, body = ?, updated_at = ? "
            "WHERE realm = ? AND entity = ? AND id = ?",
            (self._text(entity, body), int(self.seconds), self.id, entity, stored_key(body["Id"])),
        )
        self._forget(entity, body["Id"])

    def _text(self, entity: str, body: Json) -> str:
        text = encode(nested(entity, body))
        self._written = (body, text)
        return text

    def written(self, body: Json) -> str:
        """Return the text of an object that a write has answered with."""
        return self._written[1] if self._written and self._written[0] is body else encode(body)

    def bump(self, entity: str, body: Json) -> None:
        """Store a changed object under its next SyncToken."""
        body["SyncToken"] = str(int(body.get("SyncToken", 0)) + 1)
        self.replace(entity, body)

    def remove(self, entity: str, key: str) -> None:
        self._connection.execute(
            "DELETE FROM objects WHERE realm = ? AND entity = ? AND id = ?",
            (self.id, entity, stored_key(key)),
        )
        self._connection.execute(
            "INSERT OR REPLACE INTO tombstones (realm, entity, id, deleted_at) VALUES (?, ?, ?, ?)",
            (self.id, entity, stored_key(key), int(self.seconds)),
        )
        self._forget(entity, key)

    def was_deleted(self, entity: str, key: str) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM tombstones WHERE realm = ? AND entity = ? AND id = ?",
            (self.id, entity, stored_key(key)),
        ).fetchone()
        return found is not None

    def children(self, entity: str, parent: str) -> list[Json]:
        rows = self._connection.execute(
            "SELECT body FROM objects WHERE realm = ? AND entity = ? AND parent = ? ORDER BY id",
            (self.id, entity, parent),
        )
        return [decode(body) for (body,) in rows.fetchall()]

    def rename_customer(self, key: str, name: str) -> None:
        """Show a customer's new name on its transactions; neither their SyncToken nor their time moves."""
        self._connection.execute(
            "UPDATE objects SET body = json_set(body, '$.CustomerRef.name', ?) "  # noqa: S608  our own words
            f"WHERE realm = ? AND entity IN {WITH_CUSTOMER} AND customer = ?",
            (name, self.id, key),
        )

    def with_value(self, entities: tuple[str, ...], value: str) -> list[tuple[str, Json]]:
        """Return the objects that may hold a reference with an Id, written as text or number, and others."""
        places = ", ".join("?" * len(entities))
        rows = self._connection.execute(
            f"SELECT entity, body FROM objects WHERE realm = ? AND entity IN ({places}) "  # noqa: S608
            "AND (instr(body, ?) > 0 OR instr(body, ?) > 0) ORDER BY id",
            (self.id, *entities, f'"value":"{value}"', f'"value":{value}'),
        )
        return [(entity, decode(body)) for entity, body in rows.fetchall()]

    def rewrite(self, entity: str, body: Json) -> None:
        """Store an object that shows a new name; neither its SyncToken nor its time moves."""
        self._connection.execute(
            "UPDATE objects SET body = ? WHERE realm = ? AND entity = ? AND id = ?",
            (encode(body), self.id, entity, stored_key(body["Id"])),
        )
        self._forget(entity, body["Id"])

    def sell_to(self, item: str, account: Json) -> None:
        """Show an item's new income account on its lines; neither their SyncToken nor their time moves."""
        for entity, key, body, details in self.sales_of(item):
            for detail in details:
                detail["ItemAccountRef"] = account
            self._connection.execute(
                "UPDATE objects SET body = ? WHERE realm = ? AND entity = ? AND id = ?",
                (encode(body), self.id, entity, key),
            )

    def sales_of(self, item: str) -> list[tuple[str, int, Json, list[Json]]]:
        """Return each form that sells an item: entity, key, body, and in it the details of those lines."""
        rows = self._connection.execute(
            f"SELECT entity, id, body FROM objects WHERE realm = ? AND entity IN {WITH_CUSTOMER} "  # noqa: S608
            "AND instr(body, ?) > 0 ORDER BY id",
            (self.id, f'"ItemRef":{{"value":"{item}"'),
        )
        found = [(entity, key, decode(text)) for entity, key, text in rows.fetchall()]
        sales = [(entity, key, body, _selling(body, item)) for entity, key, body in found]
        return [sale for sale in sales if sale[-1]]

    def transactions_of(self, customer: str) -> list[tuple[str, Json]]:
        rows = self._connection.execute(
            f"SELECT entity, body FROM objects WHERE realm = ? AND entity IN {WITH_CUSTOMER} "  # noqa: S608
            "AND customer = ? ORDER BY id",
            (self.id, customer),
        )
        return [(entity, decode(body)) for entity, body in rows.fetchall()]

    def has_transactions(self, entities: tuple[str, ...], customer: str) -> bool:
        places = ", ".join("?" * len(entities))
        found = self._connection.execute(
            f"SELECT 1 FROM objects WHERE realm = ? AND entity IN ({places}) AND customer = ? LIMIT 1",  # noqa: S608
            (self.id, *entities, customer),
        ).fetchone()
        return found is not None

    def ids_named(self, entity: str, name: str) -> list[str]:
        rows = self._connection.execute(
            "SELECT id FROM objects WHERE realm = ? AND entity = ? AND name = ?", (self.id, entity, name)
        )
        return [str(key) for (key,) in rows]

    def versions(self, entity: str, key: str) -> list[Json]:
        """Return what an object was before each change of its SyncToken, the oldest first."""
        rows = self._connection.execute(
            "SELECT body FROM history WHERE realm = ? AND entity = ? AND id = ? ORDER BY number",
            (self.id, entity, stored_key(key)),
        )
        return [decode(body) for (body,) in rows]

    def open_of(self, entity: str, customer: str, *, member: str = "Balance") -> list[Json]:
        """Return a customer's transactions with something open, the oldest first."""
        rows = self._connection.execute(
            "SELECT body FROM objects INDEXED BY objects_by_customer "
            "WHERE realm = ? AND entity = ? AND customer = ? AND json_extract(body, '$.' || ?) > 0 "
            "ORDER BY txn_date, id",
            (self.id, entity, customer, member),
        )
        return [decode(body) for (body,) in rows.fetchall()]

    def all_of(self, entity: str) -> list[Json]:
        rows = self._connection.execute(
            "SELECT body FROM objects WHERE realm = ? AND entity = ? ORDER BY id", (self.id, entity)
        )
        return [flat(entity, decode(body)) for (body,) in rows.fetchall()]

    def dated(self, entity: str, start: str, end: str) -> list[Json]:
        """Return the transactions of a period, both of its days included."""
        rows = self._connection.execute(
            "SELECT body FROM objects INDEXED BY objects_by_date "
            "WHERE realm = ? AND entity = ? AND txn_date BETWEEN ? AND ? ORDER BY txn_date, id",
            (self.id, entity, start, end),
        )
        return [decode(body) for (body,) in rows.fetchall()]

    def members_of(self, entity: str, *members: str) -> list[tuple[Any, ...]]:
        """Return some members of all objects of an entity, without reading the rest; a list comes as text."""
        wanted = ", ".join(f"json_extract(body, '$.{member}')" for member in members)
        return self._connection.execute(
            f"SELECT {wanted} FROM objects WHERE realm = ? AND entity = ? ORDER BY id",  # noqa: S608  our own words
            (self.id, entity),
        ).fetchall()

    def note_mail(self, entity: str, key: str, address: str, *, asked: bool) -> None:
        self._connection.execute(
            "INSERT INTO mails (realm, entity, id, address, sent_at, asked) VALUES (?, ?, ?, ?, ?, ?)",
            (self.id, entity, stored_key(key), address, self.seconds, asked),
        )

    def with_number(self, entity: str, number: str) -> list[int]:
        rows = self._connection.execute(
            "SELECT id FROM objects WHERE realm = ? AND entity = ? AND doc_number = ?",
            (self.id, entity, number),
        )
        return [key for (key,) in rows]

    def first_where(self, entity: str, member: str, value: str) -> Json | None:
        """Return the first active object of a short list whose member has the value."""
        row = self._connection.execute(
            "SELECT body FROM objects WHERE realm = ? AND entity = ? AND active = 1 "
            "AND json_extract(body, '$.' || ?) = ? ORDER BY id LIMIT 1",
            (self.id, entity, member, value),
        ).fetchone()
        return decode(row[0]) if row else None

    def forget(self) -> None:
        """Know nothing any more of what was read or stored; it may have been undone."""
        self._seen.clear()
        self._written = None

    def _forget(self, entity: str, key: str) -> None:
        self._seen.pop((entity, key), None)
        if entity == "Preferences":
            self._store.preferences.pop(self.id, None)

    # Names

    def holder(self, family: str, name: str) -> tuple[str, int] | None:
        """Return the entity and Id of what holds a name."""
        row = self._connection.execute(
            "SELECT entity, id FROM names WHERE realm = ? AND family = ? AND folded = ?",
            (self.id, family, folded(name)),
        ).fetchone()
        return (row[0], row[1]) if row else None

    def hold(self, family: str, name: str, entity: str, key: str) -> None:
        self._connection.execute(
            "INSERT OR REPLACE INTO names (realm, family, folded, entity, id) VALUES (?, ?, ?, ?, ?)",
            (self.id, family, folded(name), entity, stored_key(key)),
        )

    def release(self, family: str, name: str, entity: str, key: str) -> None:
        self._connection.execute(
            "DELETE FROM names WHERE realm = ? AND family = ? AND folded = ? AND entity = ? AND id = ?",
            (self.id, family, folded(name), entity, stored_key(key)),
        )

    # Numbers

    def next_number(self, sequence: str) -> int:
        row = self._connection.execute(
            "INSERT INTO sequences (realm, name, value) VALUES (?, ?, 1) "
            "ON CONFLICT (realm, name) DO UPDATE SET value = value + 1 RETURNING value",
            (self.id, sequence),
        ).fetchone()
        number: int = row[0]
        return number

    def number_used(self, sequence: str, value: int) -> None:
        """Let a sequence go on behind a number somebody else chose."""
        self._connection.execute(
            "INSERT INTO sequences (realm, name, value) VALUES (?, ?, ?) "
            "ON CONFLICT (realm, name) DO UPDATE SET value = max(value, excluded.value)",
            (self.id, sequence, value),
        )

    # Request ids

    def remembered(self, request_id: str, batch_item: str = "") -> tuple[int, str] | None:
        """Return status and text of the answer first given under a request id, while it is kept."""
        key = (self.id, request_id, batch_item)
        row = self._connection.execute(
            "SELECT status, answer, kept_at FROM request_ids "
            "WHERE realm = ? AND request_id = ? AND batch_item = ?",
            key,
        ).fetchone()
        if row is None:
            return None
        hours = self.settings.request_id_hours
        if hours and row[2] + hours * HOUR_SECONDS < self.seconds:
            self._connection.execute(
                "DELETE FROM request_ids WHERE realm = ? AND request_id = ? AND batch_item = ?", key
            )
            return None
        if self.settings.request_id_seen_again == "refuse":
            raise refusals.duplicate_request_id(request_id)
        return row[0], row[1]

    def remember(self, answer: str, request_id: str, batch_item: str = "", *, status: int = 200) -> None:
        """Keep an answer under its request id; the first one stays."""
        self._connection.execute(
            "INSERT OR IGNORE INTO request_ids (realm, request_id, batch_item, status, answer, kept_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (self.id, request_id, batch_item, status, answer, self.seconds),
        )
