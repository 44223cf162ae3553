"""Whose the files are."""

from pathlib import Path

import pytest

from service_genius_site.databases import files
from service_genius_site.disk import make_private


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    for name in ("service_genius.sqlite3", "service_genius.sqlite3-wal", "web.log", "secret_key"):
        (folder / name).touch()
        (folder / name).chmod(0o644)
    folder.chmod(0o755)
    return folder


def test_what_an_earlier_version_left_for_all_to_read_is_taken_from_them(folder: Path) -> None:
    make_private(folder)
    assert mode(folder) == 0o700
    assert {mode(path) for path in folder.iterdir()} == {0o600}


def test_a_database_elsewhere_is_private_with_all_that_lies_beside_it(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "books.db"
    beside = [tmp_path / name for name in ("books.db-wal", "books.db.synced", "books.db.replaced-1")]
    for path in (elsewhere, *beside, tmp_path / "other"):
        path.touch()
        path.chmod(0o644)
    make_private(folder, *files(f"sqlite:///{elsewhere}"))
    assert {mode(path) for path in (elsewhere, *beside)} == {0o600}
    assert mode(tmp_path / "other") == 0o644


def test_what_many_share_and_what_a_link_leads_to_stays_as_it_is(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.touch()
    other.chmod(0o644)
    (folder / "link").symlink_to(other)
    make_private(folder)
    assert mode(other) == 0o644
    folder.chmod(0o1777)
    (folder / "web.log").chmod(0o644)
    make_private(folder)
    assert mode(folder) == 0o777
    assert mode(folder / "web.log") == 0o644


def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    make_private(tmp_path / "nothing")
    assert not list(tmp_path.iterdir())
