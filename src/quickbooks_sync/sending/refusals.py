"""What a refusal of QuickBooks means for the record it concerns (facts B6).

Codes and `Id=` tokens are read; texts are not, because QuickBooks translates them.
"""

import re

from qbo.errors import Fault
from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.names import family, name_taken
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.models import Remote
from quickbooks_sync.planner.actions import RaiseIssue, Reason
from quickbooks_sync.planner.keys import folded

DUPLICATE_NAME = "6240"
DUPLICATE_NUMBER = "6140"
CLOSED_BOOKS = {"6200", "6210"}
_HOLDER = re.compile(r"\bId=(\d+)")
_NUMBER_HOLDER = re.compile(r"TxnType=(\w+) with TxnId=(\d+)")


def issue_for(session: Session, gathered: Gathered, found: tuple[Fault, ...]) -> RaiseIssue:
    """The Issue that tells a person of this refusal."""
    first = found[0]
    if first.code == DUPLICATE_NAME:
        problem = name_taken(
            session.connection, gathered.kind, gathered.here, _holder(session, gathered, first)
        )
        return RaiseIssue(reason=problem.reason, details=problem.details | {"code": first.code})
    if first.code == DUPLICATE_NUMBER:
        holder = _NUMBER_HOLDER.search(first.detail)
        details = {"code": first.code, "number": gathered.here.get("number", "")}
        if holder:
            details |= {"holder": holder[1], "holder_id": holder[2]}
        return RaiseIssue(reason=Reason.NUMBER_TAKEN, details=details)
    if first.code in CLOSED_BOOKS and gathered.kind.money:
        # They were closed since QuickBooks was last asked; the next run asks it.
        record = gathered.here
        session.refusals += 1
        details = {"date": record["date"], "until": session.facts.closed_until, "removal": record["voided"]}
        return RaiseIssue(reason=Reason.BOOKS_CLOSED, details=details | {"code": first.code})
    session.refusals += 1
    return RaiseIssue(
        reason=Reason.REFUSED_THERE,
        details={
            "faults": [
                {
                    "code": fault.code,
                    "message": fault.message,
                    "detail": fault.detail,
                    "element": fault.element,
                }
                for fault in found
            ]
        },
    )


def _holder(session: Session, gathered: Gathered, fault: Fault) -> Remote | None:
    """Who has the name there: ids count for each entity by itself, so one of that id may be another."""
    match = _HOLDER.search(fault.detail)
    if match is None:
        return None
    found = Remote.objects.filter(
        connection=session.connection, entity__in=family(gathered.kind), remote_id=match[1], deleted=False
    )
    name = folded(gathered.kind.called(gathered.here))
    named = [remote for remote in found if remote.folded_name.rpartition(":")[2] == name]
    return named[0] if len(named) == 1 else None
