"""QuickBooks' company is put back to an earlier day: noticed, asked about, and nothing twice."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.access.session import no_checkpoint
from quickbooks_sync.models import Connection, Issue, SyncRun
from quickbooks_sync.resolving import resolve
from quickbooks_sync.runs.queue import answer, ask
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.work_codes import operations as work_codes
from tests.simulation import story
from tests.simulation.in_process import InProcessEmulator
from tests.simulation.virtual import Mishap, at_request
from tests.simulation.world import VirtualWorld, all_well, virtual_world

#: Longer than a list may lag.
LATER = 200.0


@pytest.fixture
def world(transactional_db: None, emulator: InProcessEmulator) -> Iterator[VirtualWorld]:
    """A customer, a work code and an invoice, on both sides."""
    with virtual_world(emulator, seed=7) as made:
        customers.create(company=made.company, values={"display_name": "Amelia Hartwell"})
        work_codes.create(company=made.company, values={"name": "Service Call", "price": Decimal(89)})
        made.press("full")
        story.invoice_here(made, "1001", amelia())
        made.press("sync")
        yield made


def amelia() -> Customer:
    return Customer.objects.get(display_name="Amelia Hartwell")


def note(world: VirtualWorld, text: str) -> None:
    customers.update(company=world.company, id=amelia().pk, values={"notes": text})


def notes_there(world: VirtualWorld) -> list[str]:
    return [row.get("Notes", "") for row in world.there("Customer")]


def put_back(world: VirtualWorld, snapshot: Any) -> None:
    world.clock.sleep(LATER)
    world.emulator.put_back(world.realm, snapshot)


def edit_there(world: VirtualWorld, entity: str, **values: Any) -> None:
    [row] = world.there(entity)
    world.post(entity.lower(), {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True, **values})


def begun(world: VirtualWorld, scope: str) -> SyncRun:
    """A run up to its question, or its end."""
    run = ask(connection=world.connection, scope=SyncRun.Scope(scope))
    world.one_worker()
    run.refresh_from_db()
    return run


def test_an_older_version_that_came_back_is_true_and_asked_about(world: VirtualWorld) -> None:
    note(world, "Gate 12")
    world.press("sync")
    snapshot = world.emulator.snapshot(world.realm)
    note(world, "Gate 99")
    world.press("sync")
    put_back(world, snapshot)

    run = world.press("full")

    assert run.state == SyncRun.State.DONE
    assert world.issues() == {"Amelia Hartwell": "changed_there"}
    assert notes_there(world) == ["Gate 12"]
    assert amelia().notes == "Gate 99"
    resolve.carry_out(Issue.objects.get(), "send", value="")
    world.press("sync")
    assert notes_there(world) == ["Gate 99"]


def test_an_older_row_of_a_list_that_may_lag_says_nothing(world: VirtualWorld) -> None:
    snapshot = world.emulator.snapshot(world.realm)
    note(world, "Gate 99")
    world.press("sync")
    world.emulator.put_back(world.realm, snapshot)

    run = begun(world, "full")

    assert run.state == SyncRun.State.DONE
    assert world.issues() == {}


def test_what_is_gone_without_a_deletion_is_asked_about_invoices_too(world: VirtualWorld) -> None:
    snapshot = world.emulator.snapshot(world.realm)
    story.invoice_here(world, "1002", amelia())
    customers.create(company=world.company, values={"display_name": "Ben Cole"})
    world.press("sync")
    put_back(world, snapshot)

    world.press("full")
    run = world.press("sync")

    assert run.state == SyncRun.State.DONE
    assert world.issues() == {"Ben Cole": "removed_there", "Invoice 1002": "removed_there"}
    assert [row["DocNumber"] for row in world.there("Invoice")] == ["1001"]
    assert [row["DisplayName"] for row in world.there("Customer")] == ["Amelia Hartwell"]


def test_a_write_that_meets_an_older_version_has_all_of_it_looked_at_first(world: VirtualWorld) -> None:
    snapshot = world.emulator.snapshot(world.realm)
    note(world, "Gate 12")
    story.invoice_here(world, "1002", amelia())
    world.press("sync")
    world.clock.sleep(LATER)
    world.press("sync")  # what changed before is read no more
    put_back(world, snapshot)
    note(world, "Gate 99")
    story.invoice_here(world, "1003", amelia())

    first = begun(world, "sync")

    assert first.state == SyncRun.State.QUEUED
    assert first.waiting_for == "Looking through all of QuickBooks again"
    assert [row["DocNumber"] for row in world.there("Invoice")] == ["1001"]
    assert world.work_until_quiet().state == SyncRun.State.DONE
    assert world.issues()["Invoice 1002"] == "removed_there"
    assert [row["DocNumber"] for row in world.there("Invoice")] == ["1001", "1003"]


@pytest.mark.parametrize("two_way", [False, True])
def test_an_edit_that_went_with_what_came_back_is_not_taken_for_done(
    world: VirtualWorld,
    two_way: bool,  # noqa: FBT001
) -> None:
    Connection.objects.update(two_way_edits=two_way)
    snapshot = world.emulator.snapshot(world.realm)
    note(world, "Gate 99")
    lost = at_request(2, Mishap.REPLY_LOST)
    dead = at_request(2, Mishap.DIE_BEFORE)  # it is not asked about the request whose reply is lost
    world.crossing = lambda boundary: lost(boundary) or dead(boundary)
    begun(world, "sync")
    world.crossing = all_well
    assert notes_there(world) == ["Gate 99"]
    put_back(world, snapshot)

    world.work_until_quiet()
    world.press("sync")

    assert notes_there(world) == [""]
    assert amelia().notes == "Gate 99"
    assert world.issues() == {"Amelia Hartwell": "changed_there"}


@pytest.mark.parametrize("two_way", [False, True])
def test_a_lost_answer_that_meets_an_older_version_has_all_of_it_looked_at_first(
    world: VirtualWorld,
    two_way: bool,  # noqa: FBT001
) -> None:
    Connection.objects.update(two_way_edits=two_way)
    snapshot = world.emulator.snapshot(world.realm)
    note(world, "Gate 99")
    world.press("sync")
    world.clock.sleep(LATER)
    world.press("sync")  # what changed before is read no more
    put_back(world, snapshot)
    customers.update(company=world.company, id=amelia().pk, values={"phone": "(555) 010-2030"})
    world.crossing = at_request(2, Mishap.REPLY_LOST)
    run = begun(world, "sync")
    world.crossing = all_well

    assert run.waiting_for == "Looking through all of QuickBooks again"
    world.work_until_quiet()
    world.press("sync")

    assert notes_there(world) == [""]
    assert (amelia().notes, amelia().phone) == ("Gate 99", "(555) 010-2030")
    assert world.issues() == {"Amelia Hartwell": "edited_on_both"}


def test_to_remove_here_what_was_removed_there_gives_up_nothing_that_was_typed_here(
    world: VirtualWorld,
) -> None:
    Connection.objects.update(two_way_edits=True)
    ben = customers.create(company=world.company, values={"display_name": "Ben Cole"})
    world.press("sync")
    snapshot = world.emulator.snapshot(world.realm)
    customers.update(company=world.company, id=ben.pk, values={"notes": "Gate 99"})
    world.press("sync")
    put_back(world, snapshot)
    world.press("full")
    assert world.issues() == {"Ben Cole": "changed_there"}
    [row] = [row for row in world.there("Customer") if row["DisplayName"] == "Ben Cole"]
    world.post("customer", {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True, "Active": False})
    world.press("sync")
    assert world.issues() == {"Ben Cole": "removed_there"}

    resolve.carry_out(Issue.objects.get(), "remove", value="")
    world.press("sync")

    assert Customer.objects.get(pk=ben.pk).notes == "Gate 99"
    assert world.issues() == {"Ben Cole": "changed_there"}


def test_what_was_edited_here_while_it_was_gone_there_goes_once_it_is_back(world: VirtualWorld) -> None:
    world.emulator.settings(merged_record="gone")  # whatever a story before it has drawn
    code = work_codes.create(company=world.company, values={"name": "Tune-Up", "price": Decimal(50)})
    world.press("sync")
    snapshot = world.emulator.snapshot(world.realm)
    ids = {row["Name"]: row["Id"] for row in world.there("Item")}
    merged = {"entity": "Item", "loser": ids["Tune-Up"], "survivor": ids["Service Call"]}
    world.emulator.control("POST", f"realms/{world.realm}/merge", merged)
    world.press("full")
    resolve.carry_out(Issue.objects.get(label="Tune-Up"), "remove", value="")
    work_codes.update(company=world.company, id=code.pk, values={"price": Decimal(60)})
    world.press("sync")
    put_back(world, snapshot)
    world.press("full")

    resolve.carry_out(Issue.objects.get(label="Tune-Up"), "take", value="")
    world.press("sync")

    assert [row["UnitPrice"] for row in world.there("Item") if row["Name"] == "Tune-Up"] == [60]
    assert world.issues() == {}


@pytest.mark.parametrize("go_on", [True, False])
def test_where_much_went_back_a_person_is_asked_before_anything_is_sent(
    world: VirtualWorld,
    go_on: bool,  # noqa: FBT001
) -> None:
    snapshot = world.emulator.snapshot(world.realm)
    rows = [{"display_name": f"Customer {number:02}"} for number in range(12)]
    customers.create_many(company=world.company, rows=rows)
    world.press("sync")
    put_back(world, snapshot)
    customers.create(company=world.company, values={"display_name": "Ben Cole"})

    run = begun(world, "full")

    assert run.state == SyncRun.State.ASKING
    assert run.question == {"guard": "went_back", "kind": "customer", "counts": {"older": 12, "linked": 13}}
    assert [row["DisplayName"] for row in world.there("Customer")] == ["Amelia Hartwell"]
    answer(run, go_on=go_on)
    world.work_until_quiet()
    run.refresh_from_db()
    asked = {f"Customer {number:02}": "removed_there" for number in range(12)}
    assert world.issues() == (asked if go_on else {})
    there = [row["DisplayName"] for row in world.there("Customer")]
    assert there == (["Amelia Hartwell", "Ben Cole"] if go_on else ["Amelia Hartwell"])
    if go_on:
        assert run.calls["total"] <= 10, "no read for each of them"


def test_what_was_deleted_there_and_voided_here_is_asked_about_when_it_is_back(
    world: VirtualWorld,
) -> None:
    snapshot = world.emulator.snapshot(world.realm)
    [row] = world.there("Invoice")
    world.post("invoice?operation=delete", {"Id": row["Id"], "SyncToken": row["SyncToken"]})
    world.press("sync")
    resolve.carry_out(Issue.objects.get(), "remove", value="")
    world.press("sync")
    assert Invoice.objects.get().voided
    note(world, "Gate 12")
    world.press("sync")
    put_back(world, snapshot)

    world.press("full")
    world.press("sync")

    assert world.issues() == {"Amelia Hartwell": "changed_there", "Invoice 1001": "changed_there"}
    resolve.carry_out(Issue.objects.get(label="Amelia Hartwell"), "send", value="")
    resolve.carry_out(Issue.objects.get(), "send", value="")
    world.press("sync")
    assert world.issues() == {}
    assert [row["TotalAmt"] for row in world.there("Invoice")] == [0]


def test_after_it_was_looked_through_a_quiet_day_is_one_call_again(world: VirtualWorld) -> None:
    snapshot = world.emulator.snapshot(world.realm)
    story.invoice_here(world, "1002", amelia())
    customers.create(company=world.company, values={"display_name": "Ben Cole"})
    world.press("sync")
    put_back(world, snapshot)
    world.press("full")
    world.press("sync")
    for issue in Issue.objects.all():
        resolve.carry_out(issue, "remove", value="")
    world.press("sync")
    world.clock.sleep(LATER)

    assert world.press("sync").calls["total"] == 1
    assert invoices.next_number(company=world.company) == "1003"


def test_what_is_edited_there_under_the_version_that_went_with_what_came_back_is_asked_about(
    world: VirtualWorld,
) -> None:
    snapshot = world.emulator.snapshot(world.realm)
    [one] = Invoice.objects.all()
    note(world, "Gate 12")
    invoices.update(company=world.company, id=one.pk, values={"number": "1002"})
    world.press("sync")
    world.clock.sleep(LATER)
    world.press("sync")  # what changed before is read no more
    customers.update(company=world.company, id=amelia().pk, values={"phone": "(555) 201-0143"})
    invoices.update(company=world.company, id=one.pk, values={"number": "1003"})

    def goes_back_and_is_edited(name: str) -> None:
        if name == "sending committed":
            world.checkpoint = no_checkpoint
            world.emulator.put_back(world.realm, snapshot)
            edit_there(world, "Customer", Mobile={"FreeFormNumber": "(555) 201-0199"})
            edit_there(world, "Invoice", CustomerMemo={"value": "Thank you"})

    world.checkpoint = goes_back_and_is_edited
    world.press("sync")

    assert world.issues() == {"Amelia Hartwell": "changed_there", "Invoice 1003": "changed_there"}
    assert [issue.details["fields"] for issue in Issue.objects.order_by("pk")] == [
        ["mobile", "notes"],
        ["memo"],
    ]
    assert (amelia().mobile, Invoice.objects.get().memo) == ("", "")


@pytest.mark.parametrize("what", ["remove", "recreate"])
def test_an_answer_about_what_is_back_there_by_now_is_refused(world: VirtualWorld, what: str) -> None:
    snapshot = world.emulator.snapshot(world.realm)
    [row] = world.there("Invoice")
    world.post("invoice?operation=delete", {"Id": row["Id"], "SyncToken": row["SyncToken"]})
    edit_there(world, "Customer", Active=False)
    world.press("sync")
    assert world.issues() == {"Amelia Hartwell": "removed_there", "Invoice 1001": "removed_there"}
    put_back(world, snapshot)
    world.press("full", preview=True)  # looks at all of it, and decides nothing

    for issue in Issue.objects.all():
        with pytest.raises(resolve.CannotResolveError, match="is in QuickBooks again"):
            resolve.carry_out(issue, what, value="")

    world.press("sync")
    assert (world.issues(), Invoice.objects.get().voided, amelia().active) == ({}, False, True)
    assert [row["TotalAmt"] for row in world.there("Invoice")] == [row["TotalAmt"]]
