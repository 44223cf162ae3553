"""A question that was answered is asked again, as long as nothing was written for it."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from quickbooks_sync.models import Connection, Issue, Link, Outcome, Remote
from quickbooks_sync.planner.actions import Reason
from service_genius.companies.models import User
from service_genius.customers.models import Customer
from tests.integration.sync.questions.asked import (
    NOW,
    accept,
    accepting,
    asked,
    lines,
    press,
    remote,
    shown,
)
from tests.pressing import Client

SETTLED = f"{reverse('quickbooks:attention')}?show=settled"


def ask_again(browser: Client, outcome: Outcome) -> str:
    address = reverse("quickbooks:ask_again", kwargs={"id": outcome.pk})
    return unescape(browser.post(address, {"back": SETTLED}, follow=True).content.decode())


def state(connection: Connection) -> list[Any]:
    """All that an answer moves, without ids."""
    fields = ("kind", "local_id", "remote__name", "state", "open", "known_new", "here_baseline", "refused")
    links = Link.objects.filter(connection=connection).order_by("local_id", "remote__name")
    answers = [{name: each for name, each in link.answers.items() if each} for link in links]
    issues = Issue.objects.values_list("label", "reason", "details", "likeness")
    return [*links.values_list(*fields), *answers, *issues, *Customer.objects.values_list("display_name")]


@pytest.mark.parametrize("answer", ["same", "different"])
@pytest.mark.parametrize("name", ["Customer 1", "There 1"])  # the very name there: told apart by a number
def test_an_answer_for_which_nothing_was_written_is_asked_again_as_it_was(
    answer: str, name: str, connection: Connection, browser: Client
) -> None:
    there = remote(connection, "There 1")
    issue = asked(connection, name, there)
    before = state(connection)
    press(browser, issue, answer, there.remote_id if answer == "same" else "")
    assert state(connection) != before
    assert "Ask again" in browser.get(SETTLED).content.decode()

    page = ask_again(browser, Outcome.objects.get())

    assert f"“{name}” is asked again" in page
    assert state(connection) == before
    assert "1 question<" in shown(browser)
    assert "Ask again<" not in page
    assert "Asked again by" in page


def test_all_that_was_answered_at_once_can_be_asked_again_one_by_one(
    connection: Connection, browser: Client
) -> None:
    for number in range(3):
        asked(connection, f"Customer {number}", remote(connection, f"There {number}"), likeness=9 - number)
    before = state(connection)
    _, fields = accepting(browser, lines(shown(browser))[1])
    accept(browser, fields)
    newest = Issue.objects.latest("pk").pk
    browser.post(reverse("quickbooks:all_different"), {"up_to": newest})
    assert Issue.objects.count() == 0
    for outcome in Outcome.objects.all():
        ask_again(browser, outcome)
    assert sorted(map(str, state(connection))) == sorted(map(str, before))


@pytest.mark.parametrize("what", ["adopted", "created", "on its way", "held", "asked"])
def test_once_something_was_written_it_cannot_be_asked_again(
    what: str, connection: Connection, browser: Client
) -> None:
    there = remote(connection, "There 1")
    issue = asked(connection, "Customer 1", there)
    answer = "same" if what == "adopted" else "different"
    press(browser, issue, answer, there.remote_id)
    link = Link.objects.filter(local_id__isnull=False)
    if what == "adopted":
        link.update(here_baseline={}, there_baseline={})
    elif what == "created":
        link.update(remote=Remote.objects.create(connection=connection, entity="Customer", remote_id="99"))
    elif what == "on its way":
        run = connection.runs.create(scope="full", state="running", created_at=NOW, due_at=NOW)
        items = [{"link": link.get().pk, "kind": "customer", "operation": "create"}]
        connection.sendings.create(run=run, request_id="1", body=b"", items=items, counts={}, sent_at=NOW)
    elif what == "held":
        link.update(state=Link.State.HOLD)
    else:
        Issue.objects.create(
            connection=connection,
            link=link.get(),
            reason=Reason.NAME_TAKEN,
            label="Customer 1",
            raised_at=NOW,
        )
    before = state(connection)
    assert "Ask again<" not in browser.get(SETTLED).content.decode()
    assert "It cannot be asked again" in ask_again(browser, Outcome.objects.get())
    assert state(connection) == before


def test_asked_again_twice_it_is_asked_once(connection: Connection, browser: Client) -> None:
    issue = asked(connection, "Customer 1", remote(connection, "There 1"))
    press(browser, issue, "different")
    outcome = Outcome.objects.get()
    ask_again(browser, outcome)
    assert "It cannot be asked again" in ask_again(browser, outcome)
    assert Issue.objects.count() == 1


def test_another_company_asks_nothing_of_ours_again(
    connection: Connection, browser: Client, charlie: User
) -> None:
    press(browser, asked(connection, "Customer 1", remote(connection, "There 1")), "different")
    stranger = Client()
    stranger.force_login(charlie)
    address = reverse("quickbooks:ask_again", kwargs={"id": Outcome.objects.get().pk})
    assert stranger.post(address).status_code == 404
    assert Issue.objects.count() == 0
