"""How many metered reads an allowance still holds: counted per month over all companies (facts C2).

Only successful calls count. In memory: a restart begins the month anew.
"""

import threading

from qbo_emulator.ground.clock import company_today


class Metering:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._month = ""
        self._reads = 0

    def is_used_up(self, *, allowance: int, seconds: float) -> bool:
        """Whether nothing is left of the month's reads; an allowance of 0 has no end."""
        with self._lock:
            self._turn(seconds)
            return 0 < allowance <= self._reads

    def count(self, reads: int, *, seconds: float) -> None:
        with self._lock:
            self._turn(seconds)
            self._reads += reads

    def _turn(self, seconds: float) -> None:
        month = company_today(seconds)[:7]
        if month != self._month:
            self._month, self._reads = month, 0
