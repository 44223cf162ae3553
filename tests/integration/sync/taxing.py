"""Invoices with sales tax: who sells, how QuickBooks taxes, and how both sides stand."""

from datetime import date
from decimal import Decimal
from typing import Any

from quickbooks_sync.models import Issue, Link
from quickbooks_sync.resolving import resolve
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.sales import tax_rates
from service_genius.sales.models import TaxRate
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import World

TODAY = date(2026, 3, 2)
#: 5.5 % and 1.5 % of 89.00 are 4.90 and 1.34; 7 % of it is 6.23.
PRICE = Decimal(89)


def begin(world: World) -> World:
    """A customer, a work code and a rate of 7 %, before the first Full Sync."""
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Service Call", "price": PRICE, "taxable": True})
    tax_rates.add(company=world.company, values={"name": "Phoenix", "percent": Decimal(7)})
    return world


def two_rates(world: World, state: str = "5.5", city: str = "1.5") -> None:
    """QuickBooks has a tax code of a state's and a city's rate."""
    rates = {"21": ("State", state), "22": ("City", city)}
    listed = [
        {"Id": key, "Name": name, "RateValue": float(percent), "Active": True, "SyncToken": "0"}
        for key, (name, percent) in rates.items()
    ]
    details = [{"TaxRateRef": {"value": key}} for key in rates]
    code = {
        "Id": "20",
        "SyncToken": "0",
        "Name": "Phoenix",
        "Active": True,
        "SalesTaxRateList": {"TaxRateDetail": details},
    }
    world.emulator.load(world.realm, {"TaxRate": listed, "TaxCode": [code]})


def bill(world: World, price: Decimal = PRICE, *, taxable: bool = True, **values: Any) -> Invoice:
    code, buyer = WorkCode.objects.get(name="Service Call"), Customer.objects.get()
    given = {
        "number": invoices.next_number(company=world.company),
        "customer": buyer.pk,
        "date": TODAY,
        "due_date": TODAY,
        "tax_rate": TaxRate.objects.get(company=world.company).pk,
        "lines": [{"work_code": code.pk, "unit_price": price, "taxable": taxable}],
    }
    return invoices.create(company=world.company, values={**given, **values})


def pay(invoice: Invoice, amount: Decimal | None = None) -> Payment:
    paid = amount or invoice.total
    allocation = {"invoice": invoice.pk, "amount": paid}
    values = {"customer": invoice.customer_id, "date": TODAY, "amount": paid, "allocations": [allocation]}
    return payments.create(company=invoice.company, values=values)


def line(world: World, price: str) -> dict[str, Any]:
    code = WorkCode.objects.get(company=world.company, name="Service Call")
    return {"work_code": code.pk, "unit_price": Decimal(price), "taxable": True}


def pressed(what: str) -> str:
    return resolve.carry_out(Issue.objects.get(), what, value="")


def there(world: World) -> dict[str, tuple[Decimal, Decimal]]:
    """Tax and total of each invoice in QuickBooks, by number."""
    return {
        row["DocNumber"]: (_money(row["TxnTaxDetail"]["TotalTax"]), _money(row["TotalAmt"]))
        for row in world.there("Invoice")
    }


def here(world: World) -> dict[str, tuple[Decimal, Decimal]]:
    rows = Invoice.objects.filter(company=world.company, voided=False)
    return {one.number: (one.tax, one.total) for one in rows}


def _money(value: object) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


def differing(world: World) -> list[str]:
    """Numbers of the invoices in QuickBooks that are not equal to the cent."""
    ours = here(world)
    return [number for number, figures in there(world).items() if ours[number] != figures]


def equal_and_quiet(world: World) -> None:
    assert world.issues() == {}
    assert there(world) == here(world)
    for _ in range(2):
        run = world.sync()
        assert (run.state, run.calls["write_batches"]) == ("done", 0), run.error
    assert world.issues() == {}
    assert not Link.objects.filter(waiting=True).exists()
