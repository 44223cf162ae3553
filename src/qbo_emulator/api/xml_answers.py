"""Answers in XML, which QuickBooks gives to whoever does not ask for JSON (facts B1, B7, B9).

Made from the JSON answer, so that the two cannot differ in anything but form: the order of members is the
published schema's, an empty list is nothing, and extensions stand as elements. Requests in XML are not read.
"""

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from qbo_emulator.api.xml_order import ORDER
from qbo_emulator.ground.clock import precise_stamp
from qbo_emulator.ground.values import Json, decode

PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
NAMESPACE = "http://schema.intuit.com/finance/v3"
# Members that are attributes of their element.
ATTRIBUTES = frozenset(
    {"domain", "sparse", "status", "startPosition", "maxResults", "totalCount", "bId", "type"}
)
# Of some elements others are, too: of a report's rows and cells (facts K2), of a fault's errors.
OWN_ATTRIBUTES = {
    "Error": ATTRIBUTES | {"code", "element"},
    "Row": ATTRIBUTES | {"group"},
    "ColData": frozenset({"value", "id"}),
}
# What a report consists of; it has a root of its own.
REPORT = {"Header", "Columns", "Rows"}
EXTENSIONS = "any"
REFERENCE = frozenset({"value", "name", "type"})
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_xml(body: str) -> str:
    """Write an answer's JSON as the IntuitResponse it stands for; the gateway has other manners."""
    answer = decode(body)
    if answer.keys() == REPORT:
        inner = "".join(_element(name, value) for name, value in answer.items())
        return f"{PROLOG}<Report xmlns={quoteattr(NAMESPACE)}>{inner}</Report>"
    names = ["xmlns", "time"]
    if "fault" in answer:
        answer = _gateway_fault(answer)
        names.reverse()
    said = {"xmlns": NAMESPACE, "time": answer.pop("time", None)}
    head = _attributes({name: said[name] for name in names if said[name]})
    inner = "".join(_element(name, value) for name, value in answer.items())
    return f"{PROLOG}<IntuitResponse{head}>{inner}</IntuitResponse>"


def _gateway_fault(answer: Json) -> Json:
    """The gateway's own shape (a lower-case fault: facts A8) has no other members in XML."""
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
    if isinstance(value, dict):
        return _object(name, value)
    return f"<{name}>{escape(_text(value))}</{name}>"


def _object(name: str, value: Json) -> str:
    if "value" in value and value.keys() <= REFERENCE and name not in OWN_ATTRIBUTES:
        shown: Json = {member: value[member] for member in ("name", "type") if member in value}
        return f"<{name}{_attributes(shown)}>{escape(_text(value['value']))}</{name}>"
    named = OWN_ATTRIBUTES.get(name, ATTRIBUTES)
    own = {
        member: one
        for member, one in value.items()
        if member in named and one is not None and not isinstance(one, dict | list)
    }
    if EXTENSIONS in value:
        inner = "".join(map(_extension, value[EXTENSIONS]))
    else:
        inner = "".join(
            _element(member, value[member]) for member in _ordered(name, value) if member not in own
        )
    head = f"{name}{_attributes(own)}"
    return f"<{head}>{inner}</{name}>" if inner else f"<{head}/>"


def _ordered(name: str, members: Json) -> list[str]:
    """Return the members of an element in the order of the schema; those it does not list come last."""
    places = {member: place for place, member in enumerate(ORDER.get(name, ()))}
    return sorted(members, key=lambda member: places.get(member, len(places)))


def _extension(one: Json) -> str:
    """Write as itself the element that JSON has as `{"name": "{namespace}NameValue", "value": {...}}`."""
    return _element(str(one["name"]).rpartition("}")[2], one["value"])


def _attributes(members: Json) -> str:
    return "".join(f" {name}={quoteattr(_text(value))}" for name, value in members.items())


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _UNWRITABLE.sub("", str(value))
