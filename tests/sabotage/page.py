"""docs/test-of-the-tests.md, made from the list of guards."""

from collections.abc import Iterable

from tests.sabotage.guard import ROOT, Guard
from tests.sabotage.guards import CHAPTERS
from tests.sabotage.spare import SUPERFLUOUS

PAGE = ROOT / "docs" / "test-of-the-tests.md"

HEAD = """\
# The test of the tests

A guard that no test misses when it is gone may be lost unseen. So each of them is switched off, one at a
time, in a copy of the product; each test named beside it must then fail, by its own assertion and for no
other reason, and pass with the guard in place.

```sh
make sabotage                  # all of them, some minutes
make sabotage ONLY="marker"    # those whose name holds the word
```

The list is in `tests/sabotage/`. A guard is switched off by replacing a text that stands exactly once in its
file; `make test` holds that each still does, that each named test exists, and that this page is the one that
`python -m tests.sabotage --write` makes.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, guards in CHAPTERS.items():
        parts.append(f"## {title}\n\n" + "\n".join(_table(guards)) + "\n")
    parts.append("## Belt and braces\n\nNothing breaks without these; they stay for the reason given.\n")
    rows = [f"| {each.name} | `{each.where.file}` | {each.why} |" for each in SUPERFLUOUS]
    parts.append("\n".join(["| Guard | Where | Why |", "|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _table(guards: Iterable[Guard]) -> Iterable[str]:
    yield "| Guard | What happens without it | Switched off | Goes red |"
    yield "|---|---|---|---|"
    for guard in guards:
        files = ", ".join(dict.fromkeys(f"`{edit.file}`" for edit in guard.edits))
        red = "<br>".join(_test(test) for test in guard.red)
        yield f"| {guard.name} | {guard.prevents} | {files}: {guard.off} | {red} |"


def _test(name: str) -> str:
    """`unit/qbo/test_limits.py::test_a_burst_...` as a sentence that leads to its file."""
    file, _, function = name.partition("::")
    return f"[{function.removeprefix('test_').replace('_', ' ')}](../tests/{file})"
