"""The page of the questions whether two are the same: its order, its parts, and one answer."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quickbooks_sync.models import Connection, Issue, Link, Outcome
from tests.integration.sync.questions.asked import (
    NOW,
    PAGE,
    asked,
    order,
    press,
    remote,
    shown,
)
from tests.many_questions import many
from tests.pressing import Client


def test_the_likeliest_is_asked_first_and_what_was_put_off_last(
    connection: Connection, browser: Client
) -> None:
    rows = [
        asked(connection, f"Customer {number}", remote(connection, f"There {number}"), likeness=likeness)
        for number, likeness in enumerate((3.5, 9.0, 3.5, -1.5))
    ]
    by_place = [rows[each].pk for each in (1, 0, 2, 3)]
    assert order(shown(browser)) == by_place

    browser.post(reverse("quickbooks:put_off", kwargs={"id": rows[1].pk}), {"back": PAGE})
    browser.post(reverse("quickbooks:put_off", kwargs={"id": rows[0].pk}), {"back": PAGE})

    assert order(shown(browser)) == [rows[each].pk for each in (2, 3, 1, 0)]
    assert Issue.objects.count() == 4


def test_both_records_stand_side_by_side_with_what_agrees_and_what_differs(
    connection: Connection, browser: Client
) -> None:
    there = remote(
        connection,
        "Hartwell, Amelia",
        PrimaryPhone={"FreeFormNumber": "+1 520 521 0143"},
        PrimaryEmailAddr={"Address": "amy@example.org"},
        BillAddr={"Line1": "12 Oak St.", "City": "Bayshore"},
        ShipAddr={"Line1": "9 Elm Street"},
    )
    values = {"phone": "(520) 521-0143", "email": "amelia@example.com", "billing_street": "12 Oak Street"}
    asked(connection, "Amelia Hartwell", there, **values)

    page = shown(browser)

    rows = re.findall(r'<tr class="(\w+)"><th scope="row">(.+?) <span class="mark">', page)
    assert {title: standing for standing, title in rows} == {
        "Display name": "alike",
        "E-mail": "other",
        "Phone": "alike",
        "Billing address": "alike",
        "Service address": "only_there",
    }
    assert "same, written otherwise" in page
    assert "differs" in page
    assert "only in QuickBooks" in page
    assert "Same phone" in page


def test_an_answer_leads_to_the_next_question_and_progress_is_told(
    connection: Connection, browser: Client
) -> None:
    first, second, third = (
        asked(connection, f"Customer {number}", remote(connection, f"There {number}"), likeness=-number)
        for number in range(3)
    )
    page = shown(browser)
    assert "3 questions" in page
    back = re.findall(r'/same/(?=\d)|name="back" value="([^"]+)"', page)
    assert f"{PAGE}?#question-{second.pk}" in back
    assert f"{PAGE}?#questions" in back
    answer = browser.post(
        reverse("quickbooks:mend", kwargs={"id": first.pk, "what": "same"}),
        {"value": "1", "back": f"{PAGE}?#question-{second.pk}"},
    )
    assert answer.headers["Location"] == f"{PAGE}?#question-{second.pk}"
    assert order(shown(browser)) == [second.pk, third.pk]
    assert "1 of 3 answered" in shown(browser)
    press(browser, second, "different")
    assert "2 of 3 answered" in shown(browser)
    assert "1 left" in shown(browser)
    press(browser, third, "stop")
    assert "Nothing is asked" in shown(browser)


def test_what_was_answered_long_ago_is_no_progress(connection: Connection, browser: Client) -> None:
    old = asked(connection, "Customer 1", remote(connection, "There 1"))
    press(browser, old, "different")
    late = asked(connection, "Customer 2", remote(connection, "There 2"))
    Issue.objects.filter(pk=late.pk).update(raised_at=datetime.now(UTC) + timedelta(seconds=1))
    assert "1 question<" in shown(browser)


def test_thousands_are_asked_in_parts_that_cost_the_same_and_leave_none_out(
    connection: Connection, browser: Client
) -> None:
    many(connection, 2000)
    costs, seen, address = [], [], ""
    while True:
        with CaptureQueriesContext(database) as queries:
            page = shown(browser, address)
        costs.append(len(queries))
        seen += order(page)
        if len(seen) == 50:
            Issue.objects.filter(pk=seen[-1]).delete()  # answered by somebody meanwhile
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        if onward is None or len(seen) > 200:
            break
        address = onward[1]
    ranked = list(Issue.objects.order_by("-likeness", "pk").values_list("pk", flat=True))
    assert [each for each in seen if each in set(ranked)] == ranked[: len(seen) - 1]
    assert len(set(costs[1:])) == 1, costs
    assert costs[1] <= 40, costs


def test_the_way_back_shows_the_part_before(connection: Connection, browser: Client) -> None:
    many(connection, 80)
    first = shown(browser)
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward is not None
    back = re.search(r'rel="prev" href="([^"]+)"', shown(browser, onward[1]))
    assert back is not None
    assert order(shown(browser, back[1])) == order(first)


def test_the_questions_are_searched_and_narrowed_to_one_list(connection: Connection, browser: Client) -> None:
    many(connection, 60)
    wanted = Issue.objects.get(label="Customer 00042")
    assert order(shown(browser, "?q=00042")) == [wanted.pk]
    assert order(shown(browser, "?kind=work_code")) == []
    assert len(order(shown(browser, "?kind=customer"))) == 25


@pytest.mark.parametrize(
    "address",
    ["?after=x", "?after=1,nan,3", "?after=1,inf,3", "?after=0,1", "?after=0,1e400,9", "?kind=invoice"],
)
def test_an_address_that_makes_no_sense_shows_the_beginning(
    address: str, connection: Connection, browser: Client
) -> None:
    issue = asked(connection, "Customer 1", remote(connection, "There 1"))
    assert order(shown(browser, address)) == [issue.pk]


def test_every_page_of_the_sync_leads_to_the_questions(connection: Connection, browser: Client) -> None:
    for number in range(2):
        asked(connection, f"Customer {number}", remote(connection, f"There {number}"))
    Connection.objects.update(first_look={"customer": {"here": 2, "there": 2, "need_you": 2}}, facts={"x": 1})
    home = unescape(browser.get(reverse("quickbooks:home")).content.decode())
    assert f'<a href="{PAGE}">2 may be the same: look at them</a>' in home
    connection.runs.create(
        scope="full", state="done", created_at=NOW, due_at=NOW, finished_at=NOW, started_at=NOW
    )
    home = unescape(browser.get(reverse("quickbooks:home")).content.decode())
    assert f'<a href="{PAGE}">2 may be the same</a>' in home
    attention = unescape(browser.get(reverse("quickbooks:attention")).content.decode())
    assert f'href="{PAGE}"><span><strong>2 may be the same' in attention


def test_a_second_press_of_one_button_answers_once(connection: Connection, browser: Client) -> None:
    issue = asked(connection, "Customer 1", remote(connection, "There 1"))
    key = browser.key
    for _ in range(2):
        assert press(browser, issue, "same", "1", once=key).status_code == 302
    assert Outcome.objects.count() == 1
    assert Link.objects.get(local_id__isnull=False).remote is not None


def test_a_tab_in_which_it_still_stands_says_that_it_was_answered(
    connection: Connection, browser: Client
) -> None:
    issue = asked(connection, "Customer 1", remote(connection, "There 1"))
    press(browser, issue, "same", "1")
    for address in (
        reverse("quickbooks:mend", kwargs={"id": issue.pk, "what": "different"}),
        reverse("quickbooks:put_off", kwargs={"id": issue.pk}),
    ):
        late = browser.post(address, {"back": f"{PAGE}#question-7"})
        assert late.headers["Location"] == f"{PAGE}#question-7"
        assert "“Customer 1” was answered already" in shown(browser)
    link = Link.objects.get(local_id__isnull=False)
    assert (link.remote is not None, link.known_new) == (True, False)
    assert Outcome.objects.count() == 1


def test_what_another_record_was_linked_with_meanwhile_is_not_linked_twice(
    connection: Connection, browser: Client
) -> None:
    there = remote(connection, "There 1")
    first, second = (asked(connection, f"Customer {number}", there) for number in range(2))
    press(browser, first, "same", there.remote_id)
    press(browser, second, "same", there.remote_id)
    assert Link.objects.filter(remote=there).get().local_id == first.link.local_id
    assert list(Issue.objects.all()) == [second]
    assert "is linked with another one, or gone" in shown(browser)


@pytest.mark.parametrize("page", [PAGE, reverse("quickbooks:attention")])
def test_it_is_none_of_those_that_stood_there_and_of_no_others(
    page: str, connection: Connection, browser: Client
) -> None:
    """A sync finds another one meanwhile, and the page still shows the one before."""
    first, second = remote(connection, "There 1"), remote(connection, "There 2")
    issue = asked(connection, "Customer 1", first)
    text = browser.get(page).content.decode()
    form = re.search(r'<form [^>]*different/">(.+?)</form>', text, re.DOTALL)
    assert form is not None
    (value,) = re.findall(r'name="value" value="([^"]+)"', form[1])
    details = {"candidates": [{"remote_id": second.remote_id, "name": second.name, "told": ""}]}
    Issue.objects.filter(pk=issue.pk).update(details=details)

    press(browser, issue, "different", value)

    assert "Please look again" in shown(browser)
    assert Issue.objects.get() == issue
    press(browser, issue, "different", second.remote_id)
    assert Link.objects.get(pk=issue.link_id).answers["rejected"] == [second.remote_id]
