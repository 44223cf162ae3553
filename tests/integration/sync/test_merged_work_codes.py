"""Two Service Items become one in QuickBooks: one question, and invoices say the same with the survivor."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from quickbooks_sync.models import Issue, Link, PlannedStep, SyncRun
from quickbooks_sync.resolving import holds, resolve
from quickbooks_sync.runs.queue import ask
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice, InvoiceLine
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.integration.sync.sales import DAY, customer, paid
from tests.world import World

LOSER, SURVIVOR, OTHER = "Winter Tune-up", "Tune-up", "Filter Change"
WHO = "Amelia Hartwell"


def work_code(name: str) -> WorkCode:
    return WorkCode.objects.get(name=name)


def sold(world: World, *names: str) -> Invoice:
    """One invoice, of these services."""
    return invoices.create(
        company=world.company,
        values={
            "number": invoices.next_number(company=world.company),
            "customer": customer(WHO).pk,
            "date": DAY,
            "due_date": DAY,
            "lines": [{"work_code": work_code(name).pk} for name in names],
        },
    )


@pytest.fixture(params=["gone", "inactive"])
def synced(world: World, request: pytest.FixtureRequest) -> Iterator[World]:
    """Three services, sent; the loser stands on three invoices, of which one is paid."""
    world.emulator.settings(merged_record=request.param)
    customers.create(company=world.company, values={"display_name": WHO})
    for name in (LOSER, SURVIVOR, OTHER):
        work_codes.create(company=world.company, values={"name": name, "price": Decimal(100)})
    world.full()
    sold(world, LOSER)
    sold(world, OTHER, LOSER, SURVIVOR)
    paid(world, sold(world, LOSER, LOSER))
    sold(world, SURVIVOR, OTHER)
    world.sync()
    assert world.issues() == {}
    yield world
    world.emulator.settings(merged_record="gone")


def merge_there(world: World, loser: str, survivor: str) -> None:
    ids = {row["Name"]: row["Id"] for row in world.there("Item")}
    keys = {"loser": ids[loser], "survivor": ids[survivor], "entity": "Item"}
    world.emulator.control("POST", f"realms/{world.realm}/merge", keys)


def sync(world: World) -> SyncRun:
    """Once, and once more, which finds nothing to write."""
    run = world.sync()
    assert run.state == "done", run.error
    again = world.sync()
    assert (again.state, again.calls["write_batches"]) == ("done", 0), again.error
    return run


def answer(world: World, what: str) -> str:
    """Answer the one question there is."""
    [issue] = Issue.objects.filter(connection=world.connection)
    return resolve.carry_out(issue, what, value="")


def sold_here() -> list[list[str]]:
    return [
        [
            line.work_code.name
            for line in InvoiceLine.objects.filter(document=each).select_related("work_code")
        ]
        for each in Invoice.objects.order_by("pk")
    ]


def sold_there(world: World) -> list[list[str]]:
    rows = sorted(world.there("Invoice"), key=lambda row: int(row["Id"]))
    return [
        [
            line["SalesItemLineDetail"]["ItemRef"]["name"]
            for line in row["Line"]
            if "SalesItemLineDetail" in line
        ]
        for row in rows
    ]


def nothing_is_open() -> bool:
    return not Link.objects.filter(open=True).exists()


def test_a_merge_of_items_is_one_question_that_names_the_survivor(synced: World) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    run = sync(synced)
    assert synced.issues() == {LOSER: "merged_there"}, "none for an invoice"
    assert Issue.objects.get().details["name"] == SURVIVOR
    assert run.counts["attention"] == 1
    assert run.calls["write_batches"] == 0
    assert work_code(LOSER).active, "nothing was done without a person"


def test_the_same_is_done_here_and_every_line_settles_with_it(synced: World) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    sync(synced)
    assert answer(synced, "merge") == f"“{LOSER}” is merged into “{SURVIVOR}” here too."
    run = sync(synced)
    assert run.calls["write_batches"] == 0, "both sides say the same by now"
    assert synced.issues() == {}
    assert (work_code(LOSER).active, work_code(LOSER).merged_into) == (False, work_code(SURVIVOR))
    assert sold_here() == sold_there(synced)
    assert nothing_is_open()


@pytest.mark.parametrize("synced", ["gone"], indirect=True)
@pytest.mark.parametrize("what", ["recreate", "stop"])
def test_a_loser_that_is_kept_apart_leaves_the_invoices_as_they_are(synced: World, what: str) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    sync(synced)
    before_here, before_there = sold_here(), sold_there(synced)
    answer(synced, what)
    sync(synced)
    assert synced.issues() == {}, "the one answer was for all of them"
    assert (sold_here(), sold_there(synced)) == (before_here, before_there)
    assert nothing_is_open() or what == "stop"
    assert not Link.objects.filter(kind="invoice", open=True).exists()
    names = {row["Name"] for row in synced.there("Item")}
    assert (LOSER in names) == (what == "recreate")


@pytest.mark.parametrize(("what", "goes_with"), [("merge", SURVIVOR), ("recreate", LOSER)])
def test_a_new_invoice_of_the_loser_waits_and_goes_as_the_answer_says(
    synced: World, what: str, goes_with: str
) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    new = sold(synced, OTHER, LOSER)
    sync(synced)
    assert synced.issues() == {LOSER: "merged_there"}
    waits = Link.objects.get(kind="invoice", local_id=new.pk)
    assert waits.remote is None
    assert waits.waits_for == f"its work code, merged into {SURVIVOR} in QuickBooks"

    answer(synced, what)
    sync(synced)
    assert synced.issues() == {}
    assert sold_there(synced)[-1] == [OTHER, goes_with]
    assert len(sold_there(synced)) == 5, "nothing is sent twice"
    assert nothing_is_open()


@pytest.mark.parametrize("synced", ["gone"], indirect=True)
@pytest.mark.parametrize("what", ["merge", "recreate"])
def test_an_edit_here_of_what_moved_waits_and_goes_after_the_answer(synced: World, what: str) -> None:
    first = Invoice.objects.order_by("pk")[0]
    merge_there(synced, LOSER, SURVIVOR)
    line = {"work_code": work_code(LOSER).pk, "quantity": Decimal(3), "unit_price": Decimal(100)}
    invoices.update(
        company=synced.company, id=first.pk, values={"lines": [{**line, "description": "", "taxable": False}]}
    )
    sync(synced)
    assert synced.issues() == {LOSER: "merged_there"}

    answer(synced, what)
    sync(synced)
    assert synced.issues() == {}, "only one side has edited it"
    there = {row["DocNumber"]: row for row in synced.there("Invoice")}[first.number]
    assert there["TotalAmt"] == 300
    assert sold_there(synced)[0] == sold_here()[0]
    assert nothing_is_open()


def test_an_edit_there_of_what_moved_is_told_for_itself(synced: World) -> None:
    first = Invoice.objects.order_by("pk")[0]
    merge_there(synced, LOSER, SURVIVOR)
    row = {row["DocNumber"]: row for row in synced.there("Invoice")}[first.number]
    change = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    synced.post("invoice", {**change, "CustomerMemo": {"value": "Gate code 12"}})
    sync(synced)
    answer(synced, "recreate")
    sync(synced)
    [issue] = Issue.objects.all()
    assert (issue.reason, issue.details["fields"]) == ("changed_there", ["memo"])
    resolve.carry_out(issue, "take", value="")
    sync(synced)
    first.refresh_from_db()
    assert first.memo == "Gate code 12"
    assert sold_here()[0] == [LOSER], "just what was asked about was taken"
    assert synced.issues() == {}


def test_of_a_loser_that_is_not_used_any_more_nothing_is_asked(synced: World) -> None:
    work_codes.deactivate(company=synced.company, id=work_code(LOSER).pk)
    merge_there(synced, LOSER, SURVIVOR)
    run = sync(synced)
    assert synced.issues() == {}
    assert run.calls["write_batches"] == 0
    assert nothing_is_open()


def test_of_a_loser_that_is_not_synced_nothing_is_asked(synced: World) -> None:
    holds.stop(synced.connection, "work_code", work_code(LOSER).pk)
    merge_there(synced, LOSER, SURVIVOR)
    sync(synced)
    assert synced.issues() == {}
    assert not Link.objects.filter(kind="invoice", open=True).exists()


def test_a_survivor_that_is_not_here_takes_the_place_of_the_one_that_is(synced: World) -> None:
    account = next(row["IncomeAccountRef"] for row in synced.there("Item") if row["Name"] == LOSER)
    made = {"Name": "Maintenance", "Type": "Service", "IncomeAccountRef": account, "UnitPrice": 120}
    synced.post("item", made)
    merge_there(synced, LOSER, "Maintenance")
    before = WorkCode.objects.count()
    sync(synced)
    assert synced.issues() == {LOSER: "merged_there"}
    assert not WorkCode.objects.filter(name="Maintenance").exists(), "it is asked before it is taken"

    answer(synced, "relink")
    sync(synced)
    assert synced.issues() == {}
    assert WorkCode.objects.count() == before, "it was not taken beside the one that is here"
    assert nothing_is_open()


def test_a_survivor_that_is_not_here_is_taken_once_the_loser_is_kept_apart(synced: World) -> None:
    account = next(row["IncomeAccountRef"] for row in synced.there("Item") if row["Name"] == LOSER)
    synced.post("item", {"Name": "Maintenance", "Type": "Service", "IncomeAccountRef": account})
    merge_there(synced, LOSER, "Maintenance")
    sync(synced)
    answer(synced, "recreate")
    sync(synced)
    assert synced.issues() == {}
    assert work_code("Maintenance").active
    assert sold_here()[0] == [LOSER]
    assert nothing_is_open()


def test_a_preview_shows_the_question_and_what_waits_for_it(synced: World) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    shown = synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, preview=True))
    steps = PlannedStep.objects.filter(run=shown).order_by("pk")
    assert [(step.kind, step.action) for step in steps] == [
        ("work_code", "attention"),
        *[("invoice", "waits")] * 3,
    ]
    assert f"merged into “{SURVIVOR}” in QuickBooks, which stands on its lines" in steps[0].note
    assert all(SURVIVOR in step.note for step in steps)
    assert synced.issues() == {}

    run = synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert synced.issues() == {LOSER: "merged_there"}
    assert not run.plannedsteps.exists()


def test_a_preview_after_the_answer_shows_what_the_run_does(synced: World) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    sync(synced)
    answer(synced, "recreate")
    shown = synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, preview=True))
    steps = PlannedStep.objects.filter(run=shown)
    assert [(step.kind, step.action, step.label) for step in steps] == [("work_code", "created", LOSER)]
    run = synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert not run.plannedsteps.exists()
    assert synced.issues() == {}


def test_an_item_without_invoices_is_honestly_just_removed(synced: World) -> None:
    work_codes.create(company=synced.company, values={"name": "Spare", "price": Decimal(1)})
    synced.sync()
    merge_there(synced, "Spare", SURVIVOR)
    sync(synced)
    assert synced.issues() == {"Spare": "removed_there"}


def test_merged_and_merged_again_is_told_of_the_last(synced: World) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    sync(synced)
    merge_there(synced, SURVIVOR, OTHER)
    sync(synced)
    assert synced.issues() == {LOSER: "merged_there", SURVIVOR: "merged_there"}
    assert {issue.details["name"] for issue in Issue.objects.all()} == {OTHER}
    for name in (LOSER, SURVIVOR):
        resolve.carry_out(Issue.objects.get(label=name), "merge", value="")
    run = sync(synced)
    assert run.calls["write_batches"] == 0
    assert synced.issues() == {}
    assert {name for names in sold_here() for name in names} == {OTHER}
    assert nothing_is_open()


def test_a_merge_that_is_answered_while_a_name_comes_back_there_is_no_question(synced: World) -> None:
    """The very name is free there: what is entered under it is another item."""
    merge_there(synced, LOSER, SURVIVOR)
    sync(synced)
    answer(synced, "merge")
    account = next(row["IncomeAccountRef"] for row in synced.there("Item") if row["Name"] == SURVIVOR)
    synced.post("item", {"Name": LOSER, "Type": "Service", "IncomeAccountRef": account})
    sync(synced)
    assert synced.issues() == {}
    assert WorkCode.objects.filter(name=LOSER, active=True).count() == 1


def test_a_payment_of_an_invoice_that_waits_for_the_answer_goes(synced: World) -> None:
    """What is paid hangs on no work code."""
    merge_there(synced, LOSER, SURVIVOR)
    paid(synced, Invoice.objects.order_by("pk")[0])
    sync(synced)
    assert synced.issues() == {LOSER: "merged_there"}
    assert len(synced.there("Payment")) == 2
    answer(synced, "merge")
    sync(synced)
    assert synced.issues() == {}
    assert nothing_is_open()


def test_a_full_sync_that_sees_it_first_asks_the_same(synced: World) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    synced.full()
    assert synced.issues() == {LOSER: "merged_there"}
    sync(synced)
    assert synced.issues() == {LOSER: "merged_there"}
    answer(synced, "merge")
    sync(synced)
    assert synced.issues() == {}
    assert nothing_is_open()
