"""What is posted back just as a page showed it changes nothing: every form there is, with much on every list.

So no form says more than a person did with it: a list that is cut, a choice that is no longer offered, or a
name that another record bears as well, can erase nothing.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from quickbooks_sync.models import Connection, Issue, Link, SyncRun
from quickbooks_sync.planner.actions import Reason
from service_genius.companies.models import Company
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices.models import Invoice
from service_genius.once.models import Press
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.sales import tax_rates
from service_genius.sales.models import TaxRate
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.forms import Form, forms_of
from tests.issue_details import DETAILS
from tests.pressing import Client

from .conftest import DAY, Books, new_invoice

MANY = 120
#: Those with something odd come first.
RECORDS_OF_A_KIND = 12
#: Where a press is the deed itself, whatever stands in the field beside the button.
PRESSED = {
    "quickbooks:sync": "begins a run; the box says which",
    "quickbooks:mend": "gives the record the date that is proposed",
}
#: The log-in's own pages are those of a library.
NOT_OURS = "account/"
OF_QUICKBOOKS = {"issue": Issue, "run": SyncRun}
OF_APP: dict[str, type[Model]] = {
    "customers": Customer,
    "work_codes": WorkCode,
    "invoices": Invoice,
    "payments": Payment,
    "companies:tax_rates": TaxRate,
}


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every named address of the product, with what it takes."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver) and str(pattern.pattern) != NOT_OURS:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", list(pattern.pattern.converters)


def pages() -> Iterator[str]:
    """Every address there is, for the records that `crowd` made."""
    for name, takes in addresses(get_resolver()):
        namespace, _, last = name.rpartition(":")
        model = OF_APP.get(namespace) or OF_QUICKBOOKS.get(last)
        if not takes:
            yield reverse(name)
        elif model is not None and len(takes) == 1:
            for pk in model._default_manager.order_by("pk").values_list("pk", flat=True)[:RECORDS_OF_A_KIND]:
                yield reverse(name, kwargs={takes[0]: pk})


@pytest.fixture
def crowd(books: Books, company: Company) -> Payment:
    """Names that two records bear, choices that are offered no more, and lists longer than a page."""
    old = customers.create(company=company, values={"display_name": "Evergreen", "notes": "\n  a\n\nb"})
    unit = customers.create(company=company, values={"display_name": "Unit 0", "parent": old.pk})
    lines = [
        {"work_code": books.work_code.pk, "unit_price": Decimal("0.3333333"), "quantity": Decimal("1.5")}
    ]
    kept = {"customer": unit, "work_code": books.work_code, "tax_rate": books.tax_rate}
    bill = new_invoice(company, number="OLD", lines=lines * 3, discount_amount=Decimal("0.10"), **kept)
    payments.create(
        company=company,
        values={
            "customer": unit.pk,
            "date": DAY,
            "amount": Decimal("0.50"),
            "paid_on": {bill.pk: Decimal("0.50")},
        },
    )
    for each in (unit, old):
        customers.deactivate(company=company, id=each.pk)
    work_codes.deactivate(company=company, id=books.work_code.pk)
    tax_rates.set_active(company=company, id=books.tax_rate.pk, active=False)
    work_code = work_codes.create(company=company, values={"name": "Tune-up", "price": Decimal(5)})
    new = customers.create(company=company, values={"display_name": "Evergreen"})
    rows = [{"display_name": f"Unit {n}", "parent": new.pk} for n in range(1, MANY)]
    units = customers.create_many(company=company, rows=rows)
    bills = [
        new_invoice(company, customer=each, work_code=work_code, number=f"E{n}")  # type: ignore[arg-type]
        for n, each in enumerate(units)
    ]
    newest = bills[-3:]
    _connection(company, books.tax_rate, bills)
    return payments.create(
        company=company,
        values={
            "customer": new.pk,
            "date": DAY,
            "amount": Decimal(15),
            "paid_on": {each.pk: each.total for each in newest},
        },
    )


def _connection(company: Company, rate: TaxRate, bills: list[Invoice]) -> None:
    """One whose chosen accounts and tax code QuickBooks no longer lists, with a question of every sort."""
    now = datetime.now(UTC)
    connection = Connection.objects.create(
        company=company,
        environment="emulator",
        realm_id="1",
        connected_at=now,
        start_date=date(2026, 1, 1),
        access_token=b"",
        refresh_token=b"",
        access_expires_at=now,
        refresh_expires_at=now,
        income_account="9",
        deposit_account="8",
        tax_codes={
            str(rate.pk): "7",
            str(TaxRate.objects.create(company=company, name="B", percent=1).pk): "6",
        },
        facts={
            "accounts": [
                {"id": str(n), "name": f"Account {n}", "type": kind, "subtype": ""}
                for n, kind in ((1, "Income"), (2, "Bank"))
            ],
            "tax_codes": [{"id": "1", "name": "California", "percent": "8"}],
        },
    )
    for reason, bill in zip(Reason, bills, strict=False):
        link = Link.objects.create(connection=connection, kind="invoice", local_id=bill.pk)
        Issue.objects.create(
            connection=connection,
            link=link,
            reason=reason,
            label=bill.number,
            details={"currency": "USD", **DETAILS[reason]},
            raised_at=now,
        )
    SyncRun.objects.create(connection=connection, scope="sync", state="done", created_at=now, due_at=now)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours, but of those that tell what was pressed."""
    ours = [
        model
        for model in apps.get_models()
        if model.__module__.startswith(("service_genius", "quickbooks")) and model is not Press
    ]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in ours}


def forms(client: Client) -> Iterator[tuple[str, Form]]:
    """Every form of every page in which something can be filled in, with the address it goes to."""
    for address in pages():
        response = client.get(address)
        if response.status_code == 200:
            for form in forms_of(response.content.decode()):
                if form.typed:
                    yield form.action.partition("#")[0] or address, form


def test_what_is_posted_back_as_the_page_showed_it_changes_nothing(client: Client, crowd: Payment):
    before, seen, changed = everything(), set(), []
    for address, form in list(forms(client)):
        name = resolve(address).view_name
        if name in PRESSED:
            continue
        seen.add(name)
        response = client.post(address, form.body, "application/x-www-form-urlencoded")
        assert response.status_code in {200, 302, 422}, address
        after = everything()
        changed += [f"{address}: {table}" for table, rows in after.items() if rows != before[table]]
        before = after
    assert changed == []
    edited = {f"{app}:edit" for app in OF_APP if ":" not in app}
    assert edited | {"customers:merge", "companies:tax_rates:list", "quickbooks:choices"} <= seen


def test_what_is_posted_back_as_the_page_showed_it_is_taken(client: Client, crowd: Payment):
    """Nothing stands on the form of a record that it would itself refuse."""
    refused = [
        address
        for address, form in forms(client)
        if resolve(address).url_name in {"edit", "choices"}
        and client.post(address, form.body, "application/x-www-form-urlencoded").status_code != 302
    ]
    assert refused == []


def test_a_field_that_was_not_on_the_page_is_not_touched(client: Client, books: Books, company: Company):
    """Such as one that came with a newer version than the page which is still open."""
    customers.update(company=company, id=books.customer.pk, values={"notes": "Gate code 12", "phone": "1"})
    books.customer.refresh_from_db()
    sent = {"display_name": "Amelia H.", "revision": books.customer.revision, "taxable": "on", "phone": ""}
    client.post(reverse("customers:edit", kwargs={"pk": books.customer.pk}), sent)
    books.customer.refresh_from_db()
    kept = (books.customer.display_name, books.customer.notes, books.customer.phone)
    assert kept == ("Amelia H.", "Gate code 12", "")


def test_two_tabs_of_the_choices_do_not_undo_one_another(client: Client, crowd: Payment):
    address = reverse("quickbooks:choices")
    homes = [client.get(reverse("quickbooks:home")).content.decode() for _ in range(2)]
    first, second = (next(form for form in forms_of(home) if "start_date" in form.typed) for home in homes)
    client.post(address, first.with_values(income_account="1"), "application/x-www-form-urlencoded")
    client.post(address, second.with_values(start_date="2026-02-01"), "application/x-www-form-urlencoded")
    connection = Connection.objects.get()
    kept = (connection.income_account, connection.deposit_account, connection.start_date)
    assert kept == ("1", "8", date(2026, 2, 1))
