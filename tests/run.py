"""Every check and every test, layer by layer, with the time of each: `make test`.

Standard library only. A layer that fails does not stop the next: one run tells everything.
Layers may be named: `tests/run.py checks unit integration-postgresql`.
"""
# ruff: noqa: T201 - it speaks to a terminal

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PARALLEL = ("-n", "2")
#: Chromium by its names, the lightest first: the same engine without the window around it.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")

#: Settings of an installation of the product: those of the shell would make tests look at somebody's data.
INSTALLATION = (
    *("VAR_DIR", "PORT", "EMULATOR_PORT", "DATABASE_URL", "SECRET_KEY", "TOKEN_ENCRYPTION_KEYS"),
    *("QBO_ENVIRONMENT", "QBO_CLIENT_ID", "QBO_CLIENT_SECRET", "QBO_REDIRECT_URI", "EMAIL_URL", "EMAIL_FROM"),
    "TRUSTED_PROXIES",
)
#: Some shells forbid Python to keep what it compiled: then every process of a test compiles it all again.
NOT_PASSED_ON = (*INSTALLATION, "PYTHONDONTWRITEBYTECODE")

Environment = Mapping[str, str]


class Unavailable(Exception):  # noqa: N818 - what it is
    """Something of the machine is missing; the message is the command that brings it."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Some commands, run in an environment that lasts as long as they do."""

    name: str
    commands: Sequence[Sequence[str]]
    environment: Callable[[], AbstractContextManager[Environment]] = lambda: nullcontext({})


def main(wanted: Sequence[str]) -> int:
    layers = {layer.name: layer for layer in all_layers()}
    unknown = [name for name in wanted if name not in layers]
    if unknown:
        print(f"No layer is called {', '.join(unknown)}; there are: {', '.join(layers)}.")
        return 2
    results: list[tuple[str, bool, float]] = []
    for name in wanted or layers:
        print(f"\n== {name} {'=' * (70 - len(name))}", flush=True)
        started = time.monotonic()
        passed = run(layers[name])
        results.append((name, passed, time.monotonic() - started))
    print("\n== summary " + "=" * 63)
    for name, passed, seconds in results:
        print(f"  {'passed' if passed else 'FAILED'}  {seconds:7.1f} s  {name}")
    print(f"          {sum(seconds for _, _, seconds in results):7.1f} s  in all")
    return 0 if all(passed for _, passed, _ in results) else 1


def all_layers() -> Iterator[Layer]:
    """The layers in order: what fails soonest, first."""
    yield Layer(
        name="checks",
        commands=(
            (tool("ruff"), "format", "--check", "--quiet", "."),
            (tool("ruff"), "check", "--quiet", "."),
            (tool("mypy"),),
            (tool("lint-imports"), "--no-logo"),
            (tool("service-genius"), "makemigrations", "--check", "--dry-run"),
        ),
    )
    yield Layer(name="unit", commands=pytest("unit", "properties", "architecture", parallel=True))
    node = (tool("python"), "-m", "tests.contract.node_modules")
    yield Layer(name="contract", commands=(node, *pytest("contract", parallel=True)))
    yield Layer(name="integration-sqlite", commands=pytest("integration", parallel=True))
    yield Layer(
        name="integration-postgresql",
        commands=pytest("integration", parallel=True),
        environment=postgresql,
    )
    yield Layer(name="simulation", commands=pytest("simulation", parallel=True))
    yield Layer(
        name="simulation-postgresql",
        commands=pytest("simulation", parallel=True),
        environment=postgresql,
    )
    yield Layer(
        name="browser", commands=pytest("browser", parallel=True, whole_files=True), environment=browser
    )


def pytest(*folders: str, parallel: bool = False, whole_files: bool = False) -> list[list[str]]:
    """One pytest call for the folders that hold tests; none if none does.

    `whole_files`: the tests of one file share what is slow to start, and stay together.
    """
    paths = [f"tests/{folder}" for folder in folders if any((ROOT / "tests" / folder).rglob("test_*.py"))]
    options = [*(PARALLEL if parallel else ()), *(("--dist", "loadfile") if whole_files else ())]
    return [[tool("pytest"), "-q", *options, *paths]] if paths else []


def tool(name: str) -> str:
    return str(BIN / name)


def run(layer: Layer) -> bool:
    """Run the layer's commands, all of them; whether all passed."""
    if not layer.commands:
        print("no tests here yet")
        return True
    with tempfile.TemporaryDirectory(prefix="sg-") as var_dir:
        try:
            with layer.environment() as environment:
                kept = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
                variables = {**kept, "VAR_DIR": var_dir, **environment}
                return all([passes(command, variables) for command in layer.commands])  # noqa: C419 - all of them
        except Unavailable as missing:
            print(f"Not run: {missing}")
            return False


def passes(command: Sequence[str], variables: Environment) -> bool:
    shown = " ".join([Path(command[0]).name, *command[1:]])
    print(f"$ {shown}", flush=True)
    code = subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode
    if code:
        print(f"{shown}: exit code {code}", flush=True)
    return code == 0


@contextmanager
def postgresql() -> Iterator[Environment]:
    """A throw-away server on a socket of its own, in a short folder: long socket paths fail."""
    programs = postgresql_programs()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    as_owner: tuple[str, ...] = ()
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "postgres")
        as_owner = ("runuser", "-u", "postgres", "--")
    folder.chmod(0o755)
    quick = ("listen_addresses=''", "fsync=off", "full_page_writes=off", "synchronous_commit=off")
    options = " ".join((f"-k {folder}", *(f"-c {setting}" for setting in quick)))
    choices = ("-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    pg_ctl = (programs / "pg_ctl", "-w", "-D", folder / "db", "-l", folder / "log")

    def call(*command: object) -> None:
        subprocess.run([*as_owner, *map(str, command)], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    try:
        call(programs / "initdb", "-D", folder / "db", *choices)
        call(*pg_ctl, "-o", options, "start")
        try:
            yield {"DATABASE_URL": f"postgresql://test@/postgres?host={folder}"}
        finally:
            call(*pg_ctl, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def postgresql_programs() -> Path:
    """Where initdb and pg_ctl are: Debian keeps them out of PATH."""

    def found() -> Path | None:
        if on_path := shutil.which("initdb"):
            return Path(on_path).parent
        return max(
            Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: int(path.parent.name)
        )

    install_unless(lambda: found() is not None, "postgresql")
    programs = found()
    if programs is None:
        raise Unavailable("PostgreSQL is installed, but initdb is nowhere to be found.")
    return programs


@contextmanager
def browser() -> Iterator[Environment]:
    """The system's Chromium; the browser tests find it by name."""
    install_unless(lambda: any(map(shutil.which, BROWSERS)), BROWSERS[0])
    yield {}


def install_unless(present: Callable[[], bool], package: str) -> None:
    """Install a Debian package that is missing, as root; anyone else is told the command.

    Raises Unavailable.
    """
    if present():
        return
    command = f"apt-get install -y --no-install-recommends {package}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Unavailable(f"{package} is missing. On Debian and Ubuntu: sudo {command}")
    print(f"Installing {package}", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    for step in ("apt-get update", command):
        if subprocess.run(step.split(), check=False, **quiet).returncode:  # type: ignore[call-overload]
            raise Unavailable(f"{package} could not be installed: {step}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
