"""The questions with which a run stops, in words: each is answered with "go on" or "leave it"."""

from collections.abc import Callable
from typing import Any

Details = dict[str, Any]


def question_sentence(question: Details) -> str:
    """What a run asks before it goes on, with what speaks for and against."""
    return QUESTIONS[question["guard"]](question["counts"] | {"kind": question.get("kind", "")})


#: The guards' questions; each is answered with "go on" or "leave it".
QUESTIONS: dict[str, Callable[[Details], str]] = {
    "wrong_company": lambda counts: (
        f"Is this the right QuickBooks company? Only {counts['matched']} of {counts['new'] + counts['matched']:,} records "
        f"here look the same there, so {counts['new']:,} would be created beside {_customers(counts['there'])} it has."
    ),
    "many_removals": lambda counts: (
        f"{counts['removals']:,} of {counts['linked']:,} {_plural(counts['kind'])} would be deactivated or voided in "
        "QuickBooks, because they were removed here. Is that what you want?"
    ),
    "restored": lambda counts: (
        "This copy of Service Genius was restored from a backup, or is a copy of another one: "
        f"{_forgotten(counts['forgotten'])}. Is this the copy that counts from now on? If you go on, what was sent since is "
        "linked again, and wherever the two sides differ you are asked. Answers and choices made since the backup may be gone."
    ),
    "went_back": lambda counts: (
        f"{counts['older']:,} of {counts['linked']:,} {_plural(counts['kind'])} are older in QuickBooks than they "
        "were, or gone from it without being deleted. Was the company there put back to an earlier day? If you go "
        "on, QuickBooks is taken as it is now, and you are asked about each difference. Nothing is sent before that."
    ),
    "empty_list": lambda counts: (
        f"QuickBooks shows no {_plural(counts['kind'])} any more, though {counts['linked']:,} were linked. "
        "Are they really gone there?"
    ),
}


def _forgotten(number: int) -> str:
    if not number:
        return "more was synced before than it knows of"
    return (
        f"QuickBooks holds {'an entry' if number == 1 else f'{number:,} entries'} of it that it does not know"
    )


def _customers(number: int) -> str:
    return "the one customer" if number == 1 else f"the {number:,} customers"


def _plural(kind: str) -> str:
    return f"{kind.replace('_', ' ')}s"
