"""What is on the disk, and not only in the memory of the system, which a power cut takes."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Wait until the disk has it: of a file what it holds, of a folder which names are in it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
