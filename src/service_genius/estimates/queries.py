"""What is asked about estimates."""

from datetime import date

from django.db.models import Q, QuerySet

from service_genius.estimates.models import Estimate
from service_genius.sales import queries as sales


def meant(search: str) -> Q:
    """Whether an estimate is meant by what was typed."""
    return sales.meant(search, days=("date", "expiry_date"))


def expired(estimates: QuerySet[Estimate], *, today: date) -> QuerySet[Estimate]:
    """Those that nobody has answered in time."""
    return estimates.filter(voided=False, status=Estimate.Status.PENDING, expiry_date__lt=today)
