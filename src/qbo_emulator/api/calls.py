"""One API call, read from HTTP into a value, and what it does: the entity and operation of each of its parts.

Faults match on these parts, counters count by them, and `operations` carries the call out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qbo_emulator.entities import entity_named
from qbo_emulator.ground import refusals
from qbo_emulator.ground.recurring import flat
from qbo_emulator.ground.values import Json, decode_request, encode

# The operation of a call to the token endpoint, which belongs to no realm.
TOKEN_CALL = "token"  # noqa: S105  a word, not a secret
# The first part of an address that names no entity, and the operation it stands for.
OF_NO_ENTITY = {TOKEN_CALL: TOKEN_CALL, "cdc": "cdc", "reports": "report"}
METERED = frozenset({"read", "query", "cdc", "report"})


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a call, or one item of a batch, does to what."""

    entity: str | None
    operation: str


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    realm: str
    rest: str  # the path behind the realm
    arguments: Mapping[str, str]
    body: bytes
    content_type: str = "application/json"
    url: str = ""  # the whole address, for texts
    query_string: bytes = b""  # as it came

    @cached_property
    def json(self) -> Json:
        """The body as a JSON object; anything else is refused."""
        try:
            value = decode_request(self.body.decode())
        except UnicodeDecodeError:
            raise refusals.malformed_bytes() from None
        except (ValueError, RecursionError):
            raise refusals.malformed_body("Unexpected character in the request body") from None
        if not isinstance(value, dict):
            raise refusals.malformed_body("Unexpected value in the request body")
        if b"\\ud" in self.body.lower():
            _check_whole_characters(value)
        return value

    @property
    def request_id(self) -> str:
        return self.arguments.get("requestid", "")

    @property
    def query_text(self) -> str:
        return (
            self.body.decode("utf-8", "replace") if self.method == "POST" else self.arguments.get("query", "")
        )

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What the call does; a batch comes first as itself, then each of its items."""
        name = self.rest.partition("/")[0].lower()
        if name in OF_NO_ENTITY:
            return (Part(entity=None, operation=OF_NO_ENTITY[name]),)
        if name == "batch":
            return (Part(entity=None, operation="batch"), *map(batch_part, self._items()))
        if name == "query":
            return (Part(entity=queried_entity(self.query_text), operation="query"),)
        entity = entity_named(name)
        known = entity.name if entity else None
        if self.method == "GET":
            return (Part(entity=known, operation="read"),)
        return (Part(entity=known, operation=self._operation(known or "")),)

    @cached_property
    def metered_reads(self) -> int:
        """How many reads Intuit would charge for; each query of a batch counts (facts C2, assumed)."""
        return sum(part.operation in METERED for part in self.parts)

    def _items(self) -> list[Json]:
        try:
            items: Any = self.json.get("BatchItemRequest")
        except refusals.Refusal:
            return []
        return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []

    def _operation(self, known: str) -> str:
        if self.rest.endswith("/send"):
            return "send"
        if self.arguments.get("include") == "void":
            return "void"
        asked = self.arguments.get("operation")
        if asked:
            return asked
        try:
            return "create" if str(flat(known, self.json).get("Id") or "0") == "0" else "update"
        except refusals.Refusal:
            return "create"


def _check_whole_characters(value: Json) -> None:
    """Refuse half a character, which JSON can write as an escape and UTF-8 cannot hold."""
    try:
        encode(value).encode()
    except UnicodeEncodeError:
        raise refusals.malformed_bytes() from None


def queried_entity(text: str) -> str | None:
    words = text.lower().split()
    after = words.index("from") + 1 if "from" in words else len(words)
    entity = entity_named(words[after]) if after < len(words) else None
    return entity.name if entity else None


def item_entity(item: Json) -> str | None:
    """Return the member of a batch item that holds its object."""
    return next((name for name, value in item.items() if isinstance(value, dict)), None)


def batch_part(item: Json) -> Part:
    if "CDCQuery" in item:
        return Part(entity=None, operation="cdc")
    if "Query" in item:
        return Part(entity=queried_entity(str(item["Query"])), operation="query")
    name = item_entity(item)
    entity = entity_named(name) if name else None
    voids = item.get("optionsData") == "void"
    operation = "void" if voids else str(item.get("operation", ""))
    return Part(entity=entity.name if entity else None, operation=operation)
