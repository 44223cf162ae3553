"""Issues as a page shows them: in words, with both sides where they must be compared, and what mends them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from service_genius.companies.models import Company

from .kinds import KIND, Kind
from .models import Connection, Issue
from .pages import local_address, object_address, record_address
from .planner.actions import Reason
from .planner.records import encode
from .values import Values, moment
from .words import issue_sentence

#: What is compared when two records may be the same: the fields a person knows them by.
COMPARED = ("email", "phone", "billing_street", "billing_city", "code", "description", "price")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A button: what it does, and what it says."""

    what: str
    label: str
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A record of QuickBooks that may be the same, beside the one here."""

    name: str
    about: str
    url: str
    answer: Answer


@dataclass(frozen=True, kw_only=True)
class IssueView:
    """One Issue as a page shows it."""

    id: int
    kind: Kind
    label: str
    about: str
    words: str
    raised: str
    here_url: str
    edit_url: str
    there_url: str
    choose_url: str
    candidates: tuple[Candidate, ...]
    answers: tuple[Answer, ...]
    raw: str
    intuit_tid: str
    can_try_again: bool


ANSWERS: Mapping[Reason, tuple[Answer, ...]] = {
    Reason.LIKELY_PAIR: (Answer(what="different", label="They are different"),),
    Reason.LOOK_ALIKE: (
        Answer(what="different", label="Send it anyway"),
        Answer(what="stop", label="Do not sync it"),
    ),
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
#: Mended by changing the record here; the page leads to its form.
EDITED_HERE = {
    Reason.NAME_TAKEN,
    Reason.CANNOT_HOLD,
    Reason.REFUSED_THERE,
    Reason.NUMBER_TAKEN,
    Reason.SALES_TAX_OFF,
    Reason.DISCOUNTS_OFF,
}
#: Mended by a choice on the page of the sync.
CHOSEN = {Reason.TAX_NOT_MAPPED, Reason.NO_ACCOUNT}


def issue_views(company: Company, issues: Iterable[Issue]) -> list[IssueView]:
    """Issues with their words, the links to both sides, and what may be pressed."""
    issues = list(issues)
    about = _about_here(company, [issue for issue in issues if issue.reason == Reason.LIKELY_PAIR])
    return [_issue_view(company, issue, about.get(issue.pk, "")) for issue in issues]


def _issue_view(company: Company, issue: Issue, about: str) -> IssueView:
    link, reason = issue.link, Reason(issue.reason)
    return IssueView(
        id=issue.pk,
        kind=KIND[link.kind],
        label=issue.label,
        about=about,
        words=issue_sentence(issue),
        raised=moment(company, issue.raised_at),
        here_url=local_address(link.kind, link.local_id),
        edit_url=local_address(link.kind, link.local_id, "edit") if reason in EDITED_HERE else "",
        there_url=_there_url(issue.connection, issue),
        choose_url=f"{reverse('quickbooks:home')}#choices" if reason in CHOSEN else "",
        candidates=tuple(_candidates(issue)),
        answers=(*_rename(issue), *ANSWERS.get(reason, ())),
        raw=issue.raw,
        intuit_tid=issue.intuit_tid,
        can_try_again=reason not in ANSWERS,
    )


def _candidates(issue: Issue) -> Iterable[Candidate]:
    entity = KIND[issue.link.kind].entity
    for found in issue.details.get("candidates", []):
        yield Candidate(
            name=found["name"],
            about=_listed(found["email"], found["phone"]),
            url=object_address(issue.connection, entity, found["remote_id"]),
            answer=Answer(what="same", label="They are the same", value=found["remote_id"]),
        )


def _rename(issue: Issue) -> Iterable[Answer]:
    if issue.reason == Reason.NAME_TAKEN and issue.link.local_id is not None:
        yield Answer(what="rename", label=f"Rename it to “{issue.details['proposal']}”")


def _there_url(connection: Connection, issue: Issue) -> str:
    if issue.link.remote is not None:
        return record_address(connection, issue.link.remote)
    holder = issue.details.get("holder_id")
    return object_address(connection, issue.details["holder"], holder) if holder else ""


def _about_here(company: Company, issues: Sequence[Issue]) -> dict[int, str]:
    """What the records here are known by, per Issue; one query per Kind."""
    records: dict[int, dict[str, Any]] = {}
    for kind in KIND.values():
        wanted = {issue.link.local_id: issue.pk for issue in issues if issue.link.kind == kind.name}
        if wanted:
            for row in kind.all_here(company).filter(pk__in=wanted):
                records[wanted[row.pk]] = encode(kind.from_here(row))
    values = Values(company=company, records=records.values())
    return {
        issue: _listed(*(values.text(name, record.get(name)) for name in COMPARED))
        for issue, record in records.items()
    }


def _listed(*parts: str) -> str:
    return ", ".join(filter(None, parts))
