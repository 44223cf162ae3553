"""A database with real commits for every test, emptied in a moment.

pytest-django's own way tells Django after each test that it is new, which then writes its content types
anew; and truncating is slow in PostgreSQL when tables are all but empty.
"""

from collections.abc import Iterator

import pytest
import pytest_django
from django.core.management import call_command
from django.db import connection as database

from tests.emptying import delete_all
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
            introspection = database.introspection
            delete_all(introspection.django_table_names(only_existing=True, include_views=False))
        else:
            call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
