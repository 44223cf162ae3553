"""Pages as a person uses them: entering, editing, being refused, and who comes second."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices.models import Invoice
from service_genius.payments.models import Payment
from service_genius.sales.models import TaxRate
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.pressing import Client

from .conftest import Books

INVOICE = {
    "customer": "Amelia Hartwell",
    "number": "2000",
    "date": "2026-03-02",
    "due_date": "2026-04-01",
    "discount_kind": "percent",
    "lines-0-work_code": "Tune-up",
    "lines-0-description": "Spring",
    "lines-0-quantity": "2",
    "lines-0-unit_price": "100",
    "lines-0-taxable": "on",
}


def said(response: Any) -> str:
    text: str = response.content.decode()
    return text.replace("&#x27;", "'").replace("&quot;", '"')


def test_a_customer_is_entered_below_another(client: Client, books: Books):
    response = client.post(
        reverse("customers:create"),
        {"display_name": "Rear House", "parent": "amelia hartwell", "email": "", "taxable": "on"},
        follow=True,
    )
    assert "Rear House is saved." in said(response)
    assert Customer.objects.get(display_name="Rear House").parent == books.customer


def test_what_was_typed_stays_when_it_is_refused(client: Client, company: Company):
    response = client.post(reverse("customers:create"), {"display_name": "A:B", "notes": "Gate code 12"})
    assert "A name cannot contain a colon" in said(response)
    assert "Gate code 12" in said(response)
    assert 'aria-invalid="true"' in said(response)
    assert not Customer.objects.filter(company=company).exists()


def test_a_parent_that_does_not_exist_is_named(client: Client):
    response = client.post(reverse("customers:create"), {"display_name": "X", "parent": "Nobody"})
    assert "There is no customer named “Nobody”" in said(response)


def test_the_second_of_two_who_edit_the_same_customer_is_told(client: Client, books: Books):
    address = reverse("customers:edit", kwargs={"pk": books.customer.pk})
    form = {"display_name": "Amelia Hartwell", "revision": books.customer.revision}
    assert client.post(address, {**form, "phone": "1"}).status_code == 302
    response = client.post(address, {**form, "phone": "2"})
    assert "Somebody else changed this" in said(response)
    books.customer.refresh_from_db()
    assert books.customer.phone == "1"


def test_a_customer_leaves_and_comes_back(client: Client, books: Books):
    pk = {"pk": books.customer.pk}
    assert "is inactive now" in said(client.post(reverse("customers:deactivate", kwargs=pk), follow=True))
    assert "Amelia" not in said(client.get(reverse("customers:list")))
    assert "Amelia" in said(client.get(reverse("customers:list"), {"show": "inactive"}))
    assert "is active again" in said(client.post(reverse("customers:reactivate", kwargs=pk), follow=True))


def test_a_customer_that_cannot_leave_says_why(client: Client, books: Books, company: Company):
    customers.create(company=company, values={"display_name": "Rear House", "parent": books.customer.pk})
    response = client.post(reverse("customers:deactivate", kwargs={"pk": books.customer.pk}), follow=True)
    assert "Deactivate its sub-customers first" in said(response)


def test_a_work_code_is_entered_edited_and_retired(client: Client):
    client.post(reverse("work_codes:create"), {"name": "Filter", "price": "14.95", "category": "Air"})
    work_code = WorkCode.objects.get(name="Filter")
    assert (work_code.price, work_code.taxable) == (Decimal("14.95"), False)
    pk = {"pk": work_code.pk}
    client.post(
        reverse("work_codes:edit", kwargs=pk),
        {"name": "Filter", "category": "", "price": "15", "taxable": "on"},
    )
    work_code.refresh_from_db()
    assert (work_code.price, work_code.taxable, work_code.category) == (Decimal(15), True, "")
    client.post(reverse("work_codes:deactivate", kwargs=pk))
    work_code.refresh_from_db()
    assert not work_code.active


@pytest.mark.parametrize("price", ["", "twelve", "1e5x", "NaN", "Infinity"])
def test_a_price_that_is_no_number_is_refused(price: str, client: Client):
    response = client.post(reverse("work_codes:create"), {"name": "Filter", "price": price})
    assert response.status_code == 200
    assert re.search("is needed|is not a number|cannot be read for certain", said(response))


def test_an_invoice_is_entered_with_its_lines(client: Client, books: Books):
    data = {**INVOICE, "tax_rate": books.tax_rate.pk, "lines-7-work_code": "", "lines-7-quantity": "1"}
    response = client.post(reverse("invoices:create"), data, follow=True)
    assert "Invoice 2000 is saved." in said(response)
    invoice = Invoice.objects.get(number="2000")
    assert (invoice.total, invoice.lines.count()) == (Decimal(216), 1)


def test_an_invoice_is_edited_line_by_line(client: Client, books: Books):
    address = reverse("invoices:edit", kwargs={"pk": books.invoice.pk})
    page = client.get(address)
    assert "Tune-up" in said(page)
    data = {
        **INVOICE,
        "number": "1001",
        "revision": books.invoice.revision,
        "lines-3-work_code": "tune-up",
        "lines-3-quantity": "0.5",
        "lines-3-unit_price": "50",
    }
    client.post(address, data)
    invoice = Invoice.objects.get(number="1001")
    assert [(line.quantity, line.amount, line.taxable) for line in invoice.lines.all()] == [
        (2, 200, True),
        (Decimal("0.5"), 25, False),
    ]


def test_a_description_that_was_cleared_stays_empty(client: Client, books: Books, company: Company):
    work_codes.update(company=company, id=books.work_code.pk, values={"description": "Clean coils"})
    client.post(reverse("invoices:create"), {**INVOICE, "lines-0-description": ""})
    assert Invoice.objects.get(number="2000").lines.get().description == ""


def test_clearing_the_tax_box_of_a_line_is_kept(client: Client, books: Books):
    untaxed = {name: value for name, value in INVOICE.items() if not name.endswith("taxable")}
    client.post(reverse("invoices:create"), {**untaxed, "tax_rate": books.tax_rate.pk})
    assert Invoice.objects.get(number="2000").tax == 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"customer": "Nobody"}, "There is no customer named “Nobody”"),
        ({"number": "1001"}, "Another invoice has the number 1001"),
        ({"date": "yesterday"}, "This is not a date"),
        ({"lines-0-work_code": "Nothing"}, "There is no work code named “Nothing”"),
        ({"lines-0-quantity": "many"}, "Quantity “many” is not a number"),
        ({"lines-0-work_code": "", "lines-0-description": "Only text"}, "Choose a work code from the list"),
        ({"discount": "101"}, "cannot be above 100"),
        ({"discount": "201", "discount_kind": "amount"}, "an invoice cannot be below zero"),
        ({"tax_rate": "99999"}, "Select a valid choice"),
    ],
)
def test_an_invoice_that_cannot_be_kept_says_why(
    change: dict[str, str], sentence: str, client: Client, books: Books
):
    response = client.post(reverse("invoices:create"), {**INVOICE, **change})
    assert sentence in said(response)
    assert not Invoice.objects.filter(number="2000").exists()


def test_the_totals_follow_while_an_invoice_is_written(client: Client, books: Books):
    draft = reverse("invoices:draft")
    data = {**INVOICE, "tax_rate": books.tax_rate.pk, "discount": "10"}
    before = Invoice.objects.count()
    page = said(client.post(draft, data))
    assert "$200.00" in page
    assert "$20.00" in page
    assert "$194.40" in page  # 180 and 8 % of it
    added = said(client.post(draft, {**data, "add": "1"}))
    assert 'id="line-1"' in added
    assert 'id="line-0"' not in said(client.post(draft, {**data, "remove": "0"}))
    assert Invoice.objects.count() == before


def test_choosing_a_work_code_fills_in_its_line(client: Client, books: Books, company: Company):
    data = {"lines-0-work_code": "TUNE-UP", "lines-0-quantity": "3", "fill": "0"}
    page = said(client.post(reverse("invoices:draft"), data))
    assert 'value="Tune-up"' in page
    assert 'value="100.00"' in page
    assert "$300.00" in page
    assert "checked" in page


def test_the_sums_of_a_form_keep_their_rows_whatever_is_typed(client: Client):
    """A row that came while Save is being pressed would move it away, and the press would do nothing."""

    def rows(data: dict[str, str]) -> list[str]:
        page = said(client.post(reverse("invoices:draft"), data))
        sums = page.partition('id="sums"')[2]
        return [name for name in ("Lines", "Discount", "Sales tax", "Total") if f"<span>{name}" in sums]

    assert (
        rows({})
        == rows({"discount": "10", "discount_kind": "percent"})
        == [*("Lines", "Discount", "Sales tax", "Total")]
    )


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"fill": "x"},
        {"remove": "../1"},
        {"lines-0-work_code": "x" * 9000, "fill": "0"},
        {"discount": "x"},
    ],
)
def test_a_draft_of_nonsense_is_still_a_draft(data: dict[str, str], client: Client):
    assert client.post(reverse("invoices:draft"), data).status_code == 200


def test_a_new_invoice_begins_with_number_dates_and_customer(client: Client, books: Books):
    page = said(client.get(reverse("invoices:create"), {"customer": books.customer.pk}))
    assert 'value="1002"' in page
    assert 'value="Amelia Hartwell"' in page
    assert f"{date.today().year}" in page  # noqa: DTZ011 - the year is enough
    assert "selected" in page


@pytest.mark.parametrize("query", ["customer=x", "customer=99999999999999999999", "customer=-1"])
def test_a_wrong_customer_in_the_address_is_no_fault(query: str, client: Client):
    assert client.get(f"{reverse('invoices:create')}?{query}").status_code == 200


def test_a_payment_is_proposed_to_the_oldest_invoices_first(client: Client, books: Books):
    client.post(reverse("invoices:create"), INVOICE)
    newer = Invoice.objects.get(number="2000")
    data = {"customer": "Amelia Hartwell", "amount": "100", "propose": "1"}
    page = said(client.post(reverse("payments:draft"), data))
    assert f'name="invoice-{books.invoice.pk}" value="78.00"' in page
    assert f'name="invoice-{newer.pk}" value="22.00"' in page
    assert "Credit left" in page


def test_a_payment_is_entered_and_leaves_a_credit(client: Client, books: Books):
    data = {
        "customer": "Amelia Hartwell",
        "amount": "100",
        "date": "2026-03-05",
        "method": "Check",
        f"invoice-{books.invoice.pk}": "78",
    }
    page = said(client.post(reverse("payments:create"), data, follow=True))
    assert "The payment is saved." in page
    assert "$22.00" in page
    assert "Paid" in said(client.get(reverse("invoices:detail", kwargs={"pk": books.invoice.pk})))


def test_a_payment_begun_at_an_invoice_pays_what_is_open_on_it(client: Client, books: Books):
    page = said(client.get(reverse("payments:create"), {"invoice": books.invoice.pk}))
    assert page.count('value="78.00"') == 2


def test_a_payment_is_edited_with_what_it_pays(client: Client, books: Books):
    address = reverse("payments:edit", kwargs={"pk": books.payment.pk})
    assert 'value="30.00"' in said(client.get(address))
    data = {"customer": "Amelia Hartwell", "amount": "50", "date": "2026-03-02"}
    client.post(address, {**data, f"invoice-{books.invoice.pk}": ""})
    assert not books.payment.allocations.exists()
    page = said(client.post(address, {**data, f"invoice-{books.invoice.pk}": "51"}))
    assert "but the payment is 50.00" in page


@pytest.mark.parametrize(("kind", "model"), [("invoices", Invoice), ("payments", Payment)])
def test_what_is_voided_says_so_and_offers_no_more(
    kind: str, model: type[Invoice | Payment], client: Client, books: Books
):
    pk = {"pk": model.objects.get().pk}
    page = said(client.post(reverse(f"{kind}:void", kwargs=pk), follow=True))
    assert "Voided" in page
    assert reverse(f"{kind}:void", kwargs=pk) not in page
    assert "stays as it is" in said(
        client.post(
            reverse(f"{kind}:edit", kwargs=pk),
            {**INVOICE, "amount": "1", "customer": "Amelia Hartwell", "date": "2026-03-02"},
        )
    )


def test_a_sales_tax_is_added_and_retired(client: Client):
    address = reverse("companies:tax_rates:list")
    assert "Nevada (6.85 %) is saved." in said(
        client.post(address, {"name": "Nevada", "percent": "6.85"}, follow=True)
    )
    assert "There already is a sales tax" in said(client.post(address, {"name": "Nevada", "percent": "7"}))
    rate = TaxRate.objects.get()
    client.post(reverse("companies:tax_rates:set_active", kwargs={"pk": rate.pk}))
    rate.refresh_from_db()
    assert not rate.active


def test_settings_name_the_company_and_its_people(client: Client, bob: Any, charlie: Any):
    page = said(client.get(reverse("companies:settings")))
    assert "Alice's Air" in page
    assert "bob@example.com" in page
    assert "charlie" not in page
