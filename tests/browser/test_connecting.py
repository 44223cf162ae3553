"""Connecting, refusing, disconnecting; and what a person may press twice, or too early."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.looks import fine
from tests.browser.site import Site

Picture = Callable[[Page, str], None]
#: QuickBooks forgets an access that was not used for 100 days.
DAYS_WITHOUT_USE = 101


def test_who_refuses_at_quickbooks_is_back_unconnected_and_can_connect_later(
    page: Page, site: Site, picture: Picture
) -> None:
    steps.log_in(page, site)
    steps.go_to_sync(page)
    steps.sign_in_at_quickbooks(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("access was not given")).to_be_visible()
    fine(page, "access was not given", picture)
    steps.connect(page)
    expect(page.get_by_role("region", name="What was found")).to_be_visible()


def test_sync_before_the_first_full_sync_asks_once_and_two_quick_presses_make_one_run(
    page: Page, site: Site, picture: Picture
) -> None:
    steps.log_in(page, site)
    steps.go_to_sync(page)
    steps.connect(page)
    before = site.dump()
    page.get_by_role("button", name="Sync", exact=True).click()
    question = page.get_by_role("alert").filter(has_text="No Full Sync was made yet")
    expect(question).to_be_visible()
    assert site.dump() == before
    fine(page, "asks once", picture)

    site.emulator.settings(latency={"call_ms": 2500})  # the run lasts until after the second press
    page.get_by_role("checkbox", name="Full Sync").check()
    page.get_by_role("button", name="Sync", exact=True).dblclick()
    expect(page.get_by_role("heading", name="Full Sync is running")).to_be_visible()
    expect(page.get_by_role("progressbar", name="Customers")).to_be_visible()
    picture(page, "is running")
    steps.see_result(page, "Full Sync")
    expect(page.locator("[hx-trigger^=every]")).to_have_count(0)  # it asks no more
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("main").get_by_role("link", name="Full Sync")).to_have_count(1)


def test_connecting_again_keeps_every_link(page: Page, site: Site, picture: Picture) -> None:
    steps.begin(page, site)
    before = site.dump()
    page.locator("summary", has_text="Disconnect").click()
    page.get_by_role("button", name="Disconnect from QuickBooks").click()
    expect(page.get_by_role("heading", name="Not connected")).to_be_visible()
    fine(page, "disconnected", picture)
    steps.connect(page)
    steps.press_sync(page, full=True)
    # The demo has records that need somebody: the same is not said of both sides.
    expect(page.get_by_text("Nothing was copied or changed; ")).to_be_visible()
    assert site.dump() == before


def test_access_that_has_ended_is_told_with_the_button_that_mends_it(
    page: Page, site: Site, picture: Picture
) -> None:
    steps.begin(page, site)
    site.emulator.advance(DAYS_WITHOUT_USE * 24 * 60 * 60)
    page.get_by_role("button", name="Sync", exact=True).click()
    expect(page.get_by_role("heading", name="QuickBooks asks you to connect again")).to_be_visible()
    fine(page, "access has ended", picture)
    steps.connect(page)
    steps.press_sync(page)


def test_the_office_may_sync_but_not_connect_or_disconnect(
    page: Page, site: Site, new_page: Callable[..., Page]
) -> None:
    office = new_page()
    steps.log_in(office, site, steps.OFFICE)
    steps.go_to_sync(office)
    expect(office.get_by_text("An owner of your company can connect QuickBooks")).to_be_visible()
    expect(office.get_by_role("button", name="Connect to QuickBooks")).to_have_count(0)

    steps.log_in(page, site)
    steps.go_to_sync(page)
    steps.connect(page)
    steps.go_to_sync(office)
    expect(office.get_by_text("Disconnect")).to_have_count(0)
    expect(office.get_by_role("button", name="Keep these choices")).to_have_count(0)
    steps.press_sync(office, full=True)
