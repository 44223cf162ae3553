"""Payments: what they may pay, what is left of them, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from service_genius.companies.models import Company, User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.invoices.queries import with_balance
from service_genius.payments import operations
from service_genius.payments.models import Allocation, Payment
from service_genius.payments.queries import payable, with_unapplied

from .conftest import DAY, Books, new_invoice

TOO_MUCH = (
    "Invoice 1001: 78.01 is more than the 78.00 still open. "
    "Lower it; the rest stays as the customer's credit."
)


def pay(company: Company, customer: Customer, amount: str, **allocated: Any) -> Payment:
    """Pay; the allocations are given by invoice number, as in on_1001="30"."""
    allocations = [
        {"invoice": Invoice.objects.get(number=name.removeprefix("on_")).pk, "amount": Decimal(part)}
        for name, part in allocated.items()
    ]
    return operations.create(
        company=company,
        values={"customer": customer.pk, "date": DAY, "amount": Decimal(amount), "allocations": allocations},
    )


def unapplied(payment: Payment) -> Decimal:
    [found] = with_unapplied(Payment.objects.filter(pk=payment.pk))
    rest: Decimal = found.unapplied
    return rest


def open_on(number: str) -> Decimal:
    [found] = with_balance(Invoice.objects.filter(number=number))
    balance: Decimal = found.balance
    return balance


def test_one_payment_pays_two_invoices_and_leaves_a_rest(books: Books, company: Company):
    new_invoice(company, customer=books.customer, work_code=books.work_code, number="1002")
    payment = pay(company, books.customer, "200", on_1001="78", on_1002="100")
    assert (open_on("1001"), open_on("1002"), unapplied(payment)) == (0, 0, 22)


def test_a_payment_in_part_leaves_the_invoice_open(books: Books):
    assert open_on("1001") == 78
    assert unapplied(books.payment) == 20


def test_two_payments_cannot_pay_the_same_money_twice(books: Books, company: Company):
    pay(company, books.customer, "78", on_1001="78")
    with pytest.raises(ValidationError, match=r"0.01 is more than the 0.00 still open"):
        pay(company, books.customer, "78", on_1001="0.01")


def test_two_payments_of_one_step_cannot_pay_the_same_money_twice(books: Books, company: Company):
    row = {
        "customer": books.customer.pk,
        "date": DAY,
        "amount": Decimal(78),
        "allocations": [{"invoice": books.invoice.pk, "amount": Decimal(78)}],
    }
    first, second = operations.create_many(company=company, rows=[row, row])
    assert isinstance(first, Payment)
    assert isinstance(second, ValidationError)
    assert open_on("1001") == 0


def test_a_payment_may_keep_what_it_pays_when_it_is_edited(books: Books, company: Company):
    allocations = [{"invoice": books.invoice.pk, "amount": Decimal(108)}]
    values = {"amount": Decimal(108), "allocations": allocations}
    operations.update(company=company, id=books.payment.pk, values=values)
    assert open_on("1001") == 0
    with pytest.raises(ValidationError, match="but the payment is 107"):
        operations.update(company=company, id=books.payment.pk, values={"amount": Decimal(107)})


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        (
            {"amount": Decimal(0)},
            "amount",
            "A payment is above zero. To give money back, void the payment instead.",
        ),
        (
            {"amount": Decimal("-0.01")},
            "amount",
            "A payment is above zero. To give money back, void the payment instead.",
        ),
        (
            {"amount": Decimal("10.001")},
            "amount",
            "Amount can have up to 2 digits after the point. Round it.",
        ),
        ({"amount": None}, "amount", "Amount is needed."),
        ({"customer": None}, "customer", "Choose the customer who paid."),
        ({"customer": 0}, "customer", "This customer does not exist. Choose one from the list."),
        (
            {"reference": "9" * 22},
            "reference",
            "Reference can have up to 21 characters; this has 22. Shorten it.",
        ),
        ({"method": "x" * 32}, "method", "Method can have up to 31 characters; this has 32. Shorten it."),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_way_out(
    values: dict[str, Any], field: str, sentence: str, books: Books, company: Company
):
    valid = {"customer": books.customer.pk, "date": DAY, "amount": Decimal(10)}
    with pytest.raises(ValidationError) as refused:
        operations.create(company=company, values={**valid, **values})
    assert refused.value.message_dict == {field: [sentence]}


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("0", "Invoice 1001: an amount is above zero. Leave it empty to pay nothing."),
        ("-5", "Invoice 1001: an amount is above zero. Leave it empty to pay nothing."),
        ("1.005", "Invoice 1001: Amount can have up to 2 digits after the point. Round it."),
        (
            "78.01",
            TOO_MUCH,
        ),
    ],
)
def test_a_bad_allocation_is_named(amount: str, sentence: str, books: Books, company: Company):
    with pytest.raises(ValidationError) as refused:
        pay(company, books.customer, "500", on_1001=amount)
    assert refused.value.message_dict == {"allocations": [sentence]}


def test_more_than_the_payment_cannot_be_allocated(books: Books, company: Company):
    with pytest.raises(ValidationError, match=r"The invoices get 60.00, but the payment is 50.00"):
        pay(company, books.customer, "50", on_1001="60")


def test_an_invoice_stands_once_in_a_payment(books: Books, company: Company):
    twice = [{"invoice": books.invoice.pk, "amount": Decimal(1)}] * 2
    with pytest.raises(ValidationError, match="stands here twice"):
        operations.update(company=company, id=books.payment.pk, values={"allocations": twice})


def test_a_payment_pays_up_and_down_its_line_and_never_aside(books: Books, company: Company):
    parent = customers.create(company=company, values={"display_name": "Evergreen"})
    child, sister = (
        customers.create(company=company, values={"display_name": name, "parent": parent.pk})
        for name in ("Unit 4B", "Unit 7A")
    )
    for customer, number in ((parent, "P"), (child, "C"), (sister, "S")):
        new_invoice(company, customer=customer, work_code=books.work_code, number=number)
    pay(company, parent, "10", on_C="10")
    pay(company, child, "10", on_P="10")
    for payer, number in ((child, "S"), (books.customer, "P"), (parent, "1001")):
        with pytest.raises(ValidationError, match="belongs to another customer"):
            pay(company, payer, "10", **{f"on_{number}": "10"})
    proposed = [each.number for each in payable(company=company, customer_id=child.pk, payment=None)]
    assert proposed == ["P", "C"]


def test_a_payment_cannot_reach_into_another_company(books: Books, charlie: User):
    mine = customers.create(company=charlie.company, values={"display_name": "Mine"})
    with pytest.raises(ValidationError, match="does not exist"):
        pay(charlie.company, mine, "10", on_1001="10")


def test_nothing_is_paid_on_a_voided_invoice(books: Books, company: Company):
    invoices.void(company=company, id=books.invoice.pk)
    with pytest.raises(ValidationError, match="is voided"):
        pay(company, books.customer, "10", on_1001="10")


def test_voiding_an_invoice_gives_the_money_back_to_its_payments(books: Books, company: Company):
    invoices.void(company=company, id=books.invoice.pk)
    assert unapplied(books.payment) == 50


def test_voiding_a_payment_opens_what_it_paid(books: Books, company: Company):
    operations.void(company=company, id=books.payment.pk)
    assert open_on("1001") == 108
    assert unapplied(books.payment) == 0
    assert not Allocation.objects.exists()
    with pytest.raises(ValidationError, match="stays as it is"):
        operations.update(company=company, id=books.payment.pk, values={"memo": "x"})


def test_an_inactive_customer_pays_no_more(books: Books, company: Company):
    customers.deactivate(company=company, id=books.customer.pk)
    with pytest.raises(ValidationError, match="Reactivate the customer first"):
        pay(company, books.customer, "10")
    assert operations.update(company=company, id=books.payment.pk, values={"memo": "Kept"}).memo == "Kept"
