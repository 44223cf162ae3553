"""What stands before the API: token, pace, faults, latency; and what is written down about each call."""

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from qbo_emulator.api import envelopes
from qbo_emulator.api.calls import TOKEN_CALL, Call
from qbo_emulator.api.envelopes import Answer
from qbo_emulator.api.injection import Effects, Faults
from qbo_emulator.api.limits import Limits
from qbo_emulator.api.metering import Metering
from qbo_emulator.api.observation import Observation
from qbo_emulator.api.operations import carry_out
from qbo_emulator.grants.tokens import Holder, Tokens
from qbo_emulator.ground.refusals import (
    Refusal,
    authentication_failure,
    no_access,
    system_failure,
    wrong_cluster,
)
from qbo_emulator.storage.standings import standing_of
from qbo_emulator.storage.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

ENDINGS: dict[str, envelopes.Ending] = {"reply_lost": "lost", "truncated": "truncated"}
SYSTEM_FAILURE = 500
GATEWAY_TIMEOUT = 504
# A bearer token outside of these is not even looked up (facts A8).
TOKEN_CHARACTERS = range(20, 4097)
# The codes of 401, beside the gateway's own 3200.
REFUSED_SIGN_INS = {100: authentication_failure, 120: no_access, 130: wrong_cluster}


class Gateway:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.tokens = Tokens(store)
        self.faults = Faults()
        self.limits = Limits()
        self.metering = Metering()
        self.observation = Observation()
        self._random = random.Random(store.settings.seed)  # noqa: S311  repeatable on purpose

    def reseed(self) -> None:
        self._random.seed(self.store.settings.seed)

    def answer(self, call: Call, *, bearer: str | None) -> Answer:
        began = self.store.clock.seconds()
        effects = self.faults.striking(call)
        holder = self._holder(call, bearer)
        answer = holder if isinstance(holder, Answer) else self._paced(call, holder, effects)
        fault = effects.instead or effects.afterwards or ("late_commit" if effects.late_seconds else None)
        now = self.store.clock.seconds()
        self.observation.saw(call, status=answer.status, seconds=now, fault=fault)
        if answer.status == 200 and call.metered_reads:  # noqa: PLR2004  only what succeeds is metered
            self.metering.count(call.metered_reads, seconds=now)
        total = max(0, round((now - began) * 1000))
        return replace(answer, headers={**answer.headers, "Service-Time": f"total={total}, db={total}"})

    def token_effects(self, path: str) -> Effects:
        """Return what faults do to a call of the token endpoint, after any delay they ask for."""
        call = Call(method="POST", path=path, realm="", rest=TOKEN_CALL, arguments={}, body=b"")
        effects = self.faults.striking(call)
        if effects.delay:
            self.store.clock.sleep(effects.delay)
        return effects

    def _holder(self, call: Call, bearer: str | None) -> Holder | Answer:
        """Return what the token opens, or the gateway's refusal (facts A8)."""
        seconds = self.store.clock.seconds()
        if not bearer:
            return envelopes.unauthorized(None, seconds=seconds)
        if len(bearer) not in TOKEN_CHARACTERS:
            return envelopes.unauthorized("Malformed bearer token: too short or too long", seconds=seconds)
        holder = self.tokens.access(bearer)
        if holder is None:
            return envelopes.unauthorized(f"Token expired: {bearer[:80]}", seconds=seconds)
        environment = standing_of(self.store, call.realm).environment
        if (
            holder.realm != call.realm
            or not holder.may_use_accounting
            or holder.environment not in {None, environment}
        ):
            return envelopes.forbidden(seconds=seconds)
        return holder

    def _paced(self, call: Call, holder: Holder, effects: Effects) -> Answer:
        clock, settings = self.store.clock, self.store.settings
        now = clock.seconds()
        entered = self.limits.enter(
            call.realm,
            holder.client_id,
            now=now,
            enforced=settings.limits,
            is_batch=call.parts[0].operation == "batch",
            is_email=call.parts[0].operation == "send",
        )
        if not entered:
            return self._throttled()
        try:
            if call.metered_reads and self.metering.is_used_up(allowance=settings.monthly_reads, seconds=now):
                return self._throttled()
            return self._timed(call, effects)
        finally:
            self.limits.leave(call.realm, holder.client_id)

    def _timed(self, call: Call, effects: Effects) -> Answer:
        """Answer after the latency; a call that takes too long is cut off, and goes on (facts C1)."""
        clock, most = self.store.clock, self.store.settings.time_out_seconds
        wait = self._latency(max(1, len(call.parts) - 1)) + effects.delay
        cut_off = 0 < most < wait
        if wait > 0:
            clock.sleep(most if cut_off else wait)
        if effects.instead is not None:
            return self.instead(effects)
        if effects.late_seconds is not None:
            clock.call_later(effects.late_seconds, lambda: self._discard(call, effects))
            return Answer(status=GATEWAY_TIMEOUT, body="", ending="lost")
        if cut_off:
            clock.call_later(wait - most, lambda: self._discard(call, effects))
            return envelopes.server_failed(GATEWAY_TIMEOUT)
        return self.finished(self._carried_out(call, effects), effects)

    def _latency(self, items: int) -> float:
        latency = self.store.settings.latency
        milliseconds = latency.call_ms + latency.item_ms * items
        return milliseconds * (1 + latency.jitter * (2 * self._random.random() - 1)) / 1000

    def instead(self, effects: Effects) -> Answer:
        """Return the answer of a fault that keeps the call from being carried out."""
        seconds = self.store.clock.seconds()
        answers: dict[str, Callable[[], Answer]] = {
            "unauthorized": lambda: self._unauthorized(effects.code),
            "forbidden": lambda: envelopes.forbidden(seconds=seconds),
            "throttle": self._throttled,
            "error_before": lambda: self._failed(effects.status),
            "reset": lambda: Answer(status=502, body="", ending="reset"),
        }
        return answers[effects.instead or "error_before"]()

    def _unauthorized(self, code: int | None) -> Answer:
        seconds = self.store.clock.seconds()
        if code in REFUSED_SIGN_INS:
            return envelopes.fault(REFUSED_SIGN_INS[code](), self.store.settings, seconds=seconds)
        return envelopes.unauthorized("Token expired", seconds=seconds)

    def _failed(self, status: int) -> Answer:
        if status == SYSTEM_FAILURE:
            return envelopes.fault(system_failure(), self.store.settings, seconds=self.store.clock.seconds())
        return envelopes.server_failed(status)

    def _throttled(self) -> Answer:
        as_xml = self.store.settings.throttle_body == "xml"
        return envelopes.throttled(seconds=self.store.clock.seconds(), xml=as_xml)

    def _carried_out(self, call: Call, effects: Effects) -> Answer:
        try:
            return carry_out(self.store, call, effects)
        except Refusal as refusal:
            return envelopes.fault(refusal, self.store.settings, seconds=self.store.clock.seconds())

    def _discard(self, call: Call, effects: Effects) -> None:
        """Commit late: nobody is waiting for the answer any more."""
        self._carried_out(call, effects)

    def finished(self, answer: Answer, effects: Effects) -> Answer:
        if effects.afterwards is None:
            return answer
        if effects.afterwards == "error_after":
            return self._failed(effects.status)
        return replace(answer, ending=ENDINGS[effects.afterwards])
