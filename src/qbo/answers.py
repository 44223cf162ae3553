"""The envelopes of read answers, taken apart (facts B3, F, G)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .batch import answers_by_bid
from .errors import Refused, TryAgain, faults_of
from .payload import Payload

CHANGES_MAX = 1000
"""Change data capture tells of no more objects than this, in all, and has no second page."""


@dataclass(frozen=True, kw_only=True)
class QueryAnswer:
    """The rows of one page, or the count; `time` is QuickBooks' own."""

    rows: list[Payload] = field(repr=False)
    count: int | None
    time: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What changed since a time, by entity; `overflow`: there may be more than is told here.

    An id under `deleted` is a hint: believe it only after a read by id (facts G).
    """

    rows: dict[str, list[Payload]] = field(repr=False)
    deleted: dict[str, list[str]]
    overflow: bool
    time: str


def time_of(envelope: Mapping[str, Any]) -> str:
    return str(envelope.get("time", ""))


def query_answer(envelope: Mapping[str, Any]) -> QueryAnswer:
    """The answer to one query."""
    return _rows_and_count(envelope.get("QueryResponse"), time_of(envelope))


def batched_query_answers(envelope: Mapping[str, Any], count: int) -> list[QueryAnswer | Refused]:
    """The answers to a batch of queries, in the order asked.

    Raises TryAgain if QuickBooks failed at one of them: asking again costs one call, as one alone would.
    """
    answers = answers_by_bid(envelope) or {}
    if any(str(place) not in answers for place in range(count)):
        raise TryAgain("QuickBooks left a query of the batch unanswered.")
    return [_batched(answers[str(place)], time_of(envelope)) for place in range(count)]


def changes_answer(envelope: Mapping[str, Any], entities: Sequence[str]) -> Changes:
    """The answer to one change data capture."""
    rows: dict[str, list[Payload]] = {entity: [] for entity in entities}
    deleted: dict[str, list[str]] = {entity: [] for entity in entities}
    try:
        parts = [part for whole in envelope["CDCResponse"] for part in whole.get("QueryResponse", [])]
    except (KeyError, TypeError, AttributeError) as error:
        raise TryAgain("The answer of QuickBooks holds no changes.") from error
    for part in parts:
        for entity in entities:
            for row in part.get(entity, []):
                if row.get("status") == "Deleted":
                    deleted[entity].append(str(row["Id"]))
                else:
                    rows[entity].append(row)
    told = sum(map(len, rows.values())) + sum(map(len, deleted.values()))
    return Changes(rows=rows, deleted=deleted, overflow=told >= CHANGES_MAX, time=time_of(envelope))


def _batched(item: Mapping[str, Any], time: str) -> QueryAnswer | Refused:
    faults = faults_of(item)
    if any(fault.of_system for fault in faults):
        raise TryAgain(f"QuickBooks failed at a query of the batch ({faults[0].code}).")
    if faults:
        return Refused(faults)
    return _rows_and_count(item.get("QueryResponse"), time)


def _rows_and_count(response: Any, time: str) -> QueryAnswer:
    if not isinstance(response, dict):
        raise TryAgain("The answer of QuickBooks to a query holds no result.")
    rows: list[Payload] = next((value for value in response.values() if isinstance(value, list)), [])
    return QueryAnswer(rows=rows, count=response.get("totalCount"), time=time)
