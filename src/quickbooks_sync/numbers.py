"""A free number for an invoice whose own is taken in QuickBooks: proposed, never used by itself."""

from collections.abc import Iterable

from service_genius.companies.models import Company
from service_genius.invoices.models import Invoice
from service_genius.invoices.operations import next_number

from .models import Connection, Remote

LENGTH_MAX = 21  # of a DocNumber (qbo-facts E2)
TRIES = 9


def free_numbers(company: Company, connection: Connection, taken: Iterable[str]) -> dict[str, str]:
    """For each number one like it that neither side is known to have: 1043 -> 1043-1."""
    like = {number: [_with_suffix(number, step) for step in range(1, TRIES + 1)] for number in taken}
    asked = [each for candidates in like.values() for each in candidates]
    if not asked:
        return {}
    here = Invoice.objects.filter(company=company, number__in=asked).values_list("number", flat=True)
    there = Remote.objects.filter(connection=connection, entity="Invoice", name__in=asked)
    held = {*here, *there.values_list("name", flat=True)}
    return {
        number: next((each for each in candidates if each not in held), "") or next_number(company=company)
        for number, candidates in like.items()
    }


def _with_suffix(number: str, step: int) -> str:
    suffix = f"-{step}"
    return number[: LENGTH_MAX - len(suffix)] + suffix
