"""What a merge in QuickBooks moved: where a record was named, and what is named there now."""

from collections.abc import Collection, Sequence

from .records import Encoded


def places_of(before: Sequence[int | None], now: Sequence[str], local_id: int) -> dict[int, str]:
    """The places where this one was agreed to be named, each with the remote id that is named there now.

    Nothing, if there are more or fewer places than before: then nobody knows which is which.
    """
    if len(before) != len(now):
        return {}
    return {place: now[place] for place, named in enumerate(before) if named == local_id}


def lines_as_there(baseline: Encoded, there: Encoded, places: Collection[int]) -> Encoded:
    """A Baseline whose lines in these places use what they use in QuickBooks; all else stays as agreed."""
    lines = [dict(line) for line in baseline["lines"]]
    for place in places:
        now = there["lines"][place]
        lines[place].pop("what", None)
        lines[place] |= {name: now[name] for name in ("work_code", "what") if name in now}
    return {**baseline, "lines": lines}
