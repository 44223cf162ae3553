"""Tokens as they really are: an hour of access, a refresh token that changes each day, several who renew.

`quickbooks_sync.access.tokens` at work over the emulator's own pages and token endpoint, in virtual time.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from qbo.client import Client
from qbo.errors import ConfigurationWrong, Disconnected, TryAgain
from qbo.limits import Pace
from qbo.oauth import SCOPE, Tokens
from qbo.traffic import TokenSource
from quickbooks_sync.access import connection as connections
from tests.simulation.in_process import InProcessEmulator
from tests.simulation.virtual import Mishap, VirtualSender
from tests.world import Killed

if TYPE_CHECKING:
    from tests.simulation.world import VirtualWorld

CLIENT_ID, SECRET = "simulated", "a secret"
BACK = "http://127.0.0.1:8000/settings/quickbooks/callback/"
UNREACHABLE = {Mishap.NOT_SENT, Mishap.RESET, Mishap.ERROR_BEFORE}


class VirtualOAuth:
    """`qbo.oauth.OAuth` without a socket; what befalls a call befalls it here, too."""

    def __init__(
        self,
        emulator: InProcessEmulator,
        *,
        crossing: Callable[[str], Mishap | None] = lambda _boundary: None,
    ) -> None:
        self._emulator = emulator
        self._crossing = crossing

    def exchange(self, code: str) -> Tokens:
        return self._tokens({"grant_type": "authorization_code", "code": code, "redirect_uri": BACK})

    def refresh(self, refresh_token: str) -> Tokens:
        return self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def revoke(self, token: str) -> None:
        self._emulator.client.post(
            "/v2/oauth2/tokens/revoke", json={"token": token}, headers={"Authorization": _basic()}
        )

    def _tokens(self, form: dict[str, str]) -> Tokens:
        mishap = self._crossing("token")
        if mishap is Mishap.DIE_BEFORE:
            raise Killed
        if mishap in UNREACHABLE:
            raise TryAgain(str(mishap))
        answered = self._emulator.client.post(
            "/oauth2/v1/tokens/bearer", data=form, headers={"Authorization": _basic()}
        )
        if mishap is Mishap.DIE_AFTER:
            raise Killed
        if mishap is not None or answered.status_code >= 500:
            raise TryAgain(str(mishap))
        body = json.loads(answered.get_data())
        if body.get("error") == "invalid_grant":
            raise Disconnected("QuickBooks no longer accepts this connection.")
        if "access_token" not in body:
            raise ConfigurationWrong(str(body))
        return Tokens(
            access_token=body["access_token"],
            refresh_token=body["refresh_token"],
            access_expires_in=body["expires_in"],
            refresh_expires_in=body["x_refresh_token_expires_in"],
        )


def _basic() -> str:
    return "Basic " + b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()


def consent(emulator: InProcessEmulator, realm: str) -> str:
    """Somebody signs in, chooses this company and presses Connect; the code that comes back."""
    answered = emulator.client.post(
        "/connect/oauth2",
        data={
            "step": "connect",
            "realm": realm,
            "client_id": CLIENT_ID,
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": SCOPE,
            "state": "simulated",
        },
    )
    assert answered.status_code == 302, answered.get_data(as_text=True)
    return parse_qs(urlsplit(answered.headers["Location"]).query)["code"][0]


def client_without_trouble(
    world: "VirtualWorld", realm: str, tokens: TokenSource
) -> tuple[Client, VirtualSender]:
    """What the web process uses while somebody connects."""
    sender = world.sender(crossing=lambda _boundary: None)
    client = Client(
        environment=world.environment,
        realm_id=realm,
        tokens=tokens,
        sender=sender,
        pace=Pace(),
        clock=world.clock,
    )
    return client, sender


def connect_again(world: "VirtualWorld", realm: str) -> None:
    """The button of a person whose connection is lost, or was ended.

    Raises quickbooks_sync.access.connection.WrongCompanyError.
    """
    connections.connect(company=world.company, realm_id=realm, code=consent(world.emulator, realm))
