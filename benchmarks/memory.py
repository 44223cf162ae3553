"""The peak memory of one step. Linux tells and resets it; elsewhere there is no such figure."""

from pathlib import Path

_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"


def reset_peak() -> None:
    """Let the peak begin anew at what is used now."""
    if _RESET.exists():
        _RESET.write_text(_RESET_PEAK)


def peak_mb() -> float | None:
    """The most memory this process has used since `reset_peak`, in MB."""
    if not _STATUS.exists():
        return None
    lines = _STATUS.read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), None)
