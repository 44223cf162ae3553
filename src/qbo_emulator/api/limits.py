"""The limits of pace, kept in windows that slide on the emulator's clock (facts C1).

Per company and app: 10 calls a second, 10 in flight, 40 batches a minute. Per company, whatever the app: 500
calls and 120 batches a minute, 40 e-mails a day. What is refused does not count.
"""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field

CALLS_PER_SECOND = 10
CALLS_IN_FLIGHT = 10
BATCHES_PER_MINUTE = 40
COMPANY_CALLS_PER_MINUTE = 500
COMPANY_BATCHES_PER_MINUTE = 120
COMPANY_EMAILS_PER_DAY = 40
SECOND = 1.0
MINUTE_SECONDS = 60.0
DAY_SECONDS = 86_400.0


class _Window:
    """The times of what happened within the last so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque()

    def count(self, now: float) -> int:
        # A clock set far back leaves times in the future; they count for nothing.
        while self._times and abs(now - self._times[0]) >= self._seconds:
            self._times.popleft()
        return len(self._times)

    def add(self, now: float) -> None:
        self._times.append(now)


@dataclass
class _App:
    """The pace of one app in one company."""

    calls: _Window = field(default_factory=lambda: _Window(SECOND))
    batches: _Window = field(default_factory=lambda: _Window(MINUTE_SECONDS))
    in_flight: int = 0


@dataclass
class _Company:
    calls: _Window = field(default_factory=lambda: _Window(MINUTE_SECONDS))
    batches: _Window = field(default_factory=lambda: _Window(MINUTE_SECONDS))
    emails: _Window = field(default_factory=lambda: _Window(DAY_SECONDS))
    apps: dict[str, _App] = field(default_factory=lambda: defaultdict(_App))


class Limits:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._companies: dict[str, _Company] = defaultdict(_Company)

    def reset(self) -> None:
        """Forget every call."""
        with self._lock:
            self._companies.clear()

    def enter(
        self,
        realm: str,
        client_id: str,
        *,
        now: float,
        enforced: bool,
        is_batch: bool,
        is_email: bool = False,
    ) -> bool:
        """Note that a call begins; false if it is one too many. Every entered call must leave."""
        with self._lock:
            company = self._companies[realm]
            app = company.apps[client_id]
            counts = [
                (company.calls, COMPANY_CALLS_PER_MINUTE, True),
                (app.calls, CALLS_PER_SECOND, True),
                (company.batches, COMPANY_BATCHES_PER_MINUTE, is_batch),
                (app.batches, BATCHES_PER_MINUTE, is_batch),
                (company.emails, COMPANY_EMAILS_PER_DAY, is_email),
            ]
            over = [window.count(now) >= most and counted for window, most, counted in counts]
            if enforced and (any(over) or app.in_flight >= CALLS_IN_FLIGHT):
                return False
            for window, _, counted in counts:
                if counted:
                    window.add(now)
            app.in_flight += 1
            return True

    def leave(self, realm: str, client_id: str) -> None:
        with self._lock:
            self._companies[realm].apps[client_id].in_flight -= 1
