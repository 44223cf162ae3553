"""Calls on their way: pace, tokens, re-sending, and which completion belongs to whom.

The only state of the client. A call goes out when the pace and the places in flight allow it; while
something is awaited, whatever else completes is kept for whoever asks next. Each answer is logged with
Intuit's transaction id, and without anything of its content.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from .batch import bids_of
from .errors import Disconnected, QuickBooksError, RenewToken, Throttled
from .limits import IN_FLIGHT_MAX, Pace
from .retry import NotExecuted, Patience, WriteOutcome, envelope_of, outcome_of_write, tid
from .sender import Completion, HttpRequest, Sender

log = logging.getLogger(__name__)

#: How long one look for room lasts at most; there is another after it.
TURN_SECONDS = 20.0

Answer = TypeVar("Answer")


class Clock(Protocol):
    """Monotonic seconds."""

    def now(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class TokenSource(Protocol):
    """Where access tokens come from; it stores a renewed one before it hands it out."""

    def current(self) -> str: ...

    def renewed(self, stale: str) -> str:
        """A token other than `stale`, which QuickBooks has just refused.

        Raises Disconnected when a person must connect again, TryAgain when Intuit cannot be reached.
        """


@dataclass(kw_only=True)
class CallCounts:
    """Calls by sort, counted as they go out: one that goes again counts again."""

    reads: int = 0
    batch_reads: int = 0
    queries_in_batches: int = 0
    write_batches: int = 0
    retried: int = 0
    throttled: int = 0
    renewed: int = 0

    @property
    def total(self) -> int:
        return self.reads + self.batch_reads + self.write_batches

    @property
    def metered_reads(self) -> int:
        """Intuit sells reads by the month, and each query in a batch is taken to count (facts C2)."""
        return self.reads + self.queries_in_batches


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call, complete but for its token."""

    method: str
    path: str  # below the company, for the log
    url: str
    timeout: float
    body: bytes = field(default=b"", repr=False)
    content_type: str = "application/json"
    queries: int = 0  # how many a batch of queries holds
    is_write: bool = False

    @property
    def is_batch(self) -> bool:
        return self.is_write or self.queries > 0


@dataclass(kw_only=True)
class _Write:
    ticket: int
    call: Call
    bids: tuple[str, ...]
    before_again: Callable[[], None]
    patience: Patience = field(default_factory=Patience)
    token: str = field(default="", repr=False)
    not_before: float = 0.0


class Traffic:
    """The calls of one client."""

    def __init__(self, *, tokens: TokenSource, sender: Sender, pace: Pace, clock: Clock) -> None:
        self.counts = CallCounts()
        self._tokens = tokens
        self._sender = sender
        self._pace = pace
        self._clock = clock
        self._last_number = 0  # names each request to the sender
        self._reads: dict[int, Completion] = {}
        self._writes: dict[int, _Write] = {}  # in flight
        self._again: deque[_Write] = deque()  # certainly not executed, to be sent once more
        self._outcomes: deque[WriteOutcome] = deque()
        self._disconnected: Disconnected | None = None

    def ask(self, call: Call, read: Callable[[dict[str, Any]], Answer]) -> Answer:
        """The answer to a read, as `read` makes it of the envelope; asked again within bounds."""
        patience = Patience()
        while True:
            self._make_room(is_batch=call.is_batch, timeout=call.timeout)
            number, token = self._send(call)
            while number not in self._reads:  # a sender owes a completion for each request
                self._pass_time(call.timeout)
            completion = self._reads.pop(number)
            _log(call, completion)
            try:
                return read(envelope_of(completion))
            except QuickBooksError as error:
                self._pass_time(self._prepare_again(error, patience, token))

    def await_turn(self) -> None:
        """Wait until a write may start at once."""
        self._tokens.current()  # one that must be renewed is renewed now
        self._make_room(is_batch=True, timeout=TURN_SECONDS)

    def submit(self, ticket: int, call: Call, before_again: Callable[[], None]) -> None:
        """Send a write as soon as there is room."""
        write = _Write(ticket=ticket, call=call, bids=bids_of(call.body), before_again=before_again)
        self._make_room(is_batch=call.is_batch, timeout=call.timeout)
        number, write.token = self._send(call)
        self._writes[number] = write

    def next_write(self, timeout: float) -> WriteOutcome | None:
        """The next outcome of a write; None if there is none within `timeout` seconds."""
        deadline = self._clock.now() + timeout
        while True:
            self._send_again()
            if self._outcomes:
                return self._outcomes.popleft()
            if not (self._writes or self._again):
                return None
            wait = deadline - self._clock.now()
            if self._again and self._sender.in_flight < IN_FLIGHT_MAX:
                wait = min(wait, self._wait_seconds(self._again[0]))
            self._pass_time(max(wait, 0.0))
            if not self._outcomes and self._clock.now() >= deadline:
                return None

    def _make_room(self, *, is_batch: bool, timeout: float) -> None:
        while True:
            wait = self._pace.wait_seconds(self._clock.now(), batch=is_batch)
            if self._sender.in_flight >= IN_FLIGHT_MAX:
                self._pass_time(timeout)
            elif wait > 0:
                self._pass_time(wait)
            else:
                return

    def _send(self, call: Call, just_before: Callable[[], None] = lambda: None) -> tuple[int, str]:
        """Send now; the number its completion will have, and the token it went with."""
        if self._disconnected is not None:
            raise self._disconnected
        token = self._tokens.current()
        just_before()
        self._last_number += 1
        self._count(call)
        self._pace.started(self._clock.now(), batch=call.is_batch)
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Content-Type": call.content_type,
        }
        request = HttpRequest(
            method=call.method, url=call.url, headers=headers, body=call.body, timeout=call.timeout
        )
        self._sender.submit(self._last_number, request)
        return self._last_number, token

    def _count(self, call: Call) -> None:
        if call.is_write:
            self.counts.write_batches += 1
        elif call.is_batch:
            self.counts.batch_reads += 1
            self.counts.queries_in_batches += call.queries
        else:
            self.counts.reads += 1

    def _send_again(self) -> None:
        """Send what was certainly not executed and whose time has come."""
        while (
            self._again and self._sender.in_flight < IN_FLIGHT_MAX and self._wait_seconds(self._again[0]) <= 0
        ):
            write = self._again.popleft()
            try:
                number, write.token = self._send(write.call, write.before_again)
            except QuickBooksError as cause:
                self._give_up(write, cause)
            else:
                self._writes[number] = write

    def _wait_seconds(self, write: _Write) -> float:
        now = self._clock.now()
        return max(write.not_before - now, self._pace.wait_seconds(now, batch=write.call.is_batch))

    def _pass_time(self, seconds: float) -> None:
        """Wait, but no longer than until the next completion, which is kept."""
        if not self._sender.in_flight:
            self._clock.sleep(seconds)
            return
        completion = self._sender.wait(seconds)
        if completion is None:
            return
        write = self._writes.pop(completion.ticket, None)
        if write is None:
            self._reads[completion.ticket] = completion
        else:
            self._settle(write, completion)

    def _settle(self, write: _Write, completion: Completion) -> None:
        _log(write.call, completion)
        outcome = outcome_of_write(write.ticket, write.bids, completion)
        if not isinstance(outcome, NotExecuted):
            self._outcomes.append(outcome)
            return
        try:
            pause = self._prepare_again(outcome.cause, write.patience, write.token)
        except QuickBooksError as cause:
            self._give_up(write, cause)
        else:
            write.not_before = self._clock.now() + pause
            self._again.append(write)

    def _give_up(self, write: _Write, cause: QuickBooksError) -> None:
        self._outcomes.append(NotExecuted(ticket=write.ticket, reason=str(cause), cause=cause))

    def _prepare_again(self, error: QuickBooksError, patience: Patience, token: str) -> float:
        """How long to wait before a failed call goes again; raises if it shall not."""
        if isinstance(error, Throttled):
            self.counts.throttled += 1
            self._pace.throttled(self._clock.now())
        try:
            renews = isinstance(error, RenewToken) and patience.renewals > 0
            pause = patience.pause_seconds(error)
            if renews and self._tokens.current() == token:
                self.counts.renewed += 1
                self._tokens.renewed(token)
        except Disconnected as disconnected:
            self._disconnected = disconnected  # what is still in flight or queued need not find out again
            raise
        self.counts.retried += 1
        return pause


def _log(call: Call, completion: Completion) -> None:
    response = completion.response
    if response is None:
        log.warning(
            "%s %s: no answer (%s, %s)", call.method, call.path, completion.failure, completion.reason
        )
    else:
        log.info("%s %s: %s, intuit_tid %s", call.method, call.path, response.status, tid(response))
