"""An installation of the product in a folder of its own: its processes, as people call them.

Nothing here uses the test's own database.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.emulator import Emulator

WAIT_SECONDS_MAX = 120
SCRIPT = str(Path(sys.executable).with_name("service-genius"))

MAKE_COMPANY = """
from datetime import UTC, datetime, timedelta
from quickbooks_sync.models import Connection
from quickbooks_sync.access.vault import seal
from service_genius.companies.models import Company, Role, User
from service_genius.customers import operations
company = Company.objects.create(name={name!r}, zone="UTC")
User.objects.create_user(email="alice@example.com", password="a-long-pass-phrase", name="Alice",
    role=Role.OWNER, company=company)
rows = [{{"display_name": f"Customer {{number:03}}"}} for number in range({customers})]
operations.create_many(company=company, rows=rows)
now = datetime.now(UTC)
Connection.objects.create(company=company, environment="emulator", realm_id={realm!r}, connected_at=now,
    start_date=now.date(), access_token=seal({access!r}), refresh_token=seal({refresh!r}),
    access_expires_at=now + timedelta(hours=1), refresh_expires_at=now + timedelta(days=100))
"""


class Installation:
    def __init__(self, folder: Path, emulator: Emulator, *, database_url: str = "") -> None:
        port = emulator.url.rsplit(":", 1)[1]
        self.folder = folder
        self.emulator = emulator
        self.environ = {
            **os.environ,
            "VAR_DIR": str(folder),
            "EMULATOR_PORT": port,
            "DATABASE_URL": database_url,
        }
        self.log = folder / "processes.log"

    def start(self, *arguments: str, under: Sequence[str] = (), **more: Any) -> "subprocess.Popen[str]":
        """Start `service-genius` with these arguments; `under`: a program that watches it."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*under, SCRIPT, *arguments], env=self.environ, stderr=log, text=True, **more
            )

    def run(self, *arguments: str, under: Sequence[str] = ()) -> str:
        process = self.start(*arguments, under=under, stdout=subprocess.PIPE)
        out, _ = process.communicate(timeout=WAIT_SECONDS_MAX)
        assert process.returncode == 0, (arguments, out, self.log.read_text()[-3000:])
        return out

    def shell(self, code: str) -> str:
        return self.run("shell", "--verbosity", "0", "-c", code)

    def make_company(self, name: str, *, customers: int) -> str:
        """A company with its owner and so many customers, connected to an empty one; its realm."""
        self.run("migrate", "--verbosity", "0")
        realm = self.emulator.new_realm()
        grant = self.emulator.grant(realm, "service-genius")
        self.shell(
            MAKE_COMPANY.format(
                name=name,
                customers=customers,
                realm=realm,
                access=grant["access_token"],
                refresh=grant["refresh_token"],
            )
        )
        return realm
