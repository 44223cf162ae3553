"""Customers who are moved below another one, or out of there."""

import pytest

from qbo.client import Client
from qbo.retry import Answered, WriteOutcome
from quickbooks_sync.models import Issue
from quickbooks_sync.resolving import resolve
from service_genius.customers import operations
from service_genius.customers.models import Customer
from tests.world import World


@pytest.fixture
def synced(world: World) -> World:
    """A parent and its sub-customer, sent."""
    parent = operations.create(company=world.company, values={"display_name": "Evergreen"})
    operations.create(company=world.company, values={"display_name": "Unit 4B", "parent": parent.pk})
    assert world.full().state == "done"
    assert full_names(world) == ["Evergreen", "Evergreen:Unit 4B"]
    return world


def full_names(world: World) -> list[str]:
    return sorted(row["FullyQualifiedName"] for row in world.there("Customer"))


def move_out(world: World) -> Customer:
    unit = Customer.objects.get(display_name="Unit 4B")
    return operations.update(company=world.company, id=unit.pk, values={"parent": None})


def test_who_is_moved_out_stands_by_itself_there(synced: World) -> None:
    move_out(synced)
    assert synced.sync().state == "done"
    assert full_names(synced) == ["Evergreen", "Unit 4B"]
    assert synced.issues() == {}
    again = synced.sync()
    assert again.calls["write_batches"] == 0


@pytest.fixture
def stubborn(synced: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A stand-in for a QuickBooks that keeps the parent: nobody has seen what Intuit's does."""
    row = next(row for row in synced.there("Customer") if row["DisplayName"] == "Unit 4B")
    told = Client.next_write

    def keeping(client: Client, timeout: float) -> WriteOutcome | None:
        outcome = told(client, timeout)
        for answer in outcome.items.values() if isinstance(outcome, Answered) else ():
            if isinstance(answer, dict) and answer["Id"] == row["Id"]:
                kept = {name: row[name] for name in ("Job", "ParentRef", "FullyQualifiedName", "Level")}
                answer.update(kept)
                synced.emulator.load(synced.realm, {"Customer": [dict(answer)]})
        return outcome

    monkeypatch.setattr(Client, "next_write", keeping)
    return synced


def test_a_parent_that_quickbooks_keeps_is_told_and_never_sent_again_by_itself(stubborn: World) -> None:
    move_out(stubborn)
    run = stubborn.sync()
    assert run.state == "done", run.error
    assert run.calls["write_batches"] == 1
    assert stubborn.issues() == {"Unit 4B": "changed_there"}
    assert Issue.objects.get().details == {"fields": ["parent"]}
    again = stubborn.sync()
    assert (again.state, again.calls["write_batches"]) == ("done", 0)

    resolve.carry_out(Issue.objects.get(), "take", value="")
    assert stubborn.sync().calls["write_batches"] == 0
    assert stubborn.issues() == {}
    unit = Customer.objects.get(display_name="Unit 4B")
    assert unit.parent is not None
    assert unit.parent.display_name == "Evergreen"


def test_another_edit_beside_it_still_goes(stubborn: World) -> None:
    unit = move_out(stubborn)
    stubborn.sync()
    operations.update(company=stubborn.company, id=unit.pk, values={"phone": "555 0100"})
    assert stubborn.sync().calls["write_batches"] == 1
    row = next(row for row in stubborn.there("Customer") if row["DisplayName"] == "Unit 4B")
    assert row["PrimaryPhone"]["FreeFormNumber"] == "555 0100"
    assert stubborn.issues() == {"Unit 4B": "changed_there"}
