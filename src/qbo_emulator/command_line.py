"""`qbo-emulator`: serve the emulator on this machine until told to stop."""

import argparse
import glob
import os
import socket
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from qbo_emulator.application import create_app
from qbo_emulator.ground.clock import Clock
from qbo_emulator.storage.store import ForeignFileError, Store

THREADS = 16
KEEP_ALIVE_SECONDS = 75
# A longer query is posted; beyond it the server answers 414, as one in front of QuickBooks may.
ADDRESS_BYTES_MAX = 8_190
STOP_SECONDS_MAX = 5


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no annotations
    """gunicorn with one worker process; the data file is opened there, not in the master."""

    def __init__(self, *, data: Path, options: dict[str, Any]) -> None:
        self._data = data
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app(data=self._data)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="qbo-emulator", description="QuickBooks Online on this machine, for development and tests."
    )
    parser.add_argument("--port", type=int, default=8001, help="port on 127.0.0.1 (default: 8001)")
    parser.add_argument("--data", type=Path, required=True, help="file that holds everything; made if absent")
    parser.add_argument("--certfile", type=Path, help="certificate, to serve https")
    parser.add_argument("--keyfile", type=Path, help="its key")
    arguments = parser.parse_args()
    os.umask(0o077)  # books, even those of a company that is none, are for their owner alone
    _take_from_others(arguments.data)
    problem = _problem(arguments)
    if problem:
        parser.error(problem)
    scheme = "https" if arguments.certfile else "http"

    address = f"{scheme}://127.0.0.1:{arguments.port}/"

    def say_where(_server: object) -> None:
        print(f"QuickBooks Online emulator: {address} (Ctrl-C stops it)", flush=True)  # noqa: T201  for a person

    options = {
        "bind": f"127.0.0.1:{arguments.port}",
        "worker_class": "gthread",
        "workers": 1,
        "threads": THREADS,
        "keepalive": KEEP_ALIVE_SECONDS,
        "limit_request_line": ADDRESS_BYTES_MAX,
        "graceful_timeout": STOP_SECONDS_MAX,
        "control_socket_disable": True,
        "loglevel": "warning",
        "proc_name": "qbo-emulator",
        "when_ready": say_where,
    }
    if arguments.certfile:
        options |= {"certfile": str(arguments.certfile), "keyfile": str(arguments.keyfile)}
    Server(data=arguments.data, options=options).run()


def _take_from_others(data: Path) -> None:
    """Make private what an earlier version left for all to read: the data and its logs."""
    for path in data.parent.glob(f"{glob.escape(data.name)}*"):
        with suppress(OSError):  # somebody else's, or a log that ends meanwhile
            path.chmod(0o600)


def _problem(arguments: argparse.Namespace) -> str | None:
    """Say in one sentence why it cannot start, before a server fails to in its own words."""
    if (arguments.certfile is None) != (arguments.keyfile is None):
        return "--certfile and --keyfile go together"
    for path in (arguments.certfile, arguments.keyfile):
        if path is not None and not path.is_file():
            return f"there is no file {path}"
    try:
        arguments.data.parent.mkdir(parents=True, exist_ok=True)
        Store(path=arguments.data, clock=Clock()).close()
    except (ForeignFileError, sqlite3.DatabaseError, OSError) as error:
        return f"cannot use {arguments.data}: {error}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            probe.bind(("127.0.0.1", arguments.port))
        except (OSError, OverflowError) as error:
            return f"cannot use port {arguments.port}: {error}; name another with --port"
    return None


if __name__ == "__main__":
    main()
