"""Which QuickBooks: the emulator on this machine, Intuit's sandbox, or production.

Nothing above this module can tell them apart. Intuit's OAuth addresses come from its discovery document;
only the API hosts and the web application's addresses, which it does not publish there, are written here.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal
from urllib.parse import quote

import httpx2

from .entities import ENTITIES
from .errors import TryAgain
from .sender import http_client

READ_TIMEOUT_SECONDS = 60.0
"""QuickBooks ends a request after 120 s; a read that takes half of that is better asked again."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Addresses, and the facts of time that differ between them."""

    name: str
    api_url: str
    authorization_url: str
    token_url: str
    revocation_url: str
    userinfo_url: str
    web_url: str
    late_commit_seconds: float  # after this long, a write of unknown outcome has happened or never will
    read_timeout_seconds: float
    write_timeout_seconds: float = 125.0


def emulator(root_url: str) -> Environment:
    """The emulator at an address such as http://127.0.0.1:8001."""
    root = root_url.rstrip("/")
    return Environment(
        name="emulator",
        api_url=root,
        authorization_url=f"{root}/connect/oauth2",
        token_url=f"{root}/oauth2/v1/tokens/bearer",
        revocation_url=f"{root}/v2/oauth2/tokens/revoke",
        userinfo_url=f"{root}/v1/openid_connect/userinfo",
        web_url=root,
        late_commit_seconds=5.0,
        read_timeout_seconds=READ_TIMEOUT_SECONDS,
    )


@dataclass(frozen=True, kw_only=True)
class _Intuit:
    discovery_url: str
    api_url: str
    web_url: str


INTUIT = {
    "sandbox": _Intuit(
        discovery_url="https://developer.intuit.com/.well-known/openid_sandbox_configuration",
        api_url="https://sandbox-quickbooks.api.intuit.com",
        web_url="https://sandbox.qbo.intuit.com",
    ),
    "production": _Intuit(
        discovery_url="https://developer.intuit.com/.well-known/openid_configuration",
        api_url="https://quickbooks.api.intuit.com",
        web_url="https://qbo.intuit.com",
    ),
}


@cache
def discover(name: Literal["sandbox", "production"]) -> Environment:
    """Intuit's environment of that name; asked once per process.

    Raises TryAgain if the discovery document cannot be had.
    """
    intuit = INTUIT[name]
    try:
        with http_client(timeout=READ_TIMEOUT_SECONDS) as client:
            answer = client.get(intuit.discovery_url, headers={"Accept": "application/json"})
            answer.raise_for_status()
            document = answer.json()
        return Environment(
            name=name,
            api_url=intuit.api_url,
            authorization_url=str(document["authorization_endpoint"]),
            token_url=str(document["token_endpoint"]),
            revocation_url=str(document["revocation_endpoint"]),
            userinfo_url=str(document["userinfo_endpoint"]),
            web_url=intuit.web_url,
            late_commit_seconds=130.0,
            read_timeout_seconds=READ_TIMEOUT_SECONDS,
        )
    except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
        raise TryAgain(f"Intuit's discovery document at {intuit.discovery_url} cannot be read.") from error


def record_url(name: str, *, emulator_url: str, realm_id: str, entity: str, id: str) -> str:  # noqa: A002 - their word
    """Where a person opens the record, in the web application of the QuickBooks of that name.

    Asks nobody, so that a page can show it. Raises KeyError for an entity that has no page of its own.
    """
    path = ENTITIES[entity].page
    if not path:
        raise KeyError(f"{entity} has no page of its own.")
    if name == "emulator":
        return f"{emulator_url}/app/{quote(realm_id)}/{entity.lower()}/{quote(id)}"
    return f"{INTUIT[name].web_url}/app/{path.format(id=quote(id))}"
