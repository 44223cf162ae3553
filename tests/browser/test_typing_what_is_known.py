"""While a customer is typed: who it may be already, and a name that QuickBooks holds."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.looks import fine
from tests.browser.office import Office

Picture = Callable[[Page, str], None]


def test_a_held_name_is_told_and_the_free_one_taken_by_keyboard(office: Office, picture: Picture) -> None:
    office.site.post("vendor", {"DisplayName": "Oakleaf Tooling"})  # one that no other story meets
    office.sync()
    page = office.page
    page.goto(f"{office.site.web}/customers/new/")
    name = page.get_by_label("Name", exact=True)
    name.fill("oakleaf tooling")
    page.keyboard.press("Tab")
    told = page.get_by_role("main").locator("form").get_by_role("status")
    expect(told).to_contain_text("A vendor in QuickBooks already has the name")
    fine(page, "a name that is held", picture)
    told.get_by_role("button", name=re.compile("^Use ")).press("Enter")
    expect(name).to_have_value("oakleaf tooling (customer)")
    expect(name).to_be_focused()
    expect(told).not_to_contain_text("A vendor")


def test_whoever_may_be_here_already_is_named_and_nothing_is_stopped(office: Office) -> None:
    page = office.page
    page.goto(f"{office.site.web}/customers/new/")
    page.get_by_label("Name", exact=True).fill("Hartwel, Amelia")
    page.keyboard.press("Tab")
    told = page.get_by_role("main").locator("form").get_by_role("status")
    expect(told).to_contain_text("names differ by one letter")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hartwel, Amelia")
