"""What every page for a person needs first: the store, the company, the sort of record it is about."""

from functools import cache
from typing import TYPE_CHECKING

from flask import abort, current_app

from qbo_emulator.page_fields import PAGES, Page
from qbo_emulator.realm import Realm
from qbo_emulator.store import Store
from qbo_emulator.tokens import Tokens
from qbo_emulator.values import Json

if TYPE_CHECKING:
    from qbo_emulator.gateway import Gateway


def store() -> Store:
    return _gateway().store


def tokens() -> Tokens:
    return _gateway().tokens


def _gateway() -> "Gateway":
    gateway: Gateway = current_app.extensions["gateway"]
    return gateway


@cache
def _page(word: str) -> Page | None:
    return next((page for page in PAGES if word in {page.one, page.slug}), None)


def page_of(word: str) -> Page:
    """Return the page whose address has this word, one record's or the list's."""
    return _page(word) or abort(404)


def company_name(realm: str) -> str:
    row = store().connection().execute("SELECT company_name FROM realms WHERE realm = ?", (realm,)).fetchone()
    if row is None:
        abort(404)
    name: str = row[0]
    return name


def view(realm: str) -> Realm:
    return Realm(store=store(), connection=store().connection(), realm_id=realm)


def stored(realm: str, page: Page, key: int) -> Json:
    return view(realm).find(page.entity, str(key)) or abort(404)


def frame(realm: str, page: Page | None) -> Json:
    """Return what the head of a company's pages shows."""
    return {"realm": realm, "company_name": company_name(realm), "page": page, "pages": PAGES}
