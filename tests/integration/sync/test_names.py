"""Names that pass from one record to another: in one run, whatever the order, and whenever it stops."""

import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.access import tokens
from quickbooks_sync.models import Change, Connection, Link, PlannedStep, SyncRun
from quickbooks_sync.runs.queue import ask
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import Killed, World

RING = ("Aspen", "Birch", "Cedar")


def sent(world: World, *names: str) -> None:
    for name in names:
        customers.create(company=world.company, values={"display_name": name})
    assert world.full().state == "done"


def rename(world: World, new_names: dict[str, str], **more: Any) -> None:
    """Give customers new names at once, as an office does in several steps."""
    ids = {name: Customer.objects.get(display_name=name).pk for name in new_names}
    for pk in ids.values():
        customers.update(company=world.company, id=pk, values={"display_name": f"Step {pk}"})
    for name, pk in ids.items():
        customers.update(company=world.company, id=pk, values={"display_name": new_names[name], **more})


def sides(world: World) -> tuple[dict[str, str], dict[str, str]]:
    """Remote id -> name, here and there."""
    links = Link.objects.filter(kind="customer", local_id__isnull=False).select_related("remote")
    names = dict(Customer.objects.values_list("pk", "display_name"))
    here = {link.remote.remote_id: names[link.local_id] for link in links if link.remote and link.local_id}
    return here, {row["Id"]: row["DisplayName"].removesuffix(" (deleted)") for row in world.there("Customer")}


def assert_settled(world: World) -> None:
    """Both sides hold the same names, and nothing is left to do."""
    here, there = sides(world)
    assert here == there
    assert world.issues() == {}
    again = world.sync()
    assert (again.state, again.calls["write_batches"]) == ("done", 0), again.error


def test_a_name_goes_from_one_customer_to_the_next_in_one_run(world: World) -> None:
    sent(world, "Aspen", "Birch")
    rename(world, {"Aspen": "Birch", "Birch": "Willow"})
    run = world.sync()
    assert run.state == "done", run.error
    assert world.names_there() == ["Birch", "Willow"]
    assert_settled(world)


def test_a_chain_longer_than_the_usual_passes_comes_to_its_end(world: World) -> None:
    names = [f"Customer {number:02}" for number in range(16)]
    sent(world, *names)
    rename(world, dict(zip(names, [*names[1:], "Last"], strict=True)))
    assert world.sync().state == "done"
    assert world.names_there() == [*names[1:], "Last"]
    assert_settled(world)


@pytest.mark.parametrize("length", [2, 3])
def test_names_are_exchanged_in_a_ring_with_a_name_for_the_moment(world: World, length: int) -> None:
    ring = RING[:length]
    sent(world, *ring)
    rename(world, dict(zip(ring, [*ring[1:], ring[0]], strict=True)), phone="555 0100")
    run = world.sync()
    assert run.state == "done", run.error
    assert_settled(world)
    assert {row["PrimaryPhone"]["FreeFormNumber"] for row in world.there("Customer")} == {"555 0100"}
    step = Change.objects.get(run=run, action="renamed")
    assert step.after["display_name"].endswith("(being renamed)")
    assert "for the moment" in step.note
    assert run.counts["customer.there.updated"] == length


def test_two_rings_and_a_chain_do_not_disturb_each_other(world: World) -> None:
    sent(world, "A", "B", "C", "D", "E", "F")
    rename(world, {"A": "B", "B": "A", "C": "D", "D": "C", "E": "F", "F": "G"})
    assert world.sync().state == "done"
    assert_settled(world)


def test_work_codes_exchange_their_names_too(world: World) -> None:
    for name in ("Tune-up", "Repair"):
        work_codes.create(company=world.company, values={"name": name, "price": Decimal(10)})
    world.full()
    first, second = (WorkCode.objects.get(name=name) for name in ("Tune-up", "Repair"))
    for pk, name in ((first.pk, "Between"), (second.pk, "Tune-up"), (first.pk, "Repair")):
        work_codes.update(company=world.company, id=pk, values={"name": name})
    before = {row["Id"]: row["Name"] for row in world.there("Item")}
    run = world.sync()
    assert run.state == "done", run.error
    after = {row["Id"]: row["Name"] for row in world.there("Item")}
    swapped = {"Tune-up": "Repair", "Repair": "Tune-up"}
    assert after == {pk: swapped.get(name, name) for pk, name in before.items()}
    assert world.issues() == {}


def test_sub_customers_exchange_their_places(world: World) -> None:
    sent(world, "North", "South")
    parents = {name: Customer.objects.get(display_name=name).pk for name in ("North", "South")}
    units = [
        customers.create(company=world.company, values={"display_name": "Unit 1", "parent": parents[name]})
        for name in ("North", "South")
    ]
    world.sync()
    places = [("Between", "North"), ("Unit 1", "North"), ("Unit 1", "South")]
    for unit, (name, parent) in zip([units[0], units[1], units[0]], places, strict=True):
        values = {"display_name": name, "parent": parents[parent]}
        customers.update(company=world.company, id=unit.pk, values=values)
    run = world.sync()
    assert run.state == "done", run.error
    full_names = sorted(row["FullyQualifiedName"] for row in world.there("Customer"))
    assert full_names == ["North", "North:Unit 1", "South", "South:Unit 1"]
    assert_settled(world)


def test_a_new_customer_takes_a_name_that_is_given_up_in_the_same_run(world: World) -> None:
    sent(world, "Aspen")
    rename(world, {"Aspen": "Aspen Senior"})
    customers.create(company=world.company, values={"display_name": "Aspen"})
    assert world.sync().state == "done"
    assert world.names_there() == ["Aspen", "Aspen Senior"]
    assert_settled(world)


def test_a_name_that_comes_free_by_a_deactivation_is_taken_in_the_same_run(world: World) -> None:
    sent(world, "Aspen")
    customers.deactivate(company=world.company, id=Customer.objects.get().pk)
    customers.create(company=world.company, values={"display_name": "Aspen"})
    run = world.sync()
    assert run.state == "done", run.error
    assert world.names_there() == ["Aspen", "Aspen (deleted)"]
    assert_settled(world)


def test_who_waits_for_a_name_that_never_comes_free_is_behind_one_issue(world: World) -> None:
    sent(world, "Aspen", "Birch")
    world.post("vendor", {"DisplayName": "Cedar"})
    rename(world, {"Aspen": "Birch", "Birch": "Cedar"})
    assert world.sync().state == "done"
    assert world.issues() == {"Cedar": "name_taken"}
    assert world.names_there() == ["Aspen", "Birch"]
    rename(world, {"Cedar": "Willow"})
    assert world.sync().state == "done"
    assert world.names_there() == ["Birch", "Willow"]
    assert_settled(world)


@pytest.mark.parametrize("boundary", [1, 2, 3, 4, 5, 6, 7, 8])
def test_a_run_that_dies_anywhere_in_an_exchange_ends_with_the_right_names(
    world: World, monkeypatch: pytest.MonkeyPatch, boundary: int
) -> None:
    environment = replace(tokens.environment(), late_commit_seconds=0.1)
    monkeypatch.setattr(tokens, "environment", lambda: environment)
    sent(world, *RING)
    rename(world, {"Aspen": "Birch", "Birch": "Cedar", "Cedar": "Aspen"})
    world.checkpoint = _dies_at(boundary)
    with pytest.raises(Killed):
        world.sync()
    world.checkpoint = lambda _: None
    for _ in range(6):
        world.expire_lease()
        run = world.connection.runs.order_by("-pk")[0]
        if not run.live:
            break
        time.sleep(environment.late_commit_seconds)
        world.work(run)
    assert_settled(world)


def _dies_at(boundary: int) -> Callable[[str], None]:
    left = boundary

    def checkpoint(name: str) -> None:
        nonlocal left
        left -= name in {"sending committed", "answer received"}
        if left == 0:
            raise Killed(name)

    return checkpoint


def test_a_preview_shows_the_exchange_without_the_step_between_and_the_run_does_it_all(world: World) -> None:
    sent(world, *RING)
    rename(world, {"Aspen": "Birch", "Birch": "Cedar", "Cedar": "Aspen"})
    shown = world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, preview=True))
    steps = PlannedStep.objects.filter(run=shown)
    told = {(step.before["display_name"], step.after["display_name"]) for step in steps}
    assert told == {("Aspen", "Birch"), ("Birch", "Cedar"), ("Cedar", "Aspen")}
    assert set(steps.values_list("action", flat=True)) == {"updated"}

    run = world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert run.state == "done", run.error
    assert not PlannedStep.objects.filter(run=run).exists(), "nothing is left for the next Sync"
    assert_settled(world)


@pytest.mark.parametrize("two_way", [False, True])
def test_the_number_behind_the_name_of_one_that_is_put_away_is_none_of_its_name(
    world: World,
    two_way: bool,  # noqa: FBT001
) -> None:
    """QuickBooks writes (deleted) behind a name, and counts those that would be called the same then."""
    Connection.objects.update(two_way_edits=two_way)
    sent(world, "Aspen")
    other = world.post("customer", {"DisplayName": "Birch"})
    world.post("customer", {"Id": other["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    made = Customer.objects.get()
    customers.deactivate(company=world.company, id=made.pk)
    world.sync()

    customers.update(company=world.company, id=made.pk, values={"display_name": "Birch"})
    world.sync()

    assert sorted(each["DisplayName"] for each in world.there("Customer")) == [
        "Birch (deleted)",
        "Birch (deleted) (1)",
    ]
    assert world.issues() == {}
    made.refresh_from_db()
    assert made.display_name == "Birch"
    assert world.sync().calls["write_batches"] == 0
