"""A customer whom QuickBooks keeps in another currency: shown here as it is there, never sent."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from quickbooks_sync.models import Link
from quickbooks_sync.resolving import resolve
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from tests.pressing import Client
from tests.world import World

NAME = "Café Lumière"
DAY = date(2026, 3, 2)


def put_there(world: World, token: int = 0, **members: Any) -> None:
    """As a person enters it in books with several currencies; the emulator's API has one."""
    now = world.post("customer", {"DisplayName": f"Clock {token}"})["MetaData"]
    row = {
        "Id": "900",
        "SyncToken": str(token),
        "DisplayName": NAME,
        "FullyQualifiedName": NAME,
        "Active": True,
        "CurrencyRef": {"value": "EUR", "name": "Euro"},
        "MetaData": now,
        **members,
    }
    world.emulator.load(world.realm, {"Customer": [row]})


@pytest.fixture
def shown(world: World) -> World:
    put_there(world, Notes="Closed on Mondays")
    assert world.full().state == "done"
    return world


def here() -> Customer:
    return Customer.objects.get(currency="EUR")


def test_it_is_taken_with_its_currency(shown: World) -> None:
    assert (here().display_name, here().notes) == (NAME, "Closed on Mondays")
    assert not Customer.objects.exclude(pk=here().pk).exclude(currency="").exists()
    assert shown.issues() == {}


def test_nobody_edits_it_here_or_puts_anybody_below_it(shown: World) -> None:
    with pytest.raises(ValidationError, match="kept in another currency"):
        customers.update(company=shown.company, id=here().pk, values={"phone": "555 0100"})
    with pytest.raises(ValidationError, match="kept in another currency"):
        customers.create(company=shown.company, values={"display_name": "Terrace", "parent": here().pk})
    other = customers.create(company=shown.company, values={"display_name": "Other"})
    with pytest.raises(ValidationError, match="different currencies"):
        customers.merge_customers(company=shown.company, loser=other.pk, survivor=here().pk)


def test_it_gets_no_invoice_and_pays_none(shown: World) -> None:
    code = work_codes.create(company=shown.company, values={"name": "Call", "price": Decimal(10)})
    values: dict[str, Any] = {"customer": here().pk, "date": DAY, "due_date": DAY, "number": "1"}
    with pytest.raises(ValidationError, match="kept in EUR and is only shown here"):
        invoices.create(company=shown.company, values={**values, "lines": [{"work_code": code.pk}]})
    with pytest.raises(ValidationError, match="kept in EUR and is only shown here"):
        payments.create(
            company=shown.company,
            values={"customer": here().pk, "date": DAY, "amount": Decimal(5), "allocations": []},
        )


@pytest.mark.parametrize(
    ("members", "field", "value"),
    [({"Notes": "Open every day"}, "notes", "Open every day"), ({"Active": False}, "active", False)],
)
def test_what_is_changed_there_is_simply_shown_here(
    shown: World, members: dict[str, Any], field: str, value: object
) -> None:
    put_there(shown, token=1, **{"Notes": "Closed on Mondays", **members})
    run = shown.sync()
    assert run.state == "done", run.error
    assert getattr(here(), field) == value
    assert shown.issues() == {}
    again = shown.sync()
    assert again.calls["write_batches"] == 0


def test_putting_it_aside_here_stays_here(shown: World) -> None:
    customers.deactivate(company=shown.company, id=here().pk)
    run = shown.sync()
    assert run.calls["write_batches"] == 0
    assert shown.issues() == {}
    assert next(row for row in shown.there("Customer") if row["Id"] == "900")["Active"] is True


def test_its_name_counts_and_it_is_never_paired_with_a_customer_of_ours(world: World) -> None:
    ours = customers.create(company=world.company, values={"display_name": NAME})
    put_there(world)
    assert world.full().state == "done"
    link = Link.objects.get(kind="customer", local_id=ours.pk)
    assert link.remote is None
    reasons = set(world.connection.issues.values_list("reason", flat=True))
    assert reasons == {"name_taken", "refused_here"}
    issue = world.connection.issues.get(reason="name_taken")
    with pytest.raises(resolve.CannotResolveError, match="is kept in EUR in QuickBooks"):
        resolve.carry_out(issue, "same", value="900")

    customers.update(company=world.company, id=ours.pk, values={"display_name": f"{NAME} (customer)"})
    assert world.sync().state == "done"
    assert world.issues() == {}
    assert here().display_name == NAME


def test_its_page_says_so_and_offers_nothing_that_is_refused(shown: World, alice: User) -> None:
    browser = Client()
    browser.force_login(alice, backend="service_genius.companies.accounts.ByAddress")
    page = browser.get(reverse("customers:detail", args=[here().pk])).content.decode()
    assert "Kept in EUR" in page
    for name in ("customers:edit", "customers:merge", "invoices:create"):
        address = reverse(name, args=[here().pk]) if name != "invoices:create" else reverse(name)
        assert f'"{address}' not in page
    assert "EUR" in browser.get(reverse("customers:list")).content.decode()
    refused = browser.post(reverse("customers:edit", args=[here().pk]), {"display_name": "Mine"})
    assert "kept in another currency" in refused.content.decode()
