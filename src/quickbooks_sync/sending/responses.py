"""Settle what QuickBooks answered to a Sending: what was agreed, what was refused, what is left over.

What can be read and reckoned before the write transaction is, so that this is short.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from qbo.batch import ItemUnknown
from qbo.errors import Fault, Forbidden
from qbo.payload import dumps
from qbo.retry import COMPANY_STATUS_CODES, SUBSCRIPTION_ENDED
from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering.exchanges import scarce
from quickbooks_sync.gathering.pairs import gather, records_there
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import Payload
from quickbooks_sync.kinds.money import amount_words
from quickbooks_sync.memory import directory, owed_there, rows_here
from quickbooks_sync.models import Change, Link, Remote, Sending
from quickbooks_sync.planner.actions import RaiseIssue, Reason
from quickbooks_sync.planner.decide import changed
from quickbooks_sync.planner.records import Encoded, as_read_back, is_blank, not_agreed, replaced
from quickbooks_sync.sql import rows
from quickbooks_sync.sql.prepared import Select

from . import refusals, taxes
from .deletions import settle_deleted

#: It is not there as it was seen: its token is old, it is gone, or it has a balance that nobody had seen.
STALE = {"5010", "610", "6220"}
STALE_TRIES_MAX = 3
DELETED = "Deleted"
DONE = {"create": "created", "update": "updated", "remove": "removed"}
FOR_THE_MOMENT = "It is so for the moment, because what it takes was still held by another record."
SENT = Select(lambda links: Link.objects.filter(pk__in=links).select_related("remote", "issue"))
MET = Select(
    lambda remotes: Link.objects.filter(remote__in=remotes, local_id=None).values_list("pk", flat=True)
)
PAID = Select(
    lambda connection, invoices: Link.objects.filter(
        connection=connection, kind="invoice", local_id__in=invoices
    ).values_list("remote", "local_id", "remote__balance")
)

Item = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One write that was answered with the object as it is now."""

    kind: Kind
    item: Item
    payload: Payload
    there: Encoded
    """The same object as a Record."""
    remote: Remote
    """And as the directory holds it."""

    @property
    def is_new(self) -> bool:
        return bool(self.item["operation"] == "create")

    @property
    def failed_to_void(self) -> bool:
        """It was answered, and yet it still counts there."""
        removed = self.item["operation"] == "remove"
        return self.kind.money and removed and not self.there["voided"]


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
    rest, answered, deleted, refused, ended = [], [], [], [], False
    for item in sending.items:
        answer = answers.get(item["bid"], ItemUnknown(reason="not answered"))
        if isinstance(answer, ItemUnknown):
            rest.append(item)
        elif isinstance(answer, tuple):
            ended = ended or any(fault.code in COMPANY_STATUS_CODES for fault in answer)
            refused.append((item, answer))
        elif answer.get("status") == DELETED:
            deleted.append(item)
        else:
            answered.append((item, answer))
    links = {link.pk: link for link in SENT(links=[item["link"] for item in sending.items])}
    stored = _stored(session, answered)
    with session.page():
        _settle_stored(session, links, stored)
        settle_deleted(session, links, deleted)
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
    rows.update([sending], ["items", "answered_time", "state", "body"])


def _stored(session: Session, answered: Sequence[tuple[Item, Payload]]) -> list[Stored]:
    """What was stored, in the order of its Kinds."""
    groups: dict[str, list[tuple[Item, Payload]]] = {}
    for item, payload in answered:
        groups.setdefault(item["kind"], []).append((item, payload))
    found: list[Stored] = []
    for name, group in groups.items():
        kind, payloads = KIND[name], [payload for _, payload in group]
        records = records_there(session, kind, payloads)
        remotes = directory.remotes(session.connection, kind.entity, payloads, seen_by=0)
        found += [
            Stored(kind=kind, item=item, payload=payload, there=there, remote=remote)
            for (item, payload), there, remote in zip(group, records, remotes, strict=True)
        ]
    return found


def _settle_stored(session: Session, links: dict[int, Link], stored: Sequence[Stored]) -> None:
    owed_there.carry_over(session.connection, _written(links, stored))
    directory.write([each.remote for each in stored])
    # A look at QuickBooks may have met one before its answer was known.
    if met := MET(remotes=[each.remote.pk for each in stored if each.is_new]):
        Link.objects.filter(pk__in=met).delete()
    revisions = _revisions_here(session, links, stored)
    changes = []
    taxes.learn(session, [_tried(each) for each in stored if _tells_of_tax(each)])
    for each in stored:
        link = links[each.item["link"]]
        changes.append(_logged(session, link, each))
        _agree(link, each, revision=revisions.get((each.kind.name, link.local_id or 0)))
        session.names_freed += _may_free(each)
    _pay(session, [each.item for each in stored if each.kind.pays])
    settled = [links[each.item["link"]] for each in stored]
    unvoided = [links[each.item["link"]] for each in stored if each.failed_to_void]
    settling.save(settled)
    settling.clear_issues(settled)
    settling.hold_voided(link for link in settled if link.answers.get("void_there") and link not in unvoided)
    for link in unvoided:
        _tell_unvoided(session, link)
    rows.insert(changes)
    session.unlocked += len(settled)


def _may_free(stored: Stored) -> bool:
    """Whether what only one may hold there may be free now; so it is of one that is put away."""
    fields = stored.item["fields"]
    return "active" in fields or bool(scarce(stored.kind, fields))


def _written(links: dict[int, Link], stored: Sequence[Stored]) -> list[tuple[Kind, Payload, Payload]]:
    """What was written of money, with the object as it was seen before."""
    found = []
    for each in stored:
        if each.kind.money:
            remote = links[each.item["link"]].remote
            before = remote.payload if remote is not None and not each.is_new else {}
            found.append((each.kind, before, each.payload))
    return found


def _tells_of_tax(stored: Stored) -> bool:
    """Whether the tax there is the answer to ours, and nobody edited it since."""
    return stored.kind.taxed and _was_last(stored.item, stored.payload)


def _tried(stored: Stored) -> taxes.Tried:
    return taxes.Tried(
        operation=stored.item["operation"],
        fields=frozenset(stored.item["fields"]),
        record=stored.item["record"],
        totals=stored.item["totals"],
        payload=stored.payload,
        stored=stored.kind.totals_there(stored.payload),
    )


def _revisions_here(
    session: Session, links: dict[int, Link], stored: Sequence[Stored]
) -> dict[tuple[str, int], int]:
    """The revisions the local records have by now."""
    found: dict[tuple[str, int], int] = {}
    for kind in {each.kind.name: each.kind for each in stored}.values():
        local = [links[each.item["link"]].local_id for each in stored if each.kind is kind]
        now = rows_here.revisions(session.connection, kind, local)
        found |= {(kind.name, pk): revision for pk, revision in now.items()}
    return found


def _agree(link: Link, stored: Stored, *, revision: int | None) -> None:
    """What was sent and what is stored are the new Baselines; what is left over keeps the Link open."""
    item, there, kind = stored.item, stored.there, stored.kind
    sent: Encoded = item["record"]
    before = link.there_baseline or {}
    link.created_by_us |= stored.is_new
    if stored.is_new:
        applied = kind.applied_at_once(stored.payload)
        link.applied, link.applied_by = (applied if applied > 0 else None), None
    leave = {field: before.get(field) for field in item["leave"]}
    leave |= _edited_since(kind, item, before, stored.payload, there)
    if not kind.money:
        leave |= _stored_differently(item, there)
    here = link.here_baseline or {}
    agreed_here = sent if stored.is_new else {**here, **_only(sent, item)}
    if stored.failed_to_void:
        agreed_here = here
    settling.agreed(
        link,
        here=agreed_here,
        here_revision=item["revision"],
        there=not_agreed(there, {**before, **leave}, leave),
        remote=stored.remote,
    )
    # Left over: their edit of other fields, or ours since it was sent.
    totals = kind.totals_there(stored.payload)
    different = bool(item["totals"]) and item["operation"] != "remove" and totals != item["totals"]
    edited = revision != item["revision"]
    temporary = item.get("temporary", False)
    link.open = bool(leave) or agreed_here != sent or different or edited or temporary
    link.waiting = link.open


def _logged(session: Session, link: Link, stored: Stored) -> Change:
    """The line of the log for it."""
    item, there = stored.item, stored.there
    if stored.is_new:
        was: Encoded = {}
        now = settling.said(item["record"])
    else:
        was, now = settling.difference(item["before"], there)
        if item["operation"] == "update" and not item.get("temporary", False):
            session.counts.update(replaced(was, now))
    change = settling.log(
        session,
        stored.kind,
        link,
        side=Change.Side.THERE,
        action=Change.RENAMED if item.get("temporary", False) else DONE[item["operation"]],
        label=stored.kind.label_there(stored.payload) or stored.remote.name,
        before=was,
        after=now,
        remote_id=stored.remote.remote_id,
        note=_note(session, stored.kind, item, stored.payload),
    )
    change.overruled = _overruled(link, stored, was)
    return change


def _overruled(link: Link, stored: Stored, was: Encoded) -> Encoded | None:
    """Of what was replaced there: what somebody had edited there since it was agreed."""
    if stored.kind.money or stored.item["operation"] != "update" or link.there_baseline is None:
        return None
    edited = changed(link.there_baseline, stored.item["before"])
    return {name: was[name] for name in was if name in edited and name in stored.item["fields"]} or None


def _tell_unvoided(session: Session, link: Link) -> None:
    """QuickBooks took the void, and yet it counts there: a person looks, and it is not sent again."""
    gathered = gather(session, KIND[link.kind], [link])[0]
    details: Encoded = {"fields": ["voided"], "sent": {"voided": True}, "stored": {"voided": False}}
    issue = RaiseIssue(reason=Reason.STORED_DIFFERENTLY, details=details)
    settling.raise_issue(session, gathered, issue, cause=gathered.hangs_on)


def _note(session: Session, kind: Kind, item: Item, payload: Payload) -> str:
    if item.get("temporary"):
        return FOR_THE_MOMENT
    applied = kind.applied_at_once(payload) if item["operation"] == "create" else Decimal(0)
    if applied <= 0:
        return str(item.get("note", ""))
    amount = amount_words(applied, session.facts.home_currency)
    return f"QuickBooks itself applied {amount} of this customer's credit to it."


def _stored_differently(item: Item, there: Encoded) -> Encoded:
    """What QuickBooks stored otherwise than it was sent: not agreed, so a person sees it."""
    sent: Encoded = item["record"]
    names = item["fields"] or [name for name, value in sent.items() if not is_blank(value)]
    return {name: sent[name] for name in names if there.get(name) != sent[name]}


def _edited_since(kind: Kind, item: Item, before: Encoded, payload: Payload, there: Encoded) -> Encoded:
    """What ours did not write, and is not as it was seen: the values before.

    Somebody changed it between our write and a look-up that found it. Or the company was put back and then
    edited, up to the very SyncToken that was seen: no edit is refused then.
    """
    creates, was_last = item["operation"] == "create", _was_last(item, payload)
    if creates and was_last:
        return {}
    if kind.money and item["operation"] == "remove":
        return {}  # a void changes every amount
    agreed: Encoded = item["record"] if creates else before
    if creates or was_last:
        agreed = as_read_back(agreed)
    return {name: agreed[name] for name in changed(agreed, there) - set(item["fields"])}


def _was_last(item: Item, payload: Payload) -> bool:
    """Whether ours was the last write there."""
    creates = item["operation"] == "create"
    return int(payload["SyncToken"]) <= int(item["token"]) + (0 if creates else 1)


def _pay(session: Session, items: Sequence[Item]) -> None:
    """What these payments pay more is open there no longer, or less open again; so says the next look."""
    paid: dict[int, Decimal] = {}
    for item in items:
        now = item["record"]["allocations"] if item["operation"] != "remove" else []
        for sign, allocations in ((1, now), (-1, item.get("paid", now))):
            for each in allocations:
                paid[each["invoice"]] = paid.get(each["invoice"], Decimal(0)) + sign * Decimal(each["amount"])
    session.room_freed += sum(amount < 0 for amount in paid.values())
    ids = [invoice for invoice, amount in paid.items() if amount]
    open_there = PAID(connection=session.connection.pk, invoices=ids)
    left = [
        Remote(pk=remote, balance=balance - paid[local_id or 0])
        for remote, local_id, balance in open_there
        if balance is not None
    ]
    rows.update(left, ["balance"])


def _only(sent: Encoded, item: Item) -> Encoded:
    fields = set(item["fields"]) or set(sent)
    return {name: value for name, value in sent.items() if name in fields}


def _settle_refused(
    session: Session,
    links: dict[int, Link],
    refused: Sequence[tuple[Any, tuple[Fault, ...]]],
    intuit_tid: str,
) -> list[int]:
    stale = []
    for item, found in refused:
        link = links[item["link"]]
        if item["operation"] != "create" and any(fault.code in STALE for fault in found):
            session.stale_tries[link.pk] += 1
            if session.stale_tries[link.pk] <= STALE_TRIES_MAX:
                stale.append(link.pk)
                continue
        if any(fault.code in COMPANY_STATUS_CODES for fault in found):
            continue
        gathered = gather(session, KIND[item["kind"]], [link])[0]
        raw = dumps([asdict(fault) for fault in found])
        raise_issue = refusals.issue_for(session, gathered, found)
        cause = item.get("hangs_on", "")
        settling.raise_issue(session, gathered, raise_issue, raw=raw, intuit_tid=intuit_tid, cause=cause)
    return stale
