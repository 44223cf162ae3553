"""Backup and restore of a PostgreSQL database, by PostgreSQL's own programs.

Restoring is one transaction: a death in it changes nothing, and whoever looks before its end sees what was
there before.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import dj_database_url

from .configuration import Configuration

OPTIONS = {"host": "PGHOST", "port": "PGPORT", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
#: Tables of ours that only a newer version has would stand in the way of its migrations; whatever else is in
#: the database is another's.
EMPTY = """
DO $$
DECLARE one record;
BEGIN
    IF to_regclass('django_migrations') IS NULL THEN RETURN; END IF;
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
        AND EXISTS (SELECT FROM django_migrations WHERE starts_with(tablename, app || '_')) LOOP
        EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', one.tablename);
    END LOOP;
END $$;
"""
#: In the same transaction, so that no death can leave a restored database that does not ask. One of before
#: there was this question gets its columns, and is told, by the migrations that follow.
ASK = """
RESET search_path;
DO $$
BEGIN
    UPDATE quickbooks_sync_connection
    SET restored = 'noticed', forgot_since = coalesce(there_watermark, connected_at - interval '1 day')
    WHERE restored = '';
EXCEPTION WHEN undefined_table OR undefined_column THEN NULL;
END $$;
"""


class KeepingError(Exception):
    """Nothing was changed; the message says why, and the way out."""


def dump(configuration: Configuration, to: Path, steps: str) -> list[str]:
    """Write the database into this file, as it is at one moment; the answers of a query, a line each."""
    call(configuration, "pg_dump", "--format=custom", "--no-owner", f"--file={to}")
    return call(configuration, "psql", "-XAt", "-c", steps).splitlines()


def is_open(configuration: Configuration) -> bool:
    """Whether anybody else is connected with the database."""
    return call(configuration, "psql", "-XAt", "-c", OTHERS).strip() != "0"


def restore(configuration: Configuration, dumped: Path) -> None:
    """Put what was dumped in the place of all that is ours, and let each connection ask before it sends.

    Raises KeepingError; then the database is as it was.
    """
    empty, data, ask = (dumped.with_name(name) for name in ("empty.sql", "data.sql", "ask.sql"))
    empty.write_text(EMPTY)
    call(configuration, "pg_restore", "--clean", "--if-exists", "--no-owner", f"--file={data}", str(dumped))
    data.chmod(0o600)
    ask.write_text(ASK)
    scripts = [f"--file={script}" for script in (empty, data, ask)]
    call(configuration, "psql", "-Xq", "--single-transaction", "--set=ON_ERROR_STOP=1", *scripts)


def call(configuration: Configuration, program: str, *arguments: str) -> str:
    """Call a program of PostgreSQL; where the server is goes by its environment, which nobody else sees."""
    if shutil.which(program) is None:
        raise KeepingError(f"{program} is missing. Install the PostgreSQL client programs, then try again.")
    settings: dict[str, Any] = {**dj_database_url.parse(configuration.database_url)}
    options = settings.get("OPTIONS", {})
    told = {
        "PGDATABASE": settings["NAME"],
        "PGHOST": settings["HOST"],
        "PGPORT": settings["PORT"],
        "PGUSER": settings["USER"],
        "PGPASSWORD": settings["PASSWORD"],
        **{variable: options.get(name) for name, variable in OPTIONS.items() if name in options},
    }
    environ = {**os.environ, **{name: str(value) for name, value in told.items() if value}}
    done = subprocess.run(  # noqa: S603 - one of three programs, and no shell
        [program, *arguments], env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise KeepingError(f"{program} failed: {done.stderr.strip()}")
    return done.stdout
