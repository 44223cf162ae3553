"""What a list page costs in a large company: queries (counted by Django) and milliseconds."""

from collections.abc import Iterator

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from service_genius.companies.models import Company, Role, User

from .results import Figure, median_ms

TIMES = 5
ADDRESSES = (
    "/customers/",
    "/customers/?page=100",
    "/customers/?q=004711",
    "/customers/?sort=balance",
    "/invoices/",
    "/invoices/?page=200",
    "/invoices/?q=4711",
    "/invoices/?show=open",
    "/invoices/?sort=balance",
    "/payments/",
    "/work-codes/",
)


def measure(owner: Company, *, group: str) -> Iterator[Figure]:
    user = User.objects.create_user(
        email="bench@example.com", password="not-used-here", name="Bench", role=Role.OWNER, company=owner
    )
    client = Client()
    client.force_login(user, backend="service_genius.companies.accounts.ByAddress")
    for address in ADDRESSES:

        def ask(address: str = address) -> None:
            response = client.get(address)
            if response.status_code != 200:
                raise RuntimeError(f"{address}: {response.status_code}")

        ask()
        with CaptureQueriesContext(connection) as queries:
            ask()
        yield Figure(group=group, name=f"{address}, queries", value=len(queries), unit="")
        yield Figure(group=group, name=f"{address}, time", value=median_ms(ask, times=TIMES), unit="ms")
