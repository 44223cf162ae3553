"""On which ports `service-genius run` serves from this VAR_DIR, for the commands called beside it."""

import json
from collections.abc import MutableMapping, Sequence
from pathlib import Path

from .configuration import Configuration
from .ports import answers

#: Those that choose ports themselves.
CHOOSERS = ("run", "reset-demo")


def _file(var_dir: Path) -> Path:
    return var_dir / "ports.json"


def note(configuration: Configuration, ports: dict[str, int]) -> None:
    """Write down the ports, by the variable that names each."""
    _file(configuration.var_dir).write_text(json.dumps(ports))


def forget(configuration: Configuration) -> None:
    """It ends; the next may serve elsewhere."""
    _file(configuration.var_dir).unlink(missing_ok=True)


def recall(environ: MutableMapping[str, str], *, but_for: Sequence[str] = ()) -> None:
    """Take the ports of what runs, where the environment names none."""
    if set(but_for) & set(CHOOSERS):
        return
    try:
        noted = json.loads(_file(Path(environ.get("VAR_DIR", "var"))).read_text())
        ports = {str(variable): str(int(port)) for variable, port in noted.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return  # nothing runs here, or nothing that could be told of
    for variable, port in ports.items():
        if not environ.get(variable):
            environ[variable] = port


def silent_emulator(configuration: Configuration) -> str:
    """What to say at once where the emulator is QuickBooks and does not answer; nothing, if it does."""
    if not configuration.embedded or answers(configuration.emulator_url):
        return ""
    return (
        f"QuickBooks does not answer at {configuration.emulator_url}: the emulator is not running there. "
        "Start it with make run, or name the port it has: EMULATOR_PORT=8011 service-genius sync ..."
    )
