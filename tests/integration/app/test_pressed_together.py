"""Presses at the same moment, each by a thread with a connection of its own, with real commits."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.core.signals import request_started
from django.db import connection, connections
from django.urls import reverse

from service_genius.companies.models import User
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.once.models import Press
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment

from .conftest import Books, browser_of
from .test_once import CREATES, new

pytestmark = pytest.mark.django_db(transaction=True)
Result = TypeVar("Result")
#: Nobody waits so long unless something hangs.
WAIT_SECONDS_MAX = 60


@pytest.fixture(autouse=True)
def _guarded(settings: Any) -> None:
    """In place of the folder's own: its guard sees one connection, and takes the emptying for a write."""
    settings.SERVICE_GENIUS_PANELS = "service_genius.ui.panels.NoPanels"


@pytest.fixture(autouse=True)
def _open_to_threads(transactional_db: None, books: Books, alice: User, tmp_path: Path) -> Iterator[None]:
    """In memory, SQLite waits for nobody: the threads get a file with the same content."""
    if connection.vendor != "sqlite":
        yield
        return
    file = tmp_path / "copy.sqlite3"
    with sqlite3.connect(file) as copy:
        connection.connection.backup(copy)
    copy.close()
    kept = connection.settings_dict["NAME"]
    connections.settings["default"]["NAME"] = str(file)
    yield
    connections.settings["default"]["NAME"] = kept


def in_thread(work: Callable[[], Result]) -> Callable[[], Result]:
    """With a connection that is closed with the thread's work."""

    def closing() -> Result:
        try:
            return work()
        finally:
            connections.close_all()

    return closing


def together(*works: Callable[[], Result]) -> list[Result]:
    with ThreadPoolExecutor(len(works)) as pool:
        started = [pool.submit(in_thread(work)) for work in works]
        return [each.result(WAIT_SECONDS_MAX) for each in started]


@contextmanager
def until_both_are_under_way(monkeypatch: pytest.MonkeyPatch, operations: Any) -> Iterator[None]:
    """Whoever writes first stands in the middle of it until the other has come, too."""
    arrived = threading.Semaphore(0)
    write = operations.create

    def slowly(**values: Any) -> Any:
        made = write(**values)
        for _ in range(2):
            assert arrived.acquire(timeout=WAIT_SECONDS_MAX)
        arrived.release(2)
        return made

    def arrive(**_: object) -> None:
        arrived.release()

    with monkeypatch.context() as patched:
        patched.setattr(operations, "create", slowly)
        request_started.connect(arrive)
        try:
            yield
        finally:
            request_started.disconnect(arrive)


@pytest.mark.parametrize(("kind", "operations"), [("customers", customers), ("payments", payments)])
def test_two_presses_at_the_same_moment_make_one_record_and_get_one_answer(
    kind: str, operations: Any, books: Books, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, typed = CREATES[kind]
    [before] = together(model.objects.count)
    [(browser, key)] = together(lambda: ((found := browser_of(alice)), found.key))
    twin = browser_of(alice) if connection.vendor != "sqlite" else browser
    with until_both_are_under_way(monkeypatch, operations):
        first, second = together(
            lambda: browser.post(new(kind), typed, once=key), lambda: twin.post(new(kind), typed, once=key)
        )
    assert (first.status_code, first.url) == (second.status_code, second.url) == (302, first.url)
    assert together(model.objects.count, Press.objects.count) == [before + 1, 1]


def test_a_second_press_takes_over_from_a_first_one_that_failed(
    books: Books, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(browser, key)] = together(lambda: ((found := browser_of(alice)), found.key))
    browser.raise_request_exception = False
    failing = iter([True])
    write = customers.create

    def once_broken(**values: Any) -> Any:
        made = write(**values)
        if next(failing, False):
            raise RuntimeError("the machine is gone")
        return made

    monkeypatch.setattr(customers, "create", once_broken)
    kind, typed = "customers", {"display_name": "Rear House"}

    def press() -> int:
        return int(browser.post(new(kind), typed, once=key).status_code)

    assert sorted(together(press, press)) == [302, 500]
    assert together(Customer.objects.filter(display_name="Rear House").count) == [1]


def test_two_different_pages_sent_at_the_same_moment_are_two_records(books: Books, alice: User) -> None:
    [browser] = together(lambda: browser_of(alice))
    typed = CREATES["payments"][1]
    keys = together(lambda: browser.key, lambda: browser.key)
    address = reverse("payments:create")
    together(*(lambda key=key: browser.post(address, typed, once=key).status_code for key in keys))  # type: ignore[misc]
    assert together(Payment.objects.count) == [3]
