"""The database, as every process opens it: what is committed is on the disk, and survives a power cut.

QuickBooks keeps what it was sent, whatever becomes of this machine. A commit that came back from a power cut
undone would be a restored backup that nobody announced (docs/adr/0025).
"""

import glob
from pathlib import Path
from typing import Any

import dj_database_url

KEPT_SECONDS = 60
#: The last two say to macOS what FULL says elsewhere: the disk itself, not its cache.
PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON;"
)
WAITING = "-c synchronous_commit=on"


def database(url: str) -> dict[str, Any]:
    """Django's settings of the database at this address, SQLite or PostgreSQL."""
    settings: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=KEPT_SECONDS)}
    options = settings.get("OPTIONS", {})
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        options |= {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS}
    else:
        # Of each session, since a server, a database or a role may have it off; the last one counts.
        options |= {"options": f"{options.get('options', '')} {WAITING}".strip()}
    return {**settings, "OPTIONS": options}


def files(url: str) -> list[Path]:
    """What SQLite keeps at this address: the database, its log, and what lies beside it under its name."""
    settings = dj_database_url.parse(url)
    if settings["ENGINE"] != "django.db.backends.sqlite3":
        return []
    path = Path(str(settings["NAME"]))
    return [each for each in path.parent.glob(f"*{glob.escape(path.name)}*") if each.is_file()]


def forgetful() -> str:
    """What to say of a server that promises nothing for a power cut, which no session can change."""
    from django.db import connection  # noqa: PLC0415 - it reads the settings, which read this module

    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        if cursor.fetchone() == ("on",):
            return ""
    return (
        "This PostgreSQL server is set to fsync=off: a power cut may take back what was entered and sent, "
        "and records may then stand in QuickBooks twice. Set fsync=on in its postgresql.conf."
    )
