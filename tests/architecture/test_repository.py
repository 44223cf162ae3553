"""Rules of the repository that no single module can keep; each failure says what to do."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
MODULE_LINES_MAX = 420
# Data is not read line by line, and a migration is written by Django.
LONG_BY_NATURE = re.compile(r"/migrations/|_data\.py$|_records\.py$")
# In pieces, so that this file does not hold what it looks for.
PLACES = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/"]
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs", "crates" + ".io"]
HALF_MERGED = re.compile(r"^(<{7} |>{7} |={7}$)")
# The words chosen instead stand in docs/glossary.md.
NOT_USED = re.compile(r"\b(reconcil\w+|importers?|exporters?|slaves?|dirty)\b", re.IGNORECASE)


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(("git", "ls-files", "-z"), cwd=ROOT, capture_output=True, check=True, text=True)
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)]


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        try:
            lines = path.read_text().splitlines()
        except UnicodeDecodeError:  # a picture
            continue
        found += [
            f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
            for number, line in enumerate(lines, start=1)
            if pattern.search(line)
        ]
    return found


def test_imports_go_one_way() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    checked = subprocess.run((program, "--no-logo"), cwd=ROOT, capture_output=True, check=False, text=True)
    assert checked.returncode == 0, checked.stdout


def test_no_module_is_too_long_to_be_read_at_once() -> None:
    modules = [path for path in tracked(".py") if not LONG_BY_NATURE.search(path.as_posix())]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules}
    too_long = {name: lines for name, lines in lengths.items() if lines > MODULE_LINES_MAX}
    assert not too_long, f"Split these by what they know (at most {MODULE_LINES_MAX} lines)."


@pytest.mark.django_db
def test_migrations_match_the_models() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    pattern = re.compile("|".join(map(re.escape, PLACES)))
    assert lines_with(pattern, tracked()) == [], "Name the place relative to the repository."


def test_no_file_names_a_package_registry() -> None:
    pattern = re.compile("|".join(map(re.escape, REGISTRIES)))
    assert lines_with(pattern, tracked()) == [], "Leave the registry to the machine's own settings."


def test_no_file_holds_both_sides_of_a_merge() -> None:
    assert lines_with(HALF_MERGED, tracked()) == [], "Choose one of the two, or both."


def test_words_that_mean_something_else_are_not_used_in_the_code() -> None:
    code = [path for path in tracked(".py", ".html") if (ROOT / "src") in path.parents]
    assert lines_with(NOT_USED, code) == [], "Use the words of the glossary."


def test_the_application_knows_nothing_of_quickbooks() -> None:
    folder = ROOT / "src" / "service_genius"
    application = [path for path in tracked(".py", ".html") if folder in path.parents]
    pattern = re.compile(r"\bentit(y|ies)\b|quickbooks_sync|\bqbo\b", re.IGNORECASE)
    assert lines_with(pattern, application) == [], "Hand it in through ui/panels."


def test_nothing_is_left_to_do_in_a_comment() -> None:
    pattern = re.compile("# (" + "TO" + "DO|FIX" + "ME|XX" + "X)")
    assert lines_with(pattern, tracked(".py")) == [], "Do it, or open an issue."
