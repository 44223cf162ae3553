"""A run in words: a headline, one sentence, a table per Kind and direction, and how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from quickbooks_sync.access.asking import unread_words
from quickbooks_sync.kinds import KINDS, LISTS, Kind
from quickbooks_sync.models import Link, PlannedStep, SyncRun
from quickbooks_sync.models.log import ATTENTION, FILLED, WAITS
from quickbooks_sync.runs import left_over
from quickbooks_sync.wording.books import ASTRAY
from quickbooks_sync.wording.questions import question_sentence
from quickbooks_sync.wording.troubles import ACCESS, TROUBLES
from quickbooks_sync.wording.who_wins import difference_words

VERBS = ("created", "updated", "removed", "linked")
#: Pairing fills what is empty here, and takes what wins there.
CHANGED_HERE = ("updated", "removed", FILLED)
NOTHING_TO_DO = "there is nothing to do: nothing would be copied or changed"
UNCHANGED = "both sides were already the same"
#: If something is not the same all the same: it waits, was left, needs somebody, or stays as it is.
NOTHING_DONE = "nothing was copied or changed"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a run did for one Kind."""

    kind: str
    title: str
    here: Mapping[str, int]
    there: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.here[verb] + self.there[verb] for verb in VERBS)

    @property
    def changed_here(self) -> int:
        return sum(self.here[verb] for verb in CHANGED_HERE)

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
            here={verb: run.counts.get(f"{kind.name}.here.{verb}", 0) for verb in (*VERBS, FILLED)},
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
    SyncRun.State.REPLACED: "was begun anew",
}
GOES_ON = "It goes on by itself."
REPLACED = (
    "It was asked for again before its question was answered. "
    "The newer one asks, if the question still holds."
)


def headline(run: SyncRun, ahead: Sequence[SyncRun] = ()) -> str:
    """What a run is doing, or how it ended, in a few words. `ahead`: the runs for which it waits."""
    words = HEADLINES[SyncRun.State(run.state)]
    if ahead:
        words = "waits"
    elif run.live:
        words = "is stopping" if run.cancel_asked else "is waiting" if run.waiting_for else words
    elif run.state == SyncRun.State.CANCELLED and run.started_at is None:
        words = "was taken back"
    return name(run) if run.preview and run.state == SyncRun.State.DONE else f"{name(run)} {words}"


def name(run: SyncRun) -> str:
    """What a run is called in a list."""
    scope = run.get_scope_display()
    if run.preview:
        return f"Preview of {scope}"
    return f"{scope} as shown" if run.from_preview_id is not None else scope


def again(run: SyncRun) -> str:
    """What a person presses to have the same once more, and nothing else."""
    if run.from_preview_id is not None:
        return "press Sync as shown in its preview"
    if run.scope == SyncRun.Scope.BOOKS:
        return "press Check with QuickBooks now"
    ticked = "tick Full Sync and " if run.scope == SyncRun.Scope.FULL else ""
    return f"{ticked}press {'Preview' if run.preview else 'Sync'}"


def is_over(run: SyncRun) -> bool:
    """Whether it failed for want of access, and somebody has given it since."""
    if run.state != SyncRun.State.FAILED or run.trouble not in ACCESS or run.finished_at is None:
        return False
    given = run.connection.authorized_at
    return given is not None and run.finished_at < given


def story(run: SyncRun, ahead: Sequence[SyncRun] = ()) -> str:
    """How a run went, in one sentence. `ahead`: the runs for which it waits."""
    if ahead:
        names = [f"the {name(each)}" for each in ahead]
        them = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        return f"It goes on by itself once {them} {'is' if len(names) == 1 else 'are'} done."
    if run.live:
        return f"{run.waiting_for}; it goes on by itself." if run.waiting_for else GOES_ON
    if run.state == SyncRun.State.ASKING:
        return question_sentence(run.question or {})
    if run.state != SyncRun.State.DONE:
        return _not_done(run)
    if run.scope == SyncRun.Scope.LOOK:
        return "Looked at both sides; nothing was changed."
    return " ".join([_books(run) if run.scope == SyncRun.Scope.BOOKS else _done(run), *unread_words(run)])


def _done(run: SyncRun) -> str:
    told = [*_told(run), *difference_words(run.counts, done=not run.preview)]
    return f"{_capital('; '.join([*told, *_remains(run)]))}."


def _books(run: SyncRun) -> str:
    astray = run.counts.get(ASTRAY, 0)
    if not astray:
        return "The books match: every cent is explained. Nothing was changed."
    customers = "1 customer does" if astray == 1 else f"{astray:,} customers do"
    return f"The books do not match: {customers} not add up. Nothing was changed."


def _not_done(run: SyncRun) -> str:
    """Why a run was not finished, with the way on."""
    if run.state == SyncRun.State.REPLACED:
        return REPLACED
    if run.state == SyncRun.State.FAILED and is_over(run):
        return (
            f"QuickBooks gave no access then, and is connected again since. {_capital(again(run))} to go on."
        )
    if run.state == SyncRun.State.FAILED:
        return run.error if run.trouble in TROUBLES else f"{run.error} {_capital(again(run))} to try again."
    if run.started_at is None:
        return "It was taken back before it began; nothing was done."
    kept = "Nothing was changed" if run.preview else "What was done is kept"
    return f"{kept}; {again(run)} to go on."


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


#: What stands beside a run in a list: a word, and its tone.
BADGES = {
    SyncRun.State.QUEUED: ("Waits", "quiet"),
    SyncRun.State.RUNNING: ("Running", "quiet"),
    SyncRun.State.ASKING: ("Question", "attention"),
    SyncRun.State.DONE: ("", "quiet"),
    SyncRun.State.FAILED: ("Failed", "refused"),
    SyncRun.State.CANCELLED: ("Stopped", "quiet"),
    SyncRun.State.REPLACED: ("Begun anew", "quiet"),
}


def sentence(run: SyncRun) -> str:
    """Headline and story together, for places with a single line."""
    return f"{headline(run)}. {story(run)}"


def _remains(run: SyncRun) -> list[str]:
    """What is not the same after a run, or would not be after what a preview shows."""
    counts, told = run.counts, []
    waiting = _stepwise(run, WAITS) if run.preview else counts.get(left_over.WAITING, 0)
    if waiting:
        told.append(f"{waiting:,} wait{'s' if waiting == 1 else ''} for another record")
    left = 0 if run.preview else counts.get(left_over.LEFT, 0)
    if left:
        told.append(f"{left:,} {'was' if left == 1 else 'were'} left for the next Sync")
    money = 0 if run.preview else counts.get(left_over.MONEY, 0)
    if money:
        records = "invoice or payment goes" if money == 1 else "invoices and payments go"
        told.append(f"{money:,} {records} with a Sync")
    changed = 0 if run.preview else counts.get(left_over.CHANGED, 0)
    if changed:
        told.append(f"{changed:,} changed in QuickBooks {'waits' if changed == 1 else 'wait'} for your word")
    attention = _needing(run)
    if attention:
        told.append(f"{attention:,} need{'s' if attention == 1 else ''} you")
    return told


def _all_the_same(run: SyncRun) -> bool:
    """Whether nothing at all was left; a run of before this was counted does not say so."""
    return not _remains(run) and run.counts.get(left_over.APART) == 0


def _stepwise(run: SyncRun, what: str) -> int:
    return sum(run.counts.get(f"{kind.name}.there.{what}", 0) for kind in _kinds(run))


def _needing(run: SyncRun) -> int:
    """How many records need a person after a run, or would after what a preview shows."""
    if not run.preview:
        return int(run.counts.get(left_over.NEEDING, 0))
    return _stepwise(run, ATTENTION)


def _kinds(run: SyncRun) -> tuple[Kind, ...]:
    return KINDS if run.scope == SyncRun.Scope.SYNC else LISTS


def _told(run: SyncRun) -> list[str]:
    table = rows(run)
    parts = [
        *_part(table, "there", ("created",), "sent to QuickBooks"),
        *_part(table, "there", ("updated",), "changed there"),
        *_part(table, "there", ("removed",), "removed there"),
        *_part(table, "here", ("created",), "taken from QuickBooks"),
        *_part(table, "here", CHANGED_HERE, "changed here"),
        *_part(table, "here", ("linked",), "paired"),
    ]
    if run.preview:
        nothing = NOTHING_DONE if run.unread else NOTHING_TO_DO
        return [f"Nothing was done yet. What would follow: {', '.join(parts)}" if parts else nothing]
    return [", ".join(parts) or (UNCHANGED if not run.unread and _all_the_same(run) else NOTHING_DONE)]


def _part(table: list[Row], side: str, verbs: tuple[str, ...], done: str) -> list[str]:
    counted = {row.kind: sum(getattr(row, side)[verb] for verb in verbs) for row in table}
    kinds = [kind for kind, number in counted.items() if number]
    number = sum(counted.values())
    if not kinds:
        return []
    if len(kinds) > 1:
        return [f"{number:,} {done}"]
    return [f"{number:,} {kinds[0].replace('_', ' ')}{'' if number == 1 else 's'} {done}"]
