"""Whatever is sent to the emulator, it answers with a fault or a success, never with a traceback.

And what it refused has changed nothing. FUZZ_EXAMPLES asks for more than `make test` tries.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from qbo_emulator.entities import ENTITIES
from qbo_emulator.ground.shape import Many, Members
from qbo_emulator.reports.run import REPORTS
from tests.properties.malformed import FUZZ, ODD, SCALARS, Company, company, server

__all__ = ["company", "server"]


def _member_names(members: Members) -> Iterator[str]:
    for name, leaf in members.items():
        yield name
        inner = leaf.of if isinstance(leaf, Many) else leaf
        if isinstance(inner, dict):
            yield from _member_names(inner)


NAMES = sorted({name for entity in ENTITIES for name in _member_names(entity.members)})
PATHS = sorted({entity.name.lower() for entity in ENTITIES} | {"batch", "query", "cdc", "nonsense"})
WRITABLE = [entity for entity in ENTITIES if entity.complete is not None]
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)
ASKED = (
    *("accounting_method", "report_date", "start_date", "end_date", "customer", "transaction_type"),
    *("arpaid", "aging_method", "date_macro"),
)
ODD_ANSWERS = (
    "",
    "Accrual",
    "2026-02-28",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "1",
    "1,x",
    "Invoice",
    "All",
)
REQUEST_IDS = st.sampled_from(["", "a", "x" * 60])


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """A body near a valid one: some of the entity's own members with values of any sort."""
    entity = draw(st.sampled_from(WRITABLE))
    names = st.sampled_from(sorted(entity.members) or NAMES)
    body = draw(st.dictionaries(names, VALUES, max_size=5))
    if draw(st.booleans()):
        body |= {"Id": "1", "SyncToken": "0", "sparse": True}
    if draw(st.booleans()):
        line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": draw(VALUES)}
        body = {"CustomerRef": {"value": "1"}, "TotalAmt": 5, "Line": [line, draw(VALUES)], **body}
    return entity.name, body


@FUZZ
@given(sent=bodies(), operation=st.sampled_from(["", "delete", "void", "update", "send"]), key=REQUEST_IDS)
def test_odd_members_are_refused_or_stored(
    company: Company, sent: tuple[str, Any], operation: str, key: str
) -> None:
    entity, body = sent
    arguments = {"requestid": key, **({"operation": operation} if operation else {})}
    company.survives("POST", entity.lower(), data=json.dumps(body), query_string=arguments)


@FUZZ
@given(
    sent=bodies(),
    name=st.sampled_from([*REPORTS, "customerbalance", ""]),
    asked=st.dictionaries(
        st.sampled_from(ASKED), st.sampled_from(ODD_ANSWERS) | st.text(max_size=8), max_size=4
    ),
)
def test_whatever_is_stored_is_reported_and_whatever_is_asked_is_answered(
    company: Company, sent: tuple[str, Any], name: str, asked: dict[str, str]
) -> None:
    entity, body = sent
    company.survives("POST", entity.lower(), data=json.dumps(body))
    company.survives("GET", f"reports/{name}", query_string=asked)


@FUZZ
@given(items=st.lists(bodies() | st.tuples(st.just("Query"), VALUES), max_size=4), stray=VALUES)
def test_odd_batches_are_answered_item_by_item(company: Company, items: list[Any], stray: Any) -> None:
    wanted: list[Any] = [
        {"bId": str(place), "operation": "create", entity: body} for place, (entity, body) in enumerate(items)
    ]
    for body in ({"BatchItemRequest": wanted}, {"BatchItemRequest": [*wanted, stray]}, stray):
        company.survives("POST", "batch", data=json.dumps(body))


@FUZZ
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    path=st.sampled_from(PATHS),
    key=st.sampled_from(["", "1", *ODD[3:6], "1/send", "1/pdf", "a/b/c"]),
    raw=st.binary(max_size=60)
    | st.sampled_from([b"{", b"[]", b'{"Id": NaN}', b'{"CustomField": 1e400}', b"null", b'"x"', b"\xff\xfe"]),
)
def test_odd_paths_and_bytes_are_refused(
    company: Company, method: str, path: str, key: str, raw: bytes
) -> None:
    company.survives(method, f"{path}/{key}" if key else path, data=raw)


PREFERENCES = (
    *("AccountingInfoPrefs", "SalesFormsPrefs", "TaxPrefs", "OtherPrefs", "CurrencyPrefs", "Id"),
    *("BookCloseDate", "CustomTxnNumbers", "AllowDiscount", "DefaultDiscountAccount", "AutoApplyCredit"),
    *("AutoApplyPayments", "UsingSalesTax", "PartnerTaxEnabled", "TaxGroupCodeRef", "NameValue", "value"),
)


@FUZZ
@given(
    blocks=st.dictionaries(
        st.sampled_from(PREFERENCES),
        st.dictionaries(st.sampled_from(PREFERENCES), VALUES, max_size=4) | VALUES,
        max_size=3,
    ),
    by_tool=st.booleans(),
)
def test_odd_preferences_leave_books_that_answer(
    company: Company,
    blocks: dict[str, Any],
    by_tool: bool,  # noqa: FBT001
) -> None:
    stored = json.loads(company.state())["Preferences"][0]
    if by_tool:
        url = f"/_emulator/realms/{company.realm}/preferences"
        answer = company.server.put(url, data=json.dumps(blocks))
        assert answer.status_code in {200, 400}
        assert (answer.status_code == 400) == ("error" in answer.get_json())
    else:
        key = {"Id": "1", "SyncToken": stored["SyncToken"], "sparse": True}
        company.survives("POST", "preferences", data=json.dumps({**blocks, **key}))
    line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
    company.survives("POST", "invoice", data=json.dumps({"CustomerRef": {"value": "1"}, "Line": [line]}))
    company.survives("POST", "payment", data=json.dumps({"CustomerRef": {"value": "1"}, "TotalAmt": 5}))
    company.survives("POST", "customer", data=json.dumps({"DisplayName": stored["SyncToken"]}))


WORDS = (
    *("select", "*", "count(*)", "from", "Customer", "Invoice", "Nothing", "where", "and", "orderby", "desc"),
    *("Id", "Balance", "Active", "DisplayName", "TxnDate", "MetaData.LastUpdatedTime", "in", "like", ","),
    *(
        "=",
        "<",
        ">=",
        "'x'",
        "'1'",
        "'%'",
        "'",
        "\\",
        "(",
        ")",
        "true",
        "7",
        "1e99",
        "startposition",
        "maxresults",
    ),
    *("0", "-1", "99999999999999999999", ";", "é", "\x00", "'2026-13-45'", "''", "'NaN'", "'-Infinity'"),
)


@FUZZ
@given(words=st.lists(st.sampled_from(WORDS), max_size=14), whole=st.booleans())
def test_odd_queries_are_refused_or_answered(company: Company, words: list[str], whole: bool) -> None:  # noqa: FBT001
    text = " ".join(words)
    statement = f"select * from Customer where {text}" if whole else text
    company.survives("GET", "query", query_string={"query": statement})
    company.survives("POST", "query", data=statement.encode(), headers={"Content-Type": "application/text"})


@FUZZ
@given(
    entities=st.lists(st.sampled_from(["Customer", "invoice", "TaxCode", "", "x", "\x00"]), max_size=4),
    since=st.sampled_from(
        ["", "x", "2026", "2026-01-01", "9999-12-31T23:59:59Z", "0001-01-01", "2026-11-22T"]
    )
    | st.text(max_size=12),
)
def test_odd_change_requests_are_refused_or_answered(
    company: Company, entities: list[str], since: str
) -> None:
    arguments = {"entities": ",".join(entities), "changedSince": since}
    company.survives("GET", "cdc", query_string=arguments)


@FUZZ
@given(
    token=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40),
    scheme=st.sampled_from(["Bearer", "Basic", ""]),
)
def test_odd_tokens_open_nothing(company: Company, token: str, scheme: str) -> None:
    company.survives("GET", "customer/1", headers={"Authorization": f"{scheme} {token}"})


@FUZZ
@given(
    form=st.dictionaries(
        st.sampled_from(
            ["grant_type", "code", "refresh_token", "redirect_uri", "client_id", "client_secret"]
        ),
        st.sampled_from(["authorization_code", "refresh_token", "", "x", "\x00", "é"]),
    ),
    basic=st.sampled_from(["", "Basic !!", "Basic eDp5", "Basic /w==", "Bearer x"]),
)
def test_odd_token_requests_are_refused(server: FlaskClient, form: dict[str, str], basic: str) -> None:
    for path in ("/oauth2/v1/tokens/bearer", "/v2/oauth2/tokens/revoke"):
        answer = server.post(path, data=form, headers={"Authorization": basic} if basic else {})
        assert answer.status_code in {400, 401}
        assert answer.get_json()["error"].startswith(("invalid", "unsupported"))


PARAMETERS = ("client_id", "redirect_uri", "response_type", "scope", "state", "step", "realm", "claims")
ADDRESSES = (
    "http://127.0.0.1:9/back",
    "https://evil.example",
    "//127.0.0.1",
    "http://[::1",
    "http://127.0.0.1/\r\nX: y",
)


@FUZZ
@given(
    method=st.sampled_from(["GET", "POST"]),
    sent=st.dictionaries(
        st.sampled_from(PARAMETERS),
        st.sampled_from(["app", "code", "openid", "connect", "consent", "cancel", *ADDRESSES, *ODD[:8]])
        | st.text(max_size=20),
    ),
)
def test_odd_requests_to_connect_lead_nowhere_else(
    server: FlaskClient, method: str, sent: dict[str, str]
) -> None:
    place = "query_string" if method == "GET" else "data"
    asked = {"client_id": "app", "redirect_uri": ADDRESSES[0], "response_type": "code", "state": "s", **sent}
    answer = server.open("/connect/oauth2", method=method, **{place: asked})
    assert answer.status_code in {200, 302, 400}
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("http://127.0.0.1")


@pytest.mark.parametrize(
    "statement",
    [
        f"select * from Customer where {' and '.join(['DisplayName = 1'] * 1_100)}",
        f"select * from Customer where DisplayName like '{'x' * 60_000}'",
        f"select * from Customer orderby {', '.join(['Balance'] * 2_100)}",
        f"select count(*) from Customer where Id in ({', '.join(['1'] * 5_000)})",
        f"select {', '.join(['Id'] * 5_000)} from Customer",
        "select " * 5_000,
    ],
    ids=["conditions", "pattern", "keys", "values", "fields", "words"],
)
def test_a_statement_beyond_all_measure_is_refused_or_answered(company: Company, statement: str) -> None:
    company.survives("POST", "query", data=statement, headers={"Content-Type": "application/text"})


@pytest.mark.parametrize("depth", [100, 900, 995, 1_100, 100_000])
def test_a_body_nested_deeply_is_refused_or_stored(company: Company, depth: int) -> None:
    for opened, closed in (("[", "]"), ('{"a":', "}")):
        nested = opened * depth + "1" + closed * depth
        company.survives(
            "POST", "customer", data=f'{{"DisplayName": "Deep {depth}", "CustomField": {nested}}}'
        )
        company.survives("POST", "customer", data=f'{{"DisplayName": {nested}}}')
        company.survives("POST", "batch", data=f'{{"BatchItemRequest": {nested}}}')
