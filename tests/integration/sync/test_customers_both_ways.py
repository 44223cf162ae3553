"""Customers: a Full Sync copies what one side lacks, a Sync what is new and edited."""

from service_genius.customers import operations
from service_genius.customers.models import Customer
from tests.world import World


def names_here(world: World) -> list[str]:
    return sorted(Customer.objects.filter(company=world.company).values_list("display_name", flat=True))


def test_a_full_sync_copies_customers_both_ways_and_the_second_one_changes_nothing(world: World) -> None:
    operations.create(
        company=world.company, values={"display_name": "Amelia Hartwell", "phone": "(555) 201-0143"}
    )
    world.post("customer", {"DisplayName": "O'Malley's Pub & Grill"})

    run = world.full()

    assert run.state == "done", run.error
    assert world.names_there() == names_here(world) == ["Amelia Hartwell", "O'Malley's Pub & Grill"]
    assert run.counts["customer.there.created"] == run.counts["customer.here.created"] == 1
    again = world.full()
    assert again.state == "done", again.error
    assert not [name for name in again.counts if "customer" in name]


def test_a_sync_sends_a_new_and_an_edited_customer_and_takes_a_new_one(world: World) -> None:
    known = operations.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    world.full()

    operations.update(company=world.company, id=known.pk, values={"email": "amelia@example.com"})
    operations.create(company=world.company, values={"display_name": "Jasmine Patel"})
    world.post("customer", {"DisplayName": "Desert Rose Dental"})
    run = world.sync()

    assert run.state == "done", run.error
    assert (
        names_here(world) == world.names_there() == ["Amelia Hartwell", "Desert Rose Dental", "Jasmine Patel"]
    )
    amelia = next(row for row in world.there("Customer") if row["DisplayName"] == "Amelia Hartwell")
    assert amelia["PrimaryEmailAddr"]["Address"] == "amelia@example.com"


def test_a_sync_with_nothing_new_makes_one_call_and_no_write(world: World) -> None:
    operations.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    world.full()
    world.sync()
    world.emulator.reset_counters()

    run = world.sync()

    assert run.state == "done", run.error
    assert world.emulator.counters(world.realm)["calls"] == 1
    assert run.calls["total"] == run.calls["metered_reads"] == 1
