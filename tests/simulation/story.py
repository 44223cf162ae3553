"""The canonical story: a Full Sync with both sides filled, then a Sync after a day of ordinary work."""

from datetime import date
from decimal import Decimal
from typing import Any

from quickbooks_sync.models import Connection
from quickbooks_sync.planner.first_link import Group, Wins
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.sales import tax_rates
from service_genius.sales.models import TaxRate
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.simulation.world import VirtualWorld

DAY = date(2026, 3, 2)

CUSTOMERS = (
    *("Amelia Hartwell", "Baxter & Sons", "Cabin", "Evergreen Homes", "Harlan Price (deleted)"),
    *("Lot 12", "Nora Vance", "Oakridge Dental", "Pine Street Cafe"),
)
#: What stands in QuickBooks when all is done, by the member that names it.
IN_THE_END = {
    "Customer": ("DisplayName", CUSTOMERS),
    "Item": ("Name", ("Edging", "Hours", "Mowing", "Service Call", "Services", "Tune-Up")),
    "Invoice": ("DocNumber", ("1001", "1002", "1003")),
    "Payment": ("PaymentRefNum", ("4711",)),
}


def before_full_sync(world: VirtualWorld) -> None:
    """Both sides filled; Baxter & Sons and Service Call on both, with values to send, to take and to keep."""
    company = world.company
    who_wins = {Group.CONTACT.value: Wins.THEIRS.value, Group.ADDRESSES.value: Wins.NEITHER.value}
    Connection.objects.filter(pk=world.connection.pk).update(who_wins=who_wins)
    amelia = {"display_name": "Amelia Hartwell", "phone": "(555) 010-2030", "billing_city": "Fresno"}
    customers.create(company=company, values=amelia)
    evergreen = customers.create(company=company, values={"display_name": "Evergreen Homes"})
    customers.create(company=company, values={"display_name": "Lot 12", "parent": evergreen.pk})
    baxter = {"display_name": "Baxter & Sons", "notes": "Ring twice", "billing_country": "USA"}
    customers.create(company=company, values={**baxter, "mobile": "(555) 010-4050"})
    customers.create(company=company, values={"display_name": "Harlan Price"})
    for name, price in (("Service Call", "89.00"), ("Tune-Up", "129.50")):
        work_codes.create(company=company, values={"name": name, "price": Decimal(price), "taxable": True})
    tax_rates.add(company=company, values={"name": "California", "percent": Decimal(8)})
    mail = {"PrimaryEmailAddr": {"Address": "b@example.com"}}
    there = {"DisplayName": "Baxter & Sons", "Notes": "Call first", "BillAddr": {"Country": "US"}}
    world.post("customer", {**there, **mail})
    nora = world.post("customer", {"DisplayName": "Nora Vance", "Notes": "Prefers mornings"})
    world.post("customer", {"DisplayName": "Cabin", "ParentRef": {"value": nora["Id"]}, "Job": True})
    item_there(world, "Mowing", "45.00")
    item_there(world, "Service Call", "85.00")


def not_as_chosen(world: VirtualWorld) -> list[str]:
    """What of the two that were on both sides is not as it was chosen."""
    here, code = customer("Baxter & Sons"), WorkCode.objects.get(name="Service Call")
    there = next(row for row in world.there("Customer") if row["DisplayName"] == "Baxter & Sons")
    item = next(row for row in world.there("Item") if row["Name"] == "Service Call")
    expected = {
        "what is empty here": (here.email, "b@example.com"),
        "what is empty there": (there["Mobile"]["FreeFormNumber"], "(555) 010-4050"),
        "notes here": (here.notes, "Call first"),
        "notes there": (there["Notes"], "Call first"),
        "country here": (here.billing_country, "USA"),
        "country there": (there["BillAddr"]["Country"], "US"),
        "price here": (code.price, Decimal(89)),
        "price there": (Decimal(str(item["UnitPrice"])), Decimal(89)),
    }
    return [f"{what}: {is_}, not {should}" for what, (is_, should) in expected.items() if is_ != should]


def before_that_day(world: VirtualWorld) -> None:
    """An invoice of an earlier day, to be voided."""
    invoice_here(world, "1001", customer("Evergreen Homes"))


def before_sync(world: VirtualWorld) -> None:
    """A day's work: new and edited records, an invoice of every sort, a payment over two, two removals."""
    company = world.company
    customers.create(company=company, values={"display_name": "Oakridge Dental", "email": "o@example.com"})
    customers.update(company=company, id=customer("Amelia Hartwell").pk, values={"notes": "Gate code 12"})
    code = WorkCode.objects.get(name="Tune-Up")
    work_codes.update(company=company, id=code.pk, values={"price": Decimal("134.75")})
    taxed = invoice_here(world, "1002", customer("Amelia Hartwell"), taxed=True)
    plain = invoice_here(world, "1003", customer("Amelia Hartwell"))
    allocations = [
        {"invoice": taxed.pk, "amount": taxed.total},
        {"invoice": plain.pk, "amount": Decimal("20.05")},
    ]
    payments.create(
        company=company,
        values={
            "customer": taxed.customer_id,
            "date": DAY,
            "amount": taxed.total + Decimal("30.00"),
            "method": "Check",
            "reference": "4711",
            "allocations": allocations,
        },
    )
    invoices.void(company=company, id=Invoice.objects.get(number="1001").pk)
    customers.deactivate(company=company, id=customer("Harlan Price").pk)
    world.post("customer", {"DisplayName": "Pine Street Cafe", "Mobile": {"FreeFormNumber": "555 0199"}})
    item_there(world, "Edging", "12.35")


def customer(name: str) -> Customer:
    return Customer.objects.get(display_name=name)


def item_there(world: VirtualWorld, name: str, price: str) -> dict[str, Any]:
    account = next(row for row in world.there("Account") if row["AccountType"] == "Income")
    income = {"IncomeAccountRef": {"value": account["Id"]}}
    return world.post("item", {"Name": name, "Type": "Service", "UnitPrice": float(price), **income})


def invoice_here(world: VirtualWorld, number: str, buyer: Customer, *, taxed: bool = False) -> Invoice:
    """One line, or with tax: two lines of which one is taxable, a discount, and quantities with decimals."""
    code = WorkCode.objects.filter(company=world.company).order_by("pk").first()
    assert code is not None
    line = {
        "work_code": code.pk,
        "quantity": Decimal("1.5"),
        "unit_price": Decimal("33.33"),
        "taxable": taxed,
    }
    values: dict[str, Any] = {
        "number": number,
        "customer": buyer.pk,
        "date": DAY,
        "due_date": DAY,
        "lines": [line],
    }
    if taxed:
        values["lines"] = [line, line | {"quantity": Decimal("0.333"), "taxable": False}]
        values["discount_percent"] = Decimal("7.5")
        values["tax_rate"] = TaxRate.objects.get(company=world.company).pk
    return invoices.create(company=world.company, values=values)
