"""A company with a connection, and somebody of it."""

import pytest

from quickbooks_sync.models import Connection
from service_genius.companies.models import Company, User
from tests.integration.sync.questions.asked import NOW
from tests.pressing import Client


@pytest.fixture
def connection(company: Company) -> Connection:
    return Connection.objects.create(
        company=company,
        environment="emulator",
        realm_id="9341",
        connected_at=NOW,
        start_date=NOW.date(),
        access_token="sealed",
    )


@pytest.fixture
def browser(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client
