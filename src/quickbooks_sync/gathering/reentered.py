"""What was removed in QuickBooks, and entered there anew under the same name: one question, not two.

Reads the database and nothing else.
"""

from collections.abc import Sequence

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import Kind
from quickbooks_sync.memory import directory
from quickbooks_sync.models import Link, Remote
from quickbooks_sync.planner.records import Encoded
from quickbooks_sync.sql.prepared import Select

NAMED = Select(
    lambda connection, kind, keys: Link.objects.filter(
        connection=connection,
        kind=kind,
        state=Link.State.ACTIVE,
        local_id__isnull=False,
        remote__match_key__in=keys,
    ).select_related("remote")
)


def entered_anew(session: Session, kind: Kind, links: Sequence[Link]) -> dict[int, tuple[Encoded, ...]]:
    """Of Links whose object there is gone: those of its name that are new there. Link id -> candidates."""
    gone = {
        link.pk: link.remote
        for link in links
        if not kind.money and link.paired and link.remote is not None and not _live(link.remote)
    }
    keys = {remote.match_key for remote in gone.values() if remote.match_key}
    free = Remote.objects.filter(
        connection=session.connection, entity=kind.entity, match_key__in=keys, active=True, deleted=False
    ).exclude(link__local_id__isnull=False)
    new = list(free.exclude(link__state__in=[Link.State.HOLD, Link.State.IGNORED])) if keys else []
    found: dict[int, tuple[Encoded, ...]] = {}
    for pk, remote in gone.items():
        same = [each for each in new if _same_place(each, remote) and kind.takeable(each.payload)]
        if same:
            found[pk] = tuple(directory.candidates(same))
    return found


def parked(session: Session, kind: Kind, links: Sequence[Link]) -> dict[int, str]:
    """What is new there and may be what became of one that is gone: not taken until a person has said."""
    new = {
        link.pk: link.remote
        for link in links
        if not kind.money and link.local_id is None and link.remote is not None and link.remote.match_key
    }
    if not new:
        return {}
    keys = {remote.match_key for remote in new.values()}
    before = NAMED(connection=session.connection.pk, kind=kind.name, keys=keys)
    gone = [link for link in before if link.remote is not None and not _live(link.remote)]
    gone = [link for link in gone if link.pk not in session.coming.back]
    rows = kind.all_here(session.connection.company).filter(pk__in=[link.local_id for link in gone])
    active = set(rows.filter(active=True).values_list("pk", flat=True)) if gone else set()
    return {
        pk: f"the answer whether it is {remote.name}, entered anew"
        for pk, remote in new.items()
        for link in gone
        if link.local_id in active and link.remote is not None and _same_place(remote, link.remote)
    }


def _live(remote: Remote) -> bool:
    return remote.active and not remote.deleted


def _same_place(one: Remote, other: Remote) -> bool:
    return (one.match_key, one.parent_id_there) == (other.match_key, other.parent_id_there)
