"""What every page for a person needs first: the store, the company, the sort of record it is about."""

from functools import cache
from typing import TYPE_CHECKING

from flask import abort, current_app, request

from qbo_emulator.api.origin import is_foreign
from qbo_emulator.grants.tokens import Tokens
from qbo_emulator.ground.values import Json
from qbo_emulator.pages.fields import PAGES, Page
from qbo_emulator.storage.realm import Realm
from qbo_emulator.storage.store import Store

if TYPE_CHECKING:
    from qbo_emulator.api.gateway import Gateway


NAMES_OFFERED = 1_000


def store() -> Store:
    return gateway().store


def tokens() -> Tokens:
    return gateway().tokens


def gateway() -> "Gateway":
    found: Gateway = current_app.extensions["gateway"]
    return found


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


def active_names(realm: str, entity: str) -> list[str]:
    """Return the full names of what can be picked, as many as a page can offer."""
    rows = (
        store()
        .connection()
        .execute(
            "SELECT full_name FROM objects WHERE realm = ? AND entity = ? AND active = 1 "
            "AND coalesce(json_extract(body, '$.Type'), '') NOT IN ('Category', 'Group') "
            "ORDER BY full_name LIMIT ?",
            (realm, entity, NAMES_OFFERED),
        )
    )
    return [name for (name,) in rows]


def only_from_our_own_pages() -> None:
    """Refuse a form that another site sent."""
    if request.method == "POST" and is_foreign(request):
        abort(403)


def told_time(stamped: str) -> str:
    """Write a time of day as a person reads it; QuickBooks keeps Pacific time."""
    return f"{stamped[:10]} {stamped[11:19]} Pacific" if stamped else ""


def stored(realm: str, page: Page, key: int) -> Json:
    return view(realm).find(page.entity, str(key)) or abort(404)


def frame(realm: str, page: Page | None) -> Json:
    """Return what the head of a company's pages shows."""
    return {"realm": realm, "company_name": company_name(realm), "page": page, "pages": PAGES}
