"""What can go wrong at the wire, named by what the caller must do.

    QuickBooksError
    |-- TryAgain             nothing is wrong with the request: the same again, later
    |   `-- Throttled        ... after `wait_seconds`
    |-- RenewToken           the access token was not taken (the client answers this one itself)
    |-- Disconnected         a person must press Connect again
    |-- Forbidden            a person must mend access or subscription in QuickBooks
    |-- ConfigurationWrong   the operator must mend client id, secret or environment
    |-- Missing              there is no such object (any more)
    |-- Refused              the request breaks a rule: `faults` say which
    |-- ReadWindowPassed     changes are not kept for so long: read everything anew
    |-- NarrowDown           a report is larger than QuickBooks shows: ask for less
    |-- NotAsAsked           a report answers another question: believe nothing of it
    `-- DoesNotAddUp         a report's total is not the sum of its rows: believe nothing of it

Fault texts are localised by QuickBooks: decide on `code`, never on words (facts B4).
No message here ever holds a token: gateway details, which quote one, are not repeated.
"""
# ruff: noqa: N818 - named by what the caller must do, not by what it is

from dataclasses import dataclass
from typing import Any, Literal
from xml.etree import ElementTree as ET

from .payload import loads

UNSTABLE_TYPES = frozenset({"systemfault"})
UNSTABLE_CODES = frozenset({"10000"})
Why = Literal["subscription", "no_access", "currency", "refused"]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One error of a Fault envelope."""

    code: str
    message: str
    detail: str
    element: str = ""
    type: str = ""

    @property
    def of_system(self) -> bool:
        """Whether QuickBooks itself failed, so that nobody knows what it did."""
        return self.type.lower() in UNSTABLE_TYPES or self.code in UNSTABLE_CODES


class QuickBooksError(Exception):
    """The root; `intuit_tid` is what Intuit's support asks for."""

    def __init__(self, message: str, *, intuit_tid: str = "") -> None:
        super().__init__(message)
        self.intuit_tid = intuit_tid


class TryAgain(QuickBooksError):
    pass


class Throttled(TryAgain):
    wait_seconds = 60.0


class RenewToken(QuickBooksError):
    pass


class Disconnected(QuickBooksError):
    pass


class Forbidden(QuickBooksError):
    """`why` says what is to be mended: subscription, a person's access, the currency; or nobody told."""

    def __init__(self, message: str, *, why: Why = "refused", intuit_tid: str = "") -> None:
        super().__init__(message, intuit_tid=intuit_tid)
        self.why = why


class ConfigurationWrong(QuickBooksError):
    pass


class Missing(QuickBooksError):
    pass


class ReadWindowPassed(QuickBooksError):
    pass


class NarrowDown(QuickBooksError):
    pass


class NotAsAsked(QuickBooksError):
    pass


class DoesNotAddUp(QuickBooksError):
    pass


class Refused(QuickBooksError):
    """QuickBooks looked at the request and said no."""

    def __init__(self, faults: tuple[Fault, ...], *, intuit_tid: str = "") -> None:
        super().__init__(
            "; ".join(f"{fault.code} {fault.message}" for fault in faults), intuit_tid=intuit_tid
        )
        self.faults = faults


def parse_faults(status: int, body: bytes) -> tuple[Fault, ...]:
    """The faults of an answer; empty if it holds none.

    The body decides, not its content type: the throttle answers XML whatever was asked, proxies answer
    HTML, and a 200 may carry a Fault (facts B4, B7). An error status without a readable fault gets
    one made from the status, so that a failed answer always has a fault.
    """
    text = body.strip()
    faults: tuple[Fault, ...] = ()
    if text.startswith(b"<"):
        faults = _xml_faults(text)
    elif text:
        try:
            faults = faults_of(loads(text))
        except ValueError:
            faults = ()
    if not faults and status >= 400:  # noqa: PLR2004 - where error statuses begin
        return (Fault(code="", message=f"HTTP {status} without a fault", detail=""),)
    return faults


def faults_of(envelope: Any) -> tuple[Fault, ...]:
    """The faults of a decoded envelope or batch item, whatever the case of its keys."""
    fault = _member(envelope, "fault")
    errors = _member(fault, "error")
    if isinstance(errors, dict):
        errors = [errors]
    if not isinstance(errors, list):
        return ()
    kind = _text(fault, "type")
    return tuple(
        Fault(
            code=_text(error, "code"),
            message=_text(error, "message"),
            detail=_text(error, "detail"),
            element=_text(error, "element"),
            type=kind,
        )
        for error in errors
        if isinstance(error, dict)
    )


def _member(value: Any, name: str) -> Any:
    if not isinstance(value, dict):
        return None
    return next((found for key, found in value.items() if key.lower() == name), None)


def _text(value: Any, name: str) -> str:
    found = _member(value, name)
    return "" if found is None else str(found)


def _xml_faults(body: bytes) -> tuple[Fault, ...]:
    if b"<!" in body:  # HTML of a proxy, or a document type: nothing Intuit sends
        return ()
    try:
        root = ET.fromstring(body)  # noqa: S314 - no document type gets here, so no entity
    except ET.ParseError:
        return ()
    return tuple(
        Fault(
            code=error.get("code", ""),
            message=_child(error, "message"),
            detail=_child(error, "detail"),
            element=error.get("element", ""),
            type=fault.get("type", ""),
        )
        for fault in root.iter()
        if _local(fault) == "fault"
        for error in fault
        if _local(error) == "error"
    )


def _child(element: ET.Element, name: str) -> str:
    return next((child.text or "" for child in element if _local(child) == name), "")


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2].lower()
