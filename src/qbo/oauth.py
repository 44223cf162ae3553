"""OAuth 2.0 as Intuit speaks it: the way to a company's tokens, their renewal and their end.

Authlib does the grants; its automatic refresh stays off, because whoever renews must store the result
before anyone uses it (facts H1). API calls do not pass through here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client

from .environment import Environment
from .errors import ConfigurationWrong, Disconnected, Fault, Refused, TryAgain
from .sender import LOOPBACK_WITHOUT_PROXY, http_client

SCOPE = "com.intuit.quickbooks.accounting"
TIMEOUT_SECONDS = 30.0
#: Told only to who asks for it, by this header.
HARD_END = "x_refresh_token_hard_expires_in"
ASK_FOR_HARD_END = {"x-include-refresh-token-hard-expires-in": "true"}


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """One answer of the token endpoint; both tokens replace the ones before."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    access_expires_in: int
    refresh_expires_in: int
    hard_expires_in: int | None = None
    """When a person must connect again, however much it is used (facts A5); absent if not told."""


class OAuth:
    """The application, as Intuit knows it."""

    def __init__(
        self, *, environment: Environment, client_id: str, client_secret: str, redirect_uri: str
    ) -> None:
        self._environment = environment
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri

    def authorization_url(self, state: str) -> str:
        """Where to send the person who connects."""
        with self._authlib() as client:
            url, _ = client.create_authorization_url(
                self._environment.authorization_url, state=state, scope=SCOPE
            )
        return str(url)

    def exchange(self, code: str) -> Tokens:
        """The first tokens, for the code of the redirect; raises Disconnected for a code that is spent."""
        return self._tokens(
            lambda client: client.fetch_token(
                self._environment.token_url, code=code, grant_type="authorization_code"
            )
        )

    def refresh(self, refresh_token: str) -> Tokens:
        """New tokens; raises Disconnected when the refresh token is no longer good."""
        return self._tokens(
            lambda client: client.refresh_token(self._environment.token_url, refresh_token=refresh_token)
        )

    def revoke(self, token: str) -> None:
        """End the whole grant, by either of its tokens; one that is ended already is no error."""
        # Intuit takes JSON here, not the form of the standard that Authlib would send.
        try:
            with http_client(timeout=TIMEOUT_SECONDS) as client:
                answer = client.post(
                    self._environment.revocation_url,
                    json={"token": token},
                    auth=(self._client_id, self._client_secret),
                    headers={"Accept": "application/json"},
                )
        except httpx2.HTTPError as error:
            raise TryAgain(f"Intuit cannot be reached ({type(error).__name__}).") from None
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            raise ConfigurationWrong("Intuit does not know this client id and secret.")
        if answer.is_server_error:
            raise TryAgain(f"Intuit failed (HTTP {answer.status_code}).")

    def _tokens(self, grant: Callable[[OAuth2Client], Mapping[str, Any]]) -> Tokens:
        # `from None`: what Authlib and httpx2 raise holds the request, and so a token.
        try:
            with self._authlib() as client:
                answer = grant(client)
            return Tokens(
                access_token=str(answer["access_token"]),
                refresh_token=str(answer["refresh_token"]),
                access_expires_in=int(answer["expires_in"]),
                refresh_expires_in=int(answer["x_refresh_token_expires_in"]),
                hard_expires_in=int(answer[HARD_END]) if HARD_END in answer else None,
            )
        except OAuthError as error:
            raise _meaning(error.error) from None
        except httpx2.HTTPError as error:
            raise TryAgain(f"Intuit cannot be reached ({type(error).__name__}).") from None
        except (ValueError, KeyError, TypeError):
            raise TryAgain("The answer of Intuit's token endpoint cannot be read.") from None

    def _authlib(self) -> OAuth2Client:
        return OAuth2Client(
            self._client_id,
            self._client_secret,
            redirect_uri=self._redirect_uri,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
            trust_env=True,
            mounts=LOOPBACK_WITHOUT_PROXY,
            timeout=TIMEOUT_SECONDS,
            headers=ASK_FOR_HARD_END,
        )


def _meaning(error: str) -> Disconnected | ConfigurationWrong | Refused:
    match error:
        case "invalid_grant":
            return Disconnected("QuickBooks no longer accepts this connection.")
        case "invalid_client" | "unauthorized_client":
            return ConfigurationWrong("Intuit does not know this client id and secret.")
    return Refused((Fault(code=error, message="Intuit refused to give a token.", detail=""),))
