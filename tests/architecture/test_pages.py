"""No page is forgotten: whatever answers a GET is looked at by the browser tests, or named as no page."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from service_genius.companies.models import Company, Role, User
from tests.browser.pages import NO_PAGES, PAGES
from tests.browser.presses import NOT_PRESSED, STORIES
from tests.pressing import Client

GIVEN = {"pk": 1, "id": 1, "what": "stop", "kind": "customer", "key": "k", "uidb36": "1"}
#: The log-in's own pages are those of a library.
NOT_OURS = "account/"


def named(
    resolver: URLResolver, namespace: str = "", *, library: bool = False
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The name of every address, with what it takes; those of the log-in's library only if asked for."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if library or str(pattern.pattern) != NOT_OURS:
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from named(pattern, inner, library=library)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield (
                f"{namespace}{pattern.name}",
                tuple(pattern.pattern.converters or pattern.pattern.regex.groupindex),
            )


def an_owner() -> User:
    company = Company.objects.create(name="Summit Comfort", zone="America/Los_Angeles")
    return User.objects.create_user(
        email="owner@example.com", password="a-long-pass-phrase", name="O", role=Role.OWNER, company=company
    )


@pytest.mark.django_db
def test_every_address_that_can_be_opened_is_looked_at_in_a_browser() -> None:
    browser = Client()
    browser.force_login(an_owner())
    opened = set()
    for name, takes in named(get_resolver()):
        address = reverse(name, kwargs={key: GIVEN[key] for key in takes})
        if browser.get(address).status_code != 405:  # what is only pressed is no page
            opened.add(name)
    assert opened == PAGES.keys() | NO_PAGES, "Name it in tests/browser/pages.py."


@pytest.mark.django_db
def test_every_address_that_can_be_pressed_is_pressed_more_than_once_in_a_browser() -> None:
    owner, taking = an_owner(), set()
    for name, takes in named(get_resolver(), library=True):
        address = reverse(name, kwargs={key: GIVEN[key] for key in takes})
        browser = Client()
        browser.force_login(owner)
        if browser.post(address).status_code != 405:
            taking.add(name)
    pressed = set().union(*STORIES.values())
    assert taking == pressed | NOT_PRESSED.keys() | settings.ONCE_LEFT_OUT.keys(), "tests/browser/presses.py"
    assert not pressed & (NOT_PRESSED.keys() | settings.ONCE_LEFT_OUT.keys())
