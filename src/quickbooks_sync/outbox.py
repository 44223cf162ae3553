"""The outbox: every remote write is a committed Sending before it leaves, and is settled as a whole.

What is deliberately absent: sending anything again on a guess. A Sending of unknown outcome is left
open for `recover`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Case, F, When

from qbo.batch import BATCH_ITEMS_MAX, BatchItem, ItemUnknown, batch_body
from qbo.errors import Fault, Forbidden
from qbo.limits import IN_FLIGHT_MAX
from qbo.payload import dumps, parse_time
from qbo.retry import COMPANY_STATUS_CODES, SUBSCRIPTION_ENDED, Answered, NotExecuted, Unknown

from . import directory, faults, settle
from .gather import Gathered, gather, records_there
from .kinds import KIND, Kind
from .kinds.base import Payload
from .models import Change, Link, Remote, Sending
from .planner.actions import RaiseIssue, Reason
from .planner.decide import changed
from .planner.records import Encoded, is_blank
from .session import Session

Operation = Literal["create", "update", "remove"]
WAIT_SECONDS = 5.0
STALE = "5010"
STALE_TRIES_MAX = 3
BID_LENGTH = 10
DONE = {"create": "created", "update": "updated", "remove": "removed"}
FOR_THE_MOMENT = "A name for the moment, because the right one was still held by another record."
#: Fields that make up the name that is taken there.
NAMING = {"display_name", "name", "parent", "active"}


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One write to be sent: what it is about, and what it was planned from."""

    gathered: Gathered
    operation: Operation
    payload: Payload
    options: Literal["", "void"] = ""
    fields: frozenset[str] = frozenset()
    leave: frozenset[str] = frozenset()
    #: It takes a name for the moment only.
    temporary: bool = False


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
            Link.objects.filter(pk=outgoing.gathered.link.pk).update(open=True, waiting=True)
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
        self.session.checkpoint("sending committed")
        submit(self.session, sending)
        self.in_flight[sending.pk] = sending
        self.busy[sending.pk], self.taken = self.taken, set()

    def _commit(self) -> Sending:
        session = self.session
        items = []
        stored = []
        for outgoing in self.collected:
            bid = session.new_id()[:BID_LENGTH]
            kind = outgoing.gathered.kind
            operation: Literal["create", "update"] = "create" if outgoing.operation == "create" else "update"
            items.append(
                BatchItem(
                    bid=bid,
                    operation=operation,
                    entity=kind.entity,
                    payload=outgoing.payload,
                    options=outgoing.options,
                )
            )
            stored.append(_stored(bid, outgoing))
        counts: dict[str, int] = {}
        for outgoing in self.collected:
            for entity in outgoing.gathered.kind.touches:
                counts[entity] = counts.get(entity, 0) + 1
        sending = Sending(
            connection=session.connection,
            run=session.run,
            request_id=session.new_id(),
            body=batch_body(items),
            items=stored,
            counts=counts,
            sent_at=session.clock.utc(),
            time_before=session.time_there,
        )
        with session.page():
            sending.save()
            settle.save((item.gathered.link for item in self.collected), ["marker"])
        self.collected.clear()
        return sending

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
                # Both stay open: `recover` finds out, or sends the same bytes again.
                sending = self.in_flight.pop(outcome.ticket)
                if isinstance(outcome, Unknown):
                    stamp(self.session, sending)


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
    """It leaves, or was given up, at this moment: from now on it may be committed late."""
    with session.page():
        Sending.objects.filter(pk=sending.pk).update(sent_at=session.clock.utc())


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
        "fields": sorted(outgoing.fields),
        "temporary": outgoing.temporary,
        "leave": sorted(outgoing.leave),
        # As last seen there, for the log: what this replaces.
        "before": {name: gathered.there[name] for name in sorted(outgoing.fields)},
    }


def settle_answers(
    session: Session,
    sending: Sending,
    answers: dict[str, Payload | tuple[Fault, ...] | ItemUnknown],
    *,
    time: datetime | None,
    intuit_tid: str = "",
) -> list[int]:
    """Settle what was answered, in one transaction; returns the Links whose object was stale.

    Items of unknown outcome stay in the Sending, which then stays open. Raises Forbidden when the
    subscription has ended: no record is to blame for that, and each goes once it is renewed.
    """
    session.time_there = time or session.time_there
    rest, stored, refused, ended = [], [], [], False
    for item in sending.items:
        answer = answers.get(item["bid"], ItemUnknown(reason="not answered"))
        if isinstance(answer, ItemUnknown):
            rest.append(item)
        elif isinstance(answer, tuple):
            ended = ended or any(fault.code in COMPANY_STATUS_CODES for fault in answer)
            refused.append((item, answer))
        else:
            stored.append((item, answer))
    links = {
        link.pk: link
        for link in Link.objects.filter(pk__in=[item["link"] for item in sending.items]).select_related(
            "remote", "issue"
        )
    }
    with session.page():
        _settle_stored(session, links, stored)
        stale = _settle_refused(session, links, refused, intuit_tid)
        sending.answered_time = time
        close(sending, rest)
    if ended:
        raise Forbidden(SUBSCRIPTION_ENDED, why="subscription", intuit_tid=intuit_tid)
    return stale


def close(sending: Sending, rest: Sequence[dict[str, Any]] = ()) -> None:
    """Keep only what is still unknown of a Sending; a settled one needs its bytes no more."""
    sending.items = list(rest)
    if not rest:
        sending.state, sending.body = Sending.State.SETTLED, b""
    sending.save(update_fields=["items", "answered_time", "state", "body"])


def _settle_stored(session: Session, links: dict[int, Link], stored: Sequence[tuple[Any, Payload]]) -> None:
    settled: list[Link] = []
    unvoided: list[Link] = []
    changes: list[Change] = []
    for name, group in _grouped(stored).items():
        kind = KIND[name]
        payloads = [payload for _, payload in group]
        remotes = directory.store(session.connection, kind.entity, payloads)
        records = records_there(session, kind, payloads)
        local = [links[item["link"]].local_id for item, _ in group]
        revisions = dict(
            kind.all_here(session.connection.company).filter(pk__in=local).values_list("pk", "revision")
        )
        made = [
            remote for (item, _), remote in zip(group, remotes, strict=True) if item["operation"] == "create"
        ]
        # A look at QuickBooks may have met one before its answer was known.
        Link.objects.filter(remote__in=made, local_id=None).delete()
        for (item, payload), remote, there in zip(group, remotes, records, strict=True):
            link = links[item["link"]]
            before = link.there_baseline or {}
            sent: Encoded = item["record"]
            link.created_by_us |= item["operation"] == "create"
            leave = {field: before[field] for field in item["leave"]}
            leave |= _edited_since(kind, item, before, payload, there)
            if not kind.money:
                leave |= _stored_differently(item, there)
            here = link.here_baseline or {}
            agreed_here = sent if item["operation"] == "create" else {**here, **_only(sent, item)}
            if kind.money and item["operation"] == "remove" and not there["voided"]:
                unvoided.append(link)
                agreed_here = here
            settle.agreed(
                link,
                here=agreed_here,
                here_revision=item["revision"],
                there={**there, **leave},
                remote=remote,
            )
            label = kind.label_there(payload) or remote.name
            if item["operation"] == "create":
                was: Encoded = {}
                now = settle.said(sent)
            else:
                was, now = settle.difference(item["before"], there)
            temporary = item.get("temporary", False)
            action = Change.RENAMED if temporary else DONE[item["operation"]]
            changes.append(
                settle.log(
                    session,
                    kind,
                    link,
                    side=Change.Side.THERE,
                    action=action,
                    label=label,
                    before=was,
                    after=now,
                    remote_id=remote.remote_id,
                    note=_note(session, kind, item, payload),
                )
            )
            # Left over: their edit of other fields, or ours since it was sent.
            totals = kind.totals_there(payload)
            different = bool(item["totals"]) and item["operation"] != "remove" and totals != item["totals"]
            edited = revisions.get(link.local_id) != item["revision"]
            link.open = bool(leave) or agreed_here != sent or different or edited or temporary
            link.waiting = link.open
            session.names_freed += bool(NAMING & set(item["fields"]))
            settled.append(link)
        if name == "payment":
            _pay(session, [item["record"] for item, _ in group if item["operation"] == "create"])
    settle.save(settled)
    settle.clear_issues(settled)
    settle.hold_voided(link for link in settled if link.answers.get("void_there") and link not in unvoided)
    for link in unvoided:
        _tell_unvoided(session, link)
    Change.objects.bulk_create(changes)
    session.unlocked += len(settled)


def _tell_unvoided(session: Session, link: Link) -> None:
    """QuickBooks took the void, and yet it counts there: a person looks, and it is not sent again."""
    gathered = gather(session, KIND[link.kind], [link])[0]
    details: Encoded = {"fields": ["voided"], "sent": {"voided": True}, "stored": {"voided": False}}
    issue = RaiseIssue(reason=Reason.STORED_DIFFERENTLY, details=details)
    settle.raise_issue(session, gathered, issue, refused=True)


def _note(session: Session, kind: Kind, item: dict[str, Any], payload: Payload) -> str:
    if item.get("temporary"):
        return FOR_THE_MOMENT
    return kind.remark(payload, session.facts) if item["operation"] != "remove" else ""


def _stored_differently(item: dict[str, Any], there: Encoded) -> Encoded:
    """What QuickBooks stored otherwise than it was sent: not agreed, so a person sees it."""
    sent: Encoded = item["record"]
    names = item["fields"] or [name for name, value in sent.items() if not is_blank(value)]
    return {name: sent[name] for name in names if there.get(name) != sent[name]}


def _edited_since(
    kind: Kind, item: dict[str, Any], before: Encoded, payload: Payload, there: Encoded
) -> Encoded:
    """What somebody changed there between our write and a look-up that found it: the values before."""
    creates = item["operation"] == "create"
    if int(payload["SyncToken"]) <= item["token"] + (0 if creates else 1):
        return {}  # ours was the last write
    if kind.money and item["operation"] == "remove":
        return {}  # a void changes every amount
    agreed = item["record"] if creates else before
    return {name: agreed[name] for name in changed(agreed, there) - set(item["fields"])}


def _pay(session: Session, sent: Sequence[Encoded]) -> None:
    """What these payments applied is no longer open there; the next look tells the same."""
    paid: dict[int, Decimal] = {}
    for record in sent:
        for allocation in record["allocations"]:
            invoice = allocation["invoice"]
            paid[invoice] = paid.get(invoice, Decimal(0)) + Decimal(allocation["amount"])
    links = Link.objects.filter(connection=session.connection, kind="invoice", local_id__in=paid)
    rows = list(links.filter(remote__isnull=False).values_list("remote", "local_id"))
    if rows:
        left = [When(pk=remote, then=F("balance") - paid[local_id or 0]) for remote, local_id in rows]
        Remote.objects.filter(pk__in=[remote for remote, _ in rows]).update(balance=Case(*left))


def _only(sent: Encoded, item: dict[str, Any]) -> Encoded:
    fields = set(item["fields"]) or set(sent)
    return {name: value for name, value in sent.items() if name in fields}


def _grouped(stored: Sequence[tuple[Any, Payload]]) -> dict[str, list[tuple[Any, Payload]]]:
    groups: dict[str, list[tuple[Any, Payload]]] = {}
    for item, payload in stored:
        groups.setdefault(item["kind"], []).append((item, payload))
    return groups


def _settle_refused(
    session: Session,
    links: dict[int, Link],
    refused: Sequence[tuple[Any, tuple[Fault, ...]]],
    intuit_tid: str,
) -> list[int]:
    stale = []
    for item, found in refused:
        link = links[item["link"]]
        if any(fault.code == STALE for fault in found):
            session.stale_tries[link.pk] += 1
            if session.stale_tries[link.pk] <= STALE_TRIES_MAX:
                stale.append(link.pk)
                continue
        if any(fault.code in COMPANY_STATUS_CODES for fault in found):
            continue
        gathered = gather(session, KIND[item["kind"]], [link])[0]
        raw = dumps([asdict(fault) for fault in found])
        raise_issue = faults.issue_for(session, gathered, found)
        settle.raise_issue(session, gathered, raise_issue, raw=raw, intuit_tid=intuit_tid, refused=True)
    return stale
