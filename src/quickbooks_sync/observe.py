"""Look at QuickBooks and store what was seen: Remotes, half-Links and open marks.

Storing the same thing twice is harmless; that is what makes a run that died anywhere harmless too.
Nothing is decided here. A watermark moves only when everything up to it is stored.
Service Genius' own side is `observe_here`.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from qbo.errors import Missing, ReadWindowPassed, Refused, TryAgain
from qbo.payload import parse_time

from . import directory, gather
from .kinds import KIND_OF_ENTITY, KINDS, LISTS, NAME_ENTITIES, Kind
from .kinds.base import Payload
from .models import Connection, Link, Remote, Sending, SyncRun
from .planner.decide import changed
from .planner.guards import empty_list
from .planner.records import Encoded
from .session import Session

QUERY_ROWS = 1000
#: More than a run is ever claimed.
FENCES = 1_000_000
#: In place of a page's first row: the query that counts.
COUNT = 0
#: Queries of one batch call while reading lists.
QUERIES_PER_CALL = 10
#: Above so many of our own writes, change data capture (1000 rows) might overflow.
ECHO_MAX = 800
#: QuickBooks remembers changes for 30 days.
WINDOW = timedelta(days=29)
#: A write may be committed up to 120 s after its client gave up; lists may lag a little.
OVERLAP = timedelta(seconds=130)

LIST_ENTITIES = (*(kind.entity for kind in LISTS), *NAME_ENTITIES)
MONEY_ENTITIES = tuple(kind.entity for kind in KINDS if kind.money)


def observe_there(session: Session) -> None:
    """Store what is new or changed in QuickBooks, in the fewest calls that can be sure of it."""
    connection = session.connection
    whole = session.run.scope != SyncRun.Scope.SYNC or connection.there_watermark is None
    began: datetime | None = None
    since = connection.there_watermark
    if whole:
        began = _read_whole(session, LIST_ENTITIES)
    if since is not None:
        entities = MONEY_ENTITIES if whole else (*LIST_ENTITIES, *MONEY_ENTITIES)
        answered = _read_changes(session, entities, since)
        began = began or answered
    with session.page():
        moved = (began or session.clock.utc()) - OVERLAP
        Connection.objects.filter(pk=connection.pk).update(there_watermark=moved)
    connection.there_watermark = moved


def _read_changes(session: Session, entities: Sequence[str], since: datetime) -> datetime | None:
    """One change data capture where it surely suffices, queries for the rest; QuickBooks' first time."""
    if session.clock.utc() - since > WINDOW:
        return _read_by_queries(session, entities, since)
    many = _echo_exceeds(session.connection, entities, since)
    began = _read_by_queries(session, many, since) if many else None
    rest = [entity for entity in entities if entity not in many]
    if not rest:
        return began
    try:
        session.assert_no_transaction()
        changes = session.client.changes(rest, since)
    except ReadWindowPassed:
        answered = _read_by_queries(session, rest, since)
        return began or answered
    began = began or _time(changes.time)
    session.time_there = _time(changes.time) or session.time_there
    for entity in rest:
        store_rows(session, entity, changes.rows[entity])
        believe_deleted(session, entity, changes.deleted[entity])
    if changes.overflow:
        _read_by_queries(session, rest, since)
    return began


def _echo_exceeds(connection: Connection, entities: Sequence[str], since: datetime) -> list[str]:
    """The entities our own writes alone have changed too often for one change data capture."""
    writes: dict[str, int] = {}
    for counts in Sending.objects.filter(connection=connection, answered_time__gte=since).values_list(
        "counts", flat=True
    ):
        for entity, number in counts.items():
            writes[entity] = writes.get(entity, 0) + number
    many: list[str] = []
    for entity in sorted(entities, key=lambda name: -writes.get(name, 0)):
        if sum(writes.get(name, 0) for name in entities if name not in many) > ECHO_MAX:
            many.append(entity)
    return many


def _read_whole(session: Session, entities: Sequence[str]) -> datetime | None:
    """Every row of these lists; what is known and was not among them may be deleted."""
    began = _read_pages(session, {entity: _select(entity) for entity in entities})
    for entity in entities:
        _guard_empty(session, entity)
        believe_deleted(session, entity, _unseen(session, entity))
    return began


def _unseen(session: Session, entity: str) -> list[str]:
    """What is known and was not among what this observation read so far."""
    known = Remote.objects.filter(connection=session.connection, entity=entity, deleted=False)
    unseen = known.exclude(seen_by=_observation(session)).order_by("pk")
    return list(unseen.values_list("remote_id", flat=True))


def _observation(session: Session) -> int:
    """Names this observation: a run that died observes anew, and what it saw then may be gone since."""
    return session.run.pk * FENCES + session.run.fence


def _guard_empty(session: Session, entity: str) -> None:
    known = Remote.objects.filter(connection=session.connection, entity=entity, deleted=False)
    linked = known.filter(link__local_id__isnull=False)
    seen = known.filter(seen_by=_observation(session))
    session.unless_answered(empty_list(kind=entity, read=seen.count(), linked=linked.count()))


def _read_by_queries(session: Session, entities: Sequence[str], since: datetime) -> datetime | None:
    """What changed, by time; queries do not tell of deletions, so lists are counted, too."""
    changed_since = f" WHERE MetaData.LastUpdatedTime >= '{since.isoformat(timespec='seconds')}'"
    statements = {entity: _select(entity, changed_since) for entity in entities}
    counts: dict[str, int] = {}
    began = _read_pages(session, statements, counts)
    # Transactions are not counted: most of those there are not ours.
    _sweep(session, [entity for entity in entities if _known(session, entity) > counts.get(entity, 0)])
    return began


def _known(session: Session, entity: str) -> int:
    return Remote.objects.filter(connection=session.connection, entity=entity, deleted=False).count()


def _select(entity: str, where: str = "") -> str:
    if entity in MONEY_ENTITIES:
        return f"SELECT * FROM {entity}{where}"  # noqa: S608 - our own names and times
    joined = f"{where} AND" if where else " WHERE"
    return f"SELECT * FROM {entity}{joined} Active IN (true, false)"  # noqa: S608


def _read_pages(
    session: Session, statements: dict[str, str], counts: dict[str, int] | None = None
) -> datetime | None:
    """Read all pages of all these queries, several in one call; QuickBooks' time of the first answer.

    With `counts`, the lists are counted in the same call.
    """
    began: datetime | None = None
    pending: list[tuple[str, int]] = []
    for entity, statement in statements.items():
        if counts is not None and entity in LIST_ENTITIES:
            pending.append((entity, COUNT))
        expected = _expected(session, entity, statement)
        pending += [(entity, start) for start in range(1, expected + 2, QUERY_ROWS)]
    last = dict(pending)
    while pending:
        part, pending = pending[:QUERIES_PER_CALL], pending[QUERIES_PER_CALL:]
        session.assert_no_transaction()
        answers = session.client.queries([_page(entity, statements[entity], start) for entity, start in part])
        for (entity, start), answer in zip(part, answers, strict=True):
            if isinstance(answer, Refused):
                raise answer
            began = began or _time(answer.time)
            session.time_there = _time(answer.time) or session.time_there
            if start == COUNT and counts is not None:
                counts[entity] = answer.count or 0
                continue
            store_rows(session, entity, answer.rows)
            if len(answer.rows) >= QUERY_ROWS and start == last[entity]:
                last[entity] = start + QUERY_ROWS
                pending.append((entity, last[entity]))
    return began


def _page(entity: str, statement: str, start: int) -> str:
    if start == COUNT:
        return f"SELECT COUNT(*) FROM {entity} WHERE Active IN (true, false)"  # noqa: S608 - our own names
    return f"{statement} ORDERBY Id STARTPOSITION {start} MAXRESULTS {QUERY_ROWS}"


def _expected(session: Session, entity: str, statement: str) -> int:
    known = _known(session, entity)
    if "LastUpdatedTime" in statement:
        # An object that we wrote, or paid, several times is one row.
        return min(known, _own_writes(session.connection, entity))
    return known


def _own_writes(connection: Connection, entity: str) -> int:
    recent = Sending.objects.filter(
        connection=connection, answered_time__gte=connection.there_watermark
    ).values_list("counts", flat=True)
    return sum(counts.get(entity, 0) for counts in recent)


def _sweep(session: Session, entities: Sequence[str]) -> None:
    """Ask for the ids that are known and were not just read, to find what was deleted there."""
    parts = [
        (entity, ids[start : start + QUERY_ROWS])
        for entity in entities
        for ids in [_unseen(session, entity)]
        for start in range(0, len(ids), QUERY_ROWS)
    ]
    for start in range(0, len(parts), QUERIES_PER_CALL):
        some = parts[start : start + QUERIES_PER_CALL]
        session.assert_no_transaction()
        answers = session.client.queries([_select_ids(entity, ids) for entity, ids in some])
        for (entity, ids), answer in zip(some, answers, strict=True):
            if isinstance(answer, Refused):
                raise answer
            there = {str(row["Id"]) for row in answer.rows}
            believe_deleted(session, entity, [remote_id for remote_id in ids if remote_id not in there])


def _select_ids(entity: str, ids: Sequence[str]) -> str:
    quoted = ", ".join(f"'{remote_id}'" for remote_id in ids)
    active = " AND Active IN (true, false)" if entity in LIST_ENTITIES else ""
    return f"SELECT Id FROM {entity} WHERE Id IN ({quoted}){active} MAXRESULTS {QUERY_ROWS}"  # noqa: S608


def believe_deleted(session: Session, entity: str, ids: Iterable[str]) -> None:
    """A deletion is believed only after a read by id says so.

    Also of what was never seen: a new object is now and then told to be deleted while it is not.
    """
    told = list(ids)
    known = directory.known(session.connection, entity, told)
    for remote_id in told:
        remote = known.get(remote_id)
        if remote.deleted if remote is not None else entity not in LIST_ENTITIES:
            continue
        session.assert_no_transaction()
        try:
            payload = session.client.read(entity, remote_id)
        except Missing:
            with session.page():
                _gone(session, entity, remote_id)
        else:
            store_rows(session, entity, [payload])


def _gone(session: Session, entity: str, remote_id: str) -> None:
    gone = {"deleted": True, "folded_name": "", "match_key": "", "loose_key": "", "code_key": ""}
    remote, _ = Remote.objects.update_or_create(
        connection=session.connection, entity=entity, remote_id=remote_id, defaults=gone
    )
    Link.objects.filter(remote=remote, local_id=None).delete()
    Link.objects.filter(remote=remote).update(open=True)


def store_rows(session: Session, entity: str, payloads: Sequence[Payload]) -> None:
    """Store rows as they were seen, page by page, and mark the Links they concern."""
    start = 0
    while start < len(payloads):
        part = payloads[start : start + session.page_rows]
        start += len(part)
        with session.page(rows=len(part)):
            again = _store_page(session, entity, part)
        for remote_id in again:
            _read_once(session, entity, remote_id)


def _store_page(session: Session, entity: str, payloads: Sequence[Payload]) -> list[str]:
    """Store one page; returns ids whose content changed under the same SyncToken."""
    before = directory.known(session.connection, entity, [str(payload["Id"]) for payload in payloads])
    kind = KIND_OF_ENTITY.get(entity)
    newer, again = [], []
    for payload in payloads:
        known = before.get(str(payload["Id"]))
        token = int(payload.get("SyncToken") or 0)
        if known is not None and token < known.token:
            continue  # lists may lag: an older row than the one last seen says nothing
        if (
            known is not None
            and token == known.token
            and kind
            and gather.differs(session, kind, known, payload)
        ):
            again.append(known.remote_id)
        else:
            newer.append(payload)
    if kind is not None and kind.money:
        newer = [payload for payload in newer if str(payload["Id"]) in before]  # others are not ours
    remotes = directory.store(session.connection, entity, newer, seen_by=_observation(session))
    Remote.objects.filter(
        connection=session.connection, entity=entity, remote_id__in=[str(row["Id"]) for row in payloads]
    ).update(seen_by=_observation(session))
    if kind is not None:
        _mark_there(session, kind, remotes, newer)
    return again


def _mark_there(session: Session, kind: Kind, remotes: Sequence[Remote], payloads: Sequence[Payload]) -> None:
    links = {
        link.remote_id: link
        for link in Link.objects.filter(remote__in=[remote.pk for remote in remotes]).select_related("remote")
    }
    records = gather.records_there(session, kind, payloads)
    opened, new = [], []
    for remote, payload, record in zip(remotes, payloads, records, strict=True):
        link = links.get(remote.pk)
        if link is None:
            if not kind.money and kind.takeable(payload):
                new.append(Link(connection=session.connection, kind=kind.name, remote=remote))
        elif not link.open and _is_news(kind, link, payload, record):
            opened.append(link.pk)
    Link.objects.bulk_create(new, ignore_conflicts=True)
    Link.objects.filter(pk__in=opened).update(open=True)


def _is_news(kind: Kind, link: Link, payload: Payload, record: Encoded) -> bool:
    """Changed since it was settled; or never settled, and such that it may be taken now."""
    if link.there_baseline is None:
        return kind.takeable(payload)
    return bool(changed(link.there_baseline, record))


def _read_once(session: Session, entity: str, remote_id: str) -> None:
    """The same SyncToken but other content: ask for the object itself and take that."""
    session.assert_no_transaction()
    try:
        payload = session.client.read(entity, remote_id)
    except (Missing, TryAgain):
        return
    with session.page():
        remotes = directory.store(session.connection, entity, [payload], seen_by=_observation(session))
        kind = KIND_OF_ENTITY.get(entity)
        if kind is not None:
            _mark_there(session, kind, remotes, [payload])


def _time(text: str) -> datetime | None:
    return parse_time(text) if text else None
