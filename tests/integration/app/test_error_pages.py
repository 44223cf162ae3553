"""What went wrong is told in the product's own look, with a way out, whatever it was and whoever asked."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver, path, reverse

from service_genius.companies.models import User
from service_genius.ui import errors
from service_genius_site import urls
from tests.pressing import Client

from .conftest import Books, browser_of

SECRET = "postgresql://user:hidden@host"
PART = {"HX-Request": "true"}


def fails(error: Exception) -> Callable[..., HttpResponse]:
    def view(_: HttpRequest) -> HttpResponse:
        raise error

    return view


class Broken:
    """The site, with addresses that fail."""

    urlpatterns = [
        path("ours/", fails(ZeroDivisionError(SECRET))),
        path("away/", fails(OperationalError(SECRET))),
        path("gone/", fails(InterfaceError(SECRET))),
        *urls.urlpatterns,
    ]
    handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
    handler429, handler500 = urls.handler429, urls.handler500


@pytest.fixture
def broken(client: Client, settings: Any) -> Client:
    settings.ROOT_URLCONF = Broken
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("trouble", errors.TROUBLES, ids=lambda each: f"{each.status} {each.title}")
def test_every_trouble_has_a_page_in_the_frame_with_its_words_and_a_way_out(
    trouble: errors.Trouble, alice: User
) -> None:
    request: Any = RequestFactory().get("/")
    request.user, request.session = alice, {}
    response = errors.answer(request, trouble)
    text = response.content.decode()
    assert response.status_code == trouble.status
    assert f"<h1>{trouble.title}</h1>" in text
    assert trouble.words.replace("'", "&#x27;") in text
    assert 'class="menu' in text
    [way_out] = re.findall(r'<a class="button primary" href="([^"]+)"', text)
    assert browser_of(alice).get(way_out).status_code < 400


@pytest.mark.parametrize("trouble", errors.TROUBLES, ids=lambda each: f"{each.status} {each.title}")
def test_a_part_of_a_page_is_answered_with_one_sentence(trouble: errors.Trouble) -> None:
    response = errors.answer(RequestFactory().get("/", headers=PART), trouble)
    assert response.content.decode() == trouble.words
    assert (response.status_code, response.headers["X-Said"]) == (trouble.status, "yes")
    assert response.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("address", "trouble"), [("/ours/", errors.OURS), ("/away/", errors.AWAY), ("/gone/", errors.AWAY)]
)
def test_what_fails_is_told_without_the_database_and_without_a_word_of_the_fault(
    address: str,
    trouble: errors.Trouble,
    broken: Client,
    django_assert_num_queries: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)
    broken.get(reverse("customers:list"))
    with django_assert_num_queries(0):
        response = broken.get(address)
    text = response.content.decode()
    assert response.status_code == trouble.status
    assert f"<h1>{trouble.title}</h1>" in text
    assert 'class="outside"' in text
    assert "hidden" not in text
    assert "Error" not in text
    assert broken.get(address, headers=PART).content.decode() == trouble.words


def test_who_comes_while_the_data_is_away_is_told_when_to_come_again(broken: Client) -> None:
    assert broken.get("/away/").headers["Retry-After"] == str(errors.RETRY_SECONDS)
    assert "Retry-After" not in broken.get("/ours/").headers


def test_an_office_user_is_told_that_only_owners_may(bob: User) -> None:
    response = browser_of(bob).post(reverse("quickbooks:connect"))
    assert response.status_code == 403
    assert "Only an owner of the company can do this." in response.content.decode()


def test_an_address_that_is_only_a_button_is_no_blank_page(client: Client, books: Books) -> None:
    response = client.get(reverse("quickbooks:connect"))
    assert (response.status_code, response.headers["Allow"]) == (405, "POST")
    assert errors.NO_PAGE.title in response.content.decode()


def test_who_tries_too_often_is_told_to_wait(alice: User) -> None:
    for _ in range(40):
        response = Client().post("/account/password/reset/", {"email": "alice@example.com"})
    assert response.status_code == 429
    assert errors.TOO_OFTEN.words in response.content.decode()


def test_a_host_that_is_not_ours_is_answered_in_plain_words() -> None:
    response = Client().get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert errors.NOT_UNDERSTOOD.words in response.content.decode()


def test_every_status_django_asks_a_page_for_has_one_of_ours() -> None:
    for status in (400, 403, 404, 500):
        assert get_resolver().resolve_error_handler(status).__module__ == errors.__name__
