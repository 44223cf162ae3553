"""Two people, or one with two tabs, edit one record: the second is told, and repeats it right there."""

from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from tests.forms import Form, forms_of
from tests.pressing import Client

from .conftest import DAY, Books

FORM = "application/x-www-form-urlencoded"
LATER = DAY + timedelta(days=9)
#: What the first one changes and what the second one does, by the form's names; where it is seen.
EDITS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "customers": ({"phone": "555-0100"}, {"notes": "Two gates"}),
    "work_codes": ({"price": Decimal(77)}, {"code": "TU"}),
    "invoices": ({"memo": "Thank you"}, {"due_date": LATER.isoformat()}),
    "payments": ({"memo": "By mail"}, {"reference": "1044"}),
}
OPERATIONS: dict[str, Any] = {
    "customers": customers,
    "work_codes": work_codes,
    "invoices": invoices,
    "payments": payments,
}


def record(books: Books, kind: str) -> Any:
    return {
        "customers": books.customer,
        "work_codes": books.work_code,
        "invoices": books.invoice,
        "payments": books.payment,
    }[kind]


def page_of(client: Client, address: str) -> Form:
    return form_in(client.get(address))


def form_in(response: Any) -> Form:
    [form] = [each for each in forms_of(response.content.decode()) if "revision" in dict(each.fields)]
    return form


def said(response: Any) -> str:
    return unescape(response.content.decode())


@pytest.mark.parametrize("kind", EDITS)
def test_who_saves_second_keeps_what_the_first_one_changed(
    kind: str, client: Client, books: Books, company: Company
):
    """Told once, with both changes on the page; Save then saves both."""
    first, second = EDITS[kind]
    one = record(books, kind)
    address = reverse(f"{kind}:edit", kwargs={"pk": one.pk})
    tab = page_of(client, address)
    OPERATIONS[kind].update(company=company, id=one.pk, values=first)
    response = client.post(address, tab.with_values(**second), FORM)
    assert response.status_code == 200
    assert "Somebody else changed this while you had it open" in said(response)
    assert client.post(address, form_in(response).body, FORM).status_code == 302
    one.refresh_from_db()
    assert {name: getattr(one, name) for name in first} == first
    assert {name: str(getattr(one, name)) for name in second} == second


@pytest.mark.parametrize("kind", EDITS)
def test_the_same_field_changed_twice_is_told_beside_it_and_the_second_one_is_kept(
    kind: str, client: Client, books: Books, company: Company
):
    first, _ = EDITS[kind]
    [(name, value)] = first.items()
    mine = "99" if name == "price" else "555-0199"
    one = record(books, kind)
    address = reverse(f"{kind}:edit", kwargs={"pk": one.pk})
    tab = page_of(client, address)
    OPERATIONS[kind].update(company=company, id=one.pk, values=first)
    response = client.post(address, tab.with_values(**{name: mine}), FORM)
    assert f"Somebody wrote “{value}” here meanwhile; yours would replace it." in said(response)
    assert client.post(address, form_in(response).body, FORM).status_code == 302
    one.refresh_from_db()
    assert str(getattr(one, name)).startswith(mine)


def test_lines_that_were_left_alone_are_shown_as_they_are_now(client: Client, books: Books, company: Company):
    address = reverse("invoices:edit", kwargs={"pk": books.invoice.pk})
    tab = page_of(client, address)
    lines = [{"work_code": books.work_code.pk, "quantity": Decimal(3), "unit_price": Decimal(100)}]
    invoices.update(company=company, id=books.invoice.pk, values={"lines": lines})
    response = client.post(address, tab.with_values(memo="Thank you"), FORM)
    assert client.post(address, form_in(response).body, FORM).status_code == 302
    books.invoice.refresh_from_db()
    assert (books.invoice.memo, books.invoice.lines.get().quantity) == ("Thank you", Decimal(3))


def test_lines_that_were_changed_are_kept(client: Client, books: Books, company: Company):
    address = reverse("invoices:edit", kwargs={"pk": books.invoice.pk})
    tab = page_of(client, address)
    invoices.update(company=company, id=books.invoice.pk, values={"memo": "Thank you"})
    response = client.post(address, tab.with_values(lines__0__quantity="7"), FORM)
    assert client.post(address, form_in(response).body, FORM).status_code == 302
    books.invoice.refresh_from_db()
    assert (books.invoice.memo, books.invoice.lines.get().quantity) == ("Thank you", Decimal(7))


def test_amounts_that_were_left_alone_are_shown_as_they_are_now(
    client: Client, books: Books, company: Company
):
    """Another tab has taken the payment off its invoice: it stays off."""
    address = reverse("payments:edit", kwargs={"pk": books.payment.pk})
    tab = page_of(client, address)
    assert books.payment.allocations.count() == 1
    payments.update(company=company, id=books.payment.pk, values={"allocations": []})
    response = client.post(address, tab.with_values(memo="By mail"), FORM)
    assert client.post(address, form_in(response).body, FORM).status_code == 302
    books.payment.refresh_from_db()
    assert (books.payment.memo, books.payment.allocations.count()) == ("By mail", 0)


def test_a_customer_can_be_merged_after_somebody_else_changed_it(
    client: Client, books: Books, company: Company
):
    other = customers.create(company=company, values={"display_name": "Amelia H."})
    address = reverse("customers:merge", kwargs={"pk": books.customer.pk})
    chosen = client.post(address, page_of(client, address).with_values(survivor=other.display_name), FORM)
    customers.update(company=company, id=books.customer.pk, values={"phone": "1"})
    refused = client.post(address, form_in(chosen).body, FORM)
    assert "Somebody else changed this" in said(refused)
    again = client.post(address, form_in(refused).body, FORM)
    assert client.post(address, form_in(again).body, FORM).status_code == 302
