"""Questions whether two are the same, made in the database at once: for lists that are too long to be lived.

`python -m tests.many_questions NUMBER` makes them for the one company that is connected.
"""

import sys
from datetime import UTC, datetime

if __name__ == "__main__":
    import django

    django.setup()

from quickbooks_sync.memory.directory import pack
from quickbooks_sync.models import Connection, Issue, Link, Remote
from quickbooks_sync.planner.actions import Reason
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
#: No id of QuickBooks on this machine is so high.
FIRST_ID = 500_000


def many(connection: Connection, number: int) -> None:
    """Questions at customers of their own, made at once."""
    company = connection.company
    names = [f"Customer {place:05}" for place in range(number)]
    customers.create_many(company=company, rows=[{"display_name": name} for name in names])
    rows = list(Customer.objects.filter(company=company, display_name__in=names).order_by("pk"))
    remotes = Remote.objects.bulk_create(
        Remote(
            connection=connection,
            entity="Customer",
            remote_id=str(FIRST_ID + place),
            name=f"There {place:05}",
            packed=pack({"Id": str(FIRST_ID + place), "SyncToken": "0", "DisplayName": f"There {place:05}"}),
        )
        for place in range(number)
    )
    links = Link.objects.bulk_create(
        Link(connection=connection, kind="customer", local_id=row.pk) for row in rows
    )
    Link.objects.bulk_create(Link(connection=connection, kind="customer", remote=each) for each in remotes)
    Issue.objects.bulk_create(
        Issue(
            connection=connection,
            link=link,
            reason=Reason.LIKELY_PAIR,
            details={"candidates": [{"remote_id": each.remote_id, "name": each.name, "told": "same phone"}]},
            label=row.display_name,
            likeness=round(number / 10 - place // 3 / 10, 1),  # three of each
            raised_at=NOW,
        )
        for place, (row, link, each) in enumerate(zip(rows, links, remotes, strict=True))
    )


if __name__ == "__main__":
    many(Connection.objects.get(), int(sys.argv[1]))
