"""Whatever is lost while QuickBooks applies credit by itself, both sides agree and nobody is asked."""

from decimal import Decimal

import pytest

from quickbooks_sync.access import tokens
from service_genius.invoices import operations as invoices
from tests.integration.sync.credit import bill, paid_there, pay, pays, quiet, synced
from tests.world import Killed, World

#: What waits for a late commit goes on again and again; a few hundred times is long over.
RUNS_MAX = 300


@pytest.fixture
def soon(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator commits nothing late here, so nobody has to wait for it."""
    known = tokens.environment()
    values = {name: getattr(known, name) for name in known.__dataclass_fields__}
    shortened = known.__class__(**{**values, "late_commit_seconds": 0.2})
    monkeypatch.setattr(tokens, "environment", lambda: shortened)


def go_on(world: World) -> None:
    """Whatever was interrupted goes on; then one more sync."""
    for _ in range(RUNS_MAX):
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
    selling: World, links: str, *, wanted: bool
) -> None:
    selling.emulator.settings(auto_applied_links=links)
    payment = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    other = pay(selling, 100, (invoice, 100)) if wanted else None
    selling.emulator.fault("reply_lost", {"entity": "Invoice", "operation": "create"}, times=1)
    selling.sync()
    go_on(selling)
    assert pays(payment) == ({} if wanted else {invoice.number: Decimal(60)})
    assert other is None or paid_there(selling, other) == [100]
    assert len(selling.there("Invoice")) == 1
    quiet(selling)


def test_a_payment_whose_own_answer_was_lost_is_ours_all_the_same(selling: World) -> None:
    """It is applied before it is known under which Id it stands there."""
    payment = pay(selling, 60)

    def die(name: str) -> None:
        if name == "answer received" and selling.there("Payment"):
            selling.checkpoint = lambda _: None
            raise Killed

    selling.checkpoint = die
    with pytest.raises(Killed):
        selling.sync()
    invoice = bill(selling)
    selling.expire_lease()
    selling.emulator.fault("stale_list", {"operation": "batch"}, seconds=100, times=1)  # of the first look-up
    go_on(selling)
    assert pays(payment) == {invoice.number: Decimal(60)}
    assert len(selling.there("Payment")) == 1
    quiet(selling)


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize("wanted", [False, True])
def test_a_worker_may_die_at_any_step_of_it(selling: World, *, wanted: bool) -> None:
    payment = pay(selling, 60)
    synced(selling)
    for dies_at in range(1, 40):
        before = pays(payment)
        invoice = bill(selling)
        other = pay(selling, 100, (invoice, 100)) if wanted else None
        if not dies_after(selling, dies_at):
            break
        go_on(selling)
        assert selling.issues() == {}, dies_at
        taken = {} if wanted or before else {invoice.number: Decimal(60)}
        assert pays(payment) == before | taken, dies_at
        assert other is None or paid_there(selling, other) == [100], dies_at
        quiet(selling)
        if not wanted:  # the next round finds it free again
            invoices.void(company=selling.company, id=invoice.pk)
            synced(selling)
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


def test_a_list_that_lags_behind_is_waited_for_and_nobody_is_asked(selling: World) -> None:
    payment = pay(selling, 60)
    synced(selling)
    invoice = bill(selling)
    selling.emulator.fault("stale_list", {"operation": "batch"}, seconds=100, times=20)
    synced(selling)
    assert (selling.issues(), pays(payment)) == ({}, {})
    synced(selling)  # what changed is told of; whose it was is not known yet
    assert selling.issues() == {}
    selling.emulator.clear_faults()
    synced(selling)
    assert pays(payment) == {invoice.number: Decimal(60)}
    quiet(selling)
