"""Any order of presses by several people, while workers come, pause and die and records are entered.

What was not shown is never done "as shown"; what was asked for is done by a run that began after the press,
or a person stopped it, or it is told that it failed; nothing else ends a run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.db import connection as database
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quickbooks_sync.models import Change, PlannedStep, Sending, SyncRun
from quickbooks_sync.pages.status import status_line
from quickbooks_sync.planner import guards
from quickbooks_sync.planner.wishes import Wish
from quickbooks_sync.runs.queue import WAITING_MAX, CannotAskError, answer, ask, line, stop, wish_of
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.simulation.virtual import Mishap
from tests.simulation.world import InProcessEmulator, VirtualWorld, all_well, virtual_world

EXAMPLES = 10 if database.vendor == "postgresql" else 40
WISHES = [
    {"scope": scope, "preview": preview} for scope in ("sync", "full", "look") for preview in (False, True)
]
WISHES.remove({"scope": "look", "preview": True})  # nobody can press that
Act = tuple[str, int, bool]
#: What happens, a number that chooses, and whether it happens while a worker is at work, if one is.
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["press"] * 4
            + ["as_shown"] * 3
            + ["work"] * 6
            + ["enter"] * 3
            + ["remove", "stop", "answer", "fail", "die", "wait"]
        ),
        st.integers(0, 99),
        st.booleans(),
    ),
    min_size=8,
    max_size=40,
)


@dataclass(frozen=True, kw_only=True)
class Press:
    """One press that was accepted."""

    run: SyncRun
    wish: Wish
    #: How often the run had begun by then.
    begun: int
    #: The customers that had been entered.
    entered: frozenset[str]


@dataclass(kw_only=True)
class Office:
    """Several people at the buttons of one company."""

    world: VirtualWorld
    acts: list[Act]
    presses: list[Press] = field(default_factory=list)
    stopped: set[int] = field(default_factory=set)
    entered: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    failing: int = 0
    dying: bool = False

    def live(self) -> None:
        self.world.crossing = self._mishap
        self.world.checkpoint = lambda _name: self._meanwhile()
        while self.acts:
            self._act(self.acts.pop(0))
            status_line(self.world.company)

    def calm(self) -> None:
        self.world.crossing, self.world.checkpoint = all_well, lambda _name: None
        self.world.clock.sleep(1000)
        self.world.work_until_quiet()

    def _meanwhile(self) -> None:
        if self.acts and self.acts[0][0] != "work" and self.acts[0][2]:
            self._act(self.acts.pop(0))

    def _act(self, act: Act) -> None:
        what, number, _ = act
        self.world.trace.append(f"{what} {number}")
        getattr(self, f"_{what}")(number)

    def _mishap(self, boundary: str) -> Mishap | None:
        if boundary != "request":
            return None
        if self.dying:
            self.dying = False
            return Mishap.DIE_AFTER
        self.failing -= self.failing > 0
        return Mishap.ERROR_BEFORE if self.failing else None

    # --- What people do ---

    def _press(self, number: int) -> None:
        self._asked(**WISHES[number % len(WISHES)])

    def _as_shown(self, number: int) -> None:
        """Of any preview, finished or not."""
        previews = list(self._runs(preview=True))
        if previews:
            shown = previews[number % len(previews)]
            self._asked(scope=shown.scope, from_preview=shown)

    def _asked(self, *, scope: str, from_preview: SyncRun | None = None, preview: bool = False) -> None:
        connection = self.world.connection
        waiting = self._runs(state="queued").count()
        try:
            run = ask(
                connection=connection,
                scope=SyncRun.Scope(scope),
                preview=preview,
                from_preview=from_preview,
            )
        except CannotAskError:
            unfinished = from_preview is not None and from_preview.state != SyncRun.State.DONE
            assert unfinished or waiting == WAITING_MAX
            return
        wish = Wish(scope=scope, preview=preview, from_preview=from_preview.pk if from_preview else None)
        self.presses.append(
            Press(run=run, wish=wish, begun=run.fence, entered=frozenset(self.entered - self.removed))
        )

    def _stop(self, number: int) -> None:
        runs = list(self._runs())
        if runs and stop(runs[number % len(runs)]):
            self.stopped.add(runs[number % len(runs)].pk)

    def _answer(self, number: int) -> None:
        for run in self._runs(state="asking"):
            if answer(run, go_on=bool(number % 2)) and not number % 2:
                self.stopped.add(run.pk)

    def _enter(self, _number: int) -> None:
        name = f"Customer {len(self.entered)}"
        customers.create(company=self.world.company, values={"display_name": name})
        self.entered.add(name)

    def _remove(self, _number: int) -> None:
        """Two at once, so that a run asks."""
        for customer in Customer.objects.filter(active=True).order_by("pk")[:2]:
            customers.deactivate(company=self.world.company, id=customer.pk)
            self.removed.add(customer.display_name)

    # --- What befalls them ---

    def _work(self, _number: int) -> None:
        self.world.one_worker()

    def _fail(self, number: int) -> None:
        self.failing = number // 5

    def _die(self, _number: int) -> None:
        self.dying = True

    def _wait(self, number: int) -> None:
        self.world.clock.sleep(number * 3)

    # --- What must hold in the end ---

    def _runs(self, **wanted: object) -> Any:
        return SyncRun.objects.filter(connection=self.world.connection, **wanted).order_by("pk")

    def wrong(self) -> Iterator[str]:
        assert not line(self.world.connection)
        there = {row["DisplayName"] for row in self.world.there("Customer") if row["Active"]}
        for press in self.presses:
            press.run.refresh_from_db()
            yield from self._lost(press, there)
        for run in self._runs():
            if run.state == SyncRun.State.CANCELLED and run.pk not in self.stopped:
                yield f"{run} was stopped by nobody"
            if run.from_preview_id is not None:
                yield from _not_shown(run)
        begun = list(self._runs(started_at__isnull=False).values_list("started_at", flat=True))
        if begun != sorted(begun):
            yield f"they began out of turn: {begun}"

    def _lost(self, press: Press, there: set[str]) -> Iterator[str]:
        run = press.run
        if wish_of(run) != press.wish:
            yield f"{press.wish} was pressed, and {wish_of(run)} was done"
        if run.pk in self.stopped and run.state != SyncRun.State.DONE:
            return
        if run.state == SyncRun.State.REPLACED:
            later = [each for each in self._runs(pk__gt=run.pk) if wish_of(each) == press.wish]
            if not any(each.fence for each in later):
                yield f"{run} was replaced by nothing"
            return
        if run.fence <= press.begun:
            yield f"{run} did not begin after the press"
        if run.state == SyncRun.State.FAILED and run.trouble == "unreachable":
            return
        if run.state != SyncRun.State.DONE:
            yield f"{run} is {run.state}: {run.error}"
        sent = {*there, *run.plannedsteps.values_list("label", flat=True)}
        everything = run.scope != SyncRun.Scope.LOOK and run.from_preview_id is None
        if everything and press.entered - sent - self.removed:
            yield f"{run} left out {press.entered - sent - self.removed}"


def _not_shown(run: SyncRun) -> Iterator[str]:
    """What this run sent or wrote here that its preview does not hold."""
    steps = PlannedStep.objects.filter(run=run.from_preview_id).exclude(fingerprint="")
    shown = set(steps.values_list("link_id", "side"))
    done = {(item["link"], "there") for sent in Sending.objects.filter(run=run) for item in sent.items}
    done |= set(Change.objects.filter(run=run, side="here").values_list("link_id", "side"))
    if done - shown:
        yield f"{run} did what was not shown: {done - shown}"


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_whoever_presses_what_and_when_nothing_is_lost_and_only_what_was_shown_is_done_as_shown(
    transactional_db: None, emulator: InProcessEmulator, acts: list[Act]
) -> None:
    told = list(acts)
    with virtual_world(emulator, seed=7) as world, mock.patch.object(guards, "REMOVALS_MAX", 1):
        office = Office(world=world, acts=list(acts))
        office.live()
        office.calm()
        assert not list(office.wrong()), (told, world.trace[-60:])
