"""How a page looks to people who see little, use a phone, or work in the dark."""

import re
from collections.abc import Callable
from importlib.resources import files

from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
#: What sticks out of the window, or of the card it stands in.
STICKS_OUT = """([width, scrolling]) => [...document.querySelectorAll("main *")]
    .filter((each) => !each.closest(".unseen, [hidden]"))
    .filter((each) => !scrolling || !each.parentElement.closest(scrolling))
    .filter((each) => {
        const card = each.parentElement.closest(".card, fieldset");
        const edge = Math.min(width, card ? card.getBoundingClientRect().right : width);
        return each.getBoundingClientRect().right > edge + 1;
    })
    .map((each) => each.outerHTML.slice(0, 80))"""
#: What axe finds, in words: the rest of what it tells is long, and nobody reads it.
LOOKED_AT = """async (options) => {
    const found = await axe.run({ ...options, resultTypes: ["violations"] });
    const words = (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target} ${node.failureSummary}`);
    return { passes: found.passes.length, violations: found.violations.flatMap(words) };
}"""
#: A colour that is still changing has not its contrast yet; what is taken off meanwhile is at rest.
AT_REST = "() => Promise.allSettled(document.getAnimations().map((each) => each.finished)).then(() => null)"


def complaints(
    page: Page, name: str, picture: Callable[[Page, str], None], *, scrolling: str = ""
) -> list[str]:
    """What is wrong with the page as it stands: on a desk, in the dark, and on a phone.

    `scrolling` selects boxes that scroll by themselves, where there are any: what is in them may be wide.
    """
    word = re.sub(r"[^a-z]+", " ", name)
    desk = page.viewport_size
    assert desk is not None
    picture(page, f"{word} light")
    page.evaluate(AXE)
    found = _axe(page, name)
    page.emulate_media(color_scheme="dark")
    page.evaluate(AT_REST)
    picture(page, f"{word} dark")
    found += _axe(page, f"{name} in the dark", only="color-contrast")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)
    picture(page, f"{word} phone")
    found += [f"{name}: {each} sticks out" for each in page.evaluate(STICKS_OUT, [PHONE["width"], scrolling])]
    if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
        found.append(f"{name} scrolls sideways")
    page.set_viewport_size({"width": desk["width"], "height": desk["height"]})
    return found


def fine(page: Page, name: str, picture: Callable[[Page, str], None]) -> None:
    """Nothing is wrong with the page as it stands."""
    found = complaints(page, name, picture)
    assert not found, "\n".join(found)


def _axe(page: Page, name: str, *, only: str = "") -> list[str]:
    result = page.evaluate(LOOKED_AT, {"runOnly": [only]} if only else {})
    assert result["passes"], f"axe looked at nothing on {name}"
    return [f"{name}: {words}" for words in result["violations"]]
