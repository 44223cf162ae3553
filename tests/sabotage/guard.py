"""What a guard is to the test of the tests: where it stands, how it is switched off, what goes red then."""

import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
TESTS = ROOT / "tests"


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A text of one file below `src/`, which stands there exactly once, and what takes its place."""

    file: str
    old: str
    new: str

    def places(self) -> int:
        """How often the text stands in the product; anything but once is a guard that moved."""
        path = SOURCE / self.file
        return path.read_text().count(self.old) if path.is_file() else 0


@dataclass(frozen=True, kw_only=True)
class Guard:
    """One thing that keeps the product from harm."""

    name: str
    #: What happens without it.
    prevents: str
    #: How it is switched off, in words.
    off: str
    edits: tuple[Edit, ...]
    #: The tests that go red, below `tests/`, each of them: `unit/qbo/test_limits.py::test_...`.
    red: tuple[str, ...]
    #: Goes red by an exception of the product, of which this is a part; else by an assertion of the test.
    raises: str = ""


@dataclass(frozen=True, kw_only=True)
class Superfluous:
    """A guard without which nothing can break, and why it stays all the same."""

    name: str
    where: Edit
    why: str


def one(file: str, old: str, new: str) -> tuple[Edit, ...]:
    """The common case: one edit is enough."""
    return (Edit(file=file, old=old, new=new),)


def copy_without(guard: Guard | None, folder: Path) -> Path:
    """A copy of the product in which the guard is switched off; raises LookupError if it has moved."""
    copied = folder / "src"
    # Bytecode is told from its source by second and size, and an edit may keep both.
    shutil.copytree(SOURCE, copied, ignore=shutil.ignore_patterns("__pycache__"))
    for edit in guard.edits if guard is not None else ():
        path = copied / edit.file
        text = path.read_text() if path.is_file() else ""
        if text.count(edit.old) != 1:
            raise LookupError(f"{edit.file} does not hold exactly once: {edit.old}")
        path.write_text(text.replace(edit.old, edit.new))
    return copied
