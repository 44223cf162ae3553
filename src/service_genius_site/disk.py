"""What is on the disk, and not only in the memory of the system, which a power cut takes; and whose it is."""

import os
import stat
from contextlib import suppress
from pathlib import Path


def sync(path: Path) -> None:
    """Wait until the disk has it: of a file what it holds, of a folder which names are in it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep_private() -> None:
    """Whatever this process and its children make from now on is for its owner alone."""
    os.umask(0o077)


def make_private(folder: Path, *more: Path) -> None:
    """Take from others what an earlier version let them read: the folder, each file in it, and these.

    A folder that many share (a sticky one, as for temporary files), or of somebody else, stays as it is.
    """
    with suppress(OSError):
        if not _is_ours(folder) or folder.stat().st_mode & stat.S_ISVTX:
            return
        folder.chmod(0o700)
        for path in (*folder.iterdir(), *more):
            # One that ends meanwhile, as the log of a database does, needs nothing.
            with suppress(FileNotFoundError):
                if path.is_file() and not path.is_symlink() and _is_ours(path):
                    path.chmod(path.stat().st_mode & 0o700)


def _is_ours(path: Path) -> bool:
    return path.stat().st_uid == os.geteuid()
