"""The three real processes, and the paths a user walks in them. No import of the product: HTTP only."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.emulator import Emulator, free_port, send

SCRIPT = str(Path(sys.executable).parent / "service-genius")
READY = "Ctrl-C stops everything"
#: What decides where data and QuickBooks are: the shell's own values must not reach the tests' processes.
NOT_PASSED_ON = ("DATABASE_URL", "QBO_ENVIRONMENT", "QBO_REDIRECT_URI")
LOG_SHOWN = 3000
SAMPLE_COMPANY = "Green Valley Landscaping"
#: No story keeps a process standing for so long; QuickBooks is waited for a little longer.
STANDS_SECONDS_MAX = 50.0


@dataclass(frozen=True, kw_only=True)
class Site:
    """A fresh Service Genius with its demo company, its worker, and QuickBooks on this machine."""

    web: str
    emulator: Emulator
    #: Of the one command that started all the others.
    pid: int
    #: Where its database is.
    var_dir: Path

    @property
    def realm(self) -> str:
        """The sample company's number."""
        return next(
            row["realm_id"] for row in self.emulator.realms() if row["company_name"] == SAMPLE_COMPANY
        )

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What another program does in the sample company of QuickBooks; the object as it is then."""
        grant = self.emulator.grant(self.realm)
        joint = "&" if "?" in path else "?"
        status, text, _ = send(
            "POST",
            f"{self.emulator.url}/v3/company/{self.realm}/{path}{joint}minorversion=75",
            body=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {grant['access_token']}",
                "Accept": "application/json",
                "Content-Type": "application/json",
            },
        )
        assert status == 200, text
        (body,) = (each for name, each in json.loads(text).items() if name != "time")
        return dict(body)

    @contextmanager
    def standing(self) -> Iterator[None]:
        """The web application does nothing meanwhile; what is asked of it waits."""
        with self._stopped("gunicorn"):
            yield

    @contextmanager
    def quickbooks_standing(self) -> Iterator[None]:
        """QuickBooks answers nothing meanwhile: a run is under way until the end of it."""
        with self._stopped("qbo-emulator"):
            yield

    @contextmanager
    def _stopped(self, program: str) -> Iterator[None]:
        group = self._process(program)
        os.killpg(group, signal.SIGSTOP)
        # A browser that waits for the page itself would never get to the end.
        goes_on = threading.Timer(STANDS_SECONDS_MAX, os.killpg, (group, signal.SIGCONT))
        goes_on.start()
        try:
            yield
        finally:
            goes_on.cancel()
            os.killpg(group, signal.SIGCONT)

    def _process(self, program: str) -> int:
        """The leader of its group."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return next(
            int(pid) for pid in children if program.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        )

    def make_questions(self, number: int) -> None:
        """So many questions whether two are the same, right in the database."""
        subprocess.run(
            (sys.executable, "-m", "tests.many_questions", str(number)),
            env={
                **{name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON},
                "VAR_DIR": str(self.var_dir),
                "DJANGO_SETTINGS_MODULE": "service_genius_site.settings",
            },
            check=True,
        )

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Everything the sample company holds in QuickBooks."""
        return self.emulator.dump(self.realm)


@contextmanager
def running_site(folder: Path) -> Iterator[Site]:
    """Start everything with the one command there is for it; stop it at the end."""
    web, emulator = free_port(), free_port()
    kept = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    ours = {"VAR_DIR": str(folder / "var"), "PORT": str(web), "EMULATOR_PORT": str(emulator)}
    process = subprocess.Popen(
        (SCRIPT, "run"),
        env={**kept, **ours, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:  # ends when it is ready, or with the process
        said.append(line)
        if READY in line:
            break
    else:
        raise AssertionError("".join(said))
    try:
        yield Site(
            web=f"http://127.0.0.1:{web}",
            emulator=Emulator(f"http://127.0.0.1:{emulator}"),
            pid=process.pid,
            var_dir=folder / "var",
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    logs = {path.name: path.read_text() for path in (folder / "var").glob("*.log")}
    troubled = [f"{name}:\n{text[-LOG_SHOWN:]}" for name, text in logs.items() if "Traceback" in text]
    assert not troubled, "\n".join(troubled)
