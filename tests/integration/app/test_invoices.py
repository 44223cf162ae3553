"""Invoices: totals from their lines, numbers, what is refused, voiding, and what is open on them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from service_genius.companies.models import Company, User
from service_genius.customers import operations as customers
from service_genius.invoices import operations
from service_genius.invoices.models import Invoice
from service_genius.invoices.queries import open_only, overdue_only, with_balance, with_owed
from service_genius.sales import tax_rates
from service_genius.shared.limits import LINES_MAX
from service_genius.work_codes import operations as work_codes

from .conftest import DAY, Books, new_invoice

VALUES = {"number": "2000", "date": DAY, "due_date": DAY}
BELOW_ZERO = (
    "The total would be -1.00, and an invoice cannot be below zero. "
    "Lower the discount or the lines that take away."
)


def references(books: Books) -> dict[str, Any]:
    return {"customer": books.customer.pk, "lines": [{"work_code": books.work_code.pk}]}


def figures(invoice: Invoice) -> tuple[str, str, str, str]:
    saved = Invoice.objects.get(pk=invoice.pk)
    return str(saved.subtotal), str(saved.discount), str(saved.tax), str(saved.total)


def test_an_invoice_takes_its_totals_from_its_lines(books: Books, company: Company):
    free = work_codes.create(company=company, values={"name": "Service call", "price": Decimal(79)})
    invoice = new_invoice(
        company,
        customer=books.customer,
        work_code=books.work_code,
        number="2000",
        tax_rate=books.tax_rate,
        discount_percent=Decimal(10),
        lines=[
            {"work_code": books.work_code.pk, "quantity": Decimal("2.5"), "unit_price": Decimal("84.50")},
            {"work_code": free.pk},
        ],
    )
    assert figures(invoice) == ("290.25", "29.03", "15.21", "276.43")


def test_a_line_says_what_its_work_code_says_unless_told_otherwise(books: Books, company: Company):
    work_code = work_codes.create(
        company=company,
        values={"name": "Filter", "description": "Pleated", "price": Decimal("14.95"), "taxable": True},
    )
    invoice = new_invoice(
        company,
        customer=books.customer,
        work_code=work_code,
        number="2000",
        lines=[{"work_code": work_code.pk}, {"work_code": work_code.pk, "description": "", "taxable": False}],
    )
    told = [(line.description, line.quantity, line.unit_price, line.taxable) for line in invoice.lines.all()]
    assert told == [("Pleated", 1, Decimal("14.95"), True), ("", 1, Decimal("14.95"), False)]


def test_a_later_price_of_the_work_code_leaves_invoices_as_they_were(books: Books, company: Company):
    work_codes.update(company=company, id=books.work_code.pk, values={"price": Decimal(999)})
    operations.update(company=company, id=books.invoice.pk, values={"memo": "Thank you"})
    assert figures(books.invoice) == ("100.00", "0.00", "8.00", "108.00")


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"number": ""}, "number", "Number is needed."),
        ({"number": "9" * 22}, "number", "Number can have up to 21 characters; this has 22. Shorten it."),
        ({"number": "1001"}, "number", "Another invoice has the number 1001. Choose a number that is free."),
        ({"customer": None}, "customer", "Choose the customer who gets this invoice."),
        ({"customer": 0}, "customer", "This customer does not exist. Choose one from the list."),
        ({"tax_rate": 0}, "tax_rate", "This sales tax does not exist. Choose one from the list."),
        (
            {"due_date": DAY - timedelta(days=1)},
            "due_date",
            "This is before the date of the invoice. Choose the same day or a later one.",
        ),
        (
            {"memo": "x" * 1001},
            "memo",
            "Message can have up to 1,000 characters; this has 1,001. Shorten it.",
        ),
        (
            {"discount_percent": Decimal(101)},
            "discount_percent",
            "Discount percent cannot be above 100. Use a smaller number.",
        ),
        (
            {"discount_percent": Decimal(5), "discount_amount": Decimal(5)},
            "discount_amount",
            "An invoice has one discount. Give a percentage or an amount, not both.",
        ),
        (
            {"discount_amount": Decimal(101)},
            "lines",
            BELOW_ZERO,
        ),
        ({"lines": []}, "lines", "An invoice needs at least one line. Choose a work code."),
        ({"lines": [{"work_code": None}]}, "lines", "Line 1: Choose a work code from the list."),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_way_out(
    values: dict[str, Any], field: str, sentence: str, books: Books, company: Company
):
    with pytest.raises(ValidationError) as refused:
        operations.create(company=company, values={**VALUES, **references(books), **values})
    assert refused.value.message_dict == {field: [sentence]}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ({"quantity": Decimal("0.00000001")}, "Line 2: Quantity can have up to 7 digits after the point."),
        ({"unit_price": Decimal(10) ** 12}, "Line 2: Price can have up to 11 digits before the point."),
        (
            {"quantity": Decimal(10) ** 10, "unit_price": Decimal(10) ** 10},
            "Line 2: Quantity times price is too large.",
        ),
        ({"description": "x" * 4001}, "Line 2: Description can have up to 4,000 characters"),
    ],
)
def test_a_bad_line_is_named(line: dict[str, Any], sentence: str, books: Books, company: Company):
    lines = [{"work_code": books.work_code.pk}, {"work_code": books.work_code.pk, **line}]
    with pytest.raises(ValidationError) as refused:
        operations.update(company=company, id=books.invoice.pk, values={"lines": lines})
    [message] = refused.value.message_dict["lines"]
    assert message.startswith(sentence)


def test_an_invoice_has_a_limit_of_lines(books: Books, company: Company):
    lines = [{"work_code": books.work_code.pk}] * (LINES_MAX + 1)
    with pytest.raises(ValidationError, match="Split it in two"):
        operations.update(company=company, id=books.invoice.pk, values={"lines": lines})


def test_references_to_another_company_do_not_exist(books: Books, charlie: User):
    other = charlie.company
    mine = customers.create(company=other, values={"display_name": "Mine"})
    code = work_codes.create(company=other, values={"name": "Sweep", "price": Decimal(1)})
    valid = {**VALUES, "customer": mine.pk, "lines": [{"work_code": code.pk}]}
    for foreign in (
        {"customer": books.customer.pk},
        {"tax_rate": books.tax_rate.pk},
        {"lines": [{"work_code": books.work_code.pk}]},
    ):
        with pytest.raises(ValidationError, match=r"does not exist|from the list"):
            operations.create(company=other, values={**valid, **foreign})


def test_the_next_number_follows_the_one_entered_last(books: Books, company: Company):
    assert operations.next_number(company=company) == "1002"
    new_invoice(company, customer=books.customer, work_code=books.work_code, number="A-0099")
    assert operations.next_number(company=company) == "A-0100"
    new_invoice(company, customer=books.customer, work_code=books.work_code, number="A-0100")
    new_invoice(company, customer=books.customer, work_code=books.work_code, number="draft")
    assert operations.next_number(company=company) == "A-0101"


def test_a_number_that_is_taken_is_passed_over(books: Books, company: Company):
    for number in ("1003", "1002"):
        new_invoice(company, customer=books.customer, work_code=books.work_code, number=number)
    assert operations.next_number(company=company) == "1004"


@pytest.mark.parametrize(
    ("entered", "next_one"),
    [
        (["1069", "1070-1"], "1071"),
        (["1070-1", "1071", "1070-2"], "1072"),
        (["2026-001"], "2026-002"),
        (["2026-1", "2026-2"], "2026-3"),
        (["A-7"], "A-8"),
    ],
)
def test_a_suffix_that_told_two_apart_is_no_series(
    books: Books, company: Company, entered: list[str], next_one: str
):
    for number in entered:
        new_invoice(company, customer=books.customer, work_code=books.work_code, number=number)
    assert operations.next_number(company=company) == next_one


def test_the_first_number_of_a_company_is_1001(charlie: User):
    assert operations.next_number(company=charlie.company) == "1001"


def test_an_inactive_customer_gets_no_new_invoice_but_keeps_the_old(books: Books, company: Company):
    customers.deactivate(company=company, id=books.customer.pk)
    with pytest.raises(ValidationError, match="Reactivate the customer first"):
        new_invoice(company, customer=books.customer, work_code=books.work_code, number="2000")
    assert operations.update(company=company, id=books.invoice.pk, values={"memo": "Still yours"}).memo


def test_what_is_paid_holds_the_invoice_to_its_customer_and_its_total(books: Books, company: Company):
    other = customers.create(company=company, values={"display_name": "Other"})
    with pytest.raises(ValidationError, match="Something is paid on this invoice"):
        operations.update(company=company, id=books.invoice.pk, values={"customer": other.pk})
    with pytest.raises(ValidationError, match=r"30.00 is paid already"):
        operations.update(company=company, id=books.invoice.pk, values={"discount_amount": Decimal(90)})


def test_a_voided_invoice_counts_for_nothing_and_cannot_be_edited(books: Books, company: Company):
    operations.void(company=company, id=books.invoice.pk)
    [invoice] = with_balance(Invoice.objects.filter(company=company))
    assert (invoice.voided, invoice.balance, invoice.total) == (True, 0, Decimal(108))
    with pytest.raises(ValidationError, match="stays as it is"):
        operations.update(company=company, id=books.invoice.pk, values={"memo": "x"})
    with pytest.raises(ValidationError, match="has the number 1001"):
        new_invoice(company, customer=books.customer, work_code=books.work_code, number="1001")


def test_open_and_overdue_are_what_they_say(books: Books, company: Company):
    paid = new_invoice(
        company,
        customer=books.customer,
        work_code=books.work_code,
        number="0",
        lines=[{"work_code": books.work_code.pk, "unit_price": Decimal(0)}],
    )
    later = new_invoice(
        company,
        customer=books.customer,
        work_code=books.work_code,
        number="1",
        due_date=DAY + timedelta(days=9),
    )
    invoices = with_owed(Invoice.objects.filter(company=company), company=company)
    assert set(open_only(invoices)) == {books.invoice, later}
    assert set(overdue_only(invoices, today=DAY + timedelta(days=1))) == {books.invoice}
    assert paid.total == 0


def test_cents_that_do_not_add_up_in_binary_leave_nothing_open(books: Books, company: Company):
    from service_genius.payments import operations as payments  # noqa: PLC0415 - this test alone

    lines = [{"work_code": books.work_code.pk, "unit_price": Decimal("0.30"), "taxable": False}]
    invoice = new_invoice(
        company, customer=books.customer, work_code=books.work_code, number="2", lines=lines
    )
    for amount in ("0.10", "0.20"):
        allocation = {"invoice": invoice.pk, "amount": Decimal(amount)}
        payments.create(
            company=company,
            values={
                "customer": books.customer.pk,
                "date": DAY,
                "amount": Decimal(amount),
                "allocations": [allocation],
            },
        )
    assert invoice not in open_only(with_owed(Invoice.objects.filter(company=company), company=company))


def test_a_sales_tax_is_added_once_and_can_be_retired(books: Books, company: Company):
    with pytest.raises(ValidationError, match="There already is a sales tax named"):
        tax_rates.add(company=company, values={"name": "California", "percent": Decimal(9)})
    with pytest.raises(ValidationError, match="cannot be above 100"):
        tax_rates.add(company=company, values={"name": "All", "percent": Decimal(101)})
    assert not tax_rates.set_active(company=company, id=books.tax_rate.pk, active=False).active
