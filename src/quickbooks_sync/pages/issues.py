"""Issues as a page shows them: in words, with both sides where they must be compared, and what mends them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from quickbooks_sync.kinds import KIND, one_of
from quickbooks_sync.memory.directory import called
from quickbooks_sync.memory.numbers import Numbers
from quickbooks_sync.models import Connection, Issue, Remote
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.resolving import following
from quickbooks_sync.resolving.following import Following
from quickbooks_sync.resolving.offers import CHOOSE, CHOSEN, EDITED_HERE, TRIED_AGAIN, Answer, answers_of
from quickbooks_sync.wording.reasons import TITLES, issue_sentence
from quickbooks_sync.wording.values import moment
from service_genius.companies.models import Company

from .history import local_address, object_address, record_address
from .sides import Difference, Sides, candidate_entity, candidate_ids


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A record of QuickBooks that may be the same, beside the one here."""

    name: str
    about: tuple[str, ...]
    url: str
    answer: Answer


@dataclass(frozen=True, kw_only=True)
class IssueView:
    """One Issue as a page shows it."""

    id: int
    kind: str
    title: str
    label: str
    about: tuple[str, ...]
    facts: tuple[str, ...]
    """Whose it is, its amount and date, or by what else a person knows it."""
    words: str
    follows: str
    """What goes to QuickBooks once it is answered, that waits for it."""
    raised: str
    here_url: str
    edit_url: str
    there_url: str
    choose_url: str
    candidates: tuple[Candidate, ...]
    differences: tuple[Difference, ...]
    answers: tuple[Answer, ...]
    raw: str
    intuit_tid: str
    can_try_again: bool


def issue_views(company: Company, issues: Iterable[Issue]) -> list[IssueView]:
    """Issues with their words, the links to both sides, and what may be pressed."""
    issues = list(issues)
    if not issues:
        return []
    sides = Sides(company, issues)
    day = _open_day(company, issues[0].connection)
    numbers = Numbers(company, issues[0].connection)
    taken = [issue for issue in issues if issue.reason == Reason.NUMBER_TAKEN]
    free = {issue.pk: next(iter(numbers.proposed(issue)), "") for issue in taken}
    released_by = following.released_by_answers(issues)
    return [
        _issue_view(
            company,
            issue,
            sides,
            number=free.get(issue.pk, ""),
            day=day,
            released_by=released_by.get(issue.pk),
        )
        for issue in issues
    ]


def _open_day(company: Company, connection: Connection) -> str:
    """The first day from today on that does not lie in closed books, as last heard."""
    preferences = connection.facts.get("preferences", {}).get("AccountingInfoPrefs", {})
    closed, today = preferences.get("BookCloseDate"), company.today()
    return max(today, date.fromisoformat(closed) + timedelta(days=1) if closed else today).isoformat()


def _issue_view(
    company: Company, issue: Issue, sides: Sides, *, number: str, day: str, released_by: Following | None
) -> IssueView:
    link, reason = issue.link, Reason(issue.reason)
    candidates = tuple(_candidates(issue, sides))
    return IssueView(
        id=issue.pk,
        kind=one_of(link.kind),
        title=TITLES[reason],
        label=issue.label,
        about=sides.about_here(issue),
        # Two records of a list stand side by side with all of it.
        facts=() if candidates and not KIND[link.kind].money else sides.facts(issue),
        words=issue_sentence(issue, shown=len(candidates)),
        follows=_follows(released_by),
        raised=moment(company, issue.raised_at),
        here_url=local_address(link.kind, link.local_id),
        edit_url=local_address(link.kind, link.local_id, "edit") if reason in EDITED_HERE else "",
        there_url=_there_url(issue.connection, issue),
        choose_url=f"{reverse('quickbooks:home')}?choices=open#choices" if reason in CHOSEN else "",
        candidates=candidates,
        differences=sides.differences(issue),
        answers=answers_of(issue, free_number=number, day=day),
        raw=issue.raw,
        intuit_tid=issue.intuit_tid,
        can_try_again=reason in TRIED_AGAIN,
    )


def _follows(found: Following | None) -> str:
    if found is None:
        return ""
    waits = "waits" if found.number == 1 else "wait"
    return f"{found.words} {waits} for it, and would go to QuickBooks with the next Sync once it is answered."


def _candidates(issue: Issue, sides: Sides) -> Iterable[Candidate]:
    if issue.reason == Reason.ONLY_THERE:
        yield from _records_here(issue)
        return
    entity = candidate_entity(issue)
    for remote_id in candidate_ids(issue):
        remote = sides.remote(entity, remote_id)
        if remote is None:
            continue
        choice = CHOOSE[Reason(issue.reason)]
        yield Candidate(
            name=called(remote),
            about=sides.about_there(remote),
            url=object_address(issue.connection, entity, remote_id),
            answer=Answer(what=choice.what, label=choice.label, value=remote_id),
        )


def _records_here(issue: Issue) -> Iterable[Candidate]:
    choice = CHOOSE[Reason.ONLY_THERE]
    for each in issue.details["candidates"]:
        yield Candidate(
            name=each["name"],
            about=(),
            url=local_address(issue.link.kind, int(each["local_id"])),
            answer=Answer(what=choice.what, label=choice.label, value=each["local_id"]),
        )


def _there_url(connection: Connection, issue: Issue) -> str:
    if issue.link.remote is not None:
        return record_address(connection, issue.link.remote)
    holder, entity = issue.details.get("holder_id"), issue.details.get("holder", "")
    gone = Remote.objects.filter(connection=connection, entity=entity, remote_id=holder, deleted=True)
    return object_address(connection, entity, holder) if holder and not gone.exists() else ""
