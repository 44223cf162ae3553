"""Each family of what needs a person: brought about in both systems, then mended by its button."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import steps
from tests.browser.conftest import quiet_context
from tests.browser.site import Site

Picture = Callable[[Page, str], None]
TODAY = dt.datetime.now(dt.UTC).date()
SYNC = "settings/quickbooks/"


@pytest.fixture(scope="module")
def office(chromium: Browser, shared_site: Site) -> Iterator[Page]:
    """One window, logged in, connected and fully synced; no test leaves behind what another meets."""
    with quiet_context(chromium) as context:
        page = context.new_page()
        steps.log_in(page, shared_site)
        steps.go_to_sync(page)
        steps.connect(page)
        steps.press_sync(page, full=True)
        yield page


def sync(page: Page, site: Site) -> None:
    page.goto(f"{site.web}/{SYNC}")
    steps.press_sync(page)


def needing(page: Page, site: Site, name: str, *, show: str = "") -> Locator:
    """The one Issue of a record, in the list."""
    page.goto(f"{site.web}/{SYNC}attention/?show={show}")
    found = page.get_by_role("article").filter(has=page.get_by_role("heading", name=name))
    expect(found).to_have_count(1)
    return found


def gone(page: Page, site: Site, name: str) -> None:
    for show in ("", "changed"):
        page.goto(f"{site.web}/{SYNC}attention/?show={show}")
        expect(page.get_by_role("article").filter(has=page.get_by_role("heading", name=name))).to_have_count(
            0
        )
    page.goto(f"{site.web}/{SYNC}attention/?show=settled")
    expect(page.get_by_role("row").filter(has_text=name).first).to_be_visible()


def customer_there(site: Site, name: str) -> dict[str, Any]:
    return next(row for row in site.dump()["Customer"] if row["DisplayName"] == name)


def edit_there(site: Site, name: str, **values: object) -> None:
    there = customer_there(site, name)
    site.post("customer", {"Id": there["Id"], "SyncToken": there["SyncToken"], "sparse": True, **values})


def new_invoice(page: Page, site: Site, number: str) -> None:
    page.goto(f"{site.web}/invoices/new/")
    page.get_by_label("Customer").fill("Beacon Street Bakery")
    page.wait_for_load_state("networkidle")  # what it offers to choose from
    page.get_by_label("Number").fill(number)
    page.get_by_label("Work code of line 1").fill("Service call")
    page.get_by_label("Work code of line 1").press("Tab")
    page.wait_for_load_state("networkidle")
    page.get_by_label("Price of line 1").fill("100")
    page.get_by_label("Price of line 1").press("Tab")
    expect(page.locator("#sums")).to_contain_text("$100.00")
    page.get_by_role("button", name="Save invoice").click()
    expect(page.get_by_role("heading", level=1, name=number)).to_be_visible()


def test_an_invoice_in_closed_books_is_given_a_later_date(
    office: Page, shared_site: Site, picture: Picture
) -> None:
    tomorrow = (TODAY + dt.timedelta(days=1)).isoformat()
    closed = {"AccountingInfoPrefs": {"BookCloseDate": tomorrow}}
    shared_site.emulator.preferences(shared_site.realm, **closed)
    new_invoice(office, shared_site, "8001")
    sync(office, shared_site)
    issue = needing(office, shared_site, "Invoice 8001")
    expect(issue).to_contain_text("closed books")
    picture(office, "closed books")
    later = TODAY + dt.timedelta(days=3)
    expect(issue.get_by_label("New date")).to_have_value((TODAY + dt.timedelta(days=2)).isoformat())
    issue.get_by_label("New date").fill(later.isoformat())
    issue.get_by_role("button", name="Give it this date").click()
    expect(office.get_by_text("has its new date")).to_be_visible()
    sync(office, shared_site)
    gone(office, shared_site, "Invoice 8001")
    shared_site.emulator.preferences(shared_site.realm, AccountingInfoPrefs={"BookCloseDate": None})
    (there,) = [row for row in shared_site.dump()["Invoice"] if row["DocNumber"] == "8001"]
    assert there["TxnDate"] == later.isoformat()


def test_a_number_that_is_taken_there_is_changed_at_one_press(
    office: Page, shared_site: Site, picture: Picture
) -> None:
    item = next(row for row in shared_site.dump()["Item"] if row["Type"] == "Service")
    line = {
        "Amount": 55,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": item["Id"]}},
    }
    customer = customer_there(shared_site, "Amelia Hartwell")["Id"]
    body = {"DocNumber": "8002", "CustomerRef": {"value": customer}, "Line": [line]}
    shared_site.post("invoice", body)
    new_invoice(office, shared_site, "8002")
    sync(office, shared_site)
    issue = needing(office, shared_site, "Invoice 8002")
    picture(office, "number is taken")
    issue.get_by_role("button", name="Give it the number 8002-1").click()
    sync(office, shared_site)
    gone(office, shared_site, "Invoice 8002")
    assert {row["DocNumber"] for row in shared_site.dump()["Invoice"]} >= {"8002", "8002-1"}


def test_a_customer_made_inactive_there_is_made_active_again_there(office: Page, shared_site: Site) -> None:
    edit_there(shared_site, "Harbor View Hotel", Active=False)
    sync(office, shared_site)
    issue = needing(office, shared_site, "Harbor View Hotel")
    issue.get_by_role("button", name="Make it active again there").click()
    sync(office, shared_site)
    gone(office, shared_site, "Harbor View Hotel")
    assert customer_there(shared_site, "Harbor View Hotel")["Active"] is True


@pytest.mark.parametrize(
    ("answer", "said"), [("Send ours", "goes to QuickBooks"), ("Leave it", "is left as it is")]
)
def test_a_change_there_is_overruled_or_left(office: Page, shared_site: Site, answer: str, said: str) -> None:
    edit_there(shared_site, "Bluebird Cafe", Notes=f"Typed there before {answer}")
    sync(office, shared_site)
    issue = needing(office, shared_site, "Bluebird Cafe", show="changed")
    expect(issue).to_contain_text(f"Typed there before {answer}")
    issue.get_by_role("button", name=answer).click()
    expect(office.get_by_text(said)).to_be_visible()
    sync(office, shared_site)
    gone(office, shared_site, "Bluebird Cafe")
    left = customer_there(shared_site, "Bluebird Cafe").get("Notes") == f"Typed there before {answer}"
    assert left == (answer == "Leave it")


def test_of_a_conflict_service_genius_wins_and_the_value_it_replaced_is_in_the_history(
    office: Page, shared_site: Site, picture: Picture
) -> None:
    edit_there(shared_site, "Amelia Hartwell", PrimaryPhone={"FreeFormNumber": "(555) 100-0001"})
    steps.open_record(office, shared_site, kind="customers", name="Amelia Hartwell")
    office.get_by_role("link", name="Edit", exact=True).click()
    office.get_by_label("Phone").fill("(555) 200-0002")
    office.get_by_role("button", name="Save").click()
    expect(office.get_by_role("main")).to_contain_text("(555) 200-0002")
    sync(office, shared_site)
    there = customer_there(shared_site, "Amelia Hartwell")
    assert there["PrimaryPhone"] == {"FreeFormNumber": "(555) 200-0002"}
    office.get_by_role("link", name="Every change").click()
    expect(office.get_by_role("deletion").filter(has_text="(555) 100-0001")).to_be_visible()
    picture(office, "conflict in the history")


def test_a_record_stopped_on_its_page_is_held_until_it_is_started_again(
    office: Page, shared_site: Site, picture: Picture
) -> None:
    steps.open_record(office, shared_site, kind="customers", name="Jasmine Patel")
    panel = office.get_by_role("region", name="QuickBooks")
    panel.get_by_text("Stop syncing it").click()
    picture(office, "stop syncing")
    panel.get_by_role("button", name="Stop syncing this record").click()
    expect(panel).to_contain_text("It is not synced any more")
    office.goto(f"{shared_site.web}/{SYNC}attention/?show=held")
    picture(office, "not synced")
    office.get_by_role("button", name=re.compile(r"^Start again\W+Jasmine Patel")).click()
    expect(office.get_by_text("Everything is synced")).to_be_visible()


def test_a_subscription_that_ended_is_told_and_tried_again_once_it_is_renewed(
    office: Page, shared_site: Site, picture: Picture
) -> None:
    standing = f"realms/{shared_site.realm}/standing"
    shared_site.emulator.control("PUT", standing, {"state": "suspended"})
    office.goto(f"{shared_site.web}/{SYNC}")
    office.get_by_role("button", name="Sync", exact=True).click()
    expect(office.get_by_role("alert")).to_contain_text("Your QuickBooks subscription has ended")
    picture(office, "subscription has ended")
    shared_site.emulator.control("PUT", standing, {"state": "active"})
    office.get_by_role("button", name="Try again").click()
    steps.see_result(office, "Sync")
    expect(office.get_by_text("subscription has ended")).to_have_count(0)


def test_the_wrong_company_is_asked_about_first_and_a_second_one_is_refused(
    page: Page, site: Site, picture: Picture
) -> None:
    other = site.emulator.new_realm("empty", company_name="Other Books")
    site.emulator.load(other, {"Customer": [{"Id": "1", "DisplayName": "Somebody Else", "SyncToken": "0"}]})
    steps.log_in(page, site)
    steps.go_to_sync(page)
    steps.sign_in_at_quickbooks(page, "Other Books")
    page.get_by_role("button", name="Connect", exact=True).click()
    page.get_by_role("checkbox", name="Full Sync").check()
    page.get_by_role("button", name="Sync", exact=True).click()
    question = page.get_by_role("alert")
    expect(question).to_contain_text("Is this the right QuickBooks company?")
    picture(page, "is this the right company")
    question.get_by_role("button", name="No, leave it").click()
    assert len(site.emulator.dump(other)["Customer"]) == 1
    page.locator("summary", has_text="Disconnect").click()
    page.get_by_role("button", name="Disconnect from QuickBooks").click()
    steps.sign_in_at_quickbooks(page)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("Service Genius is linked with Other Books")).to_be_visible()
    picture(page, "wrong company refused")
