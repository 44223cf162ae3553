"""What is not yet in QuickBooks as it is here, so that nothing new is built upon it.

A customer who is made active again, an invoice that gets another customer or total: what is new of them goes
after that, in the same run. If QuickBooks refuses it, or a person is asked about it, what builds upon it
waits, and is neither sent nor asked about as well. So does what pays an invoice that is to be voided there
and held. Reads the database and nothing else.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import LocalKey, References
from quickbooks_sync.memory import rows_here
from quickbooks_sync.models import Link
from quickbooks_sync.planner.records import Encoded, encode

from .references import find_references


def unready(session: Session, references: References) -> dict[LocalKey, str]:
    """Those referred to upon which nothing new can be built yet, and what they are called."""
    moving = references.moving - references.asked - session.coming.done
    found: dict[LocalKey, str] = {}
    for name in sorted({name for name, _ in moving}):
        found |= _unready(session, KIND[name], [pk for kind, pk in moving if kind == name])
    return found


def built_upon(kind: Kind, here: Encoded, there: Encoded | None) -> set[LocalKey]:
    """What a record refers to and its object in QuickBooks does not yet, or pays less of."""
    if there is None:
        return kind.refers_to(here)
    paid = {each["invoice"]: each["amount"] for each in here.get("allocations", ())}
    if paid:
        enough = [each for each in there["allocations"] if each["amount"] == paid.get(each["invoice"])]
        there = {**there, "allocations": enough}
    return kind.refers_to(here) - kind.refers_to(there)


def _unready(session: Session, kind: Kind, ids: Iterable[int]) -> dict[LocalKey, str]:
    rows = rows_here.by_ids(session.connection, kind, ids)
    links = Link.objects.filter(connection=session.connection, kind=kind.name, local_id__in=rows)
    linked = [(link, link.remote) for link in links.select_related("remote") if link.remote is not None]
    remotes = {link.local_id or 0: remote.payload for link, remote in linked}
    going = {link.local_id for link, _ in linked if link.answers.get("void_there")}
    keys = {key for payload in remotes.values() for key in kind.refers_to_there(payload)}
    references, _ = find_references(session.connection, (), keys, handed=session.coming.handed)
    found: dict[LocalKey, str] = {}
    for pk, payload in remotes.items():
        here = encode(kind.from_here(rows[pk]))
        there = encode(kind.from_there(payload, references, session.facts))
        if pk in going or not _bears(here, there, kind.totals_here(rows[pk]), kind.totals_there(payload)):
            found[kind.name, pk] = kind.label(rows[pk])
    return found


def _bears(
    here: Encoded, there: Encoded, total_here: Mapping[str, Any], total_there: Mapping[str, Any]
) -> bool:
    """Whether what is there is what others here build upon."""
    if here.get("active"):
        return bool(there["active"])
    if here.get("voided", True):
        return True  # an inactive one is no foundation, and is told of as such
    same = here["customer"] == there["customer"] and total_here.get("total") == total_there.get("total")
    return bool(same) and not there["voided"]
