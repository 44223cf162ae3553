"""Which names are taken there, and how one that is about to be given up comes free in time.

A name that another record of ours holds and gives up is waited for; so are the number of an invoice, and the
place below a customer who still stands below this one. Where records wait for each other in a ring, one of
them is first given a name, or a number, for the moment. Reads the database and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import Kind
from quickbooks_sync.kinds.base import LocalKey
from quickbooks_sync.memory import rows_here
from quickbooks_sync.models import Connection, Link, Remote
from quickbooks_sync.planner import keys
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.records import Encoded, encode
from quickbooks_sync.sql.prepared import Select

from .references import find_references
from .rings import Turns

NAME_FAMILY = ("Customer", "Vendor", "Employee")
#: How deep customers stand below each other there (facts E3).
LEVELS_MAX = 5
HOLDERS = Select(
    lambda connection, entities, names: Remote.objects.filter(
        connection=connection, entity__in=entities, deleted=False, folded_name__in=names
    )
)
OTHERS = Select(
    lambda connection, kind, remotes: Link.objects.filter(
        connection=connection,
        kind=kind,
        remote__in=remotes,
        local_id__isnull=False,
        here_baseline__isnull=False,
        state=Link.State.ACTIVE,
    ).select_related("remote")
)


@dataclass(frozen=True, kw_only=True)
class _Claim:
    """A name that a Link would take, or give up without taking another."""

    link: Link
    record: Encoded
    path: str = ""


def find_names(
    session: Session,
    kind: Kind,
    links: Sequence[Link],
    encoded: Mapping[int, Encoded],
    parents: Mapping[LocalKey, str],
) -> Turns:
    """Look at every name to be sent before anything is sent.

    `links` are those that are not about to be paired: pairing sends no name. `parents`: the full names there.
    """
    names = Turns()
    claims = {claim.link.pk: claim for claim in _claims(kind, links, encoded, parents)}
    frontier = list(claims.values())
    while frontier:  # each Link is looked at once
        holders = _holders(session, kind, frontier)
        others = _others(session, kind, holders.values())
        giving_up = {claim.link.remote_id: claim for claim in _claims_of(session, kind, others)}
        for claim in frontier:
            holder = holders.get(keys.folded(claim.path)) if claim.path else None
            if holder is None or holder.pk == claim.link.remote_id:
                continue
            other = giving_up.get(holder.pk)
            if other is not None:
                names.turn_after[claim.link.pk] = (other.link.pk, _given_up(kind, other))
            elif claim.link.local_id in encoded and not kind.money:  # of a number look-alikes tell
                names.taken[claim.link.pk] = name_taken(session.connection, kind, claim.record, holder)
        frontier = [claim for claim in giving_up.values() if claim.link.pk not in claims]
        claims |= {claim.link.pk: claim for claim in frontier}
    for claim in claims.values():
        mover = _mover(session, kind, claim)
        if mover is not None and claim.link.pk not in names.turn_after:
            names.turn_after[claim.link.pk] = (
                mover.link.pk,
                f"{mover.name}, which first moves out from below it",
            )
            names.for_a_place.add(claim.link.pk)
    for start in names.step_aside():
        claim = claims[start]
        names.aside[start] = {kind.name_field: _for_the_moment(session, kind, claim)}
    return names


def _given_up(kind: Kind, other: _Claim) -> str:
    held = other.link.remote.name.rpartition(":")[2] if other.link.remote is not None else ""
    if kind.money:
        return f"the number {held}, which another invoice gives up"
    return f"the name that {kind.called(other.record)} gives up"


def _mover(session: Session, kind: Kind, claim: _Claim) -> Remote | None:
    """Whom it is to stand below may still stand below it there; then the one on that path that moves away."""
    place, remote = claim.record.get("parent"), claim.link.remote
    if not kind.levels or place is None or remote is None or not claim.path:
        return None
    remotes = Remote.objects.filter(connection=session.connection, entity=kind.entity).select_related("link")
    at = remotes.filter(link__local_id=place, link__kind=kind.name).first()
    path: list[Remote] = []
    while at is not None and at.parent_id_there and len(path) < LEVELS_MAX:
        path.append(at)
        if at.parent_id_there == remote.remote_id:
            return next((each for each in path if _moves(kind, each, session)), None)
        at = remotes.filter(remote_id=at.parent_id_there).first()
    return None


def _moves(kind: Kind, remote: Remote, session: Session) -> bool:
    """Whether this one is about to get another parent there."""
    link = getattr(remote, "link", None)
    if link is None or link.local_id is None or link.state != Link.State.ACTIVE or not link.here_baseline:
        return False
    row = kind.all_here(session.connection.company).filter(pk=link.local_id).first()
    return row is not None and row.parent_id != link.here_baseline.get("parent")


def _claims(
    kind: Kind, links: Iterable[Link], encoded: Mapping[int, Encoded], parents: Mapping[LocalKey, str]
) -> Iterable[_Claim]:
    """The names these would take; one that keeps its name claims nothing."""
    for link in links:
        record = encoded.get(link.local_id or 0)
        if record is None:
            continue
        baseline = link.here_baseline or {}
        if record.get("voided"):
            continue  # it keeps its number
        if not record.get("active", True):
            if link.remote_id is not None and link.created_by_us and baseline.get("active"):
                yield _Claim(link=link, record=record)  # it goes, and its name with it
            continue
        before = {**record, **baseline}
        place, name = record.get("parent"), kind.called(record)
        if link.remote_id is not None and (before.get("parent"), kind.called(before)) == (place, name):
            continue
        if place is not None and (kind.name, place) not in parents:
            continue  # it waits for its parent
        parent = parents.get((kind.name, place or 0))
        path = f"{parent}:{name}" if parent else name
        if link.remote is None or link.remote.folded_name != keys.folded(path):
            yield _Claim(link=link, record=record, path=path)


def _claims_of(session: Session, kind: Kind, links: Sequence[Link]) -> Iterable[_Claim]:
    rows = rows_here.by_ids(session.connection, kind, [link.local_id for link in links])
    encoded = {pk: encode(kind.from_here(row)) for pk, row in rows.items()}
    wanted = {key for record in encoded.values() for key in kind.refers_to(record)}
    _, parents = find_references(session.connection, wanted, (), handed=session.coming.handed)
    return _claims(kind, links, encoded, parents)


def family(kind: Kind) -> tuple[str, ...]:
    """The entities that share one list of names there (facts E3)."""
    return NAME_FAMILY if kind.entity in NAME_FAMILY else (kind.entity,)


def _holders(session: Session, kind: Kind, claims: Iterable[_Claim]) -> dict[str, Remote]:
    folded = {keys.folded(claim.path) for claim in claims if claim.path}
    holders = HOLDERS(connection=session.connection.pk, entities=family(kind), names=folded)
    return {remote.folded_name: remote for remote in holders}


def _others(session: Session, kind: Kind, holders: Iterable[Remote]) -> list[Link]:
    ids = [holder.pk for holder in holders]
    return OTHERS(connection=session.connection.pk, kind=kind.name, remotes=ids)


def _for_the_moment(session: Session, kind: Kind, claim: _Claim) -> str:
    """A free name, near enough to the new one to be known by it."""
    front = claim.path.rpartition(":")[0]
    if claim.link.remote is not None:
        front = claim.link.remote.name.rpartition(":")[0]  # it stays below its parent meanwhile
    start = f"{front}:" if front else ""
    name = kind.called(claim.record)
    held = Remote.objects.filter(
        connection=session.connection, folded_name__startswith=keys.folded(f"{start}{name}")[:100]
    ).values_list("folded_name", flat=True)
    taken = frozenset(folded[len(start) :] for folded in held)
    return keys.unique_name(name, word=kind.for_the_moment, taken=taken, length=kind.name_length)


def name_taken(connection: Connection, kind: Kind, record: Encoded, holder: Remote | None) -> Problem:
    """A name that another holds there, with a free one proposed."""
    name = kind.called(record)
    like = keys.folded(name)[:100]
    taken = Remote.objects.filter(connection=connection, folded_name__startswith=like)
    proposal = keys.unique_name(
        name,
        word=kind.noun,
        taken=frozenset(taken.values_list("folded_name", flat=True)),
        length=kind.name_length,
    )
    # Who it is may not be known yet; of which list it is always is.
    details: Encoded = {"name": name, "proposal": proposal, "sort": f"of {kind.name}"}
    if holder is not None:
        details |= {"holder": holder.entity, "holder_id": holder.remote_id, "holder_active": holder.active}
        details["sort"] = "Category" if holder.payload.get("Type") == "Category" else holder.entity
        details |= _linked_with(connection, kind, holder)
    return Problem(reason=Reason.NAME_TAKEN, details=details)


def _linked_with(connection: Connection, kind: Kind, holder: Remote) -> Encoded:
    """What the one is called here that is linked with it, if there is one."""
    links = Link.objects.filter(connection=connection, kind=kind.name, remote=holder)
    local_id = links.filter(local_id__isnull=False).values_list("local_id", flat=True).first()
    row = kind.all_here(connection.company).filter(pk=local_id).first() if local_id else None
    return {"linked_with": kind.label(row)} if row is not None else {}
