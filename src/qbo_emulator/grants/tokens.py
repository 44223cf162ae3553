"""Clients, codes, grants and tokens (facts A4 to A6), without HTTP.

An access token lives an hour. A refresh token changes about once a day; the former value works for a day
longer; every value lives 100 days from its issue, and nothing lives longer than five years from consent.
"""

import json
import secrets
import sqlite3
from dataclasses import dataclass
from urllib.parse import urlsplit

from qbo_emulator.grants import pkce
from qbo_emulator.storage.store import Store

DAY_SECONDS = 86_400
ACCESS_SECONDS = 3_600
REFRESH_SECONDS = 101 * DAY_SECONDS
ROTATION_SECONDS = DAY_SECONDS
GRACE_SECONDS = DAY_SECONDS
HARD_SECONDS = 157_680_000
ACCOUNTING = "com.intuit.quickbooks.accounting"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class InvalidClient(Exception):  # noqa: N818  named as the protocol names it
    """The client id or secret is wrong."""


class InvalidGrant(Exception):  # noqa: N818  named as the protocol names it
    """The code or refresh token is unknown, used, revoked or expired."""


@dataclass(frozen=True, kw_only=True)
class Issued:
    access_token: str
    refresh_token: str
    refresh_expires_in: int
    hard_expires_in: int
    client_id: str
    realm: str | None
    scope: str


@dataclass(frozen=True, kw_only=True)
class Holder:
    """What a living access token opens: a company (none, if its scopes open none), for one app."""

    realm: str | None
    scope: str
    client_id: str
    environment: str | None  # of the app's keys: "sandbox", "production", or not known

    @property
    def may_use_accounting(self) -> bool:
        return ACCOUNTING in self.scope.split()


class Tokens:
    def __init__(self, store: Store) -> None:
        self._store = store

    # Clients

    def register(
        self,
        client_id: str,
        secret: str,
        redirect_uris: list[str],
        *,
        environment: str | None = None,
        disconnect_uri: str | None = None,
    ) -> None:
        with self._store.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO client_details (client_id, environment, disconnect_uri) "
                "VALUES (?, ?, ?)",
                (client_id, environment, disconnect_uri),
            )
            connection.execute(
                "INSERT OR REPLACE INTO clients (client_id, secret, redirect_uris, registered) "
                "VALUES (?, ?, ?, 1)",
                (client_id, secret, json.dumps(redirect_uris)),
            )

    def may_redirect(self, client_id: str, redirect_uri: str) -> bool:
        """Whether a client may be sent back there: registered exactly, or any address of this machine."""
        row = self._client(client_id)
        if row is not None and row["registered"]:
            return redirect_uri in json.loads(row["redirect_uris"])
        if self._store.settings.clients == "registered" or not client_id:
            return False
        try:
            parts = urlsplit(redirect_uri)
        except ValueError:
            return False
        # What a browser would read otherwise than this does leads nowhere.
        if "\\" in redirect_uri or not redirect_uri.isprintable() or " " in redirect_uri:
            return False
        return parts.scheme in {"http", "https"} and parts.hostname in LOOPBACK

    def check_client(self, client_id: str, secret: str) -> None:
        """Check a client's secret; the first secret seen with an unregistered client id stays."""
        if not client_id or not secret:
            raise InvalidClient
        row = self._client(client_id)
        if self._store.settings.clients == "registered" and (row is None or not row["registered"]):
            raise InvalidClient
        if row is None or row["secret"] is None:
            with self._store.writing() as connection:
                connection.execute(
                    "INSERT INTO clients (client_id, secret) VALUES (?, ?) "
                    "ON CONFLICT (client_id) DO UPDATE SET secret = excluded.secret WHERE secret IS NULL",
                    (client_id, secret),
                )
            row = self._client(client_id)
        if row is None or not secrets.compare_digest(row["secret"].encode(), secret.encode()):
            raise InvalidClient

    def secret_of(self, client_id: str) -> str:
        """Return the secret of a client, making one up for a new client."""
        row = self._client(client_id)
        secret = str(row["secret"]) if row is not None and row["secret"] else secrets.token_urlsafe(30)
        self.check_client(client_id, secret)
        return secret

    def _client(self, client_id: str) -> dict[str, str] | None:
        row = (
            self._store.connection()
            .execute(
                "SELECT secret, redirect_uris, registered FROM clients WHERE client_id = ?", (client_id,)
            )
            .fetchone()
        )
        return None if row is None else dict(zip(("secret", "redirect_uris", "registered"), row, strict=True))

    # Codes and grants

    def new_code(
        self,
        *,
        client_id: str,
        redirect_uri: str,
        scope: str,
        realm: str | None,
        challenge: str = "",
        method: str = "",
    ) -> str:
        code = "AB11" + secrets.token_urlsafe(36)
        ends = self._store.clock.seconds() + self._store.settings.code_seconds
        with self._store.writing() as connection:
            connection.execute(
                "INSERT INTO codes (code, client_id, redirect_uri, scope, realm, expires_at) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (code, client_id, redirect_uri, scope, realm, ends),
            )
            pkce.keep(connection, code, challenge=challenge, method=method)
        return code

    def exchange(self, *, client_id: str, code: str, redirect_uri: str, verifier: str = "") -> Issued:
        """Turn a code into tokens, once; a second try ends what the first one gave."""
        with self._store.writing() as connection:
            row = connection.execute(
                "SELECT client_id, redirect_uri, scope, realm, expires_at, grant_id FROM codes "
                "WHERE code = ?",
                (code,),
            ).fetchone()
            issued = None
            if row is not None and row[5] is not None:
                connection.execute("UPDATE grants SET revoked = 1 WHERE id = ?", (row[5],))
            elif (
                row is not None
                and row[:2] == (client_id, redirect_uri)
                and row[4] > self._store.clock.seconds()
                and (self._store.settings.pkce == "ignored" or pkce.holds(connection, code, verifier))
            ):
                if self._store.settings.reconnect_ends_earlier_tokens:
                    connection.execute(
                        "UPDATE grants SET revoked = 1 WHERE client_id = ? AND realm = ?", (client_id, row[3])
                    )
                issued = self._grant(connection, client_id=client_id, scope=row[2], realm=row[3])
                connection.execute(
                    "UPDATE codes SET grant_id = (SELECT max(id) FROM grants) WHERE code = ?", (code,)
                )
        if issued is None:
            raise InvalidGrant
        return issued

    def grant(self, *, client_id: str, realm: str) -> Issued:
        """Hand out tokens without the sign-in page."""
        with self._store.writing() as connection:
            return self._grant(connection, client_id=client_id, scope=ACCOUNTING, realm=realm)

    def _grant(
        self, connection: sqlite3.Connection, *, client_id: str, scope: str, realm: str | None
    ) -> Issued:
        now = self._store.clock.seconds()
        grant = connection.execute(
            "INSERT INTO grants (client_id, realm, scope, authorized_at) VALUES (?, ?, ?, ?)",
            (client_id, realm, scope, now),
        ).lastrowid
        assert grant is not None  # noqa: S101  an INSERT has a row
        refresh, expires_at = self._new_refresh(connection, grant, now)
        return Issued(
            access_token=self._new_access(connection, grant, now),
            refresh_token=refresh,
            refresh_expires_in=int(expires_at - now),
            hard_expires_in=HARD_SECONDS,
            client_id=client_id,
            realm=realm,
            scope=scope,
        )

    def refresh(self, *, client_id: str, refresh_token: str) -> Issued:
        with self._store.writing() as connection:
            now = self._store.clock.seconds()
            row = connection.execute(
                "SELECT grants.id, grants.realm, grants.scope, grants.authorized_at, tokens.expires_at "
                "FROM tokens JOIN grants ON grants.id = tokens.grant_id "
                "WHERE tokens.token = ? AND sort = 'refresh' AND NOT revoked AND client_id = ?",
                (refresh_token, client_id),
            ).fetchone()
            if row is None:
                raise InvalidGrant
            grant, realm, scope, authorized_at, expires_at = row
            values = connection.execute(
                "SELECT token, issued_at, expires_at FROM tokens WHERE grant_id = ? AND sort = 'refresh' "
                "ORDER BY issued_at DESC, rowid DESC",
                (grant,),
            ).fetchall()
            newest, newest_issued_at, newest_expires_at = values[0]
            # Grace counts from the value that replaced this one, not from the newest of all.
            place = [value for value, _, _ in values].index(refresh_token)
            superseded = place > 0 and now > values[place - 1][1] + GRACE_SECONDS
            if superseded or now > min(expires_at, authorized_at + HARD_SECONDS):
                raise InvalidGrant
            if now >= newest_issued_at + ROTATION_SECONDS and newest == refresh_token:
                newest, newest_expires_at = self._new_refresh(connection, grant, now)
            return Issued(
                access_token=self._new_access(connection, grant, now),
                refresh_token=newest,
                refresh_expires_in=int(min(newest_expires_at, authorized_at + HARD_SECONDS) - now),
                hard_expires_in=int(authorized_at + HARD_SECONDS - now),
                client_id=client_id,
                realm=realm,
                scope=scope,
            )

    def revoke(self, token: str, *, client_id: str) -> bool:
        """End a grant by either of its tokens; false if the token is none of the client's."""
        with self._store.writing() as connection:
            done = connection.execute(
                "UPDATE grants SET revoked = 1 "
                "WHERE id = (SELECT grant_id FROM tokens WHERE token = ?) AND client_id = ?",
                (token, client_id),
            )
            return done.rowcount > 0

    def disconnect(self, *, client_id: str | None, realm: str) -> int:
        """End every token of a client (or of all) for a company, as its owner does in QuickBooks."""
        with self._store.writing() as connection:
            return connection.execute(
                "UPDATE grants SET revoked = 1 "
                "WHERE realm = ? AND NOT revoked AND coalesce(?, client_id) = client_id",
                (realm, client_id),
            ).rowcount

    def disconnect_address(self, client_id: str) -> str | None:
        """Return where the browser goes after disconnecting in QuickBooks, if the client has said."""
        row = (
            self._store.connection()
            .execute("SELECT disconnect_uri FROM client_details WHERE client_id = ?", (client_id,))
            .fetchone()
        )
        return row[0] if row else None

    def connected(self, realm: str) -> list[tuple[str, float]]:
        """Return the clients a company is connected to, and since when."""
        rows = self._store.connection().execute(
            "SELECT client_id, max(authorized_at) FROM grants WHERE realm = ? AND NOT revoked "
            "GROUP BY client_id ORDER BY client_id",
            (realm,),
        )
        return rows.fetchall()

    def access(self, token: str) -> Holder | None:
        """Return what an access token opens, while it lives."""
        row = (
            self._store.connection()
            .execute(
                "SELECT grants.realm, grants.scope, grants.client_id, client_details.environment "
                "FROM tokens JOIN grants ON grants.id = tokens.grant_id "
                "LEFT JOIN client_details ON client_details.client_id = grants.client_id "
                "WHERE tokens.token = ? AND sort = 'access' AND expires_at > ? AND NOT revoked",
                (token, self._store.clock.seconds()),
            )
            .fetchone()
        )
        if row is None:
            return None
        realm, scope, client_id, environment = row
        return Holder(realm=realm, scope=scope, client_id=client_id, environment=environment)

    @staticmethod
    def _new_access(connection: sqlite3.Connection, grant: int, now: float) -> str:
        token = "eyJlbmMi" + secrets.token_urlsafe(48)
        connection.execute(
            "INSERT INTO tokens (token, grant_id, sort, issued_at, expires_at) VALUES (?, ?, 'access', ?, ?)",
            (token, grant, now, now + ACCESS_SECONDS),
        )
        return token

    @staticmethod
    def _new_refresh(connection: sqlite3.Connection, grant: int, now: float) -> tuple[str, float]:
        token = "AB11" + secrets.token_urlsafe(36)
        connection.execute(
            "INSERT INTO tokens (token, grant_id, sort, issued_at, expires_at) "
            "VALUES (?, ?, 'refresh', ?, ?)",
            (token, grant, now, now + REFRESH_SECONDS),
        )
        return token, now + REFRESH_SECONDS
