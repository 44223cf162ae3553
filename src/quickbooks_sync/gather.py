"""Gather what is needed to decide: a page of Links becomes Pairs.

Reads the database and nothing else; a page costs a fixed number of queries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from qbo.payload import dumps
from service_genius.shared.models import Versioned

from .kinds import KIND, Kind
from .kinds.base import Facts, LocalKey, Payload, References, RemoteKey
from .models import Connection, Link, Remote
from .planner import matching
from .planner.actions import Reason
from .planner.decide import Here, Pair, Problem, There
from .planner.records import Encoded, encode
from .session import Session

Local = Versioned
NAME_FAMILY = ("Customer", "Vendor", "Employee")
NAME_LENGTH = {"customer": 500, "work_code": 100}


@dataclass(kw_only=True)
class Gathered:
    """One Link with everything around it."""

    link: Link
    kind: Kind
    local: Any
    payload: Payload
    references: References
    pair: Pair
    label: str
    match: Remote | None = None

    @property
    def here(self) -> Encoded:
        assert self.pair.here is not None  # noqa: S101 - the caller decided on it
        return self.pair.here.record

    @property
    def there(self) -> Encoded:
        assert self.pair.there is not None  # noqa: S101
        return self.pair.there.record


def gather(session: Session, kind: Kind, links: Sequence[Link]) -> list[Gathered]:
    """The Pairs of one page of Links, all of one Kind."""
    locals_ = _locals(session, kind, links)
    matches = Matches(session, kind, links, locals_)
    payloads = {
        link.pk: remote.payload if remote is not None and not remote.deleted else {}
        for link in links
        for remote in [link.remote or matches.certain.get(link.pk)]
    }
    wanted_here: set[LocalKey] = set()
    wanted_there: set[RemoteKey] = set()
    encoded = {pk: encode(kind.from_here(local)) for pk, local in locals_.items()}
    for link in links:
        if link.local_id in encoded:
            wanted_here |= kind.refers_to(encoded[link.local_id])
        wanted_there |= kind.refers_to_there(payloads[link.pk])
    references, names = find_references(session.connection, wanted_here, wanted_there)
    names_taken = _names_taken(session, kind, links, encoded, names)
    gathered = []
    for link in links:
        here = None
        if link.local_id in encoded:
            record = encoded[link.local_id]
            here = _here(session, kind, link, record, references, names_taken.get(link.pk))
            here = replace(here, totals=kind.totals_here(locals_[link.local_id]))
        there = _there(session, kind, link, payloads[link.pk], references)
        match = matches.certain.get(link.pk)
        pair = Pair(
            money=kind.money,
            linked=link.whole or match is not None,
            here=here,
            there=there if link.remote_id or match is not None else None,
            here_baseline=link.here_baseline,
            there_baseline=link.there_baseline,
            created_by_us=link.created_by_us,
            likely=matches.likely.get(link.pk, ()),
            left_there=link.left_there,
        )
        local = locals_.get(link.local_id or 0)
        label = kind.label(local) if local is not None else kind.label_there(payloads[link.pk])
        gathered.append(
            Gathered(
                link=link,
                kind=kind,
                local=local,
                payload=payloads[link.pk],
                references=references,
                pair=pair,
                label=label,
                match=match,
            )
        )
    return gathered


def _locals(session: Session, kind: Kind, links: Sequence[Link]) -> dict[int, Any]:
    ids = [link.local_id for link in links if link.local_id is not None]
    rows = kind.all_here(session.connection.company).filter(pk__in=ids)
    return {row.pk: row for row in rows}


def _here(
    session: Session, kind: Kind, link: Link, record: Encoded, references: References, taken: Problem | None
) -> Here:
    missing = [key for key in kind.refers_to(record) if key not in references.there]
    problems = list(kind.problems(record, session.facts))
    if taken is not None:
        problems.insert(0, taken)
    issue = getattr(link, "issue", None)
    if not problems and issue is not None and link.refused and link.refused == fingerprint(record, link):
        # Refused, and nothing of it has changed since: QuickBooks would refuse it again.
        problems.append(Problem(reason=Reason(issue.reason), details=issue.details))
    return Here(record=record, waits_on=_waiting_words(session, missing), problems=tuple(problems))


def _there(
    session: Session, kind: Kind, link: Link, payload: Payload, references: References
) -> There | None:
    if not payload:
        return None
    missing = [key for key in kind.refers_to_there(payload) if key not in references.here]
    record = encode(kind.from_there(payload, references, session.facts))
    waits_on = ", ".join(sorted(f"{KIND[name].title_there} {remote_id}" for name, remote_id in missing))
    return There(
        record=record,
        totals=kind.totals_there(payload),
        waits_on="" if link.there_baseline is not None else waits_on,
        takeable=kind.takeable(payload),
        removable=kind.removable(payload),
        settled_elsewhere=kind.settled_elsewhere(payload),
    )


def _waiting_words(session: Session, missing: Iterable[LocalKey]) -> str:
    labels = []
    for name, local_id in sorted(missing):
        row = KIND[name].all_here(session.connection.company).filter(pk=local_id).first()
        labels.append(KIND[name].label(row) if row is not None else f"{name} {local_id}")
    return ", ".join(labels)


def fingerprint(record: Encoded, link: Link) -> str:
    """What a refusal was about: the Record and the object it was laid over."""
    token = link.remote.token if link.remote is not None else -1
    return sha256(dumps([record, token]).encode()).hexdigest()


def find_references(
    connection: Connection, here: Iterable[LocalKey], there: Iterable[RemoteKey]
) -> tuple[References, dict[LocalKey, str]]:
    """The other side's ids of what a page refers to, and the names the local ones have there."""
    found_there: dict[LocalKey, str] = {}
    found_here: dict[RemoteKey, int] = {}
    names: dict[LocalKey, str] = {}
    whole = Link.objects.filter(connection=connection, local_id__isnull=False, remote__isnull=False)
    columns = ("local_id", "remote__remote_id", "remote__name")
    for name, local_ids in _by_kind(here).items():
        # Nothing is built upon an invoice whose total is not the same on both sides.
        sound = whole.exclude(issue__reason=Reason.STORED_DIFFERENTLY)
        rows = sound.filter(kind=name, local_id__in=local_ids, remote__deleted=False)
        for local_id, remote_id, full_name in rows.values_list(*columns):
            found_there[name, int(local_id or 0)] = remote_id
            names[name, int(local_id or 0)] = full_name
    for name, remote_ids in _by_kind(there).items():
        rows = whole.filter(kind=name, remote__entity=KIND[name].entity, remote__remote_id__in=remote_ids)
        for local_id, remote_id, _ in rows.values_list(*columns):
            found_here[name, remote_id] = int(local_id or 0)
    return References(there=found_there, here=found_here), names


def _by_kind(keys: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for name, key in keys:
        grouped.setdefault(name, []).append(key)
    return grouped


def records_there(session: Session, kind: Kind, payloads: Sequence[Payload]) -> list[Encoded]:
    """The Records of remote objects."""
    wanted = {key for payload in payloads for key in kind.refers_to_there(payload)}
    references, _ = find_references(session.connection, (), wanted)
    return [encode(kind.from_there(payload, references, session.facts)) for payload in payloads]


def differs(session: Session, kind: Kind, known: Remote, payload: Payload) -> bool:
    """Whether two rows of one SyncToken differ in what we sync (balances and times may)."""
    stored = known.payload
    if not stored or known.deleted:
        return False
    before = kind.from_there(stored, References(), session.facts)
    return before != kind.from_there(payload, References(), session.facts)


def _names_taken(
    session: Session,
    kind: Kind,
    links: Sequence[Link],
    encoded: dict[int, Encoded],
    names: dict[LocalKey, str],
) -> dict[int, Problem]:
    """Which names to be sent are held by another there: found before sending, with a free name to use."""
    if kind.money:
        return {}
    paths: dict[int, str] = {}
    for link in links:
        record = encoded.get(link.local_id or 0)
        if record is None or link.refused:
            continue
        name = kind.identity(record).name
        baseline = link.here_baseline or {}
        if link.remote_id is not None and kind.identity({**record, **baseline}).name == name:
            continue
        parent = names.get((kind.name, record.get("parent") or 0))
        paths[link.pk] = f"{parent}:{name}" if parent else name
    entities = NAME_FAMILY if kind.entity in NAME_FAMILY else (kind.entity,)
    folded = {matching.folded(path) for path in paths.values()}
    holders = Remote.objects.filter(
        connection=session.connection, entity__in=entities, deleted=False, folded_name__in=folded
    )
    by_name = {remote.folded_name: remote for remote in holders}
    problems = {}
    for link in links:
        holder = by_name.get(matching.folded(paths.get(link.pk, "")))
        if holder is None or holder.pk == link.remote_id:
            continue
        problems[link.pk] = name_taken(session, kind, encoded[link.local_id or 0], holder)
    return problems


def name_taken(session: Session, kind: Kind, record: Encoded, holder: Remote | None) -> Problem:
    """A name that another holds there, with a free one proposed."""
    name = kind.identity(record).name
    word = "customer" if kind.name == "customer" else "service"
    like = matching.folded(name)[:100]
    taken = Remote.objects.filter(connection=session.connection, folded_name__startswith=like)
    proposal = matching.unique_name(
        name,
        word=word,
        taken=frozenset(taken.values_list("folded_name", flat=True)),
        length=NAME_LENGTH[kind.name],
    )
    details: Encoded = {"name": name, "proposal": proposal}
    if holder is not None:
        details |= {"holder": holder.entity, "holder_id": holder.remote_id, "holder_active": holder.active}
    return Problem(reason=Reason.NAME_TAKEN, details=details)


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
        half = [link for link in half if not link.known_new]
        if half:
            self._match(half, locals_)

    def _match(self, half: Sequence[Link], locals_: dict[int, Any]) -> None:
        keys = {link.loose_key for link in half if link.loose_key}
        free = (
            Remote.objects.filter(
                connection=self._session.connection,
                entity=self._kind.entity,
                deleted=False,
                loose_key__in=keys,
            )
            .exclude(link__local_id__isnull=False)
            .exclude(link__state__in=[Link.State.HOLD, Link.State.IGNORED])
        )
        candidates: dict[str, list[Remote]] = {}
        for remote in free.order_by("pk"):
            candidates.setdefault(remote.loose_key, []).append(remote)
        rivals = self._rivals(keys)
        parents = self._parents(half, locals_)
        for link in half:
            found = candidates.get(link.loose_key, [])
            if not found or link.local_id not in locals_:
                continue
            local = self._kind.identity(encode(self._kind.from_here(locals_[link.local_id])))
            self._judge(link, local, found, rivals.get(link.match_key, 0) > 1, parents.get(link.pk, ""))

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
        references, _ = find_references(self._session.connection, wanted.values(), ())
        return {pk: references.there.get(key, "?") for pk, key in wanted.items()}

    def _judge(
        self, link: Link, local: matching.Identity, found: Sequence[Remote], rivals: bool, parent: str
    ) -> None:
        if parent == "?":
            return  # its parent goes first; then it is looked at again
        kind, facts = self._kind, self._session.facts
        same_level = [
            remote for remote in found if remote.parent_id_there == parent or kind.name == "work_code"
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


def parked_there(session: Session, kind: Kind, links: Sequence[Link]) -> dict[int, str]:
    """Half-Links of QuickBooks' side that a parked local record may be the same as: link id -> its name."""
    keys = {
        link.remote.loose_key: link.pk for link in links if link.remote is not None and link.local_id is None
    }
    waiting = Link.objects.filter(
        connection=session.connection,
        kind=kind.name,
        remote=None,
        known_new=False,
        state=Link.State.ACTIVE,
        issue__reason=Reason.LIKELY_PAIR,
        loose_key__in=keys,
    ).values_list("loose_key", "issue__label")
    found = dict(waiting)
    return {
        link.pk: found[link.remote.loose_key]
        for link in links
        if link.remote is not None and link.local_id is None and link.remote.loose_key in found
    }


def relinked(gathered: Gathered, here_baseline: Encoded, there_baseline: Encoded, here: Encoded) -> Pair:
    """The Pair after its first link: now an ordinary one."""
    pair = gathered.pair
    assert pair.here is not None  # noqa: S101
    return replace(
        pair,
        linked=True,
        here=replace(pair.here, record=here),
        here_baseline=here_baseline,
        there_baseline=there_baseline,
    )


def records_of_link(link: Link) -> tuple[Kind, Encoded, Encoded]:
    """The Kind of a whole Link, and both its Records as they are now (without references to resolve)."""
    kind = KIND[link.kind]
    connection = link.connection
    local = kind.all_here(connection.company).get(pk=link.local_id)
    payload = link.remote.payload if link.remote is not None else {}
    references, _ = find_references(connection, (), kind.refers_to_there(payload))
    there = encode(kind.from_there(payload, references, Facts()))
    return kind, encode(kind.from_here(local)), there
