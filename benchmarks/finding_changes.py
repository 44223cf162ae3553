"""Finding what changed: by `revision > watermark`, against comparing every record with what was agreed."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db.models import F, OuterRef, Subquery

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Connection, Link
from quickbooks_sync.planner.records import encode
from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer

from .results import Figure, median_ms

EDITS = 5
TIMES = 3
ROWS_AT_ONCE = 1000


def measure(owner: Company) -> Iterator[Figure]:
    kind = KIND["customer"]
    connection = Connection.objects.create(
        company=owner, environment="emulator", realm_id="1", connected_at=datetime.now(UTC)
    )
    links = [
        Link(
            connection=connection,
            kind=kind.name,
            local_id=row.pk,
            open=False,
            here_revision=row.revision,
            here_baseline=encode(kind.from_here(row)),
        )
        for row in kind.all_here(owner)
    ]
    Link.objects.bulk_create(links, batch_size=ROWS_AT_ONCE)
    watermark = Company.objects.get(pk=owner.pk).revision
    for row in Customer.objects.filter(company=owner).order_by("pk")[:EDITS]:
        customers.update(company=owner, id=row.pk, values={"notes": "Gate code 4711"})
    link_of_row = Link.objects.filter(connection=connection, kind=kind.name, local_id=OuterRef("pk"))
    revision_then = Subquery(link_of_row.values("here_revision")[:1])

    def by_watermark() -> int:
        return len(kind.all_here(owner).filter(revision__gt=watermark))

    def by_links() -> int:
        return len(kind.all_here(owner).annotate(then=revision_then).exclude(revision=F("then")))

    def by_content() -> int:
        agreed = dict(Link.objects.filter(connection=connection).values_list("local_id", "here_baseline"))
        return sum(encode(kind.from_here(row)) != agreed[row.pk] for row in kind.all_here(owner))

    group = f"Finding {EDITS} edits among {len(links):,} customers"
    for name, find in (
        ("by revision > watermark", by_watermark),
        ("by comparing each row's revision with its Link's", by_links),
        ("by comparing each Record with its Baseline", by_content),
    ):
        if (found := find()) != EDITS:
            raise RuntimeError(f"{name}: found {found}")
        yield Figure(group=group, name=name, value=median_ms(find, times=TIMES), unit="ms")
