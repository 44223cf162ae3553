"""The shapes of answers: success, business fault, and the gateway's own faults (facts A8, B3, B4, B7)."""

import re
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Literal

from qbo_emulator.api.xml_answers import as_xml
from qbo_emulator.ground.clock import precise_stamp
from qbo_emulator.ground.refusals import Error, Refusal, TookTooLong
from qbo_emulator.ground.settings import Settings
from qbo_emulator.ground.values import Json, encode

JSON_TYPE = "application/json;charset=UTF-8"
XML_TYPE = "application/xml;charset=UTF-8"
HTML_TYPE = "text/html"
TOKENS = re.compile(r"\b(?:Id|TxnId|TxnType|DocNumber)=\S+")

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


def fault_json(refusal: Refusal, settings: Settings) -> Json:
    errors = refusal.errors
    if settings.fault_language == "french":
        errors = tuple(map(_in_french, errors))
    return {"Error": [error.as_json() for error in errors], "type": refusal.kind}


def _in_french(error: Error) -> Error:
    """Leave of an error's words what a client may rely on: code and tokens such as Id= (facts B4)."""
    tokens = " ".join(TOKENS.findall(error.detail))
    return replace(
        error, message="Une erreur est survenue", detail=f"La demande est refus\u00e9e. {tokens}".strip()
    )


def fault(refusal: Refusal, settings: Settings, *, seconds: float) -> Answer:
    if isinstance(refusal, TookTooLong):
        return _gave_up(seconds=seconds)
    body: Json = {"Fault": fault_json(refusal, settings)}
    if refusal.timed:
        body["time"] = precise_stamp(seconds)
    answer = Answer(status=refusal.status, body=encode(body))
    return in_xml(answer) if refusal.as_xml else answer


def in_xml(answer: Answer) -> Answer:
    """Write an answer as XML, if it is JSON."""
    if answer.content_type != JSON_TYPE or not answer.body:
        return answer
    return replace(answer, body=as_xml(answer.body), content_type=XML_TYPE)


def server_failed(status: int) -> Answer:
    """Answer as a server in front of QuickBooks does, which knows nothing of its shapes (facts B5)."""
    title = f"{status} {HTTPStatus(status).phrase}"
    body = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
    return Answer(status=status, body=body, content_type=HTML_TYPE)


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


def _gave_up(*, seconds: float) -> Answer:
    """Answer 504 to a report that took too long (facts K2)."""
    body = _gateway(
        status=TookTooLong.STATUS,
        code=TookTooLong.CODE,
        message="GatewayTimeout",
        detail=None,
        kind="SERVICE",
        seconds=seconds,
    )
    return in_xml(Answer(status=TookTooLong.STATUS, body=body))


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


def throttled(*, seconds: float, xml: bool) -> Answer:
    """Answer 429: recorded as XML even where JSON was asked for."""
    body = _gateway(
        status=429,
        code="3001",
        message="ThrottleExceeded",
        detail="The request limit was reached.  Try again later",
        kind="SERVICE",
        seconds=seconds,
    )
    answer = Answer(status=429, body=body)
    return in_xml(answer) if xml else answer
