"""What a sync wrote over a record, and what of it can be put back. Pure.

Only what still is as the sync left it goes back: whatever somebody has edited since is theirs.
"""

from collections.abc import Iterable

from .records import Encoded

#: What one write changed: the values before it, and those after.
Written = tuple[Encoded, Encoded]


def as_before(record: Encoded, written: Iterable[Written]) -> Encoded:
    """The values that go back, by field; the writes are given in their order."""
    first: Encoded = {}
    last: Encoded = {}
    for before, after in written:
        for name, value in after.items():
            if name in before:
                first.setdefault(name, before[name])
                last[name] = value
    return {
        name: value
        for name, value in first.items()
        if name in record and record[name] == last[name] and value != record[name]
    }


def named_anew(baseline: Encoded, field: str, *, old: int, new: int) -> Encoded:
    """A Baseline in which a field names another record of this side, in every line that names the one."""
    value = baseline.get(field)
    if value == old:
        return {**baseline, field: new}
    if isinstance(value, list):
        return {**baseline, field: [_line(line, old, new) for line in value]}
    return baseline


def _line(line: Encoded, old: int, new: int) -> Encoded:
    return {**line, "work_code": new} if line.get("work_code") == old else line
