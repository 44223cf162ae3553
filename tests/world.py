"""Two systems and a connection between them, for the tests of the sync: real HTTP to a real emulator."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from qbo.limits import Pace
from quickbooks_sync.access import connection as connections
from quickbooks_sync.access.session import SystemClock, no_checkpoint
from quickbooks_sync.access.vault import seal
from quickbooks_sync.models import Connection, Issue, SyncRun
from quickbooks_sync.runs.queue import ask, claim
from quickbooks_sync.runs.run import carry_out
from service_genius.companies.models import Company
from tests.emulator import Emulator, send

OWNER = "test:1"


class Unlimited(Pace):
    """No pace: the emulator's limits are off, and a test has no minute to wait."""

    def wait_seconds(self, now: float, *, batch: bool) -> float:
        return 0.0


class Hurried(SystemClock):
    """Nobody else writes to the database of a test, so a run need not pause for others."""

    def sleep(self, seconds: float) -> None:
        pass


class Killed(BaseException):
    """The process dies here; no handler of the product may catch it."""


@dataclass(kw_only=True)
class World:
    """A company of Service Genius connected to a realm of the emulator."""

    emulator: Emulator
    realm: str
    company: Company
    connection: Connection
    token: str
    checkpoint: Callable[[str], None] = field(default=no_checkpoint)

    def run(self, scope: str = "sync") -> SyncRun:
        """One run to its end, as a worker would do it."""
        run = ask(connection=self.connection, scope=SyncRun.Scope(scope))
        return self.work(run)

    def full(self) -> SyncRun:
        return self.run("full")

    def sync(self) -> SyncRun:
        return self.run("sync")

    def work(self, run: SyncRun) -> SyncRun:
        claimed = claim(owner=OWNER, clock=SystemClock())
        assert claimed is not None, "no run was due"
        client, sender = connections.make_client(self.connection, pace=Unlimited())
        try:
            carry_out(claimed, client=client, clock=Hurried(), checkpoint=self.checkpoint)
        finally:
            sender.close()
        run.refresh_from_db()
        self.connection.refresh_from_db()
        return run

    def expire_lease(self) -> None:
        """The worker died; its lease has run out and nothing waits any more."""
        past = datetime.now(UTC) - timedelta(seconds=1)
        SyncRun.objects.filter(state=SyncRun.State.RUNNING).update(lease_expires_at=past)
        SyncRun.objects.filter(state=SyncRun.State.QUEUED).update(not_before=None, due_at=past)

    def there(self, entity: str) -> list[dict[str, Any]]:
        """Every object of an entity in QuickBooks."""
        return self.emulator.dump(self.realm).get(entity, [])

    def names_there(self, entity: str = "Customer") -> list[str]:
        member = "Name" if entity == "Item" else "DisplayName"
        return sorted(str(row[member]) for row in self.there(entity))

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A raw request to QuickBooks, as another program there would make it."""
        status, text, _ = send(
            "POST",
            f"{self.emulator.url}/v3/company/{self.realm}/{path}{'&' if '?' in path else '?'}minorversion=75",
            body=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
        )
        assert status == 200, text
        loaded: dict[str, Any] = json.loads(text)
        return next(value for key, value in loaded.items() if key != "time")

    def issues(self) -> dict[str, str]:
        """Needs attention: label -> reason."""
        return {issue.label: issue.reason for issue in Issue.objects.filter(connection=self.connection)}


def connected_world(emulator: Emulator, company: Company, *, template: str = "empty") -> World:
    """Connect a company to a fresh realm, without the sign-in page."""
    realm = emulator.new_realm(template)
    grant = emulator.grant(realm, settings.QBO_CLIENT_ID)
    settings.QBO_CLIENT_SECRET = grant["client_secret"]
    now = datetime.now(UTC)
    connection = Connection.objects.create(
        company=company,
        environment="emulator",
        realm_id=realm,
        connected_at=now,
        start_date=now.date(),
        access_token=seal(grant["access_token"]),
        refresh_token=seal(grant["refresh_token"]),
        access_expires_at=now + timedelta(hours=1),
        refresh_expires_at=now + timedelta(days=100),
    )
    return World(
        emulator=emulator,
        realm=realm,
        company=company,
        connection=connection,
        token=grant["access_token"],
    )
