"""What needs a person: every reason with its words and a way out, in parts, narrowed, with counts."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quickbooks_sync.models import Connection, Issue, Link, Outcome, Remote
from quickbooks_sync.pages.parts import ROWS
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.resolving.offers import OFFERED, offered
from quickbooks_sync.resolving.resolve import ANSWERS
from quickbooks_sync.wording.reasons import TITLES
from service_genius.companies.models import Company, User
from service_genius.customers import operations as customers
from tests.issue_details import DETAILS
from tests.pressing import Client

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
LIST = reverse("quickbooks:attention")
#: A way out is a button that answers, or a link to where it is mended.
WAY_OUT = re.compile(r"/attention/\d+/[a-z_]+/|Choose it|Edit it here")


@pytest.fixture
def connection(company: Company) -> Connection:
    return Connection.objects.create(
        company=company,
        environment="emulator",
        realm_id="9341",
        connected_at=NOW,
        start_date=NOW.date(),
        access_token="sealed",
    )


@pytest.fixture
def browser(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


def raised(connection: Connection, reason: Reason, *, number: int = 1, kind: str = "customer") -> Issue:
    """An Issue at a record of its own."""
    local_id = number
    if kind == "customer":
        values = {"display_name": f"{reason} {number}"}
        local_id = customers.create(company=connection.company, values=values).pk
    link = Link.objects.create(connection=connection, kind=kind, local_id=local_id)
    return Issue.objects.create(
        connection=connection,
        link=link,
        reason=reason,
        details=DETAILS[reason],
        label=f"{reason} {number}",
        raised_at=NOW,
    )


def many(connection: Connection, number: int, reason: Reason, *, kind: str = "invoice") -> None:
    """Issues at records that are not here any more: fast to make, and shown all the same."""
    first = Link.objects.count() + 1_000_000
    links = Link.objects.bulk_create(
        Link(connection=connection, kind=kind, local_id=first + place) for place in range(number)
    )
    Issue.objects.bulk_create(
        Issue(
            connection=connection,
            link=link,
            reason=reason,
            details=DETAILS[reason],
            label=f"{reason} {link.local_id}",
            raised_at=NOW,
        )
        for link in links
    )


def shown(browser: Client, address: str = "") -> str:
    answer = browser.get(f"{LIST}{address}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def articles(page: str) -> list[str]:
    return re.findall(r'<article class="card issue" id="issue-(\d+)"', page)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_shown_in_words_with_a_way_out(
    reason: Reason, connection: Connection, browser: Client
) -> None:
    issue = raised(connection, reason)
    page = unescape(browser.get(reverse("quickbooks:issue", kwargs={"id": issue.pk})).content.decode())
    assert TITLES[reason] in page
    assert WAY_OUT.search(page)
    show = "?show=changed" if reason == Reason.CHANGED_THERE else ""
    assert articles(shown(browser, show)) == [str(issue.pk)]


def test_every_reason_offers_answers_and_every_answer_belongs_to_a_reason() -> None:
    assert set(OFFERED) == set(Reason)
    assert set().union(*(offered(reason) for reason in Reason)) == set(ANSWERS)


def test_an_answer_that_the_reason_does_not_offer_does_nothing(
    connection: Connection, browser: Client
) -> None:
    issue = raised(connection, Reason.NO_ACCOUNT)
    browser.post(reverse("quickbooks:mend", kwargs={"id": issue.pk, "what": "void_there"}))
    assert Issue.objects.filter(pk=issue.pk).exists()
    assert Link.objects.get(pk=issue.link_id).answers == {}


def test_what_was_settled_stays_listed_with_who_settled_it(connection: Connection, browser: Client) -> None:
    issue = raised(connection, Reason.NO_ACCOUNT)
    browser.post(reverse("quickbooks:mend", kwargs={"id": issue.pk, "what": "stop"}))
    page = shown(browser, "?show=settled")
    assert "is no longer synced" in page
    assert "Alice" in page
    assert TITLES[Reason.NO_ACCOUNT] in page


def test_thousands_are_shown_in_parts_that_cost_the_same_wherever_they_are(
    connection: Connection, browser: Client
) -> None:
    many(connection, 3000, Reason.NUMBER_TAKEN)
    costs = []
    for address in ("", f"?after={Issue.objects.order_by('pk')[40].pk}"):
        with CaptureQueriesContext(database) as queries:
            page = shown(browser, address)
        costs.append(len(queries))
        assert len(articles(page)) == ROWS
    assert costs[0] == costs[1] <= 45
    assert "1 to 25 of 3,000" in shown(browser)
    assert "2,961 to 2,985 of 3,000" in page


def test_nothing_is_skipped_while_parts_are_settled_on_the_way(
    connection: Connection, browser: Client
) -> None:
    many(connection, 60, Reason.CANNOT_REMOVE)
    seen: list[str] = []
    address = ""
    while True:
        page = shown(browser, address)
        seen += articles(page)
        Issue.objects.filter(pk=seen[-1]).delete()  # settled by somebody meanwhile
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        if onward is None:
            break
        address = onward[1]
    assert len(seen) == len(set(seen)) == 60


def test_the_way_back_shows_the_part_before(connection: Connection, browser: Client) -> None:
    many(connection, 70, Reason.CANNOT_REMOVE)
    first = articles(shown(browser))
    onward = re.search(r'rel="next" href="([^"]+)"', shown(browser))
    assert onward is not None
    back = re.search(r'rel="prev" href="([^"]+)"', shown(browser, onward[1]))
    assert back is not None
    assert articles(shown(browser, back[1])) == first


def test_the_list_is_narrowed_by_kind_and_reason_with_the_counts_of_each(
    connection: Connection, browser: Client
) -> None:
    many(connection, 30, Reason.NUMBER_TAKEN)
    many(connection, 4, Reason.CANNOT_HOLD)
    for number in (1, 2):
        raised(connection, Reason.CANNOT_HOLD, number=number)
    page = shown(browser)
    assert "Number is taken <span>30</span>" in page
    assert "QuickBooks cannot hold it <span>6</span>" in page
    assert "Invoices <span>34</span>" in page
    narrow = shown(browser, "?kind=customer&reason=cannot_hold")
    assert len(articles(narrow)) == 2
    assert "1 to 25 of 30" in shown(browser, "?reason=number_taken")
    assert "reason=number_taken&after=" in shown(browser, "?reason=number_taken")


@pytest.mark.parametrize("address", ["?after=x", "?after=99999999999999999999", "?show=%00", "?reason=none"])
def test_an_address_that_makes_no_sense_shows_the_beginning(
    address: str, connection: Connection, browser: Client
) -> None:
    issue = raised(connection, Reason.NO_ACCOUNT)
    assert articles(shown(browser, address)) == [str(issue.pk)]


def test_a_button_leads_back_to_the_very_list_but_never_to_another_site(
    connection: Connection, browser: Client
) -> None:
    first, second = (raised(connection, Reason.NO_ACCOUNT, number=number) for number in (1, 2))
    here = f"{LIST}?reason=no_account"
    for issue, back, leads in ((first, here, here), (second, "https://elsewhere.example/", LIST)):
        address = reverse("quickbooks:mend", kwargs={"id": issue.pk, "what": "stop"})
        assert browser.post(address, {"back": back})["Location"] == leads


def test_all_others_are_new_frees_the_pairs_that_were_counted_and_no_later_one(
    connection: Connection, browser: Client
) -> None:
    seen = [raised(connection, Reason.LIKELY_PAIR, number=number) for number in range(3)]
    page = shown(browser)
    assert "All 3 are different" in page
    up_to = re.search(r'name="up_to" value="(\d+)"', page)
    assert up_to is not None
    later = raised(connection, Reason.LIKELY_PAIR, number=9)
    browser.post(reverse("quickbooks:all_different"), {"up_to": up_to[1]})
    assert list(Issue.objects.values_list("pk", flat=True)) == [later.pk]
    assert set(Link.objects.filter(known_new=True)) == {issue.link for issue in seen}
    assert Outcome.objects.count() == 3


def test_a_record_that_is_held_is_listed_and_starts_again(connection: Connection, browser: Client) -> None:
    issue = raised(connection, Reason.NO_ACCOUNT)
    local_id = issue.link.local_id
    stop = reverse("quickbooks:stop_record", kwargs={"kind": "customer", "id": local_id})
    assert browser.post(stop).status_code == 302
    assert not Issue.objects.exists()
    page = shown(browser, "?show=held")
    assert "no_account 1" in page
    start = re.search(r'action="([^"]+/start/)"', page)
    assert start is not None
    browser.post(start[1])
    link = Link.objects.get(pk=issue.link_id)
    assert (link.state, link.open) == ("active", True)
    assert "Nothing is kept out of the sync" in shown(browser, "?show=held")


def test_what_waits_says_for_what(connection: Connection, browser: Client) -> None:
    parent = customers.create(company=connection.company, values={"display_name": "Big House"})
    values = {"display_name": "Rear House", "parent": parent.pk}
    child = customers.create(company=connection.company, values=values)
    waits = {"connection": connection, "kind": "customer", "waiting": True}
    Link.objects.create(**waits, local_id=child.pk, waits_for="Big House")
    assert "It waits for Big House." in shown(browser, "?show=waiting")
    assert "It waits for Big House." in browser.get(f"/customers/{child.pk}/").content.decode()
    Link.objects.create(**waits, local_id=parent.pk)
    assert "It goes with the next sync." in shown(browser, "?show=waiting")


def test_a_candidate_that_is_linked_meanwhile_is_offered_no_more(
    connection: Connection, browser: Client
) -> None:
    raised(connection, Reason.LIKELY_PAIR)
    one = Remote.objects.create(
        connection=connection, entity="Customer", remote_id="7", name="Desert Rose LLC"
    )
    Remote.objects.create(connection=connection, entity="Customer", remote_id="8", name="Desert Rose")
    assert shown(browser).count('<div class="sides">') == 2
    Link.objects.create(connection=connection, kind="customer", local_id=77, remote=one)
    assert shown(browser).count('<div class="sides">') == 1


@pytest.mark.parametrize("show", ["", "changed", "waiting", "held", "settled"])
def test_a_record_is_looked_for_in_the_whole_list_and_by_what_it_is_called_here(
    show: str, connection: Connection, browser: Client
) -> None:
    """Also by the phone of the customer it is about; what is shown first does not matter."""
    wanted = customers.create(
        company=connection.company, values={"display_name": "Wanda Sought", "phone": "(555) 201-0199"}
    )
    link = Link.objects.create(
        connection=connection,
        kind="customer",
        local_id=wanted.pk,
        waiting=show == "waiting",
        state="hold" if show == "held" else "active",
    )
    reason = Reason.CHANGED_THERE if show == "changed" else Reason.CANNOT_REMOVE
    if show in {"", "changed"}:
        Issue.objects.create(
            connection=connection,
            link=link,
            reason=reason,
            details=DETAILS[reason],
            label="Wanda Sought",
            raised_at=NOW,
        )
        many(connection, 2 * ROWS, reason)
    elif show == "settled":
        about = {"kind": "customer", "local_id": wanted.pk, "label": "Wanda Sought"}
        Outcome.objects.create(connection=connection, **about, words="Gone.", reason=reason)
    for number in range(2 * ROWS):
        other = {"connection": connection, "kind": "invoice", "local_id": 9_000_000 + number}
        if show == "settled":
            Outcome.objects.create(**other, label="Invoice", words="Gone.", reason=reason)
        elif show in {"waiting", "held"}:
            Link.objects.create(**other, waiting=show == "waiting", state=link.state)
    first = shown(browser, f"?show={show}")
    assert "Search this list" in first
    assert "Wanda Sought" not in first
    for search in ("wanda", "5552010199"):
        page = shown(browser, f"?show={show}&q={search}")
        assert f"1 matches “{search}”" in page
        assert "Wanda Sought" in page
    page = shown(browser, f"?show={show}&q=nobody")
    assert "Nothing here matches “nobody”." in page


def test_the_parts_of_what_was_found_are_parts_of_it(connection: Connection, browser: Client) -> None:
    many(connection, 2 * ROWS, Reason.CANNOT_REMOVE)
    many(connection, 2 * ROWS, Reason.BOOKS_CLOSED)
    first = shown(browser, "?q=books_closed")
    assert f"1 to {ROWS} of {2 * ROWS}" in first
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    second = shown(browser, following[1])
    assert f"{ROWS + 1} to {2 * ROWS} of {2 * ROWS}" in second
    assert "cannot_remove" not in second.partition("<article")[2]
    assert not set(articles(first)) & set(articles(second))
