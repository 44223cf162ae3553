"""The survivor of a merge here takes over what the loser is in QuickBooks, if it is nothing there itself."""

from collections.abc import Iterable

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import LISTS, Kind
from quickbooks_sync.kinds.base import LocalKey
from quickbooks_sync.models import Link, Sending
from quickbooks_sync.planner.keys import stored_key
from quickbooks_sync.planner.records import encode

from .merges import last


def to_hand_on(session: Session) -> dict[LocalKey, int]:
    """Losers of a merge here whose QuickBooks counterpart the survivor can take over, having none itself.

    To the local id of each the survivor's. Then nothing has to be merged there. A write whose answer is still
    out keeps things as they are.
    """
    found = {
        (kind.name, loser): survivor
        for kind in LISTS
        for loser, survivor in _to_hand_on(session, kind).items()
    }
    if found and Sending.objects.filter(connection=session.connection, state=Sending.State.OPEN).exists():
        return {}
    return found


def _to_hand_on(session: Session, kind: Kind) -> dict[int, int]:
    links = Link.objects.filter(connection=session.connection, kind=kind.name)
    live = links.filter(open=True, state=Link.State.ACTIVE, remote__active=True, remote__deleted=False)
    losers = kind.all_here(session.connection.company).filter(
        merged_into__isnull=False, pk__in=live.values("local_id")
    )
    found: dict[int, int] = {}
    for loser in losers.order_by("revision").values_list("pk", flat=True):
        survivor = last(session, kind, loser).pk
        held_or_paired = links.filter(local_id=survivor).exclude(remote=None, state=Link.State.ACTIVE)
        if survivor not in found.values() and not held_or_paired.exists():
            found[loser] = survivor
    return found


def hand_on(session: Session) -> None:
    """Let these survivors take over what their losers are in QuickBooks."""
    company = session.connection.company
    handed = to_hand_on(session)
    for kind in LISTS:
        links = Link.objects.filter(connection=session.connection, kind=kind.name)
        for (name, loser), survivor in handed.items():
            if name != kind.name:
                continue
            called = kind.called(encode(kind.from_here(kind.all_here(company).get(pk=survivor))))
            with session.page():
                links.filter(local_id=survivor).delete()
                links.filter(local_id=loser).update(local_id=survivor, match_key=stored_key(called))


def foreseen(session: Session, links: Iterable[Link]) -> list[Link]:
    """A page of Links as they are once the run has handed on; a preview changes none of them itself."""
    handed = session.coming.handed
    if not handed:
        return list(links)
    page = [link for link in links if link.local_id not in taking_over(session, link.kind)]
    for link in page:
        if link.local_id is not None:
            link.local_id = handed.get((link.kind, link.local_id), link.local_id)
    return page


def taking_over(session: Session, kind: str) -> set[int]:
    """Who will have taken over a counterpart, in a preview: the Links of their own are no more by then."""
    return {survivor for (name, _), survivor in session.coming.handed.items() if name == kind}
