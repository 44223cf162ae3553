"""What is said where there is nothing, where a run could not finish, and under Settings: by the states."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from importlib import import_module
from itertools import product
from types import SimpleNamespace

from django.template.loader import render_to_string

from quickbooks_sync.kinds import KIND, KINDS
from quickbooks_sync.models import Connection, SyncRun
from quickbooks_sync.pages.presses import once_more
from quickbooks_sync.pages.status import SETTINGS_BADGES
from quickbooks_sync.wording import empty as of_the_sync
from quickbooks_sync.wording.troubles import TROUBLES
from service_genius.ui.empty import Empty, Tab, empty

#: The list of each Kind: its views, and what is said before there is any.
LISTS: dict[str, tuple[list[Tab], str]] = {}
for kind in KINDS:
    views = import_module(f"service_genius.{kind.pages}.views")
    more = [views.elsewhere("QuickBooks")] if hasattr(views, "elsewhere") else []
    LISTS[kind.name] = ([*views.TABS, *more], views.FIRST)


@dataclass(frozen=True, kw_only=True)
class EmptyList:
    """A list of the application without rows."""

    kind: str
    tab: Tab
    anything: bool
    search: str
    of: str

    @property
    def told(self) -> Empty:
        noun, (_, first) = self.kind.replace("_", " "), LISTS[self.kind]
        return empty(noun, first=first, tab=self.tab, anything=self.anything, search=self.search, of=self.of)


def empty_lists() -> Iterator[EmptyList]:
    """Every list in every state in which it has no row."""
    for kind, (tabs, _) in LISTS.items():
        customers = ("", "Amelia Hartwell") if KIND[kind].money else ("",)
        for tab, anything, search, of in product(tabs, (False, True), ("", "elm"), customers):
            if anything and not search and not of and tab.name == "all":
                continue  # then it has rows
            yield EmptyList(kind=kind, tab=tab, anything=anything, search=search, of=of)


def empty_runs() -> Iterator[tuple[SyncRun, bool]]:
    """Every run that lists nothing, and whether there was something by its counts."""
    for preview, state, told in product((False, True), SyncRun.State, (False, True)):
        yield SyncRun(scope="sync", preview=preview, state=state), told


def trouble_card(sort: str, *, owner: bool) -> str:
    """What the card of a failure shows, with its buttons in brackets."""
    title, words = TROUBLES[sort]
    run = SyncRun(pk=1, scope="sync", state="failed", trouble=sort, error="")
    trouble = {"title": title, "words": words, "sort": sort, "again": once_more(run)}
    trouble["run"] = SimpleNamespace(run=run, headline="", when="")
    return _read("trouble", {"trouble": trouble, "is_owner": owner}, until="<details>")


def connect_card(state: str | None, *, owner: bool) -> str:
    """What stands in place of the Sync page while there is no connection."""
    connection = Connection(state=state, realm_name="Summit Books") if state is not None else None
    return _read("connect", {"connection": connection, "is_owner": owner})


def _read(name: str, context: dict[str, object], *, until: str = "</section>") -> str:
    page = render_to_string(f"quickbooks_sync/{name}.html", context).partition(until)[0]
    page = re.sub(r"<button[^>]*>(.*?)</button>", r" [\1] ", page)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def settings_rows() -> Iterable[Sequence[str]]:
    return ((state or "never connected", badge) for state, badge in SETTINGS_BADGES.items())


def card_rows() -> Iterable[Sequence[str]]:
    for owner in (True, False):
        who = "an owner" if owner else "somebody of the office"
        for state in (None, Connection.State.LOST, Connection.State.DISCONNECTED):
            yield state or "never connected", who, connect_card(state, owner=owner)
        for sort in TROUBLES:
            yield f"failed: {sort}", who, trouble_card(sort, owner=owner)


def empty_rows() -> Iterable[Sequence[str]]:
    for each in empty_lists():
        if not each.anything and (each.search or each.of):
            continue  # it says the same
        state = [
            f"{each.tab.name} {each.kind.replace('_', ' ')}s",
            "" if each.anything else "there is none at all",
            f"search {each.search}" if each.search else "",
            "of one customer" if each.of else "",
        ]
        yield ", ".join(filter(None, state)), each.told.title, each.told.words
    for show, (title, words) in of_the_sync.LISTS.items():
        yield f"Needs attention, {show or 'needing'}", title, words
    yield "History", *of_the_sync.HISTORY
    for run, told in empty_runs():
        name = f"{'preview' if run.preview else 'run'}, {run.state}{', counted some' if told else ''}"
        yield name, *of_the_sync.of_run(run, told=told)
