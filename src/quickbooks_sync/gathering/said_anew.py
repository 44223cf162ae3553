"""What a merge in QuickBooks moved, and nobody has to be asked about: the Baseline of there follows.

A line that named the loser names the survivor. That is no edit of the invoice if the loser is merged here,
too, is not used any more, or was kept apart by a person's answer.
"""

from collections.abc import Mapping, Sequence

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import LocalKey, Payload, References, RemoteKey
from quickbooks_sync.models import Link
from quickbooks_sync.planner.moved import places_of
from quickbooks_sync.planner.records import Encoded

from .merges import gone_there, last, naming_rows, survivor_of

#: The answer at the Link of an invoice: which local ids stand under which remote ids there, by Kind.
MOVED = "moved"
ROWS_AT_ONCE = 500


def moved(
    session: Session,
    kind: Kind,
    links: Sequence[Link],
    payloads: Mapping[int, Payload],
    references: References,
) -> dict[int, dict[LocalKey, str]]:
    """Of Links of a page: what their Baselines name, and is named otherwise there by a merge, and as what."""
    quiet = {name: naming for name, naming in kind.naming.items() if naming.as_there is not None}
    found: dict[int, set[LocalKey]] = {}
    for link in links if quiet else ():
        for name, naming in quiet.items():
            before, now = naming.here(link.there_baseline or {}), naming.there(payloads[link.pk])
            if len(before) == len(now):
                differ = {
                    (name, named)
                    for named, remote_id in zip(before, now, strict=True)
                    if named and references.here.get((name, remote_id)) != named
                }
                found.setdefault(link.pk, set()).update(differ)
    became = _became(session, set().union(*found.values())) if found else {}
    result: dict[int, dict[LocalKey, str]] = {}
    for link in links:
        of_answer = {(name, pk): remote_id for name, pk, remote_id in link.answers.get(MOVED, ())}
        known = {**became, **of_answer}
        keys = {key: known[key] for key in found.get(link.pk, ()) if key in known}
        if keys:
            result[link.pk] = keys
    return result


def _became(session: Session, keys: set[LocalKey]) -> dict[LocalKey, str]:
    """Under which remote id there stands now what these were, as far as no question is open about it."""
    found: dict[LocalKey, str] = {}
    for name in sorted({name for name, _ in keys}):
        kind, ids = KIND[name], {pk for kind_name, pk in keys if kind_name == name}
        rows = kind.all_here(session.connection.company).filter(pk__in=ids).in_bulk()
        links = Link.objects.filter(connection=session.connection, kind=name, remote__deleted=False)
        for pk, row in rows.items():
            if row.merged_into_id is not None:
                stays = links.filter(local_id=last(session, kind, pk).pk).select_related("remote").first()
                if stays is not None and stays.remote is not None:
                    found[name, pk] = stays.remote.remote_id
        for link in gone_there(session, kind, ids, Link.State.ACTIVE, Link.State.HOLD):
            pk = link.local_id or 0
            asked = pk in rows and rows[pk].active and link.state == Link.State.ACTIVE
            survivor = None if asked or (name, pk) in found else survivor_of(session, kind, link)
            if survivor is not None:
                found[name, pk] = survivor.remote_id
    return found


def baseline(
    kind: Kind, link: Link, there: Encoded, payload: Payload, keys: Mapping[LocalKey, str]
) -> Encoded:
    """The Baseline of there in which what was moved by a merge is named as there."""
    agreed = link.there_baseline or {}
    for (name, local_id), remote_id in keys.items():
        naming = kind.naming[name]
        places = places_of(naming.here(agreed), naming.there(payload), local_id)
        now = [place for place, named in places.items() if named == remote_id]
        if naming.as_there is not None and now:
            agreed = naming.as_there(agreed, there, now)
    return agreed


def kept_apart(loser: Link, survivor: RemoteKey) -> None:
    """A person said that the loser stays a record of its own: what moved there stays so, on both sides."""
    name, remote_id = survivor
    local_id = loser.local_id or 0
    moved_there = []
    for link, payload, naming in naming_rows(loser.connection, KIND[name], local_id):
        places = places_of(naming.here(link.there_baseline or {}), naming.there(payload), local_id)
        if naming.as_there is not None and remote_id in places.values():
            told = [*link.answers.get(MOVED, ()), [name, local_id, remote_id]]
            link.answers = {**link.answers, MOVED: told}
            moved_there.append(link)
    Link.objects.bulk_update(moved_there, ["answers"], batch_size=ROWS_AT_ONCE)
