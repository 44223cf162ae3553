"""What `qbo-emulator` says when it cannot start."""

import sqlite3
from pathlib import Path

import pytest

from qbo_emulator import command_line


def _start(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    monkeypatch.setattr("sys.argv", ["qbo-emulator", "--port", "1", "--data", str(data)])
    with pytest.raises(SystemExit) as stopped:
        command_line.main()
    assert stopped.value.code == 2


def test_a_file_of_another_version_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "old.sqlite3"
    connection = sqlite3.connect(data)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    _start(monkeypatch, data)
    assert "written by another version; remove it to begin anew" in capsys.readouterr().err


def test_a_file_that_is_no_database_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "letter.txt"
    data.write_text("Dear Sir or Madam, " * 100)
    _start(monkeypatch, data)
    assert "file is not a database" in capsys.readouterr().err
