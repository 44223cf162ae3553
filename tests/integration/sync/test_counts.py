"""How many calls a run makes: as few as can be, and none on an idle day but one."""

from decimal import Decimal

import pytest

from quickbooks_sync.models import Issue
from quickbooks_sync.resolving import resolve
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.integration.sync import sales
from tests.world import World


@pytest.fixture
def large(world: World) -> World:
    """1,000 customers and 200 work codes, and an empty QuickBooks that was looked at after connecting."""
    rows = [{"display_name": f"Customer {number:04}", "phone": "(555) 201-0143"} for number in range(1000)]
    customers.create_many(company=world.company, rows=rows)
    codes = [{"name": f"Work {number:03}", "price": Decimal(number)} for number in range(200)]
    work_codes.create_many(company=world.company, rows=codes)
    world.run("look")
    world.emulator.reset_counters()
    return world


def test_a_full_sync_of_1200_records_makes_at_most_42_write_batches_and_6_reads_and_the_next_sync_2_calls(
    large: World,
) -> None:
    run = large.full()

    assert run.state == "done", run.error
    assert len(large.there("Customer")) == 1000
    assert run.calls["write_batches"] <= 42
    assert run.calls["metered_reads"] <= 6
    assert large.emulator.counters(large.realm)["batch_calls"] <= 42
    assert large.emulator.counters(large.realm)["throttled"] == 0

    large.emulator.reset_counters()
    run = large.sync()
    assert run.state == "done", run.error
    assert large.emulator.counters(large.realm)["calls"] <= 2
    assert run.calls["write_batches"] == 0

    large.emulator.reset_counters()
    again = large.full()
    assert again.state == "done", again.error
    assert again.calls["write_batches"] == 0
    assert not [name for name in again.counts if "." in name]


def test_a_sync_after_five_edits_of_customers_and_work_codes_makes_at_most_three_calls(world: World) -> None:
    people = [
        customers.create(company=world.company, values={"display_name": f"Customer {number}"})
        for number in range(3)
    ]
    codes = [
        work_codes.create(company=world.company, values={"name": f"Work {number}"}) for number in range(2)
    ]
    world.full()
    for person in people:
        customers.update(company=world.company, id=person.pk, values={"notes": "Gate code 12"})
    for code in codes:
        work_codes.update(company=world.company, id=code.pk, values={"price": Decimal("12.5")})
    world.emulator.reset_counters()

    run = world.sync()

    assert run.state == "done", run.error
    assert run.counts["customer.there.updated"] == 3
    assert run.counts["work_code.there.updated"] == 2
    assert world.emulator.counters(world.realm)["calls"] <= 3


def test_what_was_left_as_it_is_there_costs_no_call_though_it_is_read_once_more(world: World) -> None:
    """Changes of the last minutes are read twice; an edit of money would ask for settings, too."""
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": sales.SERVICE, "price": Decimal(100)})
    world.full()
    sales.invoice(world, "Amelia Hartwell")
    world.sync()
    (row,) = world.there("Invoice")
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True, "CustomerRef": row["CustomerRef"]}
    world.post("invoice", {**head, "CustomerMemo": {"value": "Thank you"}})
    world.sync()
    resolve.carry_out(Issue.objects.get(), "leave", value="")
    world.sync()

    run = world.sync()

    assert run.state == "done", run.error
    assert run.calls["total"] == 1


def test_levels_of_sub_customers_go_level_after_level_and_come_back_as_they_are(world: World) -> None:
    top = customers.create(company=world.company, values={"display_name": "Evergreen Apartments"})
    unit = customers.create(company=world.company, values={"display_name": "Unit 4B", "parent": top.pk})
    customers.create(company=world.company, values={"display_name": "Storage", "parent": unit.pk})
    above = world.post("customer", {"DisplayName": "Harbor View Hotel"})
    world.post("customer", {"DisplayName": "Room 12", "Job": True, "ParentRef": {"value": above["Id"]}})

    run = world.full()

    assert run.state == "done", run.error
    names = {row["FullyQualifiedName"] for row in world.there("Customer")}
    assert "Evergreen Apartments:Unit 4B:Storage" in names
    room = Customer.objects.get(company=world.company, display_name="Room 12")
    assert room.parent is not None
    assert room.parent.display_name == "Harbor View Hotel"
    assert WorkCode.objects.filter(company=world.company, name="Room 12").count() == 0
