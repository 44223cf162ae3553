"""An invoice with as many lines as it can have, and one with more."""

from typing import Any

import pytest
from django.urls import reverse

from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.invoices.models import Invoice
from service_genius.sales import tax_rates
from service_genius.shared.limits import FORM_FIELDS_MAX, LINE_TEXT_MAX, LINES_MAX
from service_genius.work_codes import operations as work_codes
from tests.forms import forms_of
from tests.pressing import Client

from .conftest import Books

FORM = "application/x-www-form-urlencoded"
NEW, DRAFT = reverse("invoices:create"), reverse("invoices:draft")


def typed(count: int, *, rate: int | str = "", text: str = "Spring") -> dict[str, str]:
    """A new invoice of so many taxed lines of 100.00 as the page sends it."""
    data = {
        "customer": "Amelia Hartwell",
        "number": "2000",
        "date": "2026-03-02",
        "due_date": "2026-04-01",
        "discount_kind": "percent",
        "discount": "",
        "memo": "",
        "tax_rate": str(rate),
        "revision": "",
    }
    for n in range(count):
        data |= {
            f"lines-{n}-work_code": "Tune-up",
            f"lines-{n}-description": text,
            f"lines-{n}-quantity": "1",
            f"lines-{n}-unit_price": "100",
            f"lines-{n}-taxable": "on",
        }
    return data


def lines_on(response: Any) -> int:
    text: str = response.content.decode()
    return text.count('-work_code_choices"></datalist>')


def test_as_many_taxed_lines_as_there_can_be_are_saved_and_saved_again(client: Client, books: Books):
    response = client.post(NEW, typed(LINES_MAX, rate=books.tax_rate.pk))
    assert response.status_code == 302
    invoice = Invoice.objects.get(number="2000")
    assert (invoice.lines.count(), invoice.total) == (LINES_MAX, 21_600)
    address = reverse("invoices:edit", kwargs={"pk": invoice.pk})
    form = next(form for form in forms_of(client.get(address).content.decode()) if "number" in form.typed)
    assert client.post(address, form.with_values(memo="Thank you"), FORM).status_code == 302
    invoice.refresh_from_db()
    assert (invoice.lines.count(), invoice.total, invoice.memo) == (LINES_MAX, 21_600, "Thank you")


def test_the_longest_texts_fit_into_the_form(client: Client, books: Books):
    longest = "🔧" * LINE_TEXT_MAX  # the longest a character can become on its way
    assert client.post(NEW, typed(LINES_MAX, text=longest)).status_code == 302
    assert Invoice.objects.get(number="2000").lines.filter(description=longest).count() == LINES_MAX


def test_a_line_too_many_is_told_with_the_true_number_and_all_are_kept(client: Client, books: Books):
    response = client.post(NEW, typed(LINES_MAX + 50))
    page = response.content.decode()
    assert f"An invoice can have up to {LINES_MAX} lines; this has {LINES_MAX + 50}. Split it in two." in page
    assert lines_on(response) == LINES_MAX + 50
    assert not Invoice.objects.filter(number="2000").exists()


def test_how_many_lines_there_can_be_is_said_before_it_is_saved(client: Client, books: Books):
    last_but_one = client.post(DRAFT, typed(LINES_MAX - 1)).content.decode()
    assert "Add line" in last_but_one
    full = client.post(DRAFT, {**typed(LINES_MAX - 1), "add": "1"}).content.decode()
    assert "Add line" not in full
    assert f"An invoice can have up to {LINES_MAX} lines. For more, write a second invoice." in full


@pytest.mark.parametrize("address", [NEW, reverse("customers:create"), reverse("payments:create")])
def test_a_form_larger_than_any_is_told_in_words(address: str, client: Client, books: Books):
    response = client.post(address, {f"field-{n}": "x" for n in range(FORM_FIELDS_MAX + 1)})
    assert response.status_code == 413
    assert "Nothing was changed. Go back: what you typed is still there." in response.content.decode()
    response = client.post(address, {"notes": "x" * 11_000_000}, content_type=FORM)
    assert response.status_code == 413
    assert "This form is too large" in response.content.decode()


def test_the_totals_of_an_invoice_keep_a_tax_that_is_given_to_no_new_one(client: Client, books: Books):
    tax_rates.set_active(company=books.invoice.company, id=books.tax_rate.pk, active=False)
    assert "$108.00" in client.post(DRAFT, typed(1, rate=books.tax_rate.pk)).content.decode()
    assert client.post(DRAFT, typed(1, rate="²")).status_code == 200


def test_a_name_left_as_it_stood_stays_the_record_it_stood_for(
    client: Client, books: Books, company: Company
):
    """Its customer and its work code are inactive, and others bear their names now."""
    customers.deactivate(company=company, id=books.customer.pk)
    work_codes.deactivate(company=company, id=books.work_code.pk)
    namesake = customers.create(company=company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=company, values={"name": "Tune-up"})
    kept = (
        reverse("invoices:edit", kwargs={"pk": books.invoice.pk}),
        reverse("payments:edit", kwargs={"pk": books.payment.pk}),
    )
    for address in kept:
        form = next(form for form in forms_of(client.get(address).content.decode()) if "memo" in form.typed)
        assert client.post(address, form.with_values(memo="Late"), FORM).status_code == 302
    for record in (books.invoice, books.payment):
        record.refresh_from_db()
        assert (record.memo, record.customer) == ("Late", books.customer)
    assert books.invoice.lines.get().work_code == books.work_code
    assert namesake.invoices.count() == 0
