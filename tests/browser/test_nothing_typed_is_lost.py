"""Every form there is, found by walking the pages: what is typed stays, and Enter saves nothing unasked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from quickbooks_sync.kinds import MONEY
from tests.browser import steps
from tests.browser.conftest import quiet_context
from tests.browser.looks import fine
from tests.browser.office import Office
from tests.browser.pages import PAGES, STATES
from tests.browser.site import Site
from tests.browser.test_every_page import address_of

Picture = Callable[[Page, str], None]
SESSION = "service_genius_session"
PASTED = "<b>Gate \"7\"</b> & 'co'"
#: Forms in which something is written; those of the log-in keep nothing, on purpose.
WRITTEN = "main form[method=post]:not(:has([type=password]))"
TEXT = "input[type=text]:not([inputmode=decimal]):visible, textarea:visible"


def forms_of(page: Page) -> Iterator[Locator]:
    """The forms of the page that stands there in which a text is written."""
    found = page.locator(WRITTEN)
    for number in range(found.count()):
        if found.nth(number).locator(TEXT).count():
            yield found.nth(number)


@pytest.fixture(scope="module")
def written(office: Office) -> list[str]:
    """The addresses of all pages with such a form."""
    addresses = [address_of(office.page, office.site, known) for known in PAGES.values() if not known.ids]
    for name, known in PAGES.items():
        if known.ids and not name.startswith("quickbooks"):
            addresses.append(address_of(office.page, office.site, known))
    found = []
    for address in [*addresses, *STATES]:
        office.go(address)
        if any(True for _ in forms_of(office.page)):
            found.append(address)
    assert len(found) >= 9, found
    return found


@dataclass(kw_only=True)
class Tab:
    """A window of a test's own, and what it was asked when a page was left."""

    page: Page
    site: Site
    stays: bool = False
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("dialog", self._answer)

    def _answer(self, dialog: Dialog) -> None:
        self.asked.append(dialog.type)
        (dialog.dismiss if self.stays else dialog.accept)()

    def go(self, address: str) -> None:
        self.page.goto(f"{self.site.web}/{address}")

    def is_asked_and_stays(self, leave: Callable[[], object]) -> None:
        self.stays, self.asked = True, []
        with self.page.expect_event("dialog"):
            leave()
        self.stays = False
        assert self.asked == ["beforeunload"]
        # Until the page is drawn again, the browser takes no other wish to leave it.
        self.page.evaluate("() => new Promise(requestAnimationFrame)")


@pytest.fixture
def tab(chromium: Browser, shared_site: Site, office: Office) -> Iterator[Tab]:
    """Logged in already: so many log-ins in a minute are refused."""
    with quiet_context(chromium) as context:
        context.add_cookies(office.page.context.cookies())
        yield Tab(page=context.new_page(), site=shared_site)


def typed_into(page: Page) -> Locator:
    """By the keys, as a person does it: a page may ask only somebody who touched it."""
    found = next(forms_of(page)).locator(TEXT).last
    found.click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(PASTED)
    return found


def test_leaving_a_half_written_form_asks_on_every_page(tab: Tab, written: list[str]) -> None:
    page = tab.page
    for address in written:
        tab.go("customers/")
        tab.go(address)
        typed = typed_into(page)
        menu = page.get_by_role("navigation", name="Main Menu").get_by_role("link", name="Settings").first
        tab.is_asked_and_stays(lambda: menu.click(no_wait_after=True))  # noqa: B023 - called at once
        tab.is_asked_and_stays(lambda: page.evaluate("() => { history.back(); }"))
        tab.is_asked_and_stays(lambda: page.close(run_before_unload=True))
        expect(typed).to_have_value(PASTED)


def test_an_untouched_form_and_cancel_are_left_without_a_question(tab: Tab, written: list[str]) -> None:
    for address in written:
        tab.go(address)
        tab.page.locator("main h1").first.click()
    tab.go("customers/new/")
    typed_into(tab.page)
    tab.page.get_by_role("link", name="Cancel").click()
    expect(tab.page.get_by_role("heading", level=1, name="Customers")).to_be_visible()
    assert tab.asked == []


def test_a_log_in_brings_back_what_was_typed_on_every_page(
    chromium: Browser, shared_site: Site, written: list[str], picture: Picture
) -> None:
    for script in (True, False):
        with quiet_context(chromium, java_script_enabled=script) as context:
            page = context.new_page()
            page.on("dialog", lambda dialog: dialog.accept())
            steps.log_in(page, shared_site)
            for address in written:
                page.goto(f"{shared_site.web}/{address}")
                form = next(forms_of(page))
                form.locator(TEXT).last.fill(PASTED)
                name = form.locator(TEXT).last.get_attribute("name")
                context.clear_cookies(name=SESSION)
                form.locator("button:visible").last.click()
                expect(page.get_by_text("What you typed is kept")).to_be_visible()
                page.get_by_label("Email").fill(steps.OWNER)
                page.get_by_label("Password").fill(steps.PASSWORD)
                page.get_by_role("button", name="Log in", exact=True).click()
                expect(page.get_by_text("You were logged out meanwhile.")).to_be_visible()
                expect(page.locator(f"main [name='{name}']")).to_have_value(PASTED)
            picture(page, f"brought back, script {script}")


def test_enter_goes_on_in_an_invoice_and_a_payment_and_saves_nothing(tab: Tab, written: list[str]) -> None:
    page, seen = tab.page, 0
    for address in written:
        tab.go(address)
        if not page.locator("form[data-enter]").count():
            continue
        seen += 1
        for each in page.locator("form[data-enter] input:visible").all():
            each.focus()
            page.keyboard.press("Enter")
            if each.get_attribute("type") != "search":
                expect(each).not_to_be_focused()
        assert page.url.endswith(address)
        expect(page.locator("form[data-enter]")).to_be_visible()
    assert seen == 2 * len(MONEY)  # a new one and one that exists, of each Kind


def test_an_invoice_is_written_with_enter_alone(tab: Tab, picture: Picture) -> None:
    page = tab.page
    tab.go("invoices/new/")
    page.get_by_label("Customer").click()
    page.keyboard.type("Beacon Street Bakery")
    page.keyboard.press("Enter")
    page.get_by_label("Number").fill("ENTER-1")
    for line, amount in ((1, "$1,149.50"), (2, "20")):
        if line == 1:
            page.get_by_label("Work code of line 1").click()
        expect(page.get_by_label(f"Work code of line {line}")).to_be_focused()
        page.keyboard.type("Service call")
        page.keyboard.press("Enter")
        expect(page.get_by_label(f"Quantity of line {line}")).to_be_focused()
        expect(page.get_by_label(f"Price of line {line}")).not_to_have_value("")
        page.keyboard.press("Enter")
        expect(page.get_by_label(f"Price of line {line}")).to_be_focused()
        page.keyboard.type(amount)
        page.keyboard.press("Enter")
    fine(page, "written with enter alone", picture)
    page.get_by_label("Work code of line 3").focus()
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.get_by_role("heading", level=1, name="ENTER-1")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("$1,169.50")


def test_without_script_enter_shows_the_invoice_again_with_all_that_was_typed(
    chromium: Browser, shared_site: Site
) -> None:
    with quiet_context(chromium, java_script_enabled=False) as context:
        page = context.new_page()
        steps.log_in(page, shared_site)
        page.goto(f"{shared_site.web}/invoices/new/")
        page.get_by_label("Customer").fill("Beacon Street Bakery")
        page.get_by_label("Work code of line 1").fill("Service call")
        page.get_by_label("Price of line 1").fill("100")
        page.get_by_label("Price of line 1").press("Enter")
        expect(page.get_by_text("Not saved yet.")).to_be_visible()
        expect(page.get_by_label("Price of line 1")).to_have_value("100")
        page.get_by_role("button", name="Add line").click()
        page.get_by_label("Work code of line 2").fill("Service call")
        page.get_by_label("Number").fill("NO-SCRIPT-1")
        page.get_by_role("button", name="Remove line 1").click()
        expect(page.get_by_label("Work code of line 1")).to_have_count(0)
        page.get_by_role("button", name="Save invoice").click()
        expect(page.get_by_role("heading", level=1, name="NO-SCRIPT-1")).to_be_visible()


def test_a_price_that_is_typed_while_the_work_code_is_looked_up_stays(tab: Tab) -> None:
    page = tab.page
    tab.go("invoices/new/")
    page.get_by_label("Work code of line 1").fill("Service call")
    with tab.site.standing():
        page.get_by_label("Work code of line 1").press("Tab")
        page.get_by_label("Price of line 1").fill("1.149,50")
    expect(page.get_by_label("Description of line 1")).not_to_have_value("")
    expect(page.get_by_label("Price of line 1")).to_have_value("1.149,50")


def test_what_cannot_be_meant_is_told_where_it_was_typed(tab: Tab, picture: Picture) -> None:
    page = tab.page
    tab.go("invoices/new/")
    page.get_by_label("Customer").fill("Beacon Street Bakery")
    page.get_by_label("Number").fill("FAR-1")
    page.get_by_label("Due").fill("2099-12-31")
    page.get_by_label("Work code of line 1").fill("Service call")
    page.get_by_label("Work code of line 1").press("Tab")
    expect(page.get_by_label("Price of line 1")).not_to_have_value("")
    page.get_by_label("Price of line 1").fill("1.149,50")
    page.get_by_role("button", name="Save invoice").click()
    expect(page.get_by_text("Price “1.149,50” cannot be read for certain.")).to_be_visible()
    expect(page.get_by_text("Due: Dec 31, 2099 cannot be entered.")).to_be_visible()
    fine(page, "refused with the way out", picture)
    year = int(page.get_by_label("Date", exact=True).input_value()[:4]) + 4
    page.get_by_label("Due").fill(f"{year}-01-05")
    page.get_by_label("Price of line 1").fill("$1,149.50")
    page.get_by_role("button", name="Save invoice").click()
    expect(page.get_by_text(f"Due: Jan 5, {year} is 4 years from now.")).to_be_visible()
    fine(page, "asked about", picture)
    page.get_by_role("checkbox", name=f"Jan 5, {year} is right").check()
    page.get_by_role("button", name="Save invoice").click()
    expect(page.get_by_role("heading", level=1, name="FAR-1")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("$1,149.50")
