"""Every page, in light and dark, on a desk and on a phone, and by keyboard alone."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.conftest import DESKTOP, quiet_context
from tests.browser.pages import PAGES, STATES, Known
from tests.browser.site import Site

Picture = Callable[[Page, str], None]

PHONE = {"width": 390, "height": 844}
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
    """The cookies of a user whose demo company is connected and synced."""
    with quiet_context(chromium) as context:
        page = context.new_page()
        steps.log_in(page, shared_site)
        return dict(context.storage_state())


@dataclass(kw_only=True)
class Looked:
    """What was wrong on any page."""

    pages: int = 0
    violations: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)


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


@pytest.fixture(scope="module")
def looked(chromium: Browser, shared_site: Site, synced: dict[str, Any], picture: Picture) -> Looked:
    """Each page is opened once: looked at in light and dark, then on a phone."""
    found = Looked()
    # Without motion: a colour that is still changing has not its contrast yet.
    with quiet_context(chromium, storage_state=synced, reduced_motion="reduce") as context:
        page = context.new_page()
        for name in every_page(page, shared_site):
            _look(page, name, found, picture)
    with quiet_context(chromium, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(shared_site.web)
        _look(page, "log in", found, picture)
    return found


def _look(page: Page, name: str, found: Looked, picture: Picture) -> None:
    word = re.sub(r"[^a-z]+", " ", name)
    found.pages += 1
    picture(page, f"{word} light")
    found.violations += violations(page, name)
    page.emulate_media(color_scheme="dark")
    picture(page, f"{word} dark")
    found.violations += violations(page, f"{name} in the dark", only="color-contrast")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    picture(page, f"{word} phone")
    found.too_wide += [f"{name}: {each}" for each in page.evaluate(STICKS_OUT, PHONE["width"])]
    if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
        found.too_wide.append(f"{name} scrolls sideways")
    page.set_viewport_size(DESKTOP)


def test_axe_finds_nothing_on_any_page_in_light_and_dark(looked: Looked) -> None:
    assert looked.pages == len(PAGES) + len(STATES) + 1
    assert not looked.violations, "\n".join(looked.violations)


def test_on_a_phone_nothing_sticks_out_and_no_page_scrolls_sideways(looked: Looked) -> None:
    assert not looked.too_wide, "\n".join(looked.too_wide)


def violations(page: Page, name: str, *, only: str = "") -> list[str]:
    page.evaluate(AXE)
    options = {"runOnly": [only]} if only else {}
    result = page.evaluate("(options) => axe.run(options)", options)
    assert result["passes"], f"axe looked at nothing on {name}"
    return [
        f"{name}: {rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


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
