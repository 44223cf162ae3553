"""What is asked about customers: who is meant by what a person types. What they owe is in `balances`."""

from django.db.models import Case, Q, QuerySet, Value, When

from service_genius.companies.models import Company
from service_genius.customers.models import Customer
from service_genius.shared import checks

CHOICES_MAX = 20


def with_parents(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The customers with all above them, so that full names cost no further queries."""
    return customers.select_related("parent__parent__parent__parent")


def one(*, company: Company, pk: int | None) -> Customer | None:
    """The customer with all above; nobody where none is asked for, or it is another company's."""
    return with_parents(Customer.objects.filter(company=company)).filter(pk=pk).first() if pk else None


def meant(search: str, *, path: str = "") -> Q:
    """Whether a customer is meant by what was typed; `path` leads to the customer from another record."""
    found = Q(**{f"{path}search_text__contains": checks.key(search)})
    for part in ("street", "postal_code"):
        for address in ("billing", "service"):
            found |= Q(**{f"{path}{address}_{part}__icontains": search})
    return found


def choices(*, company: Company, search: str) -> list[str]:
    """Full names to propose for what was typed so far: below whom it says, and what begins so first."""
    *above, last = (checks.key(part.strip()) for part in search.split(":"))
    found = with_parents(Customer.objects.filter(company=company, active=True, currency=""))
    if above:
        found = found.filter(parent__name_key__contains=above[-1], search_text__contains=last)
    else:
        found = found.filter(Q(search_text__contains=last) | Q(parent__search_text__contains=last))
    begins = Case(When(name_key__startswith=last, then=Value(0)), default=Value(1))
    return [customer.full_name for customer in found.order_by(begins, "name_key", "pk")[:CHOICES_MAX]]


def by_full_name(*, company: Company, name: str) -> Customer | None:
    """The customer written like this, levels divided by colons; an active one before an inactive one."""
    customer: Customer | None = None
    for level in name.split(":"):
        customer = (
            Customer.objects.filter(company=company, parent=customer, name_key=checks.key(level.strip()))
            .order_by("-active", "pk")
            .first()
        )
        if customer is None:
            return None
    return customer
