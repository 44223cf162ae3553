"""Which records without a Link are the same on both sides.

A match must be the only candidate from both sides, on the same level. What is merely likely is parked
for a person, and so is its counterpart. Reads the database and nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import Kind
from quickbooks_sync.kinds.base import LocalKey, References
from quickbooks_sync.memory import doubts
from quickbooks_sync.models import Link, Remote
from quickbooks_sync.planner import keys
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.evidence import Identity, weigh
from quickbooks_sync.planner.matching import by_name as matching
from quickbooks_sync.planner.records import Encoded, encode

from .handing_on import taking_over
from .references import find_references


@dataclass(frozen=True, kw_only=True)
class _Candidates:
    """An unlinked local record, and what stands on its level there under one of its keys."""

    link: Link
    level: int | None
    """The local record above it."""
    local: Identity
    there: dict[int, Identity]
    remotes: Sequence[Remote]


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
        found = self._candidates(half, locals_)
        if not found:
            return
        names = self._names_here(found)
        for each in found:
            if names[each.link.match_key, each.level] < 2:  # noqa: PLR2004 - it is the only one
                self._pair(each)
            if each.link.pk not in self.certain:
                self._ask(each, names)

    def _candidates(self, half: Sequence[Link], locals_: dict[int, Any]) -> list[_Candidates]:
        names = {link.loose_key for link in half if link.loose_key}
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
        known: dict[str, list[Remote]] = {}
        # Two questions, for which there is an index each.
        for remote in free.filter(loose_key__in=names):
            known.setdefault(remote.loose_key, []).append(remote)
        for remote in free.filter(code_key__in=codes) if codes else ():
            known.setdefault(code(remote), []).append(remote)
        parents = self._parents(half, locals_)
        found = []
        for link in half:
            rejected = link.answers.get("rejected", ())
            remotes = {
                remote.pk: remote
                for key in name_keys(link)
                for remote in known.get(key, ())
                if remote.remote_id not in rejected
            }
            parent = parents.get(link.pk, "")
            # Below a parent that is not linked it is looked at again once that is.
            if remotes and link.local_id in locals_ and parent != "?":
                found.append(self._on_one_level(link, locals_[link.local_id], remotes.values(), parent))
        return found

    def _on_one_level(self, link: Link, local: Any, found: Iterable[Remote], parent: str) -> _Candidates:
        kind, facts = self._kind, self._session.facts
        remotes = [
            remote
            for remote in found
            if (remote.parent_id_there == parent or not kind.levels)
            and not kind.foreign_currency(None, remote.payload, facts)
        ]
        return _Candidates(
            link=link,
            level=getattr(local, "parent_id", None),
            local=kind.identity(encode(kind.from_here(local))),
            there={
                remote.pk: kind.identity(encode(kind.from_there(remote.payload, References(), facts)))
                for remote in remotes
            },
            remotes=remotes,
        )

    def _names_here(self, found: Sequence[_Candidates]) -> Counter[tuple[str, int | None]]:
        """How many unlinked local records have each of these names, level by level."""
        keys_there = {remote.loose_key for each in found for remote in each.remotes}
        rows = _half(self._session, self._kind).filter(
            loose_key__in=keys_there | {each.link.loose_key for each in found}
        )
        levels: dict[int | None, int | None] = {}
        if self._kind.levels:
            everybody = self._kind.all_here(self._session.connection.company)
            levels |= everybody.filter(pk__in=rows.values("local_id")).values_list("pk", "parent_id")
        return Counter((name, levels.get(pk)) for pk, name in rows.values_list("local_id", "match_key"))

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

    def _pair(self, each: _Candidates) -> None:
        """The one there that is certainly the same, if there is just one."""
        local = each.local
        certain = [
            remote
            for remote in each.remotes
            if remote.active and matching.is_match(local, each.there[remote.pk])
        ]
        exact = [remote for remote in certain if remote.folded_name == keys.folded(local.name)]
        choice = exact if len(exact) == 1 else certain
        if len(choice) > 1 and local.code:
            choice = [remote for remote in choice if each.there[remote.pk].code == local.code] or choice
        if len(choice) == 1 and self._kind.takeable(choice[0].payload):
            self.certain[each.link.pk] = choice[0]

    def _ask(self, each: _Candidates, names: Counter[tuple[str, int | None]]) -> None:
        """What there may be the same, unless it has the very name of another one here."""
        likely = [
            remote
            for remote in each.remotes
            if (remote.match_key == each.link.match_key or not names[remote.match_key, each.level])
            and matching.is_likely(each.local, each.there[remote.pk])
            and self._kind.may_be_paired(remote.payload)
        ]
        if likely:
            self.likely[each.link.pk] = tuple(
                {
                    "remote_id": remote.remote_id,
                    "name": remote.name,
                    "email": remote.email,
                    "phone": remote.phone,
                    "active": remote.active,
                    "against": _against(each.local, each.there[remote.pk]),
                }
                for remote in likely
            )


def _against(local: Identity, there: Identity) -> list[str]:
    """What keeps two of one name from being paired without a person."""
    evidence = weigh(local, there)
    return list(evidence.against) if evidence.contradicts and matching.same_name(local, there) else []


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

    Local records are decided first, so what still waits is not matched yet; in a preview that is as it was
    foreseen, not as it stands. Link id -> the local name.
    """
    if kind.money:
        return {}  # no name tells one from another
    new = {link.pk: link.remote for link in links if link.remote is not None and link.local_id is None}
    names = {remote.loose_key for remote in new.values()}
    codes = {remote.code_key for remote in new.values() if remote.code_key}
    half = _half(session, kind).select_related("issue")
    alike = [*half.filter(loose_key__in=names), *(half.filter(code_key__in=codes) if codes else ())]
    found = {
        key: _name_of(kind, session, link)
        for link in alike
        if session.coming.parks.get(link.pk, _parks(link))
        for key in name_keys(link)
    }
    return {pk: found[key] for pk, remote in new.items() for key in name_keys(remote) if key in found}


def _half(session: Session, kind: Kind) -> QuerySet[Link]:
    """The Links of local records that may yet be paired with something there."""
    half = Link.objects.filter(
        connection=session.connection, kind=kind.name, remote=None, known_new=False, state=Link.State.ACTIVE
    )
    return half.exclude(local_id__in=taking_over(session, kind.name))


def _parks(link: Link) -> bool:
    issue = getattr(link, "issue", None)
    return link.waiting or (issue is not None and issue.reason == Reason.LIKELY_PAIR)
