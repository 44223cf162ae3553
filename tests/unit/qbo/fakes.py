"""A world of one thread for the client: a clock that only moves when told, a sender that follows a script."""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from qbo import environment
from qbo.client import Client
from qbo.errors import QuickBooksError
from qbo.limits import Pace
from qbo.sender import Completion, HttpRequest, HttpResponse

Script = HttpResponse | str
"""An answer, or the failure `not_sent` or `unknown`."""


def answer(body: Any, status: int = 200, **headers: str) -> HttpResponse:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpResponse(status=status, headers={"intuit_tid": "1-abc", **headers}, body=content)


def fault(code: str, detail: str = "", *, status: int = 400, type: str = "ValidationFault") -> HttpResponse:  # noqa: A002
    error = {"Message": f"Message of {code}", "Detail": detail, "code": code, "element": ""}
    return answer(
        {"Fault": {"Error": [error], "type": type}, "time": "2026-10-01T09:17:31.892-07:00"}, status
    )


UNAUTHORIZED = answer(
    {
        "warnings": None,
        "fault": {
            "error": [
                {
                    "message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
                    "detail": "Token expired: secret-token-1",
                    "code": "3200",
                    "element": None,
                }
            ],
            "type": "AUTHENTICATION",
        },
        "batchItemResponse": [],
        "time": 1601391072830,
    },
    401,
)
THROTTLED = answer(
    b'<IntuitResponse time="2026-07-30T22:45:22.933-07:00" xmlns="http://schema.intuit.com/finance/v3">'
    b'<Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; '
    b"statusCode=429</Message><Detail>The request limit was reached.  Try again later</Detail></Error>"
    b"</Fault></IntuitResponse>",
    429,
)
FAILED = answer(b"<html><body>Bad gateway</body></html>", 502)


@dataclass
class FakeClock:
    time: float = 1000.0
    sleeps: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds


@dataclass
class ScriptedSender:
    """Answers each request by the next line of the script, the newest request first if `newest_first`."""

    clock: FakeClock
    script: deque[Script]
    newest_first: bool = False
    sent: list[HttpRequest] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    waiting: deque[Completion] = field(default_factory=deque)
    most_in_flight: int = 0

    @property
    def in_flight(self) -> int:
        return len(self.waiting)

    def submit(self, ticket: int, request: HttpRequest) -> None:
        self.sent.append(request)
        self.times.append(self.clock.time)
        line = self.script.popleft()
        if isinstance(line, HttpResponse):
            completion = Completion(ticket=ticket, response=line, failure=None, reason="")
        else:
            completion = Completion(ticket=ticket, response=None, failure=line, reason="ConnectError")  # type: ignore[arg-type]
        self.waiting.append(completion)
        self.most_in_flight = max(self.most_in_flight, len(self.waiting))

    def wait(self, timeout: float) -> Completion | None:
        if not self.waiting:
            self.clock.time += timeout
            return None
        return self.waiting.pop() if self.newest_first else self.waiting.popleft()

    def close(self) -> None:
        self.waiting.clear()


@dataclass
class FakeTokens:
    token: str = "secret-token-1"
    renewals: int = 0
    error: QuickBooksError | None = None

    def current(self) -> str:
        return self.token

    def renewed(self, stale: str) -> str:
        assert stale == self.token
        self.renewals += 1
        if self.error is not None:
            raise self.error
        self.token = f"secret-token-{self.renewals + 1}"
        return self.token


@dataclass
class World:
    client: Client
    sender: ScriptedSender
    clock: FakeClock
    tokens: FakeTokens


def world(*script: Script, newest_first: bool = False) -> World:
    clock = FakeClock()
    sender = ScriptedSender(clock=clock, script=deque(script), newest_first=newest_first)
    tokens = FakeTokens()
    client = Client(
        environment=environment.emulator("http://127.0.0.1:1"),
        realm_id="4620",
        tokens=tokens,
        sender=sender,
        pace=Pace(),
        clock=clock,
    )
    return World(client=client, sender=sender, clock=clock, tokens=tokens)
