"""Every page, in light and dark, on a desk and on a phone, and by keyboard alone."""

from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.conftest import quiet_context
from tests.browser.site import Site

Picture = Callable[[Page, str], None]

PHONE = {"width": 390, "height": 844}
LISTS = ("customers", "work-codes", "invoices", "payments")
PAGES = (
    *LISTS,
    *(f"{kind}/new" for kind in LISTS),
    "settings",
    "settings/sales-tax",
    "settings/quickbooks",
    "settings/quickbooks/attention",
    "settings/quickbooks/history",
)
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
#: What sticks out of the window, or of the card it stands in.
STICKS_OUT = """(width) => [...document.querySelectorAll("main *")]
    .filter((each) => !each.closest(".unseen, [hidden]"))
    .filter((each) => {
        const card = each.parentElement.closest(".card, fieldset");
        const edge = Math.min(width, card ? card.getBoundingClientRect().right : width);
        return each.getBoundingClientRect().right > edge + 1;
    })
    .map((each) => each.outerHTML.slice(0, 80))"""


@pytest.fixture(scope="module")
def synced(chromium: Browser, shared_site: Site) -> dict[str, Any]:
    """The cookies of a user whose demo company is connected and fully synced."""
    with quiet_context(chromium) as context:
        page = context.new_page()
        steps.log_in(page, shared_site)
        steps.go_to_sync(page)
        steps.connect(page)
        steps.press_sync(page, full=True)
        return dict(context.storage_state())


def every_page(page: Page, site: Site) -> Iterator[str]:
    """Go to each page there is, and to one record of each Kind; yields their names."""
    for name in PAGES:
        page.goto(f"{site.web}/{name}/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield name
    for name in (*LISTS, "settings/quickbooks/history"):
        page.goto(f"{site.web}/{name}/")
        page.locator("#list a.row").first.click()
        expect(page.locator("#list")).to_have_count(0)
        yield f"one of {name}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    chromium: Browser, shared_site: Site, synced: dict[str, Any], scheme: str, picture: Picture
) -> None:
    found = []
    with quiet_context(chromium, color_scheme=scheme, storage_state=synced) as context:
        page = context.new_page()
        for name in every_page(page, shared_site):
            picture(page, name.replace("/", " "))
            found += violations(page, name)
    with quiet_context(chromium, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(shared_site.web)
        found += violations(page, "log in")
    assert not found, "\n".join(found)


def violations(page: Page, name: str) -> list[str]:
    page.evaluate(AXE)
    result = page.evaluate("axe.run()")
    assert result["passes"], f"axe looked at nothing on {name}"
    return [
        f"{name}: {rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def test_on_a_phone_nothing_sticks_out_and_no_page_scrolls_sideways(
    chromium: Browser, shared_site: Site, synced: dict[str, Any], picture: Picture
) -> None:
    too_wide = []
    options = {"viewport": PHONE, "is_mobile": True, "has_touch": True, "storage_state": synced}
    with quiet_context(chromium, **options) as context:
        page = context.new_page()
        for name in every_page(page, shared_site):
            picture(page, name.replace("/", " "))
            too_wide += [f"{name}: {each}" for each in page.evaluate(STICKS_OUT, PHONE["width"])]
            if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
                too_wide.append(f"{name} scrolls sideways")
    assert not too_wide, "\n".join(too_wide)


def test_the_whole_way_by_keyboard(chromium: Browser, shared_site: Site, synced: dict[str, Any]) -> None:
    with quiet_context(chromium, storage_state=synced) as context:
        page = context.new_page()
        page.goto(f"{shared_site.web}/customers/")
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("Beacon")
        expect(page.locator("#list")).to_contain_text("1 customer")
        tab_to(page, "Beacon Street Bakery")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name="Beacon Street Bakery")).to_be_visible()

        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()

        page.keyboard.press("s")
        expect(page.get_by_role("heading", level=1, name="Sync with QuickBooks")).to_be_visible()
        tab_to(page, "Sync")
        page.keyboard.press("Enter")
        steps.see_result(page, "Sync")


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the thing of these words has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == words:
            return
    raise AssertionError(f"Tab never reaches “{words}”")
