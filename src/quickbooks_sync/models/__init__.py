"""What is remembered between runs.

Observations (`Remote`, the `open` marks) and agreements (`Link` with its two Baselines) are the
truth; work is always derived from them. Deliberately absent: a queue of things to do.
"""

from .books import BooksCheck, Entry
from .connection import Connection
from .issues import Issue, Outcome
from .links import Common, Link, Marker, Remote
from .log import Change, PlannedStep, Side, Step
from .runs import Sending, SyncRun

__all__ = [
    "BooksCheck",
    "Change",
    "Common",
    "Connection",
    "Entry",
    "Issue",
    "Link",
    "Marker",
    "Outcome",
    "PlannedStep",
    "Remote",
    "Sending",
    "Side",
    "Step",
    "SyncRun",
]
