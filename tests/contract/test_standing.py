"""Who is let in, and when nobody is: tokens, environments, subscriptions (facts A8, B6)."""

import json
from typing import Any

import pytest

from tests.contract.books import Books
from tests.contract.signing_in import BACK, token, walk
from tests.emulator import Emulator, send


def _stands(books: Books, **wanted: Any) -> dict[str, Any]:
    return dict(books.emulator.control("PUT", f"realms/{books.realm}/standing", wanted))


def _first_error(text: str) -> tuple[str, dict[str, Any]]:
    fault = json.loads(text)["Fault"]
    return fault["type"], fault["Error"][0]


@pytest.mark.parametrize(
    ("bearer", "detail"),
    [
        ("", None),
        ("short", "Malformed bearer token: too short or too long"),
        ("e" * 5000, "Malformed bearer token: too short or too long"),
        ("eyJlbmMiOiJub2JvZHkga25vd3MgbWUi", "Token expired: eyJlbmMiOiJub2JvZHkga25vd3MgbWUi"),
    ],
)
def test_a_token_nobody_knows_is_refused_with_what_is_wrong_with_it(
    books: Books, bearer: str, detail: str | None
) -> None:
    """Facts A8: 401, 3200, and the variants of its detail."""
    books.token = bearer
    status, text, headers = books.call("GET", "preferences")
    error = json.loads(text)["fault"]["error"][0]
    assert (status, error["code"], error["detail"]) == (401, "3200", detail)
    assert headers["WWW-Authenticate"] == 'Bearer realm="Intuit", error="invalid_token"'


def test_keys_of_the_wrong_environment_are_refused_at_the_first_call(books: Books) -> None:
    """Facts A1, A8: mixed keys give 403, 3100, and not at sign-in."""
    for environment in ("production", "sandbox"):
        books.emulator.control(
            "POST",
            "clients",
            {"client_id": environment, "client_secret": "s", "environment": environment},
        )
    sandbox = books.emulator.grant(books.realm, "sandbox")["access_token"]
    production = books.emulator.grant(books.realm, "production")["access_token"]
    books.token = production
    status, text, _ = books.call("GET", "preferences")
    error = json.loads(text)["fault"]["error"][0]
    assert (status, error["code"]) == (403, "3100")
    assert error["message"] == "message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403"
    books.token = sandbox
    assert books.call("GET", "preferences")[0] == 200
    _stands(books, environment="production")
    assert books.call("GET", "preferences")[0] == 403
    books.token = production
    assert books.call("GET", "preferences")[0] == 200


def test_books_of_a_lapsed_subscription_can_be_read_and_not_changed(books: Books) -> None:
    """Facts A8, B6: 400, 6190; "You can't add data"."""
    kept = books.customer("Kept")
    assert _stands(books, state="lapsed")["state"] == "lapsed"
    assert books.get("Customer", kept["Id"]) == kept
    status, text, _ = books.call("POST", "customer", {"DisplayName": "New"})
    kind, error = _first_error(text)
    assert (status, kind, error["code"], error["Message"]) == (
        400,
        "ValidationFault",
        "6190",
        "Invalid Company Status",
    )
    assert error["Detail"].startswith(
        "Subscription period has ended or been canceled or there was a billing problem"
    )
    written, read = books.batch(
        {"bId": "1", "operation": "create", "Customer": {"DisplayName": "New"}},
        {"bId": "2", "Query": "select * from Customer"},
    )
    assert written["Fault"]["Error"][0]["code"] == "6190"
    assert [one["DisplayName"] for one in read["QueryResponse"]["Customer"]] == ["Kept"]
    _stands(books, state="active")
    assert books.customer("New")["SyncToken"] == "0"


def test_a_suspended_subscription_answers_nothing(books: Books) -> None:
    """Facts A8: 6190."""
    _stands(books, state="suspended")
    for method, path in (("GET", "preferences"), ("POST", "batch")):
        status, text, _ = books.call(method, path, {"BatchItemRequest": []} if method == "POST" else None)
        assert (status, _first_error(text)[1]["code"]) == (400, "6190")


@pytest.mark.parametrize(
    ("state", "code", "kind", "message"),
    [
        ("sign_in_fails", "100", "AuthenticationFault", "General Authentication Error"),
        ("no_access", "120", "AuthorizationFault", "Authorization Failure"),
    ],
)
def test_a_company_that_lets_nobody_in_answers_401(
    books: Books, state: str, code: str, kind: str, message: str
) -> None:
    """Facts A8: 100 and 120, in the capital shape."""
    _stands(books, state=state)
    status, text, _ = books.call("GET", "preferences")
    seen, error = _first_error(text)
    assert (status, seen, error["code"], error["Message"]) == (401, kind, code, message)


def test_the_wrong_cluster_answers_in_xml(books: Books) -> None:
    """Facts A8: 130, XML although JSON was asked for."""
    _stands(books, state="wrong_cluster")
    status, text, headers = books.call("GET", "preferences")
    assert (status, headers["Content-Type"]) == (401, "application/xml;charset=UTF-8")
    assert '<Fault type="AuthenticationFault"><Error code="130">' in text
    assert "<Message>Accessing Wrong Cluster</Message>" in text


def test_what_the_plan_does_not_hold_is_refused(books: Books) -> None:
    """Facts B6: 5020, a feature not in the subscription."""
    _stands(books, without=["Class"])
    error = books.refused("Class", {"Name": "North"})
    assert (error["code"], error["Message"]) == ("5020", "Permission Denied Error")
    assert books.post("Department", {"Name": "North"})["SyncToken"] == "0"
    assert books.query("select * from Class") == {}


@pytest.mark.parametrize("code", ["100", "120", "130"])
def test_a_401_on_request_can_have_each_code(books: Books, code: str) -> None:
    """Facts A8: once, in the middle of a run."""
    books.emulator.fault("unauthorized", code=int(code))
    status, text, _ = books.call("GET", "preferences")
    assert status == 401
    assert code in text
    assert books.call("GET", "preferences")[0] == 200


def test_a_token_for_payments_alone_does_not_open_the_books(emulator: Emulator, books: Books) -> None:
    """Facts A2, A8: the accounting scope opens the accounting API."""
    sent_back = walk(emulator, books.realm, "connect", scope="com.intuit.quickbooks.payment")
    code = sent_back["code"][0]
    _, tokens = token(emulator, grant_type="authorization_code", code=code, redirect_uri=BACK)
    assert sent_back["realmId"] == [books.realm]
    books.token = tokens["access_token"]
    assert books.call("GET", "preferences")[0] == 403


def test_a_person_can_let_the_subscription_end_on_a_page(books: Books) -> None:
    url = f"{books.emulator.url}/app/{books.realm}/subscription"
    assert "The subscription has ended" in send("GET", url)[1]
    status, page, _ = send("POST", url, body=b"state=lapsed")
    assert (status, 'value="lapsed" checked' in page) == (200, True)
    assert books.refused("Customer", {"DisplayName": "New"})["code"] == "6190"
    status, page, _ = send(
        "POST", f"{books.emulator.url}/app/{books.realm}/customer/new", body=b"DisplayName=New"
    )
    assert (status, "Subscription period has ended" in page) == (400, True)
    assert send("POST", url, body=b"state=elsewhere")[0] == 404
    assert send("POST", url, body=b"state=active", headers={"Origin": "https://elsewhere.example"})[0] == 403
