"""The outbox: every remote write is a committed Sending before it leaves, and is settled as a whole.

What is deliberately absent: sending anything again on a guess. A Sending of unknown outcome is left
open for `recovery`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Q

from qbo.batch import BATCH_ITEMS_MAX, BatchItem, batch_body
from qbo.limits import IN_FLIGHT_MAX
from qbo.payload import parse_time
from qbo.retry import Answered, NotExecuted, Unknown
from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering.pairs import Gathered
from quickbooks_sync.kinds.base import Payload
from quickbooks_sync.memory import high_water
from quickbooks_sync.models import Connection, Link, Marker, Sending
from quickbooks_sync.sql import rows
from quickbooks_sync.sql.prepared import Select, Update

from . import unmoved
from .responses import settle_answers

Operation = Literal["create", "update", "remove"]
WAIT_SECONDS = 5.0
BID_LENGTH = 10
WAIT = Update(Link, lambda links: Q(pk__in=links), open=True, waiting=True, waits_for="")
COUNTED = Update(Connection, lambda connection: Q(pk=connection), "serial")
OPEN = Select(
    lambda connection: Sending.objects.filter(connection=connection, state=Sending.State.OPEN).values_list(
        "pk", flat=True
    )[:1]
)


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One write to be sent: what it is about, and what it was planned from."""

    gathered: Gathered
    operation: Operation
    payload: Payload
    fields: frozenset[str] = frozenset()
    leave: frozenset[str] = frozenset()
    #: It takes a name for the moment only.
    temporary: bool = False
    #: What a refusal of it hangs on, if not on just what is sent.
    hangs_on: str = ""
    #: What the log says of it beside its fields.
    note: str = ""


@dataclass(kw_only=True)
class Outbox:
    """Writes of one pass: collected into batches, several in flight, settled as answers come."""

    session: Session
    collected: list[Outgoing] = field(default_factory=list)
    in_flight: dict[int, Sending] = field(default_factory=dict)
    #: What the writes in flight touch, by Sending, and those being collected.
    busy: dict[int, set[str]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    stale: list[int] = field(default_factory=list)

    def add(self, outgoing: Outgoing) -> None:
        """Take one write, unless another in flight touches the same: then it waits for the next pass."""
        taken = _exclusive(outgoing)
        if any(taken & busy for busy in (*self.busy.values(), self.taken)):
            WAIT(links=[outgoing.gathered.link.pk])
            return
        self.taken |= taken
        self.collected.append(outgoing)
        if len(self.collected) >= BATCH_ITEMS_MAX:
            self._send()

    def finish(self) -> None:
        """Send the rest and wait until every answer is settled."""
        if self.collected:
            self._send()
        while self.in_flight:
            self._settle_next()

    def _send(self) -> None:
        while len(self.in_flight) >= IN_FLIGHT_MAX:
            self._settle_next()
        self.session.before_sending()
        self.session.client.await_turn()  # the time of sending is noted next, and must be true
        sending = self._commit()
        if sending is None:
            return
        self.session.checkpoint("sending committed")
        submit(self.session, sending)
        self.in_flight[sending.pk] = sending
        self.busy[sending.pk], self.taken = self.taken, set()

    def _commit(self) -> Sending | None:
        """Write down what is about to leave, but for what has moved since it was decided."""
        session = self.session
        while self.collected:
            sending = self._sending()
            with session.page():
                moved = unmoved.leave_moved(session, [each.gathered for each in self.collected])
                if not moved:
                    self._write(sending)
            if not moved:
                high_water.keep(session.connection.pk)
                self.collected.clear()
                return sending
            self.collected = [each for each in self.collected if each.gathered.link.pk not in moved]
            self.taken = {name for each in self.collected for name in _exclusive(each)}
        return None

    def _write(self, sending: Sending) -> None:
        links = [each.gathered.link for each in self.collected]
        sending.save()
        settling.save(links, ["marker"])
        _write_markers(self.session, links)
        high_water.step(self.session.connection.pk)

    def _sending(self) -> Sending:
        """What was collected, as one write."""
        session = self.session
        items = []
        stored = []
        for outgoing in self.collected:
            bid = session.new_id()[:BID_LENGTH]
            items.append(_batch_item(bid, outgoing))
            stored.append(_stored(bid, outgoing))
        counts: dict[str, int] = {}
        for outgoing in self.collected:
            for entity in outgoing.gathered.kind.touches:
                counts[entity] = counts.get(entity, 0) + 1
        return Sending(
            connection=session.connection,
            run=session.run,
            request_id=session.new_id(),
            body=batch_body(items),
            items=stored,
            counts=counts,
            sent_at=session.clock.utc(),
            time_before=session.time_there,
        )

    def _settle_next(self) -> None:
        self.session.assert_no_transaction()
        outcome = self.session.client.next_write(WAIT_SECONDS)
        self.session.keep_lease()
        match outcome:
            case None:
                return
            case Answered():
                sending = self.in_flight.pop(outcome.ticket)
                self.busy.pop(outcome.ticket)
                self.session.checkpoint("answer received")
                answered = parse_time(outcome.time) if outcome.time else None
                self.stale += settle_answers(
                    self.session, sending, outcome.items, time=answered, intuit_tid=outcome.intuit_tid
                )
            case Unknown() | NotExecuted():
                # Both stay open: `recovery` finds out, or sends the same bytes again.
                sending = self.in_flight.pop(outcome.ticket)
                if isinstance(outcome, Unknown):
                    stamp(self.session, sending)


def unanswered(connection: Connection) -> bool:
    """Whether anything was sent of which nobody knows yet what became of it."""
    return bool(OPEN(connection=connection.pk))


def submit(session: Session, sending: Sending) -> None:
    """Let it leave, now and each time a 429 or a new token makes it go again, while the lease allows it."""

    def before_again() -> None:
        session.before_sending()
        stamp(session, sending)
        session.before_sending()

    session.before_sending()
    session.client.submit_batch(
        sending.pk, sending.request_id, bytes(sending.body), before_again=before_again
    )


def stamp(session: Session, sending: Sending) -> None:
    """It leaves, or was given up, at this moment: from now on it may be committed late.

    An earlier look for what it created says nothing any more.
    """
    sending.sent_at, sending.looked_at = session.clock.utc(), None
    with session.page():
        sending.save(update_fields=["sent_at", "looked_at"])


def _write_markers(session: Session, links: Sequence[Link]) -> None:
    """Never to be forgotten: under which words these leave."""
    words = [
        Marker(connection=session.connection, word=link.marker, kind=link.kind, local_id=link.local_id or 0)
        for link in links
        if link.marker
    ]
    if words:
        rows.insert(words, unless_there=True)
        COUNTED(connection=session.connection.pk, serial=session.connection.serial)


def _batch_item(bid: str, outgoing: Outgoing) -> BatchItem:
    kind, removes = outgoing.gathered.kind, outgoing.operation == "remove"
    operation: Literal["create", "update", "delete"] = (
        "create" if outgoing.operation == "create" else "update"
    )
    return BatchItem(
        bid=bid,
        operation="delete" if removes and kind.removal == "delete" else operation,
        entity=kind.entity,
        payload=outgoing.payload,
        options="void" if removes and kind.removal == "void" else "",
    )


def _exclusive(outgoing: Outgoing) -> set[str]:
    kind = outgoing.gathered.kind
    return {f"{kind.entity} {key}" for key in kind.exclusive(outgoing.gathered.here)}


def _stored(bid: str, outgoing: Outgoing) -> dict[str, Any]:
    gathered = outgoing.gathered
    kind = gathered.kind
    return {
        "bid": bid,
        "link": gathered.link.pk,
        "kind": kind.name,
        "operation": outgoing.operation,
        # The version it was sent over: what is seen later moves the Remote on.
        "token": int(outgoing.payload.get("SyncToken") or 0),
        "record": gathered.here,
        "revision": gathered.local.revision,
        "totals": gathered.pair.here.totals if gathered.pair.here is not None else {},
        "hangs_on": outgoing.hangs_on or gathered.hangs_on,
        "fields": sorted(outgoing.fields),
        "temporary": outgoing.temporary,
        "note": outgoing.note,
        "leave": sorted(outgoing.leave),
        # As last seen there, for the log: what this replaces.
        "before": {name: gathered.there[name] for name in sorted(outgoing.fields)},
        # Of a payment: what it paid there until now.
        "paid": gathered.there.get("allocations", []) if gathered.pair.there is not None else [],
    }
