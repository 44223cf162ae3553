"""What needs a person, what waits, what is held and what was settled: in parts, with the counts of all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from quickbooks_sync.kinds import KIND, KINDS, one_of
from quickbooks_sync.memory.directory import called
from quickbooks_sync.models import Change, Connection, Issue, Link, Outcome
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.resolving import asked_again, overruled
from quickbooks_sync.resolving.following import Following, released_by_all
from quickbooks_sync.wording.empty import LISTS
from quickbooks_sync.wording.reasons import TITLES
from quickbooks_sync.wording.standing import sentences
from quickbooks_sync.wording.standings import of_link
from quickbooks_sync.wording.values import Values, field_title, moment
from service_genius.companies.models import Company

from . import searching
from .history import local_address
from .issues import IssueView, issue_views
from .parts import NEWEST_FIRST, Part, address, part

NEEDING, CHANGED, REPLACED, WAITING = "", "changed", "replaced", "waiting"
HELD, SETTLED = "held", "settled"
TABS = {
    NEEDING: "Needs attention",
    CHANGED: "Changed in QuickBooks",
    REPLACED: "Replaced by yours",
    WAITING: "Waiting",
    HELD: "Not synced",
    SETTLED: "Settled",
}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One way to narrow the list, with how many it would show."""

    title: str
    count: int
    address: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """A record that is no Issue: it waits, is held, or was settled."""

    link_id: int
    change_id: int = 0
    """Of what was replaced there: the line of the log that says so."""
    label: str
    title: str
    words: str
    when: str
    here_url: str
    ask_again: int = 0
    """The Outcome whose question can be put back."""


@dataclass(frozen=True, kw_only=True)
class Attention:
    """One part of one of the lists."""

    show: str
    heading: str
    empty: tuple[str, str]
    """What is said if it has no row: a heading and a sentence."""
    tabs: Sequence[Choice]
    kinds: Sequence[Choice]
    reasons: Sequence[Choice]
    part: Part
    issues: Sequence[IssueView]
    rows: Sequence[Row]
    likely: int
    """How many likely pairs wait; `likely_up_to` is the newest of them."""
    likely_up_to: int
    likely_follow: Following | None
    """What goes to QuickBooks once they are all said to be others."""
    search: str
    kept: Mapping[str, str]
    """What of the address says which list it is; `unsought` leads to all of it."""
    unsought: str


def attention(company: Company, connection: Connection | None, asked: Mapping[str, str]) -> Attention:
    """The list that an address asks for; what it should not say becomes the default."""
    show = asked.get("show", "") if asked.get("show", "") in TABS else NEEDING
    counts = _issue_counts(company)
    of_tab = {key: number for key, number in counts.items() if _is_changed(key) == (show == CHANGED)}
    kind = asked.get("kind", "") if asked.get("kind", "") in KIND else ""
    reasons = {reason for of_kind, reason in of_tab if kind in {"", of_kind}}
    reason = asked.get("reason", "") if asked.get("reason", "") in reasons else ""
    kept = {name: value for name, value in (("show", show), ("kind", kind), ("reason", reason)) if value}
    lists = _lists(company)
    search = searching.typed(asked)
    rows = _narrowed(lists[show], show, kind, reason)
    rows = rows.filter(_meant(company, show, search)) if search else rows
    shown = part(rows, asked, kept={**kept, "q": search}, order=NEWEST_FIRST)
    of_issues = show in {NEEDING, CHANGED}
    likely = lists[NEEDING].filter(reason=Reason.LIKELY_PAIR)
    newest = likely.order_by("-pk").values_list("pk", flat=True).first() if show == NEEDING else None
    return Attention(
        show=show,
        heading=TABS[show],
        empty=LISTS[show],
        tabs=_tabs(counts, lists, show),
        kinds=_kind_choices(of_tab, show, kind) if of_issues else (),
        reasons=_reason_choices(of_tab, kind, reason) if show == NEEDING else (),
        part=shown,
        issues=issue_views(company, shown.rows) if of_issues else (),
        rows=() if of_issues else list(_rows(company, connection, show, shown.rows)),
        likely=sum(number for (_, name), number in counts.items() if name == Reason.LIKELY_PAIR),
        likely_up_to=newest or 0,
        likely_follow=_released_by_likely(connection, likely) if newest else None,
        search=search,
        kept=kept,
        unsought=address(kept),
    )


def issues_of(company: Company) -> QuerySet[Issue]:
    """The company's Issues, with what a page shows of them."""
    return Issue.objects.filter(connection__company=company).select_related(
        "link__remote", "connection__company"
    )


def _lists(company: Company) -> dict[str, QuerySet[Any]]:
    all_links = Link.objects.filter(connection__company=company).select_related("remote")
    links = all_links.filter(local_id__isnull=False)
    held = all_links.exclude(state=Link.State.ACTIVE)
    return {
        NEEDING: issues_of(company).exclude(reason=Reason.CHANGED_THERE),
        CHANGED: issues_of(company).filter(reason=Reason.CHANGED_THERE),
        REPLACED: overruled.waiting(company),
        WAITING: links.filter(open=True, waiting=True, state=Link.State.ACTIVE, issue=None),
        HELD: held,
        SETTLED: Outcome.objects.filter(connection__company=company).select_related("by"),
    }


def _narrowed(rows: QuerySet[Any], show: str, kind: str, reason: str) -> QuerySet[Any]:
    if show in {NEEDING, CHANGED} and kind:
        rows = rows.filter(link__kind=kind)
    return rows.filter(reason=reason) if reason else rows


def _meant(company: Company, show: str, search: str) -> Q:
    if show in {WAITING, HELD}:
        return searching.linked(company, search)
    return searching.labelled(company, search, path="" if show in {SETTLED, REPLACED} else "link__")


def _released_by_likely(connection: Connection | None, likely: QuerySet[Issue]) -> Following | None:
    links = Link.objects.filter(pk__in=likely.values("link"))
    return released_by_all(connection, links) if connection is not None else None


def _issue_counts(company: Company) -> Counter[tuple[str, str]]:
    """How many Issues of each Kind and reason: one query for every count on the page."""
    rows = Issue.objects.filter(connection__company=company).order_by()
    counted = rows.values_list("link__kind", "reason").annotate(Count("pk"))
    return Counter({(kind, reason): number for kind, reason, number in counted})


def _is_changed(key: tuple[str, str]) -> bool:
    return key[1] == Reason.CHANGED_THERE


def _tabs(counts: Counter[tuple[str, str]], lists: dict[str, QuerySet[Any]], show: str) -> list[Choice]:
    changed = sum(number for key, number in counts.items() if _is_changed(key))
    numbers = {
        NEEDING: sum(counts.values()) - changed,
        CHANGED: changed,
        REPLACED: lists[REPLACED].count(),
        WAITING: lists[WAITING].count(),
        HELD: lists[HELD].count(),
        SETTLED: 0,  # what is over needs no count
    }
    return [
        Choice(title=title, count=numbers[name], address=address({"show": name}), current=name == show)
        for name, title in TABS.items()
    ]


def _kind_choices(counts: Mapping[tuple[str, str], int], show: str, kind: str) -> list[Choice]:
    numbers: Counter[str] = Counter()
    for (name, _), number in counts.items():
        numbers[name] += number
    titles = [("", "All records"), *((each.name, each.title) for each in KINDS if numbers[each.name])]
    return [
        Choice(
            title=title,
            count=numbers[name] if name else sum(numbers.values()),
            address=address({"show": show, "kind": name}),
            current=name == kind,
        )
        for name, title in titles
        if len(numbers) > 1 or kind
    ]


def _reason_choices(counts: Mapping[tuple[str, str], int], kind: str, reason: str) -> list[Choice]:
    numbers: Counter[str] = Counter()
    for (of_kind, name), number in counts.items():
        numbers[name] += number if kind in {"", of_kind} else 0
    found = [(name, TITLES[Reason(name)], number) for name, number in numbers.most_common() if number]
    return [
        Choice(
            title=title,
            count=number,
            address=address({"kind": kind, "reason": name}),
            current=name == reason,
        )
        for name, title, number in [("", "Everything", numbers.total()), *found]
        if len(found) > 1 or reason
    ]


def _rows(company: Company, connection: Connection | None, show: str, found: Sequence[Any]) -> Iterable[Row]:
    if show == SETTLED:
        again = asked_again.can_be(found)
        yield from (_settled(company, outcome, again=outcome.pk in again) for outcome in found)
    elif show == REPLACED:
        yield from _replaced(company, found)
    elif connection is not None:
        names = _names(company, found)
        for link in found:
            yield Row(
                link_id=link.pk,
                label=names.get((link.kind, link.local_id)) or (called(link.remote) if link.remote else ""),
                title=one_of(link.kind),
                words=" ".join(sentences(of_link(link))),
                when="",
                here_url=local_address(link.kind, link.local_id),
            )


def _replaced(company: Company, found: Sequence[Change]) -> Iterable[Row]:
    values = Values(
        company=company, records=[record for each in found for record in (each.before, each.after)]
    )
    for change in found:
        told = [
            f"{field_title(name)}: {_quoted(values.text(name, theirs))} in QuickBooks was replaced by "
            f"{_quoted(values.text(name, change.after.get(name)))}."
            for name, theirs in (change.overruled or {}).items()
        ]
        yield Row(
            link_id=0,
            change_id=change.pk,
            label=change.label,
            title=one_of(change.kind),
            words=" ".join(told),
            when=moment(company, change.at),
            here_url=local_address(change.kind, change.local_id),
        )


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "nothing"


def _settled(company: Company, outcome: Outcome, *, again: bool) -> Row:
    return Row(
        link_id=0,
        label=outcome.label,
        title=TITLES[Reason(outcome.reason)] if outcome.reason in set(Reason) else one_of(outcome.kind),
        words=outcome.words,
        when=f"{moment(company, outcome.at)}{f', {outcome.by}' if outcome.by else ''}",
        here_url=local_address(outcome.kind, outcome.local_id),
        ask_again=outcome.pk if again else 0,
    )


def _names(company: Company, links: Sequence[Link]) -> dict[tuple[str, int | None], str]:
    names: dict[tuple[str, int | None], str] = {}
    for kind in KINDS:
        ids = [link.local_id for link in links if link.kind == kind.name and link.local_id is not None]
        for row in kind.all_here(company).filter(pk__in=ids) if ids else ():
            names[kind.name, row.pk] = kind.label(row)
    return names
