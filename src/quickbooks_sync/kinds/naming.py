"""Where one Kind names records of another, place by place: an invoice its customer, its lines work codes."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

from quickbooks_sync.planner.records import Encoded


@dataclass(frozen=True, kw_only=True)
class Way:
    """How the database leads from a record of one Kind to those of another that it names."""

    field: str
    """The foreign key."""
    through: type[Model] | None = None
    """The rows that have it, if that is not the record itself: its lines, its allocations."""
    owner: str = ""
    """And their key to the record."""

    def where(self, condition: Callable[[str], Q]) -> Q:
        """The records for which this is so of one that they name; the condition is given the key."""
        if self.through is None:
            return condition(self.field)
        rows = self.through._default_manager.filter(condition(self.field))  # noqa: SLF001 - Django's documented name
        return Q(pk__in=rows.values(self.owner))


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
