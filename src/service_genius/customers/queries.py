"""What is asked about customers: who is meant by what a person types. What they owe is in `balances`."""

from django.db.models import Case, Q, QuerySet, Value, When

from service_genius.companies.models import Company
from service_genius.customers.models import Customer
from service_genius.customers.tree import LEVELS_MAX
from service_genius.shared import checks
from service_genius.shared.searching import phone, terms

CHOICES_MAX = 20


def with_parents(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """The customers with all above them, so that full names cost no further queries."""
    return customers.select_related("parent__parent__parent__parent")


def one(*, company: Company, pk: int | None) -> Customer | None:
    """The customer with all above; nobody where none is asked for, or it is another company's."""
    return with_parents(Customer.objects.filter(company=company)).filter(pk=pk).first() if pk else None


def meant(search: str, *, path: str = "") -> Q:
    """Whether a customer is meant by what was typed; `path` leads to the customer from another record."""
    found = Q()
    for term in terms(search):
        found &= says(term.text, path=path)
    digits = phone(search)
    return found | Q(**{f"{path}search_text__contains": digits}) if digits else found


def named(search: str) -> Q:
    """Whether a customer bears all these words in its own name."""
    found = Q()
    for term in terms(search):
        found &= Q(name_key__contains=term.text)
    return found


def says(word: str, *, path: str = "") -> Q:
    """Whether a word stands on a customer: in its name or one above it, its phone, its addresses."""
    found = Q(**{f"{path}search_text__contains": word})
    for levels in range(1, LEVELS_MAX):
        found |= Q(**{f"{path}{'parent__' * levels}name_key__contains": word})
    for part in ("street", "region", "postal_code"):
        for address in ("billing", "service"):
            found |= Q(**{f"{path}{address}_{part}__icontains": word})
    return found


def choices(*, company: Company, search: str) -> list[str]:
    """Full names to propose for what was typed so far: the very name first, then what begins so."""
    last = checks.key(search.rpartition(":")[2].strip())
    found = with_parents(Customer.objects.filter(company=company, active=True, currency="")).filter(
        meant(search)
    )
    begins = Case(
        When(name_key=last, then=Value(0)), When(name_key__startswith=last, then=Value(1)), default=Value(2)
    )
    return [customer.full_name for customer in found.order_by(begins, "name_key", "pk")[:CHOICES_MAX]]


def by_full_name(*, company: Company, name: str) -> Customer | None:
    """The customer written like this, levels divided by colons; an active one before an inactive one.

    Levels may be left out at the beginning, if only one active customer is written like the rest.
    """
    levels = [checks.key(level.strip()) for level in name.split(":")]
    customer: Customer | None = None
    for level in levels:
        customer = (
            Customer.objects.filter(company=company, parent=customer, name_key=level)
            .order_by("-active", "pk")
            .first()
        )
        if customer is None:
            return _only_one(company=company, levels=levels)
    return customer


def _only_one(*, company: Company, levels: list[str]) -> Customer | None:
    found = Customer.objects.filter(company=company, active=True)
    for height, level in enumerate(reversed(levels[-LEVELS_MAX:])):
        found = found.filter(**{f"{'parent__' * height}name_key": level})
    two = list(found[:2])
    return two[0] if len(two) == 1 else None
