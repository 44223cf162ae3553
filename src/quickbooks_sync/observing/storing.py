"""Store what was seen in QuickBooks: Remotes, half-Links and open marks.

Storing the same thing twice is harmless; that is what makes a run that died anywhere harmless too.
What has to be read and reckoned comes before the write transaction, so that this is short.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from qbo.errors import Missing, TryAgain
from qbo.payload import parse_time
from quickbooks_sync.access import asking
from quickbooks_sync.access.session import PAGE_ROWS_MAX, Session
from quickbooks_sync.gathering import pairs
from quickbooks_sync.kinds import KIND_OF_ENTITY, LISTS, NAME_ENTITIES, Kind
from quickbooks_sync.kinds.base import Payload, decimal
from quickbooks_sync.memory import directory, entries
from quickbooks_sync.memory.marked import Marked, notice, sort_out, tell_of_copies
from quickbooks_sync.models import Link, Remote
from quickbooks_sync.planner.decide import changed
from quickbooks_sync.planner.records import Encoded, as_agreed
from quickbooks_sync.sql import rows
from quickbooks_sync.sql.prepared import Update

LIST_ENTITIES = (*(kind.entity for kind in LISTS), *NAME_ENTITIES)
#: So far a list may lag behind the objects themselves.
LAG = timedelta(seconds=130)
#: More than a run is ever claimed.
FENCES = 1_000_000
SEEN = Update(
    Remote,
    lambda connection, entity, ids: Q(connection=connection, entity=entity, remote_id__in=ids),
    "seen_by",
)
OPENED = Update(Link, lambda links: Q(pk__in=links), open=True)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One page of rows: what is to be written of it."""

    remotes: Sequence[Remote]
    """Of what is new or may have changed."""
    unlinked: frozenset[str]
    """Remote ids of those that may be taken, and have no Link."""
    opened: Mapping[str, int]
    """The Links of those that were changed there, by remote id."""
    others: Sequence[str]
    """Remote ids of the rest, that was seen as well."""
    again: Sequence[str]
    """Remote ids whose content changed under the same SyncToken."""
    older: Sequence[str]
    """Remote ids of those that are older than they were, though no list can lag so far."""
    ours: Marked
    """Strangers that bear a marker of ours."""


def observation(session: Session) -> int:
    """Names this observation: a run that died observes anew, and what it saw then may be gone since."""
    return session.run.pk * FENCES + session.run.fence


def store_rows(session: Session, entity: str, payloads: Sequence[Payload]) -> None:
    """Store rows as they were seen, page by page, and mark the Links they concern."""
    if entries.is_kept(session.connection, entity):
        keep_entries(session, entity, payloads)
    if entity in entries.OTHERS:
        return
    for start in range(0, len(payloads), session.read_rows):
        seen = _look_at(session, entity, payloads[start : start + session.read_rows])
        _store(session, entity, seen)
        for remote_id in seen.again:
            _read_once(session, entity, remote_id)
        session.older[entity].update(seen.older)


def keep_entries(session: Session, entity: str, payloads: Sequence[Payload]) -> None:
    """Keep what is no record's counterpart: whether the books match hangs on it, and nothing else does."""
    for start in range(0, len(payloads), session.read_rows):
        part = payloads[start : start + session.read_rows]
        strangers = directory.unlinked(session.connection, entity, part)
        for rows_of_page in session.parts(strangers):
            with session.page(rows=len(rows_of_page)):
                entries.write(session.connection, entity, rows_of_page, seen_by=observation(session))


def _look_at(session: Session, entity: str, payloads: Sequence[Payload], *, sure: bool = False) -> Seen:
    """What is to be written of these rows. `sure`: the objects themselves, and no list that may lag."""
    before = directory.known(session.connection, entity, [str(payload["Id"]) for payload in payloads])
    kind = KIND_OF_ENTITY.get(entity)
    newer, again, older = [], [], []
    for payload in payloads:
        known = before.get(str(payload["Id"]))
        if kind is not None and known is not None and _is_echo(kind, known, payload):
            continue
        token = int(payload.get("SyncToken") or 0)
        if known is None or sure:
            newer.append(payload)
        elif known.deleted:
            older.append(known.remote_id)  # it was not there any more, for certain
        elif token < known.token:
            # Lists may lag: an older row than the one last seen says nothing, for a while.
            older += [known.remote_id] if _is_settled(session, known) else []
        elif token == known.token and kind and pairs.differs(session, kind, known, payload):
            again.append(known.remote_id)
        else:
            newer.append(payload)
    ours = Marked()
    if kind is not None and kind.money:
        strangers = [payload for payload in payloads if _is_stranger(kind, before, payload)]
        ours = sort_out(session.connection, kind, strangers) if strangers else ours
        newer = [payload for payload in newer if str(payload["Id"]) in before]  # others are not ours
        newer += [payload for payload in strangers if ours.is_ours(payload) and payload not in newer]
    unlinked, opened = _news(session, kind, newer, before) if kind is not None else (frozenset(), {})
    stored = {str(payload["Id"]) for payload in newer}
    return Seen(
        remotes=directory.remotes(session.connection, entity, newer, seen_by=observation(session)),
        unlinked=unlinked | {str(payload["Id"]) for payload in ours.forgotten},
        opened=opened,
        ours=ours,
        others=[remote_id for remote_id in before if remote_id not in stored],
        again=again,
        older=older,
    )


def _is_echo(kind: Kind, known: Remote, payload: Payload) -> bool:
    """Whether it is, to the last sign, what was stored, and was settled or is to be: nothing to look at.

    So comes back what we have just written.
    """
    link: Link | None = getattr(known, "link", None)
    if link is None or known.deleted or int(payload.get("SyncToken") or 0) != known.token:
        return False
    looked_at = link.open or (link.there_token == known.token and link.kept is None)
    return looked_at and not kind.only_there(payload) and directory.holds(known, payload)


def _is_settled(session: Session, known: Remote) -> bool:
    """Its last change that was seen is so long ago that no list can lag behind it."""
    changed_at = known.payload.get("MetaData", {}).get("LastUpdatedTime")
    if not changed_at or session.time_there is None:
        return False
    return parse_time(changed_at) + LAG < session.time_there


def _news(
    session: Session, kind: Kind, payloads: Sequence[Payload], before: dict[str, Remote]
) -> tuple[frozenset[str], dict[str, int]]:
    """Remote ids that need a half-Link, and the Links to open by remote id."""
    unlinked, opened = set(), {}
    for payload, record in zip(payloads, pairs.records_there(session, kind, payloads), strict=True):
        remote_id = str(payload["Id"])
        known = before.get(remote_id)
        link: Link | None = getattr(known, "link", None)
        if link is None:
            if not kind.money and kind.takeable(payload):
                unlinked.add(remote_id)
        elif not link.open and (_is_news(kind, link, payload, record) or _has_other_total(known, payload)):
            opened[remote_id] = link.pk
    return frozenset(unlinked), opened


def _is_news(kind: Kind, link: Link, payload: Payload, record: Encoded) -> bool:
    """Changed since it was settled or left as it is; or never settled, and such that it may be taken now."""
    if link.there_baseline is None:
        return kind.takeable(payload)
    if link.kept is not None or (link.paired and kind.only_there(payload)):
        return True  # what is said of it at the record may be so no more
    left = link.left_there or {}
    record = as_agreed(record, link.there_baseline)
    names = changed(link.there_baseline, record)
    return any(name not in left or left[name] != record[name] for name in names)


def _has_other_total(known: Remote | None, payload: Payload) -> bool:
    """Whether its total has moved, be it by its tax alone, which is in no Record."""
    if known is None or known.total is None:
        return False
    return known.total != decimal(payload.get("TotalAmt"))


def _is_stranger(kind: Kind, before: dict[str, Remote], payload: Payload) -> bool:
    """It bears a marker of ours, and belongs to no Link."""
    known = before.get(str(payload["Id"]))
    return getattr(known, "link", None) is None and bool(kind.marker_there(payload))


def _store(session: Session, entity: str, seen: Seen) -> None:
    """Write it page by page; a Remote and what becomes of its Link go together."""
    for part in session.parts(seen.remotes):
        with session.page(rows=len(part)):
            _store_part(session, entity, part, seen)
    if not seen.others and not seen.ours.copies:
        session.keep_lease()
        return
    with session.page():
        SEEN(
            connection=session.connection.pk,
            entity=entity,
            ids=seen.others,
            seen_by=observation(session),
        )
        kind = KIND_OF_ENTITY.get(entity)
        if kind is not None:
            tell_of_copies(session.connection, kind, seen.ours.copies)


def _store_part(session: Session, entity: str, part: Sequence[Remote], seen: Seen) -> None:
    remotes = directory.write(part)
    kind = KIND_OF_ENTITY.get(entity)
    if kind is not None:
        new = [remote for remote in remotes if remote.remote_id in seen.unlinked]
        links = [Link(connection=session.connection, kind=kind.name, remote=remote) for remote in new]
        rows.insert(links, unless_there=True)
        _store_ours(session, remotes, seen.ours)
    OPENED(links=[seen.opened[each.remote_id] for each in remotes if each.remote_id in seen.opened])


def _store_ours(session: Session, remotes: Sequence[Remote], ours: Marked) -> None:
    if ours.forgotten:
        notice(session.connection)
    for remote in remotes:
        link = ours.back.get(remote.remote_id)
        if link is not None:
            Link.objects.filter(pk=link).update(remote=remote, open=True)


def _read_once(session: Session, entity: str, remote_id: str) -> None:
    """The same SyncToken but other content: ask for the object itself and take that."""
    try:
        payload = asking.one(session, entity, remote_id)
    except (Missing, TryAgain):
        return
    if payload is not None:
        believe(session, entity, [payload])


def believe(session: Session, entity: str, payloads: Sequence[Payload]) -> None:
    """Store these as they are, also where they are older than what was seen."""
    for start in range(0, len(payloads), session.read_rows):
        _store(
            session, entity, _look_at(session, entity, payloads[start : start + session.read_rows], sure=True)
        )


def is_older(session: Session, entity: str, payload: Payload) -> bool:
    """Whether it was seen in a later version, or not there any more."""
    remote_id = str(payload["Id"])
    known = directory.known(session.connection, entity, [remote_id]).get(remote_id)
    return known is not None and (known.deleted or int(payload.get("SyncToken") or 0) < known.token)


def believe_gone(session: Session, entity: str, ids: Sequence[str]) -> None:
    """These are not there any more."""
    for start in range(0, len(ids), PAGE_ROWS_MAX):
        with session.page():
            for remote_id in ids[start : start + PAGE_ROWS_MAX]:
                _gone(session, entity, remote_id)


def believe_deleted(session: Session, entity: str, ids: Iterable[str]) -> None:
    """A deletion is believed only after a read by id says so.

    Also of what was never seen: a new object is now and then told to be deleted while it is not.
    """
    told = list(ids)
    known = directory.known(session.connection, entity, told) if told else {}
    for remote_id in told:
        remote = known.get(remote_id)
        entered = entries.is_kept(session.connection, entity) and entries.known(
            session.connection, entity, remote_id
        )
        if not entered and (remote.deleted if remote is not None else entity not in LIST_ENTITIES):
            continue
        try:
            payload = asking.one(session, entity, remote_id)
        except Missing:
            if entered:
                with session.page():
                    entries.forget(session.connection, entity, remote_id)
            if remote is not None or not entered:
                believe_gone(session, entity, [remote_id])
        else:
            store_rows(session, entity, [payload] if payload else [])


def _gone(session: Session, entity: str, remote_id: str) -> None:
    remote = directory.note_gone(session.connection, entity, remote_id)
    # A question about it is settled by a run, which writes that down.
    Link.objects.filter(remote=remote, local_id=None, issue=None).delete()
    Link.objects.filter(remote=remote).update(open=True)
