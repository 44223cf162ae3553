"""What was created in QuickBooks in a span of time, or removed, and belongs to no record here.

Some of it may have been sent from here: the answer was lost, or a restored backup has forgotten it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from qbo.errors import Refused
from qbo.payload import parse_time
from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.pairs import records_there
from quickbooks_sync.kinds import Kind
from quickbooks_sync.kinds.base import Payload, reference
from quickbooks_sync.memory import directory
from quickbooks_sync.models import Connection, Remote
from quickbooks_sync.planner.recognition import Candidate

ROWS_MAX = 1000
#: QuickBooks tells of deletions for 30 days.
TOLD = timedelta(days=29)
#: The local id of a customer or parent there that no customer of ours has: no record has it.
NOBODY = 0


def created(session: Session, kinds: Sequence[Kind], since: datetime) -> dict[str, list[Payload]]:
    """What was created there since then, by Kind, without what belongs to a record of ours already."""
    rows: dict[str, list[Payload]] = {kind.name: [] for kind in kinds}
    pending = [(kind, 1) for kind in kinds]
    while pending:
        session.assert_no_transaction()
        answers = session.client.queries([_statement(kind, since, start) for kind, start in pending])
        session.keep_lease()
        asked, pending = pending, []
        for (kind, start), answer in zip(asked, answers, strict=True):
            if isinstance(answer, Refused):
                raise answer
            session.time_there = parse_time(answer.time) if answer.time else session.time_there
            rows[kind.name] += answer.rows
            if len(answer.rows) == ROWS_MAX:
                pending.append((kind, start + ROWS_MAX))
    return {kind.name: directory.unlinked(session.connection, kind.entity, rows[kind.name]) for kind in kinds}


def _statement(kind: Kind, since: datetime, start: int) -> str:
    moment = since.isoformat(timespec="seconds")
    # What was created since was changed since; and by that QuickBooks finds it sooner.
    condition = f"MetaData.LastUpdatedTime >= '{moment}' AND MetaData.CreateTime >= '{moment}'"
    if not kind.money:
        condition += " AND Active IN (true, false)"
    return f"SELECT * FROM {kind.entity} WHERE {condition} ORDERBY Id STARTPOSITION {start} MAXRESULTS {ROWS_MAX}"  # noqa: S608, E501


def candidates(session: Session, kind: Kind, rows: Sequence[Payload]) -> list[Candidate]:
    """These objects as they are compared with what was sent."""
    found = []
    for row, record in zip(rows, records_there(session, kind, rows), strict=True):
        if record.get("parent", NOBODY) is None and reference(row, "ParentRef"):
            record["parent"] = NOBODY
        candidate = Candidate(
            id=str(row["Id"]),
            record=record,
            marker=kind.marker_there(row),
            created=parse_time(row["MetaData"]["CreateTime"]),
            edited=int(row.get("SyncToken") or 0) > 0,
        )
        found.append(candidate)
    return found


def removed(session: Session, kinds: Sequence[Kind], since: datetime) -> dict[str, int]:
    """How many objects nobody here has ever seen were removed there since, by Kind.

    Deleted, or merged into another: one of them may have been what was sent.
    """
    if session.clock.utc() - since > TOLD:
        return {kind.name: 1 for kind in kinds}  # nobody can tell any more
    session.assert_no_transaction()
    changes = session.client.changes([kind.entity for kind in kinds], since)
    gone = {}
    for kind in kinds:
        ids = set(changes.deleted[kind.entity])
        ids -= directory.linked_ids(session.connection, kind.entity, ids)
        highest = _highest_before(session.connection, kind, since) if ids else 0
        gone[kind.name] = sum(int(one) > highest for one in ids)
    return gone


def _highest_before(connection: Connection, kind: Kind, since: datetime) -> int:
    """The highest id of this Kind of what was created before then: ids are given in order."""
    highest = 0
    rows = Remote.objects.filter(connection=connection, entity=kind.entity).exclude(packed=b"")
    for remote in rows.order_by("-pk")[:ROWS_MAX]:
        number = int(remote.remote_id)
        if number > highest and parse_time(remote.payload["MetaData"]["CreateTime"]) < since:
            highest = number
    return highest
