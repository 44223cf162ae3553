"""Free numbers for invoices whose own are taken in QuickBooks: proposed, never used by themselves.

The series goes on above both sides, so that later invoices do not clash again.
"""

from collections.abc import Sequence
from itertools import islice

from service_genius.companies.models import Company
from service_genius.invoices.models import Invoice
from service_genius.invoices.numbering import free_after, highest, next_number, series

from .models import Connection, Issue, Remote

#: Forms of QuickBooks that share one series of numbers.
SALES_FORMS = ("Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")
LENGTH_MAX = 21  # of a DocNumber (qbo-facts E2)


def next_numbers(
    company: Company, connection: Connection, number: str, count: int, *, there: Sequence[str] = ()
) -> list[str]:
    """The next ones in the series of a number that is taken: above all that either side is known to have.

    `there`: numbers that were seen there and are not in the directory.
    """
    front, digits = series(company, number)
    if not digits:
        return [next_number(company=company)][:count]
    here = Invoice.objects.filter(company=company, number__startswith=front).values_list("number", flat=True)
    remotes = Remote.objects.filter(connection=connection, entity__in=SALES_FORMS, name__startswith=front)
    held = {*remotes.values_list("name", flat=True), *there}
    last = highest(front, digits, [*here, *held])
    found = list(islice(free_after(company, front, last, held=held), count))
    return found if all(len(each) <= LENGTH_MAX for each in found) else []


def proposed(issue: Issue) -> list[str]:
    """The numbers for an invoice and those that wait with it: one each."""
    details = issue.details
    if not details.get("number"):
        return []
    count = 1 + len(details.get("others", ()))
    company = issue.connection.company
    return next_numbers(company, issue.connection, details["number"], count, there=details.get("there", ()))
