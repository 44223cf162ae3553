"""What the emulator counts and remembers of the calls it got: for tests, and for a person who wonders.

In memory and bounded; a restart begins anew.
"""

import threading
from collections import deque
from dataclasses import dataclass, fields

from qbo_emulator.api.calls import Call
from qbo_emulator.ground.values import Json

REQUESTS_KEPT = 10_000


@dataclass
class Counters:
    calls: int = 0
    batch_calls: int = 0
    batch_items: int = 0
    metered_reads: int = 0
    throttled: int = 0


class Observation:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counters: dict[str, Counters] = {}
        self._requests: deque[Json] = deque(maxlen=REQUESTS_KEPT)
        self._last = 0

    def saw(self, call: Call, *, status: int, seconds: float, fault: str | None) -> None:
        parts = call.parts
        is_batch = parts[0].operation == "batch"
        with self._lock:
            counters = self._counters.setdefault(call.realm, Counters())
            counters.calls += 1
            counters.batch_calls += is_batch
            counters.batch_items += len(parts) - 1
            counters.metered_reads += call.metered_reads if status == 200 else 0  # noqa: PLR2004  success only
            counters.throttled += status == 429  # noqa: PLR2004  the status of throttling
            self._last += 1
            self._requests.append(
                {
                    "number": self._last,
                    "at": seconds,
                    "realm": call.realm,
                    "method": call.method,
                    "path": call.path,
                    "entity": parts[0].entity,
                    "operation": parts[0].operation,
                    "items": [f"{part.operation} {part.entity}" for part in parts[1:]],
                    "query": call.query_text if parts[0].operation == "query" else None,
                    "request_id": call.request_id or None,
                    "status": status,
                    "fault": fault,
                }
            )

    def requests(self, *, since: int) -> list[Json]:
        with self._lock:
            return [one for one in self._requests if one["number"] > since]

    def counters(self, realm: str | None) -> Json:
        """Return the counts of one realm, or of all together."""
        with self._lock:
            chosen = [one for name, one in self._counters.items() if realm in {None, name}]
            return {name.name: sum(getattr(one, name.name) for one in chosen) for name in fields(Counters)}

    def reset(self) -> None:
        with self._lock:
            self._counters.clear()
