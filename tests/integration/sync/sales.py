"""Who buys, what is sold and how it is paid, entered here on one day."""

from datetime import date

from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes.models import WorkCode
from tests.world import World

DAY = date(2026, 3, 2)
SERVICE = "Service Call"


def customer(name: str) -> Customer:
    """The newest of that name: those before it are put away."""
    return Customer.objects.filter(display_name=name).latest("pk")


def invoice(world: World, name: str) -> Invoice:
    """One service, to the customer of that name."""
    return invoices.create(
        company=world.company,
        values={
            "number": invoices.next_number(company=world.company),
            "customer": customer(name).pk,
            "date": DAY,
            "due_date": DAY,
            "lines": [{"work_code": WorkCode.objects.get(name=SERVICE).pk}],
        },
    )


def paid(world: World, invoice: Invoice) -> Payment:
    """All of it, by one payment."""
    return payments.create(
        company=world.company,
        values={
            "customer": invoice.customer_id,
            "date": DAY,
            "amount": invoice.total,
            "allocations": [{"invoice": invoice.pk, "amount": invoice.total}],
        },
    )
