"""`service-genius backup` and `restore`: everything Service Genius holds, in one file.

The file is a tar: `manifest.json`, the database, and the keys that lie in VAR_DIR. Absent on purpose: keys
that come from the environment, which are only named, and the emulator's books, which stand for another's.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import dj_database_url

from . import postgresql
from .configuration import Configuration
from .disk import sync
from .ports import port_is_free, ports
from .postgresql import KeepingError

PRODUCT = "Service Genius"
MANIFEST, DATABASE = "manifest.json", "database"
KEYS = ("secret_key", "token_encryption_keys", "qbo_client_secret")
STEPS = "SELECT app || '.' || name FROM django_migrations"


def backup(configuration: Configuration, file: Path, *, force: bool = False) -> None:
    """Write everything into this file (mode 0600), as it was at one moment; others may go on writing.

    Raises KeepingError if the file exists already and `force` is not said, or the database cannot be read.
    """
    if file.exists() and not force:
        raise KeepingError(f"{file} exists already. Choose another name, or say --force to replace it.")
    if not file.parent.is_dir():
        raise KeepingError(f"There is no folder {file.parent}. Make it first, or choose another.")
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as name:
        folder = Path(name)
        steps = _dump(configuration, folder / DATABASE)
        missing = []
        for key in KEYS:
            kept = configuration.var_dir / key
            if kept.exists() and kept.read_text() == _value(configuration, key):
                shutil.copyfile(kept, folder / key)
            else:
                missing.append(key.upper())
        members = sorted(path.name for path in folder.iterdir())
        manifest = {
            "product": PRODUCT,
            "version": version("service-genius"),
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "vendor": vendor(configuration),
            "migrations": steps,
            "keys_from_the_environment": missing,
            "sha256": {member: _checksum(folder / member) for member in members},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1))
        draft = folder / "whole"
        with tarfile.open(draft, "w") as tar:
            for member in (MANIFEST, *members):
                tar.add(folder / member, member)
        draft.chmod(0o600)
        sync(draft)
        draft.replace(file)
    sync(file.parent)
    click.echo(f"Everything is in {file}. Keep it as safe as the books: who has it can read them.")
    if missing:
        click.echo(f"Not in it, for they come from the environment: {', '.join(missing)}. Keep them, too.")


def restore(configuration: Configuration, file: Path) -> None:
    """Put the backup in the place of the database and the keys: whole, or not at all.

    Raises KeepingError for a file that is no whole backup, one of another database or of a newer version, and
    while Service Genius runs.
    """
    configuration.var_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=configuration.var_dir, prefix=".restore-") as name:
        folder = Path(name)
        manifest = _unpack(file, folder)
        if manifest["vendor"] != vendor(configuration):
            raise KeepingError(
                f"{file} is a backup of {manifest['vendor']}, and DATABASE_URL names "
                f"{vendor(configuration)}. Set DATABASE_URL to a database of the same sort."
            )
        _set_up_django(configuration, folder)
        if set(manifest.get("migrations", ())) - _known_migrations():
            raise KeepingError(
                f"{file} was made by version {manifest['version']}, which is newer than this one. "
                "Install that version first."
            )
        _refuse_while_open(configuration)
        now = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        if vendor(configuration) == "SQLite":
            aside = _restore_sqlite(configuration, folder, now)
        else:
            aside = _restore_postgresql(configuration, folder, now)
    click.echo(f"Restored, as of {manifest['made']}.")
    if aside:
        click.echo(f"What was there before is kept: {aside}")
    click.echo("The next sync of each company asks first whether this copy is the one that counts.")
    if manifest["keys_from_the_environment"]:
        click.echo(
            f"Set as they were when it was made: {', '.join(manifest['keys_from_the_environment'])}. "
            "Without them each company has to connect to QuickBooks again."
        )


def vendor(configuration: Configuration) -> str:
    """SQLite or PostgreSQL."""
    return "SQLite" if configuration.database_url.startswith("sqlite") else "PostgreSQL"


def _value(configuration: Configuration, key: str) -> str:
    if key == "token_encryption_keys":
        return ",".join(configuration.token_encryption_keys)
    return str(getattr(configuration, key))


def _known_migrations() -> set[str]:
    """All that this version can apply."""
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415 - needs Django set up

    known = MigrationLoader(None).disk_migrations or {}
    return {f"{app}.{name}" for app, name in known}


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sqlite_path(configuration: Configuration) -> Path:
    return Path(str(dj_database_url.parse(configuration.database_url)["NAME"]))


def _dump(configuration: Configuration, to: Path) -> list[str]:
    """The migrations that made the copy what it is."""
    if vendor(configuration) == "PostgreSQL":
        return postgresql.dump(configuration, to, STEPS)
    path = _sqlite_path(configuration)
    if not path.exists():
        raise KeepingError(f"There is no database {path} yet. make run makes one.")
    try:
        with closing(sqlite3.connect(path, timeout=20)) as source, closing(sqlite3.connect(to)) as copy:
            # In one transaction: a writer cannot make it begin again and again.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            return [name for (name,) in copy.execute(STEPS)]
    except sqlite3.Error as error:
        raise KeepingError(f"The database {path} could not be read ({error}).") from error


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Only members that the manifest names, each as it was written."""
    try:
        with tarfile.open(file) as tar:
            _take(tar, MANIFEST, folder)
            manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
            names = {DATABASE, *(set(KEYS) & set(manifest["sha256"]))}
            for name in names:
                _take(tar, name, folder)
            damaged = [name for name in names if _checksum(folder / name) != manifest["sha256"][name]]
            whole = manifest["product"] == PRODUCT
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeepingError(f"{file} is no whole backup of {PRODUCT}. Take another file.") from error
    if damaged or not whole:
        raise KeepingError(f"{file} is damaged. Take another backup.")
    return manifest


def _take(tar: tarfile.TarFile, name: str, folder: Path) -> None:
    source = tar.extractfile(name)
    if source is None:
        raise KeyError(name)
    with source, (folder / name).open("xb") as target:
        shutil.copyfileobj(source, target)
    (folder / name).chmod(0o600)


def _refuse_while_open(configuration: Configuration) -> None:
    """By its ports, and by whoever has the database open: a worker has no port."""
    free = all(map(port_is_free, ports(configuration).values()))
    if not free or _others(configuration):
        raise KeepingError("Stop Service Genius first (Ctrl-C in its window), then restore.")


def _others(configuration: Configuration) -> bool:
    if vendor(configuration) == "PostgreSQL":
        return postgresql.is_open(configuration)
    path = _sqlite_path(configuration)
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=1)) as database:
            # Only who is alone may leave the log; it is written back into the database, too.
            database.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.DatabaseError:
        return False  # damaged, which is why somebody restores
    return False


def _restore_sqlite(configuration: Configuration, folder: Path, now: str) -> str:
    """The copy is made ready under another name: a death before the last step changes nothing."""
    path, new = _sqlite_path(configuration), folder / DATABASE
    _make_ready()
    with closing(sqlite3.connect(new)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    beside = path.with_name(f".{path.name}.{now}")
    shutil.copyfile(new, beside)
    beside.chmod(0o600)
    sync(beside)
    aside = ""
    if path.exists():
        aside = f"{path}.replaced-{now}"
        os.link(path, aside)
        for suffix in ("-wal", "-shm"):
            if (log := Path(f"{path}{suffix}")).exists():
                log.replace(f"{aside}{suffix}")
    _put_keys(configuration, folder, now)
    beside.replace(path)
    sync(path.parent)
    return aside


def _restore_postgresql(configuration: Configuration, folder: Path, now: str) -> str:
    aside = configuration.var_dir / f"replaced-{now}.backup"
    backup(configuration, aside)
    postgresql.restore(configuration, folder / DATABASE)
    _put_keys(configuration, folder, now)
    _make_ready()
    return str(aside)


def _put_keys(configuration: Configuration, folder: Path, now: str) -> None:
    for key in KEYS:
        if (new := folder / key).exists():
            kept = configuration.var_dir / key
            if kept.exists() and kept.read_text() != new.read_text():
                os.link(kept, f"{kept}.replaced-{now}")
            sync(new)
            new.replace(kept)


def _make_ready() -> None:
    """Bring the restored database up to date, and let each connection ask before it sends."""
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up
    from django.db import connections  # noqa: PLC0415

    from quickbooks_sync.recovery.restored import begin_new_epoch  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    begin_new_epoch()
    connections.close_all()


def _set_up_django(configuration: Configuration, folder: Path) -> None:
    """For the database that is made ready: of SQLite the copy, before it takes the other's place."""
    here = vendor(configuration) == "PostgreSQL"
    os.environ["DATABASE_URL"] = configuration.database_url if here else f"sqlite:///{folder / DATABASE}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service_genius_site.settings")
    import django  # noqa: PLC0415 - the environment above comes first

    django.setup()
