"""Documents of before: which stay out for their date, and which a start date lets in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from quickbooks_sync.kinds import MONEY, one_of
from quickbooks_sync.models import Connection, Link
from quickbooks_sync.wording.counting import Documents, documents, enumerated
from service_genius.companies.models import Company


@dataclass(frozen=True, kw_only=True)
class Older:
    """What an earlier start date sends: how many documents, and what they come to."""

    told: tuple[Documents, ...]
    since: date

    @property
    def seen(self) -> str:
        """Comes back with the answer, and tells whether it was given to just this."""
        return " ".join([str(self.since), *(each.seen for each in self.told)])

    @property
    def words(self) -> str:
        return enumerated([each.words for each in self.told if each.number])


def sent_since(connection: Connection, since: date) -> Older | None:
    """What goes once the start date is this earlier one; None if nothing does."""
    if connection.start_date is None or since >= connection.start_date:
        return None
    company, told = connection.company, []
    for kind in MONEY:
        dated = kind.rows_here(company).filter(_before(connection), date__gte=since)
        rows = _without_link(connection, kind.name, dated)
        told.append(documents(kind, rows, company, noun=f"older {one_of(kind.name).lower()}"))
    found = Older(told=tuple(told), since=since)
    return found if found.words else None


def kept_out(company: Company, connection: Connection) -> str:
    """What stays out, in words: entered before connecting and dated before the start. Blank for nothing."""
    rows = {kind: kind.rows_here(company).filter(_before(connection)) for kind in MONEY}
    told = [documents(kind, rows[kind], company, noun=f"older {one_of(kind.name).lower()}") for kind in MONEY]
    return enumerated([each.counted for each in told if each.number])


def _before(connection: Connection) -> Q:
    return Q(created_at__lt=connection.connected_at, date__lt=connection.start_date, voided=False)


def _without_link(connection: Connection, kind: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without those that are there already, or that somebody does not want there."""
    links = Link.objects.filter(connection=connection, kind=kind, local_id__isnull=False)
    return rows.exclude(pk__in=links.values("local_id"))
