"""Who wins, chosen by keyboard alone: what differs is seen side by side, and the preview shows the choice."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.looks import fine
from tests.browser.site import Site

Picture = Callable[[Page, str], None]
CAFE = "Bluebird Cafe"
TABS_MAX = 80


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus."""
    expect(wanted).to_be_visible()
    for _ in range(TABS_MAX):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by keyboard")


def type_choice(page: Page, label: str, beginning: str) -> None:
    """Choose in a list by the first letters of what stands in it."""
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(beginning)


def test_who_wins_is_chosen_by_keyboard_and_shown_in_the_preview(
    page: Page, site: Site, picture: Picture
) -> None:
    steps.log_in(page, site)
    steps.go_to_sync(page)
    steps.connect(page)
    found = page.get_by_role("region", name="What was found")
    expect(found).to_contain_text("9 customers and 1 work code are on both sides with different details")
    expect(found).to_contain_text("30 values in 10 records of QuickBooks would be replaced")
    fine(page, "who wins", picture)

    tab_to(page, page.get_by_role("link", name="See them side by side"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Different on both sides")).to_be_visible()
    cafe = page.get_by_role("table", name=CAFE)
    expect(cafe.get_by_role("row", name="Phone")).to_contain_text("(555) 201-0177 wins")
    fine(page, "different on both sides", picture)
    tab_to(page, page.get_by_role("link", name="Choose who wins"))
    page.keyboard.press("Enter")

    type_choice(page, "Contact details and notes", "Q")
    type_choice(page, "Addresses", "O")
    tab_to(page, page.get_by_role("button", name="Keep this choice"))
    page.keyboard.press("Enter")
    expect(found).to_contain_text("2 values in 1 record of QuickBooks would be replaced")
    expect(found).to_contain_text("3 values in 2 records of Service Genius would be replaced")
    expect(found).to_contain_text("25 values in 9 records would stay different on the two sides")

    before = site.dump()
    tab_to(page, page.get_by_role("checkbox", name="Full Sync"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Preview", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Preview of Full Sync")).to_contain_text("3 values in 2 records")
    tab_to(page, page.get_by_role("link", name="Every step"))
    page.keyboard.press("Enter")
    planned = page.get_by_role("region", name="steps")
    step = planned.get_by_role("listitem").filter(has_text=CAFE).first
    expect(step).to_contain_text("Would be paired")
    expect(step).to_contain_text("(555) 201-0144")
    expect(step).to_contain_text("Each side keeps its own billing")
    fine(page, "every step of the choice", picture)
    assert site.dump() == before

    tab_to(page, page.get_by_role("button", name="Sync as shown"))
    page.keyboard.press("Enter")
    steps.see_result(page, "Full Sync as shown")
    [there] = [row for row in site.dump()["Customer"] if row["DisplayName"] == CAFE]
    assert (there["PrimaryPhone"]["FreeFormNumber"], there["BillAddr"]["Line1"]) == (
        "(555) 201-0144",
        "22 Harbor St.",
    )
    steps.open_record(page, site, kind="customers", name=CAFE)
    expect(page.get_by_role("main")).to_contain_text("(555) 201-0144")
    expect(page.get_by_role("main")).to_contain_text("22 Harbor Street")
    expect(page.get_by_role("region", name="QuickBooks")).to_contain_text("in QuickBooks is not as here")
    picture(page, "a record that stays different")
