"""Credit that QuickBooks may apply by itself, in a preview; and how many calls it takes."""

from decimal import Decimal

from quickbooks_sync.models import PlannedStep, SyncRun
from quickbooks_sync.runs.queue import ask
from tests.integration.sync.credit import bill, paid_there, pay, pays, quiet, synced
from tests.world import World


def preview(world: World) -> SyncRun:
    return world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, preview=True))


def steps(run: SyncRun) -> list[tuple[str, str, str, str]]:
    rows = PlannedStep.objects.filter(run=run).order_by("pk")
    return [(step.kind, step.side, step.action, step.note) for step in rows]


def test_a_preview_says_what_quickbooks_may_do_and_a_run_from_it_does_no_more_than_was_shown(
    selling: World,
) -> None:
    payment = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    shown = preview(selling)
    may = "QuickBooks may apply $60.00 of what this customer has paid to it by itself."
    assert steps(shown) == [("invoice", "there", "created", may)]
    run = selling.work(ask(connection=selling.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert run.state == "done", run.error
    assert pays(payment) == {}
    assert steps(run) == [
        ("payment", "here", "since", "Changed since the preview; it goes with the next Sync.")
    ]
    shown = preview(selling)
    applied = f"QuickBooks itself applied $60.00 of it to invoice {invoice.number}."
    assert steps(shown) == [("payment", "here", "updated", applied)]
    selling.work(ask(connection=selling.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert pays(payment) == {invoice.number: Decimal(60)}
    quiet(selling)


def test_a_preview_shows_what_is_taken_back_and_who_gets_the_room(selling: World) -> None:
    earlier = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    shown = preview(selling)
    later = pay(selling, 100, (invoice, 100))
    selling.work(ask(connection=selling.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert paid_there(selling, earlier) == [60]
    shown = preview(selling)
    assert [step[:3] for step in steps(shown)] == [
        ("payment", "there", "updated"),
        ("payment", "there", "created"),
    ]
    selling.work(ask(connection=selling.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert (paid_there(selling, earlier), paid_there(selling, later)) == ([], [100])
    quiet(selling)


def test_where_there_is_no_credit_nothing_more_is_read(selling: World) -> None:
    counted = []
    for applied in (False, True):
        selling.emulator.preferences(selling.realm, SalesFormsPrefs={"AutoApplyCredit": applied})
        invoice = bill(selling)
        pay(selling, 100, (invoice, 100))
        counted.append(synced(selling).calls["total"])
    assert counted[0] == counted[1]


def test_credit_applied_to_many_invoices_is_read_in_one_call(selling: World) -> None:
    invoice = bill(selling)
    pay(selling, 100, (invoice, 100))
    without = synced(selling).calls["total"]
    pay(selling, 2000)
    synced(selling)
    for _ in range(20):
        invoice = bill(selling)
    assert synced(selling).calls["total"] <= without
    quiet(selling)
