"""A browser whose console must stay empty, in front of a fresh site.

These tests know the product as its users do: by its pages. No ORM here (Playwright's loop forbids it), no
test client, no sleeping: each step waits for what a person would wait for.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import steps
from tests.browser.office import Office
from tests.browser.site import Site, running_site
from tests.run import BROWSERS

#: Long enough for a machine that does other work; a step that passes takes a fraction of a second.
STEP_MILLISECONDS_MAX = 30_000
DESKTOP = {"width": 1280, "height": 900}
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
#: The browser's own words for a request that was dropped because the user went to another page.
LEFT_THE_PAGE = "net::ERR_ABORTED"

#: htmx's words for a request that a newer one replaced (what was typed goes on); an answer that failed
#: is told in others.
REPLACED = ("htmx:sendAbort", "htmx:afterRequest")

NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    assert program, f"These tests need Chromium: apt-get install {BROWSERS[0]}"
    expect.set_options(timeout=STEP_MILLISECONDS_MAX)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site of this test's own, as it is right after `make run`."""
    with running_site(tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def shared_site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that is connected and synced, for tests that leave nothing behind that another meets."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        with quiet_context(chromium) as context:
            page = context.new_page()
            steps.begin(page, running)
            steps.press_sync(page)
        yield running


@pytest.fixture(scope="module")
def office(chromium: Browser, shared_site: Site) -> Iterator[Office]:
    """One window for the tests of a module, logged in."""
    with quiet_context(chromium) as context:
        page = context.new_page()
        steps.log_in(page, shared_site)
        yield Office(page=page, site=shared_site)


@contextmanager
def quiet_context(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """A browser window that tells, at its end, of everything its console and its requests complained of."""
    context = browser.new_context(**{"viewport": DESKTOP, "locale": "en-US", **options})
    context.set_default_timeout(STEP_MILLISECONDS_MAX)
    complaints: list[str] = []
    context.on(
        "console",
        lambda message: (
            None
            if message.text.startswith(REPLACED)
            else complaints.append(f"{message.type}: {message.text}")
        ),
    )
    context.on("weberror", lambda error: complaints.append(f"error: {error.error}"))
    context.on(
        "requestfailed",
        lambda request: (
            None
            if request.failure == LEFT_THE_PAGE
            else complaints.append(f"{request.url}: {request.failure}")
        ),
    )
    context.on(
        "response",
        lambda answer: complaints.append(f"{answer.url}: {answer.status}") if answer.status >= 400 else None,
    )
    try:
        yield context
    finally:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with quiet_context(chromium) as context:
        yield context.new_page()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """More windows, each with cookies of its own: `new_page(color_scheme="dark")`."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(quiet_context(chromium, **options)).new_page()


@pytest.fixture(scope="module")
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keep what the page looks like, if SCREENSHOTS names a folder: `picture(page, "what was found")`."""
    folder = os.environ.get("SCREENSHOTS")
    module = re.sub(r"\W+", "-", request.node.name)
    number = iter(range(1, 1000))

    def keep(page: Page, name: str) -> None:
        if folder:
            path = Path(folder) / module / f"{next(number):02} {name}.png"
            page.screenshot(path=path, full_page=True)

    return keep
