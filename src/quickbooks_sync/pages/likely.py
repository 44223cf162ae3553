"""Questions whether two are the same, as a page shows them: side by side, the likeliest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from quickbooks_sync.gathering import searched
from quickbooks_sync.kinds import KIND, LISTS, Kind, one_of
from quickbooks_sync.memory.directory import called
from quickbooks_sync.models import Connection, Issue, Link, Remote
from quickbooks_sync.planner.matching.side_by_side import FieldStanding, address_standing, standing
from quickbooks_sync.planner.records import Encoded
from quickbooks_sync.resolving import likely
from quickbooks_sync.resolving.following import Following, released_by_all
from quickbooks_sync.resolving.likely import Above, Line
from quickbooks_sync.resolving.offers import NUMBERED, namesakes, shown_beside
from quickbooks_sync.wording.values import field_title
from service_genius.companies.models import Company

from . import searching
from .attention import Choice
from .history import local_address, object_address
from .parts import Order, Part, address, part
from .sides import Sides, candidate_entity, candidate_ids

ORDER = Order(likely.ORDER)
#: What tells no two records apart, or is said in other words.
NOT_SHOWN = {"active", "taxable", "notes"}
#: What the fields of an address begin with.
ADDRESSES = ("billing", "service")
#: Of all that would be linked at once, so many are listed.
PAIRS_SHOWN = 100
#: A sign for the eye and words for everybody.
MARKS = {
    FieldStanding.SAME: ("=", "same"),
    FieldStanding.ALIKE: ("≈", "same, written otherwise"),
    FieldStanding.OTHER: ("≠", "differs"),
    FieldStanding.ONLY_HERE: ("", "only here"),
    FieldStanding.ONLY_THERE: ("", "only in QuickBooks"),
}
KEYS = (
    (("j", "↓"), "Next question"),
    (("k", "↑"), "Question before"),
    (("s",), "They are the same"),
    (("2", "3", "4", "5"), "The same as the second, third, ... that is shown"),
    (("d",), "They are different"),
    (("l",), "Later"),
    (("f",), "Search for another"),
)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of both records, and how it compares."""

    title: str
    here: str
    there: str
    standing: str
    sign: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One record of QuickBooks beside the one here."""

    remote_id: str
    name: str
    url: str
    told: str
    inactive: bool
    fields: tuple[Field, ...]
    key: str
    """The key that says that the two are the same."""
    namesake: str = ""
    """Somebody else here who has its very name."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Whether one record here is one of those in QuickBooks."""

    id: int
    kind: str
    label: str
    here_url: str
    beside: tuple[Beside, ...]
    put_off: bool
    shown: str
    """What stands beside it, for the answer that it is none of them."""
    hint: str
    """What else the answer that they are different does."""
    place: str
    """Where it stands in the order of all: see `line_of`."""
    back: str
    """Where an answer leads: to the next question."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far somebody has come since the oldest question that is left was asked."""

    answered: int
    left: int

    @property
    def total(self) -> int:
        return self.answered + self.left


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """One part of the questions."""

    questions: Sequence[Question]
    part: Part
    kinds: Sequence[Choice]
    kind: str
    progress: Progress
    follows: Following | None
    """What goes to QuickBooks once they are all said to be others."""
    newest: int
    """The newest question of all: what comes after it was not seen on this page."""
    search: str
    kept: Mapping[str, str]
    unsought: str


def workbench(company: Company, connection: Connection, asked: Mapping[str, str]) -> Workbench:
    """The part that an address asks for."""
    counts = dict(
        likely.questions(connection).order_by().values_list("link__kind").annotate(number=Count("pk"))
    )
    kind = asked_kind(asked)
    search = searching.typed(asked)
    rows = likely.questions(connection, kind).select_related("link", "connection__company")
    rows = rows.filter(searching.labelled(company, search, path="link__")) if search else rows
    kept = {"kind": kind} if kind else {}
    shown = part(rows, asked, kept={**kept, "q": search}, order=ORDER)
    here = address({**kept, "q": search, **{name: asked.get(name, "") for name in ("after", "before")}})
    return Workbench(
        questions=question_views(company, shown.rows, back=here, onward=_next(rows, shown)),
        part=shown,
        kinds=_kinds(counts, kind),
        kind=kind,
        progress=_progress(connection, sum(counts.values())),
        follows=released(connection, likely.questions(connection)) if shown.rows else None,
        newest=_newest(connection),
        search=search,
        kept=kept,
        unsought=address(kept),
    )


def released(connection: Connection, asked: QuerySet[Issue]) -> Following | None:
    """What goes to QuickBooks once all of these are answered."""
    return released_by_all(connection, Link.objects.filter(pk__in=asked.values("link")))


def asked_kind(asked: Mapping[str, str]) -> str:
    """The list that an address narrows the questions to."""
    return asked.get("kind", "") if asked.get("kind", "") in {each.name for each in LISTS} else ""


def line_of(asked: Mapping[str, str]) -> Line | None:
    """The line that an address or a form names."""
    key, _, newest = asked.get("line", "").rpartition(",")
    place, last = ORDER.read(Issue, key), Order().read(Issue, newest)
    if place is None or last is None:
        return None
    put_off, likeness, pk = place
    return Line(put_off=put_off, likeness=likeness, pk=pk, newest=last[0])


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two records that would be linked."""

    here: str
    there: str
    told: str


def pairs_of(found: Above) -> list[Pair]:
    """The first of them, in words."""
    return [
        Pair(here=issue.label, there=called(remote), told=issue.details["candidates"][0].get("told", ""))
        for issue, remote in found.pairs[:PAIRS_SHOWN]
    ]


def _newest(connection: Connection) -> int:
    found = likely.questions(connection).order_by("-pk").values_list("pk", flat=True).first()
    return found or 0


def _next(rows: QuerySet[Issue], shown: Part) -> int:
    """The question after the last one of a part."""
    if not shown.next_address:
        return 0
    place = ORDER.read(Issue, ORDER.key(shown.rows[-1])) or ()
    following = rows.filter(ORDER.after(place)).order_by(*ORDER.fields)
    return following.values_list("pk", flat=True).first() or 0


def _kinds(counts: Mapping[str, int], kind: str) -> list[Choice]:
    titles = [("", "All records"), *((each.name, each.title) for each in LISTS if counts.get(each.name))]
    if len(counts) < 2 and not kind:  # noqa: PLR2004 - nothing to choose from
        return []
    return [
        Choice(
            title=title,
            count=counts.get(name, 0) if name else sum(counts.values()),
            address=address({"kind": name}),
            current=name == kind,
        )
        for name, title in titles
    ]


def _progress(connection: Connection, left: int) -> Progress:
    since = likely.questions(connection).aggregate(since=Min("raised_at"))["since"]
    return Progress(answered=likely.answered(connection, since), left=left)


def question_views(
    company: Company, issues: Sequence[Issue], *, back: str = "", onward: int = 0
) -> list[Question]:
    """Questions with both records; few queries for all of them. `onward`: the one after the last."""
    if not issues:
        return []
    sides = Sides(company, issues)
    page = reverse("quickbooks:likely") + back
    following = [*(issue.pk for issue in issues[1:]), onward]
    return [
        _question(issue, sides, back=f"{page}#{f'question-{after}' if after else 'questions'}")
        for issue, after in zip(issues, following, strict=True)
    ]


def _question(issue: Issue, sides: Sides, *, back: str) -> Question:
    told = {str(each["remote_id"]): each.get("told", "") for each in issue.details["candidates"]}
    entity = candidate_entity(issue)
    found = (sides.remote(entity, remote_id) for remote_id in candidate_ids(issue))
    beside = tuple(
        beside_of(
            issue, sides, remote, told=told.get(remote.remote_id, ""), key=str(number) if number > 1 else "s"
        )
        for number, remote in enumerate(filter(None, found), start=1)
    )
    return Question(
        id=issue.pk,
        kind=one_of(issue.link.kind),
        label=issue.label,
        here_url=local_address(issue.link.kind, issue.link.local_id),
        beside=beside,
        put_off=bool(issue.put_off),
        shown=shown_beside(issue),
        hint=NUMBERED.format(name=issue.label) if namesakes(issue) else "",
        place=ORDER.key(issue),
        back=back,
    )


def beside_of(
    issue: Issue, sides: Sides, remote: Remote, *, told: str, key: str, namesake: str = ""
) -> Beside:
    """One record there beside that of a question."""
    return Beside(
        remote_id=remote.remote_id,
        name=called(remote),
        url=object_address(issue.connection, remote.entity, remote.remote_id),
        told=told,
        inactive=not remote.active,
        fields=tuple(_fields(issue, sides, remote)),
        key=key,
        namesake=namesake,
    )


def _fields(issue: Issue, sides: Sides, remote: Remote) -> list[Field]:
    here, there = sides.record_here(issue), sides.record_there(remote)
    found: list[Field] = []
    for title, names in _rows(KIND[issue.link.kind]).items():
        mine, theirs = ([record.get(name) for name in names] for record in (here, there))
        if len(names) == 1:
            stands = standing(names[0], *mine, *theirs)
        elif all(_is_where_it_bills(record, names) for record in (here, there)):
            continue
        else:
            stands = address_standing(names, mine, theirs)
        if stands is None:
            continue
        sign, words = MARKS[stands]
        found.append(
            Field(
                title=field_title(title),
                here=_text(sides, names, mine),
                there=_text(sides, names, theirs),
                standing=stands.value,
                sign=sign,
                words=words,
            )
        )
    return found


def _rows(kind: Kind) -> dict[str, list[str]]:
    """What is compared line by line: the fields of an address in one."""
    rows: dict[str, list[str]] = {}
    for name in kind.blank:
        which = name.partition("_")[0]
        if name not in NOT_SHOWN:
            rows.setdefault(f"{which} address" if which in ADDRESSES else name, []).append(name)
    return rows


def _is_where_it_bills(record: Encoded, names: Sequence[str]) -> bool:
    """Whether this address says nothing that the first one of the record does not say."""
    which = names[0].partition("_")[0]
    first = [record.get(name.replace(which, ADDRESSES[0], 1)) for name in names]
    own = [record.get(name) for name in names]
    return which != ADDRESSES[0] and (own == first or not any(own))


def _text(sides: Sides, names: Sequence[str], values: Sequence[Any]) -> str:
    texts = (sides.text(name, value) for name, value in zip(names, values, strict=True))
    return ", ".join(filter(None, texts))


@dataclass(frozen=True, kw_only=True)
class Search:
    """Others of QuickBooks that a record may be."""

    question: Question
    typed: str
    found: tuple[Beside, ...]
    too_many: bool


def search(company: Company, issue: Issue, row: Any, asked: Mapping[str, str]) -> Search:
    """What an address looks for among those in QuickBooks that have nobody here; `row`: the record here."""
    kind, typed = KIND[issue.link.kind], searching.typed(asked)
    sought = searched.seek(issue.connection, kind, row, typed)
    sides = Sides(company, [issue], more=[each.remote for each in sought.found])
    return Search(
        question=_question(issue, sides, back=asked.get("back", "")),
        typed=typed,
        found=tuple(
            beside_of(issue, sides, each.remote, told=each.told, key="s", namesake=each.namesake)
            for each in sought.found
        ),
        too_many=sought.too_many,
    )
