"""The first look: what a Full Sync would find, counted by the same decisions, with nothing changed."""

from collections import Counter

from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.kinds import KIND, LISTS, Kind
from quickbooks_sync.models import Connection, Link, Remote, Sending
from quickbooks_sync.planner.actions import (
    Action,
    Adopt,
    CreateHere,
    CreateThere,
    RaiseIssue,
    Reason,
    UpdateThere,
)
from quickbooks_sync.planner.first_link import counts_of
from quickbooks_sync.planner.guards import wrong_company
from quickbooks_sync.planner.records import replaced

from .differences import differences, forget_differences, list_differences
from .forecast import after_pairing, foresee


def guard_first(session: Session) -> None:
    """Ask whether this is the right company, before a first Full Sync sends anything.

    Books are empty that have no customer: every company has an item or two from the start. A first one that
    was interrupted has been asked about, and goes on.
    """
    if _has_begun(session.connection):
        return
    customers = Remote.objects.filter(connection=session.connection, entity=KIND["customer"].entity)
    if not customers.filter(active=True, deleted=False).exists():
        return
    counts = {kind.name: count(session, kind) for kind in LISTS}
    question = wrong_company(
        new=sum(each.get("new_here", 0) for each in counts.values()),
        matched=sum(each.get("same", 0) + each.get("alike", 0) for each in counts.values()),
        there=counts["customer"]["there"],
    )
    session.unless_answered(question)


def _has_begun(connection: Connection) -> bool:
    """Whether a run has paired, taken or sent anything."""
    paired = Link.objects.filter(connection=connection, local_id__isnull=False, remote__isnull=False)
    return paired.exists() or Sending.objects.filter(connection=connection).exists()


def look(session: Session) -> None:
    """Count, per list, what is on either side, what is the same and what needs a person."""
    found = {}
    forget_differences(session)
    for kind in LISTS:
        found[kind.name] = count(session, kind, listed=True)
        with session.page():
            Connection.objects.filter(pk=session.connection.pk).update(first_look=found)


def count(session: Session, kind: Kind, *, listed: bool = False) -> dict[str, int]:
    """What is here and there of a list, and what a Full Sync would make of it.

    `listed`: what is different on both sides is stored, to be looked at.
    """
    counts: Counter[str] = Counter()
    for page in foresee(session, kind):
        for gathered, action in page:
            _count(session, counts, gathered, action)
        if listed:
            list_differences(session, page)
    counts["here"] = kind.all_here(session.connection.company).filter(active=True).count()
    there = Remote.objects.filter(
        connection=session.connection, entity=kind.entity, active=True, deleted=False
    )
    counts["there"] = there.filter(link__isnull=False).count()
    return dict(counts)


def _count(session: Session, counts: Counter[str], gathered: Gathered, action: Action) -> None:
    match action:
        case Adopt():
            counts["same"] += 1
            counts["different"] += bool(differences(gathered))
            counts.update(counts_of(action, gathered.here, gathered.there))
            paired, follow = after_pairing(session, gathered, action)
            if not isinstance(follow, Adopt):
                _count(session, counts, paired, follow)
        case UpdateThere(fields=fields):
            counts.update(replaced(gathered.there, {name: gathered.here[name] for name in fields}))
        case CreateThere():
            counts["new_here"] += 1
        case CreateHere():
            counts["new_there"] += 1
        case RaiseIssue(reason=reason):
            counts["need_you"] += 1
            counts["alike"] += reason == Reason.LIKELY_PAIR
