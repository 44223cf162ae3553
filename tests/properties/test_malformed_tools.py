"""Whatever is sent to the control plane, it answers with a sentence; and the pages answer with pages."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbo_emulator.application import create_app
from tests.properties.malformed import FUZZ, ODD, SCALARS, Company, not_json

CONTROL = (
    *("realms", "realms/1/load", "realms/{}/load", "realms/{}/grants", "realms/{}/preferences"),
    *("realms/{}/merge", "realms/{}/dump", "realms/{}/standing", "clients", "faults", "settings", "clock"),
    *("requests", "counters", "counters/reset", "", "x/y"),
)
KEYS = (
    *(
        "template",
        "realm_id",
        "company_name",
        "client_id",
        "client_secret",
        "redirect_uris",
        "match",
        "fault",
    ),
    *("times", "code", "seconds", "status", "latency", "seed", "clients", "now", "advance_seconds", "state"),
    *("without", "environment", "loser", "survivor", "Customer", "Id", "TaxPrefs", "disconnect_uri", "nth"),
)
WANTED = st.recursive(
    SCALARS | st.sampled_from(["sample", "lapsed", "refuse", "delay", "production"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def spare() -> Iterator[Company]:
    """An emulator of its own, which may be set to anything."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(data=Path(folder) / "data.sqlite3")
        app.testing = True
        yield Company(app.test_client())
        app.extensions["gateway"].store.close()


@FUZZ
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]),
    path=st.sampled_from(CONTROL),
    body=st.dictionaries(st.sampled_from(KEYS), WANTED, max_size=4).map(json.dumps)
    | WANTED.map(json.dumps)
    | st.sampled_from(["", "{", "[" * 5000]),
)
def test_odd_requests_to_the_control_plane_get_a_sentence(
    spare: Company, method: str, path: str, body: str
) -> None:
    answer = spare.server.open(f"/_emulator/{path.format(spare.realm)}", method=method, data=body)
    assert answer.status_code in {200, 201, 400, 404, 405}
    if answer.status_code >= 400:
        assert answer.get_json()["error"].endswith(".")
    json.loads(spare.state(), parse_constant=not_json)


PAGES = (
    *("customers", "items", "invoices", "nothing", "customer/new", "item/new", "customer/1", "invoice/2"),
    *(
        "customer/1/edit",
        "customer/1/merge",
        "customer/1/deactivate",
        "invoice/2/void",
        "preferences",
        "apps",
    ),
    *("subscription", "customer/99999999999999999999", "invoice/2/delete", "invoice/2/edit"),
    *("invoice/new", "payment/new"),
)
FIELDS = (
    "DisplayName",
    "Name",
    "UnitPrice",
    "Active",
    "SyncToken",
    "survivor",
    "BookCloseDate",
    "state",
    "q",
    *("customer", "lines", "item-0", "quantity-0", "price-0", "description-1", "code", "more", "once"),
    *("TotalAmt", "apply-1", "apply-x", "method", "TxnDate", "DueDate", "DocNumber", "PrivateNote"),
)
TOOLS = ("", "settings", "faults", "requests")
TOOL_FIELDS = (
    *("realm_id", "company_name", "template", "fault", "entity", "path", "nth", "times", "code", "seconds"),
    *("status", "clear", "seed", "latency.jitter", "pkce", "code_seconds", "defaults", "realm", "trouble"),
)


@FUZZ
@given(
    method=st.sampled_from(["GET", "POST"]),
    path=st.sampled_from(PAGES),
    sent=st.dictionaries(
        st.sampled_from((*FIELDS, "page", "client_id")),
        st.sampled_from([one for one in ODD if one.isprintable()]) | st.text(max_size=20),
    ),
)
def test_odd_requests_to_pages_are_answered_by_pages(
    spare: Company, method: str, path: str, sent: dict[str, str]
) -> None:
    place = "query_string" if method == "GET" else "data"
    answer = spare.server.open(f"/app/{spare.realm}/{path}", method=method, **{place: sent})
    assert answer.status_code in {200, 302, 303, 400, 404, 405}
    assert not answer.text or answer.text.startswith("<!doctype html>")


@FUZZ
@given(
    method=st.sampled_from(["GET", "POST"]),
    path=st.sampled_from(TOOLS),
    sent=st.dictionaries(
        st.sampled_from((*TOOL_FIELDS, "page")),
        st.sampled_from([one for one in ODD if one.isprintable()])
        | st.sampled_from(["delay", "sample", "1", "checked", "NaN", "1e999"])
        | st.text(max_size=20),
    ),
)
def test_odd_requests_to_the_tools_are_answered_by_pages(
    spare: Company, method: str, path: str, sent: dict[str, str]
) -> None:
    place = "query_string" if method == "GET" else "data"
    answer = spare.server.open(f"/{path}", method=method, **{place: sent})
    assert answer.status_code in {200, 302, 303, 400} | ({405} if path == "requests" else set())
    assert not answer.text or answer.text.startswith("<!doctype html>")
