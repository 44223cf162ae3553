"""The cast: Alice owns a company, Bob works in its office, Charlie owns another and must see nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache

from service_genius.companies.models import Company, Role, User
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
from tests.pressing import Client
from tests.revision_guard import revisions_guarded

PASSWORD = "a-long-pass-phrase"
DAY = date(2026, 3, 2)
#: A day far from the present is asked about: the tests stand in one year for ever.
TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _guarded(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(Company, "today", lambda _: TODAY)
    settings.SERVICE_GENIUS_PANELS = "service_genius.ui.panels.NoPanels"
    cache.clear()  # failed log-ins are counted there
    with revisions_guarded():
        yield


@pytest.fixture
def company() -> Company:
    return Company.objects.create(name="Alice's Air", zone="America/Los_Angeles")


@pytest.fixture
def alice(company: Company) -> User:
    return User.objects.create_user(
        email="alice@example.com", password=PASSWORD, name="Alice", role=Role.OWNER, company=company
    )


@pytest.fixture
def bob(company: Company) -> User:
    return User.objects.create_user(
        email="bob@example.com", password=PASSWORD, name="Bob", role=Role.OFFICE, company=company
    )


@pytest.fixture
def charlie() -> User:
    other = Company.objects.create(name="Charlie's Chimneys", zone="America/New_York")
    return User.objects.create_user(
        email="charlie@example.com", password=PASSWORD, name="Charlie", role=Role.OWNER, company=other
    )


@pytest.fixture
def client(alice: User) -> Client:
    """Alice's browser."""
    return browser_of(alice)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="service_genius.companies.accounts.ByAddress")
    return client


@dataclass(frozen=True, kw_only=True)
class Books:
    """One record of each Kind, in Alice's company."""

    customer: Customer
    work_code: WorkCode
    tax_rate: TaxRate
    invoice: Invoice
    payment: Payment


@pytest.fixture
def books(company: Company) -> Books:
    customer = customers.create(company=company, values={"display_name": "Amelia Hartwell"})
    work_code = work_codes.create(
        company=company, values={"name": "Tune-up", "price": Decimal(100), "taxable": True}
    )
    rate = tax_rates.add(company=company, values={"name": "California", "percent": Decimal(8)})
    invoice = new_invoice(company, customer=customer, work_code=work_code, number="1001", tax_rate=rate)
    payment = payments.create(
        company=company,
        values={
            "customer": customer.pk,
            "date": DAY,
            "amount": Decimal(50),
            "allocations": [{"invoice": invoice.pk, "amount": Decimal(30)}],
        },
    )
    return Books(customer=customer, work_code=work_code, tax_rate=rate, invoice=invoice, payment=payment)


def new_invoice(
    company: Company,
    *,
    customer: Customer,
    work_code: WorkCode,
    number: str,
    tax_rate: TaxRate | None = None,
    **values: Any,
) -> Invoice:
    """An invoice over one unit of the work code, unless said otherwise."""
    return invoices.create(
        company=company,
        values={
            "number": number,
            "customer": customer.pk,
            "date": DAY,
            "due_date": DAY,
            "tax_rate": tax_rate.pk if tax_rate else None,
            "lines": [{"work_code": work_code.pk}],
            **values,
        },
    )
