"""A daily Sync with one new customer in a large company that is in step: what comparing it costs."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from quickbooks_sync.access.session import Coming, Session
from quickbooks_sync.gathering.compared import compare
from quickbooks_sync.kinds import KIND
from quickbooks_sync.kinds.base import Facts
from quickbooks_sync.memory import directory
from quickbooks_sync.models import Connection, Link, Remote
from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer

from .results import Figure, median_ms

ROWS_AT_ONCE = 1000
TIMES = 5
NEW = {"display_name": "Zoe Quillfeather", "phone": "(520) 521-0143"}


def measure(owner: Company) -> Iterator[Figure]:
    kind = KIND["customer"]
    connection = Connection.objects.create(
        company=owner, environment="emulator", realm_id="1", connected_at=datetime.now(UTC)
    )
    count = _in_step(connection, owner)
    session = cast(
        "Session",
        SimpleNamespace(connection=connection, facts=Facts(), coming=Coming(), counts=Counter()),
    )
    made = customers.create(company=owner, values=NEW)
    Link.objects.create(connection=connection, kind=kind.name, local_id=made.pk)
    group = f"One new customer among {count:,} on both sides"
    yield from _figures(group, "nobody there is new", session)
    phone = {"PrimaryPhone": {"FreeFormNumber": "520 521 0143"}}
    _put_there(connection, [_there(count + 1, "Zoe Quilfeather") | phone])
    yield from _figures(group, "somebody like it is new there", session)


def _figures(group: str, name: str, session: Session) -> Iterator[Figure]:
    def look() -> None:
        compare(session, KIND["customer"])

    look()  # what is common is reckoned once
    with CaptureQueriesContext(database) as queries:
        look()
    yield Figure(group=group, name=f"{name}: queries", value=len(queries), unit="")
    yield Figure(group=group, name=name, value=median_ms(look, times=TIMES), unit="ms")


def _in_step(connection: Connection, owner: Company) -> int:
    """Each of the company's customers is there, too; how many there are."""
    everybody = list(Customer.objects.filter(company=owner).order_by("pk").values_list("pk", "display_name"))
    for start in range(0, len(everybody), ROWS_AT_ONCE):
        part = everybody[start : start + ROWS_AT_ONCE]
        remotes = _put_there(connection, [_there(pk, name) for pk, name in part], half=False)
        links = [
            Link(connection=connection, kind="customer", local_id=pk, remote=remote, open=False)
            for (pk, _), remote in zip(part, remotes, strict=True)
        ]
        Link.objects.bulk_create(links)
    return len(everybody)


def _put_there(
    connection: Connection, payloads: list[dict[str, object]], *, half: bool = True
) -> list[Remote]:
    remotes = directory.remotes(connection, "Customer", payloads, seen_by=1)
    Remote.objects.bulk_create(remotes)
    if half:
        Link.objects.bulk_create(
            Link(connection=connection, kind="customer", remote=remote) for remote in remotes
        )
    return remotes


def _there(number: int, name: str) -> dict[str, object]:
    return {"Id": str(number), "SyncToken": "0", "DisplayName": name, "Active": True}
