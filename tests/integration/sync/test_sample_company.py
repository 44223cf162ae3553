"""The records of the well-known sample company: names as people write them, both ways."""

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from quickbooks_sync.models import Link
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import World

SAMPLE_RECORDS = Path(
    os.environ.get(
        "SAMPLE_RECORDS", Path(__file__).parents[3] / ".." / "shared" / "data" / "sandbox-us1.json"
    )
)

#: The same in another spelling: here -> there.
KNOWN = {
    "Amys Bird Sanctuary": "Amy's Bird Sanctuary",
    "bill's windsurf shop": "Bill's Windsurf Shop",
    "Cool Cars": "Cool Cars",
    "DIEGO RODRIGUEZ": "Diego Rodriguez",
    "Geeta Kalapatapu": "Geeta Kalapatapu",
    "Jeffs Jalopies": "Jeff's Jalopies",
    "Kookies by Kathy": "Kookies by Kathy",
    "Pyes Cakes": "Pye's Cakes",
    "Red Rock Diner": "Red Rock Diner",
    "Doe Jane": "Doe, Jane",
    "Freeman Sporting Goods": "Freeman Sporting Goods",
    "Weiskopf  Consulting": "Weiskopf Consulting",
}

pytestmark = [
    pytest.mark.sample_records,
    pytest.mark.skipif(not SAMPLE_RECORDS.exists(), reason="no SAMPLE_RECORDS on this machine"),
]


@pytest.fixture
def sample(world: World) -> World:
    """The sample company there, with categories, inactive records and an ampersand; 30 customers here."""
    world.emulator.load(world.realm, json.loads(SAMPLE_RECORDS.read_text()))
    category = world.post("item", {"Name": "Outdoor", "Type": "Category"})
    world.post("item", {"Name": "Indoor", "Type": "Category"})
    income = next(row for row in world.there("Account") if row.get("AccountType") == "Income")
    service = {"Type": "Service", "IncomeAccountRef": {"value": income["Id"]}}
    world.post(
        "item",
        {
            "Name": "Hedge Work",
            "SubItem": True,
            "ParentRef": {"value": category["Id"]},
            "UnitPrice": 55.5,
            **service,
        },
    )
    gone = world.post("item", {"Name": "Snow Removal", **service})
    world.post(
        "item",
        {
            "Id": gone["Id"],
            "SyncToken": gone["SyncToken"],
            "sparse": True,
            "Name": "Snow Removal",
            "Active": False,
        },
    )
    left = world.post("customer", {"DisplayName": "Moved Away"})
    world.post(
        "customer", {"Id": left["Id"], "SyncToken": left["SyncToken"], "sparse": True, "Active": False}
    )
    world.post("customer", {"DisplayName": "Smith & Sons"})
    rows = [{"display_name": name} for name in KNOWN]
    rows += [{"display_name": f"Own Customer {number}, No. {number} & Co's"} for number in range(18)]
    customers.create_many(company=world.company, rows=rows)
    work_codes.create(company=world.company, values={"name": "Design", "price": Decimal(80)})
    work_codes.create(company=world.company, values={"name": "Boiler & Burner 'Check'"})
    return world


def test_a_full_sync_takes_what_it_should_and_sends_what_is_new(sample: World) -> None:
    before = {row["Id"] for row in sample.there("Customer")}

    run = sample.full()

    assert run.state == "done", run.error
    assert sample.issues() == {}
    assert run.counts["customer.here.linked"] == len(KNOWN)
    assert run.counts["customer.there.created"] == 18
    linked = Link.objects.filter(connection=sample.connection, kind="customer", remote__isnull=False)
    pairs = {
        Customer.objects.get(pk=link.local_id).display_name: link.remote.name
        for link in linked
        if link.remote
    }
    assert {here: pairs[here] for here in KNOWN} == KNOWN
    names_here = set(Customer.objects.filter(company=sample.company).values_list("display_name", flat=True))
    assert {"Smith & Sons", "Paulsen Medical Supplies", "0969 Ocean View Road", "Doe, Jack"} <= names_here
    assert "Moved Away" not in names_here
    assert Customer.objects.filter(company=sample.company).count() == 30 + 42 - len(KNOWN)
    twin = Customer.objects.filter(company=sample.company, display_name="Jack Doe")
    assert {each.parent.display_name if each.parent else "" for each in twin} == {"", "Doe, Jack"}
    sent = {row["DisplayName"] for row in sample.there("Customer") if row["Id"] not in before}
    assert sent == {f"Own Customer {number}, No. {number} & Co's" for number in range(18)}


def test_service_items_become_work_codes_and_no_other_item_does(sample: World) -> None:
    run = sample.full()

    assert run.state == "done", run.error
    names = set(WorkCode.objects.filter(company=sample.company).values_list("name", flat=True))
    services = {
        row["Name"] for row in sample.there("Item") if row["Type"] == "Service" and row["Active"] is not False
    }
    assert names == services
    assert names >= {"Maintenance & Repair", "Boiler & Burner 'Check'", "Hedge Work"}
    assert not names & {"Rock Fountain", "Outdoor", "Indoor", "Snow Removal"}
    assert WorkCode.objects.get(company=sample.company, name="Hedge Work").category == "Outdoor"
    design = next(row for row in sample.there("Item") if row["Name"] == "Design")
    assert design["UnitPrice"] == 80, "a price present here wins when two records first meet"


def test_a_second_full_sync_changes_nothing_and_a_daily_sync_moves_what_is_new(sample: World) -> None:
    sample.full()
    again = sample.full()
    assert again.state == "done", again.error
    assert not [name for name in again.counts if "." in name]

    jane = Customer.objects.get(company=sample.company, display_name="Doe Jane")
    customers.update(company=sample.company, id=jane.pk, values={"email": "jane@example.com"})
    code = WorkCode.objects.get(company=sample.company, name="Pest Control")
    sent = invoices.create(
        company=sample.company,
        values={
            "number": "SG-1001",
            "customer": jane.pk,
            "date": date(2026, 3, 2),
            "due_date": date(2026, 4, 1),
            "lines": [
                {
                    "work_code": code.pk,
                    "description": "Ants & wasps",
                    "quantity": Decimal(2),
                    "unit_price": Decimal(35),
                    "taxable": False,
                }
            ],
        },
    )
    payments.create(
        company=sample.company,
        values={
            "customer": jane.pk,
            "date": date(2026, 3, 2),
            "amount": Decimal(50),
            "allocations": [{"invoice": sent.pk, "amount": Decimal(50)}],
        },
    )
    run = sample.sync()

    assert run.state == "done", run.error
    assert sample.issues() == {}
    invoice = next(row for row in sample.there("Invoice") if row.get("DocNumber") == "SG-1001")
    assert (invoice["TotalAmt"], invoice["Balance"]) == (70, 20)
    assert invoice["CustomerRef"]["name"] == "Doe, Jane"
