"""Two customers become one, in QuickBooks or here: one question, everything moves once, and ends equal."""

from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.models import Issue, Link, PlannedStep, SyncRun
from quickbooks_sync.resolving import resolve
from quickbooks_sync.runs.queue import ask
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from tests.integration.sync.sales import SERVICE, customer, invoice, paid
from tests.world import World

LOSER, SURVIVOR = "A. Hartwell", "Amelia Hartwell"


@pytest.fixture
def synced(world: World) -> World:
    """Two customers who are the same, sent; each has an invoice, and the first paid one more."""
    for name in (LOSER, SURVIVOR):
        customers.create(company=world.company, values={"display_name": name})
    work_codes.create(company=world.company, values={"name": SERVICE, "price": Decimal(100)})
    world.full()
    invoice(world, LOSER)
    invoice(world, SURVIVOR)
    paid(world, invoice(world, LOSER))
    world.sync()
    assert world.issues() == {}
    return world


def merge_there(world: World, loser: str, survivor: str) -> None:
    ids = {row["DisplayName"]: row["Id"] for row in world.there("Customer")}
    keys = {"loser": ids[loser], "survivor": ids[survivor]}
    world.emulator.control("POST", f"realms/{world.realm}/merge", keys)


def merge_here(world: World, loser: str, survivor: str) -> None:
    customers.merge_customers(company=world.company, loser=customer(loser).pk, survivor=customer(survivor).pk)


def sync(world: World) -> SyncRun:
    """Once, and once more, which finds nothing to write."""
    run = world.sync()
    assert run.state == "done", run.error
    again = world.sync()
    assert (again.state, again.calls["write_batches"]) == ("done", 0), again.error
    return run


def holders_there(world: World) -> set[str]:
    return {row["CustomerRef"]["name"] for entity in ("Invoice", "Payment") for row in world.there(entity)}


def balances_there(world: World) -> dict[str, Decimal]:
    return {row["DisplayName"]: Decimal(str(row["Balance"])) for row in world.there("Customer")}


def test_a_merge_in_quickbooks_is_one_question_that_names_the_survivor(synced: World) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    run = sync(synced)
    assert synced.issues() == {LOSER: "merged_there"}
    issue = Issue.objects.get()
    assert issue.details["name"] == SURVIVOR
    assert run.counts["attention"] == 1
    assert customer(LOSER).active, "nothing was done without a person"


def test_the_same_is_done_here_and_all_that_moved_settles_with_it(synced: World) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    sync(synced)
    told = resolve.carry_out(Issue.objects.get(), "merge", value="")
    assert told == f"“{LOSER}” is merged into “{SURVIVOR}” here too."
    run = sync(synced)
    assert run.calls["write_batches"] == 0
    assert synced.issues() == {}
    assert (customer(LOSER).active, customer(LOSER).merged_into) == (False, customer(SURVIVOR))
    assert set(Invoice.objects.values_list("customer__display_name", flat=True)) == {SURVIVOR}
    assert not Link.objects.filter(open=True).exists()
    assert synced.names_there() == [SURVIVOR]
    assert balances_there(synced) == {SURVIVOR: Decimal(200)}


def test_a_survivor_who_is_not_here_takes_the_place_there_of_the_one_who_is(synced: World) -> None:
    synced.post("customer", {"DisplayName": "Ms Hartwell", "Notes": "Side door"})
    merge_there(synced, LOSER, "Ms Hartwell")
    run = sync(synced)
    assert synced.issues() == {LOSER: "merged_there"}
    assert run.counts.get("customer.here.created", 0) == 0, "it is asked before it is taken"

    resolve.carry_out(Issue.objects.get(), "relink", value="")
    sync(synced)
    assert synced.issues() == {}
    assert customer(LOSER).notes == "Side door"
    assert Customer.objects.count() == 2
    assert not Link.objects.filter(open=True).exists()


def test_who_has_no_transactions_is_honestly_just_removed(world: World) -> None:
    for name in (LOSER, SURVIVOR):
        customers.create(company=world.company, values={"display_name": name})
    world.full()
    merge_there(world, LOSER, SURVIVOR)
    sync(world)
    assert world.issues() == {LOSER: "removed_there"}


def test_an_edit_here_of_what_moved_there_waits_and_goes_after_the_answer(synced: World) -> None:
    moved = Invoice.objects.filter(customer=customer(LOSER)).order_by("pk")[0]
    merge_there(synced, LOSER, SURVIVOR)
    invoices.update(company=synced.company, id=moved.pk, values={"memo": "Gate code 12"})
    new = invoice(synced, LOSER)
    sync(synced)
    assert synced.issues() == {LOSER: "merged_there"}

    resolve.carry_out(Issue.objects.get(), "merge", value="")
    sync(synced)
    assert synced.issues() == {}
    there = {row["DocNumber"]: row for row in synced.there("Invoice")}
    assert there[moved.number]["CustomerMemo"]["value"] == "Gate code 12"
    assert there[new.number]["CustomerRef"]["name"] == SURVIVOR


def test_a_preview_shows_the_question_and_what_waits_for_it(synced: World) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    run = synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, preview=True))
    steps = {
        (step.kind, step.action): step.note for step in PlannedStep.objects.filter(run=run).order_by("pk")
    }
    assert f"merged into “{SURVIVOR}” in QuickBooks" in steps["customer", "attention"]
    assert SURVIVOR in steps["invoice", "waits"]
    assert synced.issues() == {}


def test_what_cannot_be_merged_here_says_why_and_stays_a_question(synced: World) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    sync(synced)
    customers.deactivate(company=synced.company, id=customer(SURVIVOR).pk)
    with pytest.raises(resolve.CannotResolveError, match="is inactive"):
        resolve.carry_out(Issue.objects.get(reason="merged_there"), "merge", value="")
    assert customer(LOSER).active


def test_a_merge_there_that_nobody_wants_here_can_be_left(synced: World) -> None:
    merge_there(synced, LOSER, SURVIVOR)
    sync(synced)
    resolve.carry_out(Issue.objects.get(), "stop", value="")
    sync(synced)
    assert set(synced.issues().values()) == {"changed_there"}, "what moved is told, one by one"
    assert customer(LOSER).active


def test_a_merge_here_moves_the_open_ones_and_asks_once_for_the_rest(synced: World) -> None:
    merge_here(synced, LOSER, SURVIVOR)
    sync(synced)
    assert synced.issues() == {LOSER: "merged_here"}
    left = {"kind": "customer", "name": SURVIVOR, "left": 2}
    assert Issue.objects.get().details == left, "the paid invoice, its payment"
    assert balances_there(synced) == {LOSER: 0, SURVIVOR: 200}

    merge_there(synced, LOSER, SURVIVOR)
    sync(synced)
    assert synced.issues() == {}
    assert holders_there(synced) == {SURVIVOR}
    assert not Link.objects.filter(open=True).exists()


def test_an_edit_here_of_what_was_left_with_the_loser_there_leaves_it_there(synced: World) -> None:
    """QuickBooks unties a payment that gets another customer than its invoice; and it takes it whole only."""
    merge_here(synced, LOSER, SURVIVOR)
    sync(synced)
    resolve.carry_out(Issue.objects.get(), "stop", value="")
    sync(synced)
    edited = Payment.objects.get()
    values = {"reference": "Check 214", "amount": edited.amount + 20}
    payments.update(company=synced.company, id=edited.pk, values=values)

    sync(synced)

    assert synced.issues() == {}
    [there] = synced.there("Payment")
    assert (there["CustomerRef"]["name"], there["PaymentRefNum"]) == (LOSER, "Check 214")
    assert (there["TotalAmt"], there["UnappliedAmt"]) == (120, 20)
    assert balances_there(synced) == {LOSER: -20, SURVIVOR: 200}


def test_a_merge_here_of_one_with_open_invoices_only_ends_by_itself(world: World) -> None:
    for name in (LOSER, SURVIVOR):
        customers.create(company=world.company, values={"display_name": name})
    work_codes.create(company=world.company, values={"name": SERVICE, "price": Decimal(100)})
    world.full()
    invoice(world, LOSER)
    world.sync()
    merge_here(world, LOSER, SURVIVOR)
    sync(world)
    assert world.issues() == {}
    active = {row["DisplayName"]: row["Active"] for row in world.there("Customer")}
    assert active == {f"{LOSER} (deleted)": False, SURVIVOR: True}
    assert balances_there(world)[SURVIVOR] == 100


def test_a_survivor_who_was_never_sent_takes_over_the_customer_in_quickbooks(synced: World) -> None:
    customers.create(company=synced.company, values={"display_name": "Amelia H.", "phone": "555 0100"})
    merge_here(synced, LOSER, "Amelia H.")
    sync(synced)
    assert synced.issues() == {}
    assert synced.names_there() == ["Amelia H.", SURVIVOR]
    rows: dict[str, Any] = {row["DisplayName"]: row for row in synced.there("Customer")}
    assert rows["Amelia H."]["PrimaryPhone"]["FreeFormNumber"] == "555 0100"
    assert Link.objects.filter(kind="customer").count() == 2


def test_a_preview_of_a_merge_here_shows_what_the_survivor_takes_over_and_links_nothing(
    synced: World,
) -> None:
    customers.create(company=synced.company, values={"display_name": "Amelia H.", "phone": "555 0100"})
    merge_here(synced, LOSER, "Amelia H.")
    before = list(Link.objects.exclude(remote=None).order_by("pk").values_list("pk", "local_id", "remote"))
    shown = synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, preview=True))
    [step] = shown.plannedsteps.filter(kind="customer")
    assert (step.action, step.label, step.after["phone"]) == ("updated", "Amelia H.", "555 0100")
    links = Link.objects.exclude(remote=None).order_by("pk")
    assert list(links.values_list("pk", "local_id", "remote")) == before

    run = synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert not run.plannedsteps.exists()  # nothing has changed since
    assert synced.names_there() == ["Amelia H.", SURVIVOR]


def test_who_was_merged_on_both_sides_and_comes_back_here_is_asked_about(synced: World) -> None:
    merge_here(synced, LOSER, SURVIVOR)
    merge_there(synced, LOSER, SURVIVOR)
    sync(synced)
    assert synced.issues() == {}
    customers.reactivate(company=synced.company, id=customer(LOSER).pk)
    sync(synced)
    assert synced.issues() == {LOSER: "removed_there"}


def test_an_invoice_given_to_a_removed_customer_here_only_tells_of_no_merge(synced: World) -> None:
    """It belongs to another there, but nobody has moved it there."""
    customers.create(company=synced.company, values={"display_name": "Gone"})
    synced.sync()
    moved = Invoice.objects.filter(customer=customer(SURVIVOR)).get()
    invoices.update(company=synced.company, id=moved.pk, values={"customer": customer("Gone").pk})
    [row] = [row for row in synced.there("Customer") if row["DisplayName"] == "Gone"]
    synced.post("customer", {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True, "Active": False})
    sync(synced)
    assert synced.issues() == {"Gone": "removed_there"}
