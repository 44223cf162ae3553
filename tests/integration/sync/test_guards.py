"""One question before a run does something large; the answer is good for that very question."""

import pytest

from quickbooks_sync.access.session import no_checkpoint
from quickbooks_sync.models import Link, SyncRun
from quickbooks_sync.runs.queue import answer
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.world import Killed, World


def add_customers(world: World, number: int) -> None:
    rows = [{"display_name": f"Customer {place:02}"} for place in range(number)]
    customers.create_many(company=world.company, rows=rows)


def test_a_first_full_sync_into_books_that_match_nothing_asks_first_and_sends_after_a_yes(
    world: World,
) -> None:
    add_customers(world, 60)
    world.post("customer", {"DisplayName": "Somebody Else Entirely"})

    run = world.full()

    assert run.state == "asking"
    assert run.question == {
        "guard": "wrong_company",
        "kind": "",
        "counts": {"new": 60, "matched": 0, "there": 1},
    }
    assert world.names_there() == ["Somebody Else Entirely"]
    assert answer(run, go_on=True)
    assert world.work(run).state == "done"
    assert len(world.names_there()) == 61


@pytest.mark.parametrize("answered", [True, False], ids=["after a yes", "into empty books"])
def test_a_first_full_sync_that_was_interrupted_goes_on_without_a_question(
    world: World, *, answered: bool
) -> None:
    add_customers(world, 400)
    if answered:
        world.post("customer", {"DisplayName": "Somebody Else Entirely"})
        assert answer(world.full(), go_on=True)
    said = []

    def die(name: str) -> None:
        said.append(name)
        if said[-2:] == ["answer received", "page committed"]:
            raise Killed

    world.checkpoint = die
    with pytest.raises(Killed):
        world.full()
    open_still = Link.objects.filter(connection=world.connection, remote=None).count()
    assert open_still > 50, "so many that they would be asked about"
    world.checkpoint = no_checkpoint
    world.expire_lease()
    run = world.work(world.connection.runs.latest("pk"))
    assert run.state == "done", run.question
    assert len(world.names_there()) == 400 + answered


def test_a_no_leaves_everything_as_it_is(world: World) -> None:
    add_customers(world, 60)
    world.post("customer", {"DisplayName": "Somebody Else Entirely"})
    run = world.full()

    assert answer(run, go_on=False)

    assert run.state == SyncRun.State.CANCELLED
    assert world.names_there() == ["Somebody Else Entirely"]


def test_an_answer_does_not_hold_when_there_is_more_to_do_than_was_asked_about(world: World) -> None:
    add_customers(world, 60)
    world.post("customer", {"DisplayName": "Somebody Else Entirely"})
    run = world.full()
    assert answer(run, go_on=True)
    customers.create(company=world.company, values={"display_name": "One more"})

    assert world.work(run).state == "asking"


@pytest.mark.parametrize(("number", "state"), [(10, "done"), (11, "asking")])
def test_many_removals_are_asked_about(world: World, number: int, state: str) -> None:
    add_customers(world, 40)
    world.full()
    for customer in Customer.objects.filter(company=world.company).order_by("pk")[:number]:
        customers.deactivate(company=world.company, id=customer.pk)

    run = world.sync()

    assert run.state == state, run.error
    active = [row for row in world.there("Customer") if row["Active"]]
    assert len(active) == (40 if state == "asking" else 30)


def test_a_list_that_suddenly_reads_empty_is_asked_about_and_nothing_is_believed_deleted(
    world: World,
) -> None:
    add_customers(world, 25)
    world.full()
    # Every read of the list now answers as of a time before there was a customer.
    Link.objects.filter(connection=world.connection).update(open=False)
    world.emulator.fault("stale_list", {"entity": "Customer", "operation": "query"}, times=9, seconds=3600)

    run = world.full()

    assert run.state == "asking"
    assert run.question is not None
    assert run.question["guard"] == "empty_list"
    world.emulator.clear_faults()
