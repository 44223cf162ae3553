"""How fast QuickBooks may be called: bookkeeping on times passed in, no clock and no sleep.

Per realm: 10 calls a second, 500 a minute, 40 batch calls a minute, 10 in flight (facts C1). Where
QuickBooks' windows begin is not known, so no window of that length, wherever it begins, holds more. The
spans are longer than QuickBooks', because calls do not travel equally fast: on a busy machine those of a
fifth of a second may arrive together. 10 in 1.2 s are still 500 a minute.
A new Pace has forgotten the last minute: take `pace_of` where one process has several clients in turn.
"""

from collections import deque
from dataclasses import dataclass, field

IN_FLIGHT_MAX = 10
THROTTLE_PAUSE_SECONDS = 60.0


@dataclass(kw_only=True)
class _Window:
    calls_max: int
    seconds: float
    starts: deque[float] = field(default_factory=deque)

    def wait_seconds(self, now: float) -> float:
        if len(self.starts) < self.calls_max:
            return 0.0
        return max(0.0, self.starts[0] + self.seconds - now)

    def started(self, now: float) -> None:
        self.starts.append(now)
        if len(self.starts) > self.calls_max:
            self.starts.popleft()


class Pace:
    """When the next call may start."""

    def __init__(self) -> None:
        self._calls = (_Window(calls_max=10, seconds=1.2), _Window(calls_max=500, seconds=60.5))
        self._batches = _Window(calls_max=40, seconds=60.5)
        self._paused_until = float("-inf")

    def wait_seconds(self, now: float, *, batch: bool) -> float:
        """How long to wait before a call may start; 0 means now."""
        windows = (*self._calls, self._batches) if batch else self._calls
        return max(0.0, self._paused_until - now, *(window.wait_seconds(now) for window in windows))

    def started(self, now: float, *, batch: bool) -> None:
        for window in self._calls:
            window.started(now)
        if batch:
            self._batches.started(now)

    def throttled(self, now: float) -> None:
        """QuickBooks said 429: nothing more for a minute."""
        self._paused_until = max(self._paused_until, now + THROTTLE_PAUSE_SECONDS)


_paces: dict[str, Pace] = {}


def pace_of(realm_id: str) -> Pace:
    """The one Pace of a realm in this process; its callers measure time by one clock."""
    return _paces.setdefault(realm_id, Pace())
