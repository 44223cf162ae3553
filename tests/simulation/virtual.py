"""Time, network and death, all decided by a seed: what the engine meets instead of the real world.

One clock for both systems, moved only by waiting; one heap of what is still to happen, requests on their
way included, so that what a worker sent before it died arrives all the same. Deliberately absent: threads,
sockets and any look at the real time.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any
from unittest import mock
from urllib.parse import urlsplit

from django.db import connections as databases
from werkzeug.test import Client as WsgiClient

from qbo.sender import Completion, HttpRequest, HttpResponse
from tests.world import Killed

LATENCY_SECONDS = (0.05, 2.0)
#: QuickBooks commits at most this long after a request was given up (facts C1).
LATE_SECONDS = (1.0, 119.0)


class Mishap(StrEnum):
    """What may go wrong where a run crosses a boundary."""

    DIE_BEFORE = "die before"
    DIE_AFTER = "die after"
    REPLY_LOST = "reply lost after the commit"
    ERROR_AFTER = "500 after the commit"
    RESET = "connection reset"
    COMMITTED_LATE = "reply lost, committed later"
    NOT_SENT = "not sent"
    ERROR_BEFORE = "500 before the commit"
    TRUNCATED = "reply cut off"


#: What may go wrong at each sort of boundary. A reply that came is not undone by a later death.
MISHAPS: dict[str, tuple[Mishap, ...]] = {
    "request": (
        Mishap.DIE_BEFORE,
        Mishap.DIE_AFTER,
        Mishap.REPLY_LOST,
        Mishap.ERROR_AFTER,
        Mishap.RESET,
        Mishap.COMMITTED_LATE,
    ),
    "token": (Mishap.DIE_BEFORE, Mishap.DIE_AFTER, Mishap.REPLY_LOST, Mishap.NOT_SENT),
    "reply": (Mishap.DIE_AFTER,),
    "commit": (Mishap.DIE_BEFORE, Mishap.DIE_AFTER),
}
NEVER_ARRIVES = {Mishap.RESET, Mishap.NOT_SENT, Mishap.ERROR_BEFORE}

#: Told of each boundary as it is crossed; says what goes wrong there, if anything.
Crossing = Callable[[str], Mishap | None]
#: How many seconds a request is under way, and its answer.
Travel = Callable[[Random, HttpRequest], tuple[float, float]]


def at_request(number: int, mishap: Mishap) -> Callable[[str], Mishap | None]:
    """One mishap at the so many-th request from now, counted from 1."""
    met = 0

    def crossing(boundary: str) -> Mishap | None:
        nonlocal met
        met += boundary == "request"
        return mishap if boundary == "request" and met == number else None

    return crossing


def by_chance(chance: Random, _request: HttpRequest) -> tuple[float, float]:
    return chance.uniform(*LATENCY_SECONDS), chance.uniform(*LATENCY_SECONDS)


class VirtualClock:
    """Seconds since the beginning of the story, and what is still to happen."""

    def __init__(self, *, begin: datetime) -> None:
        self._begin = begin
        self._now = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0

    def now(self) -> float:
        return self._now

    def utc(self) -> datetime:
        return self._begin + timedelta(seconds=self._now)

    def timestamp(self) -> float:
        return self.utc().timestamp()

    def call_later(self, seconds: float, action: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._events, (self._now + seconds, self._number, action))

    def sleep(self, seconds: float) -> None:
        moment = self._now + max(seconds, 0.0)
        while self.step(until=moment):
            pass

    def step(self, *, until: float) -> bool:
        """Let the next thing happen if it does so by then; otherwise only the time has come."""
        if not self._events or self._events[0][0] > until:
            self._now = max(self._now, until)
            return False
        moment, _, action = heapq.heappop(self._events)
        self._now = max(self._now, moment)
        action()
        return True


class VirtualSender:
    """`qbo.sender.Sender` over a WSGI application in this process."""

    def __init__(
        self,
        *,
        application: Any,
        clock: VirtualClock,
        chance: Random,
        crossing: Crossing,
        trace: list[str],
        travel: Travel = by_chance,
    ) -> None:
        self._application = WsgiClient(application)
        self._clock = clock
        self._chance = chance
        self._crossing = crossing
        self._trace = trace
        self._travel = travel
        self._completions: deque[Completion] = deque()
        self._in_flight = 0

    @property
    def in_flight(self) -> int:
        return self._in_flight

    def submit(self, ticket: int, request: HttpRequest) -> None:
        mishap = self._crossing("request")
        if mishap is Mishap.DIE_BEFORE:
            raise Killed
        self._in_flight += 1
        there, back = self._travel(self._chance, request)
        late = self._chance.uniform(*LATE_SECONDS)
        self._log(f"-> {request.method} {_path(request)} {mishap or ''}")
        if mishap in NEVER_ARRIVES:
            self._clock.call_later(there, lambda: self._complete(ticket, None, mishap))
        elif mishap is Mishap.COMMITTED_LATE:
            self._clock.call_later(there + late, lambda: self._discard(request))
            self._clock.call_later(there, lambda: self._complete(ticket, None, mishap))
        else:
            self._clock.call_later(there, lambda: self._arrive(ticket, request, mishap, back))
        if mishap is Mishap.DIE_AFTER:
            raise Killed

    def wait(self, timeout: float) -> Completion | None:
        deadline = self._clock.now() + max(timeout, 0.0)
        while not self._completions:
            if not self._clock.step(until=deadline):
                return None
        completion = self._completions.popleft()
        self._in_flight -= 1
        if self._crossing("reply") is not None:
            raise Killed
        return completion

    def close(self) -> None:
        """Nothing is held; what is on its way arrives without us."""

    def _arrive(self, ticket: int, request: HttpRequest, mishap: Mishap | None, back: float) -> None:
        response = self._carry_out(request)
        self._clock.call_later(back, lambda: self._complete(ticket, response, mishap))

    def _discard(self, request: HttpRequest) -> None:
        self._carry_out(request)

    def _carry_out(self, request: HttpRequest) -> HttpResponse:
        parts = urlsplit(request.url)
        answer = self._application.open(
            parts.path,
            method=request.method,
            query_string=parts.query,
            headers=dict(request.headers),
            data=request.body,
        )
        self._log(f"<- {answer.status_code} {_path(request)}")
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return HttpResponse(status=answer.status_code, headers=headers, body=answer.get_data())

    def _complete(self, ticket: int, response: HttpResponse | None, mishap: Mishap | None) -> None:
        self._completions.append(_completion(ticket, response, mishap))

    def _log(self, line: str) -> None:
        self._trace.append(f"{self._clock.now():.3f} {line}")


def _completion(ticket: int, response: HttpResponse | None, mishap: Mishap | None) -> Completion:
    """What the client is told in the end."""
    if mishap in {Mishap.ERROR_AFTER, Mishap.ERROR_BEFORE}:
        response = HttpResponse(status=500, headers={}, body=b"")
    elif mishap is Mishap.TRUNCATED and response is not None:
        half = response.body[: len(response.body) // 2]
        response = HttpResponse(status=response.status, headers=response.headers, body=half)
    elif mishap is Mishap.NOT_SENT:
        return Completion(ticket=ticket, response=None, failure="not_sent", reason=mishap)
    elif mishap in {Mishap.REPLY_LOST, Mishap.RESET, Mishap.COMMITTED_LATE}:
        return Completion(ticket=ticket, response=None, failure="unknown", reason=str(mishap))
    return Completion(ticket=ticket, response=response, failure=None, reason="")


def _path(request: HttpRequest) -> str:
    parts = urlsplit(request.url)
    return f"{parts.path.partition('/company/')[2]}?{parts.query} {len(request.body)}"


@contextmanager
def commits_crossed(crossing: Crossing) -> Iterator[None]:
    """Tell of every commit of the database, and die on either side of one if told to."""
    database = databases["default"]
    commit = database.commit

    def crossed() -> None:
        mishap = crossing("commit")
        if mishap is Mishap.DIE_BEFORE:
            database.rollback()
            raise Killed
        commit()
        if mishap is not None:
            raise Killed

    def single(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001 - as Django calls it
        if database.in_atomic_block or not sql.startswith(("INSERT", "UPDATE", "DELETE")):
            return execute(sql, params, many, context)
        mishap = crossing("commit")
        if mishap is Mishap.DIE_BEFORE:
            raise Killed
        result = execute(sql, params, many, context)
        if mishap is not None:
            raise Killed
        return result

    with mock.patch.object(database, "commit", crossed), database.execute_wrapper(single):
        yield
