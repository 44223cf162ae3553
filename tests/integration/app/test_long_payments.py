"""A customer with more open invoices than a page shows: all of them are found, paid and kept."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations
from service_genius.payments.allocating import PART_ROWS
from service_genius.payments.models import Allocation, Payment
from service_genius.shared.limits import ALLOCATIONS_MAX
from tests.forms import Form, forms_of
from tests.pressing import Client

from .conftest import DAY, Books, new_invoice

HOUSES = 40
MANY = 150
NEW, DRAFT = reverse("payments:create"), reverse("payments:draft")


@pytest.fixture
def manager(company: Company) -> Customer:
    """A property manager, whose houses are sub-customers."""
    found = customers.create(company=company, values={"display_name": "Evergreen"})
    rows = [
        {"display_name": f"House {n}", "parent": found.pk, "service_street": f"{n} Elm Street"}
        for n in range(1, HOUSES + 1)
    ]
    customers.create_many(company=company, rows=rows)
    return found


def bill(books: Books, manager: Customer, count: int) -> list[Invoice]:
    """That many invoices to its houses in turn: the first of 1.00, each a dollar more, all due on one day."""
    houses = list(manager.sub_customers.order_by("pk"))
    made = invoices.create_many(
        company=manager.company,
        rows=[
            {
                "number": f"E{n:04}",
                "customer": houses[n % HOUSES].pk,
                "date": DAY,
                "due_date": DAY,
                "lines": [{"work_code": books.work_code.pk, "unit_price": Decimal(n + 1)}],
            }
            for n in range(count)
        ],
    )
    return [each for each in made if isinstance(each, Invoice)]


def pay(manager: Customer, bills: list[Invoice], *, amount: Decimal | None = None) -> Payment:
    total = sum(each.total for each in bills)
    return operations.create(
        company=manager.company,
        values={
            "customer": manager.pk,
            "date": DAY,
            "amount": amount or total,
            "paid_on": {each.pk: each.total for each in bills},
        },
    )


def form_on(response: Any) -> Form:
    """The payment's form: of the page, or as a part of it that came anew."""
    page = response.content.decode()
    found = forms_of(page) if "<form" in page else forms_of(f'<form method="post">{page}</form>')
    return next(form for form in found if any(name == "proposed" for name, _ in form.fields))


def post(client: Client, address: str, body: str, **more: Any) -> Any:
    return client.post(address, body, "application/x-www-form-urlencoded", **more)


def amounts(form: Form) -> dict[str, str]:
    """What is to be paid, by the field's name."""
    return {name: text for name, text in form.fields if name.startswith("invoice-") and text}


def allocated(payment: Payment) -> dict[int, Decimal]:
    return dict(payment.allocations.values_list("invoice_id", "amount"))


def drafted(client: Client, form: Form, **typed: str) -> Form:
    """The page after something was typed or pressed in it: the rows came anew."""
    pressed = {"follow", "propose", "part"}
    kept = {name: value for name, value in typed.items() if name not in pressed}
    came = form_on(post(client, DRAFT, form.with_values(**typed)))
    of_rows = {name for name, _ in form.fields if name.startswith("invoice-")} | dict(came.fields).keys()
    stays = [(name, kept.get(name, text)) for name, text in form.fields if name not in of_rows]
    return Form(action=form.action, method=form.method, fields=[*stays, *came.fields])


def filled_in(client: Client, manager: Customer, amount: object) -> str:
    """A new payment as it is sent after customer and amount were typed, with what is proposed."""
    typed = {"customer": manager.full_name, "amount": str(amount), "date": DAY.isoformat()}
    return drafted(client, form_on(client.get(NEW)), **typed, follow="1").body


@pytest.mark.parametrize("count", [MANY, 1000])
def test_the_oldest_first_reaches_every_open_invoice_of_all_sub_customers(
    count: int, client: Client, books: Books, manager: Customer
):
    bills = bill(books, manager, count)
    total = sum(each.total for each in bills)
    page = post(client, NEW, filled_in(client, manager, total), follow=True).content.decode()
    assert f"It pays {count:,} invoices and is used up." in page
    payment = Payment.objects.latest("pk")
    assert allocated(payment) == {each.pk: each.total for each in bills}


@pytest.mark.parametrize("count", [MANY, 1000])
def test_pay_edit_bounce_and_pay_again_keeps_every_allocation(
    count: int, client: Client, books: Books, manager: Customer, company: Company
):
    bills = bill(books, manager, count)
    payment = pay(manager, bills)
    address = reverse("payments:edit", kwargs={"pk": payment.pk})
    form = form_on(client.get(address))
    assert len(amounts(form)) == count
    assert post(client, address, form.with_values(memo="Cheque of March")).status_code == 302
    assert allocated(payment) == {each.pk: each.total for each in bills}
    client.post(reverse("payments:void", kwargs={"pk": payment.pk}))
    again = pay(manager, bills[-3:])
    address = reverse("payments:edit", kwargs={"pk": again.pk})
    post(client, address, form_on(client.get(address)).with_values(reference="77"))
    assert allocated(again) == {each.pk: each.total for each in bills[-3:]}


def test_a_new_payment_on_the_newest_of_many_pays_it(client: Client, books: Books, manager: Customer):
    newest = bill(books, manager, MANY)[-1]
    address = f"{NEW}?invoice={newest.pk}"
    assert post(client, address, form_on(client.get(address)).body).status_code == 302
    assert allocated(Payment.objects.latest("pk")) == {newest.pk: newest.total}


def test_the_amount_of_a_payment_begun_at_an_invoice_is_put_on_that_first(
    client: Client, books: Books, manager: Customer
):
    bills = bill(books, manager, MANY)
    begun = form_on(client.get(f"{NEW}?invoice={bills[-1].pk}"))
    page = drafted(client, begun, amount="153", customer="Evergreen", follow="1")
    assert amounts(page) == {
        f"invoice-{bills[-1].pk}": "150.00",
        f"invoice-{bills[0].pk}": "1.00",
        f"invoice-{bills[1].pk}": "2.00",
    }


def test_editing_the_note_of_a_payment_of_newer_invoices_touches_no_allocation(
    client: Client, books: Books, manager: Customer
):
    payment = pay(manager, bill(books, manager, MANY)[-3:])
    before = list(payment.allocations.order_by("pk").values())
    address = reverse("payments:edit", kwargs={"pk": payment.pk})
    post(client, address, form_on(client.get(address)).with_values(memo="Thank you"))
    payment.refresh_from_db()
    assert payment.memo == "Thank you"
    assert list(payment.allocations.order_by("pk").values()) == before


def test_an_invoice_that_was_not_on_the_page_is_left_as_it_is(
    client: Client, books: Books, manager: Customer
):
    bills = bill(books, manager, 3)
    payment = pay(manager, bills, amount=Decimal(100))
    address = reverse("payments:edit", kwargs={"pk": payment.pk})
    sent = {"revision": payment.revision, "amount": "100", "date": DAY, "customer": "Evergreen"}
    client.post(address, {**sent, f"invoice-{bills[0].pk}": "0.50", f"invoice-{bills[1].pk}": ""})
    assert allocated(payment) == {bills[0].pk: Decimal("0.50"), bills[2].pk: 3}


@pytest.mark.parametrize(
    ("find", "found"),
    [
        ("E0149", ["E0149"]),
        ("e0149", ["E0149"]),
        ("House 39", ["E0038", "E0078", "E0118"]),
        ("39 elm", ["E0038", "E0078", "E0118"]),
        ("150", ["E0149"]),
        ("$150.00", ["E0149"]),
        ("1,000", []),
        ("%", []),
        ("nan", []),
        ("1e999", []),
        ("1e-999", []),
        ("Amelia", []),
    ],
)
def test_an_invoice_is_found_by_number_customer_address_and_amount_among_all(
    find: str, found: list[str], client: Client, books: Books, manager: Customer
):
    bill(books, manager, MANY)
    response = client.post(DRAFT, {"customer": "Evergreen", "find": find})
    others = response.context["allocations"].others
    assert [row.invoice.number for row in others.rows] == found
    assert others.count == len(found)


def test_amounts_are_kept_while_other_invoices_are_looked_for(
    client: Client, books: Books, manager: Customer
):
    bills = bill(books, manager, MANY)
    first, last = (f"invoice-{each.pk}" for each in (bills[0], bills[-1]))
    page = form_on(client.get(f"{NEW}?customer={manager.pk}"))
    assert last not in dict(page.fields)
    typed = {"amount": "10", "date": DAY.isoformat()}
    page = form_on(post(client, NEW, page.with_values(**typed, **{first: "0.75"}, find="E0149")))
    assert amounts(page) == {first: "0.75"}
    page = form_on(post(client, NEW, page.with_values(**{last: "5"}, find="", part="50")))
    assert amounts(page) == {first: "0.75", last: "5"}
    post(client, NEW, page.body)
    assert allocated(Payment.objects.latest("pk")) == {bills[0].pk: Decimal("0.75"), bills[-1].pk: 5}


def test_every_open_invoice_comes_up_once_page_by_page(client: Client, books: Books, manager: Customer):
    bills = bill(books, manager, MANY)
    numbers, part = [], "0"
    while part:
        response = client.post(DRAFT, {"customer": "Evergreen", "part": part})
        others = response.context["allocations"].others
        assert f"{others.first} to {others.last} of {MANY} open invoices" in response.content.decode()
        numbers += [row.invoice.number for row in others.rows]
        part = others.next
    assert numbers == [each.number for each in bills]


def test_a_search_that_was_not_carried_out_yet_comes_before_saving(
    client: Client, books: Books, manager: Customer
):
    bill(books, manager, MANY)
    page = form_on(client.get(f"{NEW}?customer={manager.pk}"))
    response = post(client, NEW, page.with_values(amount="10", date=DAY.isoformat(), find="E0149"))
    assert "Not saved yet." in response.content.decode()
    assert not Payment.objects.filter(customer=manager).exists()
    assert post(client, NEW, form_on(response).body).status_code == 302


def test_what_is_refused_keeps_every_amount(client: Client, books: Books, manager: Customer):
    bills = bill(books, manager, MANY)
    body = filled_in(client, manager, sum(each.total for each in bills))
    wrong = f"{body}&invoice-{bills[100].pk}=lots"
    response = post(client, NEW, wrong)
    assert "The amount “lots” is not a number." in response.content.decode()
    kept = amounts(form_on(response))
    assert len(kept) == MANY
    assert kept[f"invoice-{bills[100].pk}"] == "lots"
    assert not Payment.objects.filter(customer=manager).exists()


def test_what_stays_as_credit_is_said(client: Client, books: Books, manager: Customer):
    bill(books, manager, 2)
    page = post(client, NEW, filled_in(client, manager, 503), follow=True).content.decode()
    assert "It pays 2 invoices; $500.00 stays as the customer&#x27;s credit." in page


def test_an_allocation_that_changed_meanwhile_is_not_overwritten(
    client: Client, books: Books, manager: Customer, company: Company
):
    bills = bill(books, manager, MANY)
    payment = pay(manager, bills[-2:])
    address = reverse("payments:edit", kwargs={"pk": payment.pk})
    opened = form_on(client.get(address))
    operations.update(company=company, id=payment.pk, values={"paid_on": {bills[-1].pk: Decimal(7)}})
    response = post(client, address, opened.with_values(memo="Mine"))
    assert "Somebody else changed this" in response.content.decode()
    assert allocated(payment) == {bills[-2].pk: bills[-2].total, bills[-1].pk: 7}


def test_amounts_that_a_person_typed_do_not_follow_the_payments_amount(
    client: Client, books: Books, manager: Customer
):
    bills = bill(books, manager, 3)
    page = form_on(client.get(f"{NEW}?customer={manager.pk}"))
    page = drafted(client, page, amount="3", follow="1")
    assert list(amounts(page).values()) == ["1.00", "2.00"]
    typed = {f"invoice-{bills[2].pk}": "3", f"invoice-{bills[0].pk}": "", f"invoice-{bills[1].pk}": ""}
    page = drafted(client, page, **typed, amount="5", follow="1")
    assert amounts(page) == {f"invoice-{bills[2].pk}": "3"}
    page = drafted(client, page, propose="1")
    assert list(amounts(page).values()) == ["1.00", "2.00", "2.00"]


def test_what_was_typed_for_another_customer_is_named_and_kept(
    client: Client, books: Books, manager: Customer
):
    [first] = bill(books, manager, 1)
    page = form_on(client.get(f"{NEW}?invoice={first.pk}"))
    response = post(client, NEW, page.with_values(customer="Amelia Hartwell"))
    assert "belongs to another customer" in response.content.decode()
    assert amounts(form_on(response)) == {f"invoice-{first.pk}": "1.00"}


def test_how_many_invoices_a_payment_can_pay_is_said_before_it_is_saved(
    client: Client, books: Books, manager: Customer
):
    bills = bill(books, manager, ALLOCATIONS_MAX + 1)
    total = sum(each.total for each in bills)
    typed = {"customer": "Evergreen", "amount": str(total), "propose": "1"}
    response = client.post(DRAFT, typed)
    assert "A payment can pay up to 2,000 invoices, and this one does." in response.content.decode()
    assert len(amounts(form_on(response))) == ALLOCATIONS_MAX
    with pytest.raises(ValidationError, match=r"this pays 2,001\. Enter it as two payments"):
        pay(manager, bills)
    assert not Allocation.objects.filter(payment__customer=manager).exists()


def test_few_invoices_stand_in_one_list_with_nothing_to_search(
    client: Client, books: Books, manager: Customer
):
    bills = bill(books, manager, PART_ROWS)
    address = reverse("payments:edit", kwargs={"pk": pay(manager, bills[-2:]).pk})
    shown = client.get(address).context["allocations"]
    assert shown.few
    assert [row.invoice for row in shown.together] == bills
    new_invoice(manager.company, customer=manager, work_code=books.work_code, number="E9")
    assert not client.get(address).context["allocations"].few


def test_the_oldest_first_takes_what_a_payment_paid_off_the_newest(
    client: Client, books: Books, manager: Customer
):
    bills = bill(books, manager, MANY)
    payment = pay(manager, bills[-1:])
    address = reverse("payments:edit", kwargs={"pk": payment.pk})
    page = post(client, address, form_on(client.get(address)).with_values(propose="1"))
    assert page.context["allocations"].allocated == payment.amount
    assert sum(Decimal(text) for text in amounts(form_on(page)).values()) == payment.amount
    post(client, address, form_on(page).body)
    assert bills[-1].pk not in allocated(payment)
    assert allocated(payment)[bills[0].pk] == 1


def test_the_sum_counts_what_was_applied_since_the_page_was_opened(
    client: Client, books: Books, manager: Customer, company: Company
):
    bills = bill(books, manager, 2)
    payment = pay(manager, bills[:1], amount=Decimal(10))
    address = reverse("payments:edit", kwargs={"pk": payment.pk})
    opened = {name: text for name, text in form_on(client.get(address)).fields if text != ""}
    operations.update(company=company, id=payment.pk, values={"paid_on": {bills[1].pk: Decimal(2)}})
    page = client.post(address, opened)
    assert "Somebody else changed this" in page.content.decode()
    assert page.context["allocations"].allocated == 3
