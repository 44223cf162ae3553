"""What can be asked of the sync, and what becomes of a wish when others came before it.

The one table of what joins, follows and replaces what; docs/sync-rules.md, Runs, has it in words. A new
caller asks for a Wish. If it is one that others ask for, too, it shares their run; if it is of a new sort,
what tells it from all others is a field of Wish, and nothing else has to be said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to have done. Two that are equal in every field are the same wish."""

    scope: str
    #: Only shown, not done.
    preview: bool = False
    #: The id of the preview whose steps are to be done, and nothing else.
    from_preview: int | None = None


class Stage(StrEnum):
    """How far a run is that has not ended."""

    QUEUED = "queued"
    RUNNING = "running"
    ASKING = "asking"


class Place(StrEnum):
    """Where a wish goes."""

    JOINS = "the run that is there does it"
    FOLLOWS = "a run of its own, behind all that are there"
    REPLACES = "a run of its own, too; once it begins, the question of the older one is its own"


#: Where a wish goes for which there is a run already. A run that waits, for its turn or for QuickBooks, looks
#: at both sides when its turn comes, so it will see what was entered by now. One at work has looked.
SAME = {Stage.QUEUED: Place.JOINS, Stage.RUNNING: Place.FOLLOWS, Stage.ASKING: Place.REPLACES}
#: Where it goes when what is there is any other wish: none does all of another. A Full Sync moves no money, a
#: preview does nothing, a run from a preview does only what that one showed.
OTHER = Place.FOLLOWS


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """A run that has not ended."""

    id: int
    wish: Wish
    stage: Stage


def joined(wish: Wish, ahead: Iterable[Ahead]) -> int | None:
    """The id of the run that does this wish, or nothing if it needs one of its own."""
    for run in ahead:
        place = SAME[run.stage] if run.wish == wish else OTHER
        if place == Place.JOINS:
            return run.id
    return None
