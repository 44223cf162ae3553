"""What customers owe in QuickBooks, as our own writes leave it until the next look reads it anew."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.db.models import Sum

from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import Payload, reference
from quickbooks_sync.models import Connection, Remote
from quickbooks_sync.sql import rows
from quickbooks_sync.sql.prepared import Select

CUSTOMER, INVOICE = KIND["customer"], KIND["invoice"]
ZERO = Decimal(0)
LEVELS_MAX = 5
OWED = Select(
    lambda connection, entity, ids: Remote.objects.filter(
        connection=connection, entity=entity, remote_id__in=ids
    ).values_list("pk", "remote_id", "balance")
)
WRITTEN = Select(
    lambda connection, entity, ids: Remote.objects.filter(
        connection=connection, entity=entity, remote_id__in=ids
    ).only("remote_id", "packed")
)


def carry_over(connection: Connection, writes: Iterable[tuple[Kind, Payload, Payload]]) -> None:
    """Let the customers owe what they do after these writes: Kind, the object before, and as answered.

    The caller has a transaction open.
    """
    owed: dict[str, Decimal] = defaultdict(Decimal)
    paid: dict[str, Decimal] = defaultdict(Decimal)
    for kind, before, after in writes:
        for sign, payload in ((1, before), (-1, after)):
            for (name, remote_id), amount in (kind.settles(payload) if payload else {}).items():
                if name == CUSTOMER.name:
                    owed[remote_id] += sign * amount
                else:  # what pays an invoice counts at the customer of that invoice
                    paid[remote_id] += sign * amount
                    owed[reference(payload, "CustomerRef")] -= sign * amount
    for remote_id, customer in _customers_of(connection, paid).items():
        owed[customer] += paid[remote_id]
    growth = {remote_id: amount for remote_id, amount in owed.items() if remote_id and amount}
    if growth:
        owing = [
            Remote(pk=pk, balance=balance + growth[key])
            for pk, key, balance in OWED(connection=connection.pk, entity=CUSTOMER.entity, ids=growth)
            if balance is not None
        ]
        rows.update(owing, ["balance"])


def _customers_of(connection: Connection, invoices: Mapping[str, Decimal]) -> dict[str, str]:
    changed = [remote_id for remote_id, amount in invoices.items() if amount]
    found = WRITTEN(connection=connection.pk, entity=INVOICE.entity, ids=changed)
    return {remote.remote_id: reference(remote.payload, "CustomerRef") for remote in found}


def balance_with_sub_customers(remote: Remote) -> Decimal | None:
    """As last seen, with all below; nothing if nobody is below."""
    those = Remote.objects.filter(connection=remote.connection_id, entity=remote.entity, deleted=False)
    level, total, found = [remote.remote_id], remote.balance or ZERO, False
    for _ in range(LEVELS_MAX):
        below = those.filter(parent_id_there__in=level)
        level = list(below.values_list("remote_id", flat=True))
        if not level:
            break
        found = True
        total += below.aggregate(sum=Sum("balance"))["sum"] or ZERO
    return total if found else None
