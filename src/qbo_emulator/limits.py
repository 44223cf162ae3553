"""The limits of pace: 10 calls a second, 500 a minute, 40 batches a minute, 10 in flight, per company.

Counted in windows that slide, on the emulator's clock. What is refused does not count.
"""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field

CALLS_PER_SECOND = 10
CALLS_PER_MINUTE = 500
BATCHES_PER_MINUTE = 40
CALLS_IN_FLIGHT = 10
MINUTE_SECONDS = 60.0


@dataclass
class _Pace:
    calls: deque[float] = field(default_factory=deque)
    batches: deque[float] = field(default_factory=deque)
    in_flight: int = 0


class Limits:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paces: dict[str, _Pace] = defaultdict(_Pace)

    def enter(self, realm: str, *, now: float, is_batch: bool, enforced: bool) -> bool:
        """Note that a call begins; false if it is one too many. Every entered call must leave."""
        with self._lock:
            pace = self._paces[realm]
            for times in (pace.calls, pace.batches):
                # A clock set far back leaves times in the future; they count for nothing.
                while times and abs(now - times[0]) >= MINUTE_SECONDS:
                    times.popleft()
            if enforced and self._is_over(pace, now, is_batch=is_batch):
                return False
            pace.calls.append(now)
            if is_batch:
                pace.batches.append(now)
            pace.in_flight += 1
            return True

    def leave(self, realm: str) -> None:
        with self._lock:
            self._paces[realm].in_flight -= 1

    @staticmethod
    def _is_over(pace: _Pace, now: float, *, is_batch: bool) -> bool:
        tenth_last = pace.calls[-CALLS_PER_SECOND] if len(pace.calls) >= CALLS_PER_SECOND else None
        return (
            pace.in_flight >= CALLS_IN_FLIGHT
            or len(pace.calls) >= CALLS_PER_MINUTE
            or (is_batch and len(pace.batches) >= BATCHES_PER_MINUTE)
            or (tenth_last is not None and tenth_last > now - 1)
        )
