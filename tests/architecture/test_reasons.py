"""Whatever can need a person is brought about, answered and seen gone in a browser."""

import ast
from pathlib import Path

from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.wording.reasons import TITLES
from tests.browser import reasons

BROWSER = Path(__file__).parent.parent / "browser"


def test_the_browser_tests_know_the_words_of_every_reason() -> None:
    assert {str(reason): title for reason, title in TITLES.items()} == reasons.TITLES


def test_every_reason_is_answered_in_a_browser_test_that_sees_it_gone() -> None:
    answered = set()
    for path in BROWSER.glob("test_*.py"):
        for function in ast.parse(path.read_text()).body:
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            called = {call.func.attr for call in calls if isinstance(call.func, ast.Attribute)}
            if {"needing", "click", "gone"} <= called:
                answered |= {reason for call in calls for reason in _asked_for(call)}
    assert answered == set(Reason)


def _asked_for(call: ast.Call) -> set[str]:
    """The reasons that a call of `office.needing` names."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr == "needing"):
        return set()
    given = [word.value for word in call.keywords if word.arg == "reason"]
    return {each.value for each in given if isinstance(each, ast.Constant)}
