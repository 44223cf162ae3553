"""Find out what became of Sendings whose answer was lost.

One rule, whether or not QuickBooks honours request ids: look up each item. Everything found is settled
at once. When nothing was found and no late commit can come any more, the whole Sending goes again, byte
for byte; when some were found, the rest are new attempts.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from qbo.batch import ItemUnknown
from qbo.errors import Missing, Refused
from qbo.payload import escape, parse_time
from qbo.retry import Answered, Unknown

from . import directory, settle
from .answered import close, settle_answers
from .gather import gather
from .kinds import KIND, Kind
from .kinds.base import Payload, reference
from .models import Link, Remote, Sending
from .outbox import stamp, submit
from .planner.actions import RaiseIssue, Reason
from .planner.records import Encoded, encode
from .session import Session

QUERIES_PER_CALL = 30
WAIT_SECONDS = 5.0
#: So many on one day of one amount are more than any office takes.
ROWS_MAX = 1000


@dataclass(kw_only=True)
class Found:
    """What a look-up of one Sending told."""

    answers: dict[str, Payload] = field(default_factory=dict)
    not_executed: set[str] = field(default_factory=set)
    overtaken: dict[str, Payload] = field(default_factory=dict)
    #: Items of which QuickBooks holds two that could be ours, with those.
    twice: dict[str, list[Payload]] = field(default_factory=dict)


def recover(session: Session) -> float:
    """Settle what can be; returns the seconds until the rest can be known (0: nothing is left)."""
    wait = 0.0
    for sending in Sending.objects.filter(connection=session.connection, state=Sending.State.OPEN).order_by(
        "pk"
    ):
        wait = max(wait, _recover_one(session, sending))
    return wait


def _recover_one(session: Session, sending: Sending) -> float:
    age = (session.clock.utc() - sending.sent_at).total_seconds()
    found = _look_up(session, sending)
    if found.answers:
        settle_answers(session, sending, dict(found.answers), time=session.time_there)
    if found.twice:
        _ask_which(session, sending, found)
    left = [item for item in sending.items if item["bid"] not in found.answers]
    if not left:
        return 0.0
    if age < session.late_commit_seconds:
        return session.late_commit_seconds - age
    if found.answers or found.overtaken or found.twice or sending.answered_time is not None:
        _let_go(session, sending, found)
        return 0.0
    return _send_again(session, sending)


def _look_up(session: Session, sending: Sending) -> Found:
    found = Found()
    creates = [item for item in sending.items if item["operation"] == "create"]
    for item in sending.items:
        if item["operation"] != "create":
            _look_at_update(session, item, found)
    for start in range(0, len(creates), QUERIES_PER_CALL):
        part = creates[start : start + QUERIES_PER_CALL]
        links = {link.pk: link for link in Link.objects.filter(pk__in=[item["link"] for item in part])}
        statements = [_statement(session, KIND[item["kind"]], links[item["link"]], item) for item in part]
        session.assert_no_transaction()
        answers = session.client.queries(statements)
        session.keep_lease()
        for item, answer in zip(part, answers, strict=True):
            if isinstance(answer, Refused):
                raise answer
            session.time_there = parse_time(answer.time) if answer.time else session.time_there
            ours = [row for row in answer.rows if _is_ours(session, sending, links[item["link"]], item, row)]
            if len(ours) == 1:
                found.answers[item["bid"]] = ours[0]
            elif ours:
                found.twice[item["bid"]] = ours
    return found


def _statement(session: Session, kind: Kind, link: Link, item: dict[str, Any]) -> str:
    gathered = gather(session, kind, [link])[0]
    where = kind.look_up(item["record"], gathered.references, escape)
    return f"SELECT * FROM {kind.entity} WHERE {where} MAXRESULTS {ROWS_MAX}"  # noqa: S608 - escaped by the Kind


def _is_ours(session: Session, sending: Sending, link: Link, item: dict[str, Any], row: Payload) -> bool:
    """Unlinked, created after our send by QuickBooks' own time, and equal to what was sent."""
    kind = KIND[item["kind"]]
    taken = Remote.objects.filter(
        connection=session.connection,
        entity=kind.entity,
        remote_id=str(row["Id"]),
        link__local_id__isnull=False,
    )
    if taken.exists():
        return False
    created = parse_time(row["MetaData"]["CreateTime"])
    # CreateTime has whole seconds.
    if sending.time_before is not None and created < sending.time_before - timedelta(seconds=1):
        return False
    if kind.money:
        return kind.carries_marker(row, link.marker)
    gathered = gather(session, kind, [link])[0]
    parent = gathered.references.there.get((kind.name, item["record"].get("parent") or 0), "")
    if reference(row, "ParentRef") != parent:
        return False  # a name may stand again under another
    stored = encode(kind.from_there(row, gathered.references, session.facts))
    return _equal_where_sent(item["record"], stored)


def _equal_where_sent(sent: Encoded, stored: Encoded) -> bool:
    return all(stored.get(name) == value for name, value in sent.items() if name != "parent")


def _look_at_update(session: Session, item: dict[str, Any], found: Found) -> None:
    kind = KIND[item["kind"]]
    link = Link.objects.select_related("remote").get(pk=item["link"])
    if link.remote is None:
        return
    session.assert_no_transaction()
    try:
        payload = session.client.read(kind.entity, link.remote.remote_id)
    except Missing:
        found.overtaken[item["bid"]] = {}
        return
    if int(payload["SyncToken"]) == item["token"]:
        found.not_executed.add(item["bid"])
        return
    gathered = gather(session, kind, [link])[0]
    stored = encode(kind.from_there(payload, gathered.references, session.facts))
    if all(stored.get(name) == item["record"][name] for name in item["fields"]):
        found.answers[item["bid"]] = payload
    else:
        found.overtaken[item["bid"]] = payload


def _ask_which(session: Session, sending: Sending, found: Found) -> None:
    """Two could be the one we sent: a person looks, and nothing is sent meanwhile."""
    with session.page():
        for item in sending.items:
            if item["bid"] in found.twice:
                kind = KIND[item["kind"]]
                stored = directory.store(session.connection, kind.entity, found.twice[item["bid"]])
                candidates = directory.candidates(stored)
                link = Link.objects.select_related("remote").get(pk=item["link"])
                gathered = gather(session, kind, [link])[0]
                issue = RaiseIssue(reason=Reason.FOUND_TWICE, details={"candidates": candidates})
                settle.raise_issue(session, gathered, issue, refused=True)
        close(sending, [item for item in sending.items if item["bid"] not in found.twice])


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
    settle_answers(session, sending, outcome.items, time=time, intuit_tid=outcome.intuit_tid)
    unknown = any(isinstance(answer, ItemUnknown) for answer in outcome.items.values())
    return 1.0 if unknown else 0.0
