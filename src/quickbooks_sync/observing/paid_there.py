"""What is paid on invoices in QuickBooks, and has no payment here.

It comes with what every sync reads (a payment there changes its invoice), so it costs no call; it is as
new as the last run. Where a payment of ours on an invoice is not the same on both sides, nothing is known
of that invoice: whose money it is shows once that is settled.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from quickbooks_sync.access.session import PAGE_ROWS_MAX, Session
from quickbooks_sync.models import Connection, Link, SyncRun
from service_genius.payments.models import Allocation
from service_genius.shared.money import cents

from .storing import FENCES

ZERO = Decimal(0)


def with_paid_there(invoices: QuerySet[Any], connection: Connection | None) -> QuerySet[Any]:
    """The invoices with `paid_elsewhere`: zero where it is not known."""
    nothing = Value(ZERO, output_field=DecimalField(max_digits=18, decimal_places=2))
    links = Link.objects.filter(
        connection=connection, kind="invoice", local_id=OuterRef("pk"), remote__deleted=False
    )
    known = Coalesce(Subquery(links.values("paid_there")[:1]), nothing) if connection else nothing
    rows: QuerySet[Any] = invoices.annotate(paid_elsewhere=known)
    return rows


def remember(session: Session) -> None:
    """Reckon it anew for every invoice of which it may have changed since the last run that was finished."""
    connection = session.connection
    done = connection.runs.filter(state=SyncRun.State.DONE).order_by("-pk").values_list("pk", flat=True)
    links = Link.objects.filter(
        connection=connection, kind="invoice", local_id__isnull=False, remote__deleted=False
    )
    seen = Q(remote__seen_by__gte=((done.first() or 0) + 1) * FENCES)
    links = links.filter(seen | Q(paid_there=None) | ~Q(paid_there=ZERO))
    rows = list(links.values_list("pk", "local_id", "paid_there", "remote__total", "remote__balance"))
    ids = [local_id or 0 for _, local_id, *_ in rows]
    ours, unsure = _ours(connection, ids), _unsure(connection) if rows else set()
    changed: dict[Decimal | None, list[int]] = {}
    for pk, local_id, known, total, balance in rows:
        paid = (total or ZERO) - (balance or ZERO) - ours.get(local_id or 0, ZERO)
        now = None if local_id in unsure else max(cents(paid), ZERO)
        if now != known:
            changed.setdefault(now, []).append(pk)
    for amount, pks in changed.items():
        for start in range(0, len(pks), PAGE_ROWS_MAX):
            part = pks[start : start + PAGE_ROWS_MAX]
            with session.page(rows=len(part)):
                Link.objects.filter(pk__in=part).update(paid_there=amount)


def _payments(connection: Connection) -> QuerySet[Link]:
    return Link.objects.filter(
        connection=connection, kind="payment", local_id__isnull=False, remote__isnull=False
    )


#: Payments of which each side may say something else.
_UNSETTLED = (
    Q(open=True) | ~Q(state=Link.State.ACTIVE) | Q(left_there__isnull=False) | Q(remote__deleted=True)
)


def _ours(connection: Connection, invoices: Iterable[int]) -> Mapping[int, Decimal]:
    """What payments that are the same on both sides pay of these invoices."""
    wanted = list(invoices)
    settled = _payments(connection).exclude(_UNSETTLED).values("local_id")
    sums: dict[int, Decimal] = {}
    for start in range(0, len(wanted), PAGE_ROWS_MAX):
        rows = Allocation.objects.filter(invoice__in=wanted[start : start + PAGE_ROWS_MAX])
        rows = rows.filter(payment__in=settled).order_by()
        sums |= dict(rows.values_list("invoice").annotate(Sum("amount")))
    return sums


def _unsure(connection: Connection) -> set[int]:
    """The invoices that the others pay, here or, as last agreed, there."""
    links = _payments(connection).filter(_UNSETTLED)
    agreed = links.exclude(there_baseline=None).values_list("there_baseline__allocations", flat=True)
    found = {each["invoice"] for allocations in agreed for each in allocations or ()}
    here = Allocation.objects.filter(payment__in=links.values("local_id"))
    return found | set(here.values_list("invoice", flat=True))
