"""Issues as a page shows them: in words, with both sides where they must be compared, and what mends them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from service_genius.companies.models import Company

from .kinds import KIND, Kind
from .kinds.base import Facts, References
from .models import Connection, Issue, Remote
from .pages import local_address, object_address, record_address
from .planner.actions import Reason
from .planner.records import Encoded, encode
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
    about: tuple[str, ...]
    url: str
    answer: Answer


@dataclass(frozen=True, kw_only=True)
class IssueView:
    """One Issue as a page shows it."""

    id: int
    kind: Kind
    label: str
    about: tuple[str, ...]
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


SEND_OR_NOT = (
    Answer(what="different", label="Send it anyway"),
    Answer(what="stop", label="Do not sync it"),
)
ANSWERS: Mapping[Reason, tuple[Answer, ...]] = {
    Reason.LIKELY_PAIR: (Answer(what="different", label="They are different"),),
    Reason.LOOK_ALIKE: SEND_OR_NOT,
    Reason.ALREADY_PAID: SEND_OR_NOT,
    Reason.CHANGED_THERE: (
        Answer(what="take", label="Take it"),
        Answer(what="send", label="Send ours"),
        Answer(what="leave", label="Leave it"),
    ),
    Reason.MERGED_THERE: (
        Answer(what="recreate", label="Send it anew"),
        Answer(what="stop", label="Stop syncing it"),
    ),
    Reason.MERGED_HERE: (Answer(what="stop", label="Leave both there"),),
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
    compared = _Compared(company, [issue for issue in issues if issue.reason == Reason.LIKELY_PAIR])
    return [_issue_view(company, issue, compared) for issue in issues]


def _issue_view(company: Company, issue: Issue, compared: "_Compared") -> IssueView:
    link, reason = issue.link, Reason(issue.reason)
    return IssueView(
        id=issue.pk,
        kind=KIND[link.kind],
        label=issue.label,
        about=compared.here(issue),
        words=issue_sentence(issue),
        raised=moment(company, issue.raised_at),
        here_url=local_address(link.kind, link.local_id),
        edit_url=local_address(link.kind, link.local_id, "edit") if reason in EDITED_HERE else "",
        there_url=_there_url(issue.connection, issue),
        choose_url=f"{reverse('quickbooks:home')}#choices" if reason in CHOSEN else "",
        candidates=tuple(_candidates(issue, compared)),
        answers=(*_own_answers(issue), *ANSWERS.get(reason, ())),
        raw=issue.raw,
        intuit_tid=issue.intuit_tid,
        can_try_again=reason not in ANSWERS,
    )


def _candidates(issue: Issue, compared: "_Compared") -> Iterable[Candidate]:
    entity = KIND[issue.link.kind].entity
    for found in issue.details.get("candidates", []):
        yield Candidate(
            name=found["name"],
            about=compared.there(issue, found["remote_id"]),
            url=object_address(issue.connection, entity, found["remote_id"]),
            answer=Answer(what="same", label="They are the same", value=found["remote_id"]),
        )


def _own_answers(issue: Issue) -> Iterable[Answer]:
    """Buttons that carry a value of this very Issue."""
    if issue.reason == Reason.LOOK_ALIKE:
        yield Answer(what="same", label="This is it", value=issue.details["holder_id"])
    if issue.reason == Reason.MERGED_THERE:
        name = issue.details["name"]
        if issue.details["here"]:
            yield Answer(what="merge", label="Do the same here")
        else:
            yield Answer(what="relink", label=f"Link it with “{name}”")
    if issue.reason == Reason.NAME_TAKEN and issue.link.local_id is not None:
        yield Answer(what="rename", label=f"Rename it to “{issue.details['proposal']}”")


def _there_url(connection: Connection, issue: Issue) -> str:
    if issue.link.remote is not None:
        return record_address(connection, issue.link.remote)
    holder = issue.details.get("holder_id")
    return object_address(connection, issue.details["holder"], holder) if holder else ""


class _Compared:
    """What two records that may be the same are known by, on either side; few queries for all of them."""

    def __init__(self, company: Company, issues: Sequence[Issue]) -> None:
        self._values = Values(company=company, records=())
        self._here: dict[tuple[str, int], Encoded] = {}
        self._there: dict[tuple[str, str], Encoded] = {}
        for kind in KIND.values():
            of_kind = [issue for issue in issues if issue.link.kind == kind.name]
            if of_kind:
                self._read(company, kind, of_kind)

    def _read(self, company: Company, kind: Kind, issues: Sequence[Issue]) -> None:
        for row in kind.all_here(company).filter(pk__in=[issue.link.local_id for issue in issues]):
            self._here[kind.name, row.pk] = encode(kind.from_here(row))
        wanted = [found["remote_id"] for issue in issues for found in issue.details["candidates"]]
        remotes = Remote.objects.filter(connection__company=company, entity=kind.entity, remote_id__in=wanted)
        for remote in remotes:
            record = kind.from_there(remote.payload, References(), Facts())
            self._there[kind.name, remote.remote_id] = encode(record)

    def here(self, issue: Issue) -> tuple[str, ...]:
        return self._told(self._here.get((issue.link.kind, issue.link.local_id or 0), {}))

    def there(self, issue: Issue, remote_id: str) -> tuple[str, ...]:
        return self._told(self._there.get((issue.link.kind, remote_id), {}))

    def _told(self, record: Encoded) -> tuple[str, ...]:
        return tuple(filter(None, (self._values.text(name, record.get(name)) for name in COMPARED)))
