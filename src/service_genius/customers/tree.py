"""Who stands above and below whom among the customers of a company."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from service_genius.companies.models import Company
from service_genius.customers.models import Customer

LEVELS_MAX = 5


def parents_upwards(*, company: Company, ids: Iterable[int]) -> dict[int, int | None]:
    """The parent of each of these customers and of all above them."""
    parents: dict[int, int | None] = {}
    wanted = set(ids)
    for _ in range(LEVELS_MAX):
        if not wanted:
            break
        found = dict(Customer.objects.filter(company=company, pk__in=wanted).values_list("pk", "parent_id"))
        parents.update(found)
        wanted = {parent for parent in found.values() if parent is not None} - parents.keys()
    return parents


def is_at_or_below(customer_id: int, other_id: int, *, parents: dict[int, int | None]) -> bool:
    """Whether the customer is the other one, or one of its sub-customers on any level."""
    above: int | None = customer_id
    while above is not None and above != other_id:
        above = parents.get(above)
    return above == other_id


def levels_below(*, company: Company, ids: Iterable[int]) -> int:
    """How many levels of sub-customers stand below the deepest of these."""
    level = set(ids)
    depth = 0
    while level and depth < LEVELS_MAX:
        level = set(Customer.objects.filter(company=company, parent__in=level).values_list("pk", flat=True))
        depth += bool(level)
    return depth


def at_or_below(customer_id: int, *, company: Company) -> set[int]:
    """Collect the customer and its sub-customers on every level."""
    level = set(Customer.objects.filter(company=company, pk=customer_id).values_list("pk", flat=True))
    found = set(level)
    for _ in range(LEVELS_MAX):
        level = set(Customer.objects.filter(company=company, parent__in=level).values_list("pk", flat=True))
        found |= level
    return found


def all_below(customer_id: int, *, company: Company) -> QuerySet[Customer]:
    """The sub-customers of a customer on every level, by name."""
    below, path = Q(parent=customer_id), "parent"
    for _ in range(LEVELS_MAX - 2):
        path = f"parent__{path}"
        below |= Q(**{path: customer_id})
    return Customer.objects.filter(below, company=company).order_by("name_key")


def line_of(customer_id: int, *, company: Company) -> set[int]:
    """Collect the customer, all above it and all below it: those whose invoices it may pay."""
    return set(parents_upwards(company=company, ids={customer_id})) | at_or_below(
        customer_id, company=company
    )
