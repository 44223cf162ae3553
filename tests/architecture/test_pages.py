"""No page is forgotten: whatever answers a GET is looked at by the browser tests, or named as no page."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from service_genius.companies.models import Company, Role, User
from tests.browser.pages import NO_PAGES, PAGES
from tests.pressing import Client

GIVEN = {"pk": 1, "id": 1, "what": "stop", "kind": "customer"}
#: The log-in's own pages are those of a library.
NOT_OURS = "account/"


def named(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """The name of every address, with what it takes."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if str(pattern.pattern) != NOT_OURS:
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from named(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", tuple(pattern.pattern.converters)


@pytest.mark.django_db
def test_every_address_that_can_be_opened_is_looked_at_in_a_browser() -> None:
    company = Company.objects.create(name="Summit Comfort", zone="America/Los_Angeles")
    owner = User.objects.create_user(
        email="owner@example.com", password="a-long-pass-phrase", name="O", role=Role.OWNER, company=company
    )
    browser = Client()
    browser.force_login(owner)
    opened = set()
    for name, takes in named(get_resolver()):
        address = reverse(name, kwargs={key: GIVEN[key] for key in takes})
        if browser.get(address).status_code != 405:  # what is only pressed is no page
            opened.add(name)
    assert opened == PAGES.keys() | NO_PAGES, "Name it in tests/browser/pages.py."
