"""`service-genius backup` and `restore`, as people call them, on the database of the layer."""

import os
import signal
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection as database

from tests.emulator import free_port, running_emulator
from tests.installation import Installation

COUNT = "from service_genius.customers.models import Customer; print(Customer.objects.count())"
EMPTY = "from service_genius.customers.models import Customer; Customer.objects.all().delete()"
TOKENS = (
    "from quickbooks_sync.models import Connection; from quickbooks_sync.access.vault import unseal; "
    "c = Connection.objects.get(); print(bool(unseal(c.refresh_token)), c.restored)"
)
#: The last before a restored backup was asked about.
OLDER = "0009"
OF_TOMORROW = (
    "from django.db import connection; c = connection.cursor(); "
    "c.execute('CREATE TABLE customers_of_tomorrow (customer bigint REFERENCES customers_customer (id))')"
)
OF_ANOTHER = (
    "from django.db import connection; connection.cursor().execute('CREATE TABLE of_another (id bigint)')"
)
TABLES = "from django.db import connection; print('{}' in connection.introspection.table_names())"
MIGRATED_TOMORROW = (
    "from django.db.migrations.recorder import MigrationRecorder; from django.db import connection; "
    "MigrationRecorder(connection).record_applied('customers', '9999_tomorrow')"
)
#: Nothing of ours; it has the name of one of our tables, which can then not be made.
VIEW_IN_THE_WAY = (
    "from django.db import connection; c = connection.cursor(); "
    "c.execute('ALTER TABLE customers_customer RENAME TO customers_aside'); "
    "c.execute('CREATE VIEW customers_customer AS SELECT 1'); "
)
DIES_AFTER_THE_DATA = """
from pathlib import Path
from service_genius_site import keeping
import os
from service_genius_site.configuration import read
keeping._make_ready = lambda: None
keeping.restore(read(os.environ), Path({file!r}))
"""
WRITER = """
from service_genius.companies.models import Company
from service_genius.customers import operations
company = Company.objects.get()
number = 0
while True:
    number += 1
    rows = [{"display_name": f"{side} {number}"} for side in ("Left", "Right")]
    operations.create_many(company=company, rows=rows)
    print(number, flush=True)
"""


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with running_emulator(tmp_path / "emulator.sqlite3") as emulator:
        url, name = "", f"backup_{uuid.uuid4().hex}"
        if database.vendor == "postgresql":
            url = os.environ["DATABASE_URL"]
            subprocess.run(["psql", "-Xqc", f"CREATE DATABASE {name}", url], check=True)
            url = url.replace("/postgres?", f"/{name}?")
        made = Installation(tmp_path, emulator, database_url=url)
        made.make_company("Summit Comfort", customers=5)
        # As after Ctrl-C: nothing listens where this installation would.
        made.environ |= {"PORT": str(free_port()), "EMULATOR_PORT": str(free_port())}
        yield made


def refused(installation: Installation, file: Path) -> str:
    process = installation.start("restore", str(file), "--yes", stdout=subprocess.PIPE)
    process.communicate()
    assert process.returncode == 1
    return installation.log.read_text().splitlines()[-1]


def test_a_restored_backup_has_every_record_and_key_and_asks_first(installation: Installation) -> None:
    file = installation.folder / "monday.backup"
    installation.run("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    installation.shell(EMPTY)
    for key in ("token_encryption_keys", "secret_key"):
        (installation.folder / key).unlink()
    said = installation.run("restore", str(file), "--yes")
    assert "asks first" in said
    assert installation.shell(COUNT).strip() == "5"
    assert installation.shell(TOKENS).split() == ["True", "noticed"]


def test_a_backup_beside_a_writer_has_each_step_whole(installation: Installation) -> None:
    file = installation.folder / "monday.backup"
    writer = installation.start("shell", "--verbosity", "0", "-c", WRITER, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    try:
        assert writer.stdout.readline()
        installation.run("backup", str(file))
        assert writer.poll() is None
        assert "Stop Service Genius first" in refused(installation, file)
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
    installation.run("restore", str(file), "--yes")
    found = int(installation.shell(COUNT))
    assert found >= 7
    assert found % 2 == 1


def test_a_backup_of_an_older_version_replaces_a_newer_one_whole(installation: Installation) -> None:
    file = installation.folder / "monday.backup"
    installation.run("migrate", "quickbooks_sync", OLDER)
    installation.run("backup", str(file))
    installation.run("migrate")
    installation.shell(OF_TOMORROW)
    installation.run("restore", str(file), "--yes")
    assert installation.shell(COUNT).strip() == "5"
    assert installation.shell(TOKENS).split() == ["True", "noticed"]
    assert installation.shell(TABLES.format("customers_of_tomorrow")).strip() == "False"


def test_a_backup_of_a_newer_version_is_refused(installation: Installation) -> None:
    file = installation.folder / "monday.backup"
    installation.shell(MIGRATED_TOMORROW)
    installation.run("backup", str(file))
    installation.shell(EMPTY)
    assert "newer than this one" in refused(installation, file)
    assert installation.shell(COUNT).strip() == "0"


@pytest.mark.skipif(database.vendor != "postgresql", reason="a file of SQLite is one program's")
def test_a_restore_leaves_what_another_program_keeps_in_the_database(installation: Installation) -> None:
    file = installation.folder / "monday.backup"
    installation.run("backup", str(file))
    installation.shell(OF_ANOTHER)
    installation.run("restore", str(file), "--yes")
    assert installation.shell(COUNT).strip() == "5"
    assert installation.shell(TABLES.format("of_another")).strip() == "True"


@pytest.mark.skipif(database.vendor != "postgresql", reason="only there it is one transaction")
def test_a_restore_that_fails_halfway_changes_nothing(installation: Installation) -> None:
    file = installation.folder / "monday.backup"
    installation.run("backup", str(file))
    installation.shell(EMPTY)
    installation.shell(VIEW_IN_THE_WAY)
    assert "not supported for views" in refused(installation, file)
    assert installation.shell(TABLES.format("customers_aside")).strip() == "True"


@pytest.mark.skipif(database.vendor != "postgresql", reason="of SQLite the copy asks before it is in place")
def test_a_restore_that_dies_after_the_data_asks_all_the_same(installation: Installation) -> None:
    file = installation.folder / "monday.backup"
    installation.run("backup", str(file))
    installation.shell(DIES_AFTER_THE_DATA.format(file=str(file)))
    assert installation.shell(TOKENS).split() == ["True", "noticed"]


def test_a_damaged_backup_changes_nothing(installation: Installation) -> None:
    file = installation.folder / "monday.backup"
    installation.run("backup", str(file))
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    assert "damaged" in refused(installation, file)
    file.write_bytes(whole[:middle])
    assert "no whole backup" in refused(installation, file)
    file.write_text("a shopping list")
    assert "no whole backup" in refused(installation, file)
    assert installation.shell(COUNT).strip() == "5"


def test_a_backup_of_the_other_database_is_refused(installation: Installation) -> None:
    file = installation.folder / "monday.backup"
    installation.run("backup", str(file))
    other = "sqlite:////nowhere/x" if database.vendor == "postgresql" else "postgresql://nobody@/nothing"
    installation.environ["DATABASE_URL"] = other
    assert "of the same sort" in refused(installation, file)


def test_a_backup_replaces_no_file_unasked(installation: Installation) -> None:
    file = installation.folder / "monday.backup"
    file.write_text("a shopping list")
    process = installation.start("backup", str(file))
    assert process.wait() == 1
    assert file.read_text() == "a shopping list"
    installation.run("backup", str(file), "--force")
