"""Which id on one side is which on the other, for what a page of records refers to."""

from collections.abc import Iterable
from typing import Any

from .kinds import KIND
from .kinds.base import LocalKey, References, RemoteKey
from .models import Connection, Link
from .planner.actions import Reason

#: Until a person has answered these, nothing is built upon the record: QuickBooks refuses what refers to one
#: that was removed there, and an invoice with another total there is not to be paid.
ASKED_FIRST = frozenset({Reason.REMOVED_THERE, Reason.STORED_DIFFERENTLY})


def find_references(
    connection: Connection, here: Iterable[LocalKey], there: Iterable[RemoteKey]
) -> tuple[References, dict[LocalKey, str]]:
    """The other side's ids of what a page refers to, and the names the local ones have there."""
    found_there: dict[LocalKey, str] = {}
    found_here: dict[RemoteKey, int] = {}
    names: dict[LocalKey, str] = {}
    whole = Link.objects.filter(connection=connection, local_id__isnull=False, remote__isnull=False)
    asked: set[LocalKey] = set()
    columns = ("local_id", "remote__remote_id", "remote__name", "issue__reason")
    for name, local_ids in _by_kind(here).items():
        rows = whole.filter(kind=name, local_id__in=local_ids, remote__deleted=False)
        for local_id, remote_id, full_name, reason in rows.values_list(*columns):
            key = (name, int(local_id or 0))
            found_there[key], names[key] = remote_id, full_name
            if reason in ASKED_FIRST:
                asked.add(key)
    for name, remote_ids in _by_kind(there).items():
        rows = whole.filter(kind=name, remote__entity=KIND[name].entity, remote__remote_id__in=remote_ids)
        for local_id, remote_id in rows.values_list("local_id", "remote__remote_id"):
            found_here[name, remote_id] = int(local_id or 0)
    return References(there=found_there, here=found_here, asked=frozenset(asked)), names


def _by_kind(keys: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for name, key in keys:
        grouped.setdefault(name, []).append(key)
    return grouped
