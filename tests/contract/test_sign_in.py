"""OAuth as an application meets it (facts A)."""

import base64
import http.client
import json
import re
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from tests.contract.books import Books
from tests.contract.signing_in import BACK, SCOPE, connected, token, walk
from tests.emulator import Emulator, send

DAY = 86_400


@pytest.mark.parametrize("name", ["openid_configuration", "openid_sandbox_configuration"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_the_discovery_document_names_every_address(emulator: Emulator, name: str, slash: str) -> None:
    """Facts A1."""
    status, text, _ = send("GET", f"{emulator.url}/.well-known/{name}{slash}")
    document = json.loads(text)
    assert status == 200
    assert document["authorization_endpoint"] == f"{emulator.url}/connect/oauth2"
    assert document["token_endpoint"] == f"{emulator.url}/oauth2/v1/tokens/bearer"
    assert document["revocation_endpoint"] == f"{emulator.url}/v2/oauth2/tokens/revoke"
    assert document["userinfo_endpoint"] == f"{emulator.url}/v1/openid_connect/userinfo"
    assert {"issuer", "jwks_uri", "scopes_supported", "response_types_supported"} <= document.keys()


def test_connect_sends_back_code_state_and_company(emulator: Emulator, books: Books) -> None:
    """Facts A3: code, the state untouched, realmId."""
    answer = walk(emulator, books.realm, "connect")
    assert answer["state"] == ["a b&c"]
    assert answer["realmId"] == [books.realm]
    assert 0 < len(answer["code"][0]) <= 512


def test_cancel_sends_back_access_denied(emulator: Emulator, books: Books) -> None:
    """Facts A3."""
    answer = walk(emulator, books.realm, "cancel")
    assert answer == {"error": ["access_denied"], "state": ["a b&c"]}


def test_an_unknown_scope_is_sent_back_as_an_error(emulator: Emulator, books: Books) -> None:
    """Facts A3."""
    assert walk(emulator, books.realm, "connect", scope="everything")["error"] == ["invalid_scope"]


def test_a_redirect_address_elsewhere_gets_a_page_and_no_redirect(emulator: Emulator) -> None:
    """Facts A3: bad client_id or redirect_uri."""
    asked = {"client_id": "app-1", "redirect_uri": "https://elsewhere.example/back", "response_type": "code"}
    status, text, _ = send("GET", f"{emulator.url}/connect/oauth2?{urlencode({**asked, 'scope': SCOPE})}")
    assert status == 400
    assert "cannot connect" in text


def test_the_pages_lead_from_sign_in_over_the_company_to_consent(emulator: Emulator, books: Books) -> None:
    """Facts A2: signs in, picks one company, consents; the user's words."""
    asked = {
        "client_id": "app-1",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": SCOPE,
        "state": "s",
    }
    url = f"{emulator.url}/connect/oauth2"
    _, page, headers = send("GET", f"{url}?{urlencode(asked)}")
    assert ">Sign in</button>" in page
    assert headers["X-Frame-Options"] == "DENY"
    _, page, _ = send("POST", url, body=urlencode({**asked, "step": "company"}).encode())
    assert ">Next</button>" in page
    assert books.realm in page
    _, page, _ = send(
        "POST", url, body=urlencode({**asked, "step": "consent", "realm": books.realm}).encode()
    )
    assert re.findall(r">(Connect|Cancel)</button>", page) == ["Connect", "Cancel"]


def test_consent_posted_by_another_site_is_refused(emulator: Emulator, books: Books) -> None:
    form = {
        "client_id": "a",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": SCOPE,
        "step": "connect",
    }
    status, _, _ = send(
        "POST",
        f"{emulator.url}/connect/oauth2",
        body=urlencode({**form, "realm": books.realm}).encode(),
        headers={"Origin": "https://elsewhere.example"},
    )
    assert status == 403


def test_a_code_becomes_tokens_that_open_the_company(emulator: Emulator, books: Books) -> None:
    """Facts A4: an hour, 101 days."""
    tokens = connected(emulator, books.realm)
    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == 3600
    assert tokens["x_refresh_token_expires_in"] == 8_726_400
    books.token = tokens["access_token"]
    assert books.get("CompanyInfo", books.realm)["CompanyName"] == "New Company"


def test_a_code_works_once_and_a_second_try_ends_the_tokens(emulator: Emulator, books: Books) -> None:
    """Facts A3: single use; a second exchange fails and may invalidate tokens."""
    code = walk(emulator, books.realm, "connect")["code"][0]
    _, tokens = token(emulator, grant_type="authorization_code", code=code, redirect_uri=BACK)
    status, answer = token(emulator, grant_type="authorization_code", code=code, redirect_uri=BACK)
    assert (status, answer["error"]) == (400, "invalid_grant")
    books.token = tokens["access_token"]
    assert books.call("GET", "preferences")[0] == 401


def test_a_made_up_code_or_token_is_refused(emulator: Emulator) -> None:
    """Facts A5: 400 invalid_grant."""
    for form in (
        {"grant_type": "authorization_code", "code": "AB11made-up", "redirect_uri": BACK},
        {"grant_type": "refresh_token", "refresh_token": "AB11made-up"},
    ):
        status, answer = token(emulator, **form)
        assert (status, answer["error"]) == (400, "invalid_grant")


def test_the_secret_first_seen_with_a_client_stays(emulator: Emulator, books: Books) -> None:
    """Facts A5: wrong credentials are 401 invalid_client."""
    tokens = connected(emulator, books.realm)
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    status, answer = token(emulator, "another secret", **form)
    assert (status, answer) == (401, {"error": "invalid_client"})
    assert token(emulator, **form)[0] == 200


def test_a_refresh_token_changes_once_a_day_and_the_former_works_a_day_longer(
    emulator: Emulator, books: Books
) -> None:
    """Facts A5: rotation about every 24 h, 24 h of grace."""
    first = connected(emulator, books.realm)["refresh_token"]
    refresh = {"grant_type": "refresh_token", "refresh_token": first}
    assert token(emulator, **refresh)[1]["refresh_token"] == first
    emulator.advance(DAY + 60)
    second = token(emulator, **refresh)[1]["refresh_token"]
    assert second != first
    emulator.advance(DAY / 2)
    assert token(emulator, **refresh)[1]["refresh_token"] == second
    emulator.advance(DAY)
    assert token(emulator, **refresh)[0] == 400
    assert token(emulator, grant_type="refresh_token", refresh_token=second)[0] == 200


def test_a_former_refresh_token_stays_dead_when_the_next_one_is_replaced(
    emulator: Emulator, books: Books
) -> None:
    """Facts A5: the grace of 24 h counts from the value that replaced it, and then it dies."""
    values = [connected(emulator, books.realm)["refresh_token"]]
    for _ in range(2):
        emulator.advance(DAY + 60)
        answer = token(emulator, grant_type="refresh_token", refresh_token=values[-1])[1]
        values.append(answer["refresh_token"])
    assert len(set(values)) == 3
    assert [token(emulator, grant_type="refresh_token", refresh_token=value)[0] for value in values] == [
        400,
        200,
        200,
    ]


def test_an_access_token_ends_after_an_hour_with_the_gateways_fault(emulator: Emulator, books: Books) -> None:
    """Facts A8: lower-case fault, 3200, AUTHENTICATION."""
    emulator.advance(3601)
    status, text, headers = books.call("GET", "preferences")
    body = json.loads(text)
    assert status == 401
    assert 'error="invalid_token"' in headers["WWW-Authenticate"]
    assert body["fault"]["type"] == "AUTHENTICATION"
    assert body["fault"]["error"][0]["code"] == "3200"
    assert body["fault"]["error"][0]["message"] == (
        "message=AuthenticationFailed; errorCode=003200; statusCode=401"
    )
    assert isinstance(body["time"], int)


def test_a_token_of_another_company_is_forbidden(emulator: Emulator, books: Books) -> None:
    """Facts A8: 403, 3100."""
    other = emulator.new_realm()
    books.token = emulator.grant(other)["access_token"]
    status, text, _ = books.call("GET", "preferences")
    assert (status, json.loads(text)["fault"]["error"][0]["code"]) == (403, "3100")


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_the_whole_grant(emulator: Emulator, books: Books, which: str) -> None:
    """Facts A6."""
    tokens = connected(emulator, books.realm)
    basic = base64.b64encode(b"app-1:secret-1").decode()
    status, text, _ = send(
        "POST",
        f"{emulator.url}/v2/oauth2/tokens/revoke",
        body=json.dumps({"token": tokens[which]}).encode(),
        headers={"Authorization": f"Basic {basic}", "Content-Type": "application/json"},
    )
    assert (status, text) == (200, "")
    books.token = tokens["access_token"]
    assert books.call("GET", "preferences")[0] == 401
    assert token(emulator, grant_type="refresh_token", refresh_token=tokens["refresh_token"])[0] == 400


def test_only_registered_clients_are_known_where_the_setting_says_so(
    emulator: Emulator, books: Books
) -> None:
    """Facts A3, A5."""
    tokens = connected(emulator, books.realm)
    emulator.settings(clients="registered")
    try:
        form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
        assert token(emulator, **form)[0] == 401
        asked = {"client_id": "app-1", "redirect_uri": BACK, "response_type": "code", "scope": SCOPE}
        assert send("GET", f"{emulator.url}/connect/oauth2?{urlencode(asked)}")[0] == 400
    finally:
        emulator.settings(clients="any")


def test_connecting_again_ends_the_tokens_handed_out_before(emulator: Emulator, books: Books) -> None:
    """Facts A6: unsettled; the default asks more of a client."""
    first = connected(emulator, books.realm)
    connected(emulator, books.realm)
    assert token(emulator, grant_type="refresh_token", refresh_token=first["refresh_token"])[0] == 400


def test_a_refresh_whose_answer_is_lost_can_be_repeated(emulator: Emulator, books: Books) -> None:
    """Facts A5: refreshes inside the window give the same refresh token."""
    refresh_token = connected(emulator, books.realm)["refresh_token"]
    emulator.fault("reply_lost", {"path": "/tokens/bearer"})
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        token(emulator, grant_type="refresh_token", refresh_token=refresh_token)
    status, tokens = token(emulator, grant_type="refresh_token", refresh_token=refresh_token)
    assert (status, tokens["refresh_token"]) == (200, refresh_token)


def test_registered_clients_are_bound_to_their_redirect_addresses(emulator: Emulator, books: Books) -> None:
    """Facts A2: exact match with a registered address."""
    emulator.control(
        "POST", "clients", {"client_id": "strict", "client_secret": "s", "redirect_uris": [f"{BACK}/here"]}
    )
    asked = {"client_id": "strict", "response_type": "code", "scope": SCOPE, "state": "s"}
    url = f"{emulator.url}/connect/oauth2"
    assert send("GET", f"{url}?{urlencode({**asked, 'redirect_uri': BACK})}")[0] == 400
    assert send("GET", f"{url}?{urlencode({**asked, 'redirect_uri': f'{BACK}/here'})}")[0] == 200


def test_signing_in_without_the_accounting_scope_opens_no_company(emulator: Emulator, books: Books) -> None:
    """Facts A3: realmId only when the accounting or payment scope was asked for."""
    answer = walk(emulator, books.realm, "connect", scope="openid profile email")
    assert answer.keys() == {"code", "state"}
    _, tokens = token(emulator, grant_type="authorization_code", code=answer["code"][0], redirect_uri=BACK)
    books.token = tokens["access_token"]
    assert books.call("GET", "preferences")[0] == 403
    bearer = {"Authorization": f"Bearer {books.token}"}
    status, text, _ = send("GET", f"{emulator.url}/v1/openid_connect/userinfo", headers=bearer)
    assert status == 200
    assert {"sub", "email", "emailVerified", "givenName", "familyName"} <= json.loads(text).keys()


def test_an_id_token_is_signed_by_the_published_key(emulator: Emulator, books: Books) -> None:
    """Facts A7: sub, aud, realmid, auth_time, iss, exp, iat; RS256 by the key of jwks_uri."""
    code = walk(emulator, books.realm, "connect", scope=f"{SCOPE} openid")["code"][0]
    _, tokens = token(emulator, grant_type="authorization_code", code=code, redirect_uri=BACK)
    signed, _, signature = tokens["id_token"].rpartition(".")
    head, claims = (json.loads(_decoded(part)) for part in signed.split("."))
    _, text, _ = send("GET", f"{emulator.url}/op/v1/jwks")
    (key,) = json.loads(text)["keys"]
    assert (head["alg"], head["kid"], key["kty"]) == ("RS256", key["kid"], "RSA")
    numbers = [int.from_bytes(_decoded(key[name])) for name in ("e", "n")]
    RSAPublicNumbers(*numbers).public_key().verify(
        _decoded(signature), signed.encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    assert claims.keys() == {"sub", "aud", "realmid", "auth_time", "iss", "exp", "iat"}
    assert (claims["aud"], claims["realmid"]) == (["app-1"], books.realm)
    assert claims["iss"] == f"{emulator.url}/op/v1"


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_userinfo_tells_what_the_scopes_allow(emulator: Emulator, books: Books) -> None:
    """Facts A7: fields follow granted scopes."""
    code = walk(emulator, books.realm, "connect", scope="openid phone")["code"][0]
    _, tokens = token(emulator, grant_type="authorization_code", code=code, redirect_uri=BACK)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    _, text, _ = send("GET", f"{emulator.url}/v1/openid_connect/userinfo", headers=bearer)
    assert json.loads(text).keys() == {"sub", "phoneNumber", "phoneNumberVerified"}


def test_the_hard_end_of_a_connection_is_told_on_request(emulator: Emulator, books: Books) -> None:
    """Facts A4: x-include-refresh-token-hard-expires-in, at most 5 years."""
    refresh = connected(emulator, books.realm)["refresh_token"]
    form = urlencode({"grant_type": "refresh_token", "refresh_token": refresh}).encode()
    headers = {
        "Authorization": f"Basic {base64.b64encode(b'app-1:secret-1').decode()}",
        "x-include-refresh-token-hard-expires-in": "true",
    }
    _, text, _ = send("POST", f"{emulator.url}/oauth2/v1/tokens/bearer", body=form, headers=headers)
    assert 157_679_900 < json.loads(text)["x_refresh_token_hard_expires_in"] <= 157_680_000


def test_discovery_can_name_intuits_own_hosts(emulator: Emulator) -> None:
    """Facts A1: only userinfo differs between production and sandbox."""
    emulator.settings(discovery_hosts="intuit")
    try:
        documents = [
            json.loads(send("GET", f"{emulator.url}/.well-known/{name}")[1])
            for name in ("openid_configuration", "openid_sandbox_configuration")
        ]
    finally:
        emulator.settings(discovery_hosts="own")
    production, sandbox = documents
    assert production["issuer"] == "https://oauth.platform.intuit.com/op/v1"
    assert production["authorization_endpoint"] == "https://appcenter.intuit.com/connect/oauth2"
    assert production["token_endpoint"] == "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"
    assert production["revocation_endpoint"] == "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"
    assert production["jwks_uri"] == "https://oauth.platform.intuit.com/op/v1/jwks"
    userinfo = "accounts.platform.intuit.com/v1/openid_connect/userinfo"
    assert production.pop("userinfo_endpoint") == f"https://{userinfo}"
    assert sandbox.pop("userinfo_endpoint") == f"https://sandbox-{userinfo}"
    assert production == sandbox


def test_disconnecting_in_quickbooks_ends_every_token_at_once(emulator: Emulator, books: Books) -> None:
    """Facts A6."""
    tokens = connected(emulator, books.realm)
    url = f"{emulator.url}/app/{books.realm}/apps"
    assert ">app-1<" in send("GET", url)[1]
    status, page, _ = send("POST", url, body=urlencode({"client_id": "app-1"}).encode())
    assert (status, ">app-1<" in page) == (200, False)
    books.token = tokens["access_token"]
    assert books.call("GET", "preferences")[0] == 401
    status, answer = token(emulator, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert (status, answer["error"]) == (400, "invalid_grant")


def test_the_company_chosen_is_the_one_that_opens(emulator: Emulator, books: Books) -> None:
    """Facts A2: picks one company of several."""
    other = emulator.new_realm(company_name="The other one")
    asked = {"client_id": "app-1", "redirect_uri": BACK, "response_type": "code", "scope": SCOPE}
    asked |= {"state": "s", "step": "company"}
    _, page, _ = send("POST", f"{emulator.url}/connect/oauth2", body=urlencode(asked).encode())
    assert {books.realm, other} <= set(re.findall(r'name="realm" value="(\d+)"', page))
    answer = walk(emulator, other, "connect")
    assert answer["realmId"] == [other]
    _, tokens = token(emulator, grant_type="authorization_code", code=answer["code"][0], redirect_uri=BACK)
    books.token = tokens["access_token"]
    assert books.call("GET", "preferences")[0] == 403
    books.realm = other
    assert books.get("CompanyInfo", other)["CompanyName"] == "The other one"
