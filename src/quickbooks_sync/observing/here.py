"""Look at Service Genius and store which records are new or changed: half-Links and open marks.

The position in the local change feed is the revision; commit order is number order, so none is missed.
"""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.kinds import KINDS, Kind
from quickbooks_sync.models import Connection, Link, SyncRun
from quickbooks_sync.planner.decide import changed
from quickbooks_sync.planner.keys import stored_keys
from quickbooks_sync.planner.records import Encoded, encode
from quickbooks_sync.sql import rows
from quickbooks_sync.sql.prepared import Select
from service_genius.companies.models import Company
from service_genius.shared.models import Versioned

LINKS = Select(
    lambda connection, kind, ids: Link.objects.filter(connection=connection, kind=kind, local_id__in=ids)
)


def observe_here(session: Session) -> None:
    """Store which local records are new or changed since the last observation."""
    connection = session.connection
    bound = Company.objects.values_list("revision", flat=True).get(pk=connection.company_id)
    if bound == connection.here_watermark and session.run.scope != SyncRun.Scope.FULL:
        return  # nothing has been written here since
    for kind in KINDS:
        last = connection.here_watermark
        while records := list(
            kind.all_here(connection.company)
            .filter(revision__gt=last, revision__lte=bound)
            .order_by("revision")[: session.page_rows]
        ):
            with session.page(rows=len(records)):
                _mark_here(session, kind, records)
            last = records[-1].revision
        if session.run.scope == SyncRun.Scope.FULL and not kind.money:
            find_unlinked(session, kind)
    with session.page():
        # Unless somebody set it back meanwhile: another start date makes older records move.
        Connection.objects.filter(pk=connection.pk, here_watermark=connection.here_watermark).update(
            here_watermark=bound
        )
    connection.here_watermark = bound


def find_unlinked(session: Session, kind: Kind, *, inactive: bool = False) -> None:
    """Whatever has no Link gets one, however old it is; `inactive`: what was put away, too.

    A Full Sync trusts no watermark, and a restored backup none of its memory.
    """
    linked = Link.objects.filter(connection=session.connection, kind=kind.name, local_id=OuterRef("pk"))
    unlinked = kind.all_here(session.connection.company).filter(~Exists(linked)).order_by("pk")
    last = 0
    while records := list(unlinked.filter(pk__gt=last)[: session.page_rows]):
        with session.page(rows=len(records)):
            _mark_here(session, kind, records, all_of_them=inactive)
        last = records[-1].pk


def _mark_here(
    session: Session, kind: Kind, records: Sequence[Versioned], *, all_of_them: bool = False
) -> None:
    links = {
        link.local_id: link
        for link in LINKS(connection=session.connection.pk, kind=kind.name, ids=[row.pk for row in records])
    }
    opened, new = [], []
    for row in records:
        link = links.get(row.pk)
        record = encode(kind.from_here(row))
        if link is None:
            if all_of_them or kind.eligible(row, session.connection):
                new.append(_half_link_here(session.connection, kind, row.pk, record))
        else:
            _name_keys(link, kind, record)
            link.open = link.open or link.here_baseline is None or bool(changed(link.here_baseline, record))
            # What stayed on one side may fit now, and then nothing is to be said of it any more.
            link.open = link.open or link.kept is not None
            opened.append(link)
    rows.insert(new, unless_there=True)
    settling.save(opened, ["open", "match_key", "loose_key", "code_key"])


def _half_link_here(connection: Connection, kind: Kind, local_id: int, record: Encoded) -> Link:
    link = Link(connection=connection, kind=kind.name, local_id=local_id)
    _name_keys(link, kind, record)
    return link


def _name_keys(link: Link, kind: Kind, record: Encoded) -> None:
    if not kind.money:
        known = kind.identity(record)
        for column, key in stored_keys(known.name, known.code).items():
            setattr(link, column, key)
