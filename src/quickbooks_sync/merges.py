"""Customers that a person merged with another, there or here, and what waits meanwhile.

QuickBooks names no survivor: a merged customer is just gone. Its transactions tell, for they belong to
another one now.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from service_genius.customers.models import Customer

from . import directory
from .kinds import KIND, MONEY, Kind
from .kinds.base import Payload, References, reference
from .models import Link, Remote, Sending
from .planner.keys import stored_keys
from .planner.records import Encoded, encode
from .session import Session

CUSTOMER = KIND["customer"]
#: A Link with its local record and what QuickBooks holds.
Row = tuple[Link, Any, Payload]
#: Merged, and merged again: longer than any office needs.
STEPS_MAX = 20


def merged_there(session: Session, links: Iterable[Link]) -> dict[int, Encoded]:
    """Who has what these customers had, when they are gone there but not here. Link id -> the survivor."""
    gone = {
        link.local_id: link
        for link in links
        if link.local_id is not None and link.remote is not None and not _live(link.remote)
    }
    if not gone:
        return {}
    company = session.connection.company
    still_here = Customer.objects.filter(company=company, pk__in=gone, active=True)
    found: dict[int, Encoded] = {}
    for local_id in still_here.values_list("pk", flat=True):
        link = gone[local_id]
        survivor = _survivor(session, link)
        if survivor is not None:
            session.survivors.add(survivor.remote_id)
            here = Link.objects.filter(remote=survivor, local_id__isnull=False).exists()
            found[link.pk] = {"name": survivor.name, "remote_id": survivor.remote_id, "here": here}
    return found


def _live(remote: Remote) -> bool:
    return remote.active and not remote.deleted


def _survivor(session: Session, link: Link) -> Remote | None:
    """The one customer there to whom every transaction belongs that belonged to this one."""
    assert link.remote is not None  # noqa: S101 - it is gone, so it was there
    holders = {
        reference(payload, "CustomerRef")
        for _, payload in _transactions(session, customer=link.local_id or 0)
    }
    if len(holders) != 1 or link.remote.remote_id in holders:
        return None
    survivor = Remote.objects.filter(
        connection=session.connection, entity=CUSTOMER.entity, remote_id=holders.pop(), deleted=False
    )
    return survivor.first()


def _transactions(session: Session, *, customer: int) -> Iterable[tuple[int, Payload]]:
    """What QuickBooks holds of this local customer's invoices and payments, each with the id of its Link."""
    company = session.connection.company
    for kind in MONEY:
        ours = kind.all_here(company).filter(customer=customer, voided=False).values("pk")
        links = Link.objects.filter(
            connection=session.connection,
            kind=kind.name,
            local_id__in=ours,
            state=Link.State.ACTIVE,
            remote__deleted=False,
        )
        for link in links.select_related("remote"):
            # One that was given to another customer there, and left so, says nothing of a merge.
            if link.remote is not None and "customer" not in (link.left_there or {}):
                yield link.pk, link.remote.payload


def merged_here(session: Session, links: Sequence[Link], locals_: Mapping[int, Any]) -> dict[int, Encoded]:
    """Customers merged here while QuickBooks still has both. Link id -> the survivor, and what is left."""
    found: dict[int, Encoded] = {}
    for link in links:
        local = locals_.get(link.local_id or 0)
        if local is None or local.merged_into_id is None or link.remote is None or not _live(link.remote):
            continue
        survivor = _last(session, local.pk)
        left = sum(
            reference(payload, "CustomerRef") == link.remote.remote_id and pk not in session.coming.moved
            for pk, payload in _transactions(session, customer=survivor.pk)
        )
        found[link.pk] = {"name": survivor.full_name, "left": left}
    return found


def _last(session: Session, customer_id: int) -> Customer:
    """The customer who has everything in the end."""
    customers = Customer.objects.filter(company=session.connection.company)
    customer = customers.get(pk=customer_id)
    for _ in range(STEPS_MAX):
        if customer.merged_into_id is None:
            break
        customer = customers.get(pk=customer.merged_into_id)
    return customer


def waiting(session: Session, kind: Kind, rows: Sequence[Row], references: References) -> dict[int, str]:
    """Invoices and payments that a merge will settle, or that it must settle first. Link id -> its words."""
    if not (kind.money and rows):
        return {}
    here = _waiting_for_a_merge_here(session, {local.customer_id for _, local, _ in rows})
    words = {link.pk: here[local.customer_id] for link, local, _ in rows if local.customer_id in here}
    return _waiting_for_a_merge_there(session, kind, rows, references) | words


def _waiting_for_a_merge_there(
    session: Session, kind: Kind, rows: Sequence[Row], references: References
) -> dict[int, str]:
    """What belongs to the loser there, and cannot be given to the survivor by itself."""
    tied = {
        link.pk: references.here.get((CUSTOMER.name, reference(payload, "CustomerRef")), 0)
        for link, _, payload in rows
        if link.whole and _is_tied(kind, payload)
    }
    losers = Customer.objects.filter(
        company=session.connection.company, pk__in=set(tied.values()), merged_into__isnull=False
    ).in_bulk()
    words: dict[int, str] = {}
    for link, local, _ in rows:
        loser = losers.get(tied.get(link.pk, 0))
        if loser is not None and _last(session, loser.pk).pk == local.customer_id:
            words[link.pk] = f"{loser.full_name}, until it is merged in QuickBooks as it is here"
    return words


def _waiting_for_a_merge_here(session: Session, customers: set[int]) -> dict[int, str]:
    gone = list(
        Link.objects.filter(
            connection=session.connection,
            kind=CUSTOMER.name,
            local_id__in=customers,
            state=Link.State.ACTIVE,
        )
        .filter(Q(remote__deleted=True) | Q(remote__active=False))
        .select_related("remote")
    )
    survivors = merged_there(session, gone)
    return {
        link.local_id: f"its customer, merged into {survivors[link.pk]['name']} in QuickBooks"
        for link in gone
        if link.pk in survivors and link.local_id is not None
    }


def _is_tied(kind: Kind, payload: Payload) -> bool:
    """Bound to another transaction there: QuickBooks moves both to another customer, or neither."""
    return kind.settled_elsewhere(payload) or any(
        name == "invoice" for name, _ in kind.refers_to_there(payload)
    )


def parked(session: Session, kind: Kind, links: Sequence[Link]) -> dict[int, str]:
    """Customers new there who may be what became of one here: not taken until a person has said."""
    if kind.name != CUSTOMER.name:
        return {}
    return {
        link.pk: f"the answer whether {directory.called(link.remote)} is what it was merged into"
        for link in links
        if link.local_id is None and link.remote is not None and link.remote.remote_id in session.survivors
    }


def to_hand_on(session: Session) -> dict[int, int]:
    """Losers of a merge here whose QuickBooks customer the survivor can take over, having none itself.

    Local id -> the survivor's. Then nothing has to be merged there. A write whose answer is still out keeps
    things as they are.
    """
    connection = session.connection
    links = Link.objects.filter(connection=connection, kind=CUSTOMER.name)
    live = links.filter(open=True, state=Link.State.ACTIVE, remote__active=True, remote__deleted=False)
    losers = Customer.objects.filter(
        company=connection.company, merged_into__isnull=False, pk__in=live.values("local_id")
    )
    found: dict[int, int] = {}
    for loser in losers.order_by("revision").values_list("pk", flat=True):
        survivor = _last(session, loser).pk
        held_or_whole = links.filter(local_id=survivor).exclude(remote=None, state=Link.State.ACTIVE)
        if survivor not in found.values() and not held_or_whole.exists():
            found[loser] = survivor
    if found and Sending.objects.filter(connection=connection, state=Sending.State.OPEN).exists():
        return {}
    return found


def hand_on(session: Session) -> None:
    """Let these survivors take over what their losers are in QuickBooks."""
    links = Link.objects.filter(connection=session.connection, kind=CUSTOMER.name)
    company = session.connection.company
    for loser, survivor in to_hand_on(session).items():
        name = CUSTOMER.identity(encode(CUSTOMER.from_here(CUSTOMER.all_here(company).get(pk=survivor)))).name
        with session.page():
            links.filter(local_id=survivor).delete()
            links.filter(local_id=loser).update(local_id=survivor, **stored_keys(name, ""))


def foreseen(session: Session, links: Iterable[Link]) -> list[Link]:
    """A page of Links as they are once the run has handed on; a preview changes none of them itself."""
    handed = session.coming.handed
    if not handed:
        return list(links)
    taken_over = set(handed.values())
    page = [link for link in links if link.kind != CUSTOMER.name or link.local_id not in taken_over]
    for link in page:
        if link.kind == CUSTOMER.name and link.local_id is not None:
            link.local_id = handed.get(link.local_id, link.local_id)
    return page
