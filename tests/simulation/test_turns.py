"""Several runs asked for at once: none is lost, none does what it was not asked to, none ends by itself."""

from collections.abc import Iterator

import pytest

from quickbooks_sync.models import Change, SyncRun
from quickbooks_sync.pages.report import headline
from quickbooks_sync.planner import guards
from quickbooks_sync.runs.queue import CannotAskError, answer, ask, claim, line, stop
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.work_codes import operations as work_codes
from tests.simulation import story
from tests.simulation.test_one_guard_alone import once_at
from tests.simulation.virtual import Mishap
from tests.simulation.world import InProcessEmulator, VirtualWorld, all_well, virtual_world

LOOK, FULL, SYNC = SyncRun.Scope.LOOK, SyncRun.Scope.FULL, SyncRun.Scope.SYNC


@pytest.fixture
def world(transactional_db: None, emulator: InProcessEmulator) -> Iterator[VirtualWorld]:
    """A customer on both sides, after a Full Sync."""
    with virtual_world(emulator, seed=7) as made:
        enter(made, "Amelia Hartwell")
        made.press("full")
        yield made


def enter(world: VirtualWorld, name: str) -> Customer:
    return customers.create(company=world.company, values={"display_name": name})


def names_there(world: VirtualWorld) -> set[str]:
    return {row["DisplayName"] for row in world.there("Customer") if row["Active"]}


def fails(world: VirtualWorld) -> None:
    """From now on QuickBooks answers nothing but errors."""
    world.crossing = lambda boundary: Mishap.ERROR_BEFORE if boundary == "request" else None


def states(*runs: SyncRun) -> list[str]:
    for run in runs:
        run.refresh_from_db()
    return [str(run.state) for run in runs]


# --- A run that has to wait keeps its place ---------------------------------------------------------


def test_a_sync_that_quickbooks_fails_goes_on_and_the_preview_waits_for_it(world: VirtualWorld) -> None:
    enter(world, "Nora Vance")
    sync = ask(connection=world.connection, scope=SYNC)

    def pressed_in_another_tab() -> None:
        ask(connection=world.connection, scope=SYNC, preview=True)
        fails(world)

    once_at(world, "sending committed", pressed_in_another_tab)
    world.one_worker()
    world.crossing = all_well

    preview = world.connection.runs.get(preview=True)
    assert states(sync, preview) == ["queued", "queued"]
    assert claim(owner="another", clock=world.clock) is None, "the preview waits for the Sync"
    assert line(world.connection) == [sync, preview]
    world.work_until_quiet()
    assert states(sync, preview) == ["done", "done"]
    assert "Nora Vance" in names_there(world)
    assert not preview.plannedsteps.exists(), "it saw what the Sync had done"


def test_what_is_stopped_while_quickbooks_fails_does_not_go_on(world: VirtualWorld) -> None:
    enter(world, "Nora Vance")
    sync = ask(connection=world.connection, scope=SYNC)

    def stopped_while_it_fails(boundary: str) -> Mishap | None:
        if boundary != "request":
            return None
        stop(sync)
        return Mishap.ERROR_BEFORE

    world.crossing = stopped_while_it_fails
    world.one_worker()

    assert states(sync) == ["cancelled"]
    assert line(world.connection) == []


# --- What is not the same does not join --------------------------------------------------------------


def test_a_sync_as_shown_does_what_was_shown_whatever_preview_waits(world: VirtualWorld) -> None:
    enter(world, "Nora Vance")
    first = world.press("full", preview=True)
    enter(world, "Oakridge Dental")
    second = ask(connection=world.connection, scope=FULL, preview=True)
    as_shown = ask(connection=world.connection, scope=FULL, from_preview=first)
    world.work_until_quiet()
    assert states(second, as_shown) == ["done", "done"]
    assert names_there(world) == {"Amelia Hartwell", "Nora Vance"}
    assert second.preview, "and it was shown"
    assert {step.label for step in second.plannedsteps.all()} == {"Nora Vance", "Oakridge Dental"}


def test_a_full_sync_pressed_while_one_as_shown_waits_does_everything(world: VirtualWorld) -> None:
    enter(world, "Nora Vance")
    preview = world.press("full", preview=True)
    enter(world, "Oakridge Dental")
    as_shown = ask(connection=world.connection, scope=FULL, from_preview=preview)
    full = ask(connection=world.connection, scope=FULL)

    world.one_worker()
    assert names_there(world) == {"Amelia Hartwell", "Nora Vance"}
    world.work_until_quiet()

    assert states(as_shown, full) == ["done", "done"]
    assert names_there(world) == {"Amelia Hartwell", "Nora Vance", "Oakridge Dental"}
    assert set(full.changes.values_list("label", flat=True)) == {"Oakridge Dental"}


def test_two_previews_are_carried_out_as_each_of_them_showed(world: VirtualWorld) -> None:
    enter(world, "Nora Vance")
    older = world.press("sync", preview=True)
    enter(world, "Oakridge Dental")
    newer = world.press("sync", preview=True)
    enter(world, "Pine Street Cafe")
    runs = [ask(connection=world.connection, scope=SYNC, from_preview=each) for each in (newer, older)]
    world.one_worker()
    assert names_there(world) == {"Amelia Hartwell", "Nora Vance", "Oakridge Dental"}
    world.work_until_quiet()
    assert states(*runs) == ["done", "done"]
    assert names_there(world) == {"Amelia Hartwell", "Nora Vance", "Oakridge Dental"}


@pytest.mark.parametrize("finished", [False, True], ids=["still at it", "stopped"])
def test_a_preview_that_nobody_has_seen_to_its_end_cannot_be_carried_out(
    world: VirtualWorld, *, finished: bool
) -> None:
    enter(world, "Nora Vance")
    preview = ask(connection=world.connection, scope=SYNC, preview=True)
    if finished:
        stop(preview)
    with pytest.raises(CannotAskError, match="no finished preview"):
        ask(connection=world.connection, scope=SYNC, from_preview=preview)


@pytest.mark.parametrize("order", [(SYNC, FULL), (FULL, SYNC)], ids=["Sync first", "Full Sync first"])
def test_a_full_sync_and_a_sync_that_wait_together_take_nothing_from_each_other(
    world: VirtualWorld, order: tuple[SyncRun.Scope, ...]
) -> None:
    """A Full Sync moves no money: whoever pressed Sync would wait for his invoices for ever."""
    story.invoice_here(world, "1001", Customer.objects.get())
    runs = [ask(connection=world.connection, scope=scope) for scope in order]
    world.work_until_quiet()
    assert states(*runs) == ["done", "done"]
    assert [run.scope for run in runs] == list(order)
    assert [row["DocNumber"] for row in world.there("Invoice")] == ["1001"]


def test_what_was_entered_while_a_sync_was_at_work_goes_with_the_next_press(world: VirtualWorld) -> None:
    enter(world, "Nora Vance")

    def entered_too_late() -> None:
        enter(world, "Oakridge Dental")
        ask(connection=world.connection, scope=SYNC)

    once_at(world, "answer received", entered_too_late)
    world.press("sync")
    assert names_there(world) == {"Amelia Hartwell", "Nora Vance", "Oakridge Dental"}


def test_a_press_while_a_run_is_being_stopped_is_not_stopped_with_it(world: VirtualWorld) -> None:
    enter(world, "Nora Vance")
    first = ask(connection=world.connection, scope=SYNC)
    pressed: list[SyncRun] = []

    def stopped_and_pressed() -> None:
        stop(first)
        pressed.append(ask(connection=world.connection, scope=SYNC))

    once_at(world, "page committed", stopped_and_pressed)
    world.work_until_quiet()
    assert states(first, *pressed) == ["cancelled", "done"]
    assert "Nora Vance" in names_there(world)


def test_stop_ends_the_run_it_was_pressed_on_and_no_other(world: VirtualWorld) -> None:
    first = ask(connection=world.connection, scope=SYNC)
    second = ask(connection=world.connection, scope=FULL)
    third = ask(connection=world.connection, scope=SYNC, preview=True)
    once_at(world, "page committed", lambda: stop(first))
    world.one_worker()
    stop(third)
    world.work_until_quiet()
    assert states(first, second, third) == ["cancelled", "done", "cancelled"]
    assert headline(third) == "Preview of Sync was taken back"
    assert not stop(second), "it had ended"


# --- Questions ---------------------------------------------------------------------------------------


@pytest.fixture
def asking(world: VirtualWorld, monkeypatch: pytest.MonkeyPatch) -> SyncRun:
    """A Sync that asks whether it may remove three customers."""
    monkeypatch.setattr(guards, "REMOVALS_MAX", 1)
    for name in ("Nora Vance", "Oakridge Dental", "Pine Street Cafe"):
        enter(world, name)
    world.press("sync")
    for customer in Customer.objects.exclude(display_name="Amelia Hartwell"):
        customers.deactivate(company=world.company, id=customer.pk)
    run = ask(connection=world.connection, scope=SYNC)
    world.one_worker()
    assert states(run) == ["asking"]
    return run


def test_a_question_stays_while_other_runs_come_and_go(world: VirtualWorld, asking: SyncRun) -> None:
    preview = ask(connection=world.connection, scope=SYNC, preview=True)
    world.one_worker()
    assert states(asking, preview) == ["asking", "done"]
    assert preview.plannedsteps.filter(action="removed").count() == 3, "one can look before one answers"


def test_an_answer_goes_to_the_run_that_asked_whatever_waits(world: VirtualWorld, asking: SyncRun) -> None:
    others = [ask(connection=world.connection, scope=FULL), ask(connection=world.connection, scope=SYNC)]
    assert answer(asking, go_on=True)
    assert line(world.connection) == [asking, *others]
    world.one_worker()
    assert states(asking, *others) == ["done", "queued", "queued"]
    assert names_there(world) == {"Amelia Hartwell"}


def test_the_same_pressed_again_asks_in_the_place_of_the_older_one(
    world: VirtualWorld, asking: SyncRun
) -> None:
    again = ask(connection=world.connection, scope=SYNC)
    assert states(asking) == ["asking"], "until the newer one begins"
    world.one_worker()
    assert states(asking, again) == ["replaced", "asking"]
    assert headline(asking) == "Sync was begun anew"
    assert not answer(asking, go_on=True), "it asks no more"


def test_a_run_that_was_stopped_asks_nothing(world: VirtualWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(world, "Nora Vance")
    world.press("sync")
    customers.deactivate(company=world.company, id=Customer.objects.get(display_name="Nora Vance").pk)
    monkeypatch.setattr(guards, "REMOVALS_MAX", 0)
    run = ask(connection=world.connection, scope=SYNC)
    ask_of_removals = guards.many_removals

    def stopped_just_now(**counts: object) -> object:
        stop(SyncRun.objects.get(pk=run.pk))
        return ask_of_removals(**counts)  # type: ignore[arg-type]

    monkeypatch.setattr("quickbooks_sync.sending.waves.many_removals", stopped_just_now)
    world.one_worker()
    assert states(run) == ["cancelled"]


def test_a_run_that_asks_twice_remembers_both_answers(
    world: VirtualWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lists read empty: the answer of the one is not forgotten over that of the other."""
    work_codes.create(company=world.company, values={"name": "Service Call"})
    world.press("sync")
    monkeypatch.setattr(guards, "LINKS_OF_A_LIST_MAX", 0)
    for entity in ("Customer", "Item"):
        fault = {"entity": entity, "operation": "query"}
        world.emulator.fault("stale_list", fault, times=99, seconds=24 * 3600)
    run = ask(connection=world.connection, scope=FULL)
    asked = []
    for _ in range(2):
        world.one_worker()
        run.refresh_from_db()
        assert run.question is not None
        asked.append(run.question["kind"])
        assert answer(run, go_on=True)
    world.one_worker()
    assert states(run) == ["done"]
    assert sorted(asked) == ["Customer", "Item"]


def test_a_no_to_one_run_leaves_the_others_alone(world: VirtualWorld, asking: SyncRun) -> None:
    preview = ask(connection=world.connection, scope=FULL, preview=True)
    assert answer(asking, go_on=False)
    assert states(asking, preview) == ["cancelled", "queued"]
    assert not Change.objects.filter(run=asking, action="removed").exists()
