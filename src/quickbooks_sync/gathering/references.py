"""Which id on one side is which on the other, for what a page of records refers to."""

from collections.abc import Iterable, Mapping
from typing import Any

from quickbooks_sync.kinds import KIND
from quickbooks_sync.kinds.base import LocalKey, References, RemoteKey
from quickbooks_sync.models import Connection, Link, Remote
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.sql.prepared import Select

NOTHING_HANDED_ON: Mapping[LocalKey, int] = {}
#: Until a person has answered these, nothing is built upon the record: QuickBooks refuses what refers to one
#: that was removed there, and an invoice with another total there is not to be paid.
ASKED_FIRST = frozenset({Reason.REMOVED_THERE, Reason.STORED_DIFFERENTLY, Reason.AUTOMATED_TAX})
#: What an invoice waits for that has another tax there, and is not the one that is asked about.
TAX_ANSWER = "the answer about the sales tax of "

COLUMNS = ("local_id", "remote__remote_id", "remote__name", "remote__email")
STANDING = ("open", "state", "waits_for", "issue__reason", "remote__active", "there_baseline__active")
VERSION = ("remote__token", "remote__balance")
#: Not with local_id__isnull=False: SQLite would walk along every Link of the Kind.
LINKED = Select(
    lambda connection, kind, ids: Link.objects.filter(
        connection=connection, kind=kind, local_id__in=ids, remote__deleted=False
    ).values_list(*COLUMNS, *STANDING, *VERSION)
)
#: By the Remotes, which have an index for it; the other way round each Link of the Kind is looked at.
OWNERS = Select(
    lambda connection, entity, ids: Remote.objects.filter(
        connection=connection, entity=entity, remote_id__in=ids, link__local_id__isnull=False
    ).values_list("link__local_id", "remote_id")
)


def find_references(
    connection: Connection,
    here: Iterable[LocalKey],
    there: Iterable[RemoteKey],
    *,
    handed: Mapping[LocalKey, int] = NOTHING_HANDED_ON,
) -> tuple[References, dict[LocalKey, str]]:
    """The other side's ids of what a page refers to, and the names the local ones have there.

    `handed`: those whose counterpart is looked upon as another's already (see `handing_on`).
    """
    found_there: dict[LocalKey, str] = {}
    found_here: dict[RemoteKey, int] = {}
    names: dict[LocalKey, str] = {}
    asked: set[LocalKey] = set()
    inactive: set[LocalKey] = set()
    moving: set[LocalKey] = set()
    stamps: dict[LocalKey, list[Any]] = {}
    addresses: dict[LocalKey, str] = {}
    for name, local_ids in _by_kind(here).items():
        taking = {to: of for (kind, of), to in handed.items() if kind == name}
        ids = [taking.get(local_id, local_id) for local_id in local_ids]
        linked = LINKED(connection=connection.pk, kind=name, ids=ids)
        for local_id, remote_id, full_name, address, *stands in linked:
            key = _key(name, local_id, handed)
            found_there[key], names[key], addresses[key] = remote_id, full_name, address
            moves, state, waits_for, reason, active, before, token, balance = stands
            synced = state == Link.State.ACTIVE
            stamps[key] = [*key, remote_id, token, active, balance if KIND[name].money else None]
            if moves and synced:
                moving.add(key)
            asked_about = reason in ASKED_FIRST or (moves and waits_for.startswith(TAX_ANSWER))
            if asked_about or (synced and before and not active):
                asked.add(key)  # the question stands, or comes with this run
            elif not active and not (moves and synced):
                inactive.add(key)
    for name, remote_ids in _by_kind(there).items():
        rows = OWNERS(connection=connection.pk, entity=KIND[name].entity, ids=remote_ids)
        for local_id, remote_id in rows:
            _, found_here[name, remote_id] = _key(name, local_id, handed)
    references = References(
        there=found_there,
        here=found_here,
        asked=frozenset(asked),
        inactive=frozenset(inactive),
        moving=frozenset(moving),
        stamps=stamps,
        addresses=addresses,
    )
    return references, names


def _key(name: str, local_id: int | None, handed: Mapping[LocalKey, int]) -> LocalKey:
    known = local_id or 0
    return name, handed.get((name, known), known)


def _by_kind(keys: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for name, key in keys:
        grouped.setdefault(name, []).append(key)
    return grouped
