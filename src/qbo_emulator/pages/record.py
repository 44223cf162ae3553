"""One record for a person to look at: what it says, what it was before, and what can be done to it.

What the API cannot do stands here too, as in QuickBooks itself: merging two records, editing preferences.
"""

import json
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qbo_emulator.entities import entity_named
from qbo_emulator.entities.definition import Entity
from qbo_emulator.entities.preferences import change_preferences
from qbo_emulator.ground.clock import stamp
from qbo_emulator.ground.refusals import Refusal, not_found
from qbo_emulator.ground.standing import SAID, WrongStanding
from qbo_emulator.ground.values import Json, encode
from qbo_emulator.pages.fields import CUSTOMER, INVOICE, PAGES, Page, shown
from qbo_emulator.pages.frame import (
    company_name,
    frame,
    only_from_our_own_pages,
    page_of,
    store,
    stored,
    tokens,
    told_time,
    view,
)
from qbo_emulator.storage.mails import sent
from qbo_emulator.storage.realm import Realm
from qbo_emulator.storage.standings import change_standing, standing_of
from qbo_emulator.writing.course import write
from qbo_emulator.writing.merging import MERGED, merge

if TYPE_CHECKING:
    from collections.abc import Callable

blueprint = Blueprint("page_actions", __name__)
blueprint.before_request(only_from_our_own_pages)

# Preferences a person may switch on and off: label and place.
SWITCHES = (
    ("We number invoices and receipts ourselves", "SalesFormsPrefs", "CustomTxnNumbers"),
    ("Discounts on sales forms", "SalesFormsPrefs", "AllowDiscount"),
    ("Shipping on sales forms", "SalesFormsPrefs", "AllowShipping"),
    ("Apply credits automatically", "SalesFormsPrefs", "AutoApplyCredit"),
    ("Customers may pay invoices online", "SalesFormsPrefs", "ETransactionPaymentEnabled"),
    ("Sales tax", "TaxPrefs", "UsingSalesTax"),
    ("Automated sales tax", "TaxPrefs", "PartnerTaxEnabled"),
)


@blueprint.get("/app/<realm>/<one>/<int:key>")
def record(realm: str, one: str, key: int) -> str:
    return _record(realm, page_of(one), key)


def _record(realm: str, page: Page, key: int, error: str = "") -> str:
    body = stored(realm, page, key)
    return render_template(
        "record.html",
        **frame(realm, page),
        record=body,
        title=page.title_of(body),
        shown=[(column, shown(body, column)) for column in page.columns],
        editable=page.can_edit(body),
        actions=_actions(page, body),
        links=_links(realm, page, body),
        can_merge=page.entity in MERGED,
        error=error,
        lines=body.get("Line", []),
        history=_history(realm, page, body),
        text=_indented(body),
    )


def _actions(page: Page, body: Json) -> list[tuple[str, str]]:
    """Return address and label of what can be done to the record by one press."""
    entity = entity_named(page.entity) or abort(404)
    actions = []
    if entity.sort == "list":
        active = body.get("Active", True)
        actions.append(("deactivate", "Make inactive") if active else ("activate", "Make active"))
    if entity.void is not None:
        actions.append(("void", "Void"))
    if entity.deletable:
        actions.append(("delete", "Delete"))
    return actions


def _links(realm: str, page: Page, body: Json) -> list[tuple[str, str]]:
    """Return address and label of the forms a person goes to from here."""
    customer = body.get("CustomerRef", {}).get("value") if page == INVOICE else body["Id"]
    named = view(realm).referred("Customer", str(customer)) or {}
    name = named.get("FullyQualifiedName") or named.get("DisplayName")
    if page not in {CUSTOMER, INVOICE} or not name or not named.get("Active", True):
        return []
    if page == CUSTOMER:
        return [
            (url_for("page_sales.new_invoice", realm=realm, customer=name), "New invoice"),
            (url_for("page_sales.new_payment", realm=realm, customer=name), "Receive payment"),
        ]
    address = url_for("page_sales.new_payment", realm=realm, customer=name, invoice=body["Id"])
    return [(address, "Receive payment")] if body.get("Balance") else []


def _history(realm: str, page: Page, body: Json) -> list[Json]:
    """Return the versions of a record, the newest first, with what changed in each."""
    earlier = view(realm).versions(page.entity, body["Id"])
    versions = [*earlier, body]
    return [
        {
            "token": version.get("SyncToken", ""),
            "at": told_time(version.get("MetaData", {}).get("LastUpdatedTime", "")),
            "changed": ", ".join(_changed(before, version)) if before else "Entered",
            "text": _indented(version),
        }
        for before, version in zip([None, *earlier], versions, strict=True)
    ][::-1]


def _changed(before: Json, after: Json) -> list[str]:
    noise = {"SyncToken", "MetaData"}
    return [name for name in {**before, **after} if name not in noise and before.get(name) != after.get(name)]


@blueprint.post("/app/<realm>/<one>/<int:key>/<any(activate, deactivate, void, delete, merge):action>")
def act(realm: str, one: str, key: int, action: str) -> Response | tuple[str, int]:
    page = page_of(one)
    body = stored(realm, page, key)
    entity = entity_named(page.entity) or abort(404)
    acts: dict[str, Callable[[Realm], Json]] = {
        "activate": lambda view: _set_active(view, entity, body, active=True),
        "deactivate": lambda view: _set_active(view, entity, body, active=False),
        "void": lambda view: write(view, entity, "void", body),
        "delete": lambda view: write(view, entity, "delete", body),
        "merge": lambda view: _merge(view, page, body),
    }
    try:
        with store().writing() as connection:
            done = acts[action](Realm(store=store(), connection=connection, realm_id=realm))
    except Refusal as refusal:
        return _record(realm, page, key, refusal.errors[0].detail), 400
    if done.get("status") == "Deleted":
        return redirect(url_for("pages.listing", realm=realm, many=page.slug), 303)
    return redirect(url_for("page_actions.record", realm=realm, one=page.one, key=done["Id"]), 303)


def _set_active(realm: Realm, entity: Entity, body: Json, *, active: bool) -> Json:
    needed = {name: body[name] for name in entity.required_by_update if name in body}
    key = {"Id": body["Id"], "SyncToken": body["SyncToken"], "sparse": True}
    return write(realm, entity, "update", {**key, **needed, "Active": active})


def _merge(realm: Realm, page: Page, body: Json) -> Json:
    if page.entity not in MERGED:
        abort(404)
    holder = realm.holder(MERGED[page.entity][0], request.form.get("survivor", ""))
    if holder is None or holder[0] != page.entity:
        raise not_found()
    return merge(realm, page.entity, loser=body["Id"], survivor=str(holder[1]))


@blueprint.route("/app/<realm>/preferences", methods=["GET", "POST"])
def preferences(realm: str) -> str | Response | tuple[str, int]:
    company_name(realm)  # 404 before anything is written
    if request.method != "POST":
        return _preferences(realm)
    try:
        with store().writing() as connection:
            change_preferences(Realm(store=store(), connection=connection, realm_id=realm), _preferred())
    except Refusal as refusal:
        return _preferences(realm, refusal.errors[0].detail), 400
    return redirect(url_for("page_actions.preferences", realm=realm, saved=1), 303)


def _preferred() -> Json:
    """Return what the form says, as it is merged."""
    wanted: Json = {"AccountingInfoPrefs": {"BookCloseDate": request.form.get("BookCloseDate") or None}}
    for _, block, member in SWITCHES:
        # Automated tax has no member at all where it is off (facts E8).
        off = None if member == "PartnerTaxEnabled" else False
        wanted.setdefault(block, {})[member] = True if member in request.form else off
    return wanted


def _preferences(realm: str, error: str = "") -> str:
    body = view(realm).preferences
    return render_template(
        "preferences.html",
        **frame(realm, None),
        error=error,
        closed=body.get("AccountingInfoPrefs", {}).get("BookCloseDate", ""),
        switches=[(label, member, body.get(block, {}).get(member)) for label, block, member in SWITCHES],
        saved="saved" in request.args,
        today=stamp(store().clock.seconds())[:10],
    )


@blueprint.route("/app/<realm>/apps", methods=["GET", "POST"])
def apps(realm: str) -> str | Response:
    """Show which applications are connected; disconnecting one ends its tokens at once."""
    head = frame(realm, None)
    if request.method == "POST":
        client_id = request.form.get("client_id", "")
        tokens().disconnect(client_id=client_id, realm=realm)
        elsewhere = tokens().disconnect_address(client_id)
        if elsewhere:  # the application's own page about it (facts A6)
            joint = "&" if "?" in elsewhere else "?"
            return redirect(f"{elsewhere}{joint}realmId={realm}", 303)
        return redirect(url_for("page_actions.apps", realm=realm), 303)
    connected = [(client_id, told_time(stamp(since))) for client_id, since in tokens().connected(realm)]
    return render_template("apps.html", **head, connected=connected)


@blueprint.get("/app/<realm>/mails")
def mails(realm: str) -> str:
    """Show what customers were mailed, the newest first, and whether anybody asked for it."""
    one_of = {page.entity: page.one for page in PAGES}
    rows = [
        {**one, "at": told_time(one["sent_at"]), "one": one_of.get(one["entity"], "")}
        for one in reversed(sent(store(), realm))
    ]
    return render_template("mails.html", **frame(realm, None), mails=rows)


@blueprint.route("/app/<realm>/subscription", methods=["GET", "POST"])
def subscription(realm: str) -> str | Response:
    """Show how the company stands with QuickBooks; a person may try each state."""
    head = frame(realm, None)
    if request.method == "POST":
        try:
            change_standing(store(), realm, {"state": request.form.get("state", "")})
        except WrongStanding:
            abort(404)
        return redirect(url_for("page_actions.subscription", realm=realm, saved=1), 303)
    present = standing_of(store(), realm).state
    return render_template(
        "subscription.html", **head, states=SAID.items(), present=present, saved="saved" in request.args
    )


def _indented(body: Json) -> str:
    return json.dumps(json.loads(encode(body)), indent=2, ensure_ascii=False)
