"""The tokens of a connection: renewed by one process at a time, stored before they are used.

Intuit replaces a refresh token about once a day and lets the one before live for another day; two
processes that renew at the same moment may keep the one that dies (facts H1).
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

import qbo.environment
from qbo.environment import Environment
from qbo.errors import Disconnected, QuickBooksError
from qbo.oauth import OAuth, Tokens
from quickbooks_sync.models import Connection
from quickbooks_sync.sql.prepared import Select

from .session import Clock, SystemClock
from .vault import UnreadableTokenError, seal, unseal

EXPIRES_SOON = timedelta(minutes=5)
#: A renewal takes no longer (qbo.oauth.TIMEOUT_SECONDS to connect and as long to answer): after that,
#: whoever claimed it is dead.
RENEWAL = timedelta(seconds=90)
LOOK_SECONDS = 0.2
STORED = Select(
    lambda pk: Connection.objects.filter(pk=pk).only("access_token", "refresh_token", "access_expires_at")
)


def environment() -> Environment:
    """The QuickBooks this installation talks to."""
    if settings.QBO_ENVIRONMENT == "emulator":
        return qbo.environment.emulator(settings.QBO_EMULATOR_URL)
    return qbo.environment.discover(settings.QBO_ENVIRONMENT)


def oauth() -> OAuth:
    return OAuth(
        environment=environment(),
        client_id=settings.QBO_CLIENT_ID,
        client_secret=settings.QBO_CLIENT_SECRET,
        redirect_uri=settings.QBO_REDIRECT_URI,
    )


def sealed(tokens: Tokens, now: datetime) -> dict[str, Any]:
    """The columns of a connection that hold these tokens."""
    columns = {
        "access_token": seal(tokens.access_token),
        "refresh_token": seal(tokens.refresh_token),
        "access_expires_at": now + timedelta(seconds=tokens.access_expires_in),
        "refresh_expires_at": now + timedelta(seconds=tokens.refresh_expires_in),
        "renewing_until": None,
    }
    if tokens.hard_expires_in is not None:
        columns["hard_expires_at"] = now + timedelta(seconds=tokens.hard_expires_in)
    return columns


def opened(token: str) -> str:
    """A stored token; one that no key opens any more is mended by connecting again."""
    try:
        return unseal(token)
    except UnreadableTokenError as error:
        raise Disconnected(str(error)) from error


@dataclass(kw_only=True)
class StoredTokens:
    """The access token of a connection, as `qbo.traffic.TokenSource` wants it."""

    connection_id: int
    clock: Clock = field(default_factory=SystemClock)
    #: The last one that was opened, sealed and open.
    _opened: tuple[str, str] = field(init=False, default=("", ""), repr=False)

    def current(self) -> str:
        connection = self._stored()
        expires = connection.access_expires_at
        if expires is None or expires - self.clock.utc() < EXPIRES_SOON:
            return self._next(connection)
        if connection.access_token != self._opened[0]:
            self._opened = (connection.access_token, opened(connection.access_token))
        return self._opened[1]

    def renewed(self, stale: str) -> str:
        connection = self._stored()
        token = opened(connection.access_token)
        return self._next(connection) if token == stale else token

    def _next(self, stale: Connection) -> str:
        """The token after this one: renewed here, or by whoever renews it already."""
        while True:  # at most for RENEWAL
            connection = self._stored()
            if connection.access_token != stale.access_token:
                return opened(connection.access_token)
            if self._claim(connection):
                return self._renew(connection)
            self.clock.sleep(LOOK_SECONDS)

    def _stored(self) -> Connection:
        found = STORED(pk=self.connection_id)
        if not found or not found[0].access_token:
            raise Disconnected("This company is not connected to QuickBooks.")
        return found[0]

    def _claim(self, connection: Connection) -> bool:
        now = self.clock.utc()
        unclaimed = Q(renewing_until=None) | Q(renewing_until__lt=now)
        as_seen = Connection.objects.filter(pk=connection.pk, access_token=connection.access_token)
        return as_seen.filter(unclaimed).update(renewing_until=now + RENEWAL) == 1

    def _renew(self, connection: Connection) -> str:
        # A sealed token is another text each time, so that it tells whether anybody stored one meanwhile.
        as_seen = Connection.objects.filter(pk=connection.pk, access_token=connection.access_token)
        try:
            tokens = oauth().refresh(opened(connection.refresh_token))
        except Disconnected:
            if not as_seen.update(renewing_until=None):  # a lost race is no revocation
                return opened(self._stored().access_token)
            raise
        except QuickBooksError:
            as_seen.update(renewing_until=None)
            raise
        if as_seen.update(**sealed(tokens, self.clock.utc())):
            return tokens.access_token
        return opened(self._stored().access_token)


@dataclass(frozen=True, kw_only=True)
class FreshToken:
    """The access token of a grant that is not stored yet."""

    token: str = field(repr=False)

    def current(self) -> str:
        return self.token

    def renewed(self, stale: str) -> str:  # noqa: ARG002 - the shape of a token source
        raise Disconnected("The access just given is not for this QuickBooks company.")
