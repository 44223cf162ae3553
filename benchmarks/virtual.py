"""Virtual time: how long calls to QuickBooks take, and how many are under way at once.

A call takes as long as one to Intuit does, by the clock of the story; the emulator in this process
answers it with the published limits. So an hour of calls is measured in the time of its computing.
"""

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit

import requests

from qbo.sender import HttpRequest
from tests.simulation.virtual import VirtualClock

CALL_SECONDS = 0.5
ITEM_SECONDS = 0.4


def items_of(url: str, body: bytes) -> int:
    return body.count(b'"bId"') if url.partition("?")[0].endswith("/batch") else 1


def seconds_of(url: str, body: bytes) -> float:
    """How long QuickBooks takes for a call."""
    return CALL_SECONDS + ITEM_SECONDS * items_of(url, body)


@dataclass(kw_only=True)
class Road:
    """The way to QuickBooks and back: always as long, for calls of one size."""

    now: Callable[[], float]
    most_in_flight: int = 0
    _ends: list[float] = field(default_factory=list)

    def __call__(self, _chance: Random, request: HttpRequest) -> tuple[float, float]:
        now, seconds = self.now(), seconds_of(request.url, request.body)
        while self._ends and self._ends[0] <= now:
            heapq.heappop(self._ends)
        heapq.heappush(self._ends, now + seconds)
        self.most_in_flight = max(self.most_in_flight, len(self._ends))
        return CALL_SECONDS / 2, seconds - CALL_SECONDS / 2


class Losses:
    """One answer in the middle of each of these is lost: how many objects of an entity are written in all."""

    def __init__(self, **written: int) -> None:
        self._left = {entity: number / 2 for entity, number in written.items()}
        self.met = 0

    def __call__(self, url: str, body: bytes) -> bool:
        path = url.partition("?")[0].rpartition("/")[2]
        for entity, left in list(self._left.items()):
            if path == entity.lower() or (path == "batch" and f'"{entity}":'.encode() in body):
                self._left[entity] = left - items_of(url, body)
                if self._left[entity] <= 0:
                    del self._left[entity]
                    self.met += 1
                    return True
        return False


@dataclass(kw_only=True)
class OneAtATime(requests.adapters.BaseAdapter):
    """Carries the calls of a `requests` session over the same way, for a program that waits for each."""

    client: Any  # of werkzeug, before the emulator
    clock: VirtualClock
    #: Told of each call; whether its answer is lost after the commit.
    is_lost: Callable[[str, bytes], bool] = lambda _url, _body: False

    def send(self, request: requests.PreparedRequest, *_: Any, **_options: Any) -> requests.Response:
        url = request.url or ""
        body: Any = request.body or b""
        content: bytes = body.encode() if isinstance(body, str) else body
        parts = urlsplit(url)
        self.clock.sleep(CALL_SECONDS / 2)
        answer = self.client.open(
            parts.path,
            method=request.method,
            query_string=parts.query,
            headers=dict(request.headers),
            data=content,
        )
        self.clock.sleep(seconds_of(url, content) - CALL_SECONDS / 2)
        if self.is_lost(url, content):
            raise requests.ConnectionError("Connection aborted.", request=request)
        return _response(request, answer.status_code, answer.headers, answer.get_data())

    def close(self) -> None: ...


def _response(
    request: requests.PreparedRequest, status: int, headers: Mapping[str, str], body: bytes
) -> requests.Response:
    response = requests.Response()
    response.status_code, response._content = status, body  # noqa: SLF001 - as the library's own adapter does
    response.headers.update(headers)
    response.encoding = "utf-8"
    response.request, response.url = request, request.url or ""
    return response
