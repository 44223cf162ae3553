"""One run at work: its lease, its ports to the world, and what it has counted so far.

The engine is single-threaded: everything here is used by one coordinator. Time, ids and named
checkpoints are given, so that tests decide them.
"""

import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from django.db import connection as database
from django.db import transaction
from django.db.models import Exists, Q

from qbo.client import Client
from quickbooks_sync.kinds import Kind
from quickbooks_sync.kinds.base import Facts, LocalKey, Payload, RemoteKey, decimal
from quickbooks_sync.models import Connection, Remote, SyncRun
from quickbooks_sync.planner.actions import RaiseIssue, Wait
from quickbooks_sync.planner.decide import Policy
from quickbooks_sync.planner.guards import Question
from quickbooks_sync.sql.prepared import Update

from .background import background

LEASE_SECONDS = 300
RENEW_SECONDS = 20
#: SQLite lets one process write at a time, and is not fair: a write transaction is kept this short, and
#: followed by a pause as long, so that the web pages get their turn (measured: a web write waits 2 ms).
WRITE_SECONDS = 0.025
PAUSE_RATIO = 1.0
PAGE_ROWS_MIN, PAGE_ROWS, PAGE_ROWS_MAX = 10, 40, 200
#: How many are read and decided together: no transaction is open meanwhile, and a page costs as many
#: questions for ten as for hundreds.
READ_ROWS = 300


Row = TypeVar("Row")
RENEW = Update(
    SyncRun,
    lambda run, fence, connection, epoch: Q(
        # Of a restored backup run and fence may be those that a worker of before holds.
        Exists(Connection.objects.filter(pk=connection, epoch=epoch)),
        pk=run,
        fence=fence,
        state=SyncRun.State.RUNNING,
        cancel_asked=False,
    ),
    *("lease_expires_at", "counts", "progress", "calls"),
)


class LeaseLostError(Exception):
    """Another worker has this run now, or it was cancelled; nothing more may be written."""


class Asking(Exception):  # noqa: N818 - not an error
    """A guard stops the run with a question."""

    def __init__(self, question: Question) -> None:
        super().__init__(question.guard)
        self.question = question


class Cancelled(Exception):  # noqa: N818 - not an error
    """Somebody asked this run to stop."""


class Clock(Protocol):
    """Time as the engine sees it."""

    def now(self) -> float:
        """Seconds that only ever grow."""

    def sleep(self, seconds: float) -> None: ...

    def utc(self) -> datetime:
        """The database's time, the same for every process."""


class SystemClock:
    """The real time."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def utc(self) -> datetime:
        return database_time()


def database_time() -> datetime:
    """Now, by the clock of the database."""
    statement = (
        "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"
        if database.vendor == "sqlite"
        else "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"')"
    )
    with database.cursor() as cursor:
        cursor.execute(statement)
        return datetime.fromisoformat(cursor.fetchone()[0])


def new_id() -> str:
    """A random id for a request; also cut for batch items."""
    return secrets.token_hex(16)


def no_checkpoint(name: str) -> None:
    """Production stops at no checkpoint."""


@dataclass(kw_only=True)
class Coming:
    """What a run would create and pair, while it is only looked at: whatever waits for it comes as well."""

    there: set[LocalKey] = field(default_factory=set)
    here: set[RemoteKey] = field(default_factory=set)
    #: Local records with the remote id they would be paired with.
    pairing: dict[LocalKey, str] = field(default_factory=dict)
    #: Local records of which everything that is left to do comes as well.
    done: set[LocalKey] = field(default_factory=set)
    #: Local records about which a person would be asked first.
    asked: set[LocalKey] = field(default_factory=set)
    #: Local records whose question would be settled: what keeps them back is gone.
    settled: set[LocalKey] = field(default_factory=set)
    #: Links whose two sides are in use again, or put away, both of them.
    back: set[int] = field(default_factory=set)
    #: Those merged here whose counterpart goes to the survivor: its local id.
    handed: dict[LocalKey, int] = field(default_factory=dict)
    #: Links that give up what they have there, and others take: a name, a number, the room on an invoice.
    giving_up: set[int] = field(default_factory=set)
    #: Customers there that are deactivated, or go below another: remote ids.
    gone: set[str] = field(default_factory=set)
    #: Who may be removed there, by whoever has a part in the balance: itself, and those below.
    watched: defaultdict[RemoteKey, set[RemoteKey]] = field(default_factory=lambda: defaultdict(set))
    #: What steps do to the balances of those: whose -> Link of the step -> by how much it grows.
    growth: defaultdict[RemoteKey, dict[int, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    #: By invoice there: how much more is open of it once payments have been sent.
    room: defaultdict[RemoteKey, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    #: Links of invoices and payments that go to another customer there.
    moved: set[int] = field(default_factory=set)

    def as_left(self, kind: Kind, payload: Payload) -> Payload:
        """What is in QuickBooks, with its balances as the other steps leave them."""
        growth = self.growth.get((kind.name, str(payload.get("Id"))))
        if not growth:
            return payload
        balances = payload.keys() & {"Balance", "BalanceWithJobs"}
        added = sum(growth.values())
        return {**payload, **{name: decimal(payload[name]) + added for name in balances}}


@dataclass(kw_only=True)
class Session:
    """The run, and everything a step of it needs."""

    run: SyncRun
    connection: Connection
    client: Client
    facts: Facts
    clock: Clock
    #: After this long, a write of unknown outcome has happened or never will.
    late_commit_seconds: float
    new_id: Callable[[], str] = new_id
    checkpoint: Callable[[str], None] = no_checkpoint
    counts: Counter[str] = field(default_factory=Counter)
    progress: dict[str, object] = field(default_factory=dict)
    #: How many links became whole or were freed: a further pass may have more to do.
    unlocked: int = 0
    #: How many names were given up or taken: each record does so once, so this comes to an end.
    names_freed: int = 0
    #: How many payments were removed or pay less there: others may pay what they paid.
    room_freed: int = 0
    #: The Links of the removals that were met, by Kind: they are carried out last.
    removals: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    #: Links of those read again in this run before a person is told that they cannot be removed.
    looked_again: set[int] = field(default_factory=set)
    #: New transactions that look like one entered in QuickBooks by hand: link id -> what to ask.
    look_alikes: dict[int, RaiseIssue | Wait] = field(default_factory=dict)
    #: The invoice by which our tax is tried where QuickBooks reckons its own, in this pass: its Link.
    tax_tried: int | None = None
    #: The one invoice at which a person is asked about sales tax: its Link, and what it is called.
    tax_asked: tuple[int, str] | None = None
    #: Which record carries the question for a choice: its Link, and what it is called; see `choices`.
    asked_to_choose: dict[tuple[str, str, str], tuple[int, str]] = field(default_factory=dict)
    #: How much QuickBooks has refused for what may be a fault of the choices, or of the company's settings.
    refusals: int = 0
    #: The one invoice at which a person is asked about the pay link: its Link (0: none), and its label.
    pay_link_asked: tuple[int, str] | None = None
    #: What is older there than it was seen, by entity: remote ids (`observing.put_back`).
    older: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    #: What a restored backup has forgotten, and nobody has claimed: (Kind, customer there) -> its label.
    only_there: dict[tuple[str, str], str] = field(default_factory=dict)
    #: How the lists of each Kind compare, as far as neither side has a counterpart: see `compared`.
    compared: dict[str, Any] = field(default_factory=dict)
    #: Filled by a preview and a first look only.
    coming: Coming = field(default_factory=Coming)
    #: Those there into which another was merged that is asked about, as far as this run has met them.
    survivors: set[RemoteKey] = field(default_factory=set)
    #: What has become of those that are gone there, as what named them tells: by Link and remote id.
    became: dict[tuple[int, str], Remote | None] = field(default_factory=dict)
    stale_tries: Counter[int] = field(default_factory=Counter)
    time_there: datetime | None = None
    #: How many rows the next page should hold.
    page_rows: int = PAGE_ROWS
    #: And how many are read before.
    read_rows: int = READ_ROWS
    #: When the page began that is being written.
    page_at: datetime = field(init=False)
    _renewed_at: float = field(init=False)
    _background: tuple[Facts, str] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._renewed_at = self.clock.now()  # it was claimed this moment

    @property
    def policy(self) -> Policy:
        """What the user chose."""
        return Policy(
            two_way_edits=self.connection.two_way_edits,
            their_tax=self.facts.their_tax,
            who_wins=self.connection.winners,
        )

    @property
    def background(self) -> str:
        """What every refusal of this run hangs on: see `background`."""
        if self._background is None or self._background[0] is not self.facts:
            self._background = (self.facts, background(self.facts, self.connection.facts))
        return self._background[1]

    @contextmanager
    def page(self, *, rows: int = 0) -> Iterator[None]:
        """One short write transaction, ended by renewing the lease under its fence.

        `rows`: how many it writes, from which the size of the next page is reckoned.
        """
        begun = self.clock.now()
        with transaction.atomic():
            self.page_at = self.clock.utc()
            yield
            self._renew(self.page_at)
            # Without the commit: how long the disk takes for it does not depend on the rows.
            wrote = self.clock.now() - begun
        self.checkpoint("page committed")
        if database.vendor == "sqlite":
            if rows and wrote > 0:
                fitting = int(rows * WRITE_SECONDS / wrote)
                self.page_rows = min(max(fitting, PAGE_ROWS_MIN), PAGE_ROWS_MAX)
            self.clock.sleep((self.clock.now() - begun) * PAUSE_RATIO)

    def parts(self, rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
        """These, as many at a time as the next page should hold."""
        start = 0
        while start < len(rows):
            part = rows[start : start + self.page_rows]
            start += len(part)
            yield part

    def keep_lease(self) -> None:
        """Renew while waiting, if it is time to."""
        if self.clock.now() - self._renewed_at >= RENEW_SECONDS:
            with transaction.atomic():
                self._renew(self.clock.utc())

    def _renew(self, now: datetime) -> None:
        renewed = RENEW(
            run=self.run.pk,
            fence=self.run.fence,
            connection=self.connection.pk,
            epoch=self.connection.epoch,
            lease_expires_at=now + timedelta(seconds=LEASE_SECONDS),
            counts=dict(self.counts),
            progress=self.progress,
            calls=self.calls(),
        )
        if not renewed:
            stopped = SyncRun.objects.filter(pk=self.run.pk, fence=self.run.fence, cancel_asked=True).exists()
            raise Cancelled if stopped else LeaseLostError
        self._renewed_at = self.clock.now()

    def before_sending(self) -> None:
        """Send only while nobody else can have taken over by the time QuickBooks commits it, however late."""
        self.assert_no_transaction()
        if self.clock.now() - self._renewed_at >= LEASE_SECONDS - self.late_commit_seconds:
            raise LeaseLostError

    def calls(self) -> dict[str, int]:
        """The calls made for this run, by sort, those of earlier attempts included."""
        counts = self.client.calls
        now = asdict(counts) | {"total": counts.total, "metered_reads": counts.metered_reads}
        return {name: number + self.run.calls.get(name, 0) for name, number in now.items()}

    def assert_no_transaction(self) -> None:
        """Nothing is sent or asked inside a transaction."""
        if not database.get_autocommit() or database.in_atomic_block:
            raise AssertionError("a network call inside a database transaction")

    def unless_answered(self, question: Question | None) -> None:
        """Go on if there is no question, or if a person has answered this very one."""
        if question is not None and asdict(question) not in self.run.answers:
            raise Asking(question)

    def new_marker(self, uid: str) -> str:
        """A word under which a record of money is sent; what leaves is written down with its Sending."""
        self.connection.serial += 1
        return f"{self.connection.epoch}.{self.connection.serial}.{uid}"

    def count(self, kind: Kind, side: str, action: str, number: int = 1) -> None:
        """Count what was done: `customer.there.created` and the like."""
        self.counts[f"{kind.name}.{side}.{action}"] += number
