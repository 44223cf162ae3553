"""What is removed here on one day goes in one run, and its preview says so.

QuickBooks voids no invoice that is paid and deactivates no customer who owes something.
"""

from decimal import Decimal

import pytest

from quickbooks_sync.models import Issue, Link, SyncRun
from quickbooks_sync.resolving import resolve
from quickbooks_sync.runs.queue import ask
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.integration.sync.sales import SERVICE, customer, invoice, paid
from tests.world import World

OWNER, UNIT, OTHER = "Evergreen", "Unit 4B", "Amelia Hartwell"


@pytest.fixture
def synced(world: World) -> World:
    """An owner with a unit below, and somebody else; all sent."""
    parent = customers.create(company=world.company, values={"display_name": OWNER})
    customers.create(company=world.company, values={"display_name": UNIT, "parent": parent.pk})
    customers.create(company=world.company, values={"display_name": OTHER})
    work_codes.create(company=world.company, values={"name": SERVICE, "price": Decimal(100)})
    world.full()
    return world


def put_away(world: World, *names: str) -> None:
    for name in names:
        customers.deactivate(company=world.company, id=customer(name).pk)


def previewed(world: World) -> tuple[SyncRun, list[tuple[str, str]]]:
    """A preview, and its steps in the order in which they would be done."""
    run = world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, preview=True))
    return run, [(step.label, step.action) for step in run.plannedsteps.order_by("pk")]


def as_shown(world: World, shown: SyncRun) -> None:
    """The run from the preview does all of it, and the next one finds nothing to do."""
    run = world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert run.state == "done", run.error
    assert not run.plannedsteps.exists(), "something was not as shown"
    assert world.issues() == {}
    assert world.sync().calls["write_batches"] == 0


def balances(world: World) -> dict[str, Decimal]:
    return {row["DisplayName"]: Decimal(str(row["Balance"])) for row in world.there("Customer")}


def test_a_payment_and_what_it_paid_are_voided_in_this_order(synced: World) -> None:
    called_off = invoice(synced, OTHER)
    payment = paid(synced, called_off)
    synced.sync()
    payments.void(company=synced.company, id=payment.pk)
    invoices.void(company=synced.company, id=called_off.pk)
    shown, steps = previewed(synced)
    assert steps == [(f"Payment of $100.00 by {OTHER}", "removed"), ("Invoice 1001", "removed")]
    as_shown(synced, shown)
    assert balances(synced)[OTHER] == 0


def test_who_owes_nothing_once_the_invoice_is_voided_is_deactivated(synced: World) -> None:
    owed = invoice(synced, OTHER)
    synced.sync()
    invoices.void(company=synced.company, id=owed.pk)
    put_away(synced, OTHER)
    shown, steps = previewed(synced)
    assert steps == [("Invoice 1001", "removed"), (OTHER, "removed")]
    as_shown(synced, shown)


def test_what_a_sub_customer_owed_kept_the_one_above_it_too(synced: World) -> None:
    settled, owed = invoice(synced, UNIT), invoice(synced, UNIT)
    payment = paid(synced, settled)
    synced.sync()
    payments.void(company=synced.company, id=payment.pk)
    for each in (settled, owed):
        invoices.void(company=synced.company, id=each.pk)
    put_away(synced, UNIT, OWNER)
    shown, steps = previewed(synced)
    assert steps[:3] == [
        (f"Payment of $100.00 by {UNIT}", "removed"),
        ("Invoice 1001", "removed"),
        ("Invoice 1002", "removed"),
    ]
    assert set(steps[3:]) == {(UNIT, "removed"), (OWNER, "removed")}
    as_shown(synced, shown)


def test_what_a_payment_no_longer_pays_can_be_voided(synced: World) -> None:
    first, second = invoice(synced, OTHER), invoice(synced, OTHER)
    payment = paid(synced, first)
    synced.sync()
    moved = [{"invoice": second.pk, "amount": second.total}]
    payments.update(company=synced.company, id=payment.pk, values={"allocations": moved})
    invoices.void(company=synced.company, id=first.pk)
    shown, steps = previewed(synced)
    assert steps == [(f"Payment of $100.00 by {OTHER}", "updated"), ("Invoice 1001", "removed")]
    as_shown(synced, shown)


def test_who_still_owes_something_is_asked_about_in_the_preview_and_by_the_run(synced: World) -> None:
    owed, kept = invoice(synced, OTHER), invoice(synced, OTHER)
    synced.sync()
    invoices.void(company=synced.company, id=owed.pk)
    put_away(synced, OTHER)
    shown, steps = previewed(synced)
    assert steps == [("Invoice 1001", "removed"), (OTHER, "attention")]
    synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert synced.issues() == {OTHER: "cannot_remove"}
    assert balances(synced)[OTHER] == kept.total
    assert synced.sync().calls["total"] == 1, "the question stands, and costs no call more"


def test_who_was_merged_here_goes_once_the_invoices_have_moved(synced: World) -> None:
    invoice(synced, UNIT)
    invoice(synced, OTHER)
    synced.sync()
    customers.merge_customers(company=synced.company, loser=customer(OTHER).pk, survivor=customer(UNIT).pk)
    shown, steps = previewed(synced)
    assert steps == [("Invoice 1002", "updated"), (OTHER, "removed")]
    as_shown(synced, shown)


def test_of_who_was_merged_here_the_preview_counts_what_cannot_move(synced: World) -> None:
    invoice(synced, OTHER)
    paid(synced, invoice(synced, OTHER))
    invoice(synced, UNIT)
    synced.sync()
    customers.merge_customers(company=synced.company, loser=customer(OTHER).pk, survivor=customer(UNIT).pk)
    shown, _ = previewed(synced)
    [asked] = shown.plannedsteps.filter(kind="customer")
    assert asked.action == "attention"
    assert "2 invoices and payments that are tied together" in asked.note


def test_who_owes_something_by_an_invoice_of_this_very_run_is_asked_about(synced: World) -> None:
    invoice(synced, OTHER)
    put_away(synced, OTHER)
    shown, steps = previewed(synced)
    assert steps == [("Invoice 1001", "created"), (OTHER, "attention")]
    run = synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert not run.plannedsteps.exists(), "something was not as shown"
    assert synced.issues() == {OTHER: "cannot_remove"}
    assert len(synced.there("Invoice")) == 1
    assert synced.sync().calls["total"] == 1, "the question stands, and costs no call more"


def test_who_owes_something_by_then_is_not_tried_by_a_run_without_a_preview_either(synced: World) -> None:
    invoice(synced, OTHER)
    put_away(synced, OTHER)
    run = synced.sync()
    assert run.counts["invoice.there.created"] == 1
    assert run.calls["write_batches"] == 1, "that of the invoice"
    assert synced.issues() == {OTHER: "cannot_remove"}


def test_a_balance_that_nobody_had_seen_is_told_in_the_same_words(synced: World) -> None:
    """An invoice entered there between looking and sending: QuickBooks refuses with 6220."""
    put_away(synced, OTHER)
    [owing] = [row["Id"] for row in synced.there("Customer") if row["DisplayName"] == OTHER]
    [item] = [row["Id"] for row in synced.there("Item") if row["Name"] == SERVICE]

    def enter(point: str) -> None:
        if point == "sending committed" and not synced.there("Invoice"):
            line = {
                "Amount": 40,
                "DetailType": "SalesItemLineDetail",
                "SalesItemLineDetail": {"ItemRef": {"value": item}},
            }
            synced.post("invoice", {"CustomerRef": {"value": owing}, "Line": [line]})

    synced.checkpoint = enter
    synced.sync()
    assert synced.issues() == {OTHER: "cannot_remove"}


def test_the_one_above_waits_for_a_sub_customer_that_cannot_go(synced: World) -> None:
    invoice(synced, UNIT)
    put_away(synced, UNIT, OWNER)
    shown, steps = previewed(synced)
    assert steps == [("Invoice 1001", "created"), (UNIT, "attention"), (OWNER, "waits")]
    synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert synced.issues() == {UNIT: "cannot_remove"}
    assert Link.objects.get(local_id=customer(OWNER).pk, kind="customer").waits_for.startswith("its sub-cust")


def test_who_owes_nothing_once_a_new_payment_is_there_is_deactivated(synced: World) -> None:
    owed = invoice(synced, OTHER)
    synced.sync()
    paid(synced, owed)
    put_away(synced, OTHER)
    shown, steps = previewed(synced)
    assert steps == [(f"Payment of $100.00 by {OTHER}", "created"), (OTHER, "removed")]
    as_shown(synced, shown)


def test_who_owes_nothing_once_the_lines_are_edited_is_deactivated(synced: World) -> None:
    owed = invoice(synced, OTHER)
    synced.sync()
    free_of_charge = [{"work_code": WorkCode.objects.get(name=SERVICE).pk, "unit_price": Decimal(0)}]
    invoices.update(company=synced.company, id=owed.pk, values={"lines": free_of_charge})
    put_away(synced, OTHER)
    shown, steps = previewed(synced)
    assert steps == [("Invoice 1001", "updated"), (OTHER, "removed")]
    as_shown(synced, shown)


def test_who_takes_the_name_of_one_that_goes_comes_after_it_with_all_that_is_new(synced: World) -> None:
    put_away(synced, OTHER)
    customers.create(company=synced.company, values={"display_name": OTHER})
    paid(synced, invoice(synced, OTHER))
    shown, steps = previewed(synced)
    assert steps == [
        (OTHER, "removed"),
        (OTHER, "created"),
        ("Invoice 1001", "created"),
        (f"Payment of $100.00 by {OTHER}", "created"),
    ]
    as_shown(synced, shown)


def test_a_name_whose_holder_cannot_go_is_waited_for(synced: World) -> None:
    invoice(synced, OTHER)
    put_away(synced, OTHER)
    customers.create(company=synced.company, values={"display_name": OTHER})
    shown, steps = previewed(synced)
    assert steps == [("Invoice 1001", "created"), (OTHER, "attention"), (OTHER, "waits")]
    synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert Link.objects.get(remote=None, waiting=True).waits_for == f"the name that {OTHER} gives up"


def test_who_cannot_go_is_made_active_again_at_one_press(synced: World) -> None:
    invoice(synced, OTHER)
    put_away(synced, OTHER)
    synced.sync()
    resolve.carry_out(Issue.objects.get(), "keep_there", value="")
    assert customer(OTHER).active
    synced.sync()
    assert synced.issues() == {}


def test_what_was_edited_before_it_was_removed_goes_too_and_is_shown(synced: World) -> None:
    customers.update(company=synced.company, id=customer(OTHER).pk, values={"notes": "Gate code 12"})
    put_away(synced, OTHER)
    shown, steps = previewed(synced)
    assert steps == [(OTHER, "removed"), (OTHER, "updated")]
    as_shown(synced, shown)
    [there] = [row for row in synced.there("Customer") if row["DisplayName"].startswith(OTHER)]
    assert (there["Active"], there["Notes"]) == (False, "Gate code 12")


def test_of_an_invoice_that_was_edited_and_voided_only_the_void_goes(synced: World) -> None:
    called_off = invoice(synced, OTHER)
    synced.sync()
    invoices.update(company=synced.company, id=called_off.pk, values={"memo": "Gate code 12"})
    invoices.void(company=synced.company, id=called_off.pk)
    shown, steps = previewed(synced)
    assert steps == [("Invoice 1001", "removed")]
    as_shown(synced, shown)
