"""What the program itself takes, without limits of pace: speed and memory, as a company grows.

Each step runs in a process of its own, over HTTP to an emulator in another, so that its time and its peak
memory are its own. Seconds of the processor say more than those of the clock beside other work.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from urllib.parse import urlsplit

from tests.emulator import running_emulator
from tests.run import Unavailable, postgresql

from .results import Figure

DATABASES: dict[str, AbstractContextManager[Mapping[str, str]]] = {
    "SQLite": nullcontext({}),
    "PostgreSQL": postgresql(),
}


def measure(
    folder: Path, *, sizes: tuple[int, ...], pulled: int, scripted: tuple[int, ...]
) -> Iterator[Figure]:
    """`sizes`: records pushed; `pulled`: customers taken; `scripted`: records pushed by the other scripts."""
    for database, provided in DATABASES.items():
        try:
            with provided as variables, running_emulator(folder / f"{database}.sqlite3") as emulator:
                emulator.settings(limits=False)
                where = _where(folder / database, emulator.url, variables)
                _step(where, "prepare")
                yield from _grown(where, database, sizes)
                group = f"Own cost on {database}: a first Full Sync that pulls {pulled:,} customers"
                yield from _shown(group, "", _step(where, "pull", str(pulled)))
                if database == "SQLite":
                    yield from _scripts(where, scripted)
        except Unavailable as missing:
            print(f"{database} is not measured: {missing}", file=sys.stderr)


def _grown(where: Mapping[str, str], database: str, sizes: tuple[int, ...]) -> Iterator[Figure]:
    for size in sizes:
        _say(f"{database}, {size:,} records")
        filled = _step(where, "fill", str(size))
        connection, who = str(int(filled["connection"])), f"{int(filled['records']):,} records"
        pushed = f"Own cost on {database}: the push"
        yield from _shown(pushed, who, _step(where, "push", connection))
        yield from _shown(f"Own cost on {database}: the Sync after it", who, _step(where, "sync", connection))
        quiet = f"Own cost on {database}: a Sync with nothing new"
        yield from _shown(quiet, who, _step(where, "quiet", connection))


def _scripts(where: Mapping[str, str], sizes: tuple[int, ...]) -> Iterator[Figure]:
    for size in sizes:
        for name in ("one", "batch"):
            _say(f"python-quickbooks, {name}, {size:,} records")
            filled = _step(where, "fill", str(size))
            answer = _step(where, f"script-{name}", str(int(filled["connection"])))
            who = f"{int(filled['records']):,}, {'one by one' if name == 'one' else 'batches'}"
            yield from _shown("Own cost of the scripts with python-quickbooks: the push", who, answer)


def _where(folder: Path, url: str, variables: Mapping[str, str]) -> Mapping[str, str]:
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    port = str(urlsplit(url).port)
    return {**kept, "VAR_DIR": str(folder), "EMULATOR_PORT": port, "NO_PROXY": "127.0.0.1", **variables}


def _step(where: Mapping[str, str], *step: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.step", *step]
    done = subprocess.run(command, env=dict(where), check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(step)}:\n{done.stdout}\n{done.stderr[-4000:]}")
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _shown(group: str, who: str, answer: Mapping[str, float]) -> Iterator[Figure]:
    units = {
        "records per second of the processor": "",
        "records per second": "",
        "seconds of the processor": "",
        "seconds": "",
        "calls": "",
        "memory before": "MB",
        "peak memory": "MB",
    }
    for name, unit in units.items():
        if name in answer:
            yield Figure(group=group, who=who, name=name, value=answer[name], unit=unit)


def _say(what: str) -> None:
    print(f"  {what} ...", file=sys.stderr, flush=True)
