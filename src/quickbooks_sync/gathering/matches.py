"""Which records of a page are the same as one of the other side, or may be: as the lists were compared.

What is merely likely waits for a person, and so does its counterpart. Reads the database and nothing else.
"""

from collections.abc import Sequence
from typing import Any

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import Kind
from quickbooks_sync.models import Link, Remote
from quickbooks_sync.planner.records import Encoded
from quickbooks_sync.sql.prepared import Select

from .compared import Compared, compare

#: Those that still have nobody here, as they are now.
STILL_FREE = Select(
    lambda connection, ids: Remote.objects.filter(
        connection=connection, pk__in=ids, deleted=False, link__local_id__isnull=True
    )
)


class Matches:
    """Which unlinked local records of a page are the same as an unlinked remote object.

    `certain`: link id -> the Remote. `likely`: link id -> what a person is to look at, and how likely it is.
    """

    def __init__(self, session: Session, kind: Kind, links: Sequence[Link], locals_: dict[int, Any]) -> None:
        self.certain: dict[int, Remote] = {}
        self.likely: dict[int, tuple[tuple[Encoded, ...], float]] = {}
        half = {
            link.local_id: link
            for link in links
            if link.local_id in locals_ and link.remote_id is None and not link.known_new
        }
        half = {pk: link for pk, link in half.items() if link.in_doubt is None}
        if kind.matching is None or not half:
            return
        found, free = _as_they_are(session, kind, {pk: locals_[pk].revision for pk in half})
        for pk, link in half.items():
            if pk in found.certain:
                self.certain[link.pk] = free[found.certain[pk].pk]
            elif pk in found.likely:
                self.likely[link.pk] = (found.likely[pk], found.likeness[pk])


def _as_they_are(
    session: Session, kind: Kind, revisions: dict[int, int]
) -> tuple[Compared, dict[int, Remote]]:
    """How the lists compare, anew if one of these has changed since; and the Remotes of their matches."""
    known = session.compared.get(kind.name)
    if known is not None and all(known.revisions.get(pk) == each for pk, each in revisions.items()):
        wanted = [known.certain[pk] for pk in revisions if pk in known.certain]
        free = _still_free(session, wanted)
        if len(free) == len(wanted):
            return known, free
    known = session.compared[kind.name] = compare(session, kind)
    return known, _still_free(session, [known.certain[pk] for pk in revisions if pk in known.certain])


def _still_free(session: Session, remotes: Sequence[Remote]) -> dict[int, Remote]:
    """Those of these that are as they were."""
    if not remotes:
        return {}
    tokens = {remote.pk: remote.token for remote in remotes}
    found = STILL_FREE(connection=session.connection.pk, ids=list(tokens))
    return {remote.pk: remote for remote in found if remote.token == tokens[remote.pk]}


def claimed_there(session: Session, kind: Kind, links: Sequence[Link]) -> dict[int, str]:
    """What is new there and is, or may be, a local record that is not linked yet.

    Local records are decided first: whatever of them is not linked by now waits. Link id -> the local name.
    """
    new = {link.pk: link.remote_id for link in links if link.remote_id is not None and link.local_id is None}
    if kind.matching is None or not new:
        return {}
    if kind.name not in session.compared:
        session.compared[kind.name] = compare(session, kind)
    claimed = session.compared[kind.name].claimed
    return {pk: claimed[remote] for pk, remote in new.items() if remote in claimed}
