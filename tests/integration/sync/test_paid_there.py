"""What was paid or credited in QuickBooks alone: said at the invoice, in lists, at the customer."""

import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from quickbooks_sync.models import Remote
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.customers.balances import with_balance
from service_genius.customers.models import Customer
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.pressing import Client, said
from tests.world import World

MINUS = "\N{MINUS SIGN}"
SAME = "The same on both sides."


@pytest.fixture
def office(selling: World, client: Client, alice: User) -> World:
    client.force_login(alice)
    return selling


def sent(world: World) -> Invoice:
    invoice = sales.invoice(world, AMELIA)
    world.sync()
    return invoice


def row_there(world: World, invoice: Invoice) -> dict[str, Any]:
    return next(row for row in world.there("Invoice") if row["DocNumber"] == invoice.number)


def pay_there(world: World, invoice: Invoice, amount: int) -> None:
    """A payment entered in QuickBooks by hand."""
    row = row_there(world, invoice)
    line = {"Amount": amount, "LinkedTxn": [{"TxnId": row["Id"], "TxnType": "Invoice"}]}
    world.post("payment", {"CustomerRef": row["CustomerRef"], "TotalAmt": amount, "Line": [line]})


def test_an_invoice_paid_in_quickbooks_is_paid_on_its_page_in_the_list_and_at_its_customer(
    office: World, client: Client
) -> None:
    invoice = sent(office)
    assert SAME in said(client, f"/invoices/{invoice.pk}/")
    pay_there(office, invoice, 100)
    office.sync()
    page = said(client, f"/invoices/{invoice.pk}/")
    assert "The same on both sides but for what is paid on it." in page
    assert (
        "$100.00 is paid on it in QuickBooks for which no payment stands here; nothing is left to pay there."
        in page
    )
    assert "Paid in QuickBooks $100.00 Open $0.00" in page
    assert SAME not in page
    assert invoice.number not in said(client, "/invoices/?show=open")
    assert invoice.number not in said(client, "/invoices/?show=overdue")
    elsewhere = said(client, "/invoices/?show=elsewhere")
    assert invoice.number in elsewhere
    assert "Paid in QuickBooks" in elsewhere
    customer = said(client, f"/customers/{invoice.customer_id}/")
    assert "Balance $0.00" in customer
    assert "Paid in QuickBooks $100.00" in customer


def test_an_invoice_partly_paid_in_quickbooks_says_what_is_left(office: World, client: Client) -> None:
    invoice = sent(office)
    pay_there(office, invoice, 30)
    office.sync()
    page = said(client, f"/invoices/{invoice.pk}/")
    assert "$70.00 is left to pay there." in page
    assert "Open $70.00" in page
    assert "Partly paid" in page or "Overdue" in page
    assert invoice.number in said(client, "/invoices/?show=open")


def test_what_we_paid_is_not_said_to_be_paid_there_alone(office: World, client: Client) -> None:
    invoice = sent(office)
    payment = sales.paid(office, invoice)
    page = said(client, f"/invoices/{invoice.pk}/")
    assert "$0.00 of it is open here, $100.00 in QuickBooks." in page  # it goes with the next sync
    office.sync()
    assert SAME in said(client, f"/invoices/{invoice.pk}/")
    assert invoice.number not in said(client, "/invoices/?show=elsewhere")
    payments.void(company=office.company, id=payment.pk)
    page = said(client, f"/invoices/{invoice.pk}/")
    assert "no payment stands here" not in page
    assert "$100.00 of it is open here, $0.00 in QuickBooks." in page
    assert invoice.number in said(client, "/invoices/?show=open")
    office.sync()
    assert SAME in said(client, f"/invoices/{invoice.pk}/")


def test_a_payment_here_beside_one_there_is_told_apart(office: World, client: Client) -> None:
    invoice = sent(office)
    payments.create(
        company=office.company,
        values={
            "customer": invoice.customer_id,
            "date": sales.DAY,
            "amount": Decimal(60),
            "allocations": [{"invoice": invoice.pk, "amount": Decimal(60)}],
        },
    )
    office.sync()
    pay_there(office, invoice, 40)
    office.sync()
    page = said(client, f"/invoices/{invoice.pk}/")
    assert "Paid $60.00 Paid in QuickBooks $40.00 Open $0.00" in page
    assert "$40.00 is paid on it in QuickBooks" in page


def test_a_quiet_day_asks_nothing_more_to_know_what_is_paid_there(office: World) -> None:
    invoice = sent(office)
    office.sync()
    quiet = office.sync().calls
    pay_there(office, invoice, 100)
    assert office.sync().calls == quiet


def test_what_a_parent_pays_counts_at_the_customer_of_the_invoice_as_in_quickbooks(
    office: World, client: Client
) -> None:
    parent = sales.customer(AMELIA)
    unit = customers.create(company=office.company, values={"display_name": "Unit 7", "parent": parent.pk})
    own, below = sales.invoice(office, AMELIA), sales.invoice(office, "Unit 7")
    payments.create(
        company=office.company,
        values={
            "customer": parent.pk,
            "date": sales.DAY,
            "amount": Decimal(250),
            "allocations": [{"invoice": each.pk, "amount": each.total} for each in (own, below)],
        },
    )
    office.sync()
    # As our own writes leave it, and as QuickBooks has it.
    assert balances_there(office) == {AMELIA: Decimal(-50), "Unit 7": Decimal(0)}
    office.sync()
    assert balances_there(office) == {AMELIA: Decimal(-50), "Unit 7": Decimal(0)}
    assert balance(parent) == Decimal(-50)
    assert balance(unit) == Decimal(0)
    page = said(client, f"/customers/{parent.pk}/")
    assert f"With sub-customers {MINUS}$50.00" in page
    assert "Credit $50.00" in page
    assert f"With sub-customers there {MINUS}$50.00" in page
    assert SAME in page


def balances_there(world: World) -> dict[str, Decimal | None]:
    rows = Remote.objects.filter(connection=world.connection, entity="Customer")
    return {name.rpartition(":")[2]: amount for name, amount in rows.values_list("name", "balance")}


def balance(customer: Customer) -> Decimal:
    found = with_balance(Customer.objects.filter(pk=customer.pk), company=customer.company).get()
    return Decimal(found.balance)


def test_a_balance_that_differs_is_said_on_both_sides(office: World, client: Client) -> None:
    customer = sales.customer(AMELIA)
    row = next(row for row in office.there("Customer") if row["DisplayName"] == AMELIA)
    office.post("payment", {"CustomerRef": {"value": row["Id"]}, "TotalAmt": 25})
    office.sync()
    page = said(client, f"/customers/{customer.pk}/")
    assert f"The balance is {MINUS}$25.00 in QuickBooks and $0.00 here" in page
    assert "The same on both sides but for the balance." in page


def test_a_record_edited_since_the_last_sync_is_not_said_to_be_the_same(
    office: World, client: Client
) -> None:
    customer = sales.customer(AMELIA)
    assert SAME in said(client, f"/customers/{customer.pk}/")
    customers.update(
        company=office.company, id=customer.pk, values={"phone": "555 0100"}, expected_revision=None
    )
    page = said(client, f"/customers/{customer.pk}/")
    assert "Changed since the last Sync. The change goes with the next one." in page
    assert SAME not in page


def offered(client: Client, query: str) -> str:
    """What the form of a new payment shows of the open invoices."""
    page = client.get(f"/payments/new/?{query}").content.decode()
    _, _, below = page.partition('id="allocations"')
    return re.sub(r"\s+", " ", unescape(re.sub(r"<(?!input)[^>]+>", " ", below)))


def test_a_payment_is_entered_in_sight_of_what_was_paid_in_quickbooks(office: World, client: Client) -> None:
    whole, part = sent(office), sent(office)
    pay_there(office, whole, 100)
    pay_there(office, part, 30)
    assert "in QuickBooks" not in offered(client, f"customer={whole.customer_id}")
    office.sync()
    shown = offered(client, f"customer={whole.customer_id}")
    assert re.search(rf"{whole.number} \$100\.00 paid in QuickBooks .*? \$0\.00", shown)
    assert re.search(rf"{part.number} \$30\.00 paid in QuickBooks .*? \$70\.00", shown)


def test_what_is_paid_in_quickbooks_is_not_proposed_to_be_paid_again(office: World, client: Client) -> None:
    whole, part = sent(office), sent(office)
    pay_there(office, whole, 100)
    pay_there(office, part, 30)
    office.sync()
    form = {"customer": AMELIA, "amount": "100.00", "date": f"{sales.DAY}", "propose": "1"}
    page = client.post("/payments/draft/", form).content.decode()
    assert f'name="invoice-{whole.pk}" value=""' in page
    assert f'name="invoice-{part.pk}" value="70.00"' in page
    assert 'value="70.00"' in client.get(f"/payments/new/?invoice={part.pk}").content.decode()
    new = client.get(f"/payments/new/?invoice={whole.pk}").content.decode()
    assert 'value="100.00"' not in new
    assert f'name="invoice-{whole.pk}"' in new


def test_a_payment_that_is_edited_counts_what_it_pays_itself_as_open(office: World, client: Client) -> None:
    invoice = sent(office)
    payment = payments.create(
        company=office.company,
        values={
            "customer": invoice.customer_id,
            "date": sales.DAY,
            "amount": Decimal(60),
            "allocations": [{"invoice": invoice.pk, "amount": Decimal(60)}],
        },
    )
    office.sync()
    pay_there(office, invoice, 40)
    office.sync()
    page = client.get(f"/payments/{payment.pk}/edit/").content.decode()
    shown = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))
    assert re.search(rf"{invoice.number} \$40\.00 paid in QuickBooks .*? \$60\.00", shown)
