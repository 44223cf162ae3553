"""Figures as they are measured, the table they are shown in, and the JSON they are kept in."""

import json
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured number; `unit` says what it counts, `who` whose it is where several are compared."""

    group: str
    name: str
    value: float
    unit: str
    who: str = ""


def median_ms(action: Callable[[], object], *, times: int) -> float:
    """The median of some calls, in milliseconds, after one that fills the caches."""
    action()
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1000


def table(figures: Sequence[Figure]) -> Iterable[str]:
    """The lines of the table, group by group."""
    width = max(len(figure.name) for figure in figures)
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(figure.group, []).append(figure)
    for group, members in groups.items():
        yield ""
        yield group
        if any(figure.who for figure in members):
            yield from _compared(members)
        else:
            for figure in members:
                yield f"  {figure.name:<{width}}  {_number(figure.value):>10} {figure.unit}".rstrip()


def _compared(figures: Sequence[Figure]) -> Iterable[str]:
    """A row for each name, a column for each of those who are compared."""
    columns = list(dict.fromkeys(figure.who for figure in figures))
    rows = list(dict.fromkeys((figure.name, figure.unit) for figure in figures))
    value = {(figure.name, figure.who): _number(figure.value) for figure in figures}
    width = max(len(f"{name}  {unit}") for name, unit in rows)
    yield " ".join([" " * (width + 2), *(f"{column:>16}" for column in columns)])
    for name, unit in rows:
        values = [f"{value.get((name, column), ''):>16}" for column in columns]
        yield " ".join([f"  {f'{name}  {unit}'.strip():<{width}}", *values]).rstrip()


def write(path: Path, figures: Sequence[Figure], *, database: str, quick: bool) -> None:
    """Keep the figures, with what one must know to compare them."""
    content = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": database,
        "quick": quick,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "figures": [asdict(figure) for figure in figures],
    }
    path.write_text(json.dumps(content, indent=2) + "\n")


def _number(value: float) -> str:
    if value == int(value) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.3f}"
