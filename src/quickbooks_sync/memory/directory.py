"""The directory of what QuickBooks holds: one Remote an object, written as it is seen.

Reads nothing from QuickBooks by itself; `observing` and `agreements` hand it what was answered.
"""

import zlib
from collections.abc import Iterable, Sequence
from decimal import Decimal

from qbo.payload import dumps
from quickbooks_sync.kinds import KIND_OF_ENTITY, one_of
from quickbooks_sync.kinds.base import Payload, decimal, name_in_use, reference, text
from quickbooks_sync.models import Connection, Remote
from quickbooks_sync.planner.keys import folded, stored_key
from quickbooks_sync.sql import rows
from quickbooks_sync.sql.prepared import Select

UPDATED = [
    "token",
    "name",
    "folded_name",
    "match_key",
    "email",
    "phone",
    "parent_id_there",
    "active",
    "deleted",
    "total",
    "balance",
    "seen_by",
    "packed",
]
KNOWN = Select(
    lambda connection, entity, ids: Remote.objects.filter(
        connection=connection, entity=entity, remote_id__in=ids
    ).select_related("link", "link__issue")
)
LINKED = Select(
    lambda connection, entity, ids: Remote.objects.filter(
        connection=connection, entity=entity, remote_id__in=ids, link__local_id__isnull=False
    ).values_list("remote_id", flat=True)
)


def store(
    connection: Connection, entity: str, payloads: Sequence[Payload], *, seen_by: int = 0
) -> list[Remote]:
    """Write what was seen of these objects; the caller has a transaction open."""
    return write(remotes(connection, entity, payloads, seen_by=seen_by))


def remotes(
    connection: Connection, entity: str, payloads: Sequence[Payload], *, seen_by: int
) -> list[Remote]:
    """These objects as the directory holds them, not yet written."""
    return [_remote(connection, entity, payload, seen_by) for payload in payloads]


def write(remotes: Sequence[Remote]) -> list[Remote]:
    """Write these, in one statement; the caller has a transaction open."""
    rows.upsert(remotes, unique=["connection", "entity", "remote_id"], fields=UPDATED)
    return list(remotes)


def known(connection: Connection, entity: str, ids: Iterable[str]) -> dict[str, Remote]:
    """What is already in the directory of these ids, with its Link and Issue."""
    found = KNOWN(connection=connection.pk, entity=entity, ids=ids)
    return {remote.remote_id: remote for remote in found}


def unlinked(connection: Connection, entity: str, payloads: Iterable[Payload]) -> list[Payload]:
    """Those that belong to no record here."""
    objects = list(payloads)
    linked = linked_ids(connection, entity, [str(each["Id"]) for each in objects])
    return [each for each in objects if str(each["Id"]) not in linked]


def linked_ids(connection: Connection, entity: str, ids: Iterable[str]) -> set[str]:
    """Those that belong to a record here."""
    return set(LINKED(connection=connection.pk, entity=entity, ids=ids))


def note_gone(connection: Connection, entity: str, remote_id: str) -> Remote:
    """It is not there any more, and holds no name."""
    gone = {"deleted": True, "folded_name": "", "match_key": ""}
    remote, _ = Remote.objects.update_or_create(
        connection=connection, entity=entity, remote_id=remote_id, defaults=gone
    )
    return remote


def called(remote: Remote) -> str:
    """What a person calls an object of QuickBooks: never nothing, and no number without its noun."""
    kind = KIND_OF_ENTITY.get(remote.entity)
    noun = one_of(kind.name) if kind is not None else remote.entity
    if kind is not None and kind.money:
        return kind.label_there(remote.payload) if remote.packed else f"{noun} {remote.name}".strip()
    return remote.name or f"{noun} {remote.remote_id}"


def candidates(remotes: Iterable[Remote]) -> list[dict[str, str]]:
    """These objects as the details of an Issue name them, for a person to choose from."""
    return [
        {"remote_id": remote.remote_id, "name": called(remote)}
        for remote in sorted(remotes, key=lambda remote: (len(remote.remote_id), remote.remote_id))
    ]


def _remote(connection: Connection, entity: str, payload: Payload, seen_by: int) -> Remote:
    # The name as it is stored there, suffix and all: that is the one which is taken.
    full = text(payload.get("FullyQualifiedName") or payload.get("DisplayName") or payload.get("Name"))
    number = text(payload.get("DocNumber") or payload.get("PaymentRefNum"))
    synced = entity in KIND_OF_ENTITY
    return Remote(
        connection=connection,
        entity=entity,
        remote_id=str(payload["Id"]),
        token=int(payload.get("SyncToken") or 0),
        name=full or number,
        folded_name=folded(full or number),
        email=text((payload.get("PrimaryEmailAddr") or {}).get("Address"))[:200],
        phone=text((payload.get("PrimaryPhone") or {}).get("FreeFormNumber"))[:60],
        parent_id_there=reference(payload, "ParentRef"),
        active=payload.get("Active", True) is True,
        total=_money(payload, "TotalAmt"),
        balance=_balance(entity, payload),
        seen_by=seen_by,
        packed=pack(payload) if synced else b"",
        match_key=key(payload) if synced else "",
    )


def key(payload: Payload) -> str:
    """The name of an object of a Kind, in the form in which two are one."""
    return stored_key(name_in_use(payload.get("DisplayName") or payload.get("Name")))


def _balance(entity: str, payload: Payload) -> Decimal | None:
    return _money(payload, "UnappliedAmt" if entity == "Payment" else "Balance")


def _money(payload: Payload, member: str) -> Decimal | None:
    return decimal(payload[member]) if member in payload else None


def holds(remote: Remote, payload: Payload) -> bool:
    """Whether just this object is stored, and its balance is not as our own writes have left it since."""
    if not remote.packed or remote.balance != _balance(remote.entity, payload):
        return False
    return zlib.decompress(bytes(remote.packed)) == dumps(payload).encode()


def pack(payload: Payload) -> bytes:
    """The object as QuickBooks sent it, every digit kept, compressed."""
    return zlib.compress(dumps(payload).encode(), level=1)
