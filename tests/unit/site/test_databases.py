"""How the database is opened, and what is made beside it."""

import os
from pathlib import Path

import pytest

from service_genius_site import configuration
from service_genius_site.databases import database


@pytest.mark.parametrize("asked", ["", "?options=-c%20synchronous_commit%3Doff"])
def test_a_session_of_postgresql_waits_for_the_disk_whatever_else_is_asked_for(asked: str) -> None:
    options = database(f"postgresql://office@example.com/books{asked}")["OPTIONS"]["options"]
    assert options.split("-c ")[-1] == "synchronous_commit=on"


def test_what_else_the_address_asks_for_is_kept() -> None:
    options = database("postgresql:///books?sslmode=require&options=-c%20work_mem%3D64MB")["OPTIONS"]
    assert options["sslmode"] == "require"
    assert options["options"].startswith("-c work_mem=64MB ")


def test_a_key_is_on_the_disk_before_it_can_be_read(tmp_path: Path, monkeypatch) -> None:
    """Else a power cut leaves tokens, and an empty file where the key to them was."""
    synced = []

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((path.name, path.read_text() if path.is_file() else "", sorted(made(tmp_path))))

    monkeypatch.setattr(os, "fsync", fsync)
    configuration.read({"VAR_DIR": str(tmp_path)})
    for (draft, content, before), (folder, _, after) in zip(synced[::2], synced[1::2], strict=True):
        (name,) = set(after) - set(before)
        assert name in draft
        assert content == (tmp_path / name).read_text() != ""
        assert folder == tmp_path.name
    assert len(synced) == 2 * len(made(tmp_path))


def made(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if not path.name.startswith(".")]
