"""Whatever anybody sends to any address of the site, it is answered: never a fault of ours.

Addresses, and the names of what they take, are read from the product, so that no new one can be forgotten.
"""

import inspect
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from quickbooks_sync.access.vault import seal
from quickbooks_sync.models import Connection
from quickbooks_sync.pages.views import STATE_KEY
from service_genius.companies.models import User
from tests.pressing import Client

from .conftest import Books, browser_of

HUGE = "9" * 40
GARBAGE = ("\0", "\U0001f4a5\u202e²", "é" * 3000, HUGE, "-1", "0001-01-01", "\r\nSet-Cookie: a=b")
#: Those that are tried with each name alone, too.
WORST = ("\0", "²")
READS = re.compile(r"""(?:GET|POST)(?:\.get|\.getlist)?[\[(]\s*["'](\w+)["']""")
NAMES_A_FIELD = re.compile(r'name="([^"]+)"')
CLOSED = "http://127.0.0.1:9"
ROUTES = {"int": ("1", "0", HUGE), "slug": ("x", "a" * 300, "é"), "str": ("x", "é%00", "a" * 300)}


def addresses(
    resolver: Any = None, before: str = "", above: dict[str, Any] | None = None
) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Every address: its route, what the route takes, and its view."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        takes = {**(above or {}), **getattr(each.pattern, "converters", {})}
        if isinstance(each, URLResolver):
            yield from addresses(each, route, takes)
        elif isinstance(each, URLPattern):
            yield route, takes, each.callback


SITE = list(addresses())
#: Known names, for what a view reads by other hands.
MODULES = {Path(inspect.getsourcefile(inspect.unwrap(view)) or "") for _, _, view in SITE}


def names_of(view: Any) -> set[str]:
    """What the module of a view reads from a request."""
    module = Path(inspect.getsourcefile(inspect.unwrap(view)) or "")
    return set(READS.findall(module.read_text()))


EVERY_NAME = {name for _, _, view in SITE for name in names_of(view)} | {"state", "next", "q", "page", "sort"}


def filled(route: str, takes: dict[str, Any]) -> list[str]:
    """The address with things nobody has, and with the first of each thing there is."""
    named = re.compile(r"<(?:(\w+):)?(\w+)>")
    if "(?P<" in route:  # the log-in library's, by a pattern
        return [
            "/" + re.sub(r"\(\?P<\w+>[^)]*\)", each, route).replace("^", "").replace("$", "") for each in "1x"
        ]
    kinds = {kind or "str" for kind, _ in named.findall(route)}
    if not kinds:
        return [f"/{route}"]
    return [
        "/" + named.sub(lambda found, place=place: quote(ROUTES[found[1] or "str"][place], safe="%"), route)
        for place in range(3)
    ]


@pytest.fixture
def browser(alice: User, books: Books, settings: Any) -> Client:
    """Alice's, with a connection that nobody answers; what goes wrong is raised."""
    settings.QBO_EMULATOR_URL = CLOSED
    settings.SERVICE_GENIUS_PANELS = "quickbooks_sync.pages.panels.QuickBooksPanels"
    now = datetime.now(UTC)
    Connection.objects.create(
        company=alice.company,
        environment="emulator",
        realm_id="1",
        connected_at=now,
        start_date=now.date(),
        access_token=seal("a"),
        refresh_token=seal("r"),
        access_expires_at=now + timedelta(hours=1),
        refresh_expires_at=now + timedelta(days=100),
    )
    return browser_of(alice)


@pytest.mark.parametrize(("route", "takes", "view"), SITE, ids=[route or "/" for route, _, _ in SITE])
def test_no_address_fails_whatever_is_sent_to_it(
    route: str, takes: dict[str, Any], view: Any, browser: Client
) -> None:
    one, *others = filled(route, takes)
    page = browser.get(one)
    names = names_of(view) | set(NAMES_A_FIELD.findall(page.content.decode(errors="replace")))
    for value in GARBAGE:
        answered(browser, one, dict.fromkeys(sorted(names | EVERY_NAME), value))
    for name in sorted(names_of(view)):
        for value in WORST:
            answered(browser, one, {name: [value, value]})
    for address in others:
        answered(browser, address, {"state": "é"})
    for address in (one, *others):
        answered(Client(), address, dict.fromkeys(sorted(names), "\0"))


def answered(browser: Client, address: str, sent: dict[str, Any]) -> None:
    """Look and press; whoever is logged out by that logs in again."""
    user = browser.session.get("_auth_user_id")
    for response in (browser.get(address, sent), browser.post(address, sent)):
        assert response.status_code < 500, (address, sent, response.status_code)
    if user and not browser.session.get("_auth_user_id"):
        browser.force_login(User.objects.get(pk=user), backend="service_genius.companies.accounts.ByAddress")


@pytest.mark.parametrize("state", [*GARBAGE, ["a", "é"], ["\0", "\0"]], ids=repr)
def test_no_answer_that_is_not_quickbooks_own_connects_anything(state: Any, browser: Client) -> None:
    session = browser.session
    session[STATE_KEY] = "expected"
    session.save()
    response = browser.get("/settings/quickbooks/callback/", {"state": state, "code": "c", "realmId": "2"})
    assert response.status_code in {302, 400}
    assert Connection.objects.get().realm_id == "1"


@pytest.mark.parametrize("realm", ["²", "١٢", HUGE, "\0", "1" * 300])
def test_a_company_number_that_is_none_is_told_in_words(realm: str, browser: Client) -> None:
    session = browser.session
    session[STATE_KEY] = "expected"
    session.save()
    sent = {"state": "expected", "code": "c", "realmId": realm}
    assert browser.get("/settings/quickbooks/callback/", sent).status_code in {302, 400}


@pytest.mark.parametrize("cookie", ["service_genius_session", "service_genius_csrf", "messages"])
@pytest.mark.parametrize("value", ["é", "\0", "a" * 3000, '"', "..."])
def test_no_cookie_is_too_odd_for_a_page(cookie: str, value: str) -> None:
    browser = Client()
    browser.cookies[cookie] = value
    assert browser.get("/account/login/").status_code < 500
    assert browser.get("/customers/").status_code < 500
