"""Stories in which a single guard stands between a mishap and harm; docs/test-of-the-tests.md says which."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F

from quickbooks_sync.kinds.customer import CustomerKind
from quickbooks_sync.models import Connection, Link, Sending, SyncRun
from quickbooks_sync.runs.queue import ask, claim
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from tests.simulation import story
from tests.simulation.backup import Backup, can_back_up
from tests.simulation.books import audit
from tests.simulation.virtual import Mishap
from tests.simulation.world import InProcessEmulator, VirtualWorld, all_well, virtual_world

MODES = ["honoured", "ignored"]
#: Of a Sync with one new payment: changes, look-alikes, then the payment itself.
PAYMENT_SENT = 3
#: Of a Sync with one customer that is new or edited: changes, then the customer.
EDIT_SENT = 2


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


def at_request(number: int, mishap: Mishap, sort: str = "request") -> Callable[[str], Mishap | None]:
    """One mishap at the so many-th request, or other boundary, from now; counted from 1."""
    met = 0

    def crossing(boundary: str) -> Mishap | None:
        nonlocal met
        met += boundary == sort
        return mishap if boundary == sort and met == number else None

    return crossing


def once_at(world: VirtualWorld, checkpoint: str, act: Callable[[], object]) -> None:
    """Somebody does this the next time the run passes the checkpoint."""

    def passed(name: str) -> None:
        if name == checkpoint:
            world.checkpoint = lambda _name: None
            act()

    world.checkpoint = passed


def at_next_write(world: VirtualWorld, mishap: Mishap) -> Callable[[str], Mishap | None]:
    """One mishap at the next batch of writes, whatever was read before it."""

    def crossing(boundary: str) -> Mishap | None:
        if boundary != "request" or not world.trace[-1].endswith("sending committed"):
            return None
        world.crossing = all_well
        return mishap

    return crossing


def pay(
    world: VirtualWorld, amount: Decimal = Decimal(50), allocations: list[dict[str, object]] | None = None
) -> Payment:
    values = {"customer": Customer.objects.get().pk, "date": story.DAY, "amount": amount}
    return payments.create(company=world.company, values=values | {"allocations": allocations or []})


def edit(world: VirtualWorld, **values: str) -> None:
    customers.update(company=world.company, id=Customer.objects.get().pk, values=values)


def edit_there(world: VirtualWorld, **values: str) -> None:
    [row] = world.there("Customer")
    world.post("customer", {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True} | values)


def pay_there(world: VirtualWorld) -> None:
    """The same payment, entered in QuickBooks by hand."""
    [buyer] = world.there("Customer")
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 50, "TxnDate": str(story.DAY)}
    world.post("payment", body)


def paid_there(world: VirtualWorld) -> list[object]:
    return [row["TotalAmt"] for row in world.there("Payment")]


@pytest.mark.parametrize("mishap", [Mishap.REPLY_LOST, Mishap.ERROR_AFTER, Mishap.DIE_AFTER])
def test_a_payment_whose_answer_is_lost_stands_once_and_asks_nobody(
    world: VirtualWorld, mishap: Mishap
) -> None:
    pay(world)
    world.crossing = at_request(PAYMENT_SENT, mishap)

    world.press("sync")

    assert paid_there(world) == [50]
    assert world.issues() == {}
    assert audit(world).nothing


def test_a_payment_that_the_lists_do_not_show_yet_goes_again_as_the_very_same_request(
    world: VirtualWorld,
) -> None:
    """Where QuickBooks honours request ids, they save what a look-up cannot see."""
    world.emulator.settings(batch_request_ids="honoured")
    pay(world)
    world.crossing = at_request(PAYMENT_SENT, Mishap.REPLY_LOST)
    world.emulator.fault("stale_list", {"entity": "Payment"}, times=20, seconds=3600)

    world.press("sync")

    assert paid_there(world) == [50]
    assert world.issues() == {}
    assert audit(world).nothing


def test_a_payment_of_the_same_customer_day_and_amount_by_hand_is_not_taken_for_ours(
    world: VirtualWorld,
) -> None:
    pay(world)
    once_at(world, "sending committed", lambda: pay_there(world))
    world.crossing = at_request(PAYMENT_SENT, Mishap.RESET)

    world.press("sync")

    assert paid_there(world) == [50, 50]
    assert audit(world).nothing


def test_a_customer_that_was_there_before_ours_was_sent_is_not_taken_for_it(world: VirtualWorld) -> None:
    """A list that lags hid it; ours was refused for its name, and the refusal was lost."""
    world.post("customer", {"DisplayName": "Nora Vance"})
    world.clock.sleep(60)
    customers.create(company=world.company, values={"display_name": "Nora Vance"})
    world.emulator.fault("stale_list", {"entity": "Customer"}, seconds=3600)
    world.crossing = at_next_write(world, Mishap.REPLY_LOST)

    world.press("full")

    link = Link.objects.get(kind="customer", match_key="noravance")
    assert link.paired, "they are the same, and paired"
    assert not link.created_by_us


def test_a_customer_of_the_same_name_entered_there_meanwhile_is_not_taken_for_ours(
    world: VirtualWorld,
) -> None:
    values = {"display_name": "Nora Vance", "phone": "(555) 010-2030"}
    customers.create(company=world.company, values=values)
    once_at(world, "sending committed", lambda: world.post("customer", {"DisplayName": "Nora Vance"}))
    world.crossing = at_next_write(world, Mishap.REPLY_LOST)

    world.press("sync")

    link = Link.objects.get(kind="customer", match_key="noravance")
    assert link.paired, "they are the same, and paired"
    assert not link.created_by_us
    assert world.issues() == {}


def test_an_edit_that_was_lost_goes_again_also_if_something_else_was_edited_there(
    world: VirtualWorld,
) -> None:
    """The newer token there is not ours."""
    edit(world, phone="(555) 010-2030")
    once_at(world, "sending committed", lambda: edit_there(world, Notes="Gate code 12"))
    world.crossing = at_request(EDIT_SENT, Mishap.RESET)

    world.press("sync")

    [row] = world.there("Customer")
    assert row.get("PrimaryPhone") == {"FreeFormNumber": "(555) 010-2030"}
    assert row["Notes"] == "Gate code 12"


def test_what_a_dead_worker_may_have_sent_is_not_sent_by_the_next_one_meanwhile(
    world: VirtualWorld,
) -> None:
    pay(world)
    world.emulator.fault("late_commit", {"entity": "Payment", "operation": "create"}, seconds=60)
    world.crossing = at_request(PAYMENT_SENT, Mishap.DIE_AFTER)

    world.press("sync")
    world.clock.sleep(200)

    assert world.deaths == 1
    assert paid_there(world) == [50]
    assert audit(world).nothing


def test_a_creation_that_one_look_shows_and_another_does_not_is_ours(world: VirtualWorld) -> None:
    """The list that is searched lags, the changes do not; here it has another name by now."""
    known = customers.create(company=world.company, values={"display_name": "Oakridge Dental"})
    new_name = {"display_name": "Oakridge Smiles"}
    once_at(
        world,
        "sending committed",
        lambda: customers.update(company=world.company, id=known.pk, values=new_name),
    )
    world.crossing = at_request(EDIT_SENT, Mishap.DIE_AFTER)
    world.emulator.fault("stale_list", {"entity": "Customer", "operation": "query"}, seconds=3600)
    world.supervised = lambda: world.clock.sleep(10) is None  # so that what was sent has arrived

    world.press("sync")
    world.press("sync")

    assert sorted(row["DisplayName"] for row in world.there("Customer")) == [
        "Amelia Hartwell",
        "Oakridge Smiles",
    ]
    assert Customer.objects.count() == 2
    assert audit(world).nothing


def test_two_payments_of_one_invoice_are_never_in_flight_together(world: VirtualWorld) -> None:
    invoice = story.invoice_here(world, "1001", Customer.objects.get())
    for amount in (Decimal(20), Decimal(10)):
        pay(world, amount, [{"invoice": invoice.pk, "amount": amount}])

    run = world.press("sync")

    assert run.calls["write_batches"] == 3, "the invoice, then one payment after the other"
    assert audit(world).nothing


def test_a_payment_and_its_invoice_voided_on_one_day_are_voided_there_in_one_run(world: VirtualWorld) -> None:
    invoice = story.invoice_here(world, "1001", Customer.objects.get())
    paid = pay(world, Decimal(20), [{"invoice": invoice.pk, "amount": Decimal(20)}])
    world.press("sync")
    payments.void(company=world.company, id=paid.pk)
    invoices.void(company=world.company, id=invoice.pk)

    world.press("sync")

    assert world.issues() == {}
    assert [row["TotalAmt"] for row in world.there("Invoice")] == [0]


def test_an_edit_that_meets_a_newer_object_is_merged_with_it(world: VirtualWorld) -> None:
    edit(world, phone="(555) 010-2030")
    once_at(world, "sending committed", lambda: edit_there(world, Notes="Gate code 12"))

    world.press("sync")

    [row] = world.there("Customer")
    assert row.get("PrimaryPhone") == {"FreeFormNumber": "(555) 010-2030"}
    assert row["Notes"] == "Gate code 12"
    assert world.issues() == {"Amelia Hartwell": "changed_there"}


def test_an_edit_made_while_its_record_is_under_way_goes_in_the_same_run(world: VirtualWorld) -> None:
    edit(world, phone="(555) 010-2030")
    once_at(world, "answer received", lambda: edit(world, phone="(555) 099-0000"))

    world.press("sync")

    [row] = world.there("Customer")
    assert row.get("PrimaryPhone") == {"FreeFormNumber": "(555) 099-0000"}


def test_nothing_is_asked_of_quickbooks_inside_a_transaction(world: VirtualWorld) -> None:
    with pytest.raises(AssertionError, match="inside a database transaction"), transaction.atomic():
        world.press("sync")


def test_an_edit_made_here_this_very_moment_is_not_overwritten_by_theirs(
    world: VirtualWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it was decided to take theirs, before that is written."""
    Connection.objects.update(two_way_edits=True)
    edit_there(world, Notes="Gate code 12")
    take = CustomerKind.update_here

    def edited_just_before(self: CustomerKind, **arguments: Any) -> Customer:
        monkeypatch.setattr(CustomerKind, "update_here", take)
        edit(world, notes="Gate code 4711")
        return take(self, **arguments)

    monkeypatch.setattr(CustomerKind, "update_here", edited_just_before)

    world.press("sync")

    assert Customer.objects.get().notes == "Gate code 4711"


def test_of_two_here_that_are_written_alike_neither_is_paired_by_itself(world: VirtualWorld) -> None:
    for name in ("A.B. Plumbing", "AB Plumbing"):
        customers.create(company=world.company, values={"display_name": name})
    world.post("customer", {"DisplayName": "A B Plumbing"})

    world.press("full")

    assert world.issues() == {"A.B. Plumbing": "likely_pair", "AB Plumbing": "likely_pair"}


def test_while_a_person_is_asked_whether_two_are_the_same_neither_is_copied(world: VirtualWorld) -> None:
    customers.create(company=world.company, values={"display_name": "Baxter and Sons"})
    world.post("customer", {"DisplayName": "Baxter & Sons"})

    world.press("full")

    assert world.issues() == {"Baxter and Sons": "likely_pair"}
    assert not Customer.objects.filter(display_name="Baxter & Sons").exists()
    assert "Baxter and Sons" not in {row["DisplayName"] for row in world.there("Customer")}


def test_a_worker_that_wakes_too_late_does_not_end_the_run_of_another(world: VirtualWorld) -> None:
    """It fails on waking; the run is another worker's by then, and goes on."""
    edit(world, phone="(555) 010-2030")
    claimed = {}

    def paused(name: str) -> None:
        if name == "sending committed":
            world.checkpoint = lambda _name: None
            SyncRun.objects.filter(state="running").update(fence=F("fence") + 1)
            claimed.update(SyncRun.objects.values("state", "fence").get(state="running"))
            raise RuntimeError("an error of the program")

    world.checkpoint = paused
    ask(connection=world.connection, scope=SyncRun.Scope.SYNC)
    with pytest.raises(RuntimeError):
        world.one_worker()

    assert SyncRun.objects.values("state", "fence").latest("pk") == claimed


@pytest.mark.parametrize("commit", range(1, 9))
def test_a_worker_that_dies_while_it_looks_has_passed_over_nothing(world: VirtualWorld, commit: int) -> None:
    customers.create(company=world.company, values={"display_name": "Nora Vance"})
    edit_there(world, Notes="Gate code 12")
    world.clock.sleep(400)  # longer than the overlap
    world.crossing = at_request(commit, Mishap.DIE_BEFORE, sort="commit")

    world.press("sync")

    assert world.deaths == 1
    assert world.issues() == {"Amelia Hartwell": "changed_there"}
    assert "Nora Vance" in {row["DisplayName"] for row in world.there("Customer")}


def test_what_is_no_longer_synced_is_not_sent(world: VirtualWorld) -> None:
    Link.objects.filter(kind="customer").update(state=Link.State.HOLD)
    edit(world, phone="(555) 010-2030")

    run = world.press("sync")

    assert run.calls["write_batches"] == 0
    assert "PrimaryPhone" not in world.there("Customer")[0]


def test_of_two_workers_that_see_the_same_run_one_takes_it(world: VirtualWorld) -> None:
    """The other one takes it after this one has seen it, and just before this one takes it."""
    ask(connection=world.connection, scope=SyncRun.Scope.SYNC)
    others: list[SyncRun | None] = []

    def other_first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if not others and sql.startswith("UPDATE") and '"fence"' in sql.partition("WHERE")[0]:
            others.append(None)
            others[0] = claim(owner="other", clock=world.clock)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(other_first):
        mine = claim(owner="mine", clock=world.clock)

    assert others[0] is not None
    assert mine is None


@pytest.mark.skipif(not can_back_up(), reason="of SQLite a copy is made in a millisecond")
def test_a_look_that_a_restored_backup_remembers_says_nothing_of_what_went_since(world: VirtualWorld) -> None:
    """The copy was put back by other means, and only a list was touched: nobody notices it."""
    customers.create(company=world.company, values={"display_name": "Nora Vance", "phone": "(555) 010-2030"})
    kept: list[Backup] = []

    def passed(name: str) -> None:
        if (
            name == "page committed"
            and Sending.objects.filter(state="open", looked_at__isnull=False).exists()
        ):
            kept[:] = kept or [Backup()]

    world.checkpoint = passed
    world.crossing = at_next_write(world, Mishap.RESET)
    world.press("sync")
    [made] = [row for row in world.there("Customer") if row["DisplayName"] == "Nora Vance"]
    kept[0].restore()
    change = {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True}
    world.post("customer", {**change, "DisplayName": "Cole, next door"})
    world.clock.sleep(86_400)

    world.press("sync")

    assert "Nora Vance" not in {row["DisplayName"] for row in world.there("Customer")}
    assert world.issues() == {"Nora Vance": "in_doubt"}
