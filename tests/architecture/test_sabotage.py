"""What docs/test-of-the-tests.md says of the guards and their tests is so."""

import ast
from collections import Counter

import pytest

from tests.sabotage.guard import TESTS, Guard, Superfluous
from tests.sabotage.guards import GUARDS
from tests.sabotage.page import PAGE, page
from tests.sabotage.spare import SUPERFLUOUS


@pytest.mark.parametrize("guard", [*GUARDS, *SUPERFLUOUS], ids=lambda guard: guard.name)
def test_each_guard_can_be_switched_off_where_its_list_says(guard: Guard | Superfluous) -> None:
    for edit in guard.edits if isinstance(guard, Guard) else (guard.where,):
        assert edit.places() == 1, (
            f"{edit.file} no longer holds exactly once:\n{edit.old}\n"
            "Say in tests/sabotage where the guard is now; if it is gone, so is what it prevents."
        )


def test_each_test_that_is_to_go_red_exists() -> None:
    known = {
        f"{path.relative_to(TESTS)}::{function.name}"
        for path in TESTS.rglob("test_*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
    }
    missing = [test for guard in GUARDS for test in guard.red if test not in known]
    assert missing == [], "Name the test that goes red without the guard."
    assert all(guard.red for guard in GUARDS)


def test_each_guard_is_named_once() -> None:
    assert max(Counter(guard.name for guard in GUARDS).values()) == 1


def test_the_page_of_the_documents_is_that_of_the_list() -> None:
    assert PAGE.read_text() == page(), "Run python -m tests.sabotage --write"
