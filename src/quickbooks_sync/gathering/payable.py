"""Payments that pay what another payment of ours still pays there: room passes from one to the next.

Whoever lets go of an invoice goes first. Where payments wait for each other in a ring, one of them first lets
go of all its invoices. Reads the database and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from quickbooks_sync.access.session import Session
from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Link, Remote
from quickbooks_sync.planner.records import Encoded
from quickbooks_sync.sql.prepared import Select
from service_genius.payments.models import Allocation

from .rings import Turns

Amounts = dict[int, Decimal]  # by local id of the invoice
LEFT = Select(
    lambda connection, invoices: Remote.objects.filter(
        link__connection=connection,
        link__kind="invoice",
        link__local_id__in=invoices,
        balance__isnull=False,
        deleted=False,
    ).values_list("link__local_id", "balance")
)


@dataclass(frozen=True, kw_only=True)
class _Move:
    """What a payment is about to pay more there, and less."""

    more: Amounts
    less: Amounts


def find_rooms(session: Session, links: Sequence[Link], encoded: Mapping[int, Encoded]) -> Turns:
    """Whom these payments have to wait for, and who of a ring steps aside."""
    turns = Turns()
    moves = {
        link.pk: _move(link, _paid(encoded[link.local_id or 0])) for link in links if link.local_id in encoded
    }
    left = _left_there(session, {invoice for move in moves.values() for invoice in move.more})
    if not any(_short(move, left) for move in moves.values()):
        return turns
    moves |= _others(session)
    left |= _left_there(session, {invoice for move in moves.values() for invoice in move.more} - left.keys())
    for pk, move in sorted(moves.items()):
        giver = next(
            (
                (other, invoice)
                for invoice in _short(move, left)
                for other, its in sorted(moves.items())
                if other != pk and invoice in its.less
            ),
            None,
        )
        if giver is not None:
            turns.turn_after[pk] = (giver[0], "what another payment lets go of in QuickBooks")
    for pk in turns.step_aside():
        turns.aside[pk] = {"allocations": []}
    return turns


def _paid(record: Encoded) -> Amounts:
    return {each["invoice"]: Decimal(each["amount"]) for each in record["allocations"]}


def _move(link: Link, now: Amounts) -> _Move:
    """From what was agreed upon to what it pays now; one that is new there pays nothing yet."""
    before = _paid(link.here_baseline) if link.here_baseline and link.remote_id is not None else {}
    if link.remote_id is not None and link.here_baseline is None:
        return _Move(more={}, less={})  # it is only being paired
    changes = {
        invoice: now.get(invoice, Decimal(0)) - before.get(invoice, Decimal(0))
        for invoice in now.keys() | before.keys()
    }
    return _Move(
        more={invoice: amount for invoice, amount in changes.items() if amount > 0},
        less={invoice: -amount for invoice, amount in changes.items() if amount < 0},
    )


def _short(move: _Move, left: Amounts) -> list[int]:
    return sorted(invoice for invoice, amount in move.more.items() if left.get(invoice, amount) < amount)


def _left_there(session: Session, invoices: Iterable[int]) -> Amounts:
    """What is left to pay there of those that are there."""
    rows = LEFT(connection=session.connection.pk, invoices=invoices)
    return {pk: balance for pk, balance in rows if pk is not None and balance is not None}


def _others(session: Session) -> dict[int, _Move]:
    """Every payment that is there and was edited here: only such a one lets go of anything."""
    links = Link.objects.filter(
        connection=session.connection,
        kind=KIND["payment"].name,
        open=True,
        state=Link.State.ACTIVE,
        local_id__isnull=False,
        remote__isnull=False,
        here_baseline__isnull=False,
    )
    paid: dict[int, Amounts] = {}
    rows = Allocation.objects.filter(payment__in=links.values("local_id"))
    for payment, invoice, amount in rows.values_list("payment", "invoice", "amount"):
        paid.setdefault(payment, {})[invoice] = amount
    return {link.pk: _move(link, paid.get(link.local_id or 0, {})) for link in links}


def given_up(session: Session) -> Amounts:
    """What payments that nobody is asked about let go of in this run."""
    asked = Link.objects.filter(connection=session.connection, kind="payment", issue__isnull=False)
    held = set(asked.values_list("pk", flat=True))
    found: Amounts = {}
    for pk, move in _others(session).items():
        for invoice, amount in move.less.items() if pk not in held else ():
            found[invoice] = found.get(invoice, Decimal(0)) + amount
    return found
