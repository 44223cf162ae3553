"""What an answer, or its absence, means: for a read whether to ask again, for a write what is known.

A write has one of three outcomes: not executed (it may go again), answered (its ids are spent), unknown
(only the outbox may decide; the client never sends it again). A read may always be asked again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .batch import DUPLICATE_REQUEST_ID, ItemAnswer, answers_by_bid, item_answer
from .errors import Forbidden, QuickBooksError, Refused, RenewToken, Throttled, TryAgain, parse_faults
from .payload import loads
from .sender import Completion, HttpResponse

THROTTLE_CODES = frozenset({"3001", "003001"})
NO_ACCESS_CODES = frozenset({"120"})
COMPANY_STATUS_CODES = frozenset({"6190"})
SUBSCRIPTION_ENDED = "The QuickBooks subscription of this company has ended."
UNSUPPORTED_OPERATION = "500"  # a refusal, although it comes as a SystemFault

BACK_OFF_SECONDS = (1.0, 2.0, 4.0)
THROTTLES_MAX = 2


@dataclass(frozen=True, kw_only=True)
class Answered:
    """QuickBooks answered each item: the object as it is now, faults, or nobody knows."""

    ticket: int
    items: dict[str, ItemAnswer] = field(repr=False)
    time: str
    intuit_tid: str


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """The write may have happened, or may happen yet."""

    ticket: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class NotExecuted:
    """The write certainly did not happen; `cause` says what the caller must do."""

    ticket: int
    reason: str
    cause: QuickBooksError


WriteOutcome = Answered | Unknown | NotExecuted


def envelope_of(completion: Completion) -> dict[str, Any]:
    """The answer of a read; raises what is wrong with it."""
    response = completion.response
    if response is None:
        raise TryAgain(f"QuickBooks cannot be reached ({completion.reason}).")
    problem = _problem(response)
    if problem is not None:
        raise problem
    envelope = _decoded(response)
    if envelope is None:
        raise TryAgain("The answer of QuickBooks cannot be read.", intuit_tid=tid(response))
    return envelope


def outcome_of_write(ticket: int, bids: Sequence[str], completion: Completion) -> WriteOutcome:
    """What is known of a batch of writes after its request has ended."""
    response = completion.response
    if response is not None:
        return _outcome_of_answer(ticket, bids, response)
    if completion.failure == "not_sent":
        cause = TryAgain(f"QuickBooks cannot be reached ({completion.reason}).")
        return NotExecuted(ticket=ticket, reason=str(cause), cause=cause)
    return Unknown(ticket=ticket, reason=f"The connection failed ({completion.reason}).")


def _outcome_of_answer(ticket: int, bids: Sequence[str], response: HttpResponse) -> WriteOutcome:
    problem = _problem(response)
    match problem:
        case RenewToken() | Throttled() | Forbidden():
            return NotExecuted(ticket=ticket, reason=str(problem), cause=problem)
        case Refused() if not any(fault.code == DUPLICATE_REQUEST_ID for fault in problem.faults):
            # The batch as a whole was refused, and so each of its items.
            refused: dict[str, ItemAnswer] = dict.fromkeys(bids, problem.faults)
            return Answered(ticket=ticket, items=refused, time="", intuit_tid=tid(response))
        case QuickBooksError():
            return Unknown(ticket=ticket, reason=str(problem))
    envelope = _decoded(response)
    answers = answers_by_bid(envelope)
    if envelope is None or answers is None:
        return Unknown(ticket=ticket, reason="The answer of QuickBooks is cut off.")
    return Answered(
        ticket=ticket,
        items={bid: item_answer(answers.get(bid)) for bid in bids},
        time=str(envelope.get("time", "")),
        intuit_tid=tid(response),
    )


def tid(response: HttpResponse) -> str:
    return response.headers.get("intuit_tid", "")


@dataclass(kw_only=True)
class Patience:
    """How often one call may still go again, by kind of error."""

    back_offs: list[float] = field(default_factory=lambda: list(BACK_OFF_SECONDS))
    throttles: int = THROTTLES_MAX
    renewals: int = 1

    def pause_seconds(self, error: QuickBooksError) -> float:
        """How long to wait before the call goes again; raises the error when it shall not.

        After a throttle and after the renewal the pause is 0: the pace and the new token do the rest.
        """
        match error:
            case Throttled() if self.throttles > 0:
                self.throttles -= 1
                return 0.0
            case RenewToken() if self.renewals > 0:
                self.renewals -= 1
                return 0.0
            case RenewToken() | TryAgain() if self.back_offs and not isinstance(error, Throttled):
                return self.back_offs.pop(0)
            case RenewToken():
                # Only a refused refresh token ends a connection: Intuit's servers now and then do not know
                # a token yet that another of them has just given.
                raise TryAgain(
                    "QuickBooks does not take a token it has just given.", intuit_tid=error.intuit_tid
                ) from error
        raise error


def _problem(response: HttpResponse) -> QuickBooksError | None:  # noqa: PLR0911 - one per row (facts B5)
    """What an answer complains of as a whole; None if it holds a result."""
    faults = parse_faults(response.status, response.body)
    if not faults and 200 <= response.status < 300:  # noqa: PLR2004 - the statuses of success
        return None
    codes = {fault.code for fault in faults}
    intuit_tid = tid(response)
    if response.status == 429 or codes & THROTTLE_CODES:  # noqa: PLR2004 - too many requests
        return Throttled("QuickBooks asks for a pause of a minute.", intuit_tid=intuit_tid)
    if codes & NO_ACCESS_CODES and response.status in {401, 403}:
        return Forbidden(
            "The person who connected has no access to this company in QuickBooks any more.",
            why="no_access",
            intuit_tid=intuit_tid,
        )
    if codes & COMPANY_STATUS_CODES:
        return Forbidden(SUBSCRIPTION_ENDED, why="subscription", intuit_tid=intuit_tid)
    if response.status == 401:  # noqa: PLR2004 - unauthorized
        return RenewToken("QuickBooks does not take the access token.", intuit_tid=intuit_tid)
    if response.status == 403:  # noqa: PLR2004 - forbidden
        return Forbidden("QuickBooks does not let Service Genius into this company.", intuit_tid=intuit_tid)
    answered = response.status < 300 or (400 <= response.status < 500 and response.status != 408)  # noqa: PLR2004
    if not answered or any(fault.of_system and fault.code != UNSUPPORTED_OPERATION for fault in faults):
        return TryAgain(f"QuickBooks failed (HTTP {response.status}).", intuit_tid=intuit_tid)
    return Refused(faults, intuit_tid=intuit_tid)


def _decoded(response: HttpResponse) -> dict[str, Any] | None:
    try:
        envelope = loads(response.body)
    except ValueError:
        return None
    return envelope if isinstance(envelope, dict) else None
