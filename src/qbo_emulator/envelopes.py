"""The shapes of answers: success, business fault, and the gateway's own faults (qbo-facts A8, B3, B4, B7)."""

from dataclasses import dataclass, field
from typing import Literal

from qbo_emulator.clock import precise_stamp
from qbo_emulator.refusals import Refusal
from qbo_emulator.values import Json, encode

JSON_TYPE = "application/json;charset=UTF-8"
XML_TYPE = "application/xml;charset=UTF-8"

# How the connection ends after (or instead of) the answer; anything but "whole" is an injected fault.
Ending = Literal["whole", "lost", "reset", "truncated"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: str
    content_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)
    ending: Ending = "whole"


def success(member: str, value: str, *, seconds: float) -> Answer:
    """Wrap JSON text under its name, with the time beside it."""
    return Answer(status=200, body=f'{{"{member}":{value},"time":"{precise_stamp(seconds)}"}}')


def fault_json(refusal: Refusal) -> Json:
    return {"Error": [error.as_json() for error in refusal.errors], "type": refusal.kind}


def fault(refusal: Refusal, *, seconds: float) -> Answer:
    body = {"Fault": fault_json(refusal), "time": precise_stamp(seconds)}
    return Answer(status=refusal.status, body=encode(body))


def _gateway(*, status: int, code: str, message: str, detail: str | None, kind: str, seconds: float) -> str:
    error = {
        "message": f"message={message}; errorCode={code.zfill(6)}; statusCode={status}",
        "detail": detail,
        "code": code,
        "element": None,
    }
    return encode(
        {
            "warnings": None,
            "intuitObject": None,
            "fault": {"error": [error], "type": kind},
            "report": None,
            "queryResponse": None,
            "batchItemResponse": [],
            "attachableResponse": [],
            "syncErrorResponse": None,
            "requestId": None,
            "time": int(seconds * 1000),
            "status": None,
            "cdcresponse": [],
        }
    )


def unauthorized(detail: str | None, *, seconds: float) -> Answer:
    body = _gateway(
        status=401,
        code="3200",
        message="AuthenticationFailed",
        detail=detail,
        kind="AUTHENTICATION",
        seconds=seconds,
    )
    challenge = 'Bearer realm="Intuit", error="invalid_token"'
    return Answer(status=401, body=body, headers={"WWW-Authenticate": challenge})


def forbidden(*, seconds: float) -> Answer:
    return Answer(
        status=403,
        body=_gateway(
            status=403,
            code="3100",
            message="ApplicationAuthorizationFailed",
            detail=None,
            kind="SERVICE",
            seconds=seconds,
        ),
    )


def throttled(*, seconds: float, as_xml: bool) -> Answer:
    """Answer 429: recorded as XML even where JSON was asked for."""
    detail = "The request limit was reached.  Try again later"
    if not as_xml:
        body = _gateway(
            status=429,
            code="3001",
            message="ThrottleExceeded",
            detail=detail,
            kind="SERVICE",
            seconds=seconds,
        )
        return Answer(status=429, body=body)
    body = (
        f'<IntuitResponse time="{precise_stamp(seconds)}" xmlns="http://schema.intuit.com/finance/v3">'
        '<Fault type="SERVICE"><Error code="3001">'
        "<Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>"
        f"<Detail>{detail}</Detail></Error></Fault></IntuitResponse>"
    )
    return Answer(status=429, body=body, content_type=XML_TYPE)
