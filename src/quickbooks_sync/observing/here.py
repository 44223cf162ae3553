"""Look at Service Genius and store which records are new or changed: half-Links and open marks.

The position in the local change feed is the revision; commit order is number order, so none is missed.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import KINDS, Kind
from quickbooks_sync.memory import rows_here
from quickbooks_sync.models import Connection, Link, SyncRun
from quickbooks_sync.planner.decide import changed
from quickbooks_sync.planner.keys import stored_key
from quickbooks_sync.planner.records import Encoded, encode
from quickbooks_sync.sql import rows
from quickbooks_sync.sql.prepared import Select, Update
from service_genius.companies.models import Company
from service_genius.shared.models import Versioned

LINKS = Select(
    lambda connection, kind, ids: Link.objects.filter(connection=connection, kind=kind, local_id__in=ids)
)
OPENED = Update(Link, lambda links: Q(pk__in=links), open=True)


def observe_here(session: Session) -> None:
    """Store which local records are new or changed since the last observation."""
    connection = session.connection
    bound = Company.objects.values_list("revision", flat=True).get(pk=connection.company_id)
    if bound == connection.here_watermark and session.run.scope != SyncRun.Scope.FULL:
        return  # nothing has been written here since
    for kind in KINDS:
        last = connection.here_watermark
        changed_here = _all(session, kind).filter(revision__lte=bound).order_by("revision")
        while records := list(changed_here.filter(revision__gt=last)[: session.read_rows]):
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


def find_unlinked(session: Session, kind: Kind, *, put_away: bool = False) -> None:
    """Whatever has no Link gets one, however old it is; `put_away`: what is inactive or void by now, too.

    A Full Sync trusts no watermark, and a restored backup none of its memory.
    """
    linked = Link.objects.filter(connection=session.connection, kind=kind.name, local_id=OuterRef("pk"))
    unlinked = _all(session, kind).filter(~Exists(linked)).order_by("pk")
    last = 0
    while records := list(unlinked.filter(pk__gt=last)[: session.read_rows]):
        _mark_here(session, kind, records, put_away=put_away)
        last = records[-1].pk


def _all(session: Session, kind: Kind) -> QuerySet[Any]:
    """The local records of a Kind without their lines and the like: of what is new nothing of that counts."""
    return kind.all_here(session.connection.company).select_related(None).prefetch_related(None)


def _mark_here(session: Session, kind: Kind, records: Sequence[Versioned], *, put_away: bool = False) -> None:
    """Write half-Links for those that have none, and mark the others where they are not as agreed."""
    ids = [record.pk for record in records]
    links = {link.local_id: link for link in LINKS(connection=session.connection.pk, kind=kind.name, ids=ids)}
    loaded = rows_here.by_ids(session.connection, kind, links) if kind.money else {}
    marks = []
    for record in records:
        link = links.get(record.pk)
        if link is not None:
            marks += _marked(link, kind, encode(kind.from_here(loaded.get(record.pk, record))))
        elif kind.eligible(record, session.connection, put_away=put_away):
            marks.append(_half_link_here(session.connection, kind, record))
    session.keep_lease()
    for part in session.parts(marks):
        with session.page(rows=len(part)):
            rows.insert([link for link in part if link.pk is None], unless_there=True)
            known = [link for link in part if link.pk is not None]
            rows.update(known, ["match_key"])
            # Never closed here: who answers a question this moment opens it.
            OPENED(links=[link.pk for link in known if link.open])


def _marked(link: Link, kind: Kind, record: Encoded) -> list[Link]:
    """The Link, if it is to be opened or named anew."""
    before = (link.open, link.match_key)
    _name_key(link, kind, record)
    link.open = link.open or link.here_baseline is None or bool(changed(link.here_baseline, record))
    # What stayed on one side may fit now, and then nothing is to be said of it any more.
    link.open = link.open or link.kept is not None
    return [link] if before != (link.open, link.match_key) else []


def _half_link_here(connection: Connection, kind: Kind, record: Any) -> Link:
    link = Link(connection=connection, kind=kind.name, local_id=record.pk)
    if not kind.money:
        _name_key(link, kind, encode(kind.from_here(record)))
    return link


def _name_key(link: Link, kind: Kind, record: Encoded) -> None:
    if not kind.money:
        link.match_key = stored_key(kind.called(record))
