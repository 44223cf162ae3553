"""Whoever presses more than once: by which habit, and what they must never read."""

import re
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import resolve
from playwright.sync_api import Locator, Page, Request, expect

from quickbooks_sync.kinds import KINDS, one_of
from tests.browser.office import Office
from tests.browser.presses import STORIES


@dataclass(frozen=True, kw_only=True)
class Habit:
    """How somebody presses."""

    name: str
    times: int = 2
    milliseconds_apart: int
    #: The web application stands meanwhile, and goes on after the last press.
    stands: bool = False
    script: bool = True

    @property
    def number(self) -> int:
        """Of its own, for numbers and percentages that must be."""
        return HABITS.index(self) + 1


HABITS = (
    Habit(name="twice 30 ms apart", milliseconds_apart=30),
    Habit(name="twice 120 ms apart", milliseconds_apart=120),
    Habit(name="three times while the server stands", times=3, milliseconds_apart=700, stands=True),
    Habit(name="the same without script", times=3, milliseconds_apart=700, stands=True, script=False),
)
#: What nobody may read who pressed the same thing twice.
FRIGHTS = re.compile(
    "Not saved|Somebody else|not asked any more|Nothing was stopped|press once more|Saved already|"
    "Done already|There already is"
)


@dataclass(kw_only=True)
class Hand:
    """Whoever presses, in a window of their own; what must come about meanwhile is the office's."""

    page: Page
    office: Office
    habit: Habit
    #: How often each address was posted to, by its name.
    posted: Counter[str] = field(default_factory=Counter)

    def note(self, request: Request) -> None:
        if request.method == "POST" and request.url.startswith(self.office.site.web):
            self.posted[resolve(urlsplit(request.url).path).view_name] += 1

    def go(self, address: str) -> None:
        self.page.goto(f"{self.office.site.web}/{address}")

    def type(self, **values: str) -> None:
        for label, text in values.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(text)

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Press that button as often as is the habit."""
        button = (within or self.page.get_by_role("main")).get_by_role("button", name=name, exact=True)
        # Elsewhere first: what stands where the button before stood is no second press of that.
        self.page.get_by_role("heading", level=1).click()
        button.scroll_into_view_if_needed()
        place = button.bounding_box()
        assert place is not None
        stands = self.office.site.standing() if self.habit.stands else nullcontext()
        with self.page.expect_event("load"), stands:
            self.page.mouse.click(
                place["x"] + place["width"] / 2,
                place["y"] + place["height"] / 2,
                click_count=self.habit.times,
                delay=self.habit.milliseconds_apart / 2,  # once between down and up, once before the next
            )

    def reads(self, words: str | re.Pattern[str]) -> None:
        """It is told once, and nothing that frightens beside it."""
        expect(self.page.get_by_role("status").get_by_text(words)).to_be_visible()
        self.fears_nothing()

    def heading(self, words: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1, name=words)).to_be_visible()
        self.fears_nothing()

    def fears_nothing(self) -> None:
        expect(self.page.get_by_role("main")).not_to_contain_text(FRIGHTS)

    def one_of(self, kind: str, search: str) -> None:
        """The list holds one with these words."""
        self.go(f"{kind}/?show=all&q={search}")
        nouns = "|".join(one_of(each.name).lower() for each in KINDS)
        expect(self.page.locator("#list")).to_contain_text(re.compile(rf"\b1 ({nouns})\b"))

    def open_edit(self) -> None:
        self.page.get_by_role("link", name="Edit", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Edit")

    def has_pressed(self, story: str) -> None:
        """Each address of the story; without script, as often as was clicked."""
        assert STORIES[story] <= self.posted.keys()
        if not self.habit.script:
            assert min(self.posted[name] for name in STORIES[story]) >= self.habit.times
