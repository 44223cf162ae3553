"""What the simulation found, each told as the shortest story that shows it."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from quickbooks_sync.models import Issue, Link
from quickbooks_sync.pages.issues import issue_views
from quickbooks_sync.resolving import resolve
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from tests.simulation import story, virtual
from tests.simulation.books import audit
from tests.simulation.virtual import Mishap, at_request
from tests.simulation.world import InProcessEmulator, VirtualWorld, all_well, virtual_world
from tests.world import Killed

MODES = ["honoured", "ignored"]


@pytest.fixture(params=MODES)
def world(
    transactional_db: None, emulator: InProcessEmulator, request: pytest.FixtureRequest
) -> Iterator[VirtualWorld]:
    """A customer and a work code, after their Full Sync."""
    with virtual_world(emulator, seed=7, mode=request.param) as made:
        customers.create(company=made.company, values={"display_name": "Amelia Hartwell"})
        work_codes.create(company=made.company, values={"name": "Service Call", "price": Decimal(89)})
        made.press("full")
        yield made


def test_what_waited_for_a_lost_answer_goes_in_the_same_run(world: VirtualWorld) -> None:
    invoice = story.invoice_here(world, "1001", Customer.objects.get())
    allocation = {"invoice": invoice.pk, "amount": invoice.total}
    payments.create(
        company=world.company,
        values={
            "customer": invoice.customer_id,
            "date": story.DAY,
            "amount": invoice.total,
            "allocations": [allocation],
        },
    )
    world.crossing = at_request(3, Mishap.REPLY_LOST)  # changes, look-alikes, then the invoice

    run = world.press("sync")

    assert run.state == "done"
    assert [row["Balance"] for row in world.there("Invoice")] == [0]
    assert audit(world).nothing


def test_a_void_that_arrived_after_its_worker_died_is_known_for_ours(world: VirtualWorld) -> None:
    story.invoice_here(world, "1001", Customer.objects.get())
    world.press("sync")
    invoices.void(company=world.company, id=Invoice.objects.get().pk)
    world.crossing = at_request(2, Mishap.DIE_AFTER)

    world.press("sync")

    assert world.deaths == 1
    assert world.issues() == {}
    assert [row["TotalAmt"] for row in world.there("Invoice")] == [0]


def test_a_new_customer_told_to_be_deleted_while_it_is_not_is_taken_all_the_same(world: VirtualWorld) -> None:
    world.post("customer", {"DisplayName": "Nora Vance"})
    world.emulator.fault("unconfirmed_delete", {"operation": "cdc"})

    world.press("sync")

    assert Customer.objects.filter(display_name="Nora Vance").count() == 1
    assert world.press("sync").calls["total"] == 1


def test_a_customer_deleted_before_it_was_seen_is_asked_about_once(world: VirtualWorld) -> None:
    one = world.post("customer", {"DisplayName": "Nora Vance"})
    other = world.post("customer", {"DisplayName": "Nora Vance 2"})
    world.emulator.control(
        "POST", f"realms/{world.realm}/merge", {"loser": other["Id"], "survivor": one["Id"]}
    )

    assert world.press("sync").calls["reads"] == 2
    assert world.press("sync").calls["total"] == 1


def test_a_creation_met_in_quickbooks_before_its_answer_is_known_is_not_taken_for_theirs(
    world: VirtualWorld,
) -> None:
    known = customers.create(company=world.company, values={"display_name": "Oakridge Dental"})

    def rename(name: str) -> None:
        """Before anybody knows that it was created there, it has another name here."""
        if name == "sending committed":
            world.checkpoint = lambda _name: None
            customers.update(company=world.company, id=known.pk, values={"display_name": "Oakridge Smiles"})

    world.checkpoint = rename
    world.crossing = at_request(2, Mishap.DIE_AFTER)
    world.press("sync")
    world.crossing = all_well
    world.press("sync")

    assert sorted(row["DisplayName"] for row in world.there("Customer")) == [
        "Amelia Hartwell",
        "Oakridge Smiles",
    ]
    assert Customer.objects.count() == 2
    assert audit(world).nothing


def test_an_edit_there_between_our_lost_write_and_its_look_up_is_shown(world: VirtualWorld) -> None:
    amelia = Customer.objects.get()
    customers.update(company=world.company, id=amelia.pk, values={"phone": "(555) 010-2030"})

    def edit(name: str) -> None:
        """Somebody edits it there as soon as our own write has arrived."""
        rows = world.there("Customer")
        if rows[0]["SyncToken"] == "1":
            world.checkpoint = lambda _name: None
            head = {"Id": rows[0]["Id"], "SyncToken": "1", "sparse": True}
            world.post("customer", head | {"Notes": "Gate code 12"})

    world.checkpoint = edit
    world.crossing = at_request(2, Mishap.REPLY_LOST)
    world.press("sync")

    assert world.issues() == {"Amelia Hartwell": "changed_there"}
    assert world.there("Customer")[0]["Notes"] == "Gate code 12"


def test_the_time_a_write_may_be_late_counts_from_when_it_really_went(
    world: VirtualWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told to wait a minute first, it may be committed a minute later, too."""
    monkeypatch.setattr(virtual, "LATE_SECONDS", (119.0, 119.0))
    values = {"customer": Customer.objects.get().pk, "date": story.DAY, "amount": Decimal(50)}
    payments.create(company=world.company, values=values)
    world.emulator.fault("throttle", {"entity": "Payment", "operation": "create"})
    world.crossing = at_request(4, Mishap.COMMITTED_LATE)  # changes, look-alikes, the payment, and again

    world.press("sync")
    world.clock.sleep(200)

    assert [row["TotalAmt"] for row in world.there("Payment")] == [50]
    assert audit(world).nothing


def test_an_invoice_voided_on_both_sides_stays_voided(world: VirtualWorld) -> None:
    story.invoice_here(world, "1001", Customer.objects.get())
    world.press("sync")
    invoices.void(company=world.company, id=Invoice.objects.get().pk)
    [row] = world.there("Invoice")
    world.post("invoice?operation=void", {"Id": row["Id"], "SyncToken": row["SyncToken"]})

    run = world.press("sync")

    assert run.calls["write_batches"] == 0
    assert world.issues() == {}
    assert [row["TotalAmt"] for row in world.there("Invoice")] == [0]


def test_what_belongs_to_a_customer_removed_there_waits_for_the_answer(world: VirtualWorld) -> None:
    """One question, not one for each invoice; and the invoice goes by itself once it is answered."""
    story.invoice_here(world, "1001", Customer.objects.get())
    [row] = world.there("Customer")
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    world.post("customer", head | {"Active": False})

    shown = world.press("sync", preview=True).plannedsteps.order_by("pk").values_list("kind", "action")
    world.press("sync")
    assert list(shown) == [("customer", "attention"), ("invoice", "waits")]
    assert world.issues() == {"Amelia Hartwell": "removed_there"}
    assert world.there("Invoice") == []

    resolve.carry_out(Issue.objects.get(), "reactivate", value="")
    world.press("sync")
    assert [row["DocNumber"] for row in world.there("Invoice")] == ["1001"]


def test_a_preview_shows_what_goes_because_a_question_has_answered_itself(world: VirtualWorld) -> None:
    """Somebody there made the customer active again."""
    story.invoice_here(world, "1001", Customer.objects.get())
    for active in (False, True):
        [row] = world.there("Customer")
        head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
        world.post("customer", head | {"Active": active})
        preview = world.press("sync", preview=True) if active else world.press("sync")

    assert world.issues() == {"Amelia Hartwell": "removed_there"}, "a preview changes no question"
    shown = preview.plannedsteps.values_list("kind", "action")
    assert list(shown) == [("invoice", "created")]
    world.press("sync", from_preview=preview)
    assert world.issues() == {}
    assert [row["DocNumber"] for row in world.there("Invoice")] == ["1001"]


def test_a_preview_shows_that_a_customer_goes_whose_sub_customer_moves_away(world: VirtualWorld) -> None:
    above = Customer.objects.get()
    customers.create(company=world.company, values={"display_name": "Nora Vance"})
    customers.create(company=world.company, values={"display_name": "Cabin", "parent": above.pk})
    world.press("sync")
    survivor = Customer.objects.get(display_name="Nora Vance")
    customers.merge_customers(company=world.company, loser=above.pk, survivor=survivor.pk)

    preview = world.press("sync", preview=True)
    assert sorted(preview.plannedsteps.values_list("label", "action")) == [
        ("Amelia Hartwell", "removed"),
        ("Cabin", "updated"),
    ]
    world.press("sync", from_preview=preview)
    active = {row["DisplayName"]: row["Active"] for row in world.there("Customer")}
    assert active == {"Amelia Hartwell (deleted)": False, "Nora Vance": True, "Cabin": True}


def test_who_is_new_below_a_customer_removed_there_waits_for_the_answer(world: VirtualWorld) -> None:
    """Both are met on one page, before the question is asked."""
    values = {"display_name": "Cabin", "parent": Customer.objects.get().pk}
    customers.create(company=world.company, values=values)
    [row] = world.there("Customer")
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    world.post("customer", head | {"Active": False})

    world.press("sync")
    assert world.issues() == {"Amelia Hartwell": "removed_there"}

    resolve.carry_out(Issue.objects.get(), "reactivate", value="")
    world.press("sync")
    assert world.issues() == {}
    assert [row["DisplayName"] for row in world.there("Customer")] == ["Amelia Hartwell", "Cabin"]


def test_a_payment_whose_answer_was_lost_is_found_although_its_customer_was_merged(
    world: VirtualWorld,
) -> None:
    """By then it belongs to the survivor there."""
    known = Customer.objects.get()
    values = {"customer": known.pk, "date": story.DAY, "amount": Decimal(50)}
    payments.create(company=world.company, values=values)
    survivor = world.post("customer", {"DisplayName": "Nora Vance"})

    def merge_and_die(_name: str) -> None:
        if not any(Mishap.COMMITTED_LATE in line for line in world.trace):
            return
        world.checkpoint = lambda _name: None
        ids = {"loser": world.there("Customer")[0]["Id"], "survivor": survivor["Id"]}
        world.clock.sleep(120)
        world.emulator.control("POST", f"realms/{world.realm}/merge", ids)
        raise Killed

    world.checkpoint = merge_and_die
    world.crossing = at_request(3, Mishap.COMMITTED_LATE)  # changes, look-alikes, the payment
    world.press("sync")

    [row] = world.there("Payment")
    assert row["CustomerRef"]["value"] == survivor["Id"]
    assert Link.objects.get(kind="payment").remote.remote_id == row["Id"]  # type: ignore[union-attr]


def test_a_preview_takes_no_question_back(world: VirtualWorld) -> None:
    """Voided before it was ever sent, it has nothing to ask any more: the Sync says so, not the preview."""
    story.item_there(world, "Mowing", "45.00")
    invoice = story.invoice_here(world, "1001", Customer.objects.get())
    line = {
        "Amount": 5,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": "1"}},
    }
    buyer = world.there("Customer")[0]["Id"]
    world.post("invoice", {"DocNumber": "1001", "CustomerRef": {"value": buyer}, "Line": [line]})
    world.press("sync")
    asked = world.issues()
    invoices.void(company=world.company, id=invoice.pk)

    world.press("sync", preview=True)
    assert world.issues() == asked == {"Invoice 1001": "number_taken"}

    world.press("sync")
    assert world.issues() == {}


def test_what_was_edited_before_both_removed_it_is_not_forgotten(world: VirtualWorld) -> None:
    known = Customer.objects.get()
    customers.update(company=world.company, id=known.pk, values={"phone": "(555) 010-2030"})
    [row] = world.there("Customer")
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    world.post("customer", head | {"Active": False, "Mobile": {"FreeFormNumber": "(555) 040-5060"}})
    world.press("sync")

    resolve.carry_out(Issue.objects.get(reason="removed_there"), "remove", value="")
    world.press("sync")
    customers.reactivate(company=world.company, id=known.pk)
    world.press("sync")

    [row] = world.there("Customer")
    assert row["Active"] is True
    assert row.get("PrimaryPhone") == {"FreeFormNumber": "(555) 010-2030"}
    assert world.issues() == {"Amelia Hartwell": "changed_there"}  # the number that only QuickBooks has


def test_a_linked_customer_renamed_to_a_taken_name_cannot_be_paired_with_a_second_one(
    world: VirtualWorld,
) -> None:
    """Its own counterpart would be left alone, and be taken for a new customer."""
    known = Customer.objects.get()
    nora = world.post("customer", {"DisplayName": "Nora Vance"})
    customers.update(company=world.company, id=known.pk, values={"display_name": "Nora Vance"})
    world.press("sync")
    issue = Issue.objects.get(reason="name_taken")

    with pytest.raises(resolve.CannotResolveError, match="is linked with “Amelia Hartwell” already"):
        resolve.carry_out(issue, "same", value=nora["Id"])

    [view] = issue_views(world.company, [issue])
    assert view.candidates == ()
