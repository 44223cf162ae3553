"""What `qbo-emulator` says when it cannot start."""

import socket
import sqlite3
from pathlib import Path

import pytest

from qbo_emulator import command_line
from qbo_emulator.ground.clock import Clock
from qbo_emulator.storage.realm import Realm
from qbo_emulator.storage.standings import standing_of
from qbo_emulator.storage.store import Store


def _start(monkeypatch: pytest.MonkeyPatch, data: Path, *more: str) -> None:
    monkeypatch.setattr("sys.argv", ["qbo-emulator", "--port", "1", "--data", str(data), *more])
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


def test_a_port_that_is_taken_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        _start(monkeypatch, tmp_path / "books.sqlite3", "--port", port)
    assert f"cannot use port {port}" in capsys.readouterr().err
    _start(monkeypatch, tmp_path / "books.sqlite3", "--port", "70000")
    assert "cannot use port 70000" in capsys.readouterr().err


def test_a_certificate_without_its_key_or_file_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _start(monkeypatch, tmp_path / "books.sqlite3", "--certfile", "c.pem")
    assert "--certfile and --keyfile go together" in capsys.readouterr().err
    _start(monkeypatch, tmp_path / "books.sqlite3", "--certfile", "c.pem", "--keyfile", "k.pem")
    assert "there is no file c.pem" in capsys.readouterr().err


def test_a_file_of_the_version_before_is_brought_on(tmp_path: Path) -> None:
    data = tmp_path / "books.sqlite3"
    store = Store(path=data, clock=Clock())
    with store.writing() as connection:
        connection.execute("INSERT INTO realms (realm, company_name, created_at) VALUES ('1', 'Kept', 0)")
        connection.execute(
            "INSERT INTO request_ids (realm, request_id, batch_item, status, answer) "
            "VALUES ('1', 'r', '', 200, 'first')"
        )
        connection.execute("ALTER TABLE request_ids DROP COLUMN kept_at")
        connection.execute("DROP TABLE standings")
        connection.execute("DROP TABLE client_details")
    store.connection().execute("PRAGMA user_version = 1")
    store.close()
    for _ in range(2):
        store = Store(path=data, clock=Clock())
        assert standing_of(store, "1").state == "active"
        assert Realm(store=store, connection=store.connection(), realm_id="1").remembered("r") == (
            200,
            "first",
        )
        store.close()
