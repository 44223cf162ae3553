"""Another one of QuickBooks, which a record is, is sought by a person."""

import re
from html import unescape

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quickbooks_sync.models import Connection, Issue, Link, Remote
from service_genius.companies.models import User
from tests.integration.sync.questions.asked import (
    asked,
    linked,
    press,
    remote,
)
from tests.many_questions import many
from tests.pressing import Client


def found_by(browser: Client, issue: Issue, typed: str = "") -> list[str]:
    address = reverse("quickbooks:search", kwargs={"id": issue.pk})
    page = unescape(browser.get(address, {"q": typed}).content.decode())
    return re.findall(r'<h2 id="found-\d+-title">(.+?)</h2>', page)


@pytest.fixture
def sought(connection: Connection) -> Issue:
    """A question, and four others there that have nobody, one that has somebody, one that nobody wants."""
    phone = {"PrimaryPhone": {"FreeFormNumber": "520.521.0143"}}
    remote(connection, "Hartwell Plumbing", PrimaryEmailAddr={"Address": "office@hartwell.example"})
    remote(connection, "Bayshore Rentals", **phone)
    remote(connection, "Amelia Hartwel", **phone)
    remote(connection, "Éclair & Sons")
    taken = remote(connection, "Amelia Hartwell-Smith")
    Link.objects.filter(remote=taken).update(local_id=12345)
    ignored = remote(connection, "Amelia Hartwell (old)")
    Link.objects.filter(remote=ignored).update(state=Link.State.IGNORED)
    for each in Remote.objects.all():
        Remote.objects.filter(pk=each.pk).update(
            email=each.payload.get("PrimaryEmailAddr", {}).get("Address", ""),
            phone=each.payload.get("PrimaryPhone", {}).get("FreeFormNumber", ""),
        )
    return asked(connection, "Amelia Hartwell", remote(connection, "A. Heartwell"), phone="(520) 521-0143")


def test_nothing_typed_finds_what_shares_something_the_likeliest_first(
    sought: Issue, browser: Client
) -> None:
    first, *others = found_by(browser, sought)
    assert first == "Amelia Hartwel"
    assert set(others) == {"Bayshore Rentals", "Hartwell Plumbing"}


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("hartwel", ["Amelia Hartwel", "Hartwell Plumbing"]),
        ("plumbing hartwell", ["Hartwell Plumbing"]),
        ("office@hartwell", ["Hartwell Plumbing"]),
        ("(520) 521 0143", ["Amelia Hartwel", "Bayshore Rentals"]),
        ("521-0143", ["Amelia Hartwel", "Bayshore Rentals"]),
        ("éclair", ["Éclair & Sons"]),
        ("nobody at all", []),
        ("%", []),
    ],
)
def test_others_are_sought_by_name_e_mail_and_phone(
    typed: str, names: list[str], sought: Issue, browser: Client
) -> None:
    assert found_by(browser, sought, typed) == names


def test_the_one_that_was_sought_and_chosen_is_linked(sought: Issue, browser: Client) -> None:
    chosen = Remote.objects.get(name="Bayshore Rentals")
    press(browser, sought, "same", chosen.remote_id)
    assert linked(sought.connection)["Amelia Hartwell"] == "Bayshore Rentals"


def test_a_search_costs_a_fixed_number_of_queries_and_says_when_too_many_match(
    connection: Connection, browser: Client
) -> None:
    many(connection, 700)
    Remote.objects.update(folded_name="there and everywhere")
    issue = Issue.objects.latest("pk")
    address = reverse("quickbooks:search", kwargs={"id": issue.pk})
    with CaptureQueriesContext(database) as queries:
        page = unescape(browser.get(address, {"q": "everywhere"}).content.decode())
    assert len(queries) <= 30
    assert "More match than are compared" in page
    assert page.count('id="found-') == 40  # twenty, each with its heading


def test_another_company_searches_nothing_of_ours(sought: Issue, charlie: User) -> None:
    stranger = Client()
    stranger.force_login(charlie)
    assert stranger.get(reverse("quickbooks:search", kwargs={"id": sought.pk})).status_code == 404
