"""The demo: a small heating and air company with believable books, dated from today.

Written by operations only, as any other company's records. Its people and places are invented; some of its
customers are also those of the QuickBooks sample company, in another spelling here and there.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from service_genius.companies import demo_data
from service_genius.companies.models import Company, Role, User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.estimates import operations as estimates
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.sales import tax_rates
from service_genius.sales.models import TaxRate
from service_genius.shared.money import cents
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode

COMPANY_NAME = "Summit Comfort Heating & Air"
OWNER_EMAIL = "demo@example.com"
OFFICE_EMAIL = "office@example.com"
PASSWORD = "service-genius-demo"  # noqa: S105 - told to everybody; the demo exists only where it is asked for
INVOICE_COUNT = 50
CUSTOMERS_WITH_INVOICES = 40
PAID_INVOICES = 31
ENTERED_TODAY = 4
DAYS_BETWEEN_INVOICES = 2
LARGE_JOB = Decimal(200)
#: How many days ago they were written, and what was answered.
ESTIMATES = (
    (40, "pending"),
    (21, "declined"),
    (14, "accepted"),
    (6, "pending"),
    (2, "accepted"),
    (0, "pending"),
)


@transaction.atomic
def make_demo(*, today: date, zone: str) -> Company:
    """Make the demo company with its people and books; everything in it is the same on every machine."""
    company = Company.objects.create(name=COMPANY_NAME, zone=zone)
    for email, name, role in (
        (OWNER_EMAIL, "Dana Whitfield", Role.OWNER),
        (OFFICE_EMAIL, "Omar Reyes", Role.OFFICE),
    ):
        User.objects.create_user(email=email, password=PASSWORD, name=name, role=role, company=company)
    rate = tax_rates.add(company=company, values={"name": "California", "percent": Decimal(8)})
    people = _customers(company)
    services = _made(work_codes.create_many(company=company, rows=demo_data.work_codes()))
    bills = _invoices(company, people=people, services=services, rate=rate, today=today)
    _payments(company, bills=bills, today=today)
    _estimates(company, people=people, services=services, rate=rate, today=today)
    company.refresh_from_db()
    return company


def _customers(company: Company) -> list[Customer]:
    people = _made(customers.create_many(company=company, rows=demo_data.customers()))
    by_name = {customer.display_name: customer.pk for customer in people}
    below = [{**values, "parent": by_name[values["parent"]]} for values in demo_data.sub_customers()]
    return people + _made(customers.create_many(company=company, rows=below))


def _invoices(
    company: Company,
    *,
    people: Sequence[Customer],
    services: Sequence[WorkCode],
    rate: TaxRate,
    today: date,
) -> list[Invoice]:
    """Invoices over the last months, the last few of them entered today."""
    choose = random.Random(1)  # noqa: S311 - the same demo every time, not a secret
    rows = []
    for index in range(INVOICE_COUNT):
        customer = people[max(index - 1, 0) % CUSTOMERS_WITH_INVOICES]  # the first one has two
        left = max(INVOICE_COUNT - ENTERED_TODAY - index, 0)
        day = today - timedelta(days=left * DAYS_BETWEEN_INVOICES)
        rows.append(
            {
                "number": str(1001 + index),
                "customer": customer.pk,
                "date": day,
                "due_date": day + timedelta(days=choose.choice((15, 30, 30))),
                "tax_rate": rate.pk if customer.taxable else None,
                "lines": _lines(choose, services),
                **_discount(index),
            }
        )
    return _made(invoices.create_many(company=company, rows=rows))


def _estimates(
    company: Company,
    *,
    people: Sequence[Customer],
    services: Sequence[WorkCode],
    rate: TaxRate,
    today: date,
) -> None:
    """Some of the last weeks: answered or not, and one that nobody answered in time."""
    choose = random.Random(2)  # noqa: S311 - as above
    rows = [
        {
            "number": str(1001 + index),
            "customer": people[3 * index].pk,
            "date": today - timedelta(days=age),
            "expiry_date": today - timedelta(days=age) + timedelta(days=30),
            "tax_rate": rate.pk if people[3 * index].taxable else None,
            "lines": _lines(choose, services),
            "status": status,
        }
        for index, (age, status) in enumerate(ESTIMATES)
    ]
    _made(estimates.create_many(company=company, rows=rows))


def _lines(choose: random.Random, services: Sequence[WorkCode]) -> list[dict[str, Any]]:
    quantities = [Decimal(1), Decimal(1), Decimal(2), Decimal("1.5"), Decimal("2.25")]
    return [
        {
            "work_code": service.pk,
            "quantity": choose.choice(quantities) if service.price < LARGE_JOB else Decimal(1),
        }
        for service in choose.sample(list(services), k=choose.choice((1, 2, 2, 3)))
    ]


def _discount(index: int) -> dict[str, Decimal]:
    """Every tenth invoice has a discount, by turns a percentage and an amount."""
    if index % 20 == 7:  # noqa: PLR2004 - as the sentence above says
        return {"discount_percent": Decimal(10)}
    if index % 20 == 17:  # noqa: PLR2004 - as above
        return {"discount_amount": Decimal(25)}
    return {}


def _payments(company: Company, *, bills: Sequence[Invoice], today: date) -> None:
    """Most older invoices are paid: the first two by one check, every sixth in part, one with too much."""
    first, second, *others = bills[:PAID_INVOICES]
    both = {first.pk: first.total, second.pk: second.total}
    rows = [_payment(0, bill=second, amount=first.total + second.total, allocated=both, today=today)]
    for index, bill in enumerate(others, start=1):
        part = cents(bill.total / 2) if index % 6 == 5 else bill.total  # noqa: PLR2004 - every sixth
        over = Decimal(50) if index == 9 else Decimal(0)  # noqa: PLR2004 - any one of them
        rows.append(_payment(index, bill=bill, amount=part + over, allocated={bill.pk: part}, today=today))
    _made(payments.create_many(company=company, rows=rows))


def _payment(
    index: int, *, bill: Invoice, amount: Decimal, allocated: Mapping[int, Decimal], today: date
) -> dict[str, Any]:
    method = demo_data.METHODS[index % len(demo_data.METHODS)]
    return {
        "customer": bill.customer_id,
        "date": min(bill.date + timedelta(days=9 + index % 8), today),
        "amount": amount,
        "method": method,
        "reference": str(2210 + 7 * index) if method == "Check" else "",
        "allocations": [{"invoice": pk, "amount": part} for pk, part in allocated.items()],
    }


def _made(results: Sequence[Any]) -> list[Any]:
    for result in results:
        if isinstance(result, ValidationError):
            raise result
    return list(results)
