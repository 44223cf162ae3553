"""Questions whether two are the same: their page, its order, and what its buttons do."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quickbooks_sync.memory.directory import pack
from quickbooks_sync.models import Connection, Issue, Link, Outcome, Remote
from quickbooks_sync.planner.actions import Reason
from service_genius.companies.models import Company, User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from tests.many_questions import many
from tests.pressing import Client

NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
PAGE = reverse("quickbooks:likely")


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


def remote(connection: Connection, name: str, **values: Any) -> Remote:
    """A customer of QuickBooks that has nobody here."""
    payload = {"DisplayName": name, "Active": True, **values}
    number = str(Remote.objects.count() + 1)
    made = Remote.objects.create(
        connection=connection,
        entity="Customer",
        remote_id=number,
        name=name,
        folded_name=name.casefold(),
        packed=pack({"Id": number, "SyncToken": "0", **payload}),
    )
    Link.objects.create(connection=connection, kind="customer", remote=made)
    return made


def asked(connection: Connection, name: str, *of: Remote, likeness: float = 5.0, **values: Any) -> Issue:
    """A question about a customer here."""
    row = customers.create(company=connection.company, values={"display_name": name, **values})
    link = Link.objects.create(connection=connection, kind="customer", local_id=row.pk)
    candidates = [
        {
            "remote_id": each.remote_id,
            "name": each.name,
            "email": "",
            "phone": "",
            "active": True,
            "told": "same phone",
        }
        for each in of
    ]
    return Issue.objects.create(
        connection=connection,
        link=link,
        reason=Reason.LIKELY_PAIR,
        details={"candidates": candidates},
        label=name,
        likeness=likeness,
        raised_at=NOW,
    )


def shown(browser: Client, address: str = "") -> str:
    answer = browser.get(f"{PAGE}{address}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def order(page: str) -> list[int]:
    return [int(each) for each in re.findall(r'id="question-(\d+)" tabindex', page)]


def press(browser: Client, issue: Issue, what: str, value: str = "", **more: Any) -> Any:
    address = reverse("quickbooks:mend", kwargs={"id": issue.pk, "what": what})
    return browser.post(address, {"value": value, "back": f"{PAGE}#question-7"}, **more)


# ---- The page ------------------------------------------------------------------------------------------


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


# ---- One answer ----------------------------------------------------------------------------------------


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
    late = press(browser, issue, "different")
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


# ---- Accept all above this line ------------------------------------------------------------------------


def lines(page: str) -> list[str]:
    """The addresses of the lines below the questions of a page, in order."""
    return re.findall(r'<p class="line"><a href="([^"]+)"', page)


def accepting(browser: Client, address: str) -> tuple[str, dict[str, str]]:
    """The page that asks first, and what its form sends."""
    page = unescape(browser.get(address).content.decode())
    form = re.search(
        rf'<form method="post" action="{reverse("quickbooks:accept")}">(.+?)</form>', page, re.DOTALL
    )
    fields = re.findall(r'type="hidden" name="(line|kind|seen)" value="([^"]*)"', form[1]) if form else []
    return page, dict(fields)


def accept(browser: Client, fields: dict[str, str]) -> str:
    return unescape(browser.post(reverse("quickbooks:accept"), fields, follow=True).content.decode())


def linked(connection: Connection) -> dict[str, str]:
    """Who is linked with whom, by their names."""
    names = dict(Customer.objects.values_list("pk", "display_name"))
    rows = Link.objects.filter(connection=connection, local_id__isnull=False, remote__isnull=False)
    return {names.get(pk, ""): name for pk, name in rows.values_list("local_id", "remote__name")}


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


# ---- Ask again -----------------------------------------------------------------------------------------

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


# ---- Search for another --------------------------------------------------------------------------------


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
