"""Headers, XML, bytes and addresses: what every call has, whatever it is about (facts B1, B2, B3, B5)."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

import pytest

from tests.contract.books import Books, sale
from tests.emulator import Emulator, send

NS = "{http://schema.intuit.com/finance/v3}"


def _raw(
    books: Books, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, str, Mapping[str, str]]:
    """Send just these headers, and the token."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return send(
        method,
        f"{books.emulator.url}/v3/company/{books.realm}/{path}",
        body=body,
        headers={"Authorization": f"Bearer {books.token}", **named},
    )


def _code(text: str) -> str:
    return str(json.loads(text)["Fault"]["Error"][0]["code"])


def test_every_answer_has_the_recorded_headers(books: Books) -> None:
    """Facts B1: intuit_tid and the rest; no answer is kept by a cache."""
    for path, status in (("preferences", 200), ("invoice/999", 400)):
        seen, _, headers = books.call("GET", path)
        assert seen == status
        assert re.fullmatch(r"1-[0-9a-f]{8}-[0-9a-f]{24}", headers["intuit_tid"])
        assert headers["X-Amzn-Trace-Id"] == f"Root={headers['intuit_tid']}"
        assert headers["X-Spanid"]
        assert headers["Qbo-Version"] == "1944.190"
        assert re.fullmatch(r"total=\d+, db=\d+", headers["Service-Time"])
        assert headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
        assert headers["Expires"] == "0"
        assert headers["Strict-Transport-Security"]
        assert headers["Content-Type"] == "application/json;charset=UTF-8"
    first, second = (books.call("GET", "preferences")[2]["intuit_tid"] for _ in range(2))
    assert first != second


def test_who_does_not_ask_for_json_gets_xml(books: Books) -> None:
    """Facts B1: the default without Accept is XML."""
    made = books.customer("Fish & <Chips>", Notes="a\x01b", BillAddr={"City": "Hull"})
    books.invoice(made, 5)
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/xml"}):
        status, text, seen = _raw(books, "GET", f"customer/{made['Id']}", **headers)
        assert (status, seen["Content-Type"]) == (200, "application/xml;charset=UTF-8")
        root = ET.fromstring(text)
        customer = root.find(f"{NS}Customer")
        assert root.tag == f"{NS}IntuitResponse"
        assert customer is not None
        assert customer.attrib == {"domain": "QBO", "sparse": "false"}
        assert customer.findtext(f"{NS}DisplayName") == "Fish & <Chips>"
        assert customer.findtext(f"{NS}Notes") == "ab"
        assert customer.findtext(f"{NS}BillAddr/{NS}City") == "Hull"
    _, text, _ = _raw(books, "GET", "query?query=select%20*%20from%20Invoice")
    response = ET.fromstring(text).find(f"{NS}QueryResponse")
    assert response is not None
    assert response.attrib == {"startPosition": "1", "maxResults": "1"}
    buyer = response.find(f"{NS}Invoice/{NS}CustomerRef")
    assert buyer is not None
    assert (buyer.text, buyer.attrib) == (made["Id"], {"name": "Fish & <Chips>"})


def test_faults_come_in_xml_too(books: Books) -> None:
    """Facts B1, B4, A8: both shapes of a fault."""
    _, text, _ = _raw(books, "GET", "customer/1.5")
    fault = ET.fromstring(text).find(f"{NS}Fault")
    assert fault is not None
    error = fault[0]
    assert (fault.attrib, error.attrib) == (
        {"type": "ValidationFault"},
        {"code": "2030", "element": "Id"},
    )
    assert error.findtext(f"{NS}Detail") == "Id should be a valid number. Supplied value:1.5"
    books.token = "eyJlbmMiOiJub2JvZHkga25vd3MgbWUi"
    status, text, _ = _raw(books, "GET", "preferences")
    assert status == 401
    assert '<Fault type="AUTHENTICATION"><Error code="3200">' in text


def test_a_client_that_cannot_ask_may_be_given_json(books: Books) -> None:
    """Facts B1: a switch, for what is older than its own habits."""
    books.emulator.settings(answers_without_accept="json")
    try:
        assert json.loads(_raw(books, "GET", "preferences")[1])["Preferences"]["Id"] == "1"
    finally:
        books.emulator.settings(answers_without_accept="xml")


@pytest.mark.parametrize(
    ("path", "sent_as"),
    [
        ("customer", "application/x-www-form-urlencoded"),
        ("customer", "application/xml"),
        ("batch", "text/plain"),
        ("query", "application/json"),
    ],
)
def test_a_body_of_the_wrong_type_is_refused(books: Books, path: str, sent_as: str) -> None:
    """Facts B5: recorded as 400, code 500, not as 415."""
    body = b'{"DisplayName": "x"}'
    status, text, _ = _raw(books, "POST", path, body, Accept="application/json", Content_Type=sent_as)
    fault = json.loads(text)["Fault"]
    assert (status, fault["type"], fault["Error"][0]["code"]) == (400, "ValidationFault", "500")
    assert fault["Error"][0]["Detail"] == "Operation Cannot consume content type is not supported."
    assert books.query("select count(*) from Customer") == {"totalCount": 0}


def test_types_of_bodies_may_be_left_unchecked(books: Books) -> None:
    """Facts B5: unconfirmed, so a switch."""
    books.emulator.settings(content_types="ignored")
    try:
        asked = {"Accept": "application/json", "Content_Type": "text/plain"}
        assert _raw(books, "POST", "customer", b'{"DisplayName": "x"}', **asked)[0] == 200
        assert _raw(books, "POST", "query", b"select * from Customer", **asked)[0] == 200
    finally:
        books.emulator.settings(content_types="checked")


@pytest.mark.parametrize(
    ("path", "sent_as", "body"),
    [
        ("customer", "application/json", b'{"DisplayName": "Caf\xe9"}'),
        ("query", "application/text", b"select * from Customer where DisplayName = 'Caf\xe9'"),
    ],
)
def test_stray_bytes_are_refused(books: Books, path: str, sent_as: str, body: bytes) -> None:
    """Facts B1: 400, code 500, MalformedByteSequence."""
    status, text, _ = _raw(books, "POST", path, body, Accept="application/json", Content_Type=sent_as)
    assert (status, _code(text)) == (400, "500")
    assert "MalformedByteSequence" in text


def test_stray_bytes_in_an_address_are_refused(books: Books) -> None:
    """Facts B1."""
    status, text, _ = _raw(books, "GET", "query?query=select%20%ff", Accept="application/json")
    assert (status, _code(text)) == (400, "500")


@pytest.mark.parametrize(
    "path", ["customer", "customer/", "invoice/1/pdf", "reports/ProfitAndLoss", "upload"]
)
def test_what_is_absent_says_so(books: Books, path: str) -> None:
    """Facts B1, B6: a fault, never a made-up success."""
    status, text, _ = books.call("GET", path)
    assert (status, _code(text)) == (400, "500")
    assert "Could not find resource for relative" in text


def test_a_head_request_is_a_read_without_its_body(books: Books) -> None:
    """Facts B1."""
    made = books.customer("Seen")
    status, text, headers = _raw(books, "HEAD", f"customer/{made['Id']}", Accept="application/json")
    assert (status, text) == (200, "")
    assert int(headers["Content-Length"]) > 100


def test_an_unknown_resource_is_unsupported_and_not_404(books: Books) -> None:
    """Facts B5, B6: 400, code 500, with the path in its words."""
    status, text, _ = books.call("GET", "nonsense/1")
    path = f"/v3/company/{books.realm}/nonsense/1"
    assert (status, _code(text)) == (400, "500")
    assert json.loads(text)["Fault"]["Error"][0]["Detail"] == (
        f"Operation Could not find resource for relative : {path} "
        f"of full path: {books.emulator.url}{path} is not supported."
    )


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v3/nowhere", 404), ("PUT", "/v3/company/1/customer", 405)]
)
def test_an_address_or_method_that_is_not_there_gets_a_fault(
    emulator: Emulator, method: str, path: str, status: int
) -> None:
    """Facts B1, B5: 404 for an unknown URL; PUT, PATCH and DELETE are not used."""
    seen, text, headers = send(method, emulator.url + path, headers={"Accept": "application/json"})
    assert (seen, _code(text)) == (status, "500")
    assert headers["intuit_tid"]


@pytest.mark.parametrize("minor", ["4", "75", "99", "x", ""])
def test_the_minor_version_changes_nothing(books: Books, minor: str) -> None:
    """Facts B2: lower values are accepted and ignored."""
    made = books.customer("Same")
    status, text, _ = books.call("GET", f"customer/{made['Id']}", minorversion=minor)
    assert (status, json.loads(text)["Customer"]) == (200, made)


def _members(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _members(one)
    elif isinstance(value, list):
        for one in value:
            yield from _members(one)
    else:
        yield value


@pytest.mark.usefixtures("another_day")
def test_ids_are_texts_times_are_pacific_and_nothing_is_null(books: Books) -> None:
    """Facts B3: MetaData without a fraction, `time` in milliseconds, empty members left out."""
    books.emulator.control("POST", "clock", {"now": "2026-07-01T12:00:00.5+00:00"})
    buyer = books.customer("Buyer", Notes="", BillAddr=None)
    status, text, _ = books.call(
        "POST", "invoice", {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(5)]}
    )
    answer = json.loads(text)
    invoice = answer["Invoice"]
    assert status == 200
    assert re.fullmatch(r"2026-07-01T05:00:0\d-07:00", invoice["MetaData"]["CreateTime"])
    assert re.fullmatch(r"2026-07-01T05:00:0\d\.\d{3}-07:00", answer["time"])
    assert (type(invoice["Id"]), type(invoice["SyncToken"]), invoice["sparse"]) == (str, str, False)
    assert None not in list(_members(answer))
    assert {"Notes", "BillAddr"} & buyer.keys() == set()
    books.emulator.control("POST", "clock", {"now": "2026-12-01T12:00:00+00:00"})
    books.token = books.emulator.grant(books.realm)["access_token"]
    assert books.customer("Winter")["MetaData"]["CreateTime"].endswith("-08:00")


def test_amounts_have_two_decimals_and_prices_none_too_many(books: Books) -> None:
    """Facts B3, H2: `100.00`, and zero as `0`; a price or quantity without zeros at its end."""
    buyer = books.customer("Buyer")
    line = sale(300, UnitPrice=75.00, Qty=4.0)
    odd = sale(33.75, UnitPrice=7.5, Qty=4.5)
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [line, odd], "PrivateNote": '"Amount":1.0,'}
    _, text, _ = books.call("POST", "invoice", body)
    assert '"TotalAmt":333.75,' in text
    assert '"Amount":300.00,' in text
    assert '"UnitPrice":75,"Qty":4' in text
    assert '"UnitPrice":7.5,"Qty":4.5' in text
    assert '"TotalTax":0}' in text
    assert json.loads(text)["Invoice"]["PrivateNote"] == '"Amount":1.0,'
    _, text, _ = books.call("GET", f"customer/{buyer['Id']}")
    assert '"Balance":333.75,' in text
    books.payment(buyer, 33.75)
    _, text, _ = books.call("GET", "query", query="select * from Customer")
    assert '"Balance":300.00,' in text
