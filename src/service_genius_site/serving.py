"""How gunicorn serves the web application; `--config python:service_genius_site.serving` reads the names.

Absent on purpose: waiting for whole requests before a thread is spent on them. That is for the web server in
front (docs/running.md); here a connection is only kept from holding a thread for ever.
"""

import socket
import struct
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

workers = 1
threads = 8
control_socket_disable = True
loglevel = "warning"

SILENT_SECONDS_MAX = 10


class worker_class(ThreadWorker):  # type: ignore[misc]  # noqa: N801 - gunicorn's word for it
    """Eight threads, each given back when a connection falls silent."""

    def handle(self, conn: Any) -> Any:
        begun = time.monotonic()
        _limit(conn.sock)
        go_on = super().handle(conn)
        if not go_on and time.monotonic() - begun >= SILENT_SECONDS_MAX:
            with suppress(OSError):
                # Else the one thread that takes connections would wait for its last words.
                conn.sock.shutdown(socket.SHUT_RD)
        return go_on


def _limit(connection: socket.socket) -> None:
    """End a read or a write that waits, by the kernel: gunicorn sets limits of its own to none."""
    seconds = struct.pack("ll", SILENT_SECONDS_MAX, 0)
    with suppress(OSError):  # it is gone already
        for limit in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            connection.setsockopt(socket.SOL_SOCKET, limit, seconds)
