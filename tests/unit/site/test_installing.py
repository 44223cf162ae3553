"""What make and the tests install into the checkout is whole, or made anew, however many install it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from service_genius_site import configuration
from service_genius_site.mistakes import ConfigurationError
from tests import run
from tests.contract import node_modules
from tests.run import ROOT

#: In the order make takes them: what the log of the programs below says of each.
STEPS = ("venv", "uv.txt", "run.txt", "-e .", "dev.txt")

#: Stands in for Python: the programs of its environments only say what they were called for, and wait where
#: a test wants to look.
PYTHON = f"""#!/bin/sh
if [ "$1" != -m ]; then exec {sys.executable} "$@"; fi
mkdir -p .venv/bin
echo "command = python -m venv $PWD/.venv" > .venv/pyvenv.cfg
cat > .venv/bin/pip <<'END'
#!/bin/sh
echo "$@" >> log
while [ -e pause ] && grep -qe "$(cat pause)" log; do sleep 0.02; done
END
chmod +x .venv/bin/pip
cp .venv/bin/pip .venv/bin/python
.venv/bin/python venv
cp .venv/bin/pip .venv/bin/uv
"""

#: Stands in for npm: half of it is there when the other one starts.
NPM = """#!/bin/sh
mkdir -p node_modules/node-quickbooks
touch "$MEETING/$$"
for _ in $(seq 500); do [ $(ls "$MEETING" | wc -l) -lt 2 ] || break; sleep 0.01; done
mkdir node_modules/axios
"""
INSTALL = """
import pathlib, sys
from tests.contract.node_modules import installed
print(*sorted(path.name for path in installed(pathlib.Path(sys.argv[1])).iterdir()))
"""


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


class Checkout:
    """A folder with our Makefile, and a Python that installs nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[bytes]] = []
        shutil.copy(ROOT / "Makefile", folder)
        shutil.copy(ROOT / "pyproject.toml", folder)
        shutil.copytree(ROOT / "requirements", folder / "requirements")
        program(folder / "python", PYTHON)

    def make(self) -> "subprocess.Popen[bytes]":
        self.started.append(
            subprocess.Popen(
                ("make", "PYTHON=./python", "ready.dev"), cwd=self.folder, start_new_session=True
            )
        )
        return self.started[-1]

    def log(self) -> str:
        log = self.folder / "log"
        return log.read_text() if log.exists() else ""

    def steps(self) -> list[str]:
        return [step for line in self.log().splitlines() for step in STEPS if line.endswith(step)]

    def pause(self, step: str) -> None:
        (self.folder / "pause").write_text(step)

    def go_on(self) -> None:
        (self.folder / "pause").unlink()

    def second_waits(self) -> bool:
        inode = f":{(self.folder / 'Makefile').stat().st_ino} "
        lines = Path("/proc/locks").read_text().splitlines()
        return any("->" in line and inode in line for line in lines)


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    checkout = Checkout(tmp_path)
    yield checkout
    for process in checkout.started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_what_is_installed_is_installed_once(checkout: Checkout) -> None:
    assert checkout.make().wait() == 0
    assert checkout.make().wait() == 0
    assert checkout.steps() == list(STEPS)


@pytest.mark.parametrize("step", STEPS)
def test_an_installation_that_was_interrupted_starts_from_nothing(checkout: Checkout, step: str) -> None:
    checkout.pause(step)
    first = checkout.make()
    until(lambda: step in checkout.steps())
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    (checkout.folder / "log").unlink()
    checkout.go_on()
    assert checkout.make().wait() == 0
    assert checkout.steps() == list(STEPS)


def test_a_copied_folder_does_not_run_what_the_other_installed(checkout: Checkout, tmp_path: Path) -> None:
    assert checkout.make().wait() == 0
    config = checkout.folder / ".venv" / "pyvenv.cfg"
    config.write_text(config.read_text().replace(str(tmp_path), "/somewhere/else"))
    assert checkout.make().wait() == 0
    assert checkout.steps() == [*STEPS, *STEPS]


def test_two_makes_at_once_install_once(checkout: Checkout) -> None:
    checkout.pause("run.txt")
    first = checkout.make()
    until(lambda: "run.txt" in checkout.steps())
    before = checkout.steps()
    second = checkout.make()
    until(lambda: checkout.second_waits() or checkout.steps() != before)
    checkout.go_on()
    assert (first.wait(), second.wait()) == (0, 0)
    assert checkout.steps() == list(STEPS)


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program that stands in for npm; a test may write another."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "meeting").mkdir()
    program(tmp_path / "bin" / "node", "#!/bin/sh\n")
    program(tmp_path / "bin" / "npm", NPM)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("MEETING", str(tmp_path / "meeting"))
    return tmp_path / "bin" / "npm"


def test_two_tests_that_install_the_same_at_once_both_have_it_whole(npm: Path, tmp_path: Path) -> None:
    command = (sys.executable, "-c", INSTALL, str(tmp_path / "into"))
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [one.communicate()[0] for one in both] == ["axios node-quickbooks\n"] * 2
    assert len(list((tmp_path / "into").iterdir())) == 1, "only the whole one is left"


def test_an_installation_that_fails_leaves_nothing_that_looks_finished(npm: Path, tmp_path: Path) -> None:
    program(npm, "#!/bin/sh\nmkdir -p node_modules/node-quickbooks; echo no network >&2; exit 1\n")
    with pytest.raises(run.Unavailable, match="no network"):
        node_modules.installed(tmp_path / "into")
    program(npm, "#!/bin/sh\nmkdir -p node_modules/axios\n")
    assert [path.name for path in node_modules.installed(tmp_path / "into").iterdir()] == ["axios"]


def test_every_package_for_javascript_is_locked_by_what_it_holds() -> None:
    locked = (node_modules.LOCKED / "package-lock.json").read_text()
    assert locked.count('"integrity": "sha512-') == locked.count('"node_modules/') > 0
    assert '"resolved"' not in locked, "Say to npm: --omit-lockfile-registry-resolved"


def test_no_setting_of_an_installation_reaches_the_tests() -> None:
    asked = set()

    class Environ(dict[str, str]):
        def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
            asked.add(name)
            return super().get(name, default)

    settings = dict.fromkeys(run.INSTALLATION, "x") | {"QBO_ENVIRONMENT": "production", "EMAIL_URL": ""}
    with suppress(ConfigurationError):  # none of these values would do; each was asked for before
        configuration.read(Environ(settings | {"PORT": "1", "EMULATOR_PORT": "2"}))
    assert asked == set(run.INSTALLATION)
