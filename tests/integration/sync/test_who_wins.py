"""Who wins where two that first meet differ: chosen before, done as chosen, kept for later ones."""

from decimal import Decimal
from typing import Any

import pytest
from django.db.models import QuerySet

from quickbooks_sync.models import Connection, Link, PlannedStep, SyncRun
from quickbooks_sync.planner.first_link import Group, Wins
from quickbooks_sync.runs.queue import ask
from quickbooks_sync.sending.as_shown import SINCE
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import World

HERE = {
    "display_name": "Amelia Hartwell",
    "email": "a@example.com",
    "notes": "Two dogs",
    "billing_street": "12 Oak St",
    "billing_postal_code": "80202",
}
THERE: dict[str, Any] = {
    "DisplayName": "Amelia Hartwell",
    "PrimaryEmailAddr": {"Address": "a@example.com"},
    "Notes": "Gate code 12",
    "GivenName": "Amelia",
    "BillAddr": {"Line1": "12 Oak Street", "City": "Denver", "PostalCode": "80202"},
}


def choose(world: World, **chosen: Wins) -> None:
    """By group of fields; what is not named keeps its default."""
    Connection.objects.filter(pk=world.connection.pk).update(who_wins=chosen)
    world.connection.refresh_from_db()


def everywhere(wins: Wins) -> dict[str, Wins]:
    return {group.value: wins for group in Group}


def both_have(world: World, **there: Any) -> None:
    customers.create(company=world.company, values=HERE)
    world.post("customer", {**THERE, **there})


def values_of(world: World) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Notes, given name, street and town on either side."""
    here = Customer.objects.get()
    [there] = world.there("Customer")
    address = there["BillAddr"]
    return (
        (here.notes, here.given_name, here.billing_street, here.billing_city),
        (there["Notes"], there["GivenName"], address["Line1"], address["City"]),
    )


OURS = ("Two dogs", "Amelia", "12 Oak St", "Denver")
THEIRS = ("Gate code 12", "Amelia", "12 Oak Street", "Denver")


@pytest.mark.parametrize(
    ("wins", "after"),
    [(Wins.OURS, (OURS, OURS)), (Wins.THEIRS, (THEIRS, THEIRS)), (Wins.NEITHER, (OURS, THEIRS))],
)
def test_what_was_chosen_is_done_and_nothing_moves_afterwards(
    world: World, wins: Wins, after: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    choose(world, **everywhere(wins))
    both_have(world)

    world.full()

    assert values_of(world) == after
    assert not world.issues()
    again = world.sync()
    assert not again.changes.exists()
    assert not world.issues()


def test_each_group_of_fields_goes_its_own_way(world: World) -> None:
    choose(world, contact=Wins.THEIRS, addresses=Wins.NEITHER)
    both_have(world)
    item = {"Name": "Tune-up", "Type": "Service", "UnitPrice": 95, "Description": "Theirs"}
    accounts = [row for row in world.there("Account") if row["AccountType"] == "Income"]
    world.post("item", {**item, "IncomeAccountRef": {"value": accounts[0]["Id"]}})
    work_codes.create(company=world.company, values={"name": "Tune-up", "price": Decimal(120)})

    world.full()

    here, there = values_of(world)
    assert here == ("Gate code 12", "Amelia", "12 Oak St", "Denver")
    assert there == ("Gate code 12", "Amelia", "12 Oak Street", "Denver")
    code = WorkCode.objects.get(name="Tune-up")
    [sent] = [row for row in world.there("Item") if row["Name"] == "Tune-up"]
    assert (code.price, code.description) == (Decimal(120), "Theirs")
    assert (sent["UnitPrice"], sent["Description"]) == (120, "Theirs")


def test_what_stays_different_is_neither_sent_nor_asked_about_until_it_is_edited(world: World) -> None:
    choose(world, **everywhere(Wins.NEITHER))
    both_have(world)
    world.full()

    assert Link.objects.get(kind="customer").apart == ["notes", "billing_street"]
    customers.update(company=world.company, id=Customer.objects.get().pk, values={"phone": "(555) 201-0143"})
    run = world.sync()
    assert [set(change.after) for change in run.changes.all()] == [{"phone"}]
    assert values_of(world) == (OURS, THEIRS)

    customers.update(company=world.company, id=Customer.objects.get().pk, values={"notes": "Three dogs"})
    world.sync()
    assert world.there("Customer")[0]["Notes"] == "Three dogs"
    assert Link.objects.get(kind="customer").apart == ["billing_street"]


def test_what_is_paired_by_a_later_sync_follows_the_choice_too(world: World) -> None:
    choose(world, **everywhere(Wins.THEIRS))
    world.full()
    both_have(world)
    world.sync()
    assert values_of(world) == (THEIRS, THEIRS)


def preview(world: World) -> SyncRun:
    return world.work(ask(connection=world.connection, scope=SyncRun.Scope.FULL, preview=True))


def as_shown(world: World, shown: SyncRun) -> SyncRun:
    return world.work(ask(connection=world.connection, scope=SyncRun.Scope.FULL, from_preview=shown))


def said(steps: QuerySet[Any]) -> list[tuple[object, ...]]:
    of_customers = steps.filter(kind="customer")
    return [(step.side, step.action, step.before, step.after, step.note) for step in of_customers]


@pytest.mark.parametrize("wins", Wins)
def test_a_preview_shows_what_is_done(world: World, wins: Wins) -> None:
    choose(world, **everywhere(wins))
    both_have(world)

    shown = preview(world)
    run = as_shown(world, shown)

    told, done = shown.plannedsteps.order_by("pk"), run.changes.order_by("pk")
    assert said(told) == said(done)
    assert not PlannedStep.objects.filter(run=run).exists()


@pytest.mark.parametrize(("before", "after"), [(a, b) for a in Wins for b in Wins if a != b])
def test_another_choice_makes_a_preview_stale(world: World, before: Wins, after: Wins) -> None:
    choose(world, **everywhere(before))
    both_have(world)
    shown = preview(world)

    choose(world, **everywhere(after))
    run = as_shown(world, shown)

    assert not run.changes.filter(kind="customer").exists()
    since = PlannedStep.objects.filter(run=run, action=SINCE)
    assert {step.label for step in since} == {"Amelia Hartwell"}


def test_another_choice_leaves_the_steps_as_shown_that_it_does_not_bear_on(world: World) -> None:
    both_have(world, Notes="Two dogs", BillAddr={**THERE["BillAddr"], "Line1": "12 Oak St"})
    shown = preview(world)
    choose(world, **everywhere(Wins.THEIRS))
    run = as_shown(world, shown)
    [change] = run.changes.filter(kind="customer")
    assert (change.action, change.after) == ("linked", {"billing_city": "Denver", "given_name": "Amelia"})
