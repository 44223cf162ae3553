"""Work codes: what is refused, how names and categories are compared, and what price is kept."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from service_genius.companies.models import Company
from service_genius.work_codes import operations, queries
from service_genius.work_codes.models import WorkCode


def create(company: Company, name: str, **values: Any) -> WorkCode:
    return operations.create(company=company, values={"name": name, **values})


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"name": ""}, "name", "Name is needed."),
        ({"name": "x" * 101}, "name", "Name can have up to 100 characters; this has 101. Shorten it."),
        (
            {"name": "Cooling:Repair"},
            "name",
            "A name cannot contain a colon. Leave it out, or use the category for what stands before it.",
        ),
        ({"code": "x" * 101}, "code", "Short code can have up to 100 characters; this has 101. Shorten it."),
        (
            {"description": "x" * 4001},
            "description",
            "Description can have up to 4,000 characters; this has 4,001. Shorten it.",
        ),
        (
            {"price": Decimal("0.12345678")},
            "price",
            "Price can have up to 7 digits after the point. Round it.",
        ),
        (
            {"price": Decimal(10) ** 11},
            "price",
            "Price can have up to 11 digits before the point. Use a smaller number.",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_limit_and_the_way_out(
    values: dict[str, Any], field: str, sentence: str, company: Company
):
    with pytest.raises(ValidationError) as refused:
        operations.create(company=company, values={"name": "Repair", **values})
    assert refused.value.message_dict == {field: [sentence]}


@pytest.mark.parametrize("price", ["0", "79", "84.50", "0.0000001", "9.3333333", "-45"])
def test_a_price_is_kept_exactly(price: str, company: Company):
    work_code = create(company, "Repair", price=Decimal(price))
    assert WorkCode.objects.get(pk=work_code.pk).price == Decimal(price)


def test_a_name_may_stand_in_two_categories_but_not_twice_in_one(company: Company):
    create(company, "Tune-up", category="Cooling")
    create(company, "Tune-up", category="Heating")
    create(company, "Tune-up")
    with pytest.raises(ValidationError, match="There already is a work code named “cooling: TUNE-UP”"):
        create(company, "TUNE-UP", category="cooling")


def test_the_name_of_an_inactive_work_code_is_free(company: Company):
    old = create(company, "Tune-up")
    operations.deactivate(company=company, id=old.pk)
    create(company, "Tune-up")
    with pytest.raises(ValidationError, match="There already is"):
        operations.reactivate(company=company, id=old.pk)


def test_a_work_code_is_found_by_its_name_or_its_short_code(company: Company):
    tune_up = create(company, "Tune-up", category="Cooling", code="AC-TUNE")
    create(company, "Repair", code="R")
    create(company, "Repair at night", code="R")

    def found(name: str) -> WorkCode | None:
        return queries.by_full_name(company=company, name=name)

    assert found("cooling:tune-up") == found("Cooling: Tune-up") == found("ac-tune") == tune_up
    assert found("R") is None  # two have it
    assert found("Tune-up") == tune_up
    create(company, "Tune-up", category="Heating")
    assert found("Tune-up") is None  # two have it
    assert queries.choices(company=company, search="ac-t") == ["Cooling: Tune-up"]
