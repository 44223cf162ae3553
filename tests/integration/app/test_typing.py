"""What people type into the fields of a form, in each form there is, found by the product's addresses."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.urls import resolve, reverse

from service_genius.companies.models import Company
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments.models import Payment
from service_genius.sales.models import TaxRate
from service_genius.work_codes.models import WorkCode
from tests.forms import Form
from tests.pressing import Client

from .conftest import TODAY, Books, new_invoice
from .test_pages import INVOICE
from .test_unchanged_forms import PRESSED, crowd, everything, forms

__all__ = ["crowd"]
#: The forms whose first button is the deed whatever stands in a field, but which do take a day.
TAKE_A_DAY = {"quickbooks:mend"}
FAR = ["1900-01-01", "2099-12-31", "0206-03-02"]


def said(response: Any) -> str:
    return unescape(response.content.decode())


def with_figures(client: Client) -> Iterator[tuple[str, Form, str]]:
    for address, form in list(forms(client)):
        for name in sorted(form.figures)[:4]:
            yield address, form, name


def post(client: Client, address: str, body: str) -> Any:
    return client.post(address, body, "application/x-www-form-urlencoded", follow=True)


def test_a_figure_that_could_be_two_is_refused_by_every_form_and_nothing_typed_is_lost(
    client: Client, crowd: Payment
):
    before, seen = everything(), set()
    for address, form, name in with_figures(client):
        seen.add(resolve(address).view_name)
        for typed in ("1.149,50", "1,14", "(5)"):
            answer = said(post(client, address, form.with_values(**{name: typed})))
            assert f"“{typed}” cannot be read for certain" in answer, (address, name)
            assert f'value="{typed}"' in answer, (address, name)
    assert everything() == before
    edited = {"invoices:edit", "payments:edit", "work_codes:edit", "invoices:create", "payments:create"}
    assert edited | {"work_codes:create", "companies:tax_rates:list"} <= seen


def test_a_figure_as_it_is_printed_is_taken_by_every_form(client: Client, crowd: Payment):
    """Or refused for another reason than how it is written, and that is said."""
    for address, form, name in with_figures(client):
        sort = "%" if "percent" in name else "" if "quantity" in name else "$"
        typed = {"%": "10.25 %", "": " 1,000.5 ", "$": "$1,149.50"}[sort]
        kind = {"discount_kind": "amount"} if name == "discount" else {}
        answer = said(post(client, address, form.with_values(**{name: typed}, **kind, look="1")))
        assert not re.search("cannot be read for certain|is not a number", answer), (address, name)


def test_a_day_beyond_all_use_is_refused_by_every_form_with_a_sentence(client: Client, crowd: Payment):
    seen = set()
    for address, form in list(forms(client)):
        view = resolve(address).view_name
        if view in PRESSED and view not in TAKE_A_DAY:
            continue
        before = everything()
        for name in form.days:
            seen.add(view)
            for day in FAR:
                answer = said(post(client, address, form.with_values(**{name: day})))
                assert "cannot be entered. Choose a day from Jan 1, 2006 to Dec 31, 2036." in answer, address
        assert everything() == before
    assert {"invoices:create", "invoices:edit", "payments:create", "payments:edit"} <= seen
    assert {"quickbooks:choices", "quickbooks:mend"} <= seen


def test_a_day_far_from_today_is_asked_about_and_saved_when_it_is_right(client: Client, books: Books):
    typed = {**INVOICE, "due_date": "2028-04-01"}
    answer = said(client.post(reverse("invoices:create"), typed))
    assert "Due: Apr 1, 2028 is 2 years from now." in answer
    assert '<input type="checkbox" name="sure" value="2028-04-01">' in answer
    assert not Invoice.objects.filter(number="2000").exists()
    client.post(reverse("invoices:create"), {**typed, "sure": "2028-04-02"})
    assert not Invoice.objects.filter(number="2000").exists()  # another day was asked about
    client.post(reverse("invoices:create"), {**typed, "sure": "2028-04-01"})
    assert Invoice.objects.get(number="2000").due_date == date(2028, 4, 1)


def test_a_day_that_stands_is_not_asked_about(client: Client, books: Books, company: Company):
    old = date(1999, 1, 1)
    invoices.update(company=company, id=books.invoice.pk, values={"date": old, "due_date": old})
    address = reverse("invoices:edit", kwargs={"pk": books.invoice.pk})
    [form] = [form for at, form in forms(client) if at == address]
    assert client.post(address, form.with_values(memo="Thank you"), FORM).status_code == 302
    books.invoice.refresh_from_db()
    assert (books.invoice.memo, books.invoice.date) == ("Thank you", old)


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("quantity", ["0.00001", "0.0000001"])
def test_a_quantity_that_comes_to_nothing_is_refused_and_named(quantity: str, client: Client, books: Books):
    answer = said(client.post(reverse("invoices:create"), {**INVOICE, "lines-0-quantity": quantity}))
    assert re.search(
        r"Quantity (0\.00001 at a price of 100 comes to less than a cent|can have up to 5)", answer
    )
    blank = {**INVOICE, "lines-0-quantity": quantity, "lines-0-unit_price": ""}
    assert re.search(
        "less than a cent|can have up to 5", said(client.post(reverse("invoices:create"), blank))
    )
    assert not Invoice.objects.filter(number="2000").exists()


def test_a_quantity_that_came_from_elsewhere_stays_as_it_stands(
    client: Client, books: Books, company: Company
):
    invoice = new_invoice(
        company,
        customer=books.customer,
        work_code=books.work_code,
        number="TINY",
        lines=[{"work_code": books.work_code.pk, "quantity": Decimal("0.0000001"), "unit_price": 5}],
    )
    address = reverse("invoices:edit", kwargs={"pk": invoice.pk})
    [form] = [form for at, form in forms(client) if at == address]
    assert client.post(address, form.with_values(memo="Thank you"), FORM).status_code == 302
    assert invoice.lines.get().quantity == Decimal("0.0000001")


def test_each_sort_of_figure_is_saved_as_it_was_meant(client: Client, books: Books, company: Company):
    client.post(reverse("work_codes:create"), {"name": "Coil", "price": " $1,149.50 "})
    assert WorkCode.objects.get(name="Coil").price == Decimal("1149.5")
    client.post(reverse("companies:tax_rates:list"), {"name": "City", "percent": "10.25%"})
    assert TaxRate.objects.get(name="City").percent == Decimal("10.25")
    lines = {"lines-0-quantity": "1,000", "lines-0-unit_price": "$1,149.50"}
    client.post(reverse("invoices:create"), {**INVOICE, **lines, "discount": "5 %"})
    invoice = Invoice.objects.get(number="2000")
    assert (invoice.subtotal, invoice.discount_percent) == (Decimal(1149500), Decimal(5))
    paid = {"customer": "Amelia Hartwell", "amount": "$1,149.50", "date": TODAY.isoformat()}
    client.post(reverse("payments:create"), {**paid, f"invoice-{invoice.pk}": "$1,000.25"})
    payment = Payment.objects.latest("pk")
    assert (payment.amount, payment.allocations.get().amount) == (Decimal("1149.5"), Decimal("1000.25"))


@pytest.mark.parametrize(
    ("typed", "kind", "words"),
    [
        ("10%", "amount", "Discount “10%” is a percentage, and “Given in” says money."),
        ("$10", "percent", "Discount “$10” is money, and “Given in” says a percentage."),
        ("€10", "amount", "It has the sign €, and your books are kept in USD."),
    ],
)
def test_a_sign_that_says_something_else_is_refused(
    typed: str, kind: str, words: str, client: Client, books: Books
):
    answer = said(
        client.post(reverse("invoices:create"), {**INVOICE, "discount": typed, "discount_kind": kind})
    )
    assert words in answer
