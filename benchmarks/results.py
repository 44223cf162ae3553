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
    """One measured number; `unit` says what it counts."""

    group: str
    name: str
    value: float
    unit: str


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
    group = ""
    for figure in figures:
        if figure.group != group:
            group = figure.group
            yield ""
            yield group
        yield f"  {figure.name:<{width}}  {_number(figure.value):>10} {figure.unit}".rstrip()


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
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")


def _number(value: float) -> str:
    if value == int(value) or value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.3f}"
