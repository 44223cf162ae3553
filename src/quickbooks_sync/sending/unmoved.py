"""What was decided is done only if what it was decided on still is as it was.

Hundreds of records are read and decided together, and the last of them may leave half a minute later. So the
transaction that writes here, and the one that commits a Sending, look once more: at the Link, at the version
there and at the revision here. What has moved is left to the next pass, which decides anew.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from quickbooks_sync.access.session import Session
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.memory import rows_here
from quickbooks_sync.models import Link
from quickbooks_sync.sql.prepared import Select, Update

#: What people, and other steps of a run, change of a Link.
OF_LINK = ("state", "local_id", "remote_id", "known_new", "answers", "in_doubt", "left_there")
AGREED = ("here_revision", "there_token")
STANDS = Select(
    lambda links: Link.objects.filter(pk__in=links).values_list(
        "pk", *OF_LINK, *AGREED, "remote__token", "remote__deleted"
    )
)
AGAIN = Update(
    Link, lambda links: Q(pk__in=links, open=True, state=Link.State.ACTIVE), waiting=True, waits_for=""
)


def leave_moved(session: Session, decided: Sequence[Gathered]) -> set[int]:
    """The Links of those that have moved; they wait for the next pass. In the caller's transaction."""
    found = set(moved(session, decided))
    if found:
        AGAIN(links=found)
        session.unlocked += len(found)
    return found


def moved(session: Session, decided: Sequence[Gathered]) -> Iterable[int]:
    """The Links of those that are not as they were when it was decided."""
    now = {pk: stands for pk, *stands in STANDS(links=[each.link.pk for each in decided])}
    revisions: dict[str, dict[int, int]] = {}
    for kind in {each.kind.name: each.kind for each in decided}.values():
        ids = [each.link.local_id for each in decided if each.kind is kind]
        revisions[kind.name] = rows_here.revisions(session.connection, kind, ids)
    for each in decided:
        # What this run itself has written here since is agreed already.
        known = {each.link.here_revision, each.local.revision if each.local is not None else None}
        revision = revisions[each.kind.name].get(each.link.local_id or 0)
        if now.get(each.link.pk) != _stands(each.link) or revision not in known:
            yield each.link.pk


def _stands(link: Link) -> list[Any]:
    """As in `STANDS`, when it was read."""
    remote = link.remote
    there = (remote.token, remote.deleted) if remote is not None else (None, None)
    return [*(getattr(link, name) for name in (*OF_LINK, *AGREED)), *there]
