"""Every write of estimates with their lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from service_genius.companies.models import Company
from service_genius.estimates.models import Estimate
from service_genius.estimates.rules import Rules
from service_genius.sales import numbering
from service_genius.sales import operations as sales
from service_genius.shared import writing
from service_genius.shared.revision import next_revision


def next_number(*, company: Company) -> str:
    return numbering.next_number(Rules.all_of(company))


def create(*, company: Company, values: Mapping[str, Any]) -> Estimate:
    return writing.only(create_many(company=company, rows=[values]))


def create_many(*, company: Company, rows: Sequence[Mapping[str, Any]]) -> list[Estimate | ValidationError]:
    """Create what is valid, in one step; in the place of an invalid row stands what is wrong with it."""
    return sales.create_many(Rules, company=company, rows=rows)


def update(
    *,
    company: Company,
    id: int,  # noqa: A002 - the word for it
    values: Mapping[str, Any],
    expected_revision: int | None = None,
) -> Estimate:
    """Write the given fields, `lines` as a whole; one that changes nothing takes no revision."""
    return sales.update(Rules, company=company, id=id, values=values, expected_revision=expected_revision)


def void(*, company: Company, id: int, expected_revision: int | None = None) -> Estimate:  # noqa: A002 - as above
    """Make the estimate count for nothing."""
    with transaction.atomic():
        revision = next_revision(company.pk)
        estimate = writing.current(Estimate, company=company, pk=id, expected_revision=expected_revision)
        if estimate.voided:
            return writing.unchanged(estimate)
        estimate.voided = True
        return writing.save(estimate, revision=revision)
