"""All above a line are the same: what is linked then, and what is not."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quickbooks_sync.models import Connection, Issue, Link, Outcome, Remote
from quickbooks_sync.planner.actions import Reason
from service_genius.companies.models import User
from tests.integration.sync.questions.asked import (
    NOW,
    PAGE,
    accept,
    accepting,
    asked,
    lines,
    linked,
    order,
    press,
    remote,
    shown,
)
from tests.many_questions import many
from tests.pressing import Client


def test_all_above_a_line_are_linked_and_nothing_below_it(connection: Connection, browser: Client) -> None:
    for number in range(6):
        asked(connection, f"Customer {number}", remote(connection, f"There {number}"), likeness=9 - number)
    page, fields = accepting(browser, lines(shown(browser))[3])
    assert "4 records" in page
    assert linked(connection) == {}
    assert "4 linked" in accept(browser, fields)
    assert linked(connection) == {f"Customer {number}": f"There {number}" for number in range(4)}
    assert Link.objects.filter(local_id=None).count() == 2  # what is new there and nobody's
    assert Outcome.objects.filter(answer="same", by__isnull=False).count() == 4
    assert "4 of 6 answered" in shown(browser)


def test_a_question_with_several_beside_it_and_the_second_claim_of_one_stay_questions(
    connection: Connection, browser: Client
) -> None:
    there, other = remote(connection, "There 0"), remote(connection, "There 1")
    first = asked(connection, "Customer 0", there, likeness=9)
    second = asked(connection, "Customer 1", there, likeness=8)
    several = asked(connection, "Customer 2", other, there, likeness=7)
    page, fields = accepting(browser, lines(shown(browser))[-1])
    assert "1 record<" in page
    assert "2 stay questions" in page
    accept(browser, fields)
    assert linked(connection) == {first.label: "There 0"}
    assert set(Issue.objects.all()) == {second, several}


def test_what_came_after_the_page_was_made_is_not_accepted(connection: Connection, browser: Client) -> None:
    asked(connection, "Customer 0", remote(connection, "There 0"), likeness=5)
    (address,) = lines(shown(browser))
    late = asked(connection, "Customer 1", remote(connection, "There 1"), likeness=9)
    page, fields = accepting(browser, address)
    assert "1 record<" in page
    later = asked(connection, "Customer 2", remote(connection, "There 2"), likeness=9)
    accept(browser, fields)
    assert linked(connection) == {"Customer 0": "There 0"}
    assert set(Issue.objects.all()) == {late, later}


@pytest.mark.parametrize("change", ["answered", "another", "likelier", "gone"])
def test_what_changed_since_it_was_shown_is_shown_again_and_nothing_is_linked(
    change: str, connection: Connection, browser: Client
) -> None:
    remotes = [remote(connection, f"There {number}") for number in range(4)]
    rows = [asked(connection, f"Customer {n}", remotes[n], likeness=9 - n) for n in range(3)]
    _, fields = accepting(browser, lines(shown(browser))[1])
    if change == "answered":
        press(browser, rows[0], "different")
    elif change == "another":  # another one is shown beside it by now
        details = {"candidates": [{"remote_id": remotes[3].remote_id, "name": "There 3", "told": ""}]}
        Issue.objects.filter(pk=rows[0].pk).update(details=details)
    elif change == "likelier":
        Issue.objects.filter(pk=rows[2].pk).update(likeness=9.5)
    else:
        Remote.objects.filter(pk=remotes[1].pk).update(deleted=True)
    page = accept(browser, fields)
    assert "Please look again" in page
    assert linked(connection) == {}


def test_accepted_twice_is_accepted_once(connection: Connection, browser: Client) -> None:
    asked(connection, "Customer 0", remote(connection, "There 0"))
    asked(connection, "Customer 1", remote(connection, "There 1"), likeness=3)
    _, fields = accepting(browser, lines(shown(browser))[0])
    accept(browser, fields)
    assert "Please look again" in accept(browser, fields)  # the same page in another tab
    assert linked(connection) == {"Customer 0": "There 0"}


def test_only_the_list_that_is_shown_is_accepted(connection: Connection, browser: Client) -> None:
    asked(connection, "Customer 0", remote(connection, "There 0"), likeness=9)
    work_code = Link.objects.create(connection=connection, kind="work_code", local_id=99)
    Issue.objects.create(
        connection=connection,
        link=work_code,
        reason=Reason.LIKELY_PAIR,
        details={"candidates": [{"remote_id": "77", "name": "Tune-up", "told": ""}]},
        label="Tune-up",
        raised_at=NOW,
    )
    _, fields = accepting(browser, lines(shown(browser, "?kind=customer"))[-1])
    assert fields["kind"] == "customer"
    accept(browser, fields)
    assert linked(connection) == {"Customer 0": "There 0"}
    assert Issue.objects.get().link == work_code


def test_two_thousand_are_accepted_at_once_with_few_queries_to_show_them(
    connection: Connection, browser: Client
) -> None:
    many(connection, 2000)
    last = Issue.objects.order_by("likeness", "-pk")[0]
    address = f"{reverse('quickbooks:accept')}?line=0,{last.likeness},{last.pk},{last.pk + 9999}"
    with CaptureQueriesContext(database) as queries:
        page, fields = accepting(browser, address)
    assert len(queries) <= 45
    assert "2,000 records" in page
    assert "The first 100 are listed here" in page
    assert "2,000 linked" in accept(browser, fields)
    assert len(linked(connection)) == 2000


@pytest.mark.parametrize("line", ["", "x", "1", "0,nan,3,9", "0,5,9", "0,5,1,x"])
def test_a_line_that_is_none_accepts_nothing(line: str, connection: Connection, browser: Client) -> None:
    asked(connection, "Customer 0", remote(connection, "There 0"))
    for answer in (
        browser.get(reverse("quickbooks:accept"), {"line": line}),
        browser.post(reverse("quickbooks:accept"), {"line": line, "seen": ""}),
    ):
        assert answer.headers["Location"] == PAGE
    assert linked(connection) == {}


def test_the_lines_and_buttons_of_another_company_reach_nothing_of_ours(
    connection: Connection, browser: Client, charlie: User
) -> None:
    there = remote(connection, "There 0")
    issue = asked(connection, "Customer 0", there)
    _, fields = accepting(browser, lines(shown(browser))[0])
    theirs = Connection.objects.create(
        company=charlie.company,
        environment="emulator",
        realm_id="77",
        connected_at=NOW,
        start_date=NOW.date(),
    )
    stranger = Client()
    stranger.force_login(charlie)
    assert order(shown(stranger)) == []
    assert (
        "Customer 0"
        not in stranger.get(f"{reverse('quickbooks:accept')}?line={fields['line']}").content.decode()
    )
    accept(stranger, fields)
    own = asked(theirs, "Theirs", there)  # it names what is ours
    for what, of in (("same", issue), ("different", issue), ("same", own)):
        address = reverse("quickbooks:mend", kwargs={"id": of.pk, "what": what})
        stranger.post(address, {"value": there.remote_id})
    stranger.post(reverse("quickbooks:put_off", kwargs={"id": issue.pk}))
    assert linked(connection) == linked(theirs) == {}
    issue.refresh_from_db()
    assert issue.put_off == 0
