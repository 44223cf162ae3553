"""The emulator's own time: the machine's, moved by the control plane.

Token lifetimes, limits and time stamps all read this clock, so that a test can let a day pass at once.
It ticks; there is no frozen mode. A simulation passes its own `time`, `sleep` and `call_later` instead.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")


def call_later(seconds: float, action: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()


class Clock:
    def __init__(
        self,
        *,
        time: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        call_later: Callable[[float, Callable[[], None]], None] = call_later,
    ) -> None:
        self._time = time
        self.sleep = sleep
        self.call_later = call_later
        self.offset = 0.0

    def seconds(self) -> float:
        """Seconds since 1970, on the emulator's clock."""
        return self._time() + self.offset

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)

    def set(self, moment: datetime) -> None:
        self.offset = moment.timestamp() - self._time()


def stamp(seconds: float) -> str:
    """Write a time as MetaData holds it: Pacific, no fraction."""
    return _stamped(int(seconds))


@lru_cache(maxsize=16)
def _stamped(second: int) -> str:
    return datetime.fromtimestamp(second, PACIFIC).isoformat()


def precise_stamp(seconds: float) -> str:
    """Write a time as it stands beside an answer: Pacific, milliseconds."""
    return datetime.fromtimestamp(seconds, PACIFIC).isoformat(timespec="milliseconds")


def company_today(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, PACIFIC).date().isoformat()


def parse_time(text: str) -> datetime:
    """Read an ISO time; without an offset it is Pacific, as for QuickBooks."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=PACIFIC)
