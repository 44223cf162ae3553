"""The worker: takes runs that are due and carries them out, one after the other."""

import logging
import os
import signal
import socket
import threading
import time
from types import FrameType

from django.db import close_old_connections

from quickbooks_sync.access import connection as connections
from quickbooks_sync.access.session import SystemClock
from quickbooks_sync.models import Connection, SyncRun

from .queue import claim
from .run import carry_out

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
KEEP_ALIVE_SECONDS = 3600.0


def owner_name(pid: int) -> str:
    """The name under which a worker process holds its leases."""
    return f"{socket.gethostname()}:{pid}"


def main() -> None:
    """Work until told to stop; a run that is under way is finished or handed back by its lease."""
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    owner = owner_name(os.getpid())
    log.info("worker %s is ready", owner)
    kept_alive = float("-inf")
    while not stop.is_set():
        if work_once(owner=owner):
            continue
        if time.monotonic() - kept_alive > KEEP_ALIVE_SECONDS:
            kept_alive = time.monotonic()
            keep_alive_safely()
        stop.wait(IDLE_SECONDS)


def work_once(*, owner: str) -> bool:
    """Take one due run and carry it out; whether there was one."""
    close_old_connections()
    run = claim(owner=owner, clock=SystemClock())
    if run is None:
        return False
    carry_out_safely(run)
    return True


def carry_out_safely(run: SyncRun) -> None:
    """One run with a client of its own; an error of the program is logged and ends only this run."""
    client, sender = connections.make_client(Connection.objects.get(pk=run.connection_id))
    try:
        carry_out(run, client=client)
    except Exception:
        log.exception("run %s ended by an error", run.pk)
    finally:
        sender.close()


def keep_alive_safely() -> None:
    """An error here must not stop the worker."""
    try:
        connections.keep_alive()
    except Exception:
        log.exception("the connections could not be kept alive")
