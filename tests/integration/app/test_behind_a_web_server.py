"""Who asks, where web servers stand in front: the limit on wrong passwords counts people, not servers."""

from dataclasses import replace
from typing import Any

import pytest

from service_genius.companies.models import User
from service_genius_site.secure import proxies
from tests.pressing import Client

from .conftest import PASSWORD

LOG_IN = "/account/login/"
#: allauth's own limit on failed log-ins of one address in a minute.
FAILURES_OF_ONE_ADDRESS = 10
PUBLIC = "https://books.example.com/settings/quickbooks/callback/"


@pytest.fixture
def trusting(settings: Any) -> Any:
    """Let these web servers be the ones in front."""

    def trust(text: str) -> None:
        settings.CONFIGURATION = replace(settings.CONFIGURATION, trusted_proxies=proxies(text))

    return trust


def fail(number: int, **headers: str) -> None:
    Client(REMOTE_ADDR="127.0.0.1").post(
        LOG_IN, {"login": f"guess{number}@example.com", "password": "wrong"}, headers=headers
    )


def gets_in(address: str, **headers: str) -> bool:
    browser = Client(REMOTE_ADDR=address)
    return bool(
        browser.post(
            LOG_IN, {"login": "alice@example.com", "password": PASSWORD}, headers=headers
        ).status_code
        == 302
    )


def test_behind_a_trusted_web_server_one_who_guesses_keeps_nobody_else_out(alice: User, trusting: Any):
    trusting("127.0.0.1")
    for number in range(FAILURES_OF_ONE_ADDRESS):
        fail(number, x_forwarded_for="203.0.113.9")
    assert not gets_in("127.0.0.1", x_forwarded_for="203.0.113.9")
    assert gets_in("127.0.0.1", x_forwarded_for="198.51.100.7")


def test_whoever_guesses_cannot_invent_other_addresses_for_themselves(alice: User, trusting: Any):
    trusting("127.0.0.1, 10.0.0.0/8")
    for number in range(FAILURES_OF_ONE_ADDRESS):
        fail(number, x_forwarded_for=f"192.0.2.{number}, 203.0.113.9, 10.4.4.4")
    assert not gets_in("127.0.0.1", x_forwarded_for="192.0.2.200, 203.0.113.9, 10.4.4.4")


def test_what_a_web_server_that_is_not_trusted_says_counts_for_nothing(alice: User, trusting: Any):
    trusting("none")
    for number in range(FAILURES_OF_ONE_ADDRESS):
        fail(number, x_forwarded_for=f"192.0.2.{number}")
    assert not gets_in("127.0.0.1", x_forwarded_for="198.51.100.7")
    assert gets_in("198.51.100.7")


@pytest.mark.parametrize(
    "said",
    ["", "unknown", "203.0.113.9:4711", "[2001:db8::1]:80", "::ffff:203.0.113.9", ",,", "é", "1" * 9000],
)
def test_whatever_a_web_server_says_a_page_is_shown(said: str, trusting: Any):
    trusting("127.0.0.1")
    assert Client().get(LOG_IN, headers={"x-forwarded-for": said}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/account/login/?next=/invoices/", "/nothing/here/"])
def test_a_site_with_https_is_shown_with_nothing_else(address: str, settings: Any):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST = True, "books.example.com"
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    plain = Client().get(address)
    assert (plain.status_code, plain.headers["Location"]) == (301, f"https://books.example.com{address}")
    safe = Client().get(address, headers={"x-forwarded-proto": "https"})
    assert safe.status_code != 301
    assert safe.headers["Strict-Transport-Security"] == "max-age=31536000"
