"""Who may see and do what. Driven by the addresses themselves, so that no new page can be forgotten."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import URLPattern, reverse

from quickbooks_sync import urls
from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Change, Connection, Issue, Link, Outcome, Remote, SyncRun
from quickbooks_sync.pages.panels import QuickBooksPanels
from quickbooks_sync.planner.actions import Reason
from service_genius.companies.models import Company, User
from service_genius.customers import operations
from service_genius.customers.models import Customer
from tests.pressing import Client

OWNERS_ALONE = {"connect", "callback", "disconnect", "choices"}
PAGES = {pattern.name: pattern for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}
OF_RECORDS = sorted(name for name, pattern in PAGES.items() if name and pattern.pattern.converters)
OF_COMPANY = sorted(name for name in PAGES if name and name not in OF_RECORDS)
SECRET = "Alice's best customer"


class Books:
    """A connected company with one of everything the pages show."""

    def __init__(self, company: Company) -> None:
        now = datetime.now(UTC)
        self.company = company
        self.connection = Connection.objects.create(
            company=company,
            environment="emulator",
            realm_id=f"98{company.pk}",
            realm_name=f"The books of {company}",
            connected_at=now,
            start_date=now.date(),
            full_synced_at=now,
            access_token="sealed",
            refresh_token="sealed",
        )
        self.customer = operations.create(company=company, values={"display_name": SECRET})
        self.remote = Remote.objects.create(
            connection=self.connection, entity="Customer", remote_id="7", name=SECRET, active=True
        )
        self.link = Link.objects.create(
            connection=self.connection, kind="customer", local_id=self.customer.pk
        )
        self.issue = Issue.objects.create(
            connection=self.connection,
            link=self.link,
            reason=Reason.LIKELY_PAIR,
            details={"candidates": [{"remote_id": "7", "name": SECRET, "email": "", "phone": ""}]},
            label=SECRET,
            raised_at=now,
        )
        self.run = SyncRun.objects.create(
            connection=self.connection,
            scope="sync",
            state="done",
            created_at=now,
            due_at=now,
            finished_at=now,
        )
        self.asking = SyncRun.objects.create(
            connection=self.connection, scope="full", state="asking", question={}, created_at=now, due_at=now
        )
        self.change = Change.objects.create(
            run=self.run,
            link=self.link,
            kind="customer",
            side="there",
            action="created",
            label=SECRET,
            local_id=self.customer.pk,
            overruled={"notes": "Gate code 12"},
            at=now,
        )
        self.outcome = Outcome.objects.create(
            connection=self.connection, kind="customer", local_id=self.customer.pk, label=SECRET, words=SECRET
        )


@pytest.fixture
def books(company: Company) -> Books:
    return Books(company)


def browser_of(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def address(name: str, books: Books) -> str:
    given: dict[str, Any] = {
        "id": {
            "run": books.run.pk,
            "answer": books.asking.pk,
            "sync_as_shown": books.run.pk,
            "stop": books.run.pk,
            "stop_record": books.customer.pk,
            "start_record": books.link.pk,
            "apart": books.link.pk,
            "another": books.customer.pk,
            "ask_again": books.outcome.pk,
            "replaced": books.change.pk,
        }.get(name, books.issue.pk),
        "what": "let-go" if name == "replaced" else "different",
        "kind": "customer",
    }
    return reverse(
        f"quickbooks:{name}",
        kwargs={key: given[key] for key in PAGES[name].pattern.converters},
    )


def everything() -> list[Any]:
    models = (Connection, Link, Remote, Issue, Outcome, Change, SyncRun, Customer)
    return [list(model.objects.order_by("pk").values()) for model in models]


def test_the_addresses_are_found() -> None:
    assert {"run", "mend", "try_again"} <= set(OF_RECORDS)
    assert {"home", "sync", *OWNERS_ALONE} <= set(OF_COMPANY)


@pytest.mark.parametrize("name", OF_RECORDS)
def test_another_company_gets_404_for_every_record(name: str, books: Books, charlie: User) -> None:
    Books(charlie.company)
    before = everything()
    browser = browser_of(charlie)
    statuses = {browser.get(address(name, books)).status_code, browser.post(address(name, books)).status_code}
    assert 404 in statuses
    assert statuses <= {404, 405}  # a page is not posted to, a button is not got
    assert everything() == before


@pytest.mark.parametrize("name", OF_RECORDS)
def test_the_same_addresses_answer_their_own_company(name: str, books: Books, bob: User) -> None:
    """Or the 404 above would prove nothing."""
    browser = browser_of(bob)
    statuses = {browser.get(address(name, books)).status_code, browser.post(address(name, books)).status_code}
    assert statuses & {200, 302}


@pytest.mark.parametrize("name", OF_COMPANY)
def test_no_page_shows_anything_of_another_company(name: str, books: Books, charlie: User) -> None:
    answer = browser_of(charlie).get(address(name, books), follow=True)
    page = answer.content.decode()
    assert SECRET not in page
    assert books.connection.realm_name not in page


@pytest.mark.parametrize("name", OF_COMPANY)
def test_no_press_of_another_company_touches_this_one(name: str, books: Books, charlie: User) -> None:
    before = everything()
    assert browser_of(charlie).post(address(name, books)).status_code in {302, 404, 405}
    assert everything() == before


def test_an_answer_cannot_name_a_record_of_another_company(books: Books, charlie: User) -> None:
    his = Books(charlie.company)
    Remote.objects.filter(pk=books.remote.pk).update(remote_id="8888")
    browser = browser_of(charlie)
    link = reverse("quickbooks:mend", kwargs={"id": his.issue.pk, "what": "same"})
    before = everything()
    assert browser.post(link, {"value": "8888"}).status_code == 302
    assert everything() == before


def test_what_records_show_of_the_sync_is_their_own_companys(books: Books, charlie: User) -> None:
    panels = QuickBooksPanels()
    theirs = charlie.company
    assert panels.attention(company=books.company) == 1
    assert panels.attention(company=theirs) == 0
    for kind in KIND:
        ids = [books.customer.pk]
        assert panels.badges(company=theirs, kind=kind, ids=ids) == {}  # type: ignore[arg-type]
    assert panels.badges(company=books.company, kind="customer", ids=[books.customer.pk])


@pytest.mark.parametrize("name", sorted(OWNERS_ALONE))
def test_the_office_neither_connects_nor_disconnects(name: str, books: Books, bob: User) -> None:
    before = everything()
    browser = browser_of(bob)
    assert browser.get(address(name, books)).status_code == 403
    assert browser.post(address(name, books)).status_code == 403
    assert everything() == before


def test_the_office_syncs(books: Books, bob: User) -> None:
    browser_of(bob).post(reverse("quickbooks:sync"))
    assert SyncRun.objects.get(state="queued").asked_by == bob


@pytest.mark.parametrize("name", sorted([*OF_COMPANY, *OF_RECORDS]))
def test_whoever_is_not_logged_in_is_sent_to_the_log_in(name: str, books: Books) -> None:
    before = everything()
    for answer in (Client().get(address(name, books)), Client().post(address(name, books))):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))
    assert everything() == before


@pytest.mark.parametrize(
    "name",
    [
        "connect",
        "disconnect",
        "choices",
        "sync",
        "try_again",
        "mend",
        "all_different",
        "stop_record",
        "start_record",
    ],
)
def test_what_changes_something_needs_the_forms_own_token(name: str, books: Books, alice: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    before = everything()
    answer = browser.post(address(name, books))
    # Not done: what was typed is shown again, to be pressed by a person.
    shown_again = answer.status_code == 302 and "?kept=" in answer["Location"]
    assert shown_again or answer.status_code == 403
    assert browser.get(address(name, books)).status_code == 405
    assert everything() == before
