"""A payment of a customer with more open invoices than its page shows, with script and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NewPage
from tests.browser.office import SERVICE
from tests.browser.site import Site
from tests.forms import forms_of

Picture = Callable[[Page, str], None]
CUSTOMER = "Evergreen Management"
MANY = 150
#: The first is of 1 dollar, each other of one more.
TOTAL = MANY * (MANY + 1) // 2


def send(page: Page, site: Site, address: str, **values: str) -> None:
    """Save a form as it is on its page, with these values typed into it."""
    form = next(each for each in forms_of(page.request.get(site.web + address).text()) if each.typed)
    answer = page.request.post(
        site.web + address,
        data=form.with_values(**values),
        headers={"Content-Type": "application/x-www-form-urlencoded", "Referer": site.web + address},
        max_redirects=0,
    )
    assert answer.status == 302, answer.text()


@pytest.fixture
def billed(page: Page, site: Site) -> Page:
    """Logged in, where a manager of two houses owes 150 invoices."""
    steps.log_in(page, site)
    send(page, site, "/customers/new/", display_name=CUSTOMER)
    for house in ("Elm Street 1", "Elm Street 2"):
        send(page, site, "/customers/new/", display_name=house, parent=CUSTOMER, service_street=house)
    for number in range(1, MANY + 1):
        send(
            page,
            site,
            "/invoices/new/",
            customer=f"{CUSTOMER}: Elm Street {1 + number % 2}",
            number=f"E{number:03}",
            **{"lines-0-work_code": SERVICE, "lines-0-unit_price": str(number), "tax_rate": ""},
        )
    return page


def paid(page: Page, number: int) -> None:
    expect(page.get_by_role("status")).to_contain_text(f"It pays {number} invoice")


def test_all_of_150_open_invoices_are_found_paid_and_kept(
    billed: Page, site: Site, new_page: NewPage, picture: Picture
) -> None:
    page = billed
    _some_of_them_are_found(page, site, picture)
    _the_note_alone_is_edited(page, picture)
    _the_same_without_script(new_page(java_script_enabled=False), site, picture)
    _the_oldest_first_reaches_all(page, site, picture)


def _some_of_them_are_found(page: Page, site: Site, picture: Picture) -> None:
    page.goto(f"{site.web}/payments/new/")
    page.get_by_label("Customer").fill(CUSTOMER)
    page.get_by_label("Customer").press("Tab")
    expect(page.get_by_text(f"1 to 50 of {MANY} open invoices")).to_be_visible()
    picture(page, "many open invoices")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text(f"51 to 100 of {MANY} open invoices")).to_be_visible()
    page.get_by_label("Pay on invoice E060").fill("6")
    search = page.get_by_label("Find an open invoice")
    search.fill("e149")
    expect(page.get_by_text("1 to 1 of 1 found")).to_be_visible()
    search.press("Enter")  # looks for it, and saves nothing
    page.get_by_label("Pay on invoice E149").fill("4")
    search.fill("elm street 2")
    expect(page.get_by_text("1 to 50 of 74 found")).to_be_visible()
    for number, amount in (("E060", "6"), ("E149", "4")):
        expect(page.get_by_label(f"Pay on invoice {number}")).to_have_value(amount)
    picture(page, "found by address with amounts kept")
    page.get_by_label("Amount").fill("12")
    page.get_by_label("Amount").press("Tab")
    expect(page.locator("#rest")).to_contain_text("$2.00")
    expect(page.get_by_label("Pay on invoice E149")).to_have_value("4")
    page.get_by_role("button", name="Save payment").click()
    paid(page, 2)
    expect(page.get_by_role("status")).to_contain_text("$2.00 stays as the customer's credit")
    picture(page, "saved")


def _the_note_alone_is_edited(page: Page, picture: Picture) -> None:
    page.get_by_role("link", name="Edit").click()
    for number, amount in (("E060", "6.00"), ("E149", "4.00")):
        expect(page.get_by_label(f"Pay on invoice {number}")).to_have_value(amount)
    picture(page, "edit")
    page.get_by_label("Note").fill("Thank you")
    page.get_by_role("button", name="Save payment").click()
    paid(page, 2)


def _the_same_without_script(page: Page, site: Site, picture: Picture) -> None:
    steps.log_in(page, site)
    page.goto(f"{site.web}/payments/new/")
    page.get_by_label("Customer").fill(CUSTOMER)
    page.get_by_label("Amount").fill("51")
    page.get_by_role("button", name="Show what is open").click()
    page.get_by_label("Find an open invoice").fill("E150")
    page.get_by_label("Find an open invoice").press("Enter")
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    page.get_by_label("Pay on invoice E150").fill("50")
    picture(page, "without script")
    page.get_by_role("button", name="Save payment").click()
    paid(page, 1)
    expect(page.get_by_role("status")).to_contain_text("$1.00 stays as the customer's credit")


def _the_oldest_first_reaches_all(page: Page, site: Site, picture: Picture) -> None:
    page.goto(f"{site.web}/payments/new/")
    page.get_by_label("Customer").fill(CUSTOMER)
    page.get_by_label("Customer").press("Tab")
    expect(page.get_by_text(f"1 to 50 of {MANY} open invoices")).to_be_visible()
    page.get_by_label("Amount").fill(str(TOTAL - 10 - 50))  # what is open yet
    page.get_by_label("Amount").press("Tab")
    expect(page.get_by_label(re.compile("Pay on invoice"))).to_have_count(MANY)
    expect(page.locator("#rest")).to_contain_text("Credit left$0.00")
    picture(page, "the oldest first")
    page.get_by_label("Pay on invoice E150").fill("50")
    page.get_by_label("Pay on invoice E150").press("Tab")
    expect(page.locator("#rest")).to_contain_text("Credit left$50.00")
    page.get_by_role("button", name="Save payment").click()
    paid(page, MANY)
