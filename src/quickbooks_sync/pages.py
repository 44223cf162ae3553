"""What the templates show, prepared: issues with their words and links, addresses on both sides."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

import qbo.environment

from . import connection as connections
from .kinds import KIND, Kind
from .models import Change, Connection, Issue, Remote
from .planner.actions import Reason
from .words import field_words, issue_sentence

LOCAL_PAGES = {
    "customer": "customers:detail",
    "work_code": "work_codes:detail",
    "invoice": "invoices:detail",
    "payment": "payments:detail",
}


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A record of QuickBooks that may be the same."""

    remote_id: str
    name: str
    about: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A button: what it does, and what it says."""

    what: str
    label: str


ANSWERS: dict[Reason, tuple[Answer, ...]] = {
    Reason.LIKELY_PAIR: (Answer(what="different", label="They are different"),),
    Reason.CHANGED_THERE: (
        Answer(what="take", label="Take it"),
        Answer(what="send", label="Send ours"),
        Answer(what="leave", label="Leave it"),
    ),
    Reason.REMOVED_THERE: (
        Answer(what="remove", label="Do the same here"),
        Answer(what="recreate", label="Send it anew"),
        Answer(what="stop", label="Stop syncing it"),
    ),
}
NO_NEW_TRY = {Reason.LIKELY_PAIR, Reason.CHANGED_THERE, Reason.REMOVED_THERE}


@dataclass(frozen=True, kw_only=True)
class IssueView:
    """One Issue as a page shows it."""

    id: int
    kind: Kind
    label: str
    words: str
    here_url: str
    there_url: str
    candidates: tuple[Candidate, ...]
    answers: tuple[Answer, ...]
    raw: str
    intuit_tid: str
    can_try_again: bool


def issue_view(issue: Issue) -> IssueView:
    """The words, the links to both sides, and what may be pressed."""
    link = issue.link
    connection = issue.connection
    candidates = tuple(
        Candidate(
            remote_id=candidate["remote_id"],
            name=candidate["name"],
            about=", ".join(filter(None, (candidate["email"], candidate["phone"]))),
            url=_address(connection, KIND[link.kind].entity, candidate["remote_id"]),
        )
        for candidate in issue.details.get("candidates", [])
    )
    there = record_address(connection, link.remote) if link.remote is not None else ""
    if not there and issue.details.get("holder_id"):
        there = _address(connection, issue.details["holder"], issue.details["holder_id"])
    return IssueView(
        id=issue.pk,
        kind=KIND[link.kind],
        label=issue.label,
        words=issue_sentence(issue),
        here_url=local_address(link.kind, link.local_id),
        there_url=there,
        candidates=candidates,
        answers=ANSWERS.get(Reason(issue.reason), ()),
        raw=issue.raw,
        intuit_tid=issue.intuit_tid,
        can_try_again=Reason(issue.reason) not in NO_NEW_TRY,
    )


def local_address(kind: str, local_id: int | None) -> str:
    """The page of a record here, or nothing."""
    if local_id is None:
        return ""
    try:
        return reverse(LOCAL_PAGES[kind], kwargs={"pk": local_id})
    except NoReverseMatch:
        return ""


def record_address(connection: Connection, remote: Remote) -> str:
    """Where a person opens the record in QuickBooks."""
    return _address(connection, remote.entity, remote.remote_id)


def _address(connection: Connection, entity: str, remote_id: str) -> str:
    try:
        return _record_url(connection, entity, remote_id)
    except KeyError:
        return ""  # vendors and employees: their names count, their pages are not ours to know


def _record_url(connection: Connection, entity: str, remote_id: str) -> str:
    return qbo.environment.record_url(connections.environment(), connection.realm_id, entity, remote_id)


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """One line of the log as a page shows it."""

    change: Change
    title: str
    here_url: str
    there_url: str
    fields: tuple[tuple[str, object, object], ...]


def change_view(connection: Connection, change: Change) -> ChangeView:
    """A change with its links to both sides and its fields, before and after."""
    kind = KIND[change.kind]
    names = sorted(set(change.before) | set(change.after))
    return ChangeView(
        change=change,
        title=kind.title,
        here_url=local_address(change.kind, change.local_id),
        there_url=_address(connection, kind.entity, change.remote_id) if change.remote_id else "",
        fields=tuple(
            (field_words([name]), change.before.get(name, ""), change.after.get(name, "")) for name in names
        ),
    )
