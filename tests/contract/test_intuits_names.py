"""Clients that know only Intuit's own host names reach the emulator once the names lead here (facts A1, B1).

Where a machine's hosts file would say so, the look-up of names is replaced for the test.
"""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from quickbooks import QuickBooks
from quickbooks.objects.customer import Customer

from tests.contract.https import NAMES, make_certificate, serving_https

BACK = "http://127.0.0.1:9/back"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let Intuit's names, port 443, lead to an emulator; yield its own address."""
    certificate = make_certificate(tmp_path, names=NAMES)
    with serving_https(tmp_path, certificate) as port:
        look_up = socket.getaddrinfo

        def leads_here(host: Any, asked: Any, *rest: Any, **more: Any) -> Any:
            if host in NAMES and asked == 443:
                return look_up("127.0.0.1", port, *rest, **more)
            assert host == "127.0.0.1", f"{host} is somewhere else"
            return look_up(host, asked, *rest, **more)

        monkeypatch.setattr(socket, "getaddrinfo", leads_here)
        monkeypatch.setenv("NO_PROXY", "*")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.path))
        own = f"https://127.0.0.1:{port}"
        settings = {"discovery_hosts": "intuit", "limits": False}
        assert requests.put(f"{own}/_emulator/settings", json=settings, timeout=30).status_code == 200
        yield own


@pytest.mark.parametrize("environment", ["sandbox", "production"])
def test_unmodified_clients_work_under_intuits_own_names(here: str, environment: str) -> None:
    """Facts A1, A2, A4, A6, A7, B1: sign-in, books, person, refresh and revoke.

    No address is told to them.
    """
    (company,) = requests.get(f"{here}/_emulator/realms", timeout=30).json()
    auth = AuthClient("their-client", "their-secret", BACK, environment=environment)
    asked = auth.get_authorization_url([Scopes.ACCOUNTING, Scopes.OPENID, Scopes.EMAIL])
    assert asked.startswith("https://appcenter.intuit.com/connect/oauth2?")
    form = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
    form |= {"step": "connect", "realm": company["realm_id"]}
    page = requests.post(asked.partition("?")[0], data=form, allow_redirects=False, timeout=30)
    back = parse_qs(urlsplit(page.headers["Location"]).query)
    auth.get_bearer_token(back["code"][0], realm_id=back["realmId"][0])
    assert auth.id_token
    assert auth.get_user_info().json()["email"] == "owner@example.com"
    client = QuickBooks(
        auth_client=auth, refresh_token=auth.refresh_token, company_id=auth.realm_id, minorversion=75
    )
    client.sandbox = environment == "sandbox"
    made = Customer()
    made.DisplayName = "Under another name"
    made.save(qb=client)
    assert Customer.get(int(made.Id), qb=client).DisplayName == "Under another name"
    auth.refresh()
    assert auth.revoke() is True
    answer = requests.get(
        f"https://quickbooks.api.intuit.com/v3/company/{auth.realm_id}/preferences",
        headers={"Authorization": f"Bearer {auth.access_token}", "Accept": "application/json"},
        timeout=30,
    )
    assert (answer.status_code, json.loads(answer.text)["fault"]["error"][0]["code"]) == (401, "3200")
