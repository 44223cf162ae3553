"""What stays on one side is said at the record, and where it is entered."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.looks import fine
from tests.browser.office import CUSTOMER, Office

Picture = Callable[[Page, str], None]


def test_a_method_that_quickbooks_does_not_have_is_said_at_the_payment(
    office: Office, picture: Picture
) -> None:
    page = office.page
    office.go("payments/new/")
    expect(page.get_by_text("QuickBooks has ")).to_contain_text("another stays here only until it is added")
    fine(page, "the methods of quickbooks", picture)
    page.get_by_label("Customer").fill(CUSTOMER)
    page.get_by_label("Amount").fill("40")
    page.get_by_label("Method").fill("Zelle")
    page.get_by_role("button", name="Save payment").click()
    expect(page.get_by_role("heading", level=1, name="$40")).to_be_visible()
    address = page.url

    office.sync()

    page.goto(address)
    kept = page.get_by_text("The method stays in Service Genius only.")
    expect(kept).to_contain_text("QuickBooks has no payment method “Zelle”.")
    fine(page, "a method that stays here", picture)
    office.site.post("paymentmethod", {"Name": "Zelle"})
    office.sync()
    page.goto(address)
    expect(kept).to_have_count(0)
