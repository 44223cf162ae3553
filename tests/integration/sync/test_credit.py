"""Credit that QuickBooks applies by itself to a new invoice: taken here, taken back there, or asked about."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from quickbooks_sync import mend, tokens
from quickbooks_sync.models import Change, Issue, Link, PlannedStep, SyncRun
from quickbooks_sync.run import ask
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from tests.integration.sync import sales
from tests.world import Killed, World

AMELIA = "Amelia Hartwell"


@pytest.fixture
def ready(world: World) -> World:
    """A customer and a service of 100.00, on both sides."""
    customers.create(company=world.company, values={"display_name": AMELIA})
    work_codes.create(company=world.company, values={"name": sales.SERVICE, "price": Decimal(100)})
    world.full()
    return world


def pay(world: World, amount: int, *of: tuple[Invoice, int]) -> Payment:
    """A payment entered here, on account or of some invoices."""
    values = {
        "customer": sales.customer(AMELIA).pk,
        "date": sales.DAY,
        "amount": Decimal(amount),
        "allocations": [{"invoice": invoice.pk, "amount": Decimal(part)} for invoice, part in of],
    }
    return payments.create(company=world.company, values=values)


def bill(world: World) -> Invoice:
    return sales.invoice(world, AMELIA)


def synced(world: World) -> SyncRun:
    run = world.sync()
    assert run.state == "done", run.error
    return run


def quiet(world: World) -> None:
    """Nobody is asked anything, both sides say the same, and the next sync reads once and writes nothing."""
    assert world.issues() == {}
    run = synced(world)
    assert (run.calls["total"], run.calls["write_batches"]) == (1, 0)
    assert not run.changes.exists()
    for payment in Payment.objects.filter(voided=False):
        row = there(world, "Payment", payment)
        numbers = {one["Id"]: one["DocNumber"] for one in world.there("Invoice")}
        paid = {numbers[line["LinkedTxn"][0]["TxnId"]]: line["Amount"] for line in row["Line"]}
        assert {number: Decimal(str(amount)) for number, amount in paid.items()} == pays(payment)


def there(world: World, entity: str, record: Invoice | Payment) -> dict[str, Any]:
    link = Link.objects.get(kind=entity.lower(), local_id=record.pk)
    assert link.remote is not None
    (row,) = [one for one in world.there(entity) if one["Id"] == link.remote.remote_id]
    return row


def pays(payment: Payment) -> dict[str, Decimal]:
    """What it pays here, by the number of the invoice."""
    return dict(payment.allocations.values_list("invoice__number", "amount"))


def paid_there(world: World, payment: Payment) -> list[float]:
    return [line["Amount"] for line in there(world, "Payment", payment)["Line"]]


def memo(world: World, amount: int) -> dict[str, Any]:
    """A credit memo entered in QuickBooks."""
    (customer,) = [row for row in world.there("Customer") if row["DisplayName"] == AMELIA]
    line = {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
    return world.post("creditmemo", {"CustomerRef": {"value": customer["Id"]}, "Line": [line]})


def payment_there(world: World, amount: int) -> dict[str, Any]:
    """A payment entered in QuickBooks by hand."""
    (customer,) = [row for row in world.there("Customer") if row["DisplayName"] == AMELIA]
    return world.post("payment", {"CustomerRef": {"value": customer["Id"]}, "TotalAmt": amount})


def bank(world: World, payment: Payment) -> None:
    row = there(world, "Payment", payment)
    linked = [{"TxnId": row["Id"], "TxnType": "Payment", "TxnLineId": "0"}]
    account = next(one for one in world.there("Account") if one["AccountType"] == "Bank")
    line = {"Amount": row["TotalAmt"], "LinkedTxn": linked}
    world.post("deposit", {"DepositToAccountRef": {"value": account["Id"]}, "Line": [line]})


def answer(world: World, reason: str, what: str) -> None:
    issue = Issue.objects.select_related("link").get(connection=world.connection)
    assert issue.reason == reason
    mend.carry_out(issue, what, value="")


# Ours


@pytest.mark.parametrize("links", ["told", "untold"])
def test_what_quickbooks_applied_of_our_own_payment_is_taken_here_in_the_same_sync(
    ready: World, links: str
) -> None:
    ready.emulator.settings(auto_applied_links=links)
    payment = pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    run = synced(ready)
    assert pays(payment) == {invoice.number: Decimal(60)}
    assert there(ready, "Invoice", invoice)["Balance"] == 40
    payment.refresh_from_db()
    ready.company.refresh_from_db()
    assert payment.revision == ready.company.revision
    told = Change.objects.get(run=run, kind="payment")
    assert (told.side, told.action) == ("here", "updated")
    assert told.note == f"QuickBooks itself applied $60.00 of it to invoice {invoice.number}."
    told = Change.objects.get(run=run, kind="invoice")
    assert told.note == "QuickBooks itself applied $60.00 of this customer's credit to it."
    quiet(ready)


def test_one_payment_over_several_new_invoices_is_taken_with_all_of_them(ready: World) -> None:
    payment = pay(ready, 250)
    synced(ready)
    numbers = [bill(ready).number for _ in range(3)]
    synced(ready)
    assert pays(payment) == dict(zip(numbers, map(Decimal, (100, 100, 50)), strict=True))
    quiet(ready)


def test_several_payments_of_one_new_invoice_are_all_taken(ready: World) -> None:
    first, second = pay(ready, 30), pay(ready, 50)
    synced(ready)
    number = bill(ready).number
    synced(ready)
    assert (pays(first), pays(second)) == ({number: Decimal(30)}, {number: Decimal(50)})
    quiet(ready)


def test_a_payment_that_pays_another_invoice_keeps_that(ready: World) -> None:
    first = bill(ready)
    payment = pay(ready, 130, (first, 100))
    synced(ready)
    second = bill(ready)
    synced(ready)
    assert pays(payment) == {first.number: Decimal(100), second.number: Decimal(30)}
    quiet(ready)


def test_a_payment_entered_here_gets_the_room_that_quickbooks_gave_to_another(ready: World) -> None:
    earlier = pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    later = pay(ready, 100, (invoice, 100))
    run = synced(ready)
    assert pays(earlier) == {}
    assert paid_there(ready, earlier) == []
    assert paid_there(ready, later) == [100]
    back = Change.objects.get(run=run, kind="payment", action="updated")
    assert (back.side, back.note) == (
        "there",
        f"QuickBooks itself applied $60.00 of it to invoice {invoice.number}. "
        "What another payment pays of that is taken back.",
    )
    quiet(ready)


def test_only_as_much_is_taken_back_as_a_payment_here_wants(ready: World) -> None:
    earlier = pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    later = pay(ready, 70, (invoice, 70))
    synced(ready)
    assert (pays(earlier), pays(later)) == ({invoice.number: Decimal(30)}, {invoice.number: Decimal(70)})
    quiet(ready)


def test_a_payment_with_the_smaller_number_gets_the_room_of_a_later_one(ready: World) -> None:
    """The one that wants it is met first, and waits until the other has given it back."""
    wants = pay(ready, 100)
    older = pay(ready, 60)
    day = sales.DAY - timedelta(days=1)
    payments.update(company=ready.company, id=older.pk, values={"date": day})
    synced(ready)
    invoice = bill(ready)
    values = {"allocations": [{"invoice": invoice.pk, "amount": Decimal(100)}]}
    payments.update(company=ready.company, id=wants.pk, values=values)
    synced(ready)
    assert (paid_there(ready, wants), paid_there(ready, older)) == ([100], [])
    quiet(ready)


def test_what_a_payment_pays_by_somebodys_word_counts_before_what_quickbooks_did(ready: World) -> None:
    payment = pay(ready, 80)
    synced(ready)
    invoice = bill(ready)
    values = {"allocations": [{"invoice": invoice.pk, "amount": Decimal(30)}]}
    payments.update(company=ready.company, id=payment.pk, values=values)
    synced(ready)
    assert pays(payment) == {invoice.number: Decimal(30)}
    quiet(ready)


def test_an_edit_of_a_payment_goes_with_what_quickbooks_applied_of_it(ready: World) -> None:
    payment = pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    payments.update(company=ready.company, id=payment.pk, values={"reference": "CHK 7"})
    synced(ready)
    assert there(ready, "Payment", payment)["PaymentRefNum"] == "CHK 7"
    assert pays(payment) == {invoice.number: Decimal(60)}
    quiet(ready)


@pytest.mark.parametrize("first", ["payment", "invoice"])
def test_a_void_here_gives_back_what_quickbooks_applied(ready: World, first: str) -> None:
    payment = pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    synced(ready)
    if first == "payment":
        payments.void(company=ready.company, id=payment.pk)
    else:
        invoices.void(company=ready.company, id=invoice.pk)
    synced(ready)
    row = there(ready, "Payment", payment)
    assert row["Line"] == []
    assert row["TotalAmt"] == (0 if first == "payment" else 60)
    assert there(ready, "Invoice", invoice)["Balance"] == (100 if first == "payment" else 0)
    quiet(ready)


def test_a_payment_voided_here_before_it_was_known_goes_without_a_question_and_its_room_is_used(
    ready: World,
) -> None:
    payment = pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    payments.void(company=ready.company, id=payment.pk)
    other = pay(ready, 100, (invoice, 100))
    synced(ready)
    assert there(ready, "Payment", payment)["TotalAmt"] == 0
    assert paid_there(ready, other) == [100]
    quiet(ready)


def test_what_somebody_changed_in_quickbooks_besides_is_asked_about_as_ever(ready: World) -> None:
    payment = pay(ready, 60)
    synced(ready)

    def somebody_is_quicker(name: str) -> None:
        if name == "answer received" and ready.there("Invoice"):
            ready.checkpoint = lambda _: None
            row = there(ready, "Payment", payment)
            ready.post("payment", {**row, "PaymentRefNum": "THEIRS", "sparse": False})

    ready.checkpoint = somebody_is_quicker
    invoice = bill(ready)
    synced(ready)
    assert pays(payment) == {invoice.number: Decimal(60)}
    issue = Issue.objects.get()
    assert (issue.reason, issue.details) == ("changed_there", {"fields": ["reference"]})


def test_a_payment_that_somebody_took_off_again_in_quickbooks_is_not_taken(ready: World) -> None:
    payment = pay(ready, 60)
    synced(ready)

    def somebody_is_quicker(name: str) -> None:
        if name == "answer received" and ready.there("Invoice"):
            ready.checkpoint = lambda _: None
            row = there(ready, "Payment", payment)
            ready.post("payment", {**row, "Line": [], "sparse": False})

    ready.checkpoint = somebody_is_quicker
    bill(ready)
    synced(ready)
    synced(ready)
    assert pays(payment) == {}
    quiet(ready)


# Whatever is lost on the way


@pytest.fixture
def soon(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator commits nothing late here, so nobody has to wait for it."""
    known = tokens.environment()
    values = {name: getattr(known, name) for name in known.__dataclass_fields__}
    shortened = known.__class__(**{**values, "late_commit_seconds": 0.2})
    monkeypatch.setattr(tokens, "environment", lambda: shortened)


def go_on(world: World) -> None:
    """Whatever was interrupted goes on; then one more sync."""
    for _ in range(5):
        world.expire_lease()
        run = world.connection.runs.order_by("-pk").first()
        assert run is not None
        if not run.live:
            break
        world.work(run)
    synced(world)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("links", ["told", "untold"])
@pytest.mark.parametrize("wanted", [False, True])
def test_an_invoice_whose_answer_was_lost_is_found_with_what_quickbooks_applied(
    ready: World, links: str, wanted: bool
) -> None:
    ready.emulator.settings(auto_applied_links=links)
    payment = pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    other = pay(ready, 100, (invoice, 100)) if wanted else None
    ready.emulator.fault("reply_lost", {"entity": "Invoice", "operation": "create"}, times=1)
    ready.sync()
    go_on(ready)
    assert pays(payment) == ({} if wanted else {invoice.number: Decimal(60)})
    assert other is None or paid_there(ready, other) == [100]
    assert len(ready.there("Invoice")) == 1
    quiet(ready)


def test_a_payment_whose_own_answer_was_lost_is_ours_all_the_same(ready: World) -> None:
    """It is applied before it is known under which Id it stands there."""
    payment = pay(ready, 60)

    def die(name: str) -> None:
        if name == "answer received" and ready.there("Payment"):
            ready.checkpoint = lambda _: None
            raise Killed

    ready.checkpoint = die
    with pytest.raises(Killed):
        ready.sync()
    invoice = bill(ready)
    ready.expire_lease()
    ready.emulator.fault("stale_list", {"operation": "batch"}, seconds=100, times=1)  # of the first look-up
    go_on(ready)
    assert pays(payment) == {invoice.number: Decimal(60)}
    assert len(ready.there("Payment")) == 1
    quiet(ready)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("wanted", [False, True])
def test_a_worker_may_die_at_any_step_of_it(ready: World, wanted: bool) -> None:
    payment = pay(ready, 60)
    synced(ready)
    for dies_at in range(1, 40):
        before = pays(payment)
        invoice = bill(ready)
        other = pay(ready, 100, (invoice, 100)) if wanted else None
        if not dies_after(ready, dies_at):
            break
        go_on(ready)
        assert ready.issues() == {}, dies_at
        taken = {} if wanted or before else {invoice.number: Decimal(60)}
        assert pays(payment) == before | taken, dies_at
        assert other is None or paid_there(ready, other) == [100], dies_at
        quiet(ready)
        if not wanted:  # the next round finds it free again
            invoices.void(company=ready.company, id=invoice.pk)
            synced(ready)
    else:
        raise AssertionError("the run never came to its end")


def dies_after(world: World, steps: int) -> bool:
    """Sync, and die at that step; whether it came to it."""
    left = [steps]

    def count(_name: str) -> None:
        left[0] -= 1
        if not left[0]:
            raise Killed

    world.checkpoint = count
    try:
        world.sync()
    except Killed:
        return True
    finally:
        world.checkpoint = lambda _: None
    return False


def test_a_list_that_lags_behind_is_waited_for_and_nobody_is_asked(ready: World) -> None:
    payment = pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    ready.emulator.fault("stale_list", {"operation": "batch"}, seconds=100, times=20)
    synced(ready)
    assert (ready.issues(), pays(payment)) == ({}, {})
    ready.emulator.clear_faults()
    synced(ready)
    assert pays(payment) == {invoice.number: Decimal(60)}
    quiet(ready)


# Not ours


@pytest.mark.parametrize("enter", [memo, payment_there])
def test_credit_entered_in_quickbooks_is_said_at_the_invoice(
    ready: World, client: Client, alice: User, enter: Callable[[World, int], Any]
) -> None:
    enter(ready, 30)
    invoice = bill(ready)
    synced(ready)
    assert ready.issues() == {}
    assert not Payment.objects.exists()
    client.force_login(alice)
    page = client.get(f"/invoices/{invoice.pk}/").content.decode()
    assert "$30.00 of a credit entered in QuickBooks was applied to it by QuickBooks itself." in page


def test_what_is_ours_is_not_said_to_be_entered_there(ready: World, client: Client, alice: User) -> None:
    pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    synced(ready)
    client.force_login(alice)
    assert "entered in QuickBooks" not in client.get(f"/invoices/{invoice.pk}/").content.decode()


@pytest.mark.parametrize("enter", [memo, payment_there])
def test_a_payment_without_room_is_one_question_and_pays_what_is_left(
    ready: World, enter: Callable[[World, int], Any]
) -> None:
    enter(ready, 30)
    invoice = bill(ready)
    payment = pay(ready, 100, (invoice, 100))
    synced(ready)
    assert ready.there("Payment") == [row for row in ready.there("Payment") if row["TotalAmt"] != 100]
    details = Issue.objects.get().details
    assert details == {"number": invoice.number, "open": "70", "applied": "100", "credit": "30"}
    answer(ready, "credit_applied", "apply_left")
    assert pays(payment) == {invoice.number: Decimal(70)}
    synced(ready)
    row = there(ready, "Payment", payment)
    assert (row["Line"][0]["Amount"], row["UnappliedAmt"]) == (70, 30)
    quiet(ready)


@pytest.mark.parametrize("pressed", [False, True])
def test_credit_taken_off_in_quickbooks_lets_the_payment_go(ready: World, pressed: bool) -> None:
    memo(ready, 30)
    invoice = bill(ready)
    payment = pay(ready, 100, (invoice, 100))
    synced(ready)
    (zero,) = ready.there("Payment")
    ready.post("payment?operation=delete", {"Id": zero["Id"], "SyncToken": zero["SyncToken"]})
    if pressed:
        mend.try_again(Issue.objects.get())
    synced(ready)
    assert paid_there(ready, payment) == [100]
    quiet(ready)


def test_a_payment_that_fits_beside_the_credit_goes(ready: World) -> None:
    memo(ready, 30)
    invoice = bill(ready)
    payment = pay(ready, 70, (invoice, 70))
    synced(ready)
    assert paid_there(ready, payment) == [70]
    quiet(ready)


def test_of_two_payments_the_one_that_fits_goes_and_the_other_is_asked_about(ready: World) -> None:
    memo(ready, 30)
    invoice = bill(ready)
    first, second = pay(ready, 60, (invoice, 60)), pay(ready, 40, (invoice, 40))
    synced(ready)
    assert paid_there(ready, first) == [60]
    issue = Issue.objects.get()
    assert (issue.reason, issue.link.local_id) == ("credit_applied", second.pk)
    assert issue.details["open"] == "10"
    answer(ready, "credit_applied", "apply_left")
    synced(ready)
    assert paid_there(ready, second) == [10]
    quiet(ready)


def test_ours_and_theirs_on_one_invoice(ready: World) -> None:
    """What is ours is given back; what is not is asked about."""
    memo(ready, 30)
    earlier = pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    later = pay(ready, 100, (invoice, 100))
    synced(ready)
    assert (pays(earlier), paid_there(ready, earlier)) == ({}, [])
    answer(ready, "credit_applied", "apply_left")
    synced(ready)
    assert pays(later) == {invoice.number: Decimal(70)}
    assert paid_there(ready, later) == [70]
    quiet(ready)


def test_a_payment_that_is_not_synced_counts_as_theirs(ready: World) -> None:
    held = pay(ready, 60)
    synced(ready)
    Link.objects.filter(kind="payment").update(state=Link.State.HOLD)
    invoice = bill(ready)
    pay(ready, 100, (invoice, 100))
    synced(ready)
    assert pays(held) == {}
    assert Issue.objects.get().details["credit"] == "60"


def test_a_payment_in_the_bank_is_taken_here_where_there_is_room(ready: World) -> None:
    payment = pay(ready, 60)
    synced(ready)
    bank(ready, payment)
    invoice = bill(ready)
    synced(ready)
    assert pays(payment) == {invoice.number: Decimal(60)}
    quiet(ready)


def test_a_payment_in_the_bank_cannot_be_taken_back_and_that_is_one_question(ready: World) -> None:
    banked = pay(ready, 60)
    synced(ready)
    bank(ready, banked)
    invoice = bill(ready)
    later = pay(ready, 100, (invoice, 100))
    synced(ready)
    assert Issue.objects.get().link.local_id == later.pk
    waits = Link.objects.get(kind="payment", local_id=banked.pk)
    assert waits.waits_for == f"room on invoice {invoice.number}, which another payment pays, too"
    answer(ready, "credit_applied", "apply_left")
    synced(ready)
    assert pays(later) == {invoice.number: Decimal(40)}
    assert pays(banked) == {invoice.number: Decimal(60)}
    quiet(ready)


def test_a_payment_of_an_invoice_that_somebody_paid_by_hand_is_asked_about_as_ever(ready: World) -> None:
    memo(ready, 30)
    invoice = bill(ready)
    synced(ready)
    row = there(ready, "Invoice", invoice)
    line = {"Amount": 70, "LinkedTxn": [{"TxnId": row["Id"], "TxnType": "Invoice"}]}
    ready.post("payment", {"CustomerRef": row["CustomerRef"], "TotalAmt": 70, "Line": [line]})
    payment = pay(ready, 50, (invoice, 50))
    synced(ready)
    answer(ready, "already_paid", "apply_left")
    assert pays(payment) == {}
    synced(ready)
    assert there(ready, "Payment", payment)["UnappliedAmt"] == 50
    quiet(ready)


# Shown before, and counted


def preview(world: World) -> SyncRun:
    return world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, preview=True))


def steps(run: SyncRun) -> list[tuple[str, str, str, str]]:
    rows = PlannedStep.objects.filter(run=run).order_by("pk")
    return [(step.kind, step.side, step.action, step.note) for step in rows]


def test_a_preview_says_what_quickbooks_may_do_and_a_run_from_it_does_no_more_than_was_shown(
    ready: World,
) -> None:
    payment = pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    shown = preview(ready)
    may = "QuickBooks may apply $60.00 of what this customer has paid to it by itself."
    assert steps(shown) == [("invoice", "there", "created", may)]
    run = ready.work(ask(connection=ready.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert run.state == "done", run.error
    assert pays(payment) == {}
    assert steps(run) == [
        ("payment", "here", "since", "Changed since the preview; it goes with the next Sync.")
    ]
    shown = preview(ready)
    applied = f"QuickBooks itself applied $60.00 of it to invoice {invoice.number}."
    assert steps(shown) == [("payment", "here", "updated", applied)]
    ready.work(ask(connection=ready.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert pays(payment) == {invoice.number: Decimal(60)}
    quiet(ready)


def test_a_preview_shows_what_is_taken_back_and_who_gets_the_room(ready: World) -> None:
    earlier = pay(ready, 60)
    synced(ready)
    invoice = bill(ready)
    shown = preview(ready)
    later = pay(ready, 100, (invoice, 100))
    ready.work(ask(connection=ready.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert paid_there(ready, earlier) == [60]
    shown = preview(ready)
    assert [step[:3] for step in steps(shown)] == [
        ("payment", "there", "updated"),
        ("payment", "there", "created"),
    ]
    ready.work(ask(connection=ready.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert (paid_there(ready, earlier), paid_there(ready, later)) == ([], [100])
    quiet(ready)


def test_where_there_is_no_credit_nothing_more_is_read(ready: World) -> None:
    counted = []
    for applied in (False, True):
        ready.emulator.preferences(ready.realm, SalesFormsPrefs={"AutoApplyCredit": applied})
        invoice = bill(ready)
        pay(ready, 100, (invoice, 100))
        counted.append(synced(ready).calls["total"])
    assert counted[0] == counted[1]


def test_credit_applied_to_many_invoices_is_read_in_one_call(ready: World) -> None:
    invoice = bill(ready)
    pay(ready, 100, (invoice, 100))
    without = synced(ready).calls["total"]
    pay(ready, 2000)
    synced(ready)
    for _ in range(20):
        invoice = bill(ready)
    assert synced(ready).calls["total"] <= without
    quiet(ready)
