"""Faults are read in every shape QuickBooks has been seen to send (facts A8, B4, B7)."""

import pytest

from qbo.errors import Fault, Refused, parse_faults

from .fakes import FAILED, THROTTLED, UNAUTHORIZED, fault


def test_a_business_fault_is_read_with_its_element() -> None:
    body = (
        b'{"Fault":{"Error":[{"Message":"Duplicate Name Exists Error","Detail":"The name supplied already '
        b'exists. : Id=61","code":"6240","element":"DisplayName"}],"type":"ValidationFault"},"time":"x"}'
    )
    assert parse_faults(400, body) == (
        Fault(
            code="6240",
            message="Duplicate Name Exists Error",
            detail="The name supplied already exists. : Id=61",
            element="DisplayName",
            type="ValidationFault",
        ),
    )


def test_one_envelope_may_hold_several_errors() -> None:
    body = b'{"Fault":{"Error":[{"code":"2050"},{"code":"2020","element":null}],"type":"ValidationFault"}}'
    assert [found.code for found in parse_faults(400, body)] == ["2050", "2020"]


def test_the_gateway_writes_its_keys_in_lower_case() -> None:
    (found,) = parse_faults(401, UNAUTHORIZED.body)
    assert (found.code, found.type, found.element) == ("3200", "AUTHENTICATION", "")


def test_the_throttle_answers_in_xml_although_json_was_asked_for() -> None:
    (found,) = parse_faults(429, THROTTLED.body)
    assert (found.code, found.type) == ("3001", "SERVICE")
    assert found.detail == "The request limit was reached.  Try again later"


def test_a_fault_is_found_although_the_status_says_200() -> None:
    assert [found.code for found in parse_faults(200, fault("4000").body)] == ["4000"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        FAILED.body,
        b"<!DOCTYPE html><p>no",
        b"<cut",
        b'{"Fault":',
        b"null",
        b"[1]",
        b'"x"',
        b"\xff\xfe",
        b'{"Fault":7}',
    ],
)
def test_an_error_status_without_a_readable_fault_still_gives_one(body: bytes) -> None:
    assert parse_faults(503, body) == (Fault(code="", message="HTTP 503 without a fault", detail=""),)


def test_a_document_with_entities_is_not_expanded() -> None:
    bomb = b'<!DOCTYPE f [<!ENTITY a "aaaa">]><f><Fault type="&a;"><Error code="1"/></Fault></f>'
    assert parse_faults(500, bomb)[0].code == ""


def test_a_result_holds_no_fault() -> None:
    assert parse_faults(200, b'{"Customer":{"Id":"1"},"time":"x"}') == ()


@pytest.mark.parametrize(
    ("type_", "code", "expected"),
    [
        ("SystemFault", "10000", True),
        ("ValidationFault", "6240", False),
        ("SystemFault", "", True),
        ("", "10000", True),
    ],
)
def test_only_a_fault_of_the_system_leaves_the_effect_unknown(type_: str, code: str, expected: bool) -> None:  # noqa: FBT001
    assert Fault(code=code, message="", detail="", type=type_).of_system is expected


def test_a_refusal_reads_as_its_codes_and_messages() -> None:
    refused = Refused(parse_faults(400, fault("6240", "Id=61").body), intuit_tid="1-abc")
    assert str(refused) == "6240 Message of 6240"
    assert refused.intuit_tid == "1-abc"
