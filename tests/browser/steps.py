"""What a user does, in the user's words."""

import re

from playwright.sync_api import Page, expect

from tests.browser.site import SAMPLE_COMPANY, Site

OWNER = "demo@example.com"
OFFICE = "office@example.com"
PASSWORD = "service-genius-demo"
#: The first time, and later on.
CONNECT = re.compile("^Connect (to QuickBooks|again)$")


def log_in(page: Page, site: Site, email: str = OWNER) -> None:
    page.goto(site.web)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("navigation", name="Main Menu")).to_be_visible()


def go_to(page: Page, entry: str) -> None:
    """By the Main Menu."""
    page.get_by_role("navigation", name="Main Menu").get_by_role("link", name=entry).first.click()
    expect(page.get_by_role("heading", level=1, name=entry)).to_be_visible()


def go_to_sync(page: Page) -> None:
    go_to(page, "Settings")
    page.get_by_role("main").get_by_role("link", name="Sync with QuickBooks").click()
    expect(page.get_by_role("heading", level=1, name="Sync with QuickBooks")).to_be_visible()


def sign_in_at_quickbooks(page: Page, company: str = SAMPLE_COMPANY) -> None:
    """Press Connect here; sign in and choose the company there. What is left is to say yes or no."""
    page.get_by_role("button", name=CONNECT).click()
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label(company).check()
    page.get_by_role("button", name="Next").click()


def connect(page: Page) -> None:
    """From the page Sync with QuickBooks and back to it; then what was found is shown."""
    sign_in_at_quickbooks(page)
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Sync with QuickBooks")).to_be_visible()


def press_sync(page: Page, *, full: bool = False) -> None:
    """Press Sync and wait for how it went."""
    page.get_by_role("checkbox", name="Full Sync").set_checked(full)
    page.get_by_role("button", name="Sync", exact=True).click()
    see_result(page, "Full Sync" if full else "Sync")


def begin(page: Page, site: Site) -> None:
    """From nothing to a company that is connected and has had its first Full Sync."""
    log_in(page, site)
    go_to_sync(page)
    connect(page)
    press_sync(page, full=True)


def send_estimates(page: Page, site: Site) -> None:
    """Choose that estimates go to QuickBooks, too."""
    page.goto(f"{site.web}/settings/quickbooks/?choices=open")
    page.get_by_label("Send estimates to QuickBooks, too").check()
    page.get_by_role("button", name="Keep these choices").click()
    sends = page.get_by_role("button", name=re.compile("and send them$"))
    expect(sends.or_(page.get_by_role("status").get_by_text("Your choices are kept"))).to_be_visible()
    if sends.is_visible():
        sends.click()


def see_result(page: Page, run: str) -> None:
    expect(page.get_by_role("heading", name=re.compile(f"^{run} finished"))).to_be_visible()


def open_record(page: Page, site: Site, *, kind: str, name: str, show: str = "all") -> None:
    """Find a record by the search of its list."""
    page.goto(f"{site.web}/{kind}/?show={show}&q={name}")
    page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
