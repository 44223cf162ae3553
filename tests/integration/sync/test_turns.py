"""Several runs of one company at once: what the database holds of them, and what the pages say."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db.models import RestrictedError
from django.urls import reverse

from quickbooks_sync import commands
from quickbooks_sync.access.session import SystemClock
from quickbooks_sync.models import PlannedStep, SyncRun
from quickbooks_sync.pages.presses import once_more
from quickbooks_sync.pages.status import status_line
from quickbooks_sync.planner import wishes
from quickbooks_sync.runs import queue
from quickbooks_sync.runs.queue import WAITING_MAX, CannotAskError, answer, ask, claim
from quickbooks_sync.runs.run import STEPS_KEPT
from service_genius.companies.models import User
from service_genius.customers import operations as customers
from tests.pressing import Client
from tests.processes import at_the_same_moment
from tests.world import World

LOOK, FULL, SYNC = SyncRun.Scope.LOOK, SyncRun.Scope.FULL, SyncRun.Scope.SYNC
HOME = reverse("quickbooks:home")


@pytest.fixture
def office(bob: User) -> Client:
    browser = Client()
    browser.force_login(bob)
    return browser


def previewed(world: World, name: str, scope: SyncRun.Scope = SYNC) -> SyncRun:
    """A preview of one customer."""
    customers.create(company=world.company, values={"display_name": name})
    preview = world.work(ask(connection=world.connection, scope=scope, preview=True))
    assert preview.state == "done", preview.error
    return preview


def page(office: Client, address: str = HOME) -> str:
    """What a page says, and the messages on it."""
    return " ".join(office.get(address).content.decode().split())


def pressed(office: Client, name: str, run: SyncRun | None = None, **fields: str) -> str:
    """The page after a press."""
    office.post(reverse(f"quickbooks:{name}", args=[run.pk] if run else []), fields)
    return page(office)


def claimed() -> SyncRun:
    run = claim(owner="test:1", clock=SystemClock())
    assert run is not None
    return run


# --- The database ----------------------------------------------------------------------------------


def test_of_two_that_press_the_same_at_one_moment_the_second_joins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(connection=world.connection, scope=SYNC)
    looks = iter([None, first.pk])  # the first look saw nothing yet
    monkeypatch.setattr(wishes, "joined", lambda _wish, _ahead: next(looks))
    assert ask(connection=world.connection, scope=SYNC) == first
    assert SyncRun.objects.count() == 1


def test_of_two_that_press_as_shown_at_one_moment_the_second_joins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = previewed(world, "Amelia Hartwell")
    first = ask(connection=world.connection, scope=SYNC, from_preview=preview)
    looks = iter([None, first.pk])
    monkeypatch.setattr(wishes, "joined", lambda _wish, _ahead: next(looks))
    assert ask(connection=world.connection, scope=SYNC, from_preview=preview) == first


PRESS = """
scopes = [SyncRun.Scope.SYNC, SyncRun.Scope.FULL]
for scope in scopes if os.getpid() % 2 else reversed(scopes):
    for preview in (False, True):
        print(ask(connection=Connection.objects.get(), scope=scope, preview=preview).pk)
"""
TAKE = "run = claim(owner=str(os.getpid()), clock=SystemClock()); print(run.pk if run else 'none')"


def test_whatever_several_processes_press_at_once_each_wish_is_one_run(world: World, tmp_path: Path) -> None:
    told = [set(each.split()) for each in at_the_same_moment(PRESS, tmp_path / "shared.sqlite3")]
    assert [len(each) for each in told] == [4, 4, 4]
    assert told[0] == told[1] == told[2]


def test_of_a_line_several_workers_that_claim_at_once_take_its_first_run(
    world: World, tmp_path: Path
) -> None:
    first, *_ = [ask(connection=world.connection, scope=scope) for scope in (FULL, SYNC, LOOK)]
    told = at_the_same_moment(TAKE, tmp_path / "shared.sqlite3")
    assert sorted(told) == [str(first.pk), "none", "none"]


def test_another_company_does_not_wait(world: World, charlie: User) -> None:
    own = ask(connection=world.connection, scope=SYNC)
    soon = datetime.now(UTC) + timedelta(minutes=2)
    SyncRun.objects.filter(pk=own.pk).update(not_before=soon)
    theirs = type(world.connection).objects.create(
        company=charlie.company, environment="emulator", realm_id="77", connected_at=soon
    )
    other = ask(connection=theirs, scope=SYNC)
    assert claimed() == other


def test_a_program_that_asks_for_ever_is_told_so(world: World) -> None:
    preview = previewed(world, "Amelia Hartwell")
    more = [
        SyncRun.objects.create(
            connection=world.connection,
            scope=SYNC,
            preview=True,
            state="done",
            created_at=preview.created_at,
            due_at=preview.due_at,
        )
        for _ in range(WAITING_MAX)
    ]
    for each in more:
        ask(connection=world.connection, scope=SYNC, from_preview=each)
    with pytest.raises(CannotAskError, match=f"{WAITING_MAX} runs wait already"):
        ask(connection=world.connection, scope=SYNC, from_preview=preview)
    assert ask(connection=world.connection, scope=SYNC, from_preview=more[0]) is not None, "this one waits"


def test_the_preview_of_a_run_is_not_deleted_from_under_it(world: World) -> None:
    """Without, it would do everything."""
    preview = previewed(world, "Amelia Hartwell")
    ask(connection=world.connection, scope=SYNC, from_preview=preview)
    with pytest.raises(RestrictedError):
        preview.delete()


def test_steps_that_a_run_waits_for_outlast_their_week(world: World) -> None:
    preview = previewed(world, "Amelia Hartwell")
    long_ago = datetime.now(UTC) - STEPS_KEPT - timedelta(days=1)
    SyncRun.objects.filter(pk=preview.pk).update(finished_at=long_ago)
    newer = ask(connection=world.connection, scope=FULL, preview=True)
    as_shown = ask(connection=world.connection, scope=SYNC, from_preview=preview)
    world.work(newer)
    world.work(as_shown)
    assert world.names_there() == ["Amelia Hartwell"]


# --- Questions ---------------------------------------------------------------------------------------


def asking(world: World) -> SyncRun:
    """A first Full Sync that asks whether it is the right company."""
    rows = [{"display_name": f"Customer {number:02}"} for number in range(60)]
    customers.create_many(company=world.company, rows=rows)
    world.post("customer", {"DisplayName": "Somebody Else Entirely"})
    run = world.full()
    assert run.state == "asking", run.error
    return run


def test_a_yes_in_an_old_tab_does_not_answer_what_was_asked_since(world: World, office: Client) -> None:
    run = asking(world)
    as_seen = str(run.fence)
    SyncRun.objects.filter(pk=run.pk).update(fence=run.fence + 2, question={**run.question, "kind": "item"})
    told = pressed(office, "answer", run, answer="go_on", asked=as_seen)
    assert "This question is not asked any more" in told
    run.refresh_from_db()
    assert (run.state, run.answers) == ("asking", [])
    old = SyncRun.objects.get(pk=run.pk)
    old.fence -= 2
    assert not answer(old, go_on=True)


def test_an_answer_is_taken_once(world: World, office: Client) -> None:
    run = asking(world)
    assert "not asked any more" not in pressed(office, "answer", run, answer="go_on", asked=str(run.fence))
    assert "not asked any more" in pressed(office, "answer", run, answer="leave", asked=str(run.fence))
    assert world.work(run).state == "done"
    assert len(world.names_there()) == 61


def test_a_question_is_on_the_page_whatever_ran_since(world: World, office: Client) -> None:
    run = asking(world)
    world.work(ask(connection=world.connection, scope=FULL, preview=True))
    told = page(office)
    assert reverse("quickbooks:answer", args=[run.pk]) in told
    assert "Preview of Full Sync" in told
    line = status_line(world.company)
    assert line is not None
    assert (line.text, line.tone) == ("Full Sync has a question", "attention")


# --- Pages -------------------------------------------------------------------------------------------


def test_a_press_that_has_to_wait_is_told_for_what(world: World, office: Client) -> None:
    world.full()
    ask(connection=world.connection, scope=SYNC)
    claimed()
    told = pressed(office, "sync", preview="yes")
    assert "Preview of Sync waits. It goes on by itself once the Sync is done." in told
    told = pressed(office, "sync", full="on")
    assert "Full Sync waits. It goes on by itself once the Sync and the Preview of Sync are done." in told
    line = status_line(world.company)
    assert line is not None
    assert line.text == "Sync is running, 1 more waits"


def test_the_page_shows_what_runs_and_what_waits_behind_it(world: World, office: Client) -> None:
    world.full()
    at_work = ask(connection=world.connection, scope=SYNC)
    preview = ask(connection=world.connection, scope=SYNC, preview=True)
    claimed()
    told = page(office)
    assert '<h2 id="progress-title">Sync is running</h2>' in told
    assert "<strong>Preview of Sync waits</strong>" in told
    for run in (at_work, preview):
        assert reverse("quickbooks:stop", args=[run.pk]) in told
    report = page(office, reverse("quickbooks:run", args=[preview.pk]))
    assert "It goes on by itself once the Sync is done." in report
    history = page(office, reverse("quickbooks:history"))
    assert history.count(">Waits</b>") == history.count(">Running</b>") == 1


def test_a_sync_that_waits_behind_a_preview_is_not_said_to_run(world: World) -> None:
    ask(connection=world.connection, scope=SYNC, preview=True)
    assert claimed().preview
    assert status_line(world.company) is None, "a preview is no sync"
    ask(connection=world.connection, scope=SYNC)
    line = status_line(world.company)
    assert line is not None
    assert line.text == "Sync waits"


def test_stop_takes_back_what_waits_and_leaves_what_runs(world: World, office: Client) -> None:
    world.full()
    ask(connection=world.connection, scope=SYNC)
    at_work = claimed()
    preview = ask(connection=world.connection, scope=SYNC, preview=True)
    told = pressed(office, "stop", preview)
    assert "Preview of Sync was taken back. It was taken back before it began; nothing was done." in told
    assert "Preview of Sync has ended already. Nothing was stopped." in pressed(office, "stop", preview)
    at_work.refresh_from_db()
    assert (at_work.state, at_work.cancel_asked) == ("running", False)
    assert "It stops now. What was done is kept; press Sync to go on." in pressed(office, "stop", at_work)


def test_try_again_after_a_sync_as_shown_does_what_was_shown_and_nothing_else(
    world: World, office: Client
) -> None:
    preview = previewed(world, "Amelia Hartwell")
    customers.create(company=world.company, values={"display_name": "Entered Since"})
    run = ask(connection=world.connection, scope=SYNC, from_preview=preview)
    now = datetime.now(UTC)
    SyncRun.objects.filter(pk=run.pk).update(
        state="failed", trouble="unreachable", error="No answer.", started_at=now, finished_at=now
    )
    told = page(office)
    assert "Try again" in told
    shown = reverse("quickbooks:sync_as_shown", args=[preview.pk])
    assert f'action="{shown}"' in told
    assert told.count(f'action="{reverse("quickbooks:sync")}"') == 1, "the form itself"
    pressed(office, "sync_as_shown", preview)
    again = claimed()
    assert again.from_preview == preview


@pytest.mark.parametrize(
    ("scope", "preview", "fields"),
    [
        (LOOK, False, {"first_look": "yes"}),
        (FULL, False, {"full": "on"}),
        (FULL, True, {"full": "on", "preview": "yes"}),
        (SYNC, False, {"without_full": "yes"}),
        (SYNC, True, {"without_full": "yes", "preview": "yes"}),
    ],
)
def test_try_again_asks_for_the_very_same(
    world: World, office: Client, scope: SyncRun.Scope, *, preview: bool, fields: dict[str, str]
) -> None:
    button = once_more(SyncRun(connection=world.connection, scope=scope, preview=preview))
    assert button.fields == fields
    office.post(button.address, button.fields)
    run = SyncRun.objects.get()
    assert (run.scope, run.preview, run.from_preview) == (scope, preview, None)


def test_a_preview_whose_steps_are_gone_offers_nothing_and_says_so(world: World, office: Client) -> None:
    preview = previewed(world, "Amelia Hartwell")
    assert "Sync as shown" in page(office)
    PlannedStep.objects.filter(run=preview).delete()
    assert "Sync as shown" not in page(office)
    assert "Sync as shown" not in page(office, reverse("quickbooks:run", args=[preview.pk]))
    told = pressed(office, "sync_as_shown", preview)
    assert "What this preview showed is not kept any more. Press Preview" in told
    assert queue.line(world.connection) == []


def test_a_preview_that_is_not_finished_cannot_be_carried_out(world: World, office: Client) -> None:
    preview = ask(connection=world.connection, scope=SYNC, preview=True)
    assert "There is no finished preview of this." in pressed(office, "sync_as_shown", preview)


def test_the_command_line_waits_its_turn_and_says_what_stands_in_line(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.full()
    ask(connection=world.connection, scope=SYNC, preview=True)
    ask(connection=world.connection, scope=SYNC)
    commands.connection_status()
    told = capsys.readouterr().out
    assert "  Preview of Sync is about to start\n  Sync waits\n" in told
    assert commands.sync(world.company.name) == 0
    assert set(SyncRun.objects.values_list("state", flat=True)) == {"done"}
    assert SyncRun.objects.count() == 3, "it joined the Sync that waited"
