"""The rooms of the sync and of the emulator: told apart, told of, and in one order."""

import importlib
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = {
    contract["containers"][0]: [
        room.strip() for layer in reversed(contract["layers"]) for room in layer.split("|")
    ]
    for contract in CONTRACTS
    if contract.get("exhaustive")
}


def rooms(package: str) -> list[str]:
    """From the ground up."""
    return [room for room in LAYERS[package] if (SOURCES / package / room / "__init__.py").exists()]


@pytest.mark.parametrize("package", ["quickbooks_sync", "qbo_emulator"])
def test_each_room_says_what_it_is_for_and_what_is_absent(package: str) -> None:
    for room in rooms(package):
        said = " ".join((importlib.import_module(f"{package}.{room}").__doc__ or "").split())
        assert "Absent on purpose" in said or "eliberately absent" in said, f"{package}/{room}/__init__.py"


def test_the_reading_order_is_that_of_the_rooms() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    told = [
        line.split("`")[1].rstrip("/")
        for line in text.splitlines()
        if line.startswith("| `") and "/` |" in line
    ]
    assert [room for room in told if room in rooms("quickbooks_sync")] == rooms("quickbooks_sync")


def test_the_emulators_rooms_are_told_of() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    line = next(line for line in text.splitlines() if line.startswith("The emulator has rooms"))
    assert line.replace("/", "").split("`")[1::2] == rooms("qbo_emulator")
