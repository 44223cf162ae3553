"""Shown before it is done: what a Full Sync would do, step by step; then just that."""

from collections.abc import Callable, Sequence

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.looks import fine
from tests.browser.site import Site

Picture = Callable[[Page, str], None]
#: The customer whose name a vendor has in QuickBooks: nothing is sent before somebody says more.
NEEDS_A_PERSON = "Northside Supply"
ONLY_HERE = "Beacon Street Bakery"
ONLY_THERE = "Fairview Public Library"


def test_a_preview_shows_every_step_and_sync_as_shown_does_just_that(
    page: Page, site: Site, picture: Picture
) -> None:
    steps.log_in(page, site)
    steps.go_to_sync(page)
    steps.connect(page)
    before = site.dump()
    _preview(page)
    fine(page, "preview", picture)

    page.get_by_role("link", name="Every step").click()
    expect(page.get_by_role("heading", level=1, name="Preview of Full Sync")).to_be_visible()
    expect(page.get_by_text("Nothing was done yet.")).to_be_visible()
    titles = page.get_by_role("main").get_by_role("heading", level=2).all_text_contents()
    assert [title.split(maxsplit=1)[1] for title in titles] == ["need you first", "steps"]
    expect(page.get_by_role("region", name="need you first")).to_contain_text(NEEDS_A_PERSON)
    planned = page.get_by_role("region", name="steps")
    expect(_step(planned, ONLY_HERE)).to_contain_text("Would be created in QuickBooks")
    expect(_step(planned, "Amelia Hartwell").first).to_contain_text("Would be paired")
    shown = _counts(page)
    fine(page, "every step", picture)
    assert site.dump() == before
    page.goto(f"{site.web}/customers/?q={ONLY_THERE}")
    expect(page.get_by_role("main").get_by_role("link", name=ONLY_THERE)).to_have_count(0)

    page.go_back()
    page.get_by_role("button", name="Sync as shown").click()
    steps.see_result(page, "Full Sync as shown")
    assert _counts(page) == shown
    picture(page, "done as shown")
    page.get_by_role("link", name="Every change").click()
    expect(page.get_by_text("Done as shown in its preview.")).to_be_visible()
    expect(page.get_by_role("region", name="changed since the preview")).to_have_count(0)
    names = {row["DisplayName"] for row in site.dump()["Customer"]}
    assert ONLY_HERE in names
    page.goto(f"{site.web}/customers/?q={ONLY_THERE}")
    expect(page.get_by_role("main").get_by_role("link", name=ONLY_THERE)).not_to_have_count(0)

    steps.go_to_sync(page)
    _preview(page)
    expect(page.get_by_role("region", name="Preview of Full Sync")).to_contain_text("There is nothing to do")
    expect(page.get_by_role("button", name="Sync as shown")).to_have_count(0)
    expect(page.get_by_role("table")).to_have_count(0)
    picture(page, "a preview of nothing")


def _preview(page: Page) -> None:
    page.get_by_role("checkbox", name="Full Sync").check()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="Preview of Full Sync", exact=True)).to_be_visible()


def _step(planned: Locator, name: str) -> Locator:
    return planned.get_by_role("listitem").filter(has_text=name)


def _counts(page: Page) -> Sequence[Sequence[str]]:
    """The table of a run: for each Kind what is new, changed and paired."""
    rows = page.get_by_role("table").get_by_role("row").filter(has=page.get_by_role("rowheader"))
    return [row.get_by_role("cell").all_text_contents() for row in rows.all()]
