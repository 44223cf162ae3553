"""Answers in XML, which QuickBooks gives to whoever does not ask for JSON (qbo-facts B1, B7).

Made from the JSON answer, so that the two cannot differ. Elements come in the order of the JSON members,
which the published schema would have otherwise. Requests in XML are not read.
"""

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from qbo_emulator.clock import precise_stamp
from qbo_emulator.values import Json, decode

NAMESPACE = "http://schema.intuit.com/finance/v3"
# Members that are attributes of their element.
ATTRIBUTES = frozenset(
    {"domain", "sparse", "status", "startPosition", "maxResults", "totalCount", "bId", "type"}
)
ERROR_ATTRIBUTES = frozenset({"code", "element"})
REFERENCE = frozenset({"value", "name", "type"})
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_xml(body: str) -> str:
    """Write an answer's JSON as the IntuitResponse it stands for."""
    answer = decode(body)
    if "fault" in answer:
        answer = _gateway_fault(answer)
    time = answer.pop("time", "")
    inner = "".join(_element(name, value) for name, value in answer.items())
    return f'<IntuitResponse time={quoteattr(time)} xmlns="{NAMESPACE}">{inner}</IntuitResponse>'


def _gateway_fault(answer: Json) -> Json:
    """The gateway's own shape (lower-case fault, qbo-facts A8) has no other members in XML."""
    fault = answer["fault"]
    errors = [
        {"code": one["code"], "Message": one["message"], "Detail": one["detail"]} for one in fault["error"]
    ]
    return {"Fault": {"type": fault["type"], "Error": errors}, "time": precise_stamp(answer["time"] / 1000)}


def _element(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if not isinstance(value, dict):
        return f"<{name}>{escape(_text(value))}</{name}>"
    if "value" in value and value.keys() <= REFERENCE:
        shown = {member: value[member] for member in ("name", "type") if member in value}
        return f"<{name}{_attributes(shown)}>{escape(_text(value['value']))}</{name}>"
    named = ATTRIBUTES | ERROR_ATTRIBUTES if name == "Error" else ATTRIBUTES
    own = {
        member: one
        for member, one in value.items()
        if member in named and one is not None and not isinstance(one, dict | list)
    }
    inner = "".join(_element(member, one) for member, one in value.items() if member not in own)
    return f"<{name}{_attributes(own)}>{inner}</{name}>"


def _attributes(members: Json) -> str:
    return "".join(f" {name}={quoteattr(_text(value))}" for name, value in members.items())


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _UNWRITABLE.sub("", str(value))
