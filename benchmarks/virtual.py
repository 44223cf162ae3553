"""Virtual time: how long calls to QuickBooks take, and how many are under way at once.

A call takes as long as one to Intuit does, by the clock of the story; the emulator in this process
answers it with the published limits. So an hour of calls is measured in the time of its computing.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from qbo.sender import HttpRequest

CALL_SECONDS = 0.5
ITEM_SECONDS = 0.4


def seconds_of(path: str, body: bytes) -> float:
    """How long QuickBooks takes for a call."""
    items = body.count(b'"bId"') if path.partition("?")[0].endswith("/batch") else 1
    return CALL_SECONDS + ITEM_SECONDS * items


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
