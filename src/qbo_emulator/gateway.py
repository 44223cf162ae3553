"""What stands before the API: token, pace, faults, latency; and what is written down about each call."""

import random
from typing import TYPE_CHECKING

from qbo_emulator import envelopes
from qbo_emulator.calls import TOKEN_CALL, Call
from qbo_emulator.envelopes import Answer
from qbo_emulator.injection import Effects, Faults
from qbo_emulator.limits import Limits
from qbo_emulator.observation import Observation
from qbo_emulator.operations import carry_out
from qbo_emulator.refusals import Refusal, system_failure
from qbo_emulator.store import Store
from qbo_emulator.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

ENDINGS: dict[str, envelopes.Ending] = {"reply_lost": "lost", "truncated": "truncated"}


class Gateway:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.tokens = Tokens(store)
        self.faults = Faults()
        self.limits = Limits()
        self.observation = Observation()
        self._random = random.Random(store.settings.seed)  # noqa: S311  repeatable on purpose

    def reseed(self) -> None:
        self._random.seed(self.store.settings.seed)

    def answer(self, call: Call, *, bearer: str | None) -> Answer:
        effects = self.faults.striking(call)
        answer = self._authorized(call, bearer) or self._paced(call, effects)
        fault = effects.instead or effects.afterwards or ("late_commit" if effects.late_seconds else None)
        self.observation.saw(call, status=answer.status, seconds=self.store.clock.seconds(), fault=fault)
        return answer

    def token_effects(self, path: str) -> Effects:
        """Return what faults do to a call of the token endpoint, after any delay they ask for."""
        call = Call(method="POST", path=path, realm="", rest=TOKEN_CALL, arguments={}, body=b"")
        effects = self.faults.striking(call)
        if effects.delay:
            self.store.clock.sleep(effects.delay)
        return effects

    def _authorized(self, call: Call, bearer: str | None) -> Answer | None:
        seconds = self.store.clock.seconds()
        if not bearer:
            return envelopes.unauthorized(None, seconds=seconds)
        holder = self.tokens.access(bearer)
        if holder is None:
            return envelopes.unauthorized(f"Token expired: {bearer[:80]}", seconds=seconds)
        if holder != call.realm:
            return envelopes.forbidden(seconds=seconds)
        return None

    def _paced(self, call: Call, effects: Effects) -> Answer:
        clock, settings = self.store.clock, self.store.settings
        is_batch = call.parts[0].operation == "batch"
        if not self.limits.enter(
            call.realm, now=clock.seconds(), is_batch=is_batch, enforced=settings.limits
        ):
            return self._throttled()
        try:
            self._wait(max(1, len(call.parts) - 1), effects)
            if effects.instead is not None:
                return self.instead(effects.instead)
            if effects.late_seconds is not None:
                clock.call_later(effects.late_seconds, lambda: self._discard(call, effects))
                return envelopes.Answer(status=504, body="", ending="lost")
            return self.finished(self._carried_out(call, effects), effects)
        finally:
            self.limits.leave(call.realm)

    def _wait(self, items: int, effects: Effects) -> None:
        latency = self.store.settings.latency
        milliseconds = latency.call_ms + latency.item_ms * items
        milliseconds *= 1 + latency.jitter * (2 * self._random.random() - 1)
        wait = milliseconds / 1000 + effects.delay
        if wait > 0:
            self.store.clock.sleep(wait)

    def instead(self, kind: str) -> Answer:
        seconds = self.store.clock.seconds()
        answers: dict[str, Callable[[], Answer]] = {
            "unauthorized": lambda: envelopes.unauthorized("Token expired", seconds=seconds),
            "forbidden": lambda: envelopes.forbidden(seconds=seconds),
            "throttle": self._throttled,
            "error_before": lambda: envelopes.fault(system_failure(), seconds=seconds),
            "reset": lambda: envelopes.Answer(status=502, body="", ending="reset"),
        }
        return answers[kind]()

    def _throttled(self) -> Answer:
        as_xml = self.store.settings.throttle_body == "xml"
        return envelopes.throttled(seconds=self.store.clock.seconds(), as_xml=as_xml)

    def _carried_out(self, call: Call, effects: Effects) -> Answer:
        try:
            return carry_out(self.store, call, effects)
        except Refusal as refusal:
            return envelopes.fault(refusal, seconds=self.store.clock.seconds())

    def _discard(self, call: Call, effects: Effects) -> None:
        """Commit late: nobody is waiting for the answer any more."""
        self._carried_out(call, effects)

    def finished(self, answer: Answer, effects: Effects) -> Answer:
        if effects.afterwards is None:
            return answer
        if effects.afterwards == "error_after":
            return envelopes.fault(system_failure(), seconds=self.store.clock.seconds())
        return Answer(
            status=answer.status,
            body=answer.body,
            content_type=answer.content_type,
            ending=ENDINGS[effects.afterwards],
        )
