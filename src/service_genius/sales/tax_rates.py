"""Every write of tax rates. Whatever becomes of a rate, what was written with it stays as it was."""

from collections.abc import Mapping, Sequence
from typing import Any

from service_genius.companies.models import Company
from service_genius.sales.models import TaxRate
from service_genius.shared import checks


def set_parts(*, company: Company, parts: Mapping[int, Sequence[Mapping[str, str]]]) -> None:
    """Say of what taxes rates are made, by id: name and percent (text) of each; none: as it was entered.

    What was written before stays as it is.
    """
    for rate in TaxRate.objects.filter(company=company, pk__in=parts):
        made_of = [dict(part) for part in parts[rate.pk]]
        if rate.parts != made_of:
            rate.parts = made_of
            rate.save(update_fields=["parts"])


def keep_charged_percent(*, company: Company, id: int) -> TaxRate:  # noqa: A002 - as above
    """What is charged is right, whatever was entered once."""
    rate = TaxRate.objects.get(company=company, pk=id)
    rate.percent = rate.charged
    rate.save(update_fields=["percent"])
    return rate


def add(*, company: Company, values: Mapping[str, Any]) -> TaxRate:
    """Add a sales tax. What was written with it stays as it was, whatever becomes of it."""
    rate = TaxRate(company=company)
    checks.assign(rate, values, editable=("name", "percent"))
    errors = checks.field_errors(rate, only=("name", "percent"))
    if TaxRate.objects.filter(company=company, name=rate.name).exists():
        errors.setdefault("name", []).append(
            f"There already is a sales tax named “{rate.name}”. Choose another name."
        )
    checks.refuse_if(errors)
    rate.save()
    return rate


def set_active(*, company: Company, id: int, active: bool) -> TaxRate:  # noqa: A002 - as above
    rate = TaxRate.objects.get(company=company, pk=id)
    rate.active = active
    rate.save()
    return rate
