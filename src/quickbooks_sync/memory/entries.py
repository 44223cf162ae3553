"""What customers' accounts in QuickBooks have beside our records: Entries, kept as they are seen.

Nothing is decided by them but whether the books match.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from quickbooks_sync.kinds import KINDS
from quickbooks_sync.kinds.base import Payload, decimal, reference, text
from quickbooks_sync.models import Connection, Entry, Remote
from quickbooks_sync.sql import rows

#: What one of these adds to what its customer owes: its total, or less it.
SIGNS = {kind.entity: kind.adds_to_balance for kind in KINDS if kind.adds_to_balance} | {"CreditMemo": -1}
#: Those of which there is no Kind.
OTHERS = tuple(entity for entity in SIGNS if entity not in {kind.entity for kind in KINDS})
UPDATED = ["number", "date", "amount", "reported", "seen_by"]


def is_kept(connection: Connection, entity: str) -> bool:
    """Whether the Entries of this entity are to be kept as it is seen."""
    return connection.books_known_at is not None and entity in SIGNS


def write(connection: Connection, entity: str, payloads: Iterable[Payload], *, seen_by: int) -> None:
    """Keep these, each at its customer of now; the caller has a transaction open."""
    entries = [_entry(connection, entity, payload, seen_by) for payload in payloads]
    moved = Entry.objects.filter(
        connection=connection, sort=entity, remote_id__in=[entry.remote_id for entry in entries]
    )
    customers = {entry.remote_id: entry.customer for entry in entries}
    gone = [entry.pk for entry in moved if entry.customer != customers[entry.remote_id]]
    Entry.objects.filter(pk__in=gone).delete()
    store(entries)


def store(entries: Sequence[Entry]) -> None:
    """Write these as they are; the caller has a transaction open."""
    rows.upsert(entries, unique=["connection", "sort", "remote_id", "customer"], fields=UPDATED)


def known(connection: Connection, entity: str, remote_id: str) -> bool:
    return Entry.objects.filter(connection=connection, sort=entity, remote_id=remote_id).exists()


def forget(connection: Connection, entity: str, remote_id: str) -> None:
    """It is not there any more."""
    Entry.objects.filter(connection=connection, sort=entity, remote_id=remote_id).delete()


def standing(connection: Connection) -> QuerySet[Entry]:
    """Those that are no record's counterpart by now."""
    ours = Remote.objects.filter(
        connection=OuterRef("connection"),
        entity=OuterRef("sort"),
        remote_id=OuterRef("remote_id"),
        link__local_id__isnull=False,
    )
    return Entry.objects.filter(~Exists(ours), connection=connection)


def _entry(connection: Connection, entity: str, payload: Payload, seen_by: int) -> Entry:
    return Entry(
        connection=connection,
        sort=entity,
        remote_id=str(payload["Id"]),
        customer=reference(payload, "CustomerRef"),
        number=text(payload.get("DocNumber") or payload.get("PaymentRefNum"))[:60],
        date=date.fromisoformat(payload["TxnDate"]),
        amount=SIGNS[entity] * decimal(payload.get("TotalAmt")),
        reported=False,
        seen_by=seen_by,
    )
