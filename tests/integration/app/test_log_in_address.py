"""The address one logs in with is changed with one's password and from its mailbox, and by nobody else."""

import re
from smtplib import SMTPAuthenticationError, SMTPServerDisconnected
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.urls import reverse

from service_genius.companies.models import User
from service_genius.ui import errors
from tests.pressing import Client

from .conftest import PASSWORD, browser_of

ADDRESS = "/account/email/"
RESET = "/account/password/reset/"
NEW = "new@example.com"


def ask_for(browser: Client, address: str = NEW, password: str = PASSWORD) -> Any:
    """Ask for another address, and say one's password when asked."""
    asked = browser.post(ADDRESS, {"action_add": "", "email": address})
    assert asked.headers["Location"].startswith("/account/reauthenticate/")
    return browser.post(asked.headers["Location"], {"password": password, "next": ADDRESS}, follow=True)


def logs_in(address: str) -> bool:
    return bool(Client().post("/account/login/", {"login": address, "password": PASSWORD}).status_code == 302)


def link_in(mail: Any) -> str:
    [path] = re.findall(r"https?://[^/\s]+(/account/\S+)", mail.body)
    return str(path)


def test_another_address_counts_once_its_mailbox_has_confirmed_it(
    client: Client, alice: User, mailoutbox: list[Any]
) -> None:
    page = ask_for(client).content.decode()
    assert f"A mail was sent to <strong>{NEW}</strong>" in page
    [mail] = mailoutbox
    assert mail.to == [NEW]
    assert (logs_in(NEW), logs_in("alice@example.com")) == (False, True)
    assert "Confirm" in client.get(link_in(mail)).content.decode()
    assert not logs_in(NEW)  # a look at the link is no press of the button
    assert client.post(link_in(mail)).status_code == 302
    assert (logs_in(NEW), logs_in("alice@example.com")) == (True, False)
    alice.refresh_from_db()
    assert alice.email == NEW
    assert "does not hold any more" in client.get(link_in(mail)).content.decode()


@pytest.mark.parametrize("button", ["action_add", "action_send", "action_remove", "action_primary"])
def test_without_the_password_nothing_changes(
    button: str, client: Client, alice: User, mailoutbox: list[Any]
) -> None:
    client.get(ADDRESS)
    for address in (NEW, "alice@example.com"):
        client.post(ADDRESS, {button: "", "email": address})
    asked = client.post(ADDRESS, {"action_add": "", "email": NEW})
    refused = client.post(asked.headers["Location"], {"password": "wrong", "next": ADDRESS})
    assert refused.status_code == 200
    assert mailoutbox == []
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert EmailAddress.objects.get(user=alice).verified


def test_an_address_that_waits_becomes_no_other_than_by_its_mailbox(client: Client, alice: User) -> None:
    ask_for(client)
    client.post(ADDRESS, {"action_primary": "", "email": NEW})
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


@pytest.mark.parametrize("waiting", [NEW, "charlie@example.com"])
def test_a_new_password_is_mailed_to_addresses_that_count_alone(
    waiting: str, client: Client, alice: User, charlie: User, mailoutbox: list[Any]
) -> None:
    ask_for(client, waiting)
    mailoutbox.clear()
    for address in (waiting, "alice@example.com"):
        Client().post(RESET, {"email": address})
    links = [mail.to for mail in mailoutbox if "/account/password/reset/key/" in mail.body]
    own = [["charlie@example.com"]] if waiting != NEW else []
    assert links == [*own, ["alice@example.com"]]


@pytest.mark.parametrize("others", ["charlie@example.com", "CHARLIE@example.com"])
def test_the_address_of_somebody_else_is_never_taken_and_nothing_says_that_it_is_one(
    others: str, client: Client, alice: User, charlie: User, mailoutbox: list[Any]
) -> None:
    known = ask_for(client, others).content.decode().replace(others.lower(), "...")
    unknown = ask_for(browser_of(alice), NEW).content.decode().replace(NEW, "...")
    assert re.sub(r'value="[^"]+"', "", known) == re.sub(r'value="[^"]+"', "", unknown)
    for button in ("action_primary", "action_send", "action_remove"):
        assert client.post(ADDRESS, {button: "", "email": others}).status_code == 302
    [mail] = [each for each in mailoutbox if each.to == ["charlie@example.com"]][:1]
    assert client.get(link_in(mail)).status_code == 200
    assert client.post(link_in(mail)).status_code in {200, 302, 404}
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"
    assert logs_in("charlie@example.com")


def test_an_address_that_somebody_got_meanwhile_is_not_confirmed(
    client: Client, alice: User, charlie: User, mailoutbox: list[Any]
) -> None:
    ask_for(client)
    User.objects.filter(pk=charlie.pk).update(email=NEW)
    page = client.post(link_in(mailoutbox[0]), follow=True).content.decode()
    assert "could not be confirmed" in page
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_who_keeps_the_old_address_after_all_is_asked_no_more(client: Client, mailoutbox: list[Any]) -> None:
    ask_for(client)
    client.post(ADDRESS, {"action_remove": "", "email": NEW})
    assert "A mail was sent to" not in client.get(ADDRESS).content.decode()
    assert "does not hold any more" in client.get(link_in(mailoutbox[0])).content.decode()


@pytest.mark.parametrize(
    "failure",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        SMTPServerDisconnected(),
        SMTPAuthenticationError(535, b"secret"),
    ],
    ids=lambda each: type(each).__name__,
)
@pytest.mark.parametrize("who", ["alice@example.com", "nobody@example.com"])
def test_a_mail_server_that_does_not_answer_is_told_in_a_sentence(
    failure: Exception,
    who: str,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    asked = Client().post(RESET, {"email": who})
    assert asked.status_code == 503
    assert errors.NO_MAIL.words in asked.content.decode()
    answered = ask_for(client)
    assert answered.status_code == 503
    assert "secret" not in caplog.text + answered.content.decode()
    assert "A mail was sent to" not in client.get(ADDRESS).content.decode()


def test_where_no_mail_can_be_sent_a_command_changes_it(alice: User, charlie: User, settings: Any) -> None:
    settings.MAIL_WORKS = False
    page = browser_of(alice).get(ADDRESS).content.decode()
    assert "change_email" in page
    assert 'name="action_add"' not in page
    call_command("change_email", "Alice@example.com", NEW)
    assert (logs_in(NEW), logs_in("alice@example.com")) == (True, False)
    for old, new in ((NEW, "charlie@example.com"), ("nobody@example.com", "x@example.com"), (NEW, "x")):
        with pytest.raises(CommandError):
            call_command("change_email", old, new)


def test_the_way_there_stands_in_the_settings(client: Client) -> None:
    assert f'href="{ADDRESS}"' in client.get(reverse("companies:settings")).content.decode()
