"""What a sync cannot settle by itself is put before a person, with the button that mends it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.site import Site

Picture = Callable[[Page, str], None]


def test_pairs_are_shown_side_by_side_and_a_taken_name_with_a_free_one(
    page: Page, site: Site, picture: Picture
) -> None:
    steps.log_in(page, site)
    steps.go_to_sync(page)
    steps.connect(page)
    steps.press_sync(page, full=True)
    page.get_by_role("link", name="Needs attention").first.click()
    expect(page.get_by_role("heading", level=1, name="Needs attention")).to_be_visible()
    picture(page, "needs attention")

    pair = page.get_by_role("article").filter(has_text="Carver and Sons")
    expect(pair).to_contain_text("Carver & Sons")
    pair.get_by_role("button", name="They are the same").click()
    expect(page.get_by_text("is linked with “Carver & Sons”")).to_be_visible()
    expect(pair).to_have_count(0)

    taken = page.get_by_role("article").filter(has_text="A vendor in QuickBooks already has the name")
    taken.get_by_role("button", name="Rename it to").click()
    expect(page.get_by_text("is now named")).to_be_visible()
    page.get_by_role("button", name="Sync", exact=True).click()
    steps.see_result(page, "Sync")
    picture(page, "after mending")

    names = {str(row["DisplayName"]) for row in site.dump()["Customer"]}
    assert "Carver & Sons" in names
    assert "Carver and Sons" not in names
    assert "Northside Supply (customer)" in names
    steps.open_record(page, site, kind="customers", name="Carver and Sons")
    expect(page.get_by_role("region", name="QuickBooks")).to_contain_text("The same on both sides")


def test_a_change_in_quickbooks_is_kept_apart_until_a_person_takes_it(
    page: Page, site: Site, picture: Picture
) -> None:
    steps.log_in(page, site)
    steps.go_to_sync(page)
    steps.connect(page)
    steps.press_sync(page, full=True)
    page.goto(f"{site.emulator.url}/app/{site.realm}/customers?q=Beacon")
    page.get_by_role("link", name="Beacon Street Bakery").click()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Phone").fill("(555) 888-4321")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{site.web}/settings/quickbooks/")
    steps.press_sync(page)
    page.get_by_role("link", name="1 changed in QuickBooks").click()
    changed = page.get_by_role("article").filter(has_text="Beacon Street Bakery")
    expect(changed).to_contain_text("The phone was changed in QuickBooks")
    picture(page, "changed in quickbooks")
    changed.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("is now here as it is in QuickBooks")).to_be_visible()
    steps.open_record(page, site, kind="customers", name="Beacon Street Bakery")
    expect(page.get_by_role("main")).to_contain_text("(555) 888-4321")
