"""OAuth under Intuit's paths: discovery, the pages a person walks through, tokens, revoke, userinfo.

The pages keep no session: each step posts what the next one needs, and only the last makes a code.
"""

import base64
import json
import re
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from qbo_emulator.api.envelopes import Answer
from qbo_emulator.api.gateway import Gateway
from qbo_emulator.api.http import respond
from qbo_emulator.api.origin import is_foreign
from qbo_emulator.grants.identity import USER, id_token, public_keys, told
from qbo_emulator.grants.tokens import InvalidClient, InvalidGrant, Issued

blueprint = Blueprint("oauth", __name__)

CHALLENGE = ("code_challenge", "code_challenge_method")
COMPANY_SCOPES = {"com.intuit.quickbooks.accounting", "com.intuit.quickbooks.payment"}
SCOPES = COMPANY_SCOPES | {"openid", "profile", "email", "phone", "address"}
# Given only to apps that Intuit has let in (facts A2).
PREMIUM_SCOPES = re.compile(
    r"intuit_name|(com\.intuit\.quickbooks\.)?"
    r"(payroll|project-management|app-foundations|indirect-tax)(\.[a-z-]+)*"
)
# A request that names no type has no body to read.
FORM_TYPES = {"application/x-www-form-urlencoded", "multipart/form-data", ""}
NO_STORE = {"Cache-Control": "no-cache, no-store", "Pragma": "no-cache"}
# What the discovery document can name instead of this server, where a network leads Intuit's names here.
INTUIT = {
    "issuer": "https://oauth.platform.intuit.com",
    "authorization_endpoint": "https://appcenter.intuit.com",
    "token_endpoint": "https://oauth.platform.intuit.com",
    "userinfo_endpoint": "https://accounts.platform.intuit.com",
    "revocation_endpoint": "https://developer.api.intuit.com",
    "jwks_uri": "https://oauth.platform.intuit.com",
}
PATHS = {
    "issuer": "/op/v1",
    "authorization_endpoint": "/connect/oauth2",
    "token_endpoint": "/oauth2/v1/tokens/bearer",
    "userinfo_endpoint": "/v1/openid_connect/userinfo",
    "revocation_endpoint": "/v2/oauth2/tokens/revoke",
    "jwks_uri": "/op/v1/jwks",
}
SANDBOX_USERINFO = "https://sandbox-accounts.platform.intuit.com"


def _gateway() -> Gateway:
    gateway: Gateway = current_app.extensions["gateway"]
    return gateway


def _json(body: object, status: int = 200) -> Response:
    headers = {**NO_STORE, **current_app.extensions["tracing"]()}
    return Response(json.dumps(body), status, headers, content_type="application/json;charset=utf-8")


def refused(error: HTTPException) -> Response:
    """Answer what no view answers."""
    code = error.code or 500
    return _json({"error": "invalid_request" if code < 500 else "server_error"}, code)  # noqa: PLR2004


@blueprint.get("/.well-known/openid_configuration")
@blueprint.get("/.well-known/openid_configuration/")
@blueprint.get("/.well-known/openid_sandbox_configuration")
@blueprint.get("/.well-known/openid_sandbox_configuration/")
def discovery() -> Response:
    addresses = {name: _address(name) for name in PATHS}
    if _names_intuit() and "sandbox" in request.path:
        addresses["userinfo_endpoint"] = SANDBOX_USERINFO + PATHS["userinfo_endpoint"]
    return _json(
        {
            **addresses,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "email", "profile", "address", "phone"],
            "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            "claims_supported": ["aud", "exp", "iat", "iss", "realmid", "sub"],
        }
    )


def _names_intuit() -> bool:
    return _gateway().store.settings.discovery_hosts == "intuit"


def _address(name: str) -> str:
    root = INTUIT[name] if _names_intuit() else request.host_url.rstrip("/")
    return root + PATHS[name]


@blueprint.get("/op/v1/jwks")
def keys() -> Response:
    return _json(public_keys(_gateway().store))


@blueprint.route("/connect/oauth2", methods=["GET", "POST"])
def authorize() -> BaseResponse | tuple[str, int]:
    """Sign in, choose a company, consent: three pages, one address."""
    if request.method == "POST" and is_foreign(request):
        return render_template("authorize_error.html", reason="This form was sent from another site."), 403
    asked = request.values
    client_id, redirect_uri = asked.get("client_id", ""), asked.get("redirect_uri", "")
    if not _gateway().tokens.may_redirect(client_id, redirect_uri):
        reason = (
            "The client_id or the redirect_uri of this request is not known here. An app names a client_id, "
            "and a redirect_uri on this machine or one that was registered for it."
        )
        return render_template("authorize_error.html", reason=reason), 400
    scopes = set(re.split(r"[\s+]+", asked.get("scope", "").strip()))
    state = {"state": asked["state"]} if "state" in asked else {}
    if asked.get("response_type") != "code":
        return _back(redirect_uri, {"error": "unsupported_response_type", **state})
    if not asked.get("state") and _gateway().store.settings.oauth_state == "required":
        return _back(redirect_uri, {"error": "invalid_request", **state})
    if not _may_ask_for(scopes):
        return _back(redirect_uri, {"error": "invalid_scope", **state})
    return _step(asked.get("step", ""), client_id, redirect_uri, scopes, state)


def _may_ask_for(scopes: set[str]) -> bool:
    rest = scopes - SCOPES
    if _gateway().store.settings.premium_scopes == "grant":
        rest = {scope for scope in rest if not PREMIUM_SCOPES.fullmatch(scope)}
    return not rest and bool(scopes - {""})


def _step(
    step: str, client_id: str, redirect_uri: str, scopes: set[str], state: dict[str, str]
) -> BaseResponse | tuple[str, int]:
    realm = request.form.get("realm", "")
    carried = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(sorted(scopes)),
        "response_type": "code",
        **state,
        **{name: request.values[name] for name in CHALLENGE if name in request.values},
    }
    companies = _companies()
    if request.method == "GET":
        return render_template("authorize_sign_in.html", carried=carried, email=USER["email"]), 200
    if step == "cancel":
        return _back(redirect_uri, {"error": "access_denied", **state})
    if step not in {"consent", "connect"} or realm not in companies:
        return render_template("authorize_company.html", carried=carried, companies=companies), 200
    carried["realm"] = realm
    if step == "consent":
        return render_template("authorize_consent.html", carried=carried, company=companies[realm]), 200
    granted = realm if scopes & COMPANY_SCOPES else None  # a sign-in alone opens no company
    code = _gateway().tokens.new_code(
        client_id=client_id,
        redirect_uri=redirect_uri,
        scope=carried["scope"],
        realm=granted,
        challenge=carried.get("code_challenge", ""),
        method=carried.get("code_challenge_method", ""),
    )
    return _back(redirect_uri, {"code": code, **state, **({"realmId": realm} if granted else {})})


def _companies() -> dict[str, str]:
    rows = _gateway().store.connection().execute("SELECT realm, company_name FROM realms ORDER BY created_at")
    return dict(rows.fetchall())


def _back(redirect_uri: str, answer: dict[str, str]) -> BaseResponse:
    joint = "&" if "?" in redirect_uri else "?"
    return redirect(f"{redirect_uri}{joint}{urlencode(answer)}", code=302)


@blueprint.post("/oauth2/v1/tokens/bearer")
def token() -> Response:
    """Exchange a code, or refresh; faults that name the token endpoint strike here."""
    effects = _gateway().token_effects(request.path)
    if effects.instead is not None:
        return respond(_gateway().instead(effects))
    answer = _token()
    if effects.afterwards is not None:
        body, status = answer.get_data(as_text=True), answer.status_code
        return respond(_gateway().finished(Answer(status=status, body=body), effects))
    return answer


def _token() -> Response:
    if request.mimetype not in FORM_TYPES:
        return _json({"error": "invalid_request"}, 415)
    form = request.form
    tokens = _gateway().tokens
    try:
        client_id = _client()
        match form.get("grant_type"):
            case "authorization_code" if form.get("code"):
                issued = tokens.exchange(
                    client_id=client_id,
                    code=form["code"],
                    redirect_uri=form.get("redirect_uri", ""),
                    verifier=form.get("code_verifier", ""),
                )
            case "refresh_token" if form.get("refresh_token"):
                issued = tokens.refresh(client_id=client_id, refresh_token=form["refresh_token"])
            case "authorization_code" | "refresh_token" | None | "":
                return _json({"error": "invalid_request"}, 400)
            case _:
                return _json({"error": "unsupported_grant_type"}, 400)
    except InvalidClient:
        return _json({"error": "invalid_client"}, 401)
    except InvalidGrant:
        return _json({"error": "invalid_grant", **_why_not()}, 400)
    return _json(_issued(issued))


def _why_not() -> dict[str, str]:
    """Return the words beside invalid_grant, which differ from one recording to the next (facts A5)."""
    words = {"long": "Incorrect or invalid refresh token", "short": "Token invalid"}
    chosen = words.get(_gateway().store.settings.invalid_grant_description)
    return {"error_description": chosen} if chosen else {}


def _issued(issued: Issued) -> dict[str, object]:
    body: dict[str, object] = {
        "token_type": "bearer",
        "access_token": issued.access_token,
        "refresh_token": issued.refresh_token,
        "expires_in": 3600,
        "x_refresh_token_expires_in": issued.refresh_expires_in,
    }
    if "openid" in issued.scope.split() and request.form.get("grant_type") == "authorization_code":
        body["id_token"] = id_token(
            _gateway().store, client_id=issued.client_id, realm=issued.realm, issuer=_address("issuer")
        )
    if request.headers.get("x-include-refresh-token-hard-expires-in", "").lower() == "true":
        body["x_refresh_token_hard_expires_in"] = issued.hard_expires_in
    return body


def _client() -> str:
    """Check the client that speaks, by Basic header or form, and return its id."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    client_id, secret = request.form.get("client_id", ""), request.form.get("client_secret", "")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
        except ValueError:
            raise InvalidClient from None
    _gateway().tokens.check_client(client_id, secret)
    return client_id


@blueprint.post("/v2/oauth2/tokens/revoke")
def revoke() -> Response:
    try:
        client_id = _client()
    except InvalidClient:
        return _json({"error": "invalid_client"}, 401)
    body = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    named = str(body.get("token", "")) if isinstance(body, dict) else ""
    if not _gateway().tokens.revoke(named, client_id=client_id):
        return _json({"error": "invalid_request"}, 400)
    return Response("", 200, {**NO_STORE, **current_app.extensions["tracing"]()})


@blueprint.get("/v1/openid_connect/userinfo")
def userinfo() -> Response:
    _, _, bearer = request.headers.get("Authorization", "").partition(" ")
    holder = _gateway().tokens.access(bearer)
    if holder is None:
        return _json({"error": "invalid_token"}, 401)
    return _json(told(holder.scope))
