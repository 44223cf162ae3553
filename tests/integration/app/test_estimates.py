"""Estimates: what a customer answers, and the invoice that is made of one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from quickbooks_sync.kinds import KIND
from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.estimates import operations
from service_genius.estimates.models import Estimate
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from tests.pressing import Client
from tests.records_here import create

from .conftest import DAY, TODAY, Books

Status = Estimate.Status


@pytest.fixture
def estimate(books: Books, company: Company) -> Estimate:
    made: Estimate = create(
        KIND["estimate"],
        company,
        number="2001",
        customer=books.customer.pk,
        tax_rate=books.tax_rate.pk,
        discount_percent=Decimal(10),
        memo="Good for a month",
        date=DAY,
        expiry_date=None,
        lines=[{"work_code": books.work_code.pk, "quantity": Decimal(2)}],
    )
    return made


def press(client: Client, estimate: Estimate, what: str, **values: str) -> str:
    address = reverse(f"estimates:{what}", kwargs={"pk": estimate.pk})
    answer = client.post(address, values, follow=True)
    estimate.refresh_from_db()
    return answer.content.decode()


def test_an_estimate_is_reckoned_as_an_invoice_is(estimate: Estimate):
    assert (estimate.subtotal, estimate.discount) == (Decimal(200), Decimal(20))
    assert (estimate.tax, estimate.total) == (Decimal("14.40"), Decimal("194.40"))


def test_what_a_customer_answers_is_written_down(client: Client, estimate: Estimate):
    for status, said in ((Status.DECLINED, "is declined"), (Status.ACCEPTED, "is accepted")):
        assert said in press(client, estimate, "set_status", status=status)
        assert estimate.status == status
    press(client, estimate, "set_status", status="closed")
    assert estimate.status == Status.ACCEPTED, "only an invoice closes it"


def test_an_answer_from_a_page_that_is_out_of_date_is_refused_and_says_why(
    client: Client, estimate: Estimate, company: Company
):
    operations.make_invoice(company=company, id=estimate.pk)
    assert "stays as it is. Edit the invoice instead." in press(
        client, estimate, "set_status", status=Status.DECLINED
    )
    assert estimate.status == Status.CLOSED
    operations.void(company=company, id=estimate.pk)
    assert "is voided and stays as it is" in press(client, estimate, "set_status", status=Status.DECLINED)
    assert estimate.status == Status.CLOSED


def test_one_press_makes_it_an_invoice_of_today_with_all_that_was_offered(
    client: Client, estimate: Estimate, books: Books
):
    assert "is made into Invoice 1002" in press(client, estimate, "make_invoice")
    invoice = Invoice.objects.get(number="1002")
    assert (estimate.status, estimate.invoice) == (Status.CLOSED, invoice)
    assert (invoice.date, invoice.due_date) == (TODAY, TODAY + timedelta(days=30))
    for name in ("customer_id", "tax_rate_id", "discount_percent", "memo", "total", "tax"):
        assert getattr(invoice, name) == getattr(estimate, name), name
    lines = [(line.work_code_id, line.quantity, line.amount, line.taxable) for line in invoice.lines.all()]
    assert lines == [(books.work_code.pk, Decimal(2), Decimal(200), True)]


def test_it_is_made_into_one_invoice_however_often_that_is_asked_for(estimate: Estimate, company: Company):
    first = operations.make_invoice(company=company, id=estimate.pk)
    assert operations.make_invoice(company=company, id=estimate.pk) == first
    assert Invoice.objects.count() == 2


def test_what_is_invoiced_stays_as_it_was_offered(estimate: Estimate, company: Company):
    operations.make_invoice(company=company, id=estimate.pk)
    with pytest.raises(ValidationError, match="Edit the invoice instead"):
        operations.update(company=company, id=estimate.pk, values={"memo": "Other"})


def test_once_its_invoice_is_voided_it_can_be_invoiced_again(estimate: Estimate, company: Company):
    invoice = operations.make_invoice(company=company, id=estimate.pk)
    invoices.void(company=company, id=invoice.pk)
    operations.update(company=company, id=estimate.pk, values={"memo": "Other"})
    assert operations.make_invoice(company=company, id=estimate.pk).memo == "Other"


def test_nothing_is_made_of_a_voided_one(client: Client, estimate: Estimate, company: Company):
    operations.void(company=company, id=estimate.pk)
    page = press(client, estimate, "make_invoice")
    assert "is voided and stays as it is. Create a new estimate in its place." in page
    assert Invoice.objects.count() == 1


def test_one_that_cannot_be_invoiced_says_why(client: Client, estimate: Estimate, books: Books):
    customers.deactivate(company=estimate.company, id=books.customer.pk)
    assert "Reactivate the customer first" in press(client, estimate, "make_invoice")


def test_an_estimate_without_an_end_never_expires(estimate: Estimate, company: Company):
    assert not estimate.is_expired(TODAY)
    operations.update(company=company, id=estimate.pk, values={"expiry_date": DAY})
    estimate.refresh_from_db()
    assert estimate.is_expired(TODAY)
    operations.update(company=company, id=estimate.pk, values={"status": Status.ACCEPTED})
    estimate.refresh_from_db()
    assert not estimate.is_expired(TODAY)


def test_it_cannot_end_before_it_begins(estimate: Estimate, company: Company):
    with pytest.raises(ValidationError, match="before the date of the estimate"):
        operations.update(company=company, id=estimate.pk, values={"expiry_date": DAY - timedelta(days=400)})


@pytest.mark.parametrize("tab", ["all", "pending", "accepted", "declined", "closed", "expired", "voided"])
def test_each_view_of_the_list_shows_what_it_says(client: Client, estimate: Estimate, tab: str):
    company = estimate.company
    operations.update(company=company, id=estimate.pk, values={"expiry_date": None})
    if tab in Status.values:
        operations.update(company=company, id=estimate.pk, values={"status": tab})
    if tab == "expired":
        operations.update(company=company, id=estimate.pk, values={"expiry_date": estimate.date})
    if tab == "voided":
        operations.void(company=company, id=estimate.pk)
    for each in ("all", "pending", "accepted", "declined", "closed", "expired", "voided"):
        page = client.get(reverse("estimates:list"), {"show": each}).content.decode()
        assert ("2001" in page) == (each in {"all", tab} or (tab in {"all", "expired"} and each == "pending"))
