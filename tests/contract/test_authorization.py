"""What an application may ask of the sign-in, and each mistake it can make (facts A)."""

import base64
import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from tests.contract.books import Books
from tests.contract.signing_in import BACK, SCOPE, connected, token, walk
from tests.emulator import Emulator, send


def test_the_discovery_document_says_what_is_supported(emulator: Emulator) -> None:
    """Facts A1."""
    document = json.loads(send("GET", f"{emulator.url}/.well-known/openid_configuration")[1])
    assert {name: value for name, value in document.items() if name.endswith("_supported")} == {
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid", "email", "profile", "address", "phone"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
    }


@pytest.fixture
def restored(emulator: Emulator) -> Iterator[Emulator]:
    """Switches of the sign-in are back at their defaults afterwards."""
    before = emulator.settings()
    yield emulator
    names = ("oauth_state", "premium_scopes", "code_seconds", "invalid_grant_description", "pkce")
    emulator.settings(**{name: before[name] for name in names})


def _asked(**more: str) -> str:
    asked = {
        "client_id": "app-1",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": SCOPE,
        "state": "s",
    }
    return urlencode({name: value for name, value in {**asked, **more}.items() if value})


def test_a_request_without_state_is_sent_back(restored: Emulator, books: Books) -> None:
    """Facts A2: required by Intuit's practice; what happens without it is not recorded, so a switch."""
    assert walk(restored, books.realm, "connect", state="") == {"error": ["invalid_request"]}
    restored.settings(oauth_state="optional")
    answer = walk(restored, books.realm, "connect", state="")
    assert answer.keys() == {"code", "realmId"}


def test_the_redirect_names_code_state_and_company_in_this_order(emulator: Emulator, books: Books) -> None:
    """Facts A3."""
    assert list(walk(emulator, books.realm, "connect")) == ["code", "state", "realmId"]


@pytest.mark.parametrize(
    "scope",
    ["com.intuit.quickbooks.payroll", "project-management.project", "indirect-tax.tax-calculation.read"],
)
def test_premium_scopes_are_for_apps_that_were_let_in(restored: Emulator, books: Books, scope: str) -> None:
    """Facts A2."""
    both = f"{SCOPE} {scope}"
    refused = walk(restored, books.realm, "connect", scope=both)
    restored.settings(premium_scopes="grant")
    granted = walk(restored, books.realm, "connect", scope=both)
    unknown = walk(restored, books.realm, "connect", scope=f"{SCOPE} everything")
    assert refused["error"] == ["invalid_scope"]
    assert granted["realmId"] == [books.realm]
    assert unknown["error"] == ["invalid_scope"]


def test_the_claims_parameter_is_taken(emulator: Emulator) -> None:
    """Facts A2."""
    claims = json.dumps({"id_token": {"realmId": None}})
    assert send("GET", f"{emulator.url}/connect/oauth2?{_asked(claims=claims)}")[0] == 200


@pytest.mark.parametrize(
    "address", ["http://evil.example\\@127.0.0.1/", "http://127.0.0.1@evil.example/", "javascript:alert(1)"]
)
def test_an_address_a_browser_reads_otherwise_leads_nowhere(emulator: Emulator, address: str) -> None:
    """Facts A3: an error page, no redirect."""
    assert send("GET", f"{emulator.url}/connect/oauth2?{_asked(redirect_uri=address)}")[0] == 400


def test_a_code_lives_ten_minutes_or_as_long_as_a_switch_says(restored: Emulator, books: Books) -> None:
    """Facts A3: not stated; 10 minutes assumed."""
    form = {"grant_type": "authorization_code", "redirect_uri": BACK}
    early, late = (walk(restored, books.realm, "connect")["code"][0] for _ in range(2))
    restored.advance(590)
    assert token(restored, **form, code=early)[0] == 200
    restored.advance(11)
    assert token(restored, **form, code=late) == (400, {"error": "invalid_grant"})
    restored.settings(code_seconds=60)
    short = walk(restored, books.realm, "connect")["code"][0]
    restored.advance(61)
    assert token(restored, **form, code=short)[0] == 400


def test_a_code_belongs_to_its_client_and_its_address(emulator: Emulator, books: Books) -> None:
    """Facts A3, A4."""
    code = walk(emulator, books.realm, "connect")["code"][0]
    form = {"grant_type": "authorization_code", "code": code}
    assert token(emulator, **form, redirect_uri=f"{BACK}/elsewhere")[0] == 400
    basic = base64.b64encode(b"app-2:secret-2").decode()
    status, _, _ = send(
        "POST",
        f"{emulator.url}/oauth2/v1/tokens/bearer",
        body=urlencode({**form, "redirect_uri": BACK}).encode(),
        headers={"Authorization": f"Basic {basic}"},
    )
    assert status == 400
    assert token(emulator, **form, redirect_uri=BACK)[0] == 200


def test_token_answers_have_the_recorded_headers(emulator: Emulator, books: Books) -> None:
    """Facts A4: intuit_tid, Cache-Control, Content-Type; client and secret in the form do as well."""
    grant = emulator.grant(books.realm, "by-form")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": grant["refresh_token"],
        "client_id": "by-form",
        "client_secret": grant["client_secret"],
    }
    url = f"{emulator.url}/oauth2/v1/tokens/bearer"
    status, _, headers = send("POST", url, body=urlencode(form).encode())
    assert status == 200
    assert headers["intuit_tid"]
    assert headers["Cache-Control"] == "no-cache, no-store"
    assert headers["Content-Type"] == "application/json;charset=utf-8"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "password", "username": "x"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
    ],
)
def test_each_mistake_at_the_token_endpoint_has_its_error(
    emulator: Emulator, form: dict[str, str], error: str
) -> None:
    """Facts A5: 400."""
    assert token(emulator, **form) == (400, {"error": error})


def test_a_token_request_in_json_is_not_read(emulator: Emulator) -> None:
    """Facts A4: a form; JSON is recorded as 415."""
    status, _, _ = send(
        "POST",
        f"{emulator.url}/oauth2/v1/tokens/bearer",
        body=b'{"grant_type": "refresh_token"}',
        headers={"Content-Type": "application/json"},
    )
    assert status == 415


def test_the_words_beside_invalid_grant_differ(restored: Emulator) -> None:
    """Facts A5: absent, or one of two texts."""
    seen = []
    for words in ("absent", "short", "long"):
        restored.settings(invalid_grant_description=words)
        seen.append(
            token(restored, grant_type="refresh_token", refresh_token="x")[1].get("error_description")
        )
    assert seen == [None, "Token invalid", "Incorrect or invalid refresh token"]


def _revoked(emulator: Emulator, client: str, *, body: bytes, content_type: str) -> int:
    basic = base64.b64encode(client.encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": content_type}
    return send("POST", f"{emulator.url}/v2/oauth2/tokens/revoke", body=body, headers=headers)[0]


def test_only_its_own_client_revokes_a_token(emulator: Emulator, books: Books) -> None:
    """Facts A6: a bad token is 400; JSON or a form."""
    refresh_token = connected(emulator, books.realm)["refresh_token"]
    as_json = json.dumps({"token": refresh_token}).encode()
    as_form = urlencode({"token": refresh_token}).encode()
    form_type = "application/x-www-form-urlencoded"
    assert _revoked(emulator, "app-2:secret-2", body=as_json, content_type="application/json") == 400
    assert _revoked(emulator, "app-1:wrong", body=as_json, content_type="application/json") == 401
    assert token(emulator, grant_type="refresh_token", refresh_token=refresh_token)[0] == 200
    assert _revoked(emulator, "app-1:secret-1", body=as_form, content_type=form_type) == 200
    assert token(emulator, grant_type="refresh_token", refresh_token=refresh_token)[0] == 400
    assert _revoked(emulator, "app-1:secret-1", body=b"token=made-up", content_type=form_type) == 400


def test_the_browser_is_sent_to_the_applications_page_about_disconnecting(
    emulator: Emulator, books: Books
) -> None:
    """Facts A6: the Disconnect address, with realmId."""
    emulator.control(
        "POST",
        "clients",
        {
            "client_id": "leaving",
            "client_secret": "s",
            "redirect_uris": [BACK],
            "disconnect_uri": f"{BACK}/disconnected?from=quickbooks",
        },
    )
    emulator.grant(books.realm, "leaving")
    url = urlsplit(emulator.url)
    connection = http.client.HTTPConnection(url.hostname or "", url.port)
    connection.request(
        "POST",
        f"/app/{books.realm}/apps",
        body="client_id=leaving",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = connection.getresponse()
    connection.close()
    assert answer.status == 303
    assert answer.headers["Location"] == f"{BACK}/disconnected?from=quickbooks&realmId={books.realm}"


def test_a_tool_disconnects_one_app_or_all(emulator: Emulator, books: Books) -> None:
    """Facts A6: all tokens of app and company die at once."""
    first, second = (emulator.grant(books.realm, name) for name in ("one", "two"))
    path = f"realms/{books.realm}/grants"
    assert emulator.control("DELETE", path, {"client_id": "one"}) == {"removed": 1}
    books.token = first["access_token"]
    assert books.call("GET", "preferences")[0] == 401
    books.token = second["access_token"]
    assert books.call("GET", "preferences")[0] == 200
    assert emulator.control("DELETE", path, {})["removed"] >= 1
    assert books.call("GET", "preferences")[0] == 401


def test_an_address_of_a_production_client_is_https(emulator: Emulator) -> None:
    """Facts A2: required in production; http on this machine for development keys."""
    client = {"client_id": "real", "client_secret": "s", "redirect_uris": [BACK], "environment": "production"}
    url = f"{emulator.url}/_emulator/clients"
    status, text, _ = send("POST", url, body=json.dumps(client).encode())
    assert (status, "https://" in text) == (400, True)


def test_userinfo_knows_no_token_that_is_not_alive(emulator: Emulator) -> None:
    """Facts A7."""
    headers = {"Authorization": "Bearer eyJlbmMiOiJub2JvZHkga25vd3MgbWUi"}
    status, _, seen = send("GET", f"{emulator.url}/v1/openid_connect/userinfo", headers=headers)
    assert (status, bool(seen["intuit_tid"])) == (401, True)


def test_a_proof_key_is_ignored_or_checked(restored: Emulator, books: Books) -> None:
    """Facts A2: PKCE is not documented, so a switch."""
    # The pair of RFC 7636, appendix B.
    challenge = {
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "code_challenge_method": "S256",
    }
    verifier = {"code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}
    form = {"grant_type": "authorization_code", "redirect_uri": BACK}
    without = walk(restored, books.realm, "connect", **challenge)["code"][0]
    assert token(restored, **form, code=without)[0] == 200
    restored.settings(pkce="checked")
    code = walk(restored, books.realm, "connect", **challenge)["code"][0]
    assert token(restored, **form, code=code)[0] == 400
    assert token(restored, **form, code=code, code_verifier="another")[0] == 400
    assert token(restored, **form, code=code, **verifier)[0] == 200
    plain = walk(restored, books.realm, "connect", code_challenge="plainly")["code"][0]
    assert token(restored, **form, code=plain, code_verifier="plainly")[0] == 200
    free = walk(restored, books.realm, "connect")["code"][0]
    assert token(restored, **form, code=free)[0] == 200
    page = send("GET", f"{restored.url}/connect/oauth2?{_asked(**challenge)}")[1]
    assert challenge["code_challenge"] in page
