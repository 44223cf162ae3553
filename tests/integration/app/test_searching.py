"""Search finds what is on the screen: each word of it, in any order, however a number is written."""

from decimal import Decimal

import pytest
from django.urls import reverse

from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.customers import queries
from service_genius.customers.models import Customer
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.queries import by_full_name as work_code_by_name
from tests.pressing import Client

from .conftest import DAY, Books, new_invoice
from .test_lists import rows
from .test_pages import INVOICE


@pytest.fixture
def unit(books: Books, company: Company) -> Customer:
    """A sub-customer, with an invoice of 1,149.50, among others that must not be found."""
    customers.create(company=company, values={"display_name": "Unit 14"})
    manager = customers.create(company=company, values={"display_name": "Evergreen Homes"})
    unit = customers.create(
        company=company,
        values={
            "display_name": "Unit 12B",
            "parent": manager.pk,
            "given_name": "Joan",
            "family_name": "Hart",
            "phone": "(555) 300-0007",
            "billing_street": "1290 Alder Way",
            "service_city": "Camden",
            "billing_postal_code": "04843",
        },
    )
    line = {"work_code": books.work_code.pk, "unit_price": Decimal("1149.50")}
    new_invoice(company, customer=unit, work_code=books.work_code, number="7001", lines=[line])
    return unit


@pytest.mark.parametrize(
    "sought",
    [
        *(
            "evergreen",
            "Evergreen Homes: Unit 12B",
            "Unit 12B Evergreen",
            "alder",
            "Way Alder 1290",
            "camden",
        ),
        *("Hart Joan", "hart, joan", "04843", "555-300-0007", "555.300.0007", "+1 555 300 0007"),
        *("5553000007", "$1,149.50", "1149.50"),
    ],
)
def test_a_customer_is_found_by_whatever_stands_on_the_screen(
    sought: str, client: Client, unit: Customer
) -> None:
    assert "Unit 12B" in rows(client.get(reverse("customers:list"), {"q": sought}))
    assert "Unit 14" not in rows(client.get(reverse("customers:list"), {"q": sought}))


@pytest.mark.parametrize(
    "sought",
    [
        *("7001", "$1,149.50", "1149.5", "1,149.50", "Mar 2, 2026 1,149.50", "2026-03-02 7001"),
        *("evergreen 7001", "12b evergreen 1149.50", "camden 7001", "alder"),
    ],
)
def test_an_invoice_is_found_by_whatever_stands_on_the_screen(
    sought: str, client: Client, unit: Customer
) -> None:
    assert rows(client.get(reverse("invoices:list"), {"q": sought})) == ["Invoice 7001"]


@pytest.mark.parametrize(
    "sought", ["Mar 2, 2026", "March 2, 2026", "3/2/2026", "2026-03-02", "$50.00 Hartwell"]
)
def test_a_payment_is_found_by_its_day_and_amount(sought: str, client: Client, books: Books) -> None:
    assert len(rows(client.get(reverse("payments:list"), {"q": sought}))) == 1
    assert rows(client.get(reverse("payments:list"), {"q": f"{sought} nobody"})) == []


def test_a_work_code_is_found_by_its_price_and_in_any_order(client: Client, company: Company) -> None:
    work_codes.create(
        company=company, values={"name": "Coil, cleaned", "category": "Air", "price": Decimal("1149.5")}
    )
    for sought in ("$1,149.50", "cleaned coil", "cleaned air", "1149.5 coil"):
        assert rows(client.get(reverse("work_codes:list"), {"q": sought})) == ["Air: Coil, cleaned"]


@pytest.mark.parametrize(
    "typed", ["Unit 12B", "Evergreen Homes: Unit 12B", "evergreen homes:unit 12b", "unit 12b"]
)
def test_a_customer_is_taken_by_the_heading_of_its_page(typed: str, client: Client, unit: Customer) -> None:
    proposed = client.get(reverse("customers:choices"), {"customer": typed}).content.decode()
    assert proposed == '<option value="Evergreen Homes: Unit 12B"></option>'
    assert client.post(reverse("invoices:create"), {**INVOICE, "customer": typed}).status_code == 302
    assert unit.invoices.filter(number="2000", date=DAY).exists()


def test_a_name_that_two_bear_is_not_guessed(unit: Customer, company: Company) -> None:
    other = customers.create(company=company, values={"display_name": "Birch Court"})
    customers.create(company=company, values={"display_name": "Unit 12B", "parent": other.pk})
    assert queries.by_full_name(company=company, name="Unit 12B") is None
    assert queries.by_full_name(company=company, name="Evergreen Homes:Unit 12B") == unit


def test_a_work_code_is_taken_by_the_heading_of_its_page(company: Company) -> None:
    coil = work_codes.create(company=company, values={"name": "Coil", "category": "Air"})
    assert work_code_by_name(company=company, name="coil") == coil
    work_codes.create(company=company, values={"name": "Coil", "category": "Water"})
    assert work_code_by_name(company=company, name="coil") is None


def test_a_manager_stands_before_the_houses_that_are_found_by_its_name(
    client: Client, company: Company
) -> None:
    manager = customers.create(company=company, values={"display_name": "Hundred Houses"})
    for number in range(60):
        values = {"display_name": f"House {number}", "parent": manager.pk}
        customers.create(company=company, values=values)
    page = client.get(reverse("customers:list"), {"q": "hundred"}).content.decode()
    assert page.index(f"/customers/{manager.pk}/") < page.index("House 0")
