"""Child processes that live exactly as long as the supervisor wants them to.

Each child has a session of its own, so that Ctrl-C in the terminal reaches the supervisor alone, which
then stops the children in order; and the kernel ends the children of a supervisor that is killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

BACK_OFF_SECONDS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
STABLE_SECONDS = 60.0
"""A child that lived so long is well again: the next restart is quick."""
STOP_SECONDS = 10.0
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to start: `ready_url` answers anything at all once it serves."""

    name: str
    command: tuple[str, ...]
    log: Path
    ready_url: str | None = None


def back_off_seconds(failures: int) -> float:
    """How long to wait before a program that has failed so often in a row is started again."""
    return BACK_OFF_SECONDS[min(failures, len(BACK_OFF_SECONDS)) - 1]


class Child:
    """One program, kept running."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._failures = 0
        self._start_at = float("-inf")
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        with self.program.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own programs
                self.program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - this process has one thread
            )
        self._started_at = time.monotonic()

    def death(self) -> tuple[int, int] | None:
        """Pid and exit code of a process that has ended since last asked; sets the time of its restart."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        pid, self._process = self._process.pid, None
        lived = time.monotonic() - self._started_at
        self._failures = 1 if lived >= STABLE_SECONDS else self._failures + 1
        self._start_at = time.monotonic() + back_off_seconds(self._failures)
        return pid, code

    @property
    def due(self) -> bool:
        """Whether it is not running and should be started now."""
        return self._process is None and time.monotonic() >= self._start_at

    @property
    def restart_seconds(self) -> float:
        return back_off_seconds(self._failures)

    def stop(self) -> None:
        """Ask it to end; after a while make it, with all it started."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None


def _die_with(supervisor: int) -> "_Hook | None":
    if not sys.platform.startswith("linux"):
        return None
    return _Hook(prctl=ctypes.CDLL(None).prctl, supervisor=supervisor)


@dataclass(frozen=True, kw_only=True)
class _Hook:
    """Runs in the child before the program: everything it needs is there already."""

    prctl: "ctypes._NamedFuncPointer"
    supervisor: int

    def __call__(self) -> None:
        self.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != self.supervisor:  # it died before the line above
            os._exit(1)
