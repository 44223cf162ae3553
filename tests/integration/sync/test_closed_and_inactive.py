"""What QuickBooks would refuse is known before it is sent: dates in closed books, customers made inactive."""

from datetime import date
from decimal import Decimal

import pytest

from quickbooks_sync.models import Issue, Link, SyncRun
from quickbooks_sync.pages.issues import issue_views
from quickbooks_sync.resolving import holds, resolve
from quickbooks_sync.runs.queue import ask
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import World

DAY = date(2026, 3, 2)
LATER = date(2026, 4, 2)


@pytest.fixture
def synced(world: World) -> World:
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Service Call", "price": Decimal(100)})
    world.full()
    return world


def close_books(world: World, until: str | None) -> None:
    world.emulator.preferences(world.realm, AccountingInfoPrefs={"BookCloseDate": until})


def work_code() -> WorkCode:
    return WorkCode.objects.get(name="Service Call")


def invoice(world: World, number: str = "1001", day: date = DAY) -> Invoice:
    line = {"work_code": work_code().pk}
    customer = Customer.objects.get().pk
    values = {"number": number, "customer": customer, "date": day, "due_date": day, "lines": [line]}
    return invoices.create(company=world.company, values=values)


def shown(world: World) -> dict[str, str]:
    """What a preview says of each record."""
    run = world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, preview=True))
    return {step.label: step.action for step in run.plannedsteps.all()}


def buttons(world: World) -> list[str]:
    [view] = issue_views(world.company, Issue.objects.all())
    return [answer.what for answer in view.answers]


def writes(run: SyncRun) -> int:
    return int(run.calls["write_batches"])


def test_a_date_in_closed_books_is_shown_before_and_not_sent(synced: World) -> None:
    close_books(synced, "2026-03-31")
    invoice(synced)
    assert shown(synced) == {"Invoice 1001": "attention"}
    run = synced.sync()
    assert writes(run) == 0
    assert synced.issues() == {"Invoice 1001": "books_closed"}
    assert Issue.objects.get().details["until"] == "2026-03-31"


def test_what_waits_for_closed_books_goes_by_itself_once_they_are_open(synced: World) -> None:
    close_books(synced, "2026-03-31")
    invoice(synced)
    synced.sync()
    close_books(synced, "2026-02-28")
    assert shown(synced) == {"Invoice 1001": "created"}
    synced.sync()
    assert synced.issues() == {}
    assert [row["DocNumber"] for row in synced.there("Invoice")] == ["1001"]


def test_the_last_closed_day_is_closed_and_the_next_is_open(synced: World) -> None:
    close_books(synced, DAY.isoformat())
    invoice(synced)
    invoice(synced, "1002", date(2026, 3, 3))
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "books_closed"}
    assert [row["DocNumber"] for row in synced.there("Invoice")] == ["1002"]


def test_an_invoice_moved_out_of_closed_books_is_held_too(synced: World) -> None:
    """Facts E5: QuickBooks refuses a change of what lies in them, whatever date it gets."""
    made = invoice(synced)
    synced.sync()
    close_books(synced, "2026-03-31")
    changed = {"date": LATER, "due_date": LATER}
    invoices.update(company=synced.company, id=made.pk, expected_revision=None, values=changed)
    assert shown(synced) == {"Invoice 1001": "attention"}
    run = synced.sync()
    assert writes(run) == 0
    assert synced.issues() == {"Invoice 1001": "books_closed"}
    close_books(synced, None)
    synced.sync()
    assert synced.issues() == {}
    assert synced.there("Invoice")[0]["TxnDate"] == "2026-04-02"


def test_a_void_in_closed_books_waits_and_needs_no_date(synced: World) -> None:
    made = invoice(synced)
    synced.sync()
    close_books(synced, "2026-03-31")
    invoices.void(company=synced.company, id=made.pk)
    run = synced.sync()
    assert writes(run) == 0
    assert synced.issues() == {"Invoice 1001": "books_closed"}
    assert buttons(synced) == ["stop"]
    close_books(synced, None)
    synced.sync()
    assert synced.issues() == {}
    assert synced.there("Invoice")[0]["TotalAmt"] == 0


def test_a_payment_in_closed_books_is_held_and_its_invoice_goes(synced: World) -> None:
    made = invoice(synced, day=LATER)
    values = {
        "customer": made.customer_id,
        "date": DAY,
        "amount": Decimal(100),
        "allocations": [{"invoice": made.pk, "amount": Decimal(100)}],
    }
    payments.create(company=synced.company, values=values)
    close_books(synced, "2026-03-31")
    synced.sync()
    assert synced.issues() == {"Payment of $100.00 by Amelia Hartwell": "books_closed"}
    assert "redate" in buttons(synced)
    assert synced.there("Invoice")[0]["Balance"] == 100


@pytest.mark.parametrize("code", [6200, 6210])
def test_books_closed_a_moment_ago_are_no_reason_to_ask_again_and_again(synced: World, code: int) -> None:
    """QuickBooks refuses it although it had named no closed books."""
    synced.emulator.fault("refuse", {"entity": "Invoice", "operation": "create"}, code=code, times=2)
    invoice(synced)
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "books_closed"}
    assert writes(synced.sync()) == 0
    synced.emulator.clear_faults()
    resolve.try_again(Issue.objects.get())
    synced.sync()
    assert synced.issues() == {}


def test_after_a_refusal_the_next_run_learns_until_when_the_books_are_closed(synced: World) -> None:
    synced.emulator.fault("refuse", {"entity": "Invoice", "operation": "create"}, code=6210)
    invoice(synced)
    synced.sync()
    close_books(synced, "2026-03-31")
    assert writes(synced.sync()) == 0
    assert Issue.objects.get().details["until"] == "2026-03-31"
    close_books(synced, None)
    synced.sync()
    assert synced.issues() == {}
    assert len(synced.there("Invoice")) == 1


def test_a_question_that_stands_costs_no_call_more(synced: World) -> None:
    """Only an edit that nobody is asked about makes a Sync ask for the settings anew."""
    invoice(synced)
    synced.sync()
    [there] = synced.there("Invoice")
    change = {"Id": there["Id"], "SyncToken": there["SyncToken"], "sparse": True}
    synced.post("invoice", {**change, "CustomerMemo": {"value": "Thank you"}})
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "changed_there"}
    assert synced.sync().calls["total"] == 1


# --- Inactive on both sides -----------------------------------------------------------------------


def put_away(world: World, *, kind: str = "customer") -> None:
    """Made inactive here and, by a sync, there."""
    if kind == "customer":
        customers.deactivate(company=world.company, id=Customer.objects.get().pk)
    else:
        work_codes.deactivate(company=world.company, id=work_code().pk)
    world.sync()


@pytest.mark.parametrize("kind", ["customer", "work_code"])
def test_a_new_invoice_of_something_inactive_is_shown_before_and_not_sent(synced: World, kind: str) -> None:
    put_away(synced, kind=kind)
    _invoice_anyway(synced)
    assert shown(synced) == {"Invoice 1001": "attention"}
    run = synced.sync()
    assert writes(run) == 0
    assert synced.issues() == {"Invoice 1001": "inactive_there"}
    assert Issue.objects.get().details["kind"] == kind


@pytest.mark.parametrize("kind", ["customer", "work_code"])
def test_what_is_inactive_is_made_active_on_both_sides_and_the_invoice_goes(synced: World, kind: str) -> None:
    put_away(synced, kind=kind)
    _invoice_anyway(synced)
    synced.sync()
    resolve.carry_out(Issue.objects.get(), "activate", value="")
    entity, label = ("Customer", "Amelia Hartwell") if kind == "customer" else ("Item", "Service Call")
    assert shown(synced) == {label: "updated", "Invoice 1001": "created"}
    synced.sync()
    assert synced.issues() == {}
    assert all(row["Active"] for row in synced.there(entity))
    assert len(synced.there("Invoice")) == 1
    assert (Customer.objects.get().active, work_code().active) == (True, True)


def test_what_is_not_synced_is_not_made_active_by_an_invoice(synced: World) -> None:
    put_away(synced)
    _invoice_anyway(synced)
    synced.sync()
    Link.objects.filter(kind="customer").update(state=Link.State.HOLD)
    with pytest.raises(resolve.CannotResolveError, match="is not synced"):
        resolve.carry_out(Issue.objects.get(), "activate", value="")
    assert not Customer.objects.get().active


def _invoice_anyway(world: World) -> None:
    """The office enters it although one of both is inactive here: it was chosen before."""
    inactive = [*Customer.objects.filter(active=False), *WorkCode.objects.filter(active=False)]
    for record in inactive:
        type(record).objects.filter(pk=record.pk).update(active=True)
    invoice(world)
    for record in inactive:
        type(record).objects.filter(pk=record.pk).update(active=False)


# --- Made inactive before it was ever sent ----------------------------------------------------------


@pytest.fixture(params=["customer", "work_code"])
def never_sent(request: pytest.FixtureRequest, world: World) -> World:
    """An invoice of one that was entered and made inactive on the same day."""
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Service Call", "price": Decimal(100)})
    invoice(world)
    if request.param == "customer":
        customers.deactivate(company=world.company, id=Customer.objects.get().pk)
    else:
        work_codes.deactivate(company=world.company, id=work_code().pk)
    return world


def test_an_invoice_of_one_that_was_never_sent_does_not_wait_for_ever(never_sent: World) -> None:
    assert shown(never_sent)["Invoice 1001"] == "attention"
    never_sent.sync()
    assert never_sent.issues() == {"Invoice 1001": "inactive_here"}
    assert never_sent.there("Invoice") == []


def test_what_was_never_sent_is_made_active_again_at_one_press_and_both_go(never_sent: World) -> None:
    never_sent.sync()
    assert buttons(never_sent)[0] == "activate_here"
    resolve.carry_out(Issue.objects.get(), "activate_here", value="")
    assert shown(never_sent)["Invoice 1001"] == "created"
    never_sent.sync()
    assert never_sent.issues() == {}
    assert len(never_sent.there("Invoice")) == 1


def test_what_is_not_synced_and_was_never_sent_is_waited_for_and_named(world: World) -> None:
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Service Call", "price": Decimal(100)})
    invoice(world)
    holds.stop(world.connection, "customer", Customer.objects.get().pk)
    world.sync()
    assert world.issues() == {}
    assert Link.objects.get(kind="invoice").waits_for == "Amelia Hartwell, which is not synced"
