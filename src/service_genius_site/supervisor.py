"""`service-genius run`: prepares the data, then keeps web, worker and emulator running together.

One thread, one loop. It holds no state that matters: whatever is killed, it or a child, the next start
goes on from the databases. Absent on purpose: serving to other machines (put a web server in front).
"""

import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

from . import running
from .configuration import Configuration
from .ports import answers, port_is_free, ports
from .preparing import close_connections, prepare
from .processes import Child, Program

POLL_SECONDS = 0.2
READY_SECONDS = 60.0
LOG_LINES_SHOWN = 15


class StartFailed(Exception):  # noqa: N818 - what happened
    """The message says what to do."""


def run(configuration: Configuration) -> int:
    """Serve until Ctrl-C or SIGTERM; the exit code."""
    try:
        return _Supervisor(configuration).run()
    except StartFailed as failed:
        click.echo(f"\n{failed}", err=True)
        return 1


class _Supervisor:
    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._children = [Child(program) for program in programs(configuration)]
        self._stopping = False

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop_asked)
        for variable, port in ports(self._configuration).items():
            if not port_is_free(port):
                raise StartFailed(
                    f"Port {port} is taken by another program. Stop it, or choose another port: "
                    f"{variable}={port + 10} make run"
                )
        prepare(self._configuration)
        try:
            self._start_all()
            running.note(self._configuration, ports(self._configuration))
            if not self._stopping:
                click.echo(box(welcome(self._configuration)))
            while not self._stopping:
                self._watch()
                time.sleep(POLL_SECONDS)
        finally:
            click.echo("\nStopping ...")
            for child in reversed(self._children):
                child.stop()
            running.forget(self._configuration)
        click.echo("Stopped. Your data is kept.")
        return 0

    def _stop_asked(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._stopping = True

    def _start_all(self) -> None:
        for child in self._children:
            click.echo(f"Starting {child.program.name}")
            child.start()
        deadline = time.monotonic() + READY_SECONDS
        waiting = list(self._children)
        while waiting and not self._stopping:
            for child in self._children:
                if (death := child.death()) is not None:
                    raise StartFailed(_first_death(child.program, death[1]))
            waiting = [child for child in waiting if not answers(child.program.ready_url)]
            if time.monotonic() > deadline:
                names = ", ".join(child.program.name for child in waiting)
                raise StartFailed(f"Not ready after {READY_SECONDS:.0f} seconds: {names}.")
            time.sleep(POLL_SECONDS / 2)

    def _watch(self) -> None:
        for child in self._children:
            if (death := child.death()) is not None:
                pid, code = death
                click.echo(
                    f"The {child.program.name} ended ({_cause(code)}); starting it again in "
                    f"{child.restart_seconds:.0f} s. Its log: {child.program.log}"
                )
                if child.program.name == WORKER:
                    _hand_back_leases(pid)
            if child.due:
                child.start()


WORKER = "worker"


def programs(configuration: Configuration) -> list[Program]:
    """The processes of this machine, in the order they start; they stop in the other."""
    scripts = Path(sys.executable).parent
    var_dir = configuration.var_dir
    web = (
        *(sys.executable, "-m", "gunicorn", "service_genius_site.wsgi:application"),
        *("--bind", f"127.0.0.1:{configuration.port}", "--config", "python:service_genius_site.serving"),
    )
    emulator = (
        *(str(scripts / "qbo-emulator"), "--port", str(configuration.emulator_port)),
        *("--data", str(var_dir / "emulator.sqlite3")),
    )
    started = [
        Program(
            name="web application",
            command=web,
            log=var_dir / "web.log",
            ready_url=f"http://127.0.0.1:{configuration.port}/",
        ),
        Program(name=WORKER, command=(str(scripts / "service-genius"), "worker"), log=var_dir / "worker.log"),
    ]
    if configuration.embedded:
        quickbooks = Program(
            name="QuickBooks emulator",
            command=emulator,
            log=var_dir / "emulator.log",
            ready_url=f"{configuration.emulator_url}/.well-known/openid_configuration",
        )
        started.insert(0, quickbooks)
    return started


def welcome(configuration: Configuration) -> list[str]:
    """Where to go, how to log in, where QuickBooks is."""
    lines = [f"Service Genius   http://127.0.0.1:{configuration.port}"]
    if configuration.demo_marker.exists():
        from service_genius.companies.demo import OWNER_EMAIL, PASSWORD  # noqa: PLC0415 - needs Django set up

        lines.append(f"Log in with      {OWNER_EMAIL}   {PASSWORD}")
    if configuration.embedded:
        lines.append(f"QuickBooks       {configuration.emulator_url}   (an emulator, on this machine)")
    else:
        lines.append(f"QuickBooks       {configuration.qbo_environment}, at Intuit")
    return [*lines, f"Data and logs    {configuration.var_dir}", "", "Ctrl-C stops everything."]


def box(lines: Sequence[str]) -> str:
    width = max(map(len, lines))
    edge = "+" + "-" * (width + 4) + "+"
    return "\n".join(["", edge, *(f"|  {line:<{width}}  |" for line in lines), edge])


def _hand_back_leases(pid: int) -> None:
    """Let the next worker go on at once, instead of after the lease has run out."""
    from django.db import DatabaseError  # noqa: PLC0415 - Django is set up by now

    from quickbooks_sync.runs.queue import hand_back_leases  # noqa: PLC0415
    from quickbooks_sync.runs.worker import owner_name  # noqa: PLC0415

    try:
        hand_back_leases(owner=owner_name(pid))
    except DatabaseError as error:
        click.echo(f"The dead worker's lease could not be handed back ({error}); it runs out by itself.")
    close_connections()


def _first_death(program: Program, code: int) -> str:
    tail = program.log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
    return "\n".join(
        [f"The {program.name} could not start ({_cause(code)}). The end of {program.log}:", *tail]
    )


def _cause(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
