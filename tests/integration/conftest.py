"""A database with real commits for every test, emptied in a moment.

pytest-django's own way tells Django after each test that it is new, which then writes its content types
anew; and truncating is slow in PostgreSQL when tables are all but empty.
"""

from collections.abc import Iterator

import pytest
import pytest_django
from django.core.management import call_command
from django.db import connection as database

from tests.pressing import Client


@pytest.fixture
def client() -> Client:
    """A browser whose pages are opened before anything on them is pressed."""
    return Client()


@pytest.fixture
def transactional_db(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        if database.vendor == "postgresql":
            _delete_all()
        else:
            call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)


def _delete_all() -> None:
    tables = database.introspection.django_table_names(only_existing=True, include_views=False)
    deletions = [f"DELETE FROM {database.ops.quote_name(table)}" for table in tables]
    with database.cursor() as cursor:
        # In this role foreign keys are not looked at, so any order will do.
        cursor.execute("; ".join(["SET session_replication_role = replica", *deletions]))
        cursor.execute("SET session_replication_role = DEFAULT")
