"""What a person sees of an invoice that was paid in QuickBooks, and of a card that asks before it removes."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.looks import fine
from tests.browser.office import Office

Picture = Callable[[Page, str], None]


def test_an_invoice_paid_in_quickbooks_is_paid_wherever_it_is_shown(office: Office, picture: Picture) -> None:
    office.new_invoice("8901")
    office.sync()
    row = office.one_there("Invoice", DocNumber="8901")
    office.payment_there(row, 100)
    office.sync()
    panel = office.open("invoices", "8901")
    expect(panel).to_contain_text("The same on both sides but for what is paid on it.")
    expect(panel).to_contain_text("nothing is left to pay there")
    expect(office.page.get_by_role("heading", level=1)).to_contain_text("Paid in QuickBooks")
    fine(office.page, "paid in quickbooks", picture)
    office.go("invoices/?show=open&q=8901")
    expect(office.page.get_by_role("main")).to_contain_text("No invoice that is open matches")
    office.go("invoices/?show=elsewhere")
    expect(office.page.get_by_role("row").filter(has_text="8901")).to_contain_text("Paid in QuickBooks")
    fine(office.page, "list of what is paid in quickbooks", picture)
    office.page.get_by_role("link", name="8901").click()
    office.page.get_by_role("main").get_by_role("link", name=row["CustomerRef"]["name"]).click()
    expect(office.page.get_by_role("main")).to_contain_text("Paid in QuickBooks")
    fine(office.page, "customer with what is paid in quickbooks", picture)


def test_a_card_says_whose_it_is_and_asks_before_it_voids(office: Office, picture: Picture) -> None:
    office.new_invoice("8902")
    office.sync()
    row = office.one_there("Invoice", DocNumber="8902")
    office.remove_there("Invoice", row, "delete")
    office.sync()
    card = office.needing("Invoice 8902", reason="removed_there")
    expect(card).to_contain_text(row["CustomerRef"]["name"])
    expect(card).to_contain_text("$100.00")
    expect(card.get_by_role("link", name="Open in QuickBooks")).to_have_count(0)
    card.locator("summary", has_text="Do the same here").click()
    expect(card).to_contain_text("cannot be brought back")
    fine(office.page, "asks before it voids", picture)
    card.get_by_role("button", name="Void it here").click()
    office.told("is removed here too")
    office.open("invoices", "8902", show="voided")
    expect(office.page.get_by_role("heading", level=1)).to_contain_text("Voided")
