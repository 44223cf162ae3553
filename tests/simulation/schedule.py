"""Some days of a world, drawn from a seed: work, trouble, time; then quiet, and what must hold."""

from random import Random
from typing import Any

from quickbooks_sync import connection as connections
from quickbooks_sync.models import Connection, Issue, Link, SyncRun
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.work_codes.models import WorkCode
from tests.simulation.books import ENTITIES, Findings, audit, is_live
from tests.simulation.hands import Hands
from tests.simulation.virtual import MISHAPS, Mishap
from tests.simulation.world import VirtualWorld, all_well
from tests.world import Killed

DAY_SECONDS = 24 * 3600.0
#: Longer than QuickBooks remembers changes.
LONG_SECONDS = 40 * DAY_SECONDS
#: More than change data capture tells of at once.
MANY = 1001
ROUNDS_MAX = 12
#: What a network can do beside the mishaps of the matrix.
NETWORK = (*MISHAPS["request"], Mishap.NOT_SENT, Mishap.ERROR_BEFORE, Mishap.TRUNCATED)
#: Faults of the emulator itself.
FAULTS: tuple[dict[str, Any], ...] = (
    {"fault": "throttle"},
    {"fault": "unauthorized"},
    {"fault": "error_before", "match": {"operation": "batch"}},
    {"fault": "error_after", "match": {"operation": "batch"}},
    {"fault": "late_commit", "match": {"operation": "batch"}, "seconds": 90},
    {"fault": "stale_list", "seconds": 100},  # lists that lag more than 130 s are beyond what is promised
    {"fault": "unconfirmed_delete", "match": {"operation": "cdc"}},
    {"fault": "refuse", "match": {"operation": "create"}, "code": 6000},
    {"fault": "refuse", "match": {"operation": "update"}, "code": 5010},
)


class Schedule:
    """One world, its people, and what happens to them."""

    def __init__(self, *, world: VirtualWorld, chance: Random) -> None:
        self.world = world
        self.chance = chance
        self.hands = Hands(world=world, chance=chance)
        self._throttles = 0
        self._linked: set[int] = set()

    # --- What happens ---

    def live(self) -> None:
        world, chance = self.world, self.chance
        two_way = chance.random() < 0.3
        Connection.objects.filter(pk=world.connection.pk).update(two_way_edits=two_way)
        invoices.add_tax_rate(company=world.company, values={"name": "California", "percent": 8})
        world.emulator.advance(chance.uniform(-1800, 1800))  # two clocks never agree
        world.supervised = lambda: chance.random() < 0.7
        self._work(chance.randint(10, 20))
        for day in range(chance.randint(2, 4)):
            self._begin_trouble()
            world.press("full" if day == 0 or chance.random() < 0.15 else "sync")
            self._end_trouble()
            if chance.random() < 0.5:
                self.hands.answer_issues()
            self._work(chance.randint(4, 14))
            self._night()

    def calm(self) -> None:
        """No trouble and no edits: press Sync, and the buttons of every Issue, until nothing moves."""
        self.world.clock.sleep(200)  # what was committed late has been by now
        for _ in range(ROUNDS_MAX):
            run = self.world.press("sync")
            assert run.state == SyncRun.State.DONE, run.error
            if not self.hands.answer_issues():
                break
        self.world.press("sync")

    def _work(self, acts: int) -> None:
        for _ in range(acts):
            self.hands.anything()

    def _begin_trouble(self) -> None:
        chance = self.chance
        for fault in chance.sample(FAULTS, chance.choice((0, 0, 1, 2))):
            times = chance.randint(1, 2)
            match = {**fault.get("match", {}), "nth": chance.randint(1, 4)}
            self.world.emulator.control("POST", "faults", {**fault, "match": match, "times": times})
            self._throttles += times if fault["fault"] == "throttle" else 0
        self.world.crossing = self._mishap
        self.world.checkpoint = self._between_steps

    def _end_trouble(self) -> None:
        self.world.crossing = all_well
        self.world.checkpoint = lambda _name: None
        self.world.emulator.clear_faults()
        Connection.objects.filter(pk=self.world.connection.pk).update(state=Connection.State.CONNECTED)

    def _mishap(self, boundary: str) -> Mishap | None:
        chance = self.chance
        if boundary == "request":
            return chance.choice(NETWORK) if chance.random() < 0.25 else None
        if chance.random() < 0.015:
            return chance.choice(MISHAPS[boundary])
        return None

    def _between_steps(self, name: str) -> None:
        """Somebody works on, disconnects, or the worker is stopped for a while and wakes too late."""
        drawn = self.chance.random()
        if drawn < 0.10:
            self.hands.anything()
        elif drawn < 0.115:
            self.world.trace.append("stalled")
            self.world.stall()
        elif drawn < 0.12:
            self._disconnect()
        elif drawn < 0.125:
            raise Killed

    def _disconnect(self) -> None:
        self.world.trace.append("disconnected")
        self._linked |= set(
            Link.objects.exclude(local_id=None).exclude(remote=None).values_list("pk", flat=True)
        )
        connections.disconnect(Connection.objects.get(pk=self.world.connection.pk))

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

    def _overflow(self) -> None:
        now = self.world.emulator.control("GET", "clock")["now"]
        times = {"MetaData": {"CreateTime": now, "LastUpdatedTime": now}, "SyncToken": "0", "Active": True}
        vendors = [
            {"Id": str(50_000 + number), "DisplayName": f"Vendor {number}", **times} for number in range(MANY)
        ]
        self.world.emulator.load(self.world.realm, {"Vendor": vendors})

    # --- What must hold ---

    def findings(self) -> Findings:
        found = audit(self.world)
        self._as_people_left_it(found)
        self._quiet(found)
        throttled = self.world.emulator.counters(self.world.realm)["throttled"]
        if throttled > self._throttles:
            found.unrest.append(f"{throttled - self._throttles} calls were throttled by our own pace")
        if lost := self._linked - set(Link.objects.values_list("pk", flat=True)):
            found.losses.append(f"the links {sorted(lost)} are gone since a disconnect")
        return found

    def _quiet(self, found: Findings) -> None:
        sync, full = self.world.press("sync"), self.world.press("full")
        if sync.calls["write_batches"] or full.calls["write_batches"]:
            found.unrest.append(f"quiet runs wrote: {sync.calls}, {full.calls}")
        if changes := [str(change) for change in full.changes.all()]:
            found.unrest.append(f"a second Full Sync changed {changes}")
        needs = Issue.objects.filter(connection=self.world.connection).exists()
        waits = Link.objects.filter(connection=self.world.connection, waiting=True).exists()
        if sync.calls["total"] != 1 and not needs and not waits:
            found.unrest.append(f"a quiet run made {sync.calls['total']} calls")

    def _as_people_left_it(self, found: Findings) -> None:
        """What one side alone may change is as somebody wrote it; what was removed there stays removed."""
        there = {
            (kind, str(row["Id"])): row
            for kind, entity in ENTITIES.items()
            for row in self.world.there(entity)
        }
        for (side, kind, key, member), value in self.hands.written.items():
            if side == "here":
                model = Customer if kind == "customer" else WorkCode
                stored = getattr(model.objects.get(pk=key), member)
            elif key in self.hands.overruled:
                continue
            else:
                stored = (there[kind, key].get(member) or {}).get("FreeFormNumber", "")
            if stored != value:
                found.losses.append(f"{member} of {kind} {key} {side}: {stored}, but somebody wrote {value}")
        for kind, key in self.hands.removed:
            row = there.get((kind, key))
            if row is not None and is_live(kind, row):
                found.duplicates.append(f"{kind} {key} was removed there, and is back")
