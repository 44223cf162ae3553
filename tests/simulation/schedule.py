"""Some days of a world, drawn from a seed: work, trouble, time; and in the end, quiet."""

from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from random import Random
from typing import Any
from unittest import mock

from django.core.exceptions import ValidationError

from qbo.errors import QuickBooksError
from quickbooks_sync.access import connection as connections
from quickbooks_sync.access.tokens import StoredTokens
from quickbooks_sync.models import Connection, Link, SyncRun
from quickbooks_sync.planner import guards
from quickbooks_sync.runs.queue import WORKER_STOPPED, ask, stop
from service_genius.sales import tax_rates
from tests.simulation.access import connect_again
from tests.simulation.answers import Answering
from tests.simulation.backup import Backup, can_back_up
from tests.simulation.bystander import Bystander
from tests.simulation.hands_here import HandsHere
from tests.simulation.hands_on_accounts import HandsOnAccounts
from tests.simulation.hands_on_money import PATHS, HandsOnMoney
from tests.simulation.hands_there import HandsThere
from tests.simulation.looks import Looks
from tests.simulation.people import People
from tests.simulation.restoring import KeptThere, announce, keep_there, put_back_there, restore, still_told
from tests.simulation.virtual import MISHAPS, Mishap
from tests.simulation.world import LATE_COMMIT_SECONDS, RefusedThere, VirtualWorld, all_well
from tests.world import Killed

DAY_SECONDS = 24 * 3600.0
#: Longer than QuickBooks remembers changes.
LONG_SECONDS = 40 * DAY_SECONDS
#: More than change data capture tells of at once.
MANY = 1001
#: Questions are for large companies; this is how small they must be to be asked of this one.
SMALL_GUARDS = {"NEW_THERE_MAX": 5, "REMOVALS_MAX": 1, "LINKS_OF_A_LIST_MAX": 3, "OLDER_MAX": 1}
ROUNDS_MAX = 6
OTHER_REALM = "9341400000000000002"
#: What a network can do beside the mishaps of the matrix.
NETWORK = (*MISHAPS["request"], Mishap.NOT_SENT, Mishap.ERROR_BEFORE, Mishap.TRUNCATED)
#: Faults of the emulator itself. Its delay, reply_lost, reset and truncated are what NETWORK does here.
FAULTS: tuple[dict[str, Any], ...] = (
    {"fault": "throttle"},
    {"fault": "unauthorized"},
    {"fault": "forbidden"},
    {"fault": "error_before", "match": {"operation": "batch"}},
    {"fault": "error_after", "match": {"operation": "batch"}},
    {"fault": "late_commit", "match": {"operation": "batch"}, "seconds": 90},
    {"fault": "stale_list", "seconds": 100},  # lists that lag more than 130 s are beyond what is promised
    {"fault": "unconfirmed_delete", "match": {"operation": "cdc"}},
    {"fault": "refuse", "match": {"operation": "create"}, "code": 6000},
    {"fault": "refuse", "match": {"operation": "update"}, "code": 5010},
    {"fault": "error_before", "match": {"path": "tokens/bearer"}},
    {"fault": "error_after", "match": {"path": "tokens/bearer"}},
)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A backup, and what people had written and taken apart by then."""

    backup: Backup
    written: dict[tuple[str, str, str, str], Any]
    left_under: frozenset[int]


class Schedule:
    """One world, its people, and what happens to them."""

    def __init__(self, *, world: VirtualWorld, chance: Random) -> None:
        self.world = world
        self.chance = chance
        self.people = People(world=world, chance=chance)
        self.answering = Answering(people=self.people)
        self.looks = Looks(world=world)
        self.bystander = Bystander(world)
        #: How many 429s were asked for.
        self.throttles = 0
        #: Links there were when somebody disconnected.
        self.linked: set[int] = set()
        self._acts = [
            *HandsHere(people=self.people).acts(),
            *HandsThere(people=self.people).acts(),
            *HandsOnMoney(people=self.people).acts(),
            *HandsOnAccounts(people=self.people).acts(),
        ]
        self._kept: Kept | None = None
        self._kept_there: KeptThere | None = None
        self._went_back = False

    def live(self) -> None:
        """Some days of it, under every sort of trouble."""
        world, chance = self.world, self.chance
        two_way = chance.random() < 0.3
        estimates = chance.random() < 0.6
        Connection.objects.filter(pk=world.connection.pk).update(
            two_way_edits=two_way, send_estimates=estimates
        )
        world.connection.send_estimates = estimates
        world.emulator.settings(merged_record=chance.choice(("gone", "inactive")))
        tax_rates.add(company=world.company, values={"name": "California", "percent": 8})
        world.emulator.advance(chance.uniform(-1800, 1800))  # two clocks never agree
        world.supervised = lambda: chance.random() < 0.7
        world.goes_on = lambda: chance.random() < 0.7
        world.beside = {} if chance.random() < 0.5 else None
        asks = chance.random() < 0.3
        with mock.patch.multiple(guards, **SMALL_GUARDS) if asks else nullcontext():
            self._work(chance.randint(10, 20))
            for day in range(chance.randint(2, 4)):
                self._day("full" if day == 0 or chance.random() < 0.15 else "sync")
        world.goes_on = lambda: True

    def calm(self) -> None:
        """No trouble and no work: press Sync, and the buttons of every Issue, until nothing moves."""
        self.world.clock.sleep(200)  # what was committed late has been by now
        # A Full Sync trusts no memory: nothing there tells that it went back.
        scope = "full" if self._went_back else "sync"
        for _ in range(ROUNDS_MAX):
            run = self.world.press(scope)
            if self._connect_if_lost():
                continue  # the tokens of a restored backup were too old
            if run.error == WORKER_STOPPED:
                continue  # it says what to do: press Sync again
            assert run.state == SyncRun.State.DONE, run.error
            if not self.answering.all_issues() and scope == "sync":
                break
            scope = "sync"
        self.world.press("sync")

    def _day(self, scope: str) -> None:
        chance, world = self.chance, self.world
        preview = None
        if chance.random() < 0.25:
            preview = self.looks.preview(scope)
            if chance.random() < 0.5:
                self.looks.as_shown(preview, surprised=self._went_back)
        if chance.random() < 0.5:
            self._back_up()
        self._begin_trouble()
        world.press(scope)
        if chance.random() < 0.2:
            world.press(SyncRun.Scope.BOOKS)
        self._end_trouble()
        if chance.random() < 0.1:
            self._wrong_company()
        if chance.random() < 0.5:
            self.answering.all_issues()
        self._work(chance.randint(4, 14))
        self._night()

    def _work(self, acts: int) -> None:
        for _ in range(acts):
            self._anything()

    def _anything(self) -> None:
        """One act of one person."""
        [act] = self.chance.choices(*zip(*self._acts, strict=True))
        self._act(act)

    def _befall(self) -> None:
        """Somebody there is at work on just what we made, and have no answer about."""
        if unknown := self.world.unknown():
            one = self.chance.choice(unknown)
            hands = HandsOnMoney if one[0] in PATHS else HandsThere
            [act] = self.chance.choices(*zip(*hands(people=self.people, only=one).acts_on_one(), strict=True))
            self._act(act, f" of {one}")

    def _act(self, act: Callable[[], None], of: str = "") -> None:
        """One that either system refuses is none."""
        self.world.trace.append(f"{self.world.clock.now():.3f} by hand: {act.__name__}{of}")
        with suppress(ValidationError, RefusedThere):
            act()
        if self.world.unannounced is not None:
            still_told(self.world)

    # --- Trouble ---

    def _begin_trouble(self) -> None:
        chance = self.chance
        for fault in chance.sample(FAULTS, chance.choice((0, 0, 1, 2))):
            times = chance.randint(1, 2)
            match = {**fault.get("match", {}), "nth": chance.randint(1, 4)}
            self.world.emulator.control("POST", "faults", {**fault, "match": match, "times": times})
            self.throttles += times if fault["fault"] == "throttle" else 0
        self.world.crossing = self._mishap
        self.world.checkpoint = self._between_steps
        self.world.meanwhile = self._meanwhile

    def _end_trouble(self) -> None:
        self.world.crossing = all_well
        self.world.meanwhile = lambda: None
        self.world.checkpoint = lambda _name: None
        self.world.emulator.clear_faults()
        self._connect_if_lost()

    def _connect_if_lost(self) -> bool:
        lost = not Connection.objects.get(pk=self.world.connection.pk).connected
        if lost:
            connect_again(self.world, self.world.realm)
        return lost

    def _mishap(self, boundary: str) -> Mishap | None:
        chance = self.chance
        if boundary == "request":
            return chance.choice(NETWORK) if chance.random() < 0.25 else None
        if boundary == "token" and chance.random() < 0.2:
            self._race()
        if chance.random() < (0.2 if boundary == "token" else 0.015):
            return chance.choice(MISHAPS[boundary])
        return None

    def _race(self) -> None:
        """Another process needs a token while this one is about to get it."""
        with suppress(QuickBooksError):
            StoredTokens(connection_id=self.world.connection.pk, clock=self.world.clock).current()

    def _meanwhile(self) -> None:
        """The worker is dead, or waits."""
        if self.chance.random() < 0.6:
            self._befall()

    def _between_steps(self, name: str) -> None:
        """Somebody works on, disconnects, or the worker is stopped for a while and wakes too late."""
        if name == "answer received" and self.chance.random() < 0.1:
            self._befall()
        drawn = self.chance.random()
        if drawn < 0.10:
            self._anything()
        elif drawn < 0.115:
            self.world.trace.append("stalled")
            self.world.stall()
        elif drawn < 0.12:
            self._disconnect()
        elif drawn < 0.125:
            raise Killed
        elif drawn < 0.14:
            self._back_up()
        elif drawn < 0.143 and self._kept is not None:
            self._restore()
            raise Killed
        elif 0.15 < drawn < 0.16:
            self._another_tab()

    def _another_tab(self) -> None:
        """Somebody presses another button while a run is at work."""
        runs = self.world.connection.runs
        scope = SyncRun.Scope(self.chance.choice(("sync", "full")))
        previews = list(runs.filter(preview=True, scope=scope, state=SyncRun.State.DONE).order_by("pk"))
        shown = self.chance.choice([None, *previews])
        preview = shown is None and self.chance.random() < 0.5
        self.world.trace.append(f"in another tab: {scope}, preview: {preview}, as shown in: {shown}")
        ask(connection=self.world.connection, scope=scope, preview=preview, from_preview=shown)
        at_work = runs.filter(state=SyncRun.State.RUNNING).first()
        if at_work is not None and self.chance.random() < 0.2:
            self.world.trace.append(f"{at_work} is stopped")
            stop(at_work)

    def _disconnect(self) -> None:
        self.world.trace.append("disconnected")
        whole = Link.objects.exclude(local_id=None).exclude(remote=None)
        self.linked |= set(whole.filter(connection=self.world.connection).values_list("pk", flat=True))
        connections.disconnect(Connection.objects.get(pk=self.world.connection.pk))

    def _wrong_company(self) -> None:
        """Somebody chooses another company on QuickBooks' page."""
        if OTHER_REALM not in {row["realm_id"] for row in self.world.emulator.realms()}:
            self.world.emulator.new_realm("empty", realm_id=OTHER_REALM)
        self.looks.refused(OTHER_REALM)

    # --- Backups ---

    def _back_up(self) -> None:
        if can_back_up():
            self.world.trace.append(f"{self.world.clock.now():.3f} backed up")
            self._kept = Kept(
                backup=Backup(),
                written=dict(self.people.written),
                left_under=frozenset(self.world.left_under),
            )

    def _restore(self) -> None:
        assert self._kept is not None
        self.world.trace.append(f"{self.world.clock.now():.3f} the backup is restored")
        # By the time it is back, no write of before can come late any more.
        self.world.clock.sleep(LATE_COMMIT_SECONDS)
        restore(self.world, self.people, backup=self._kept.backup, written=self._kept.written)
        self.world.left_under = set(self._kept.left_under)
        for _ in range(self.chance.choice((0, 0, 2, 4))):  # before anybody presses Sync
            self.chance.choice((self._befall, self._anything))()
        announce(self.world, self.chance)
        whole = Link.objects.filter(connection=self.world.connection).exclude(local_id=None)
        self.linked &= set(whole.exclude(remote=None).values_list("pk", flat=True))

    # --- Time ---

    def _night(self) -> None:
        drawn = self.chance.random()
        if drawn < 0.10:
            self.world.clock.sleep(LONG_SECONDS)
        elif drawn < 0.15:
            self.world.emulator.advance(600)
        elif drawn < 0.20:
            self._overflow()
        else:
            self.world.clock.sleep(DAY_SECONDS)
        if self._kept is not None and self.chance.random() < 0.2:
            self._restore()
            self._connect_if_lost()
        if self._kept_there is None or self.chance.random() < 0.3:
            self._kept_there = keep_there(self.world, self.people)
        elif self.chance.random() < 0.15:
            self.world.trace.append(f"{self.world.clock.now():.3f} QuickBooks' company is put back")
            put_back_there(self.world, self.people, self._kept_there)
            self._went_back = True

    def _overflow(self) -> None:
        now = self.world.emulator.control("GET", "clock")["now"]
        times = {"MetaData": {"CreateTime": now, "LastUpdatedTime": now}, "SyncToken": "0", "Active": True}
        vendors = [
            {"Id": str(50_000 + number), "DisplayName": f"Vendor {number}", **times} for number in range(MANY)
        ]
        self.world.emulator.load(self.world.realm, {"Vendor": vendors})
