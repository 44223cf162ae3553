"""All that has no counterpart yet, on both sides of a list: compared at once, by all that is known of it.

One pair of a list cannot be judged alone: somebody else may be nearer to either of the two. What is compared
here is read from the database, and nothing is written; a run keeps it as long as nothing of it has changed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import Kind
from quickbooks_sync.kinds.base import Facts, References, RemoteKey
from quickbooks_sync.memory import doubts, rows_here
from quickbooks_sync.models import Link, Remote
from quickbooks_sync.planner.matching.deciding import Decided, Verdict, questions
from quickbooks_sync.planner.matching.lists import Matching
from quickbooks_sync.planner.matching.rarity import Rarity
from quickbooks_sync.planner.records import CustomerRecord, Encoded, WorkCodeRecord

from .common import rarity_of
from .handing_on import taking_over
from .references import find_references

#: Stands for a parent that has nobody here.
NOBODY = -1

Found = Decided[int, int]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What a list of this side is in that of the other, as far as neither has a counterpart."""

    revisions: Mapping[int, int] = field(default_factory=dict)
    """The local records that were compared, as they were."""
    certain: Mapping[int, Remote] = field(default_factory=dict)
    """By local id: the one there that is the same."""
    likely: Mapping[int, tuple[Encoded, ...]] = field(default_factory=dict)
    """By local id: what a person is shown beside it, the likeliest first."""
    likeness: Mapping[int, float] = field(default_factory=dict)
    """By local id: how likely it is the first of these, in bits, beside other questions."""
    claimed: Mapping[int, str] = field(default_factory=dict)
    """By Remote: what the one here is called that is it, or may be it."""


def compare(session: Session, kind: Kind) -> Compared:
    """Compare whatever has no counterpart, level by level: who stands below whom is known from above."""
    lists = _Lists(session, kind)
    if not lists.here or not lists.there:
        return Compared(revisions=lists.revisions)
    decided = lists.decide()
    takeable = {
        each.here: lists.remotes[each.there]
        for each in decided
        if each.verdict is Verdict.LINK and kind.takeable(lists.remotes[each.there].payload)
    }
    asked = questions(decided)
    claimed = {remote.pk: local_id for local_id, remote in takeable.items()}
    claimed |= {each.there: each.here for each in decided if each.verdict is Verdict.ASK}
    return Compared(
        revisions=lists.revisions,
        certain=takeable,
        likely={
            local_id: tuple(_shown(lists.remotes[each.there], each) for each in found)
            for local_id, found in asked.items()
        },
        likeness={local_id: round(found[0].evidence.likeness, 1) for local_id, found in asked.items()},
        claimed={pk: kind.label(lists.locals_[local_id]) for pk, local_id in claimed.items()},
    )


def _shown(remote: Remote, found: Found) -> Encoded:
    """One there, as the details of an Issue name it."""
    return {
        "remote_id": remote.remote_id,
        "name": remote.name,
        "email": remote.email,
        "phone": remote.phone,
        "active": remote.active,
        "told": found.evidence.told,
    }


def features_here(kind: Kind, matching: Matching[Any], row: Any) -> Any:
    """What is compared of a record here."""
    record = kind.from_here(row)
    if isinstance(record, CustomerRecord | WorkCodeRecord):
        record = replace(record, active=True)  # whoever was put away here is still the one there
    return matching.features(record, kind.group_here(row))


def features_there(
    kind: Kind, matching: Matching[Any], remote: Remote, owners: Mapping[RemoteKey, int], facts: Facts
) -> Any:
    """What is compared of one there; `owners`: who those are here that stand above others there."""
    payload = remote.payload
    record = kind.from_there(payload, References(here=owners), facts)
    if isinstance(record, CustomerRecord) and remote.parent_id_there:
        record = replace(record, parent=owners.get((kind.name, remote.parent_id_there), NOBODY))
    return matching.features(record, kind.group_there(payload))


class _Lists:
    """Both lists, without what is not to be paired."""

    def __init__(self, session: Session, kind: Kind) -> None:
        assert kind.matching is not None  # noqa: S101 - the caller asked for a list
        self._session, self._kind = session, kind
        self._matching: Matching[Any] = kind.matching
        links = Link.objects.filter(connection=session.connection, kind=kind.name, state=Link.State.ACTIVE)
        half = links.filter(remote=None, open=True, known_new=False, in_doubt__isnull=True)
        half = half.exclude(local_id__in=taking_over(session, kind.name))
        self._rejected = {
            link.local_id: set(link.answers.get("rejected", ())) for link in half.only("local_id", "answers")
        }
        self.locals_ = _rows_here(session, kind, self._rejected)
        self.revisions = {pk: row.revision for pk, row in self.locals_.items()}
        self.here = {pk: self._features_here(row) for pk, row in self.locals_.items()}
        self.remotes = {remote.pk: remote for remote in self._free()} if self.here else {}
        self._owners = self._owners_above()
        self.there = {pk: self._features_there(remote) for pk, remote in self.remotes.items()}

    def _features_here(self, row: Any) -> Any:
        return features_here(self._kind, self._matching, row)

    def _free(self) -> Iterator[Remote]:
        """Whoever has nobody here: those to be taken have half a Link, those that are inactive none."""
        session, kind = self._session, self._kind
        known = Remote.objects.filter(connection=session.connection, entity=kind.entity, deleted=False)
        half = Link.objects.filter(
            connection=session.connection, kind=kind.name, local_id=None, state=Link.State.ACTIVE
        )
        doubtful = doubts.candidates(session.connection, kind.name)
        inactive = known.filter(active=False, link=None)
        for remote in chain(
            known.filter(pk__in=half.values("remote")).order_by("pk"), inactive.order_by("pk")
        ):
            payload = remote.payload
            if remote.remote_id in doubtful or not kind.may_be_paired(payload):
                continue
            if not kind.foreign_currency(None, payload, session.facts):
                yield remote

    def _owners_above(self) -> dict[RemoteKey, int]:
        """Who those are here that stand above others there."""
        above = {remote.parent_id_there for remote in self.remotes.values()} - {""}
        references, _ = find_references(
            self._session.connection,
            (),
            {(self._kind.name, remote_id) for remote_id in above} if self._kind.levels else (),
            handed=self._session.coming.handed,
        )
        return dict(references.here)

    def _features_there(self, remote: Remote) -> Any:
        return features_there(self._kind, self._matching, remote, self._owners, self._session.facts)

    def decide(self) -> list[Found]:
        """Links from the top of the tree down, then the questions that are left."""
        rarity: Rarity | None = None
        linked: list[Found] = []
        found: set[tuple[int, int]] = set()
        decided: list[Found] = []
        left = set(self.here)
        asked: set[int] = set()
        while turn := self._next(left, asked):
            left -= turn
            found |= self._worth_comparing(turn)
            if found:
                rarity = rarity or self._rarity()
                decided = self._matching.decided(self.here, self.there, sorted(found), rarity)
            new = [each for each in decided if each.verdict is Verdict.LINK]
            linked += new
            self._put_below(new)
            mine, theirs = {each.here for each in new}, {each.there for each in new}
            found = {(one, other) for one, other in found if one not in mine and other not in theirs}
            asked |= {each.here for each in decided if each.verdict is Verdict.ASK}
        return linked + [each for each in decided if each.verdict is Verdict.ASK]

    def _next(self, left: Collection[int], asked: Collection[int]) -> set[int]:
        """Those whose parent is decided; below one that is asked about all wait for the answer."""
        if not self._kind.levels:
            return set(left)
        parents = {pk: self.locals_[pk].parent_id for pk in left}
        return {pk for pk, parent in parents.items() if parent not in left and parent not in asked}

    def _worth_comparing(self, turn: Collection[int]) -> set[tuple[int, int]]:
        found = self._matching.found({pk: self.here[pk] for pk in turn}, self.there)
        return {
            (one, other)
            for one, other in found
            if self.remotes[other].remote_id not in self._rejected.get(one, ())
        }

    def _put_below(self, linked: Iterable[Found]) -> None:
        """What stands below one there that is linked now stands below one of ours."""
        if not self._kind.levels:
            return
        new = {(self._kind.name, self.remotes[each.there].remote_id): each.here for each in linked}
        self._owners |= new
        for pk, remote in self.remotes.items():
            if (self._kind.name, remote.parent_id_there) in new:
                self.there[pk] = self._features_there(remote)

    def _rarity(self) -> Rarity:
        """How common everything is in the whole of both lists, linked or not."""
        return rarity_of(self._session, self._kind, self._facts_here, self._facts_there)

    def _facts_here(self) -> Iterator[set[str]]:
        yield from map(self._matching.facts, self.here.values())
        rows = self._kind.all_here(self._session.connection.company).select_related(None)
        for row in rows.prefetch_related(None).iterator():
            if row.pk in self.here:
                continue
            yield self._matching.facts(self._features_here(row))

    def _facts_there(self) -> Iterator[set[str]]:
        yield from map(self._matching.facts, self.there.values())
        known = Remote.objects.filter(
            connection=self._session.connection, entity=self._kind.entity, deleted=False
        )
        for remote in known.filter(link__local_id__isnull=False).iterator():
            yield self._matching.facts(self._features_there(remote))


def _rows_here(session: Session, kind: Kind, ids: Collection[int | None]) -> dict[int, Any]:
    return rows_here.by_ids(session.connection, kind, ids) if ids else {}
