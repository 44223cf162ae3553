"""The lists: what is sought and sorted, page by page, with the same few queries however long they are."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.ui.lists import ROWS_PER_PAGE
from service_genius.work_codes import operations as work_codes
from tests.pressing import Client

from .conftest import DAY, Books

MANY = 60
LISTS = ["customers", "work_codes", "invoices", "payments"]
# session, user with company, count, rows
QUERIES_OF_A_LIST = 4


def fill(company: Company, books: Books, count: int) -> None:
    """Make the books longer: sub-customers too, an invoice and a payment for each."""
    made = customers.create_many(
        company=company,
        rows=[
            {"display_name": f"Unit {n:03}", "parent": books.customer.pk, "phone": f"(555) 300-{n:04}"}
            for n in range(count)
        ],
    )
    work_codes.create_many(company=company, rows=[{"name": f"Task {n:03}"} for n in range(count)])
    bills = invoices.create_many(
        company=company,
        rows=[
            {
                "number": str(5000 + n),
                "customer": customer.pk,
                "date": DAY + timedelta(days=n),
                "due_date": DAY + timedelta(days=n),
                "lines": [{"work_code": books.work_code.pk, "unit_price": Decimal(n + 1)}],
            }
            for n, customer in enumerate(each for each in made if isinstance(each, Customer))
        ],
    )
    payments.create_many(
        company=company,
        rows=[
            {
                "customer": bill.customer_id,
                "date": bill.date,
                "amount": bill.total,
                "reference": f"R{n}",
                "allocations": [{"invoice": bill.pk, "amount": bill.total}],
            }
            for n, bill in enumerate(each for each in bills if isinstance(each, Invoice))
        ],
    )


def rows(response: Any) -> list[str]:
    return [str(row) for row in response.context["listing"].page]


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("query", [{}, {"q": "a", "sort": "-customer"}, {"show": "open"}, {"show": "credit"}])
def test_a_list_takes_the_same_queries_with_one_row_and_with_sixty(
    kind: str, query: dict[str, str], client: Client, books: Books, company: Company
):
    address = reverse(f"{kind}:list")
    for count in (0, MANY):
        fill(company, books, count)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, query).status_code == 200
        assert len(queries) <= QUERIES_OF_A_LIST, [each["sql"] for each in queries]


@pytest.mark.parametrize(
    ("address", "limit"),
    [("customers:detail", 10), ("invoices:detail", 6), ("payments:detail", 5), ("work_codes:detail", 3)],
)
def test_a_record_takes_the_same_queries_however_much_hangs_on_it(
    address: str, limit: int, client: Client, books: Books, company: Company
):
    kind = address.partition(":")[0]
    record = {
        "customers": books.customer,
        "invoices": books.invoice,
        "payments": books.payment,
        "work_codes": books.work_code,
    }[kind]
    counts = []
    for count in (0, MANY):
        fill(company, books, count)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(address, kwargs={"pk": record.pk})).status_code == 200
        counts.append(len(queries))
    assert max(counts) <= limit
    assert counts[1] - counts[0] <= 0


def test_a_long_list_is_shown_page_by_page(client: Client, books: Books, company: Company):
    fill(company, books, MANY)
    first = client.get(reverse("customers:list"))
    second = client.get(reverse("customers:list"), {"page": 2})
    assert len(rows(first)) == ROWS_PER_PAGE
    assert len(rows(second)) == MANY + 1 - ROWS_PER_PAGE
    assert not set(rows(first)) & set(rows(second))
    assert "1 to 50 of 61 customers" in first.content.decode()
    assert 'rel="next"' in first.content.decode()
    assert 'rel="next"' not in second.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "x", "999", "9" * 30, "²"])
def test_a_page_that_does_not_exist_shows_one_that_does(page: str, client: Client, books: Books):
    assert rows(client.get(reverse("customers:list"), {"page": page})) == ["Amelia Hartwell"]


@pytest.mark.parametrize("sought", ["unit 007", "UNIT 007", "(555) 300-0007", "5553000007"])
def test_a_customer_is_sought_by_name_and_phone(sought: str, client: Client, books: Books, company: Company):
    fill(company, books, 9)
    assert rows(client.get(reverse("customers:list"), {"q": sought})) == ["Unit 007"]


@pytest.mark.parametrize("sought", ["%", "_", "\\", "'", "\x00", "🔧", "x" * 5000])
def test_signs_that_mean_something_to_a_database_are_only_sought(sought: str, client: Client, books: Books):
    for kind in LISTS:
        assert client.get(reverse(f"{kind}:list"), {"q": sought}).status_code == 200
    assert rows(client.get(reverse("customers:list"), {"q": "%"})) == []


def test_letters_outside_ascii_are_found_in_capitals_too(client: Client, company: Company):
    customers.create(company=company, values={"display_name": "Stefan Björk"})
    assert rows(client.get(reverse("customers:list"), {"q": "BJÖRK"})) == ["Stefan Björk"]


def test_an_invoice_is_sought_by_number_and_by_customer(client: Client, books: Books, company: Company):
    fill(company, books, 3)
    assert rows(client.get(reverse("invoices:list"), {"q": "5001"})) == ["Invoice 5001"]
    assert rows(client.get(reverse("invoices:list"), {"q": "unit 002"})) == ["Invoice 5002"]


def test_lists_are_sorted_both_ways(client: Client, books: Books, company: Company):
    fill(company, books, 3)
    totals = {
        sort: [
            row.total for row in client.get(reverse("invoices:list"), {"sort": sort}).context["listing"].page
        ]
        for sort in ("total", "-total")
    }
    assert totals["total"] == sorted(totals["total"], reverse=True)
    assert totals["-total"] == totals["total"][::-1]
    page = client.get(reverse("customers:list"), {"sort": "nonsense"})
    assert rows(page)[0] == "Amelia Hartwell"


@pytest.mark.parametrize(
    ("kind", "show", "expected"),
    [
        ("invoices", "all", 4),
        ("invoices", "open", 1),
        ("invoices", "overdue", 1),
        ("invoices", "voided", 0),
        ("payments", "all", 4),
        ("payments", "credit", 1),
        ("payments", "voided", 0),
        ("customers", "inactive", 0),
    ],
)
def test_a_tab_shows_what_it_says(  # noqa: PLR0917 - fixtures
    kind: str, show: str, expected: int, client: Client, books: Books, company: Company
):
    fill(company, books, 3)
    assert len(rows(client.get(reverse(f"{kind}:list"), {"show": show}))) == expected


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("customers", "No customers yet"),
        ("work_codes", "No work codes yet"),
        ("invoices", "No invoices yet"),
        ("payments", "No payments yet"),
    ],
)
def test_an_empty_list_names_the_next_step(kind: str, words: str, client: Client):
    page = client.get(reverse(f"{kind}:list")).content.decode()
    assert words in page
    assert page.count(reverse(f"{kind}:create")) >= 2


@pytest.mark.parametrize("kind", LISTS)
def test_a_search_that_finds_nothing_leads_back_to_all(kind: str, client: Client, books: Books):
    page = client.get(reverse(f"{kind}:list"), {"q": "zzz"}).content.decode()
    assert "matches “zzz”" in page
    assert f'href="{reverse(f"{kind}:list")}"' in page


def test_the_index_of_names_serves_the_list_of_customers(books: Books, company: Company):
    listed = Customer.objects.filter(company=company, active=True).order_by("name_key", "pk")[:ROWS_PER_PAGE]
    plan = listed.explain()
    if connection.vendor == "sqlite":  # a PostgreSQL with few rows rightly reads the whole table
        assert "customer_by_name" in plan


@pytest.mark.parametrize("kind", ["invoices", "payments"])
def test_the_records_of_one_customer_are_listed_whole_and_sought_among_themselves(
    kind: str, client: Client, books: Books, company: Company
):
    """Its page shows the latest and says how many there are."""
    fill(company, books, 3)
    namesake = customers.create(company=company, values={"display_name": "Amelia Hartwell Jr"})
    many = [
        {
            "number": f"J{n:03}",
            "customer": namesake.pk,
            "date": DAY,
            "due_date": DAY,
            "amount": Decimal(n + 1),
            "lines": [{"work_code": books.work_code.pk}],
        }
        for n in range(MANY)
    ]
    for row in many:
        wanted = {"invoices": {"amount"}, "payments": {"number", "due_date", "lines"}}[kind]
        module = {"invoices": invoices, "payments": payments}[kind]
        module.create(company=company, values={key: row[key] for key in row.keys() - wanted})
    page = client.get(reverse("customers:detail", kwargs={"pk": namesake.pk})).content.decode()
    address = f"{reverse(f'{kind}:list')}?customer={namesake.pk}"
    assert "The latest 20." in page
    assert f'href="{address}">All {MANY} {kind} of Amelia Hartwell Jr' in page
    listed = client.get(address)
    assert f"1 to {ROWS_PER_PAGE} of {MANY} {kind}" in listed.content.decode()
    assert "Only those of Amelia Hartwell Jr." in listed.content.decode()
    following = client.get(reverse(f"{kind}:list") + listed.context["listing"].next_address)
    assert len(rows(following)) == MANY - ROWS_PER_PAGE
    sought = client.get(address, {"customer": namesake.pk, "q": "$60.00" if kind == "payments" else "j059"})
    assert len(rows(sought)) == 1


def test_a_payment_and_an_invoice_are_sought_by_amount(client: Client, books: Books):
    assert rows(client.get(reverse("payments:list"), {"q": "$50.00"})) == ["Payment of 50.00 on 2026-03-02"]
    for amount in ("108", "78.00"):  # its total, and what is open on it
        assert rows(client.get(reverse("invoices:list"), {"q": amount})) == ["Invoice 1001"]


def test_a_name_typed_in_full_is_among_the_proposals_however_many_hold_it(client: Client, company: Company):
    other = customers.create(company=company, values={"display_name": "Aaa Smith"})
    rows_ = [{"display_name": f"Aaa {n} Smith", "parent": other.pk} for n in range(MANY)]
    customers.create_many(company=company, rows=[*rows_, {"display_name": "Smith"}])
    below = customers.create(company=company, values={"display_name": "Evergreen"})
    customers.create(company=company, values={"display_name": "Zzz Smith", "parent": below.pk})
    proposed = client.get(reverse("customers:choices"), {"customer": "Smith"}).content.decode()
    assert proposed.startswith('<option value="Smith">')
    proposed = client.get(reverse("customers:choices"), {"customer": "Evergreen:smith"}).content.decode()
    assert proposed == '<option value="Evergreen: Zzz Smith"></option>'
    codes = [{"name": f"A Filter {n}"} for n in range(MANY)]
    work_codes.create_many(
        company=company, rows=[*codes, {"name": "Filter"}, {"name": "Zzz", "code": "FILTER"}]
    )
    proposed = client.get(reverse("work_codes:choices"), {"x": "filter"}).content.decode()
    assert proposed.startswith('<option value="Zzz"></option><option value="Filter"></option>')
