"""Companies of a given size, written by operations as everything else is."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode

ROWS_AT_ONCE = 1000
FIRST_DAY = date(2025, 1, 1)
DAYS = 365


def company(name: str) -> Company:
    return Company.objects.create(name=name, zone="America/Los_Angeles")


def add_customers(owner: Company, count: int) -> None:
    for rows in _chunks([_customer(number) for number in range(count)]):
        _all_valid(customers.create_many(company=owner, rows=rows))


def add_work_codes(owner: Company, count: int) -> None:
    rows = [
        {
            "name": f"Service {number}",
            "code": f"S{number}",
            "description": f"Work of sort {number}",
            "price": Decimal(50 + number),
            "taxable": number % 2 == 0,
        }
        for number in range(count)
    ]
    _all_valid(work_codes.create_many(company=owner, rows=rows))


def add_invoices(owner: Company, count: int) -> None:
    """Invoices of two lines each, spread over all customers and a year."""
    people = list(Customer.objects.filter(company=owner).order_by("pk").values_list("pk", flat=True))
    services = list(WorkCode.objects.filter(company=owner).order_by("pk").values_list("pk", flat=True))
    rows = []
    for number in range(count):
        day = FIRST_DAY + timedelta(days=number % DAYS)
        line = {"quantity": Decimal(1), "unit_price": Decimal(80), "taxable": False, "description": "Work"}
        rows.append(
            {
                "number": str(1000 + number),
                "customer": people[number % len(people)],
                "date": day,
                "due_date": day + timedelta(days=30),
                "lines": [
                    {**line, "work_code": services[(number + step) % len(services)]} for step in (0, 1)
                ],
            }
        )
    for chunk in _chunks(rows):
        _all_valid(invoices.create_many(company=owner, rows=chunk))


def add_payments(owner: Company) -> None:
    """A payment for each invoice, of half of it, a month after it."""
    known = Invoice.objects.filter(company=owner).order_by("pk")
    for chunk in _chunks([payment_of(invoice) for invoice in known]):
        _all_valid(payments.create_many(company=owner, rows=chunk))


def payment_of(invoice: Invoice) -> dict[str, Any]:
    """Half, so that QuickBooks would take the same payment twice: more than is open it refuses."""
    amount = invoice.total / 2
    return {
        "customer": invoice.customer_id,
        "date": invoice.date + timedelta(days=30),
        "amount": amount,
        "reference": f"C{invoice.number}",
        "allocations": [{"invoice": invoice.pk, "amount": amount}],
    }


def customer_there(number: int) -> dict[str, Any]:
    """A customer as QuickBooks holds it."""
    row = _customer(number)
    return {
        "Id": str(1000 + number),
        "SyncToken": "0",
        "DisplayName": row["display_name"],
        "PrimaryEmailAddr": {"Address": row["email"]},
        "PrimaryPhone": {"FreeFormNumber": row["phone"]},
        "BillAddr": {"Line1": row["billing_street"], "City": row["billing_city"]},
    }


def _customer(number: int) -> dict[str, Any]:
    return {
        "display_name": f"Customer {number:06d}",
        "email": f"customer{number}@example.com",
        "phone": f"(555) {number // 10000:03d}-{number % 10000:04d}",
        "billing_street": f"{number} Main Street",
        "billing_city": "Bayshore",
    }


def _chunks(rows: Sequence[dict[str, Any]]) -> list[Sequence[dict[str, Any]]]:
    return [rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE)]


def _all_valid(results: Sequence[object]) -> None:
    for result in results:
        if isinstance(result, ValidationError):
            raise result
