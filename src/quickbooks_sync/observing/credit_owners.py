"""Find out whose money it was that QuickBooks applied by itself to invoices we sent.

The answer to a new invoice tells how much, not always through which payments, and never what those look like
now. So they are read, all in one query; a run whose invoices met no credit reads nothing.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from qbo.batch import BATCH_ITEMS_MAX
from qbo.errors import Refused
from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import KIND
from quickbooks_sync.kinds.base import Payload
from quickbooks_sync.kinds.money import marker_of
from quickbooks_sync.models import Link, Remote
from quickbooks_sync.planner.records import encode_value

from .storing import store_rows

ROWS_MAX = 1000
#: Ids in one query, and invoices looked at together.
IDS_MAX = PART = 500


def find_owners(session: Session) -> None:
    """Read what was applied to new invoices, and write down what of it is ours.

    What the lists do not show yet stays unknown until the next look.
    """
    unknown = Link.objects.filter(
        connection=session.connection, applied__isnull=False, applied_by__isnull=True
    )
    links = unknown.filter(remote__deleted=False)
    ids = list(links.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), PART):
        _find(session, ids[start : start + PART])


def _find(session: Session, ids: Sequence[int]) -> None:
    silent = {key: payload for key, payload in _invoices(ids).values() if not _payments_on(payload)}
    again = _read(session, "Invoice", list(silent))
    store_rows(session, "Invoice", again)
    # One that is as new as ours, or newer, and names no payment was paid by something else.
    nobodys = {
        key
        for row in again
        if (key := str(row["Id"])) in silent
        and int(row["SyncToken"]) >= int(silent[key]["SyncToken"])
        and not _payments_on(row)
    }
    invoices = _invoices(ids)
    payments = {key for _, payload in invoices.values() for key in _payments_on(payload)}
    rows = {str(row["Id"]): row for row in _read(session, "Payment", sorted(payments))}
    store_rows(session, "Payment", list(rows.values()))
    ours = _ours(session, rows)
    with session.page(rows=len(ids)):
        for pk, (remote_id, payload) in invoices.items():
            link = Link.objects.filter(pk=pk, applied_by__isnull=True)
            if not KIND["invoice"].applied_at_once(payload):
                link.update(applied=None)  # somebody took it off again
                continue
            paid = {} if remote_id in nobodys else _paid_by(remote_id, _payments_on(payload), rows)
            if paid is not None:
                link.update(applied_by={key: encode_value(paid[key]) for key in sorted(paid.keys() & ours)})


def _invoices(ids: Sequence[int]) -> dict[int, tuple[str, Payload]]:
    """By Link: the invoice's id there, and itself as last seen."""
    remotes = Remote.objects.filter(link__in=ids, deleted=False)
    return {remote.link.pk: (remote.remote_id, remote.payload) for remote in remotes.select_related("link")}


def _paid_by(
    remote_id: str, payments: Sequence[str], rows: Mapping[str, Payload]
) -> dict[str, Decimal] | None:
    """What each of these payments pays of an invoice; None if the lists lag behind it."""
    paid = {}
    for key in payments:
        amount = KIND["payment"].settles(rows[key]).get(("invoice", remote_id)) if key in rows else None
        if amount is None:
            return None
        paid[key] = amount
    return paid or None


def _payments_on(payload: Payload) -> list[str]:
    linked = payload.get("LinkedTxn") or []
    return [str(one["TxnId"]) for one in linked if one.get("TxnType") == "Payment"]


def _read(session: Session, entity: str, ids: Sequence[str]) -> list[Payload]:
    statements = []
    for start in range(0, len(ids), IDS_MAX):
        listed = ", ".join(f"'{key}'" for key in ids[start : start + IDS_MAX])
        statements.append(f"SELECT * FROM {entity} WHERE Id IN ({listed}) MAXRESULTS {ROWS_MAX}")  # noqa: S608
    rows: list[Payload] = []
    for start in range(0, len(statements), BATCH_ITEMS_MAX):
        session.assert_no_transaction()
        for answer in session.client.queries(statements[start : start + BATCH_ITEMS_MAX]):
            if isinstance(answer, Refused):
                raise answer
            rows += answer.rows
        session.keep_lease()
    return rows


def _ours(session: Session, rows: Mapping[str, Payload]) -> set[str]:
    """Those that are linked, and those we sent whose answer is not known yet."""
    links = Link.objects.filter(connection=session.connection, kind="payment", local_id__isnull=False)
    linked = set(links.filter(remote__remote_id__in=rows).values_list("remote__remote_id", flat=True))
    markers = {key: marker for key, row in rows.items() if (marker := marker_of(row))}
    on_the_way = links.filter(remote=None, marker__in=markers.values())
    sent = set(on_the_way.values_list("marker", flat=True))
    return linked | {key for key, marker in markers.items() if marker in sent}
