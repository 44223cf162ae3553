"""Whatever is lost on the way: the next run finishes the job, nothing twice and nothing missing."""

from datetime import date
from decimal import Decimal

import pytest

from quickbooks_sync.access import tokens
from quickbooks_sync.models import Issue, Link, Sending, SyncRun
from quickbooks_sync.resolving import resolve
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.work_codes import operations as work_codes
from tests.world import Killed, World

MODES = ["honoured", "ignored"]
#: Far more than pass before a late commit can come no more.
LOOKS_MAX = 200
BATCH = {"path": "batch", "method": "POST", "operation": "create"}


@pytest.fixture(autouse=True)
def short_late_commit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The late-commit time of the environment, shortened: the emulator commits nothing late here."""
    shortened = tokens.environment().__class__
    original = tokens.environment()
    values = {name: getattr(original, name) for name in original.__dataclass_fields__}
    monkeypatch.setattr(tokens, "environment", lambda: shortened(**{**values, "late_commit_seconds": 0.2}))


@pytest.fixture
def thirty(world: World) -> World:
    rows = [{"display_name": f"Customer {number:02}", "notes": "x"} for number in range(30)]
    customers.create_many(company=world.company, rows=rows)
    world.run("look")
    return world


def assert_all_there_once(world: World) -> None:
    assert world.names_there() == [f"Customer {number:02}" for number in range(30)]
    assert Link.objects.filter(connection=world.connection, remote=None).count() == 0
    assert not Sending.objects.filter(connection=world.connection, state=Sending.State.OPEN).exists()


def finish(world: World) -> None:
    """Let runs go on by themselves until none is left to do, then one more."""
    go_on(world)
    last = world.full()
    assert last.state == "done", last.error
    assert last.calls["write_batches"] == 0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", ["reply_lost", "error_after", "error_before", "reset", "truncated"])
def test_a_batch_whose_answer_is_lost_is_found_again(thirty: World, mode: str, fault: str) -> None:
    thirty.emulator.settings(batch_request_ids=mode)
    thirty.emulator.fault(fault, {"entity": "Customer", "operation": "create"}, times=1)

    thirty.full()

    thirty.emulator.clear_faults()
    finish(thirty)
    assert_all_there_once(thirty)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("point", ["sending committed", "answer received", "page committed"])
def test_a_worker_that_dies_at_a_checkpoint_leaves_nothing_twice(
    thirty: World, mode: str, point: str
) -> None:
    thirty.emulator.settings(batch_request_ids=mode)
    met = 0

    def die(name: str) -> None:
        nonlocal met
        if name == point:
            met += 1
            if met == 1 or (point == "page committed" and met == 12):
                raise Killed

    thirty.checkpoint = die
    with pytest.raises(Killed):
        thirty.full()
    thirty.checkpoint = lambda _name: None

    finish(thirty)
    assert_all_there_once(thirty)


def test_an_update_whose_answer_is_lost_is_recognised(world: World) -> None:
    known = customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    world.full()
    customers.update(company=world.company, id=known.pk, values={"notes": "Gate code 12"})
    world.emulator.fault("error_after", {"entity": "Customer", "operation": "update"}, times=1)

    world.sync()

    world.emulator.clear_faults()
    finish(world)
    row = world.there("Customer")[0]
    assert row["Notes"] == "Gate code 12"
    assert row["SyncToken"] == "1"


def lose_the_answer(world: World) -> None:
    """The worker dies when the answer has come, before it is written down."""

    def die(name: str) -> None:
        if name == "answer received":
            raise Killed

    world.checkpoint = die
    with pytest.raises(Killed):
        world.sync()
    world.checkpoint = lambda _name: None


def go_on(world: World) -> SyncRun:
    """Until nothing is left to do: what is not there at the first look is looked for once more."""
    for _ in range(LOOKS_MAX):
        run = world.connection.runs.order_by("-pk").first()
        assert run is not None
        if not run.live:
            return run
        world.expire_lease()
        world.work(run)
    raise AssertionError("it never comes to an end")


def test_the_same_name_under_another_parent_is_not_taken_for_the_one_that_was_sent(world: World) -> None:
    world.full()
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    parent = world.post("customer", {"DisplayName": "Evergreen"})
    lose_the_answer(world)
    sent = next(row for row in world.there("Customer") if row["DisplayName"] == "Amelia Hartwell")
    twin = {"Id": "9001", "FullyQualifiedName": "Evergreen:Amelia Hartwell", "Job": True}
    twin |= {"ParentRef": {"value": parent["Id"]}}
    world.emulator.load(world.realm, {"Customer": [sent | twin]})

    go_on(world)

    link = Link.objects.get(connection=world.connection, kind="customer", remote__remote_id=sent["Id"])
    assert link.created_by_us
    assert world.names_there().count("Amelia Hartwell") == 2


def test_an_invoice_copied_there_before_its_answer_came_is_asked_about(
    world: World,
) -> None:
    customer = customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    code = work_codes.create(company=world.company, values={"name": "Service Call"})
    world.full()
    line = {"work_code": code.pk, "quantity": Decimal(1), "unit_price": Decimal(100), "taxable": False}
    day = date(2026, 3, 2)
    values = {"number": "1001", "customer": customer.pk, "date": day, "due_date": day, "lines": [line]}
    invoices.create(company=world.company, values=values)
    lose_the_answer(world)
    sent = world.there("Invoice")[0]
    world.emulator.load(world.realm, {"Invoice": [sent | {"Id": "9001"}]})

    go_on(world)

    assert world.issues() == {"Invoice 1001": "in_doubt"}
    assert world.sync().calls["write_batches"] == 0
    assert len(world.there("Invoice")) == 2

    issue = Issue.objects.get()
    assert [each["remote_id"] for each in issue.details["candidates"]] == [sent["Id"], "9001"]
    resolve.carry_out(issue, "same", value="9001")
    world.sync()
    assert world.issues() == {}
    assert len(world.there("Invoice")) == 2
    link = Link.objects.get(kind="invoice")
    assert link.remote is not None
    assert link.remote.remote_id == "9001"
