"""Two systems and a connection between them in virtual time, for one seed; and what must hold of them.

Real are the engine, its database, the client with its pace, and the emulator with its limits. Virtual are
time, the network between the two, and who dies when.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import qbo.environment
from qbo.client import Client
from qbo.limits import Pace
from qbo.traffic import TokenSource
from quickbooks_sync.access.session import LEASE_SECONDS, no_checkpoint
from quickbooks_sync.access.tokens import StoredTokens
from quickbooks_sync.models import Connection, Issue, SyncRun
from quickbooks_sync.runs.queue import answer, ask, claim, hand_back_leases, line
from quickbooks_sync.runs.run import carry_out
from service_genius.companies.models import Company
from tests.simulation import births, switches
from tests.simulation.access import VirtualOAuth, client_without_trouble, connect_again
from tests.simulation.backup import empty_tables
from tests.simulation.births import Object, Owner
from tests.simulation.in_process import InProcessEmulator, new_emulator
from tests.simulation.virtual import (
    Crossing,
    Mishap,
    Travel,
    VirtualClock,
    VirtualSender,
    by_chance,
    commits_crossed,
)
from tests.world import Killed

__all__ = ["InProcessEmulator", "VirtualWorld", "new_emulator", "virtual_world"]

BEGIN = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
REALM = "9341400000000000001"
OWNER = "simulated:1"
#: Intuit's own figure, so that late commits and leases meet as they do there.
LATE_COMMIT_SECONDS = 130.0
#: How often a worker looks whether another has renewed the tokens.
LOOK_SECONDS = 10.0
#: A run that is not quiet after so many workers never will be.
WORKERS_MAX = 60
#: Where a body or a state of things is refused, as QuickBooks does.
BAD_REQUEST = 400
UNAUTHORIZED = 401
#: What the engine creates.
ENTITIES = ("Customer", "Item", "Invoice", "Payment")
API = {"Accept": "application/json", "Content-Type": "application/json"}


class RefusedThere(Exception):  # noqa: N818 - what happened
    """QuickBooks refused what somebody entered there by hand."""


def all_well(_boundary: str) -> Mishap | None:
    return None


@dataclass(kw_only=True)
class VirtualWorld:
    """A company of Service Genius, connected to a company of QuickBooks."""

    emulator: InProcessEmulator
    clock: VirtualClock
    chance: Random
    company: Company
    connection: Connection
    environment: qbo.environment.Environment
    realm: str = REALM
    crossing: Crossing = all_well
    checkpoint: Callable[[str], None] = no_checkpoint
    travel: Travel = by_chance
    #: A new process has forgotten how fast it called; one that lives on has not.
    make_pace: Callable[[], Pace] = Pace
    #: Whether somebody saw the worker die, or its lease has to run out.
    supervised: Callable[[], bool] = lambda: True
    #: What a person says to a question of a run.
    goes_on: Callable[[], bool] = lambda: True
    trace: list[str] = field(default_factory=list)
    deaths: int = 0
    #: Told of each.
    at_birth: Callable[[Object], None] = lambda _one: None
    #: What happens outside while a worker is dead or a run waits.
    meanwhile: Callable[[], None] = lambda: None
    #: What the engine created in QuickBooks, and for which record; nothing if a backup has lost that record.
    births: dict[Object, Owner | None] = field(default_factory=dict)
    #: The file beside the database, which no backup takes back; nothing if there is none.
    beside: dict[str, Any] | None = None
    #: What was created since a backup that came back: what nobody can tell then is in docs/guarantees.md.
    forgotten: set[Object] = field(default_factory=set)
    #: The epoch in which a backup came back of which nobody said anything.
    unannounced: int | None = None
    #: Whether somebody has said that invoices carry the pay link.
    pay_link_wanted: bool = False
    #: What was made since then: what was made before is neither mailed nor payable online.
    may_carry_it: set[Object] = field(default_factory=set)
    #: What is nobody's of ours any more, because a person said so.
    released: set[Object] = field(default_factory=set)
    #: Links of what stays there with the other one of two that were taken apart, as a person was shown.
    left_under: set[int] = field(default_factory=set)
    #: What happens between two steps of a run is no boundary of it.
    _at_checkpoint: bool = False
    _token_by_hand: str = ""

    # --- The engine at work ---

    def press(self, scope: str, *, preview: bool = False, from_preview: SyncRun | None = None) -> SyncRun:
        """Press Sync, and let workers come and die until nothing is left to do; the run that ended it."""
        ask(
            connection=self.connection,
            scope=SyncRun.Scope(scope),
            preview=preview,
            from_preview=from_preview,
        )
        return self.work_until_quiet()

    def work_until_quiet(self) -> SyncRun:
        for _ in range(WORKERS_MAX):
            asking = self.connection.runs.filter(state=SyncRun.State.ASKING).order_by("pk").first()
            if asking is not None:
                answer(asking, go_on=self.goes_on())
                continue
            standing = line(self.connection)
            if not standing:
                self.connection.refresh_from_db()
                last = self.connection.runs.order_by("-pk").first()
                return last or SyncRun(connection=self.connection)
            self._wait_until_due(standing[0])
            self.one_worker()
        raise AssertionError(f"not quiet after {WORKERS_MAX} workers: {self.trace[-5:]}")

    def one_worker(self) -> None:
        """One process: it takes what is due, and works until it is done or dead."""
        client = Client(
            environment=self.environment,
            realm_id=self.realm,
            tokens=StoredTokens(connection_id=self.connection.pk, clock=self.clock),
            sender=self.sender(crossing=self._crossed),
            pace=self.make_pace(),
            clock=self.clock,
        )
        try:
            with commits_crossed(self._crossed):
                claimed = claim(owner=OWNER, clock=self.clock)
                if claimed is not None:
                    carry_out(
                        claimed,
                        client=client,
                        clock=self.clock,
                        make_id=self._make_id,
                        checkpoint=self._checked,
                    )
        except Killed:
            self.deaths += 1
            self.trace.append(f"{self.clock.now():.3f} killed")
            self.meanwhile()
            if self.supervised():
                hand_back_leases(owner=OWNER)
            else:
                self.clock.sleep(LEASE_SECONDS + 1)

    def sender(self, *, crossing: Crossing) -> VirtualSender:
        return VirtualSender(
            application=self.emulator.application,
            clock=self.clock,
            chance=self.chance,
            crossing=crossing,
            trace=self.trace,
            travel=self.travel,
        )

    def oauth(self) -> VirtualOAuth:
        return VirtualOAuth(self.emulator, crossing=self._crossed)

    def _wait_until_due(self, run: SyncRun) -> None:
        due = run.lease_expires_at if run.state == SyncRun.State.RUNNING else run.not_before
        if due is not None:
            self.meanwhile()
            self.clock.sleep((due - self.clock.utc()).total_seconds() + 0.001)

    def stall(self) -> None:
        """The worker at hand is stopped until its lease has run out and another has done its run."""
        self.clock.sleep(LEASE_SECONDS + 1)
        self.one_worker()

    def _crossed(self, boundary: str) -> Mishap | None:
        mishap = None if self._at_checkpoint else self.crossing(boundary)
        if mishap is not None:
            self.trace.append(f"{self.clock.now():.3f} {boundary}: {mishap}")
        return mishap

    def _checked(self, name: str) -> None:
        self.trace.append(f"{self.clock.now():.3f} {name}")
        if not self._at_checkpoint:
            self._at_checkpoint = True
            try:
                self.checkpoint(name)
            finally:
                self._at_checkpoint = False

    def born(self, bid: str, entity: str, remote_id: str) -> None:
        """A batch has created something."""
        self.births[entity, remote_id] = births.owner_of(self.connection, bid)
        if self.pay_link_wanted:
            self.may_carry_it.add((entity, remote_id))
        self.at_birth((entity, remote_id))

    def unknown(self) -> list[Object]:
        """What we created, and have no answer about."""
        there = {(entity, str(row["Id"])) for entity in ENTITIES for row in self.there(entity)}
        return sorted((self.births.keys() & there) - self.released - births.linked(self.connection))

    def _make_id(self) -> str:
        return f"{self.chance.getrandbits(128):032x}"

    # --- QuickBooks, as another program or a person there uses it ---

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Raises RefusedThere."""
        with self.emulator.without_trouble():
            answered = self._post(path, body)
            if answered.status_code == UNAUTHORIZED:
                self._token_by_hand = self.emulator.grant(self.realm, "by hand")["access_token"]
                answered = self._post(path, body)
        if answered.status_code == BAD_REQUEST:
            raise RefusedThere(answered.get_data(as_text=True))
        assert answered.status_code == 200, answered.get_data(as_text=True)
        loaded: dict[str, Any] = json.loads(answered.get_data())
        stored = next(value for key, value in loaded.items() if key != "time")
        return dict(stored)

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        address, _, query = path.partition("?")
        return self.emulator.client.post(
            f"/v3/company/{self.realm}/{address}?minorversion=75&{query}",
            data=json.dumps(body),
            headers={**API, "Authorization": f"Bearer {self._token_by_hand}"},
        )

    def there(self, entity: str) -> list[dict[str, Any]]:
        """Every object of an entity in QuickBooks."""
        return self.emulator.dump(self.realm).get(entity, [])

    def issues(self) -> dict[str, str]:
        """Needs attention: label -> reason."""
        return {issue.label: issue.reason for issue in Issue.objects.filter(connection=self.connection)}


def quickbooks() -> qbo.environment.Environment:
    return replace(qbo.environment.emulator("http://127.0.0.1:1"), late_commit_seconds=LATE_COMMIT_SECONDS)


@contextmanager
def virtual_world(
    emulator: InProcessEmulator, *, seed: int, mode: str = "honoured"
) -> Iterator[VirtualWorld]:
    """A new company connected to a new one in QuickBooks, at the beginning of time."""
    clock = VirtualClock(begin=BEGIN)
    empty_tables()
    emulator.begin_anew(clock)
    emulator.new_realm("empty", realm_id=REALM)
    emulator.settings(limits=True, batch_request_ids=mode, **switches.DEFAULTS)
    emulator.reset_counters()
    company = Company.objects.create(name="Summit Comfort", zone="America/Los_Angeles")
    connection = Connection.objects.create(
        company=company,
        environment="emulator",
        realm_id=REALM,
        connected_at=BEGIN,
        start_date=BEGIN.date(),
    )
    with ExitStack() as stack:
        for module in ("runs.queue", "access.connection", "access.session"):
            stack.enter_context(mock.patch(f"quickbooks_sync.{module}.database_time", clock.utc))
        world = VirtualWorld(
            emulator=emulator,
            clock=clock,
            chance=Random(seed),
            company=company,
            connection=connection,
            environment=quickbooks(),
        )
        for name, instead in (
            ("access.tokens.environment", quickbooks),
            ("access.tokens.oauth", world.oauth),
            ("access.tokens.LOOK_SECONDS", LOOK_SECONDS),
            ("access.connection._client", partial(_client, world)),
        ):
            stack.enter_context(mock.patch(f"quickbooks_sync.{name}", instead))
        stack.enter_context(births.noted(world.born))
        stack.enter_context(
            mock.patch.multiple(
                "quickbooks_sync.memory.high_water",
                beside_database=lambda: None if world.beside is None else Path("beside"),
                _read=lambda _path: dict(world.beside or {}),
                _write=lambda _path, known: world.beside.update(known),  # type: ignore[union-attr]
                _alone=lambda _path: nullcontext(),
            )
        )
        connect_again(world, REALM)
        connection.refresh_from_db()
        yield world


def _client(world: VirtualWorld, realm: str, tokens: TokenSource, _pace: Pace | None = None) -> Any:
    return client_without_trouble(world, realm, tokens)
