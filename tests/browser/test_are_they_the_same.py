"""Thousands of questions whether two are the same, answered by keyboard alone: on a desk and on a phone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import steps
from tests.browser.conftest import DESKTOP, quiet_context
from tests.browser.looks import PHONE, fine
from tests.browser.site import Site, running_site

Picture = Callable[[Page, str], None]
QUESTIONS = 2000
SAME = "settings/quickbooks/same/"
TABS_MAX = 60
#: So many stand on a page.
PART = 25


@pytest.fixture(scope="module")
def asking(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A company right after connecting, with thousands of questions."""
    with running_site(tmp_path_factory.mktemp("asking")) as site:
        with quiet_context(chromium) as context:
            page = context.new_page()
            steps.log_in(page, site)
            steps.go_to_sync(page)
            steps.connect(page)
            expect(page.get_by_role("heading", name="What was found")).to_be_visible()
            expect(
                page.get_by_role("link", name=re.compile("may be the same: look at them$"))
            ).to_be_visible()
        site.make_questions(QUESTIONS)
        yield site


def at_hand(page: Page) -> str:
    """The question with the focus, by the name of its record."""
    focused = page.locator("article:focus")
    expect(focused).to_have_count(1)
    return focused.get_by_role("heading", level=2).inner_text()


def told(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("status").get_by_text(words)).to_be_visible()


def tab_to(page: Page, words: str) -> None:
    """Press Tab until something of these words has the focus."""
    for _ in range(TABS_MAX):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"Tab never reaches “{words}”")


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_questions_are_answered_by_their_keys(
    window: dict[str, int], chromium: Browser, asking: Site, picture: Picture
) -> None:
    with quiet_context(chromium, viewport=window, reduced_motion="reduce") as context:
        page = context.new_page()
        steps.log_in(page, asking)
        page.goto(f"{asking.web}/{SAME}")
        left = re.compile(r"([\d,]+) (?:questions|left)")
        page.keyboard.press("s")  # nothing is at hand yet, so nothing is answered
        first = at_hand(page)
        page.keyboard.press("ArrowDown")
        second = at_hand(page)
        page.keyboard.press("j")
        third = at_hand(page)
        page.keyboard.press("k")
        page.keyboard.press("ArrowUp")
        assert (at_hand(page), len({first, second, third})) == (first, 3)
        before = _number(left, page)

        page.keyboard.press("s")
        told(page, f"“{first}” is linked with")
        assert at_hand(page) == second
        page.keyboard.press("d")
        told(page, f"“{second}” is kept as a record of its own")
        assert at_hand(page) == third
        page.keyboard.press("l")
        told(page, f"“{third}” is asked again at the end of the list")
        assert at_hand(page) not in {first, second, third}
        assert _number(left, page) == before - 2
        fine(page, "are they the same", picture)

        page.keyboard.press("?")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("They are different")
        fine(page, "the keys of the questions", picture)
        page.keyboard.press("d")  # nothing is answered under it
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        assert _number(left, page) == before - 2


def _number(words: re.Pattern[str], page: Page) -> int:
    expect(page.get_by_role("main")).to_contain_text(words)
    found = words.search(page.get_by_role("main").inner_text())
    assert found is not None
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_another_one_is_sought_and_all_above_a_line_accepted_by_keyboard(
    window: dict[str, int], chromium: Browser, asking: Site, picture: Picture
) -> None:
    with quiet_context(chromium, viewport=window, reduced_motion="reduce") as context:
        page = context.new_page()
        steps.log_in(page, asking)
        page.goto(f"{asking.web}/{SAME}")
        page.keyboard.press("j")
        name = at_hand(page)
        page.keyboard.press("f")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("Kowalski")
        page.keyboard.press("Enter")
        expect(page.get_by_role("article")).to_have_count(1)
        fine(page, "search for another", picture)
        tab_to(page, "They are the same")
        expect(page.get_by_role("heading", level=2)).to_have_text("Kowalski Plumbing Supply LLC")

        page.goto(f"{asking.web}/{SAME}")
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("Customer 01000")
        page.keyboard.press("Enter")
        expect(page.get_by_role("article")).to_have_count(1)
        tab_to(page, "Show all")
        page.keyboard.press("Enter")
        expect(page.get_by_role("article")).to_have_count(PART)

        page.keyboard.press("j")
        assert at_hand(page) == name
        page.keyboard.press("j")
        tab_to(page, "Accept all above this line")
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_contain_text("2 records would be linked")
        fine(page, "accept all above this line", picture)
        tab_to(page, "Link all 2")
        page.keyboard.press("Enter")
        told(page, "2 linked")


def test_without_script_tab_and_enter_answer_and_the_next_question_is_at_hand(
    chromium: Browser, asking: Site
) -> None:
    with quiet_context(chromium) as context:
        page = context.new_page()
        steps.log_in(page, asking)
        cookies = context.storage_state()
    with quiet_context(chromium, storage_state=cookies, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{asking.web}/{SAME}")
        first, second = page.get_by_role("article").get_by_role("heading", level=2).all_inner_texts()[:2]
        card = page.get_by_role("article").first
        card.get_by_role("button", name="They are different").focus()
        page.keyboard.press("Enter")
        told(page, f"“{first}” is kept as a record of its own")
        assert at_hand(page) == second
        page.keyboard.press("Tab")
        expect(page.get_by_role("article").first.get_by_role("link", name=second)).to_be_focused()


def test_an_answer_is_taken_back_under_settled(chromium: Browser, asking: Site, picture: Picture) -> None:
    with quiet_context(chromium, reduced_motion="reduce") as context:
        page = context.new_page()
        steps.log_in(page, asking)
        page.goto(f"{asking.web}/{SAME}")
        page.keyboard.press("j")
        name = at_hand(page)
        page.keyboard.press("s")
        told(page, f"“{name}” is linked with")
        page.goto(f"{asking.web}/settings/quickbooks/attention/?show=settled")
        fine(page, "settled", picture)
        tab_to(page, f"Ask again: {name}")
        page.keyboard.press("Enter")
        told(page, f"“{name}” is asked again")
        page.goto(f"{asking.web}/{SAME}")
        expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()
