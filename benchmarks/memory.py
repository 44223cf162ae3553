"""The peak memory of one step. Linux tells and resets it; elsewhere there is no such figure."""

from pathlib import Path

_RESET = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"


def reset_peak() -> None:
    """Let the peak begin anew at what is used now."""
    if _RESET.exists():
        _RESET.write_text(_RESET_PEAK)


def peak_mb(process: int | None = None) -> float | None:
    """The most memory a process has used since `reset_peak`, or since it began, in MB; its children's too."""
    own = process or "self"
    children = Path(f"/proc/{own}/task/{own}/children")
    if process is None or not children.exists():
        return _peak_of(own)
    parts = [_peak_of(each) for each in (process, *map(int, children.read_text().split()))]
    return sum(part for part in parts if part is not None)


def _peak_of(process: int | str) -> float | None:
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return None
    lines = status.read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), None)
