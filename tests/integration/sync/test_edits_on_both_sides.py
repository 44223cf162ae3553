"""One customer, edited or removed on both sides between two runs: nothing is lost without a word."""

from typing import Any

import pytest

from quickbooks_sync.models import Connection, Issue
from quickbooks_sync.resolving import resolve
from service_genius.customers import operations
from service_genius.customers.models import Customer
from tests.world import World

NAME = "Amelia Hartwell"
BEFORE = {"display_name": NAME, "email": "amelia@example.com", "phone": "555 0143"}


@pytest.fixture
def settled(world: World) -> World:
    """A customer of ours that was sent."""
    operations.create(company=world.company, values=BEFORE)
    world.full()
    return world


@pytest.fixture
def imported(world: World) -> World:
    """A customer of QuickBooks that was taken."""
    world.post(
        "customer",
        {
            "DisplayName": NAME,
            "PrimaryEmailAddr": {"Address": "amelia@example.com"},
            "PrimaryPhone": {"FreeFormNumber": "555 0143"},
        },
    )
    world.full()
    return world


def here() -> Customer:
    return Customer.objects.get()


def there(world: World) -> dict[str, Any]:
    (row,) = world.there("Customer")
    return row


def edit_here(world: World, **values: str) -> None:
    operations.update(company=world.company, id=here().pk, values=values)


def edit_there(world: World, **members: Any) -> None:
    row = there(world)
    world.post("customer", {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True, **members})


def phone_there(world: World, number: str) -> None:
    edit_there(world, PrimaryPhone={"FreeFormNumber": number})


def sync(world: World) -> None:
    """Once, and once more, which finds nothing to write."""
    run = world.sync()
    assert run.state == "done", run.error
    again = world.sync()
    assert again.calls["write_batches"] == 0


def test_edits_of_different_fields_both_survive(settled: World) -> None:
    edit_here(settled, email="new@example.com")
    phone_there(settled, "555 9999")
    sync(settled)
    assert there(settled)["PrimaryEmailAddr"]["Address"] == "new@example.com"
    assert there(settled)["PrimaryPhone"]["FreeFormNumber"] == "555 9999"
    assert here().phone == "555 0143"
    assert settled.issues() == {NAME: "changed_there"}


def test_what_is_left_as_it_is_stays_so_though_both_were_changed_alike_besides(settled: World) -> None:
    edit_here(settled, display_name="Amelia Cole")
    edit_there(
        settled, DisplayName="Amelia Cole", Notes="Gate code 12", Mobile={"FreeFormNumber": "555 0100"}
    )
    sync(settled)
    assert settled.issues() == {"Amelia Cole": "changed_there"}

    resolve.carry_out(Issue.objects.get(), "leave", value="")
    sync(settled)

    assert settled.issues() == {}
    assert (here().notes, here().mobile, there(settled)["Notes"]) == ("", "", "Gate code 12")
    edit_there(settled, Notes="Gate code 13")
    sync(settled)
    assert settled.issues() == {"Amelia Cole": "changed_there"}


def test_with_two_way_edits_both_sides_get_both(settled: World) -> None:
    Connection.objects.update(two_way_edits=True)
    edit_here(settled, email="new@example.com")
    phone_there(settled, "555 9999")
    sync(settled)
    assert there(settled)["PrimaryEmailAddr"]["Address"] == "new@example.com"
    assert (here().email, here().phone) == ("new@example.com", "555 9999")
    assert settled.issues() == {}


def test_the_same_edit_on_both_sides_moves_nothing(settled: World) -> None:
    edit_here(settled, phone="555 9999")
    phone_there(settled, "555 9999")
    run = settled.sync()
    assert run.calls["write_batches"] == 0
    assert settled.issues() == {}


def test_a_deactivation_here_goes_there_and_their_edit_is_still_told(settled: World) -> None:
    operations.deactivate(company=settled.company, id=here().pk)
    phone_there(settled, "555 9999")
    sync(settled)
    assert there(settled)["Active"] is False
    assert there(settled)["PrimaryPhone"]["FreeFormNumber"] == "555 9999"
    assert settled.issues() == {NAME: "changed_there"}


def test_an_imported_customer_is_deactivated_here_only_and_an_edit_beside_it_still_goes(
    imported: World,
) -> None:
    edit_here(imported, email="new@example.com")
    operations.deactivate(company=imported.company, id=here().pk)
    sync(imported)
    assert there(imported)["Active"] is True
    assert there(imported)["PrimaryEmailAddr"]["Address"] == "new@example.com"
    assert imported.issues() == {}


def test_what_was_deactivated_there_waits_for_a_person(settled: World) -> None:
    edit_here(settled, email="new@example.com")
    edit_there(settled, Active=False)
    sync(settled)
    assert settled.issues() == {NAME: "removed_there"}
    assert here().active
    assert there(settled)["Active"] is False


def test_what_was_left_stays_silent_until_it_changes_again(settled: World) -> None:
    phone_there(settled, "555 9999")
    sync(settled)
    resolve.carry_out(Issue.objects.get(), "leave", value="")
    sync(settled)
    assert settled.issues() == {}
    edit_here(settled, email="new@example.com")
    sync(settled)
    assert settled.issues() == {}, "an edit of ours does not bring it up again"
    assert here().phone == "555 0143"

    phone_there(settled, "555 7777")
    sync(settled)
    assert settled.issues() == {NAME: "changed_there"}


@pytest.mark.parametrize(("answer", "phone"), [("take", "555 9999"), ("send", "555 0143")])
def test_a_change_there_is_taken_or_ours_is_sent_as_a_person_says(
    settled: World, answer: str, phone: str
) -> None:
    phone_there(settled, "555 9999")
    sync(settled)
    resolve.carry_out(Issue.objects.get(), answer, value="")
    assert settled.sync().state == "done"
    assert here().phone == there(settled)["PrimaryPhone"]["FreeFormNumber"] == phone
    assert settled.issues() == {}
