"""Free numbers for documents whose own are taken in QuickBooks: proposed, never used by themselves.

The series goes on above both sides, so that later ones do not clash again.
"""

from collections.abc import Sequence
from itertools import islice

from quickbooks_sync.kinds import KIND, Kind
from quickbooks_sync.models import Connection, Issue, Remote
from service_genius.companies.models import Company
from service_genius.sales.numbering import after, highest, next_number, series


class Numbers:
    """The numbers that either side is known to have, read once for all questions of a page."""

    def __init__(self, company: Company, connection: Connection) -> None:
        self._company, self._connection = company, connection
        self._held: dict[tuple[str, str], set[str]] = {}

    def after(self, kind: Kind, number: str, count: int, *, there: Sequence[str] = ()) -> list[str]:
        """The next ones in the series of a number that is taken: above all that either side has.

        `there`: numbers that were seen there and are not in the directory.
        """
        here = kind.all_here(self._company)
        front, digits = series(here, number)
        if not digits:
            return [next_number(here)][:count]
        held = {*self._of(kind, front), *there}
        last = highest(front, digits, held)
        found = list(islice((each for each in after(front, last) if each not in held), count))
        return found if all(len(each) <= kind.name_length for each in found) else []

    def proposed(self, issue: Issue) -> list[str]:
        """The numbers for a document and those that wait with it: one each."""
        kind, details = KIND[issue.link.kind], issue.details
        if not details.get("number") or not kind.numbered_with:
            return []
        count = 1 + len(details.get("others", ()))
        return self.after(kind, details["number"], count, there=details.get("there", ()))

    def _of(self, kind: Kind, front: str) -> set[str]:
        if (kind.name, front) not in self._held:
            here = kind.all_here(self._company).filter(number__startswith=front)
            there = Remote.objects.filter(
                connection=self._connection, entity__in=kind.numbered_with, name__startswith=front
            )
            self._held[kind.name, front] = {
                *here.values_list("number", flat=True),
                *there.values_list("name", flat=True),
            }
        return self._held[kind.name, front]
