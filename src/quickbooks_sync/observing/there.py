"""Look at QuickBooks: whole lists, or what has changed since the last look, in few calls.

Nothing is decided here. A watermark moves only when everything up to it is stored (`storing`).
Service Genius' own side is `here`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from qbo.errors import ReadWindowPassed, Refused
from qbo.payload import parse_time
from quickbooks_sync.access import asking
from quickbooks_sync.access.asking import QUERIES_PER_CALL, QUERY_ROWS
from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import LISTS, MONEY
from quickbooks_sync.memory import entries
from quickbooks_sync.memory.marked import CLOCKS_APART
from quickbooks_sync.models import Connection, Entry, Link, Remote, Sending, SyncRun
from quickbooks_sync.planner.guards import empty_list
from quickbooks_sync.sql.prepared import Select

from . import put_back
from .storing import LIST_ENTITIES, believe_deleted, observation, store_rows

#: In place of a page's first row: the query that counts.
COUNT = 0
#: About how many rows the queries of one batch call may bring: a thousand invoices take 15 MB of memory.
ROWS_PER_CALL = 2 * QUERY_ROWS
#: Above so many of our own writes, change data capture (1000 rows) might overflow.
ECHO_MAX = 800
#: QuickBooks remembers changes for 30 days.
WINDOW = timedelta(days=29)
#: A write may be committed up to 120 s after its client gave up; lists may lag a little.
OVERLAP = timedelta(seconds=130)
UNSEEN = Select(
    lambda connection, entity, seen_by: (
        Remote.objects.filter(connection=connection, entity=entity, deleted=False)
        .exclude(seen_by=seen_by)
        .order_by("pk")
        .values_list("remote_id", flat=True)
    )
)

MONEY_ENTITIES = (*(kind.entity for kind in MONEY), *entries.OTHERS)


def _money_read(connection: Connection) -> tuple[str, ...]:
    """Those that go there by choice, or are there from before; and what else moves customers' accounts."""
    links = Link.objects.filter(connection=connection)
    those = [kind for kind in MONEY if kind.wanted(connection) or links.filter(kind=kind.name).exists()]
    others = [entity for entity in entries.OTHERS if entries.is_kept(connection, entity)]
    return (*(kind.entity for kind in those), *others)


def observe_there(session: Session) -> None:
    """Store what is new or changed in QuickBooks, in the fewest calls that can be sure of it."""
    connection = session.connection
    changes_alone = {SyncRun.Scope.SYNC, SyncRun.Scope.BOOKS}
    complete = session.run.scope not in changes_alone or connection.there_watermark is None
    began: datetime | None = None
    since = connection.there_watermark
    if complete:
        began = _read_complete(session, LIST_ENTITIES, money_since=_before_connecting(connection))
    if since is not None:
        money = _money_read(connection)
        entities = money if complete else (*LIST_ENTITIES, *money)
        answered = _read_changes(session, entities, since)
        began = began or answered
    if connection.went_back and not complete:
        _read_complete(session, LIST_ENTITIES)
    if connection.went_back or session.run.scope == SyncRun.Scope.FULL:
        put_back.audit(session)
    if session.run.unread:
        return  # the same time is looked at again by the next run
    with session.page():
        moved = (began or session.clock.utc()) - OVERLAP
        Connection.objects.filter(pk=connection.pk).update(there_watermark=moved, went_back=False)
    connection.there_watermark, connection.went_back = moved, False


def read_customers(session: Session) -> None:
    """Every customer anew, with what it owes: one call for a thousand."""
    _read_complete(session, [kind.entity for kind in LISTS if kind.owes])


def read_entries(session: Session) -> None:
    """Every document that moves what customers owe, whosever it is; from then on the changes tell of them."""
    connection = session.connection
    connection.books_known_at = session.clock.utc()
    _read_pages(session, {entity: _select(entity) for entity in entries.SIGNS})
    if not all(asking.is_read(session, entity) for entity in entries.SIGNS):
        connection.books_known_at = None
        return
    with session.page():
        old = Entry.objects.filter(connection=connection, reported=False)
        old.exclude(seen_by=observation(session)).delete()
        Connection.objects.filter(pk=connection.pk).update(books_known_at=connection.books_known_at)


def _read_changes(session: Session, entities: Sequence[str], since: datetime) -> datetime | None:
    """One change data capture where it surely suffices, queries for the rest; QuickBooks' first time."""
    if session.clock.utc() - since > WINDOW:
        _doubt_entries(session)
        return _read_by_queries(session, entities, since)
    many = _echo_exceeds(session.connection, entities, since)
    began = _read_by_queries(session, many, since) if many else None
    rest = [entity for entity in entities if entity not in many]
    if not rest:
        return began
    try:
        answers, refused = asking.changes(session, rest, since)
    except ReadWindowPassed:
        _doubt_entries(session)
        answered = _read_by_queries(session, rest, since)
        return began or answered
    for changes in answers:
        began = began or _time(changes.time)
        session.time_there = _time(changes.time) or session.time_there
        for entity in changes.rows:
            store_rows(session, entity, changes.rows[entity])
            believe_deleted(session, entity, changes.deleted[entity])
            put_back.confirm(session, entity)
        if changes.overflow:
            _read_by_queries(session, list(changes.rows), since)
    if refused:
        answered = _read_by_queries(session, refused, since)
        began = began or answered
    return began


def _doubt_entries(session: Session) -> None:
    """What was deleted there so long ago is told by nothing: the next check of the books reads all anew."""
    if session.connection.books_known_at is None:
        return
    session.connection.books_known_at = None
    with session.page():
        Connection.objects.filter(pk=session.connection.pk).update(books_known_at=None)


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


def _before_connecting(connection: Connection) -> datetime | None:
    """If nothing was ever looked at: this may be a backup of the first day, and invoices have left since."""
    return connection.connected_at - CLOCKS_APART if connection.there_watermark is None else None


def _read_complete(
    session: Session, entities: Sequence[str], *, money_since: datetime | None = None
) -> datetime | None:
    """Every row of these lists; what is known and was not among them may be deleted.

    `money_since`: in the same call, what else was changed since then.
    """
    statements = {entity: _select(entity) for entity in entities}
    money = _money_read(session.connection)
    if money_since is not None:
        statements |= {entity: _select(entity, _changed_since(money_since)) for entity in money}
    began = _read_pages(session, statements)
    complete = [entity for entity in entities if asking.is_read(session, entity)]
    unseen = {entity: set(_unseen(session, entity)) for entity in complete}
    told = _told(session, [entity for entity, ids in unseen.items() if ids])
    for entity, ids in unseen.items():
        _guard_empty(session, entity)
        believe_deleted(session, entity, sorted(ids & told.get(entity, ids)))
        put_back.confirm(session, entity, gone=ids - told.get(entity, ids))
    for entity in money if money_since is not None else ():
        put_back.confirm(session, entity)
    return began


def _told(session: Session, entities: Sequence[str]) -> dict[str, set[str]]:
    """The ids whose deletion QuickBooks tells of; no entry where nobody can say."""
    since = session.connection.there_watermark
    if since is None or not entities or session.clock.utc() - since > WINDOW:
        return {}
    session.assert_no_transaction()
    try:
        changes = session.client.changes(entities, since)
    except (ReadWindowPassed, Refused):
        return {}
    return {} if changes.overflow else {entity: set(changes.deleted[entity]) for entity in entities}


def _unseen(session: Session, entity: str) -> list[str]:
    """What is known and was not among what this observation read so far."""
    return UNSEEN(connection=session.connection.pk, entity=entity, seen_by=observation(session))


def _guard_empty(session: Session, entity: str) -> None:
    known = Remote.objects.filter(connection=session.connection, entity=entity, deleted=False)
    linked = known.filter(link__local_id__isnull=False)
    seen = known.filter(seen_by=observation(session))
    session.unless_answered(empty_list(kind=entity, read=seen.count(), linked=linked.count()))


def _read_by_queries(session: Session, entities: Sequence[str], since: datetime) -> datetime | None:
    """What changed, by time; queries do not tell of deletions, so lists are counted, too."""
    statements = {entity: _select(entity, _changed_since(since)) for entity in entities}
    counts: dict[str, int] = {}
    began = _read_pages(session, statements, counts)
    # Transactions are not counted: most of those there are not ours.
    fewer = [entity for entity in entities if _known(session, entity) > counts.get(entity, 0)]
    _sweep(session, [entity for entity in fewer if asking.is_read(session, entity)])
    for entity in entities:
        put_back.confirm(session, entity)
    return began


def _changed_since(moment: datetime) -> str:
    return f" WHERE MetaData.LastUpdatedTime >= '{moment.isoformat(timespec='seconds')}'"


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
    expected = {entity: _expected(session, entity, statement) for entity, statement in statements.items()}
    for entity in statements:
        if counts is not None and entity in LIST_ENTITIES:
            pending.append((entity, COUNT))
        pending += [(entity, start) for start in range(1, expected[entity] + 2, QUERY_ROWS)]
    last = dict(pending)
    while pending:
        part = _of_one_call(pending, expected)
        pending = pending[len(part) :]
        session.assert_no_transaction()
        answers = session.client.queries([_page(entity, statements[entity], start) for entity, start in part])
        for (entity, start), answer in zip(part, answers, strict=True):
            if isinstance(answer, Refused):
                if start == COUNT or not asking.can_sync(session, entity):
                    continue  # uncounted, it is asked for by ids
                rows, more = asking.in_parts(session, entity, statements[entity], start, answer)
            else:
                began = began or _time(answer.time)
                session.time_there = _time(answer.time) or session.time_there
                if start == COUNT and counts is not None:
                    counts[entity] = answer.count or 0
                    continue
                rows, more = answer.rows, len(answer.rows) >= QUERY_ROWS
            store_rows(session, entity, rows)
            if more and start == last[entity]:
                last[entity] = start + QUERY_ROWS
                pending.append((entity, last[entity]))
    return began


def _of_one_call(pending: Sequence[tuple[str, int]], expected: Mapping[str, int]) -> list[tuple[str, int]]:
    """The next pages, as many as one answer should hold; at least one."""
    part: list[tuple[str, int]] = []
    rows = 0
    for entity, start in pending[:QUERIES_PER_CALL]:
        rows += min(max(expected[entity] + 1 - start, 0), QUERY_ROWS) if start != COUNT else 0
        if part and rows > ROWS_PER_CALL:
            break
        part.append((entity, start))
    return part


def _page(entity: str, statement: str, start: int) -> str:
    if start == COUNT:
        return f"SELECT COUNT(*) FROM {entity} WHERE Active IN (true, false)"  # noqa: S608 - our own names
    return asking.page(statement, start)


def _expected(session: Session, entity: str, statement: str) -> int:
    known = _known(session, entity)
    if "LastUpdatedTime" in statement:
        # An object that we wrote, or paid, several times is one row.
        return min(known, _own_writes(session.connection, entity))
    return known


def _own_writes(connection: Connection, entity: str) -> int:
    if connection.there_watermark is None:
        return 0
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
                asking.note(session, entity, answer)
                continue
            there = {str(row["Id"]) for row in answer.rows}
            believe_deleted(session, entity, [remote_id for remote_id in ids if remote_id not in there])


def _select_ids(entity: str, ids: Sequence[str]) -> str:
    quoted = ", ".join(f"'{remote_id}'" for remote_id in ids)
    active = " AND Active IN (true, false)" if entity in LIST_ENTITIES else ""
    return f"SELECT Id FROM {entity} WHERE Id IN ({quoted}){active} MAXRESULTS {QUERY_ROWS}"  # noqa: S608


def _time(text: str) -> datetime | None:
    return parse_time(text) if text else None
