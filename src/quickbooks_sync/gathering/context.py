"""What stands around a page of Links: all that is read before any of them can be decided.

Reads the database and nothing else, with a fixed number of queries a page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import LocalKey, Payload, References, RemoteKey
from quickbooks_sync.memory import rows_here
from quickbooks_sync.models import Link, Remote
from quickbooks_sync.planner.records import Encoded, encode
from quickbooks_sync.sql.prepared import Select

from . import causes, credit, foundations, merges, reentered, said_anew
from .credit import Credit
from .matches import Matches
from .names import find_names
from .payable import find_rooms
from .references import find_references
from .rings import Turns

CHILDREN = Select(
    lambda connection, entity, ids: Remote.objects.filter(
        connection=connection, entity=entity, parent_id_there__in=ids, active=True, deleted=False
    ).select_related("link")
)
STANDING = Select(
    lambda connection, kinds, ids: Link.objects.filter(
        connection=connection, kind__in=kinds, local_id__in=ids
    ).values_list("kind", "local_id", "state", "issue")
)


@dataclass(frozen=True, kw_only=True)
class Context:
    """One page of Links, all of one Kind, with everything around them."""

    locals: Mapping[int, Any]
    """The local records, and below the same as Records."""
    records: Mapping[int, Encoded]
    matches: Matches
    payloads: Mapping[int, Payload]
    """By Link: the object there, that of a certain match included; empty if there is none."""
    references: References
    turns: Turns
    further: Mapping[LocalKey, set[LocalKey]]
    """What is beyond that which is referred to: see `causes.beyond`."""
    named: Mapping[int, list[causes.Stamp]]
    """By Link: how those stand that the Issue of a refusal names."""
    unready: Mapping[LocalKey, str]
    """What is there, but not yet as it is here, and what it is called."""
    missing: Mapping[LocalKey, str]
    """What cannot be referred to yet, and what it is called."""
    inactive: Mapping[LocalKey, str]
    """What stays inactive there, and what it is called."""
    put_away: Mapping[LocalKey, str]
    """What was made inactive here before it was ever sent, and what it is called."""
    below: Mapping[str, bool]
    """Customers to be deactivated there who have active ones below them, and whether all of those go, too."""
    merged_there: Mapping[int, Encoded]
    merged_here: Mapping[int, Encoded]
    entered_anew: Mapping[int, tuple[Encoded, ...]]
    """Links that are gone there: what was entered there under the same name since."""
    waiting: Mapping[int, str]
    """Links that wait for an answer about a merge."""
    left_apart: Mapping[int, Encoded]
    """Links: the Baseline of here by which what was left unmerged there is agreed."""
    moved: Mapping[int, Mapping[LocalKey, str]]
    """Links: what a merge there has moved of what they name, without a question; see `said_anew`."""
    credit: Credit
    """Of payments: what they have to do with what QuickBooks applied by itself."""


def read_context(session: Session, kind: Kind, links: Sequence[Link]) -> Context:
    """Read everything around one page of Links."""
    locals_ = _locals(session, kind, links)
    records = {pk: encode(kind.from_here(local)) for pk, local in locals_.items()}
    matches = Matches(session, kind, links, locals_)
    payloads = {
        link.pk: remote.payload if remote is not None and not remote.deleted else {}
        for link in links
        for remote in [link.remote or matches.certain.get(link.pk)]
    }
    wanted_here: set[LocalKey] = set()
    wanted_there: set[RemoteKey] = set()
    for link in links:
        if link.local_id in records:
            wanted_here |= kind.refers_to(records[link.local_id])
        wanted_there |= kind.refers_to_there(payloads[link.pk])
    further = causes.beyond(session.connection.company, wanted_here)
    references, names = find_references(
        session.connection,
        causes.closure(wanted_here, further),
        wanted_there,
        handed=session.coming.handed,
    )
    references = replace(references, asked=references.asked - session.coming.settled)
    unpaired = [link for link in links if link.pk not in matches.certain]
    rows = [(link, records[link.local_id], payloads[link.pk]) for link in links if link.local_id in records]
    missing, put_away = _missing(session, references, wanted_here)
    applied = Credit()
    if kind.pays:
        applied = credit.look(session, links, records, payloads, references)
        # What it pays there may be paid by it here in a moment.
        references = replace(references, there={**references.there, **applied.there})
    return Context(
        locals=locals_,
        records=records,
        matches=matches,
        payloads=payloads,
        references=references,
        turns=find_rooms(session, unpaired, records)
        if kind.pays
        else find_names(session, kind, unpaired, records, names),
        below=_active_below(session, kind, links, locals_),
        merged_there=merges.merged_there(session, kind, links),
        merged_here=merges.merged_here(session, kind, links, locals_),
        entered_anew=reentered.entered_anew(session, kind, links),
        waiting=merges.waiting(session, kind, rows, references),
        left_apart=merges.left_apart(session, kind, rows, references),
        moved=said_anew.moved(session, kind, links, payloads, references),
        further=further,
        named=causes.named_by_issues(session.connection, links),
        unready=foundations.unready(session, references),
        missing=missing,
        inactive=_labels(_rows(session, references.inactive)) if kind.money else {},
        put_away=put_away,
        credit=applied,
    )


def _locals(session: Session, kind: Kind, links: Sequence[Link]) -> dict[int, Any]:
    return rows_here.by_ids(session.connection, kind, [link.local_id for link in links])


def _active_below(
    session: Session, kind: Kind, links: Sequence[Link], locals_: Mapping[int, Any]
) -> dict[str, bool]:
    """See `Surroundings.below`."""
    if not kind.levels:
        return {}
    inactive = {pk for pk, local in locals_.items() if not local.active}
    ids = [link.remote.remote_id for link in links if link.remote is not None and link.local_id in inactive]
    below: dict[str, bool] = {}
    for child in CHILDREN(connection=session.connection.pk, entity=kind.entity, ids=ids):
        if child.remote_id in session.coming.gone:
            continue
        link = getattr(child, "link", None)
        goes = (
            link is not None
            and link.created_by_us
            and link.state == Link.State.ACTIVE
            and kind.all_here(session.connection.company).filter(pk=link.local_id, active=False).exists()
        )
        below[child.parent_id_there] = below.get(child.parent_id_there, True) and goes
    return below


def _missing(
    session: Session, references: References, wanted: set[LocalKey]
) -> tuple[dict[LocalKey, str], dict[LocalKey, str]]:
    """See `Surroundings.missing` and `put_away`."""
    keys = references.missing(wanted) | wanted & session.coming.asked
    if not keys:
        return {}, {}
    rows = _rows(session, keys)
    names = {(name, pk): f"{name} {pk}" for name, pk in keys} | _labels(rows)
    unsent = {key for key in keys if key not in references.there}
    links = STANDING(
        connection=session.connection.pk,
        kinds={name for name, _ in unsent},
        ids={pk for _, pk in unsent},
    )
    held: set[tuple[str, int | None]] = set()
    asked: set[tuple[str, int | None]] = set()
    for name, pk, state, issue in links:
        if state == Link.State.HOLD:
            held.add((name, pk))
        elif issue is not None:
            asked.add((name, pk))
    names |= {key: f"{names[key]}, which is not synced" for key in unsent & held}
    put_away = {key for key in unsent - held - asked if not getattr(rows.get(key), "active", True)}
    return names, {key: names[key] for key in put_away}


def _labels(rows: Mapping[LocalKey, Any]) -> dict[LocalKey, str]:
    """What local records are called."""
    return {key: KIND[key[0]].label(row) for key, row in rows.items()}


def _rows(session: Session, keys: Iterable[LocalKey]) -> dict[LocalKey, Any]:
    """Local records, one query a Kind."""
    rows: dict[LocalKey, Any] = {}
    for name in {name for name, _ in keys}:
        found = rows_here.by_ids(session.connection, KIND[name], [pk for kind, pk in keys if kind == name])
        rows |= {(name, pk): row for pk, row in found.items()}
    return rows
