"""A run in words: a headline, one sentence, a table per Kind and direction, and how far it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from .kinds import KINDS, LISTS, Kind
from .models import Link, PlannedStep, SyncRun
from .words import question_sentence, replaced_words

VERBS = ("created", "updated", "removed", "linked")
NOTHING_TO_DO = "there is nothing to do: nothing would be copied or changed"
UNCHANGED = "both sides were already the same"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a run did for one Kind."""

    kind: str
    title: str
    here: Mapping[str, int]
    there: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.here.values()) + sum(self.there.values())

    @property
    def changed_here(self) -> int:
        return self.here["updated"] + self.here["removed"]

    @property
    def changed_there(self) -> int:
        return self.there["updated"] + self.there["removed"]


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run is with one Kind, and the record at hand."""

    title: str
    done: int
    left: int
    at_hand: str

    @property
    def total(self) -> int:
        return self.done + self.left


def rows(run: SyncRun) -> list[Row]:
    """One row for each Kind the run moves, also where nothing happened."""
    return [
        Row(
            kind=kind.name,
            title=kind.title,
            here={verb: run.counts.get(f"{kind.name}.here.{verb}", 0) for verb in VERBS},
            there={verb: run.counts.get(f"{kind.name}.there.{verb}", 0) for verb in VERBS},
        )
        for kind in _kinds(run)
    ]


def sums(run: SyncRun) -> list[tuple[str, int, Decimal]]:
    """What a preview would send of money: Kind, how many, and their total."""
    steps = PlannedStep.objects.filter(run=run, action="created", total__isnull=False)
    found = {
        kind: (number, total)
        for kind, number, total in steps.values_list("kind").annotate(Count("pk"), Sum("total"))
    }
    return [(row.title, *found[row.kind]) for row in rows(run) if row.kind in found]


def progress(run: SyncRun) -> list[Progress]:
    """How far a live run is; empty while it still compares both sides."""
    if not run.progress:
        return []
    links = Link.objects.filter(connection=run.connection_id, open=True, waiting=False, issue=None)
    left = dict(
        links.filter(state=Link.State.ACTIVE).values_list("kind").annotate(Count("pk")).order_by("kind")
    )
    return [
        Progress(
            title=row.title,
            done=row.total,
            left=left.get(row.kind, 0),
            at_hand=str(run.progress.get("label", "")) if run.progress.get("kind") == row.kind else "",
        )
        for row in rows(run)
    ]


HEADLINES = {
    SyncRun.State.QUEUED: "is about to start",
    SyncRun.State.RUNNING: "is running",
    SyncRun.State.ASKING: "has a question",
    SyncRun.State.DONE: "finished",
    SyncRun.State.FAILED: "could not finish",
    SyncRun.State.CANCELLED: "was stopped",
}
STORIES = {
    SyncRun.State.QUEUED: "It goes on by itself.",
    SyncRun.State.RUNNING: "It goes on by itself.",
    SyncRun.State.CANCELLED: "What was done is kept; press Sync to go on.",
}


def headline(run: SyncRun) -> str:
    """What a run is doing, or how it ended, in a few words."""
    words = HEADLINES[SyncRun.State(run.state)]
    if run.live:
        words = "is stopping" if run.cancel_asked else "is waiting" if run.waiting_for else words
    return name(run) if run.preview and run.state == SyncRun.State.DONE else f"{name(run)} {words}"


def name(run: SyncRun) -> str:
    """What a run is called in a list."""
    return f"Preview of {run.get_scope_display()}" if run.preview else run.get_scope_display()


def story(run: SyncRun) -> str:
    """How a run went, in one sentence."""
    if run.live and run.waiting_for:
        return f"{run.waiting_for}; it goes on by itself."
    if run.state == SyncRun.State.FAILED:
        return run.error
    if run.state == SyncRun.State.ASKING:
        return question_sentence(run.question or {})
    if run.state != SyncRun.State.DONE:
        return STORIES[SyncRun.State(run.state)]
    if run.scope == SyncRun.Scope.LOOK:
        return "Looked at both sides; nothing was changed."
    told = [*_told(run), *filter(None, [replaced_words(run.counts, done=not run.preview)])]
    attention = _needing(run)
    if attention:
        told.append(f"{attention:,} need{'s' if attention == 1 else ''} you")
    words = "; ".join(told)
    return f"{words[:1].upper()}{words[1:]}."


def sentence(run: SyncRun) -> str:
    """Headline and story together, for places with a single line."""
    return f"{headline(run)}. {story(run)}"


def _needing(run: SyncRun) -> int:
    """How many records need a person after a run, or would after what a preview shows."""
    if not run.preview:
        return int(run.counts.get("attention", 0))
    return sum(run.counts.get(f"{kind.name}.there.attention", 0) for kind in _kinds(run))


def _kinds(run: SyncRun) -> tuple[Kind, ...]:
    return KINDS if run.scope == SyncRun.Scope.SYNC else LISTS


def _told(run: SyncRun) -> list[str]:
    table = rows(run)
    parts = [
        *_part(table, "there", ("created",), "sent to QuickBooks"),
        *_part(table, "there", ("updated",), "changed there"),
        *_part(table, "there", ("removed",), "removed there"),
        *_part(table, "here", ("created",), "taken from QuickBooks"),
        *_part(table, "here", ("updated", "removed"), "changed here"),
        *_part(table, "here", ("linked",), "paired"),
    ]
    if run.preview:
        return [f"Nothing was done yet. What would follow: {', '.join(parts)}" if parts else NOTHING_TO_DO]
    return [", ".join(parts) or UNCHANGED]


def _part(table: list[Row], side: str, verbs: tuple[str, ...], done: str) -> list[str]:
    counted = {row.kind: sum(getattr(row, side)[verb] for verb in verbs) for row in table}
    kinds = [kind for kind, number in counted.items() if number]
    number = sum(counted.values())
    if not kinds:
        return []
    if len(kinds) > 1:
        return [f"{number:,} {done}"]
    return [f"{number:,} {kinds[0].replace('_', ' ')}{'' if number == 1 else 's'} {done}"]
