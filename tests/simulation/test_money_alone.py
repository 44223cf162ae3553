"""Stories of money in which a single guard stands between a mishap and a wrong sum.

docs/test-of-the-tests.md says which guard it is.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.access.session import no_checkpoint
from quickbooks_sync.models import Issue
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.sales import tax_rates
from service_genius.sales.models import TaxRate
from service_genius.work_codes import operations as work_codes
from tests.simulation import story
from tests.simulation.world import InProcessEmulator, VirtualWorld, virtual_world


@pytest.fixture
def world(transactional_db: None, emulator: InProcessEmulator) -> Iterator[VirtualWorld]:
    """A customer, a work code and a sales tax, after their Full Sync."""
    with virtual_world(emulator, seed=7) as made:
        customers.create(company=made.company, values={"display_name": "Amelia Hartwell"})
        work_codes.create(company=made.company, values={"name": "Service Call", "price": Decimal(89)})
        tax_rates.add(company=made.company, values={"name": "California", "percent": Decimal(8)})
        made.press("full")
        yield made


def bill(world: VirtualWorld, *, taxed: bool = False) -> Invoice:
    return story.invoice_here(world, "1001", Customer.objects.get(), taxed=taxed)


def pay(world: VirtualWorld, invoice: Invoice) -> Payment:
    allocation = {"invoice": invoice.pk, "amount": invoice.total}
    values = {"customer": invoice.customer_id, "date": story.DAY, "amount": invoice.total}
    return payments.create(company=world.company, values=values | {"allocations": [allocation]})


def discount(invoice: Invoice) -> None:
    values = {"discount_amount": Decimal("1.50")}
    invoices.update(company=invoice.company, id=invoice.pk, values=values)


def prefer(world: VirtualWorld, **wanted: Any) -> None:
    """Somebody changes the settings of the company in QuickBooks."""
    world.emulator.preferences(world.realm, **wanted)


def test_a_total_that_quickbooks_computed_otherwise_is_told_and_nothing_is_paid_on_it(
    world: VirtualWorld,
) -> None:
    """The rate of the tax code is raised there at the moment at which the invoice is sent."""
    pay(world, bill(world, taxed=True))

    def raise_rate(name: str) -> None:
        if name == "sending committed":
            rates = [row | {"RateValue": 9} for row in world.there("TaxRate")]
            world.emulator.load(world.realm, {"TaxRate": rates})

    world.checkpoint = raise_rate
    world.press("sync")
    world.checkpoint = no_checkpoint
    run = world.press("sync")

    assert world.issues() == {"Invoice 1001": "stored_differently"}
    assert world.there("Payment") == []
    assert run.calls["write_batches"] == 0


def test_an_invoice_that_quickbooks_would_tax_otherwise_is_not_sent(world: VirtualWorld) -> None:
    """The rate of the tax code was raised there before the run, which asks for it."""
    rates = [row | {"RateValue": 9} for row in world.there("TaxRate")]
    world.emulator.load(world.realm, {"TaxRate": rates})
    bill(world, taxed=True)

    world.press("sync")

    assert world.issues() == {"Invoice 1001": "tax_reckoned"}
    assert world.there("Invoice") == []


def test_an_invoice_under_a_rate_without_a_tax_code_is_held(world: VirtualWorld) -> None:
    TaxRate.objects.update(percent=Decimal("7.25"))
    world.connection.tax_codes = {}
    world.connection.save()
    bill(world, taxed=True)

    world.press("sync")

    assert world.issues() == {"Invoice 1001": "tax_not_mapped"}
    assert world.there("Invoice") == []


def test_an_invoice_with_tax_is_held_where_sales_tax_is_off(world: VirtualWorld) -> None:
    prefer(world, TaxPrefs={"UsingSalesTax": False})
    bill(world, taxed=True)

    world.press("sync")

    assert world.issues() == {"Invoice 1001": "sales_tax_off"}
    assert world.there("Invoice") == []


def test_an_invoice_with_a_discount_is_held_where_discounts_are_off(world: VirtualWorld) -> None:
    prefer(world, SalesFormsPrefs={"AllowDiscount": False})
    discount(bill(world))

    world.press("sync")

    assert world.issues() == {"Invoice 1001": "discounts_off"}
    assert world.there("Invoice") == []


def test_books_in_another_currency_are_not_synced(world: VirtualWorld) -> None:
    prefer(world, CurrencyPrefs={"HomeCurrency": {"value": "CAD"}})
    world.connection.facts = {}
    world.connection.save()
    customers.create(company=world.company, values={"display_name": "Nora Vance"})

    run = world.press("full")

    assert run.state == "failed"
    assert "CAD" in run.error
    assert [row["DisplayName"] for row in world.there("Customer")] == ["Amelia Hartwell"]


def test_a_payment_that_is_banked_there_is_not_voided_by_itself(world: VirtualWorld) -> None:
    paid = pay(world, bill(world))
    world.press("sync")
    [row] = world.there("Payment")
    bank = next(one for one in world.there("Account") if one["AccountType"] == "Bank")
    linked = [{"TxnId": row["Id"], "TxnType": "Payment", "TxnLineId": "0"}]
    line = {"Amount": row["TotalAmt"], "LinkedTxn": linked}
    world.post("deposit", {"DepositToAccountRef": {"value": bank["Id"]}, "Line": [line]})
    payments.void(company=world.company, id=paid.pk)

    run = world.press("sync")

    assert [issue.reason for issue in Issue.objects.all()] == ["cannot_remove"]
    assert run.calls["write_batches"] == 0
    assert [one["TotalAmt"] for one in world.there("Payment")] == [row["TotalAmt"]]


def test_a_customer_who_owes_something_there_is_not_deactivated_by_itself(world: VirtualWorld) -> None:
    amelia = Customer.objects.get()
    [row] = world.there("Customer")
    [item] = [one for one in world.there("Item") if one["Name"] == "Service Call"]
    line = {"Amount": 25, "DetailType": "SalesItemLineDetail"}
    line |= {"SalesItemLineDetail": {"ItemRef": {"value": item["Id"]}}}
    world.post("invoice", {"CustomerRef": {"value": row["Id"]}, "Line": [line]})
    customers.deactivate(company=world.company, id=amelia.pk)

    world.press("sync")

    assert world.issues() == {"Amelia Hartwell": "cannot_remove"}
    assert [one["Active"] for one in world.there("Customer")] == [True]


def test_a_number_taken_there_a_moment_ago_is_told_with_its_holder(world: VirtualWorld) -> None:
    """It was free when the look-alikes were looked for."""
    [row] = world.there("Customer")
    [item] = [one for one in world.there("Item") if one["Name"] == "Service Call"]
    bill(world)

    def take_it(name: str) -> None:
        if name == "sending committed":
            world.checkpoint = lambda _name: None
            line: dict[str, Any] = {"Amount": 25, "DetailType": "SalesItemLineDetail"}
            line |= {"SalesItemLineDetail": {"ItemRef": {"value": item["Id"]}}}
            body = {"CustomerRef": {"value": row["Id"]}, "DocNumber": "1001", "Line": [line]}
            world.post("invoice", body)

    world.checkpoint = take_it

    world.press("sync")

    issue = Issue.objects.get()
    [theirs] = world.there("Invoice")
    assert issue.reason == "number_taken"
    assert (issue.details["holder"], issue.details["holder_id"]) == ("Invoice", theirs["Id"])
