"""Whoever goes back to a form that was saved, and what a button says while it works."""

import json
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.looks import fine
from tests.browser.office import Office

Picture = Callable[[Page, str], None]


def test_gone_back_to_it_shows_what_was_saved_and_what_was_changed_is_asked_about(
    office: Office, picture: Picture
) -> None:
    page = office.page
    office.new_customer("Gone back")
    page.go_back()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Gone back")
    page.get_by_role("button", name="Save", exact=True).click()
    office.told("It was saved once.")
    expect(page.get_by_role("link", name="Enter another like it")).to_be_visible()
    picture(page, "pressed again after going back")
    page.go_back()
    page.get_by_label("Name", exact=True).fill("Gone forth")
    page.get_by_label("Notes", exact=True).fill("Two gates")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Do you want to save another one?")).to_be_visible()
    expect(page.get_by_role("link", name="Show Gone back")).to_be_visible()
    fine(page, "changed and pressed again", picture)
    page.get_by_role("button", name="Save another one").click()
    expect(page.get_by_role("heading", level=1, name="Gone forth")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Two gates")
    for name in ("Gone back", "Gone forth"):
        office.go(f"customers/?show=all&q={name}")
        expect(page.locator("#list")).to_contain_text("1 customer")


def test_a_button_that_was_pressed_says_that_it_works(office: Office) -> None:
    page = office.page
    office.go("customers/new/")
    page.get_by_label("Name", exact=True).fill("Long in coming")
    # Written down by the page itself: what is asked of a page that is being left may be lost with it.
    page.evaluate("""() => {
        const button = document.querySelector("form.record .form-actions button");
        new MutationObserver(() => {
            sessionStorage.said = JSON.stringify([button.innerText, button.ariaDisabled]);
        }).observe(button, {attributes: true, childList: true, characterData: true, subtree: true});
    }""")
    with office.site.standing():
        page.get_by_role("button", name="Save", exact=True).click(no_wait_after=True)
    expect(page.get_by_role("heading", level=1, name="Long in coming")).to_be_visible()
    assert json.loads(page.evaluate("sessionStorage.said")) == ["Saving…", "true"]
