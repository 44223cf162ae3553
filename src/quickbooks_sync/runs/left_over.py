"""What a run leaves: what waits, what is left for the next one, what is different and stays so."""

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from quickbooks_sync.kinds import KINDS, LISTS
from quickbooks_sync.models import Connection, Issue, Link, SyncRun
from quickbooks_sync.planner.actions import Reason

#: What is counted when a run closes.
WAITING, LEFT, MONEY, CHANGED, APART, NEEDING = "waiting", "left", "money", "changed", "apart", "attention"


def counted(connection: Connection, scope: str) -> Mapping[str, int]:
    """What a run of this scope leaves, by what it is called in its counts."""
    issues = Issue.objects.filter(connection=connection)
    lists = {kind.name for kind in LISTS}
    moved = lists if scope == SyncRun.Scope.FULL else {kind.name for kind in KINDS}
    found = unsettled(connection)
    return {
        NEEDING: issues.exclude(reason=Reason.CHANGED_THERE).count(),
        CHANGED: issues.filter(reason=Reason.CHANGED_THERE).count(),
        WAITING: found.filter(kind__in=moved, waiting=True).count(),
        LEFT: found.filter(kind__in=moved, waiting=False).count(),
        MONEY: found.exclude(kind__in=moved).count(),
        APART: _apart(connection),
    }


def unsettled(connection: Connection) -> QuerySet[Link]:
    """Records here that are not as agreed, and need nobody."""
    return Link.objects.filter(
        connection=connection, local_id__isnull=False, open=True, state=Link.State.ACTIVE, issue=None
    )


def _apart(connection: Connection) -> int:
    """Those that are different on the two sides, and that no sync makes the same."""
    links = Link.objects.filter(connection=connection)
    held = ~Q(state=Link.State.ACTIVE)
    left = (
        Q(left_there__isnull=False)
        | Q(answers__has_key="accepted_totals")
        | Q(paid_there__gt=0)
        | Q(kept__isnull=False)
        | Q(apart__isnull=False)
    )
    return links.filter(held | left).count()
