"""Shown before it is done: a preview says what a run would do, and a run from it does just that."""

from datetime import date
from decimal import Decimal

import pytest

from quickbooks_sync.models import Link, PlannedStep, SyncRun
from quickbooks_sync.runs.queue import answer, ask, stop
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from tests.world import World

TODAY = date(2026, 3, 2)


def preview(world: World, scope: str = "sync") -> SyncRun:
    return world.work(ask(connection=world.connection, scope=SyncRun.Scope(scope), preview=True))


def sync_as_shown(world: World, shown: SyncRun) -> SyncRun:
    scope = SyncRun.Scope(shown.scope)
    return world.work(ask(connection=world.connection, scope=scope, from_preview=shown))


def steps(run: SyncRun) -> list[tuple[str, str, str, str]]:
    rows = PlannedStep.objects.filter(run=run).order_by("pk")
    return [(step.kind, step.side, step.action, step.label) for step in rows]


@pytest.fixture
def books(world: World) -> World:
    """One pair to adopt with a value to send, one customer to send and one to take, a name that is taken."""
    customers.create(
        company=world.company, values={"display_name": "Amelia Hartwell", "phone": "(555) 201-0143"}
    )
    customers.create(company=world.company, values={"display_name": "Jasmine Patel"})
    customers.create(company=world.company, values={"display_name": "Northside Supply"})
    world.post(
        "customer",
        {"DisplayName": "AMELIA HARTWELL", "PrimaryEmailAddr": {"Address": "amelia@example.com"}},
    )
    world.post("customer", {"DisplayName": "Desert Rose Dental"})
    world.post("vendor", {"DisplayName": "Northside Supply"})
    return world


def everything(world: World) -> tuple[object, ...]:
    links = Link.objects.filter(connection=world.connection, local_id__isnull=False, remote__isnull=False)
    here = list(Customer.objects.filter(company=world.company).order_by("pk").values())
    return here, list(links.values()), world.emulator.dump(world.realm)


def test_a_preview_changes_nothing_on_either_side_and_sends_nothing(books: World) -> None:
    before = everything(books)
    books.emulator.reset_counters()

    shown = preview(books, "full")

    assert shown.state == "done", shown.error
    assert everything(books) == before
    assert shown.calls["write_batches"] == 0
    books.connection.refresh_from_db()
    assert books.connection.full_synced_at is None


def test_a_preview_says_field_by_field_what_the_run_then_does(books: World) -> None:
    shown = preview(books, "full")

    assert steps(shown)[:5] == [
        ("customer", "here", "linked", "Amelia Hartwell"),
        ("customer", "there", "updated", "Amelia Hartwell"),
        ("customer", "there", "created", "Jasmine Patel"),
        ("customer", "there", "attention", "Northside Supply"),
        ("customer", "here", "created", "Desert Rose Dental"),
    ]
    pairing, sending = PlannedStep.objects.filter(run=shown, label="Amelia Hartwell").order_by("pk")
    assert (pairing.before, pairing.after) == ({"email": ""}, {"email": "amelia@example.com"})
    assert (sending.before, sending.after) == ({"phone": ""}, {"phone": "(555) 201-0143"})

    run = sync_as_shown(books, shown)

    assert run.state == "done", run.error
    made = [(each.kind, each.side, each.action, each.label.casefold()) for each in run.changes.order_by("pk")]
    planned = [
        (kind, side, action, label.casefold())
        for kind, side, action, label in steps(shown)
        if action != "attention"
    ]
    assert sorted(made) == sorted(planned)
    assert {key: number for key, number in run.counts.items() if "." in key} == {
        key: number for key, number in shown.counts.items() if "." in key and "attention" not in key
    }


def test_a_run_from_a_preview_leaves_what_changed_since_and_lists_it(books: World) -> None:
    shown = preview(books, "full")
    jasmine = Customer.objects.get(company=books.company, display_name="Jasmine Patel")
    customers.update(company=books.company, id=jasmine.pk, values={"notes": "Gate code 12"})
    customers.create(company=books.company, values={"display_name": "Entered Since"})

    run = sync_as_shown(books, shown)

    assert run.state == "done", run.error
    assert "Jasmine Patel" not in books.names_there()
    assert "Entered Since" not in books.names_there()
    assert {step[3] for step in steps(run)} == {"Jasmine Patel", "Entered Since"}
    later = books.sync()
    assert later.state == "done", later.error
    assert {"Jasmine Patel", "Entered Since"} <= set(books.names_there())


def test_what_waits_for_a_record_of_the_same_run_is_shown_as_going_with_it(world: World) -> None:
    world.full()
    top = customers.create(company=world.company, values={"display_name": "Evergreen Apartments"})
    unit = customers.create(company=world.company, values={"display_name": "Unit 4B", "parent": top.pk})
    code = work_codes.create(company=world.company, values={"name": "Service Call"})
    line = {"work_code": code.pk, "quantity": Decimal(1), "unit_price": Decimal(100), "taxable": False}
    values = {"number": "1001", "customer": unit.pk, "date": TODAY, "due_date": TODAY, "lines": [line]}
    sent = invoices.create(company=world.company, values=values)
    payments.create(
        company=world.company,
        values={
            "customer": unit.pk,
            "date": TODAY,
            "amount": Decimal(40),
            "allocations": [{"invoice": sent.pk, "amount": Decimal(40)}],
        },
    )

    shown = preview(world)

    assert [(kind, action) for kind, _, action, _ in steps(shown)] == [
        ("customer", "created"),
        ("customer", "created"),
        ("work_code", "created"),
        ("invoice", "created"),
        ("payment", "created"),
    ]
    totals = PlannedStep.objects.filter(run=shown, total__isnull=False).values_list("kind", "total")
    assert dict(totals) == {"invoice": Decimal(100), "payment": Decimal(40)}
    run = sync_as_shown(world, shown)
    assert run.state == "done", run.error
    assert steps(run) == []
    assert [row["Balance"] for row in world.there("Invoice")] == [60]


def test_sub_customers_of_a_customer_that_is_paired_in_the_same_run_are_paired_and_not_made_twice(
    world: World,
) -> None:
    top = customers.create(company=world.company, values={"display_name": "Evergreen Apartments"})
    customers.create(company=world.company, values={"display_name": "UNIT 4 B", "parent": top.pk})
    above = world.post("customer", {"DisplayName": "EVERGREEN APARTMENTS"})
    below = {"Job": True, "ParentRef": {"value": above["Id"]}}
    world.post("customer", {"DisplayName": "Unit 4B", **below})
    world.post("customer", {"DisplayName": "Unit 7A", **below})

    shown = preview(world, "full")

    assert [step for step in steps(shown) if step[0] == "customer"] == [
        ("customer", "here", "linked", "Evergreen Apartments"),
        ("customer", "here", "linked", "UNIT 4 B"),
        ("customer", "here", "created", "Unit 7A"),
    ]
    run = sync_as_shown(world, shown)
    assert run.state == "done", run.error
    assert steps(run) == []
    names = Customer.objects.filter(company=world.company).values_list("display_name", flat=True)
    assert sorted(names) == ["Evergreen Apartments", "UNIT 4 B", "Unit 7A"]
    assert len(world.there("Customer")) == 3
    assert world.full().counts.get("customer.here.created") is None


def test_without_a_preview_they_are_not_made_twice_either(world: World) -> None:
    top = customers.create(company=world.company, values={"display_name": "Evergreen Apartments"})
    customers.create(company=world.company, values={"display_name": "UNIT 4 B", "parent": top.pk})
    above = world.post("customer", {"DisplayName": "EVERGREEN APARTMENTS"})
    world.post("customer", {"DisplayName": "Unit 4B", "Job": True, "ParentRef": {"value": above["Id"]}})

    run = world.full()

    assert run.state == "done", run.error
    assert run.counts["customer.here.linked"] == 2
    assert Customer.objects.filter(company=world.company).count() == len(world.there("Customer")) == 2


def test_a_run_that_is_asked_to_stop_keeps_what_it_did_and_the_next_goes_on(world: World) -> None:
    rows = [{"display_name": f"Customer {number:02}"} for number in range(70)]
    customers.create_many(company=world.company, rows=rows)

    def press_stop(name: str) -> None:
        if name == "answer received":
            stop(SyncRun.objects.get(state=SyncRun.State.RUNNING))

    world.checkpoint = press_stop
    run = world.full()
    world.checkpoint = lambda _name: None

    assert run.state == SyncRun.State.CANCELLED
    next_run = world.full()
    assert next_run.state == "done", next_run.error
    assert world.names_there() == [f"Customer {number:02}" for number in range(70)]


def test_a_yes_to_a_question_of_a_run_from_a_preview_adds_nothing_to_it(world: World) -> None:
    rows = [{"display_name": f"Customer {number:02}"} for number in range(60)]
    customers.create_many(company=world.company, rows=rows)
    world.post("customer", {"DisplayName": "Somebody Else Entirely"})
    shown = preview(world, "full")
    customers.create(company=world.company, values={"display_name": "Entered Since"})
    asking = sync_as_shown(world, shown)
    assert asking.state == SyncRun.State.ASKING

    assert answer(asking, go_on=True)

    assert world.work(asking).state == "done"
    assert "Customer 59" in world.names_there()
    assert "Entered Since" not in world.names_there()


def test_what_is_new_there_waits_in_a_preview_while_it_may_be_the_same_as_one_here(world: World) -> None:
    customers.create(company=world.company, values={"display_name": "Carver and Sons"})
    world.post("customer", {"DisplayName": "Carver & Sons"})

    shown = preview(world, "full")

    told = [(side, action) for kind, side, action, _ in steps(shown) if kind == "customer"]
    assert told == [("there", "attention"), ("there", "waits")]


def test_what_is_new_there_goes_in_a_preview_once_its_namesake_here_has_gone(world: World) -> None:
    """Cabin here waited for the customer above it; both go, and the other Cabin there is another one."""
    world.post("vendor", {"DisplayName": "Carver"})
    above = customers.create(company=world.company, values={"display_name": "Carver"})
    customers.create(company=world.company, values={"display_name": "Cabin", "parent": above.pk})
    world.full()
    assert world.issues() == {"Carver": "name_taken"}
    customers.update(company=world.company, id=above.pk, values={"display_name": "Carver & Sons"})
    world.post("customer", {"DisplayName": "Cabin"})

    shown = preview(world)

    told = [(side, action, label) for kind, side, action, label in steps(shown) if kind == "customer"]
    assert told == [
        ("there", "created", "Carver & Sons"),
        ("there", "created", "Cabin"),
        ("here", "created", "Cabin"),
    ]
    run = sync_as_shown(world, shown)
    assert not PlannedStep.objects.filter(run=run).exists()
    assert {(each.side, each.action, each.label) for each in run.changes.all()} == set(told)
    assert world.sync().changes.count() == 0


def both_edited(world: World) -> None:
    """The phone here, the notes there, of one customer."""
    made = customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    world.full()
    customers.update(company=world.company, id=made.pk, values={"phone": "(555) 201-0143"})
    [there] = world.there("Customer")
    change = {"Id": there["Id"], "SyncToken": there["SyncToken"], "sparse": True}
    world.post("customer", {**change, "Notes": "Gate code 12"})


def test_what_is_taken_after_ours_was_sent_is_shown_too(world: World) -> None:
    both_edited(world)
    world.connection.two_way_edits = True
    world.connection.save(update_fields=["two_way_edits"])
    shown = preview(world)
    told = [(step.side, step.action, step.after) for step in shown.plannedsteps.order_by("pk")]
    assert told == [
        ("there", "updated", {"phone": "(555) 201-0143"}),
        ("here", "updated", {"notes": "Gate code 12"}),
    ]
    done = sync_as_shown(world, shown)
    changes = [(change.side, change.action, change.after) for change in done.changes.order_by("pk")]
    assert changes == told
    assert not PlannedStep.objects.filter(run=done).exists()
    assert Customer.objects.get().notes == "Gate code 12"


def test_what_is_asked_after_ours_was_sent_is_shown_too(world: World) -> None:
    both_edited(world)
    shown = preview(world)
    assert [(step.action, step.note) for step in shown.plannedsteps.order_by("pk")] == [
        ("updated", ""),
        ("attention", "The notes were changed in QuickBooks. Nothing was copied."),
    ]
    world.sync()
    assert world.issues() == {"Amelia Hartwell": "changed_there"}


def test_what_was_changed_there_of_a_customer_removed_here_is_shown_too(world: World) -> None:
    both_edited(world)
    customers.deactivate(company=world.company, id=Customer.objects.get().pk)
    shown = preview(world)
    told = [step.action for step in shown.plannedsteps.order_by("pk")]
    assert told == ["removed", "updated", "attention"]
    done = sync_as_shown(world, shown)
    assert [change.action for change in done.changes.order_by("pk")] == ["removed", "updated"]
    assert world.issues() == {"Amelia Hartwell": "changed_there"}
    world.sync()
    assert world.issues() == {"Amelia Hartwell": "changed_there"}
