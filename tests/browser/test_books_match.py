"""Do the books match: looked at, checked, a planted cent found and mended, each difference followed."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.looks import fine
from tests.browser.office import Office

Picture = Callable[[Page, str], None]
BOOKS = "settings/quickbooks/books/"
CHECK = "Check with QuickBooks now"


def test_what_differs_is_explained_and_a_planted_cent_is_found(office: Office, picture: Picture) -> None:
    page, main = office.page, office.page.get_by_role("main")
    office.go(BOOKS)
    office.page.get_by_role("button", name=CHECK).click()
    expect(main).to_contain_text("Checked Today")
    expect(page.get_by_role("heading", level=2, name="The books match")).to_be_visible()
    expect(main).to_contain_text("QuickBooks' own report says the same")
    fine(page, "the books match", picture)
    office.new_invoice("8951")
    office.go(BOOKS)
    expect(page.get_by_role("row").filter(has_text="Not sent yet").first).to_contain_text("Invoices")
    office.sync()
    _planted(office, picture)


def _planted(office: Office, picture: Picture) -> None:
    """What a customer owes there is a cent more than its documents come to."""
    page, main = office.page, office.page.get_by_role("main")
    row = office.one_there("Invoice", DocNumber="8951")
    customer = office.one_there("Customer", Id=row["CustomerRef"]["value"])
    planted = customer | {"Balance": customer["Balance"] + 0.01}
    office.site.emulator.load(office.site.realm, {"Customer": [planted]})
    office.go(BOOKS)
    page.get_by_role("button", name=CHECK).click()
    expect(page.get_by_role("heading", level=2, name="The books do not match")).to_be_visible()
    astray = page.get_by_role("region", name="What nothing explains")
    expect(astray.get_by_role("row").filter(has_text=customer["DisplayName"])).to_contain_text("$0.01")
    expect(main).to_contain_text("which is not what it says at one customer")
    expect(page.locator("body")).to_contain_text("books differ by $0.01")
    fine(page, "a planted cent", picture)
    astray.get_by_role("link", name=customer["DisplayName"]).click()
    expect(main).to_contain_text("$0.01 of the difference is not explained")
    fine(page, "a customer with a planted cent", picture)
    office.site.emulator.load(office.site.realm, {"Customer": [customer]})
    office.go(BOOKS)
    page.get_by_role("button", name=CHECK).click()
    expect(page.get_by_role("heading", level=2, name="The books match")).to_be_visible()
    for tab in ("By customer", "By month"):
        page.get_by_role("navigation", name="Tables").get_by_role("link", name=tab).click()
        expect(page.get_by_role("region", name=tab)).to_be_visible()
        fine(page, f"the books {tab.lower()}", picture)
