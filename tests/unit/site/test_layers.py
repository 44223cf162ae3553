"""The runner of all tests: it tells everything, and never calls a failure a success."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests import run


def layers(monkeypatch: pytest.MonkeyPatch, *given: run.Layer) -> None:
    monkeypatch.setattr(run, "all_layers", lambda: iter(given))


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_a_layer_that_fails_stops_nothing_and_fails_the_whole(monkeypatch, tmp_path, capfd) -> None:
    after = tmp_path / "after"
    layers(
        monkeypatch,
        run.Layer(name="first", commands=(python("raise SystemExit(1)"), python("print('second command')"))),
        run.Layer(name="last", commands=(python(f"open({str(after)!r}, 'w')"),)),
    )
    assert run.main([]) == 1
    assert after.exists()
    told = capfd.readouterr().out
    assert "second command" in told
    assert "FAILED" in told.rpartition("summary")[2]


def test_layers_are_chosen_by_name_and_a_wrong_name_runs_nothing(monkeypatch, capsys) -> None:
    layers(
        monkeypatch,
        run.Layer(name="good", commands=(python(""),)),
        run.Layer(name="bad", commands=(python("raise SystemExit(1)"),)),
    )
    assert run.main(["good"]) == 0
    assert run.main(["god"]) == 2
    assert "there are: good, bad" in capsys.readouterr().out


def test_a_layer_whose_tools_are_missing_is_no_success(monkeypatch, capsys) -> None:
    @contextmanager
    def missing() -> Iterator[run.Environment]:
        raise run.Unavailable("sudo apt-get install it")
        yield {}

    layers(monkeypatch, run.Layer(name="far", commands=(python(""),), environment=missing))
    assert run.main([]) == 1
    assert "Not run: sudo apt-get install it" in capsys.readouterr().out


def test_the_database_of_the_shell_is_never_touched_by_tests(monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://books.example.com/real")
    code = "import os; assert 'DATABASE_URL' not in os.environ and 'sg-' in os.environ['VAR_DIR']"
    layers(monkeypatch, run.Layer(name="any", commands=(python(code),)))
    assert run.main([]) == 0


def test_a_folder_that_holds_no_test_is_left_out_of_the_call() -> None:
    assert run.pytest("no_such_folder") == []
    (call,) = run.pytest("unit", "no_such_folder")
    assert call[-1] == "tests/unit"
