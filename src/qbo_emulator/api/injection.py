"""Faults on request: which calls they hit and what they do to them.

They live in memory only: a restarted emulator is a healthy one.
"""

import threading
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Literal, get_args

from qbo_emulator.api.calls import TOKEN_CALL, Call, Part
from qbo_emulator.ground import refusals
from qbo_emulator.ground.published import on_request
from qbo_emulator.ground.values import Json

Kind = Literal[
    "refuse",
    "delay",
    "unauthorized",
    "forbidden",
    "throttle",
    "error_before",
    "error_after",
    "reply_lost",
    "late_commit",
    "reset",
    "truncated",
    "stale_list",
    "unconfirmed_delete",
]
KINDS: tuple[str, ...] = get_args(Kind)
# What each does, for a person.
SAID: dict[str, str] = {
    "refuse": "a business fault with the code (6002: 504 in XML); in a batch, of the fitting items only",
    "delay": "the answer comes that many seconds later",
    "unauthorized": "401 (code 3200, 100, 120 or 130); nothing is done",
    "forbidden": "403; nothing is done",
    "throttle": "429; nothing is done",
    "error_before": "an error of the server (500, or the status); nothing is done",
    "error_after": "an error of the server (500, or the status); what was asked is done",
    "reply_lost": "what was asked is done; no answer comes",
    "late_commit": "the connection drops; what was asked is done that many seconds later",
    "reset": "the connection is reset; nothing is done",
    "truncated": "what was asked is done; half an answer comes",
    "stale_list": "lists answer as they were that many seconds ago",
    "unconfirmed_delete": "changes tell of a deletion that did not happen",
}
MATCHERS = {"method", "path", "entity", "operation", "nth"}
SECONDS_DEFAULT = 5
SECONDS_MAX = 86_400
CODE_DEFAULT = 6000
SIGN_IN_CODES = {3200, 100, 120, 130}
STATUSES = range(500, 600)
MEMBERS = {"match", "fault", "times", "code", "seconds", "status"}


class WrongFault(ValueError):  # noqa: N818  the mistake is the caller's
    """A fault that cannot be; the text says why."""


@dataclass(kw_only=True)
class Fault:
    id: int
    kind: Kind
    method: str | None
    path: str | None
    entity: str | None
    operation: str | None
    nth: int
    times: int
    code: int | None
    seconds: float
    status: int
    seen: int = 0

    def fits(self, call: Call, part: Part) -> bool:
        if part.operation == TOKEN_CALL and self.path is None and self.operation is None:
            return False  # a fault without a name for it is meant for the API
        return (
            self.method in {None, call.method}
            and (self.path is None or self.path in call.path)
            and (self.entity is None or self.entity.lower() == (part.entity or "").lower())
            and self.operation in {None, part.operation}
        )

    def strikes(self) -> bool:
        """Count one fitting call; true from the nth on, as often as the fault was asked for."""
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


@dataclass(kw_only=True)
class Effects:
    """What the faults that struck do to one call."""

    refuse: refusals.Refusal | None = None
    refused_items: dict[int, refusals.Refusal] = field(default_factory=dict)  # by place in the batch
    delay: float = 0
    stale_seconds: float | None = None
    stale_items: dict[int, float] = field(default_factory=dict)  # by place in the batch
    unconfirmed_delete: bool = False
    instead: Kind | None = None  # the call is not carried out
    afterwards: Kind | None = None  # the call is carried out, its answer is not what it should be
    late_seconds: float | None = None
    code: int | None = None  # of a 401
    status: int = 500  # of an error


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._last_id = 0

    def add(self, wanted: Json) -> int:
        match = wanted.get("match", {})
        if wanted.get("fault") not in KINDS:
            raise WrongFault(f"'fault' is one of {', '.join(KINDS)}.")
        if not isinstance(match, dict) or not match.keys() <= MATCHERS:
            raise WrongFault(f"'match' is an object of {', '.join(sorted(MATCHERS))}.")
        if not all(value is None or isinstance(value, str) for value in {**match, "nth": None}.values()):
            raise WrongFault("'match' names texts, and 'nth' a whole number.")
        if not wanted.keys() <= MEMBERS:
            raise WrongFault(f"A fault has {', '.join(sorted(MEMBERS))}.")
        code = None if wanted.get("code") is None else _whole(wanted["code"], "code")
        if wanted["fault"] == "unauthorized" and code not in {None, *SIGN_IN_CODES}:
            raise WrongFault(f"'code' of a 401 is one of {', '.join(map(str, sorted(SIGN_IN_CODES)))}.")
        status = _whole(wanted.get("status", 500), "status")
        if status not in STATUSES or status not in set(HTTPStatus):
            raise WrongFault("'status' is one of HTTP's from 500.")
        nth = _whole(match.get("nth", 1), "nth")
        times = _whole(wanted.get("times", 1), "times")
        seconds = wanted.get("seconds", SECONDS_DEFAULT)
        if not isinstance(seconds, int | Decimal) or not 0 <= seconds <= SECONDS_MAX:
            raise WrongFault(f"'seconds' is a number from 0 to {SECONDS_MAX}.")
        with self._lock:
            self._last_id += 1
            self._faults.append(
                Fault(
                    id=self._last_id,
                    kind=wanted["fault"],
                    method=match.get("method"),
                    path=match.get("path"),
                    entity=match.get("entity"),
                    operation=match.get("operation"),
                    nth=nth,
                    times=times,
                    code=code,
                    seconds=float(seconds),
                    status=status,
                )
            )
            return self._last_id

    def standing(self) -> list[Fault]:
        """Return the faults that have not struck as often as they were asked for."""
        with self._lock:
            return list(self._faults)

    def clear(self) -> int:
        with self._lock:
            removed = len(self._faults)
            self._faults.clear()
            return removed

    def striking(self, call: Call) -> Effects:
        """Return the effects of all faults on one call. Items of a batch are refused, or lag, one by one."""
        effects = Effects()
        if not self._faults:
            return effects
        with self._lock:
            for fault in self._faults:
                fitting = [place for place, part in enumerate(call.parts) if fault.fits(call, part)]
                if fault.kind == "refuse":
                    _refuse(effects, fault, [place for place in fitting if fault.strikes()])
                elif fitting and fault.strikes():
                    _apply(effects, fault, fitting)
            self._faults = [one for one in self._faults if one.seen < one.nth + one.times - 1]
        return effects


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or value < 1:
        raise WrongFault(f"'{name}' is a whole number from 1.")
    return value


def _refuse(effects: Effects, fault: Fault, struck: list[int]) -> None:
    refusal = on_request(fault.code or CODE_DEFAULT)
    for place in struck:
        if place == 0:
            effects.refuse = refusal
        else:
            effects.refused_items[place - 1] = refusal


def _apply(effects: Effects, fault: Fault, fitting: list[int]) -> None:
    match fault.kind:
        case "delay":
            effects.delay += fault.seconds
        case "stale_list":
            effects.stale_seconds = fault.seconds if 0 in fitting else None
            effects.stale_items |= {place - 1: fault.seconds for place in fitting if place}
        case "unconfirmed_delete":
            effects.unconfirmed_delete = True
        case "unauthorized" | "forbidden" | "throttle" | "error_before" | "reset":
            effects.instead, effects.code, effects.status = fault.kind, fault.code, fault.status
        case "late_commit":
            effects.late_seconds = fault.seconds
        case _:
            effects.afterwards, effects.status = fault.kind, fault.status
