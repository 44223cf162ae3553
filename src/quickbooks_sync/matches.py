"""Which records without a Link are the same on both sides.

A match must be the only candidate from both sides, on the same level. What is merely likely is parked
for a person, and so is its counterpart. Reads the database and nothing else.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from . import doubts
from .kinds import Kind
from .kinds.base import LocalKey, References
from .models import Link, Remote
from .planner import matching
from .planner.actions import Reason
from .planner.records import Encoded, encode
from .references import find_references
from .session import Session


class Matches:
    """Which unlinked local records of a page are the same as an unlinked remote object.

    `certain`: link id -> the Remote. `likely`: link id -> what a person is to look at.
    """

    def __init__(self, session: Session, kind: Kind, links: Sequence[Link], locals_: dict[int, Any]) -> None:
        self._session, self._kind = session, kind
        self.certain: dict[int, Remote] = {}
        self.likely: dict[int, tuple[Encoded, ...]] = {}
        if kind.money:
            return
        half = [link for link in links if link.local_id is not None and link.remote_id is None]
        half = [link for link in half if not link.known_new and link.in_doubt is None]
        if half:
            self._match(half, locals_)

    def _match(self, half: Sequence[Link], locals_: dict[int, Any]) -> None:
        keys = {link.loose_key for link in half if link.loose_key}
        codes = {link.code_key for link in half if link.code_key}
        free = (
            Remote.objects.filter(
                connection=self._session.connection, entity=self._kind.entity, deleted=False
            )
            .exclude(link__local_id__isnull=False)
            .exclude(link__state__in=[Link.State.HOLD, Link.State.IGNORED])
            .exclude(remote_id__in=doubts.candidates(self._session.connection, self._kind.name))
            .order_by("pk")
        )
        candidates: dict[str, list[Remote]] = {}
        # Two questions, for which there is an index each.
        for remote in free.filter(loose_key__in=keys):
            candidates.setdefault(remote.loose_key, []).append(remote)
        for remote in free.filter(code_key__in=codes) if codes else ():
            candidates.setdefault(code(remote), []).append(remote)
        rivals = self._rivals(keys)
        parents = self._parents(half, locals_)
        for link in half:
            found = {remote.pk: remote for key in name_keys(link) for remote in candidates.get(key, ())}
            if not found or link.local_id not in locals_:
                continue
            local = self._kind.identity(encode(self._kind.from_here(locals_[link.local_id])))
            shared = rivals.get(link.match_key, 0) > 1
            self._judge(link, local, list(found.values()), rivals=shared, parent=parents.get(link.pk, ""))

    def _rivals(self, keys: set[str]) -> dict[str, int]:
        """How many unlinked local records share a name."""
        counts: dict[str, int] = {}
        rows = Link.objects.filter(
            connection=self._session.connection, kind=self._kind.name, remote=None, loose_key__in=keys
        )
        for key in rows.values_list("match_key", flat=True):
            counts[key] = counts.get(key, 0) + 1
        return counts

    def _parents(self, half: Sequence[Link], locals_: dict[int, Any]) -> dict[int, str]:
        """The remote id of each one's parent; None-like "?" while the parent is not linked."""
        wanted: dict[int, LocalKey] = {}
        for link in half:
            local = locals_.get(link.local_id or 0)
            parent = getattr(local, "parent_id", None)
            if parent is not None:
                wanted[link.pk] = (self._kind.name, parent)
        references, _ = find_references(
            self._session.connection, wanted.values(), (), handed=self._session.coming.handed
        )
        known = {**self._session.coming.pairing, **references.there}
        return {pk: known.get(key, "?") for pk, key in wanted.items()}

    def _judge(
        self, link: Link, local: matching.Identity, found: Sequence[Remote], *, rivals: bool, parent: str
    ) -> None:
        if parent == "?":
            return  # its parent goes first; then it is looked at again
        kind, facts = self._kind, self._session.facts
        same_level = [
            remote
            for remote in found
            if (remote.parent_id_there == parent or kind.name == "work_code")
            and not kind.foreign_currency(None, remote.payload, facts)
        ]
        others = {
            remote.pk: kind.identity(encode(kind.from_there(remote.payload, References(), facts)))
            for remote in same_level
        }
        certain = [
            remote for remote in same_level if remote.active and matching.is_match(local, others[remote.pk])
        ]
        exact = [remote for remote in certain if remote.folded_name == matching.folded(local.name)]
        choice = exact if len(exact) == 1 else certain
        if len(choice) > 1 and local.code:
            choice = [remote for remote in choice if others[remote.pk].code == local.code] or choice
        if len(choice) == 1 and not rivals and kind.takeable(choice[0].payload):
            self.certain[link.pk] = choice[0]
            return
        likely = [
            remote
            for remote in same_level
            if matching.is_likely(local, others[remote.pk]) and kind.may_be_paired(remote.payload)
        ]
        if likely:
            self.likely[link.pk] = tuple(
                {
                    "remote_id": remote.remote_id,
                    "name": remote.name,
                    "email": remote.email,
                    "phone": remote.phone,
                    "active": remote.active,
                }
                for remote in likely
            )


def name_keys(has: Link | Remote) -> list[str]:
    """By what one side is found on the other: its name, and its code if it has one."""
    return [has.loose_key, *([code(has)] if has.code_key else [])]


def code(has: Link | Remote) -> str:
    """The key of a code, which no name has."""
    return f"#{has.code_key}"


def _name_of(kind: Kind, session: Session, link: Link) -> str:
    return kind.label(kind.all_here(session.connection.company).get(pk=link.local_id))


def parked_there(session: Session, kind: Kind, links: Sequence[Link]) -> dict[int, str]:
    """What is new there and may be the same as a local record that is parked, or waits for its parent.

    Local records are decided first, so what still waits is not matched yet. Link id -> the local name.
    """
    if kind.money:
        return {}  # no name tells one from another
    new = {link.pk: link.remote for link in links if link.remote is not None and link.local_id is None}
    names = {remote.loose_key for remote in new.values()}
    codes = {remote.code_key for remote in new.values() if remote.code_key}
    held = Link.objects.filter(
        connection=session.connection,
        kind=kind.name,
        remote=None,
        known_new=False,
        state=Link.State.ACTIVE,
    ).filter(Q(waiting=True) | Q(issue__reason=Reason.LIKELY_PAIR))
    waiting = [
        *held.filter(loose_key__in=names),
        *(held.filter(code_key__in=codes) if codes else ()),
    ]
    found = {key: label for (name, key), label in session.coming.names.items() if name == kind.name}
    found |= {key: _name_of(kind, session, link) for link in waiting for key in name_keys(link)}
    return {pk: found[key] for pk, remote in new.items() for key in name_keys(remote) if key in found}
