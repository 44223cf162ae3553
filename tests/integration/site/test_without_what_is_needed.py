"""Every command says in one sentence what does not answer, and what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service_genius_site import running
from service_genius_site.command_line import commands
from service_genius_site.configuration import read
from tests.emulator import free_port

SCRIPT = str(Path(sys.executable).with_name("service-genius"))
ARGUMENTS = {
    "sync": ("sync", "1"),
    "connection": ("connection", "status"),
    "backup": ("backup", "{folder}/file"),
    "restore": ("restore", "--yes", "{folder}/none"),
}
#: It makes the demo anew, of which there is none here.
OTHERS = {"reset-demo": ("migrate",)}
SECONDS_MAX = 120


def call(folder: Path, *arguments: str, **environ: str) -> tuple[int, str]:
    kept = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "EMULATOR_PORT"}
    }
    done = subprocess.run(
        (SCRIPT, *(each.format(folder=folder) for each in arguments)),
        env={**kept, "VAR_DIR": str(folder), "PORT": str(free_port()), **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_MAX,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("name", sorted(commands.commands))
def test_a_database_that_is_away_is_one_sentence(name: str, tmp_path: Path) -> None:
    away = f"postgresql://office:hidden@127.0.0.1:{free_port()}/books"
    arguments = OTHERS.get(name) or ARGUMENTS.get(name, (name,))
    emulator = str(free_port())
    code, told = call(tmp_path, *arguments, DATABASE_URL=away, EMULATOR_PORT=emulator)
    assert code not in {0, None}
    assert "Traceback" not in told
    assert "hidden" not in told
    assert told.strip()


@pytest.mark.parametrize("arguments", [("run",), ("connection", "status"), ("migrate",)], ids=" ".join)
def test_what_to_do_about_it_stands_in_the_sentence(arguments: tuple[str, ...], tmp_path: Path) -> None:
    port = free_port()
    away = f"postgresql://office:hidden@127.0.0.1:{port}/books"
    _, told = call(tmp_path, *arguments, DATABASE_URL=away, EMULATOR_PORT=str(free_port()))
    assert f"PostgreSQL at 127.0.0.1, port {port} cannot be used" in told
    assert "Start it, or say in DATABASE_URL where it is" in told


def test_a_database_nobody_made_ready_is_told_with_the_command_that_does(tmp_path: Path) -> None:
    _, told = call(tmp_path, "connection", "status")
    assert told.count("\n") == 1
    assert "service-genius migrate" in told


def test_an_emulator_that_does_not_answer_is_named_at_once(tmp_path: Path) -> None:
    port = free_port()
    code, told = call(tmp_path, "sync", "1", EMULATOR_PORT=str(port))
    assert code == 2
    assert f"http://127.0.0.1:{port}" in told
    assert "make run" in told


def test_a_command_finds_what_runs_from_the_same_folder(tmp_path: Path) -> None:
    here = {"VAR_DIR": str(tmp_path)}
    running.note(read({**here, "EMULATOR_PORT": "8047"}), {"PORT": 8046, "EMULATOR_PORT": 8047})
    found = dict(here)
    running.recall(found)
    assert (read(found).port, read(found).emulator_port) == (8046, 8047)
    named = {**here, "EMULATOR_PORT": "9"}
    running.recall(named)
    assert read(named).emulator_port == 9
    anew = dict(here)
    running.recall(anew, but_for=["run"])
    running.forget(read(here))
    running.recall(anew)
    assert anew == here


@pytest.mark.parametrize("noted", ["", "[]", "{", '{"PORT": "x"}', "null"])
def test_a_damaged_note_tells_nothing(noted: str, tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text(noted)
    environ = {"VAR_DIR": str(tmp_path)}
    running.recall(environ)
    assert environ == {"VAR_DIR": str(tmp_path)}
