"""Where one Kind names records of another, place by place: an invoice its customer, its lines work codes."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from quickbooks_sync.planner.records import Encoded


@dataclass(frozen=True, kw_only=True)
class Naming:
    """How records of a Kind name those of another, on both sides."""

    field: str
    """The field of the Record in which they are named."""
    rows: Callable[[Iterable[int]], Q]
    """Which records here name one of these."""
    here: Callable[[Encoded], list[int | None]]
    """The local ids that a Record or a Baseline names, in their order."""
    there: Callable[[dict[str, Any]], list[str]]
    """The remote ids that an object names, in the same order."""
    as_there: Callable[[Encoded, Encoded, Collection[int]], Encoded] | None = None
    """A Baseline that names in these places what the Record there names.

    None where balances hang on it: then a person decides on each.
    """
