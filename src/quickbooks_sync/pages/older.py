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
class Released:
    """What other choices send: how many documents, and what they come to."""

    told: tuple[Documents, ...]
    since: date | None

    @property
    def seen(self) -> str:
        """Comes back with the answer, and tells whether it was given to just this."""
        return " ".join([str(self.since), *(each.seen for each in self.told)])

    @property
    def words(self) -> str:
        return enumerated([each.words for each in self.told if each.number])


def sent_with(connection: Connection, chosen: Connection) -> Released | None:
    """What goes once the choices are these, and stays out with those of now; None if nothing does."""
    if connection.start_date is None:
        return None
    company, told = connection.company, []
    for kind in MONEY:
        rows = kind.rows_here(company).filter(voided=False)
        if kind.wanted(connection):
            rows = rows.filter(_before(connection))
        moving = rows.filter(_moving(chosen)) if kind.wanted(chosen) else rows.none()
        noun = one_of(kind.name).lower()
        told.append(
            documents(
                kind,
                _without_link(connection, kind.name, moving),
                company,
                noun=f"older {noun}" if kind.wanted(connection) else noun,
            )
        )
    found = Released(told=tuple(told), since=chosen.start_date)
    return found if found.words else None


def kept_out(company: Company, connection: Connection) -> str:
    """What stays out, in words: entered before connecting and dated before the start. Blank for nothing."""
    rows = {
        kind: kind.rows_here(company).filter(_before(connection)) for kind in MONEY if kind.wanted(connection)
    }
    told = [
        documents(kind, each, company, noun=f"older {one_of(kind.name).lower()}")
        for kind, each in rows.items()
    ]
    return enumerated([each.counted for each in told if each.number])


def _before(connection: Connection) -> Q:
    return Q(created_at__lt=connection.connected_at, date__lt=connection.start_date, voided=False)


def _moving(connection: Connection) -> Q:
    return Q(created_at__gte=connection.connected_at) | Q(date__gte=connection.start_date)


def _without_link(connection: Connection, kind: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without those that are there already, or that somebody does not want there."""
    links = Link.objects.filter(connection=connection, kind=kind, local_id__isnull=False)
    return rows.exclude(pk__in=links.values("local_id"))
