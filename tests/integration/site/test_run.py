"""`service-genius run` with its real processes, on a fresh VAR_DIR."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.emulator import free_port, send

SCRIPT = str(Path(sys.executable).parent / "service-genius")


@dataclass
class Running:
    process: "subprocess.Popen[bytes]"
    output: Path
    web: str
    emulator: str

    def said(self, words: str) -> bool:
        return words in self.output.read_text()

    def children(self) -> dict[int, str]:
        """The processes it started, by pid, with their command lines."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = folder.joinpath("stat").read_text().rpartition(")")[2].split()[1]
                command = folder.joinpath("cmdline").read_text().replace("\0", " ").strip()
            except OSError:  # it ended meanwhile
                continue
            if parent == str(self.process.pid) and command:
                found[int(folder.name)] = command
        return found

    def worker(self) -> int | None:
        return next((pid for pid, command in self.children().items() if command.endswith(" worker")), None)


def until(condition: Callable[[], object], seconds: float = 60.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(condition())


def ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    web, emulator = free_port(), free_port()
    kept = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "QBO_ENVIRONMENT"}
    }
    ports = {"PORT": str(web), "EMULATOR_PORT": str(emulator)}
    output = tmp_path / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            (SCRIPT, "run"),
            env={**kept, **ports, "VAR_DIR": str(tmp_path / "var")},
            stdout=file,
            stderr=subprocess.STDOUT,
            umask=0,
        )
    here = Running(
        process=process,
        output=output,
        web=f"http://127.0.0.1:{web}",
        emulator=f"http://127.0.0.1:{emulator}",
    )
    assert until(lambda: here.said("Ctrl-C stops everything") or process.poll() is not None), (
        output.read_text()
    )
    yield here
    if process.poll() is None:
        process.terminate()
        process.wait(30)


def test_one_command_serves_both_sites_and_ends_with_everything_it_started(running: Running) -> None:
    box = running.output.read_text()
    assert running.web in box
    assert running.emulator in box
    assert re.search(r"Log in with +demo@example\.com", box)
    status, page, _ = send("GET", f"{running.web}/")
    assert status == 200
    assert "Log in" in page
    status, _, _ = send("GET", f"{running.emulator}/.well-known/openid_configuration/")
    assert status == 200
    var_dir = running.output.parent / "var"
    # Scripts and styles are sent to whoever asks; but nobody else reaches even them.
    kept = [path for path in var_dir.rglob("*") if path.is_file() and var_dir / "static" not in path.parents]
    assert {"service_genius.sqlite3", "emulator.sqlite3", "web.log"} <= {path.name for path in kept}
    assert [str(path) for path in (var_dir, *kept) if path.stat().st_mode & 0o077] == []
    children = running.children()
    assert len(children) == 3
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(30) == 0
    assert running.said("Stopped.")
    assert all(map(ended, children))


def test_a_worker_that_dies_is_started_again_and_killing_the_supervisor_leaves_nothing(
    running: Running,
) -> None:
    first = running.worker()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert until(lambda: running.worker() not in {None, first})
    assert running.said("The worker ended (SIGKILL)")
    children = running.children()
    assert len(children) == 3
    running.process.kill()
    running.process.wait()
    assert until(lambda: all(map(ended, children)))
