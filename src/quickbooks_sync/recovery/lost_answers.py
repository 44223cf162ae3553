"""Find out what became of Sendings whose answer was lost.

One rule, whether or not QuickBooks honours request ids: look up each item, all of them together. What is
recognised is settled at once. Once no late commit can come any more: what may be there all the same is put
before a person; a Sending of which nothing is there goes again, byte for byte; of another, what is left is
decided anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from qbo.batch import ItemUnknown
from qbo.errors import Missing
from qbo.payload import parse_time
from qbo.retry import Answered, Unknown
from quickbooks_sync.access.session import Session
from quickbooks_sync.agreements import settling
from quickbooks_sync.gathering.pairs import gather
from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.kinds.base import Payload
from quickbooks_sync.memory import directory, doubts
from quickbooks_sync.models import Link, Sending
from quickbooks_sync.observing import put_back
from quickbooks_sync.planner.actions import RaiseIssue
from quickbooks_sync.planner.decide import decide
from quickbooks_sync.planner.recognition import Sent, recognise
from quickbooks_sync.planner.records import Encoded, encode
from quickbooks_sync.sending.outbox import stamp, submit
from quickbooks_sync.sending.responses import DELETED, close, settle_answers

from . import strangers

WAIT_SECONDS = 5.0
#: CreateTime has whole seconds.
SECOND = timedelta(seconds=1)
#: A look for what was created counts for so long: a run goes on within minutes, or by hand the next day.
LOOK_COUNTS_FOR = timedelta(hours=1)
#: What was done longer before the answer is remembered, and not done with it.
JUST_NOW = timedelta(seconds=30)

Item = dict[str, Any]
Answers = dict[str, Any]


@dataclass(kw_only=True)
class Found:
    """What a look-up of one Sending told, by batch item."""

    answers: dict[str, Payload] = field(default_factory=dict)
    overtaken: dict[str, Payload] = field(default_factory=dict)
    #: Creations that may be one of these.
    doubtful: dict[str, Sequence[Payload]] = field(default_factory=dict)


def recover(session: Session) -> float:
    """Settle what can be; returns the seconds until the rest can be known (0: nothing is left)."""
    rows = Sending.objects.filter(connection=session.connection, state=Sending.State.OPEN)
    sendings = list(rows.order_by("pk"))
    found = {sending.pk: Found() for sending in sendings}
    for sending in sendings:
        for item in sending.items:
            if not _creates(item):
                _look_at_update(session, item, found[sending.pk])
    _look_for_creations(session, sendings, found)
    return max((_conclude(session, sending, found[sending.pk]) for sending in sendings), default=0.0)


def _creates(item: Item) -> bool:
    return bool(item["operation"] == "create")


def _conclude(session: Session, sending: Sending, found: Found) -> float:
    """Settle what was found of one Sending, and what is left of it if that is certain by now."""
    if found.answers:
        settle_answers(session, sending, dict(found.answers), time=session.time_there)
    left = [item for item in sending.items if item["bid"] not in found.answers]
    if not left:
        return 0.0
    wait = _until_certain(session, sending, left)
    if wait > 0:
        return wait
    missing = [item for item in left if _creates(item) and item["bid"] not in found.doubtful]
    kinds = [KIND[name] for name in sorted({item["kind"] for item in missing})]
    gone = strangers.removed(session, kinds, _since(session, sending)) if kinds else {}
    doubted = {item["bid"]: gone[item["kind"]] for item in missing if gone.get(item["kind"])}
    doubted |= dict.fromkeys(found.doubtful, 0)
    if doubted:
        _doubt(session, sending, found, doubted)
    if found.answers or found.overtaken or doubted or sending.answered_time is not None:
        _let_go(session, sending, found)
        return 0.0
    return _send_again(session, sending)


def _until_certain(session: Session, sending: Sending, left: Iterable[Item]) -> float:
    """Seconds until what is not there by then never will be.

    Creations by QuickBooks' own clock: ours may jump. An edit that went again too early would be refused.
    """
    if any(map(_creates, left)) and sending.looked_at is not None and session.time_there is not None:
        waited = (session.time_there - sending.looked_at).total_seconds()
    else:
        waited = (session.clock.utc() - sending.sent_at).total_seconds()
    return session.late_commit_seconds - waited


def _look_for_creations(session: Session, sendings: Sequence[Sending], found: dict[int, Found]) -> None:
    """Look for all of them at once: what is one's cannot be another's."""
    creating = [sending for sending in sendings if any(map(_creates, sending.items))]
    if not creating:
        return
    names = {item["kind"] for sending in creating for item in sending.items if _creates(item)}
    kinds = [KIND[name] for name in sorted(names)]
    rows = strangers.created(session, kinds, min(_since(session, sending) for sending in creating))
    new = [sending for sending in creating if sending.looked_at is None]
    with session.page():
        for sending in new:
            sending.looked_at = session.time_there or session.clock.utc()
            sending.save(update_fields=["looked_at"])
    for kind in kinds:
        _recognise(session, kind, rows[kind.name], creating, found)


def _since(session: Session, sending: Sending) -> datetime:
    """The earliest moment, by QuickBooks' clock, at which anything of it can have been created."""
    known = sending.time_before
    return known - SECOND if known else sending.sent_at - timedelta(seconds=session.late_commit_seconds)


def _recognise(
    session: Session,
    kind: Kind,
    rows: Sequence[Payload],
    sendings: Sequence[Sending],
    found: dict[int, Found],
) -> None:
    items = {
        item["bid"]: (sending, item)
        for sending in sendings
        for item in sending.items
        if _creates(item) and item["kind"] == kind.name
    }
    links = Link.objects.filter(pk__in=[item["link"] for _, item in items.values()])
    markers = dict(links.values_list("pk", "marker"))
    sent = [
        Sent(
            key=bid,
            record=item["record"],
            marker=markers.get(item["link"], ""),
            since=_since(session, sending),
            until=_until(session, sending),
        )
        for bid, (sending, item) in items.items()
    ]
    recognised = recognise(sent, strangers.candidates(session, kind, rows), proper=kind.proper)
    payloads = {str(row["Id"]): row for row in rows}
    for bid, remote_id in recognised.found.items():
        found[items[bid][0].pk].answers[bid] = payloads[remote_id]
    for bid, ids in recognised.doubtful.items():
        found[items[bid][0].pk].doubtful[bid] = [payloads[remote_id] for remote_id in ids]


def _until(session: Session, sending: Sending) -> datetime | None:
    """It was given up before anybody looked for it, so it was committed no later than this.

    Unless that look is of long ago: it may be one that a backup remembers, and it has gone again since.
    """
    looked, now = sending.looked_at, session.time_there or session.clock.utc()
    if looked is None or now - looked > LOOK_COUNTS_FOR:
        return None
    return looked + timedelta(seconds=session.late_commit_seconds)


def _look_at_update(session: Session, item: Item, found: Found) -> None:
    kind = KIND[item["kind"]]
    link = Link.objects.select_related("remote").get(pk=item["link"])
    if link.remote is None:
        return
    payload = put_back.read(session, link.remote)
    if payload is None and item["operation"] == "remove" and kind.removal == "delete":
        found.answers[item["bid"]] = {"Id": link.remote.remote_id, "status": DELETED}
        return
    if payload is None:
        found.overtaken[item["bid"]] = {}
        return
    if int(payload["SyncToken"]) == item["token"]:
        return  # not carried out, so far
    gathered = gather(session, kind, [link])[0]
    stored = encode(kind.from_there(payload, gathered.references, session.facts))
    if all(stored.get(name) == item["record"][name] for name in item["fields"]):
        found.answers[item["bid"]] = payload
    else:
        found.overtaken[item["bid"]] = payload


def _doubt(session: Session, sending: Sending, found: Found, doubted: dict[str, int]) -> None:
    """A person looks, and nothing is created for these meanwhile; the others go on."""
    with session.page():
        for item in sending.items:
            if item["bid"] in doubted:
                rows = found.doubtful.get(item["bid"], ())
                remotes = directory.store(session.connection, KIND[item["kind"]].entity, rows)
                doubt: Encoded = doubts.of_creation(
                    sent=item["record"],
                    revision=item["revision"],
                    candidates=directory.candidates(remotes),
                    gone=doubted[item["bid"]],
                )
                Link.objects.filter(pk=item["link"]).update(in_doubt=doubt)
                link = Link.objects.select_related("remote").get(pk=item["link"])
                gathered = gather(session, KIND[item["kind"]], [link])[0]
                action = decide(gathered.pair, session.policy)
                # None if it is put away by now, and nothing there may be it.
                if isinstance(action, RaiseIssue):
                    settling.raise_issue(session, gathered, action)
        close(sending, [item for item in sending.items if item["bid"] not in doubted])


def _let_go(session: Session, sending: Sending, found: Found) -> None:
    """What is left did not happen: its Links are open, and are decided anew."""
    with session.page():
        for item in sending.items:
            payload = found.overtaken.get(item["bid"])
            if payload:
                directory.store(session.connection, KIND[item["kind"]].entity, [payload])
        Link.objects.filter(pk__in=[item["link"] for item in sending.items]).update(open=True)
        close(sending)


def _send_again(session: Session, sending: Sending) -> float:
    """The same bytes under the same ids: whatever QuickBooks remembers of them, nothing happens twice."""
    session.before_sending()
    session.client.await_turn()
    stamp(session, sending)
    submit(session, sending)
    while (outcome := session.client.next_write(WAIT_SECONDS)) is None:
        session.keep_lease()
    if not isinstance(outcome, Answered):
        if isinstance(outcome, Unknown):
            stamp(session, sending)
        return 1.0
    time = parse_time(outcome.time) if outcome.time else None
    answers = _now(session, sending, dict(outcome.items), time)
    dead = outcome.items.keys() - answers.keys()
    settle_answers(session, sending, answers, time=time, intuit_tid=outcome.intuit_tid)
    if dead:
        _doubt(session, sending, Found(), dict.fromkeys(dead, 1))
    if any(_is_older(answer, outcome.items[bid]) for bid, answer in answers.items()):
        put_back.notice(session)
        raise put_back.WentBack
    unknown = any(isinstance(answer, ItemUnknown) for answer in outcome.items.values())
    return 1.0 if unknown else 0.0


def _is_older(now: Any, answer: Any) -> bool:
    """Whether what is there now is an earlier version than the one that was answered."""
    versions = [int(each.get("SyncToken") or 0) for each in (now, answer) if isinstance(each, dict)]
    return len(versions) > 1 and versions[0] < versions[1]


def _now(session: Session, sending: Sending, answers: Answers, time: datetime | None) -> Answers:
    """What is answered with an object of before, as that is now; without creations whose object is gone.

    Nobody found it done, and yet QuickBooks remembered its answer: it tells of that time alone.
    """
    now = dict(answers)
    for item in sending.items:
        answer = answers.get(item["bid"])
        if not isinstance(answer, dict) or answer.get("status") == DELETED:
            continue
        creates = _creates(item)
        done = parse_time(answer["MetaData"]["CreateTime" if creates else "LastUpdatedTime"])
        if time is None or done + JUST_NOW < time:
            session.assert_no_transaction()
            try:
                now[item["bid"]] = session.client.read(KIND[item["kind"]].entity, str(answer["Id"]))
            except Missing:
                if creates:
                    del now[item["bid"]]
    return now
