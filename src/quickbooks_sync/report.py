"""A run in words: one sentence, and a table per Kind and direction."""

from dataclasses import dataclass

from .kinds import KINDS
from .models import SyncRun

VERBS = {"created": "created", "updated": "updated", "removed": "removed", "linked": "linked"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a run did for one Kind."""

    kind: str
    title: str
    here: dict[str, int]
    there: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.here.values()) + sum(self.there.values())


def rows(run: SyncRun) -> list[Row]:
    """One row a Kind, what nothing happened to included."""
    return [
        Row(
            kind=kind.name,
            title=kind.title,
            here={verb: run.counts.get(f"{kind.name}.here.{verb}", 0) for verb in VERBS},
            there={verb: run.counts.get(f"{kind.name}.there.{verb}", 0) for verb in VERBS},
        )
        for kind in KINDS
    ]


def sentence(run: SyncRun) -> str:
    """How a run went, in one sentence."""
    name = run.get_scope_display()
    attention = run.counts.get("attention", 0)
    need = {0: "", 1: "; 1 needs you"}.get(attention, f"; {attention:,} need you")
    match run.state:
        case SyncRun.State.QUEUED if run.waiting_for:
            return f"{run.waiting_for}; {name} goes on by itself."
        case SyncRun.State.QUEUED:
            return f"{name} is about to start."
        case SyncRun.State.RUNNING:
            return f"{name} is running."
        case SyncRun.State.CANCELLED:
            return f"{name} was stopped. What was done is kept; press Sync to go on."
        case SyncRun.State.FAILED:
            return run.error
        case SyncRun.State.ASKING:
            return "A question needs your answer before anything is sent."
    if run.scope == SyncRun.Scope.LOOK:
        return "Looked at both sides; nothing was changed."
    table = rows(run)
    total = sum(row.total for row in table)
    if not total:
        return f"{name} finished: both sides were already the same{need}."
    to_there = sum(sum(row.there.values()) for row in table)
    to_here = sum(sum(row.here.values()) for row in table)
    parts = []
    if to_there:
        parts.append(f"{to_there:,} to QuickBooks")
    if to_here:
        parts.append(f"{to_here:,} in Service Genius")
    changes = "1 change" if total == 1 else f"{total:,} changes"
    return f"{name} finished with {changes} ({', '.join(parts)}){need}."
