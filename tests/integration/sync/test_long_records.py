"""What has very many parts is the same on both sides: payments of many invoices, invoices of many lines."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.sales.models import TaxRate
from service_genius.shared.limits import LINES_MAX
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.forms import forms_of
from tests.pressing import Client
from tests.world import World

from .sales import DAY

HOUSES = 40
FORM = "application/x-www-form-urlencoded"


def manager(world: World) -> Customer:
    found = customers.create(company=world.company, values={"display_name": "Evergreen"})
    rows = [{"display_name": f"House {n}", "parent": found.pk} for n in range(HOUSES)]
    customers.create_many(company=world.company, rows=rows)
    work_codes.create(company=world.company, values={"name": "Visit", "price": Decimal(10)})
    return found


def bill(world: World, payer: Customer, count: int) -> list[Invoice]:
    """That many invoices to its houses in turn, the first of 1.00, each a dollar more."""
    houses = list(payer.sub_customers.order_by("pk"))
    code = WorkCode.objects.get(company=world.company)
    rows = [
        {
            "number": f"E{n:04}",
            "customer": houses[n % HOUSES].pk,
            "date": DAY,
            "due_date": DAY,
            "lines": [{"work_code": code.pk, "unit_price": Decimal(n + 1)}],
        }
        for n in range(count)
    ]
    return [
        each for each in invoices.create_many(company=world.company, rows=rows) if isinstance(each, Invoice)
    ]


def pay(payer: Customer, bills: list[Invoice]) -> Payment:
    return payments.create(
        company=payer.company,
        values={
            "customer": payer.pk,
            "date": DAY,
            "amount": sum(each.total for each in bills),
            "paid_on": {each.pk: each.total for each in bills},
        },
    )


def note(browser: Client, payment: Payment, reference: str) -> None:
    """Open the payment's page, change its reference and nothing else, and save."""
    address = reverse("payments:edit", kwargs={"pk": payment.pk})
    form = next(each for each in forms_of(browser.get(address).content.decode()) if "memo" in each.typed)
    assert browser.post(address, form.with_values(reference=reference), FORM).status_code == 302


def paid_there(world: World, **wanted: Any) -> dict[str, Decimal]:
    """What the one payment there with these values pays, by the invoice's number."""
    numbers = {row["Id"]: row["DocNumber"] for row in world.there("Invoice")}
    [payment] = [row for row in world.there("Payment") if wanted.items() <= row.items()]
    return {numbers[line["LinkedTxn"][0]["TxnId"]]: Decimal(str(line["Amount"])) for line in payment["Line"]}


def balances_there(world: World) -> set[Decimal]:
    return {Decimal(str(row["Balance"])) for row in world.there("Invoice")}


def amounts(bills: list[Invoice]) -> dict[str, Decimal]:
    return {each.number: each.total for each in bills}


@pytest.fixture
def browser(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def test_a_payment_of_150_invoices_is_kept_here_and_there_through_edits_and_a_bounce(
    world: World, browser: Client
) -> None:
    payer = manager(world)
    bills = bill(world, payer, 150)
    payment = pay(payer, bills)
    world.full()
    world.sync()
    assert world.issues() == {}
    assert paid_there(world) == amounts(bills)
    note(browser, payment, "CHK 1")
    world.sync()
    assert paid_there(world, PaymentRefNum="CHK 1") == amounts(bills)
    assert balances_there(world) == {Decimal(0)}
    payments.void(company=world.company, id=payment.pk)
    world.sync()
    assert sum(balances_there(world)) == sum(set(amounts(bills).values()))
    again = pay(payer, bills[-3:])
    world.sync()
    note(browser, again, "CHK 2")
    world.sync()
    assert paid_there(world, PaymentRefNum="CHK 2") == amounts(bills[-3:])
    assert dict(again.allocations.values_list("invoice__number", "amount")) == amounts(bills[-3:])
    assert world.issues() == {}


def test_a_payment_of_1000_invoices_goes_in_one_sync(world: World) -> None:
    payer = manager(world)
    bills = bill(world, payer, 1000)
    pay(payer, bills)
    world.full()
    world.sync()
    assert world.issues() == {}
    assert paid_there(world) == amounts(bills)
    assert balances_there(world) == {Decimal(0)}


def test_an_invoice_of_as_many_taxed_lines_as_there_can_be_is_equal_there(
    world: World, browser: Client
) -> None:
    """Entered on the page, of uneven amounts, with a discount of the whole."""
    manager(world)
    rate = TaxRate.objects.create(company=world.company, name="California", percent=Decimal(8))
    world.full()
    values = {
        "customer": "Evergreen",
        "number": "2000",
        "date": DAY,
        "due_date": DAY,
        "tax_rate": rate.pk,
        "discount": "3.33",
        "discount_kind": "percent",
        "memo": "",
        "revision": "",
    }
    for n in range(LINES_MAX):
        values |= {
            f"lines-{n}-work_code": "Visit",
            f"lines-{n}-description": f"Line {n}",
            f"lines-{n}-quantity": "1.5",
            f"lines-{n}-unit_price": f"{n}.33",
            f"lines-{n}-taxable": "on",
        }
    assert browser.post(reverse("invoices:create"), values).status_code == 302
    here = Invoice.objects.get(number="2000")
    world.sync()
    assert world.issues() == {}
    [there] = world.there("Invoice")
    lines = [line for line in there["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    assert [Decimal(str(line["Amount"])) for line in lines] == [line.amount for line in here.lines.all()]
    assert len(lines) == LINES_MAX
    assert (Decimal(str(there["TotalAmt"])), Decimal(str(there["TxnTaxDetail"]["TotalTax"]))) == (
        here.total,
        here.tax,
    )
