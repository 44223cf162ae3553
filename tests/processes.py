"""Several real processes over the database of one test, all at the same moment."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection as database

PROCESS = """
import os, sys
import django
django.setup()
from django.conf import settings
from quickbooks_sync.models import Connection, SyncRun
from quickbooks_sync.runs.queue import ask, claim
from quickbooks_sync.access.session import SystemClock
from quickbooks_sync.access.tokens import StoredTokens
settings.QBO_EMULATOR_URL, settings.QBO_CLIENT_SECRET = {emulator!r}, {secret!r}
Connection.objects.count()
print("ready", flush=True)
sys.stdin.readline()
"""


def shared_database(file: Path) -> str:
    """The test's database as other processes can reach it: a copy in a file, or PostgreSQL itself."""
    if database.vendor == "sqlite":
        copy = sqlite3.connect(file)
        database.connection.backup(copy)
        # As `migrate` leaves it: several that switch it at the same moment would be told that it is locked.
        copy.execute("PRAGMA journal_mode=WAL")
        copy.close()
        return f"sqlite:///{file}"
    server = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(server._replace(path=f"/{database.settings_dict['NAME']}"))


def at_the_same_moment(statement: str, file: Path, *, processes: int = 3) -> list[str]:
    """Run a statement in several processes, all started by one word; what each printed."""
    environment = {**os.environ, "DATABASE_URL": shared_database(file)}
    program = (
        PROCESS.format(emulator=settings.QBO_EMULATOR_URL, secret=settings.QBO_CLIENT_SECRET) + statement
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(processes)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        return [process.communicate(timeout=60)[0].strip() for process in started]
    finally:
        for process in started:
            with process:  # Its pipes are closed, too.
                process.kill()
