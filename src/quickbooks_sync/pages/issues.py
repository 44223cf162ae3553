"""Issues as a page shows them: in words, with both sides where they must be compared, and what mends them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from quickbooks_sync.access import connection as connections
from quickbooks_sync.gathering.references import find_references
from quickbooks_sync.kinds import KIND, Kind, one_of
from quickbooks_sync.kinds.base import Facts
from quickbooks_sync.memory.directory import called
from quickbooks_sync.memory.numbers import Numbers
from quickbooks_sync.models import Connection, Issue, Remote
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.records import Encoded, encode
from quickbooks_sync.resolving import following
from quickbooks_sync.resolving.following import Following
from quickbooks_sync.resolving.offers import CHOOSE, CHOSEN, EDITED_HERE, TRIED_AGAIN, Answer, answers_of
from quickbooks_sync.wording.reasons import TITLES, issue_sentence
from quickbooks_sync.wording.values import Values, field_title, moment
from service_genius.companies.models import Company
from service_genius.ui.templatetags.service_genius import money

from .history import local_address, object_address, record_address

#: What is compared when two records may be the same: the fields a person knows them by.
COMPARED = (
    *("company_name", "email", "phone", "mobile"),
    *("billing_street", "billing_city", "billing_postal_code", "code", "description", "price"),
    *("date", "amount", "reference", "memo"),
)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A record of QuickBooks that may be the same, beside the one here."""

    name: str
    about: tuple[str, ...]
    url: str
    answer: Answer


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field as it is on either side."""

    title: str
    here: str
    there: str


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
    sides = _Sides(company, issues)
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
    company: Company, issue: Issue, sides: "_Sides", *, number: str, day: str, released_by: Following | None
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


def _candidate_entity(issue: Issue) -> str:
    """A payment that pays an older invoice asks for the invoice."""
    return KIND["invoice" if issue.reason == Reason.OLDER_INVOICE else issue.link.kind].entity


def _candidate_ids(issue: Issue) -> list[str]:
    """Ids of what it may be there, in the order in which they are shown."""
    found = [str(each["remote_id"]) for each in issue.details.get("candidates", []) if "remote_id" in each]
    holder = issue.details.get("holder_id")
    if issue.reason == Reason.NAME_TAKEN and issue.link.paired:
        return found  # it has its counterpart already
    if holder and issue.reason in CHOOSE and issue.details.get("holder") == KIND[issue.link.kind].entity:
        found.append(str(holder))
    return found


def _candidates(issue: Issue, sides: "_Sides") -> Iterable[Candidate]:
    if issue.reason == Reason.ONLY_THERE:
        yield from _records_here(issue)
        return
    entity = _candidate_entity(issue)
    for remote_id in _candidate_ids(issue):
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


class _Sides:
    """What these Issues are about, on either side; few queries for all of them."""

    def __init__(self, company: Company, issues: Sequence[Issue]) -> None:
        self._currency = company.currency
        self._connection = issues[0].connection
        self._facts = connections.facts_of(self._connection)
        self._here: dict[tuple[str, int], Encoded] = {}
        self._totals: dict[tuple[str, int], Encoded] = {}
        self._there: dict[int, Encoded] = {}
        self._remotes: dict[tuple[str, str], Remote] = {}
        for kind in KIND.values():
            self._read_here(company, kind, [issue for issue in issues if issue.link.kind == kind.name])
            self._read_there(kind, issues)
        self._values = Values(company=company, records=[*self._here.values(), *self._there.values()])

    def _read_here(self, company: Company, kind: Kind, issues: Sequence[Issue]) -> None:
        wanted = [issue.link.local_id for issue in issues if issue.link.local_id is not None]
        for row in kind.all_here(company).filter(pk__in=wanted) if wanted else ():
            self._here[kind.name, row.pk] = encode(kind.from_here(row))
            self._totals[kind.name, row.pk] = kind.totals_here(row)

    def _read_there(self, kind: Kind, issues: Sequence[Issue]) -> None:
        wanted = [
            remote_id
            for issue in issues
            if _candidate_entity(issue) == kind.entity
            for remote_id in _candidate_ids(issue)
        ]
        # What is linked meanwhile with another record is no candidate any more.
        free = Remote.objects.filter(
            connection=self._connection, entity=kind.entity, remote_id__in=wanted, deleted=False
        ).exclude(link__local_id__isnull=False)
        home = Facts(home_currency=self._connection.company.currency)
        remotes = [
            remote
            for remote in (free if wanted else ())
            if not kind.foreign_currency(None, remote.payload, home)  # never paired with one of ours
        ]
        self._remotes |= {(kind.entity, remote.remote_id): remote for remote in remotes}
        linked = [issue.link.remote for issue in issues if issue.link.kind == kind.name]
        self._decode(kind, [*remotes, *filter(None, linked)])

    def _decode(self, kind: Kind, remotes: Sequence[Remote]) -> None:
        payloads = {remote.pk: remote.payload for remote in remotes if remote.packed and not remote.deleted}
        keys = {key for payload in payloads.values() for key in kind.refers_to_there(payload)}
        references, _ = find_references(self._connection, (), keys)
        for pk, payload in payloads.items():
            self._there[pk] = encode(kind.from_there(payload, references, self._facts))

    def remote(self, entity: str, remote_id: str) -> Remote | None:
        return self._remotes.get((entity, remote_id))

    def about_here(self, issue: Issue) -> tuple[str, ...]:
        return self._told(self._record_here(issue))

    def facts(self, issue: Issue) -> tuple[str, ...]:
        """By what a person knows the record: here, or there if it is only there."""
        link, remote = issue.link, issue.link.remote
        record = self._record_here(issue)
        total = self._totals.get((link.kind, link.local_id or 0), {}).get("total")
        payload = remote.payload if remote is not None and not record else {}
        if not record and remote is not None:
            record, total = self._there.get(remote.pk, {}), remote.total
        if not KIND[link.kind].money:
            return self._told(record)
        told = (
            self._values.text("customer", record.get("customer"))
            or str((payload.get("CustomerRef") or {}).get("name", "")),
            money(Decimal(total), self._currency) if total is not None else "",
            *(self._values.text(name, record.get(name)) for name in ("date", "method", "reference")),
        )
        return tuple(filter(None, told))

    def about_there(self, remote: Remote) -> tuple[str, ...]:
        total = () if remote.total is None else (money(remote.total, self._currency),)
        record = self._there.get(remote.pk, {})
        return (*total, *self._told({name: value for name, value in record.items() if name != "amount"}))

    def differences(self, issue: Issue) -> tuple[Difference, ...]:
        """The fields that an Issue is about, as they are on both sides."""
        if "stored" in issue.details:
            return tuple(self._total(issue, name) for name in issue.details["fields"])
        if issue.link.remote is None or not issue.link.paired:
            return ()
        here, there = self._record_here(issue), self._there.get(issue.link.remote.pk, {})
        return tuple(
            Difference(
                title=field_title(name),
                here=self._values.text(name, here.get(name)),
                there=self._values.text(name, there.get(name)),
            )
            for name in issue.details.get("fields", ())
            if name in here and name in there and here[name] != there[name]
        )

    def _total(self, issue: Issue, name: str) -> Difference:
        def told(value: Any) -> str:
            return money(Decimal(value), self._currency) if value is not None else ""

        sent, stored = issue.details["sent"], issue.details["stored"]
        return Difference(title=field_title(name), here=told(sent.get(name)), there=told(stored.get(name)))

    def _record_here(self, issue: Issue) -> Encoded:
        return self._here.get((issue.link.kind, issue.link.local_id or 0), {})

    def _told(self, record: Encoded) -> tuple[str, ...]:
        # A firm is called by its name already.
        own = record.get("display_name")
        told = {
            name: record.get(name) for name in COMPARED if name != "company_name" or record.get(name) != own
        }
        return tuple(filter(None, (self._values.text(name, value) for name, value in told.items())))
