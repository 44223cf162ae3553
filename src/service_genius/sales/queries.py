"""What is asked about every sort of sales form: whether one is meant by what somebody typed."""

from typing import Any

from django.db.models import Q, QuerySet

from service_genius.customers import queries as customer_queries
from service_genius.shared.searching import terms


def meant(search: str, *, days: tuple[str, ...], amounts: tuple[str, ...] = ("total",)) -> Q:
    """Whether one is meant by what was typed: number, customer, place, amount, day, in any order."""
    found, sought = Q(), terms(search)
    # Among other words a number is a whole one: that of a house stands in many numbers of documents.
    number = "number__icontains" if len(sought) == 1 else "number__iexact"
    for term in sought:
        one = Q((number, term.text)) | customer_queries.says(term.text, path="customer__")
        for name in amounts if term.amount is not None else ():
            one |= Q((name, term.amount))
        for name in days if term.day is not None else ():
            one |= Q((name, term.day))
        found &= one
    return found | Q(number__icontains=search.strip())


def with_customers(documents: QuerySet[Any]) -> QuerySet[Any]:
    """With the customer of each and all above, so that full names cost no further queries."""
    return documents.select_related("customer__parent__parent__parent__parent")
