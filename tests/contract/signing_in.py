"""The steps of a sign-in by raw requests: what a browser posts, and what an application's server asks for."""

import base64
import json
import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.emulator import Emulator, send

BACK = "http://127.0.0.1:9/back"
SCOPE = "com.intuit.quickbooks.accounting"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def walk(emulator: Emulator, realm: str, step: str, **more: str) -> dict[str, list[str]]:
    """Post the last form of the sign-in pages; return what the browser is sent back with."""
    form = {
        "client_id": "app-1",
        "redirect_uri": BACK,
        "scope": SCOPE,
        "response_type": "code",
        "state": "a b&c",
        "realm": realm,
        "step": step,
        **more,
    }
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    request = urllib.request.Request(f"{emulator.url}/connect/oauth2", data=urlencode(form).encode())
    with pytest.raises(urllib.error.HTTPError) as answer:
        opener.open(request)
    with answer.value as error:
        assert error.code == 302
        target = urlsplit(error.headers["Location"])
    assert f"{target.scheme}://{target.netloc}{target.path}" == BACK
    return parse_qs(target.query)


def token(emulator: Emulator, secret: str = "secret-1", **form: str) -> tuple[int, dict[str, Any]]:
    basic = base64.b64encode(f"app-1:{secret}".encode()).decode()
    status, text, _ = send(
        "POST",
        f"{emulator.url}/oauth2/v1/tokens/bearer",
        body=urlencode(form).encode(),
        headers={"Authorization": f"Basic {basic}", "Accept": "application/json"},
    )
    return status, json.loads(text)


def connected(emulator: Emulator, realm: str) -> dict[str, Any]:
    code = walk(emulator, realm, "connect")["code"][0]
    status, tokens = token(emulator, grant_type="authorization_code", code=code, redirect_uri=BACK)
    assert status == 200, tokens
    return tokens
