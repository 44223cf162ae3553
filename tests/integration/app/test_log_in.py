"""The way in: log-in, its limits, the demo button, CSRF, and the headers every page carries."""

from typing import Any

import pytest
from django.urls import reverse

from service_genius.companies.demo import OWNER_EMAIL
from service_genius.companies.models import Company, User
from tests.pressing import Client

from .conftest import PASSWORD

LOG_IN = "/account/login/"
WRONG_TRIES_ALLOWED = 5


def test_alice_logs_in_and_stands_before_her_customers(alice: User):
    response = Client().post(LOG_IN, {"login": "alice@example.com", "password": PASSWORD}, follow=True)
    assert response.redirect_chain[-1][0] == reverse("customers:list")
    assert "Alice&#x27;s Air" in response.content.decode()


def test_log_in_goes_on_to_the_page_that_was_asked_for(alice: User):
    asked = reverse("companies:settings")
    address = Client().get(asked).headers["Location"]
    response = Client().post(address, {"login": "alice@example.com", "password": PASSWORD, "next": asked})
    assert response.headers["Location"] == asked


def test_log_in_never_leads_to_another_site(alice: User):
    response = Client().post(
        LOG_IN, {"login": "alice@example.com", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert response.headers["Location"] == "/"


def test_a_wrong_password_does_not_say_whether_the_account_exists(alice: User):
    known = Client().post(LOG_IN, {"login": "alice@example.com", "password": "wrong"})
    unknown = Client().post(LOG_IN, {"login": "nobody@example.com", "password": "wrong"})
    assert known.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert known.context["form"].non_field_errors()


def test_after_several_wrong_passwords_the_right_one_is_refused_too(alice: User):
    for _ in range(WRONG_TRIES_ALLOWED):
        Client().post(LOG_IN, {"login": "alice@example.com", "password": "wrong"})
    response = Client().post(LOG_IN, {"login": "alice@example.com", "password": PASSWORD})
    assert response.status_code == 200
    assert "Too many failed login attempts" in response.content.decode()


def test_logging_out_needs_a_press_of_the_button(client: Client):
    client.get("/account/logout/")
    assert client.get(reverse("customers:list")).status_code == 200
    client.post("/account/logout/")
    assert client.get(reverse("customers:list")).status_code == 302


def test_a_forgotten_password_is_replaced_by_a_mailed_link(alice: User, mailoutbox: list[Any]):
    asked = Client().post("/account/password/reset/", {"email": "alice@example.com"}, follow=True)
    assert asked.status_code == 200
    [mail] = mailoutbox
    assert "/account/password/reset/key/" in mail.body


def test_without_a_mail_server_the_page_says_who_can_help(alice: User, settings: Any):
    settings.MAIL_WORKS = False
    page = Client().get("/account/password/reset/").content.decode()
    assert "cannot send mail here" in page
    assert "<form" not in page.partition("<main")[2]


def test_the_demo_button_stands_there_only_with_the_demo(settings: Any):
    settings.DEMO_LOGIN = False
    assert "Log in to the demo" not in Client().get(LOG_IN).content.decode()
    settings.DEMO_LOGIN = True
    assert "Log in to the demo" in Client().get(LOG_IN).content.decode()


def test_without_the_demo_nobody_gets_in_by_its_button(settings: Any, company: Company):
    User.objects.create_user(email=OWNER_EMAIL, password="x", name="Dana", company=company)
    settings.DEMO_LOGIN = False
    assert Client().post(reverse("companies:demo_login")).status_code == 404
    settings.DEMO_LOGIN = True
    assert Client().get(reverse("companies:demo_login")).status_code == 405
    assert Client().post(reverse("companies:demo_login")).status_code == 302


@pytest.mark.parametrize(
    "name", ["customers:create", "invoices:draft", "companies:demo_login", "account_login"]
)
def test_a_form_of_another_site_is_refused_in_plain_words(name: str, alice: User, settings: Any):
    settings.DEMO_LOGIN = True
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice, backend="service_genius.companies.accounts.ByAddress")
    # The key of one's own page is what another site cannot know.
    response = browser.post(reverse(name), {"display_name": "Mallory"}, once="")
    assert response.status_code == 403
    assert "Please try once more" in response.content.decode()


@pytest.mark.parametrize("address", ["/customers/", "/account/login/", "/customers/99999/"])
def test_every_page_carries_the_safe_headers(address: str, client: Client):
    headers = client.get(address, follow=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/customers/", "/invoices/new/", "/payments/new/", "/account/login/"])
def test_no_page_holds_a_script_or_style_of_its_own(address: str, client: Client):
    text = client.get(address).content.decode()
    assert "<script>" not in text
    assert "style=" not in text
    assert "<style" not in text
    assert " onclick" not in text


def test_the_session_cookie_is_out_of_reach_of_scripts(alice: User):
    browser = Client()
    browser.post(LOG_IN, {"login": "alice@example.com", "password": PASSWORD})
    assert browser.cookies["service_genius_session"]["httponly"]
    assert browser.cookies["service_genius_session"]["samesite"] == "Lax"


def test_what_is_not_there_is_said_in_plain_words(client: Client):
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert "does not exist" in response.content.decode()


def test_a_fault_of_ours_shows_a_page_that_needs_nothing(client: Client, monkeypatch: pytest.MonkeyPatch):
    def fail(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("service_genius.invoices.operations.next_number", fail)
    client.raise_request_exception = False
    response = client.get(reverse("invoices:create"))
    assert response.status_code == 500
    assert "What you saved before is safe" in response.content.decode()
