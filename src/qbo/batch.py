"""The batch envelope, both ways: up to 30 items out, an answer for each by its bid (facts F)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .errors import Fault, faults_of
from .payload import Payload, dumps, loads

BATCH_ITEMS_MAX = 30
BID_LENGTH_MAX = 10
DUPLICATE_REQUEST_ID = "600"

Operation = Literal["create", "update", "delete"]


@dataclass(frozen=True, kw_only=True)
class BatchItem:
    """One write of a batch."""

    bid: str
    operation: Operation
    entity: str
    payload: Mapping[str, Any] = field(repr=False)
    options: Literal["", "void"] = ""


@dataclass(frozen=True, kw_only=True)
class ItemUnknown:
    """Nobody knows whether this item was carried out."""

    reason: str


ItemAnswer = Payload | tuple[Fault, ...] | ItemUnknown


def batch_body(items: Sequence[BatchItem]) -> bytes:
    """The exact bytes to send, the same for the same items."""
    return _body([_written(item) for item in items])


def query_body(statements: Sequence[str]) -> bytes:
    """A batch of queries; the bid of a statement is its place."""
    return _body([{"bId": str(place), "Query": statement} for place, statement in enumerate(statements)])


def bids_of(body: bytes) -> tuple[str, ...]:
    return tuple(item["bId"] for item in loads(body)["BatchItemRequest"])


def answers_by_bid(envelope: Any) -> dict[str, Mapping[str, Any]] | None:
    """The answered items as they came, or None if this is no answer to a batch."""
    items = envelope.get("BatchItemResponse") if isinstance(envelope, dict) else None
    if not isinstance(items, list):
        return None
    return {str(item["bId"]): item for item in items if isinstance(item, dict) and "bId" in item}


def item_answer(item: Mapping[str, Any] | None) -> ItemAnswer:
    """What an answered item says of a write."""
    if item is None:
        return ItemUnknown(reason="QuickBooks answered the batch, but not this item")
    faults = faults_of(item)
    if any(fault.of_system or fault.code == DUPLICATE_REQUEST_ID for fault in faults):
        return ItemUnknown(reason=f"QuickBooks answered {faults[0].code} {faults[0].message}")
    if faults:
        return faults
    objects = [value for key, value in item.items() if key != "bId" and isinstance(value, dict)]
    if len(objects) == 1:
        return dict(objects[0])
    return ItemUnknown(reason="QuickBooks' answer to this item holds neither a record nor a fault")


def _written(item: BatchItem) -> dict[str, Any]:
    envelope: dict[str, Any] = {"bId": item.bid, "operation": item.operation}
    if item.options:
        envelope["optionsData"] = item.options
    return {**envelope, item.entity: item.payload}


def _body(items: Sequence[Mapping[str, Any]]) -> bytes:
    bids = [item["bId"] for item in items]
    if not 0 < len(items) <= BATCH_ITEMS_MAX:
        raise ValueError(f"A batch holds 1 to {BATCH_ITEMS_MAX} items, not {len(items)}.")
    if len(set(bids)) < len(bids) or not all(0 < len(bid) <= BID_LENGTH_MAX for bid in bids):
        raise ValueError(f"Each bid of a batch is its own and has 1 to {BID_LENGTH_MAX} characters: {bids}")
    return dumps({"BatchItemRequest": items}).encode()
