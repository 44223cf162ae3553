"""QuickBooks' company was put back to an earlier day: older versions come back, ids go without a deletion.

What QuickBooks says now is true, once it is certain that no list only lags: it is read by id. As nothing
there tells what else went back, one sign of it has everything that is linked looked at before anything is
sent. Where much went back, a person is asked first; then come the ordinary questions.
"""

from collections.abc import Iterable, Iterator, Sequence

from django.db.models import QuerySet

from qbo.errors import Missing, Refused, TryAgain
from quickbooks_sync.access import asking
from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.kinds import KIND_OF_ENTITY, LISTS, MONEY, Kind
from quickbooks_sync.kinds.base import Payload
from quickbooks_sync.models import Connection, Link, Remote
from quickbooks_sync.planner.guards import Question, went_back

from . import storing

IDS_PER_QUERY = 1000
QUERIES_PER_CALL = 10


class WentBack(Exception):  # noqa: N818 - what happened
    """Something there is older than it was: nothing more is sent before all of it was looked at."""


def notice(session: Session) -> None:
    """Have everything looked at, in this run or, if it ends before, in the next one."""
    if not session.connection.went_back:
        with session.page():
            Connection.objects.filter(pk=session.connection.pk).update(went_back=True)
        session.connection.went_back = True


def read(session: Session, remote: Remote) -> Payload | None:
    """An object that is linked, as it is now; None if it is gone, which costs the next run a look at all.

    Raises WentBack, once it is stored, where it is older than it was: no edit of anybody's explains that.
    """
    session.assert_no_transaction()
    try:
        payload = session.client.read(remote.entity, remote.remote_id)
    except Missing:
        if not remote.deleted:
            notice(session)  # or somebody has deleted it just now
        return None
    if storing.is_older(session, remote.entity, payload):
        notice(session)
        storing.believe(session, remote.entity, [payload])
        raise WentBack
    return payload


def confirm(session: Session, entity: str, *, gone: Iterable[str] = ()) -> None:
    """Believe what is older there than it was, and what is `gone` without a deletion, once it is certain."""
    older, missing = sorted(session.older.pop(entity, ())), sorted(gone)
    kind = KIND_OF_ENTITY.get(entity)
    if kind is not None and (older or missing):
        question = _question(session, kind, {*older, *missing})
        session.unless_answered(question)
        if question is not None:
            notice(session)
            _believe_all(session, kind, [*older, *missing])
            return
    for remote_id in older:
        try:
            payload = asking.one(session, entity, remote_id)
        except (Missing, TryAgain):
            continue  # the next look tells
        if payload is None:
            continue
        if storing.is_older(session, entity, payload):
            notice(session)
        storing.believe(session, entity, [payload])
    storing.believe_deleted(session, entity, missing)
    if missing and _linked(session, entity, missing).filter(deleted=True).exists():
        notice(session)


def audit(session: Session) -> None:
    """Look at all money that is linked, once the lists are read: thousands of SyncTokens in one call.

    As a Full Sync trusts no memory, it does so each time.
    """
    parts = [(kind, ids) for kind in MONEY for ids in _ids(session, kind)]
    gone: dict[str, list[str]] = {kind.entity: [] for kind in MONEY}
    for start in range(0, len(parts), QUERIES_PER_CALL):
        some = parts[start : start + QUERIES_PER_CALL]
        for (kind, ids), rows in zip(some, _ask(session, "Id, SyncToken", some), strict=True):
            if rows is None:
                continue
            tokens = {str(row["Id"]): int(row.get("SyncToken") or 0) for row in rows}
            for remote in _linked(session, kind.entity, ids):
                if remote.remote_id not in tokens:
                    gone[kind.entity] += [remote.remote_id] if not remote.deleted else []
                elif remote.deleted or tokens[remote.remote_id] < remote.token:
                    session.older[kind.entity].add(remote.remote_id)
    for kind in MONEY:
        confirm(session, kind.entity, gone=gone[kind.entity])
    if session.connection.went_back:
        _ask_first(session)


def _question(session: Session, kind: Kind, ids: set[str]) -> Question | None:
    linked = Link.objects.filter(connection=session.connection, kind=kind.name, local_id__isnull=False)
    number = _linked(session, kind.entity, ids).count()
    return went_back(kind=kind.name, older=number, linked=linked.exclude(remote=None).count())


def _ask_first(session: Session) -> None:
    """What differs now may be older there, and edited by nobody: no value here gives way to it by itself."""
    names = [kind.name for kind in LISTS]
    links = Link.objects.filter(connection=session.connection, kind__in=names, open=True)
    links = links.filter(local_id__isnull=False, remote__isnull=False).order_by("pk")
    last = 0
    while page := list(links.filter(pk__gt=last)[: session.page_rows]):
        last = page[-1].pk
        for link in page:
            link.answers = {**link.answers, "ask_first": True}
        with session.page(rows=len(page)):
            settling.save(page, ["answers"])


def _linked(session: Session, entity: str, ids: Iterable[str]) -> QuerySet[Remote]:
    known = Remote.objects.filter(connection=session.connection, entity=entity, remote_id__in=list(ids))
    return known.filter(link__local_id__isnull=False)


def _ids(session: Session, kind: Kind) -> Iterator[list[str]]:
    """What is linked, a query's worth at a time; what was deleted there may be back."""
    linked = Remote.objects.filter(connection=session.connection, entity=kind.entity)
    linked = linked.filter(link__local_id__isnull=False).order_by("pk")
    ids = list(linked.values_list("remote_id", flat=True))
    for start in range(0, len(ids), IDS_PER_QUERY):
        yield ids[start : start + IDS_PER_QUERY]


def _believe_all(session: Session, kind: Kind, ids: Sequence[str]) -> None:
    """A person has said that it went back: what is there now is true, however much of it."""
    for start in range(0, len(ids), IDS_PER_QUERY):
        part = ids[start : start + IDS_PER_QUERY]
        [rows] = _ask(session, "*", [(kind, part)])
        if rows is None:
            continue
        storing.believe(session, kind.entity, rows)
        there = {str(row["Id"]) for row in rows}
        storing.believe_gone(session, kind.entity, [each for each in part if each not in there])


def _ask(
    session: Session, members: str, parts: Sequence[tuple[Kind, Sequence[str]]]
) -> Iterator[Sequence[Payload] | None]:
    """The rows of each part; None where QuickBooks refuses them, which is noted."""
    statements = []
    for kind, ids in parts:
        quoted = ", ".join(f"'{remote_id}'" for remote_id in ids)
        active = "" if kind.money else " AND Active IN (true, false)"
        where = f"WHERE Id IN ({quoted}){active} MAXRESULTS {IDS_PER_QUERY}"
        statements.append(f"SELECT {members} FROM {kind.entity} {where}")  # noqa: S608 - our own names and ids
    session.assert_no_transaction()
    for (kind, _), answer in zip(parts, session.client.queries(statements), strict=True):
        if isinstance(answer, Refused):
            asking.note(session, kind.entity, answer)
        yield None if isinstance(answer, Refused) else answer.rows
