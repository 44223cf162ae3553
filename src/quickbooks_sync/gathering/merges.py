"""Records of the lists that a person merged with another, there or here, and what waits meanwhile.

QuickBooks names no survivor: what was merged is just gone. What named it tells, for it names another one now
(`Kind.naming`): invoices and payments their customer, lines of invoices their work code.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import Q

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import KIND, LISTS, MONEY, Kind, one_of
from quickbooks_sync.kinds.base import LocalKey, Payload, References
from quickbooks_sync.kinds.naming import Naming
from quickbooks_sync.memory import directory
from quickbooks_sync.models import Connection, Link, Remote
from quickbooks_sync.planner.moved import places_of
from quickbooks_sync.planner.records import Encoded
from quickbooks_sync.sql.prepared import Select

#: A Link with the Record of its local side and what QuickBooks holds.
Row = tuple[Link, Encoded, Payload]
#: Merged, and merged again: longer than any office needs.
STEPS_MAX = 20
HELD = Select(
    lambda connection, kind: Link.objects.filter(
        connection=connection, kind=kind, state=Link.State.HOLD, local_id__isnull=False
    ).values_list("local_id", flat=True)
)
GONE = Select(
    lambda connection, kind, ids, states: Link.objects.filter(
        Q(remote__deleted=True) | Q(remote__active=False),
        connection=connection,
        kind=kind,
        local_id__in=ids,
        state__in=states,
    ).select_related("remote")
)


def merged_there(session: Session, kind: Kind, links: Iterable[Link]) -> dict[int, Encoded]:
    """What those of a list became that are gone there but not here. Link id -> the survivor."""
    gone = {
        link.local_id: link
        for link in links
        if link.local_id is not None and link.remote is not None and not _live(link.remote)
    }
    if kind.money or not gone:
        return {}
    still_here = kind.all_here(session.connection.company).filter(pk__in=gone, active=True)
    found: dict[int, Encoded] = {}
    for local_id in still_here.values_list("pk", flat=True):
        link = gone[local_id]
        survivor = survivor_of(session, kind, link)
        if survivor is not None:
            session.survivors.add((kind.name, survivor.remote_id))
            here = Link.objects.filter(remote=survivor, local_id__isnull=False).exists()
            found[link.pk] = {
                "kind": kind.name,
                "name": survivor.name,
                "remote_id": survivor.remote_id,
                "here": here,
            }
    return found


def _live(remote: Remote) -> bool:
    return remote.active and not remote.deleted


def survivor_of(session: Session, kind: Kind, link: Link) -> Remote | None:
    """The one there that everything names now which named this one; looked for once in a run."""
    assert link.remote is not None  # noqa: S101 - it is gone, so it was there
    key = (link.pk, link.remote.remote_id)
    if key not in session.became:
        names = set()
        for each, payload, naming in naming_rows(session.connection, kind, link.local_id or 0):
            before = naming.here(each.there_baseline or {})
            names |= set(places_of(before, naming.there(payload), link.local_id or 0).values())
        session.became[key] = _only(session.connection, kind, names - {""}, but=link.remote.remote_id)
    return session.became[key]


def _only(connection: Connection, kind: Kind, names: set[str], *, but: str) -> Remote | None:
    if len(names) != 1 or but in names:
        return None
    remotes = Remote.objects.filter(connection=connection, entity=kind.entity, deleted=False)
    return remotes.filter(remote_id__in=names).first()


def naming_rows(connection: Connection, kind: Kind, local_id: int) -> Iterator[tuple[Link, Payload, Naming]]:
    """The invoices and payments here that name this one, with what QuickBooks holds of them."""
    for money in MONEY:
        naming = money.naming.get(kind.name)
        if naming is None:
            continue
        rows = money.all_here(connection.company).filter(naming.rows([local_id]), voided=False)
        links = Link.objects.filter(
            connection=connection,
            kind=money.name,
            local_id__in=rows.values("pk"),
            state=Link.State.ACTIVE,
            remote__deleted=False,
        )
        for link in links.select_related("remote").iterator():
            # One that was given to another there, and left so, says nothing of a merge.
            if link.remote is not None and naming.field not in (link.left_there or {}):
                yield link, link.remote.payload, naming


def merged_here(
    session: Session, kind: Kind, links: Sequence[Link], locals_: Mapping[int, Any]
) -> dict[int, Encoded]:
    """Those merged here while QuickBooks still has both. Link id -> the survivor, and what is left."""
    found: dict[int, Encoded] = {}
    for link in () if kind.money else links:
        local = locals_.get(link.local_id or 0)
        if local is None or local.merged_into_id is None or link.remote is None or not _live(link.remote):
            continue
        survivor = last(session, kind, local.pk)
        left = sum(
            link.remote.remote_id in naming.there(payload) and each.pk not in session.coming.moved
            for each, payload, naming in naming_rows(session.connection, kind, survivor.pk)
        )
        found[link.pk] = {"kind": kind.name, "name": survivor.full_name, "left": left}
    return found


def last(session: Session, kind: Kind, local_id: int) -> Any:
    """The one who has everything in the end."""
    rows = kind.all_here(session.connection.company)
    local = rows.get(pk=local_id)
    for _ in range(STEPS_MAX):
        if local.merged_into_id is None:
            break
        local = rows.get(pk=local.merged_into_id)
    return local


def waiting(session: Session, kind: Kind, rows: Sequence[Row], references: References) -> dict[int, str]:
    """Invoices and payments that a merge will settle, or that it must settle first. Link id -> its words."""
    if not (kind.money and rows):
        return {}
    named = {link.pk: _named(kind, record, link.there_baseline) for link, record, _ in rows}
    asked = _asked_about(session, set().union(*named.values()))
    words = {pk: asked[key] for pk, keys in named.items() for key in sorted(keys) if key in asked}
    return _waiting_for_a_merge_there(session, kind, rows, references) | words


def _named(kind: Kind, *records: Encoded | None) -> set[LocalKey]:
    """What of the lists these Records name."""
    return {
        (name, local_id)
        for record in records
        for name, naming in kind.naming.items()
        for local_id in naming.here(record or {})
        if local_id
    }


def _waiting_for_a_merge_there(
    session: Session, kind: Kind, rows: Sequence[Row], references: References
) -> dict[int, str]:
    """What names the loser there, and cannot be made to name the survivor by itself."""
    tied = [row for row in rows if row[0].paired and _is_tied(kind, row[2])]
    words: dict[int, str] = {}
    for name, naming in kind.naming.items():
        there = {link.pk: set(naming.there(payload)) for link, _, payload in tied}
        ids = {references.here.get((name, each), 0) for those in there.values() for each in those}
        left = _left_apart(session, name) if naming.as_there is None else set()
        for loser in _losers(session, name, ids - left):
            survivor = last(session, KIND[name], loser.pk).pk
            for link, record, _ in tied:
                is_named = any(references.here.get((name, each)) == loser.pk for each in there[link.pk])
                if is_named and survivor in naming.here(record):
                    words[link.pk] = f"{loser.full_name}, until it is merged in QuickBooks as it is here"
    return words


def _losers(session: Session, name: str, ids: set[int]) -> list[Any]:
    """Those of these that were merged here."""
    return _merged(name)(company=session.connection.company_id, ids=ids)


@cache
def _merged(name: str) -> Select[Any]:
    return Select(
        lambda company, ids: KIND[name].all_here(company).filter(pk__in=ids, merged_into__isnull=False)
    )


def _left_apart(session: Session, name: str) -> set[int]:
    """Those of which a person has said that both stay in QuickBooks."""
    return {pk or 0 for pk in HELD(connection=session.connection.pk, kind=name)}


def left_apart(
    session: Session, kind: Kind, rows: Sequence[Row], references: References
) -> dict[int, Encoded]:
    """What names the survivor here and the one that was left there, as agreed by that answer.

    Link id -> its Baseline of here. What is bound to another transaction there cannot be moved by us.
    """
    found: dict[int, Encoded] = {}
    for name, naming in kind.naming.items() if kind.money else ():
        left = _left_apart(session, name) if naming.as_there is None else set()
        merged = _losers(session, name, left)
        survivors = {loser.pk: last(session, KIND[name], loser.pk).pk for loser in merged}
        for link, record, payload in rows if survivors else ():
            owners = {references.here.get((name, each), 0) for each in naming.there(payload)}
            stay = {survivors[pk] for pk in owners & survivors.keys()}
            if link.here_baseline and _is_tied(kind, payload) and stay & {*naming.here(record)}:
                found[link.pk] = {**link.here_baseline, naming.field: record[naming.field]}
    return found


def _is_tied(kind: Kind, payload: Payload) -> bool:
    """Bound to another transaction there: QuickBooks changes both, or neither."""
    return kind.settled_elsewhere(payload) or any(
        KIND[name].money for name, _ in kind.refers_to_there(payload)
    )


def _asked_about(session: Session, keys: set[LocalKey]) -> dict[LocalKey, str]:
    """Of which of these a person is asked what a merge there is to be here, in words."""
    found: dict[LocalKey, str] = {}
    for kind in LISTS:
        ids = {pk for name, pk in keys if name == kind.name}
        gone = list(gone_there(session, kind, ids, Link.State.ACTIVE))
        survivors = merged_there(session, kind, gone)
        for link in gone:
            if link.pk in survivors and link.local_id is not None:
                into = f"merged into {survivors[link.pk]['name']} in QuickBooks"
                found[kind.name, link.local_id] = f"its {one_of(kind.name).lower()}, {into}"
    return found


def gone_there(session: Session, kind: Kind, ids: set[int], *states: Link.State) -> Iterable[Link]:
    """The Links of those of these whose counterpart is deleted or inactive in QuickBooks."""
    return GONE(connection=session.connection.pk, kind=kind.name, ids=ids, states=[*map(str, states)])


def parked(session: Session, kind: Kind, links: Sequence[Link]) -> dict[int, str]:
    """What is new there and may be what became of one here: not taken until a person has said."""
    return {
        link.pk: f"the answer whether {directory.called(link.remote)} is what it was merged into"
        for link in links
        if link.local_id is None
        and link.remote is not None
        and (kind.name, link.remote.remote_id) in session.survivors
    }
