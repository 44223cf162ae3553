"""Every page, in light and dark, on a desk and on a phone, and by keyboard alone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.conftest import quiet_context
from tests.browser.looks import complaints
from tests.browser.office import Office
from tests.browser.pages import OUTSIDE, PAGES, STATES, Known
from tests.browser.site import Site

Picture = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def synced(chromium: Browser, shared_site: Site) -> dict[str, Any]:
    """The cookies of a user whose demo company is connected and synced."""
    with quiet_context(chromium) as context:
        page = context.new_page()
        steps.log_in(page, shared_site)
        office = Office(
            page=page, site=shared_site
        )  # with something that needs a person, whatever was answered
        shared_site.post("customer", {"DisplayName": "Juniper Court LLC"})
        office.new_customer("Juniper Court")
        office.sync()
        return dict(context.storage_state())


def every_page(page: Page, site: Site) -> Iterator[str]:
    """Go to each page there is, and to some of them in other states; yields their names."""
    for name, known in PAGES.items():
        page.goto(f"{site.web}/{address_of(page, site, known)}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield name
    for address in STATES:
        page.goto(f"{site.web}/{address}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        yield address


def address_of(page: Page, site: Site, known: Known) -> str:
    if not known.ids:
        return known.address
    found = re.search(known.link, page.request.get(f"{site.web}/{known.ids}").text())
    assert found is not None, f"{known.ids} links to no record"
    return known.address.format(id=found[1])


def test_axe_finds_nothing_on_any_page_and_none_sticks_out_on_a_phone(
    chromium: Browser, shared_site: Site, synced: dict[str, Any], picture: Picture
) -> None:
    found: list[str] = []
    looked_at = 0
    # Without motion: a colour that is still changing has not its contrast yet.
    with quiet_context(chromium, storage_state=synced, reduced_motion="reduce") as context:
        page = context.new_page()
        for name in every_page(page, shared_site):
            found += complaints(page, name, picture)
            looked_at += 1
    with quiet_context(chromium, reduced_motion="reduce") as context:
        page = context.new_page()
        for address in OUTSIDE:
            page.goto(f"{shared_site.web}/{address}")
            found += complaints(page, address or "log in", picture)
    assert looked_at == len(PAGES) + len(STATES)
    assert not found, "\n".join(found)


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
