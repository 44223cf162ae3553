"""Whether the books of a large company match: what the page of it costs, from what is stored."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db import connection as database
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quickbooks_sync.kinds import KIND
from quickbooks_sync.memory import directory
from quickbooks_sync.models import Connection, Link, Remote
from service_genius.companies.models import Company, Role, User
from service_genius.customers.models import Customer

from .results import Figure, median_ms

ROWS_AT_ONCE = 1000
TIMES = 5
PAGE = "/settings/quickbooks/books/"
ADDRESSES = (PAGE, f"{PAGE}?show=customers", f"{PAGE}?show=months")


def measure(owner: Company) -> Iterator[Figure]:
    now = datetime.now(UTC)
    connection = Connection.objects.create(
        company=owner,
        environment="emulator",
        realm_id="2",
        connected_at=now,
        full_synced_at=now,
        books_known_at=now,
        start_date=date(2000, 1, 1),
        here_watermark=owner.revision,
    )
    count = _in_step(connection)
    user = User.objects.create_user(
        email="books@example.com", password="not-used-here", name="Books", role=Role.OWNER, company=owner
    )
    client = Client()
    client.force_login(user, backend="service_genius.companies.accounts.ByAddress")
    group = f"Do the books match, with {count:,} invoices and payments"
    for address in ADDRESSES:

        def ask(address: str = address) -> None:
            page = client.get(address)
            if "The books match" not in page.content.decode():
                raise RuntimeError(f"{address}: {page.status_code}, and the books do not match")

        ask()
        with CaptureQueriesContext(database) as queries:
            ask()
        yield Figure(group=group, name=f"{address}, queries", value=len(queries), unit="")
        yield Figure(group=group, name=f"{address}, time", value=median_ms(ask, times=TIMES), unit="ms")


def _in_step(connection: Connection) -> int:
    """Everything is in QuickBooks, too; how many invoices and payments there are."""
    owed: dict[int, Decimal] = {}
    count = 0
    for kind in (KIND["invoice"], KIND["payment"]):
        rows = kind.rows_here(connection.company)
        for customer, amount in rows.values_list("customer").annotate(Sum(kind.amount_field)):
            owed[customer] = owed.get(customer, Decimal(0)) + kind.adds_to_balance * amount
        found = rows.order_by("pk").values_list("pk", "customer", kind.amount_field)
        _link(
            connection,
            kind.name,
            [
                (pk, {"TotalAmt": amount, "CustomerRef": {"value": str(customer)}})
                for pk, customer, amount in found
            ],
        )
        count += len(found)
    everybody = Customer.objects.filter(company=connection.company).values_list("pk", "display_name")
    customers = [
        (pk, {"DisplayName": name, "Active": True, "Balance": owed.get(pk, Decimal(0))})
        for pk, name in everybody
    ]
    _link(connection, "customer", customers)
    return count


def _link(connection: Connection, kind: str, rows: list[tuple[int, dict[str, object]]]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        payloads = [{"Id": str(pk), "SyncToken": "0", "PrivateNote": "x" * 300, **row} for pk, row in part]
        remotes = directory.remotes(connection, KIND[kind].entity, payloads, seen_by=1)
        Remote.objects.bulk_create(remotes)
        Link.objects.bulk_create(
            Link(
                connection=connection,
                kind=kind,
                local_id=pk,
                remote=remote,
                open=False,
                here_baseline={},
                there_baseline={},
            )
            for (pk, _), remote in zip(part, remotes, strict=True)
        )
