"""Free numbers for invoices whose own are taken in QuickBooks: proposed, never used by themselves.

The series goes on above both sides, so that later invoices do not clash again.
"""

from collections.abc import Sequence
from itertools import islice

from quickbooks_sync.models import Connection, Issue, Remote
from service_genius.companies.models import Company
from service_genius.invoices.models import Invoice
from service_genius.sales.numbering import after, highest, next_number, series

#: Forms of QuickBooks that share one series of numbers.
SALES_FORMS = ("Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")
LENGTH_MAX = 21  # of a DocNumber (facts E2)


class Numbers:
    """The numbers that either side is known to have, read once for all questions of a page."""

    def __init__(self, company: Company, connection: Connection) -> None:
        self._company, self._connection = company, connection
        self._held: dict[str, set[str]] = {}

    def after(self, number: str, count: int, *, there: Sequence[str] = ()) -> list[str]:
        """The next ones in the series of a number that is taken: above all that either side has.

        `there`: numbers that were seen there and are not in the directory.
        """
        here = Invoice.objects.filter(company=self._company)
        front, digits = series(here, number)
        if not digits:
            return [next_number(here)][:count]
        held = {*self._of(front), *there}
        last = highest(front, digits, held)
        found = list(islice((each for each in after(front, last) if each not in held), count))
        return found if all(len(each) <= LENGTH_MAX for each in found) else []

    def proposed(self, issue: Issue) -> list[str]:
        """The numbers for an invoice and those that wait with it: one each."""
        details = issue.details
        if not details.get("number"):
            return []
        count = 1 + len(details.get("others", ()))
        return self.after(details["number"], count, there=details.get("there", ()))

    def _of(self, front: str) -> set[str]:
        if front not in self._held:
            here = Invoice.objects.filter(company=self._company, number__startswith=front)
            there = Remote.objects.filter(
                connection=self._connection, entity__in=SALES_FORMS, name__startswith=front
            )
            self._held[front] = {
                *here.values_list("number", flat=True),
                *there.values_list("name", flat=True),
            }
        return self._held[front]
