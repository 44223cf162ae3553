"""Pages of the emulator itself: make and remove a company, switch rules, ask for faults, read the log.

What the control plane offers to programs stands here for a person; both act by the same functions.
"""

from dataclasses import fields
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from math import isfinite
from typing import get_type_hints

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qbo_emulator.api.injection import KINDS, SAID, WrongFault
from qbo_emulator.companies.companies import WrongRealm, counted, new_realm, new_realm_id, remove_realm
from qbo_emulator.entities import ENTITIES
from qbo_emulator.ground import settings as switches
from qbo_emulator.ground.claims import SWITCHES_SAID
from qbo_emulator.ground.clock import stamp
from qbo_emulator.ground.values import Json
from qbo_emulator.pages.frame import company_name, frame, gateway, only_from_our_own_pages, store, told_time

blueprint = Blueprint("page_tools", __name__)
blueprint.before_request(only_from_our_own_pages)

ROWS_PER_PAGE = 50
OPERATIONS = (
    "create",
    "update",
    "void",
    "delete",
    "read",
    "query",
    "cdc",
    "report",
    "batch",
    "send",
    "token",
)
REFUSED = 400
LATENCY_SAID = {
    "call_ms": "how long a call takes, in milliseconds",
    "item_ms": "how long each item of a batch takes, in milliseconds",
    "jitter": "the share of it that varies by chance, from 0 to 1",
}


@blueprint.route("/", methods=["GET", "POST"])
def companies() -> str | Response | tuple[str, int]:
    """Show the companies; make one. The form names the Id, so that sent twice it makes one company."""
    if request.method != "POST":
        return _companies()
    key = request.form.get("realm_id", "")
    try:
        if not _is_known(key):
            name = request.form.get("company_name", "").strip() or None
            template = request.form.get("template", "empty")
            new_realm(store(), template=template, realm_id=key or None, company_name=name)
    except WrongRealm as wrong:
        return _companies(str(wrong)), REFUSED
    return redirect(url_for("pages.company", realm=key) if key else url_for("page_tools.companies"), 303)


def _is_known(realm: str) -> bool:
    found = store().connection().execute("SELECT 1 FROM realms WHERE realm = ?", (realm,)).fetchone()
    return found is not None


def _companies(error: str = "") -> str:
    rows = (
        store()
        .connection()
        .execute(
            "SELECT realm, company_name, (SELECT count(*) FROM objects "
            "WHERE objects.realm = realms.realm AND entity = 'Customer' AND active = 1) "
            "FROM realms ORDER BY created_at, realm"
        )
    )
    return render_template(
        "companies.html", companies=rows.fetchall(), error=error, realm_id=new_realm_id(), typed=request.form
    )


@blueprint.route("/app/<realm>/remove", methods=["GET", "POST"])
def remove(realm: str) -> str | Response:
    """Ask before a company goes, and say what goes with it."""
    company_name(realm)
    if request.method == "POST":
        remove_realm(store(), realm)
        return redirect(url_for("page_tools.companies"), 303)
    return render_template("remove.html", **frame(realm, None), counted=counted(store(), realm))


# Settings


@blueprint.route("/settings", methods=["GET", "POST"])
def settings() -> str | Response | tuple[str, int]:
    if request.method != "POST":
        return _settings()
    try:
        wanted = (
            switches.Settings()
            if "defaults" in request.form
            else switches.changed(store().settings, _wanted())
        )
    except switches.WrongSetting as wrong:
        return _settings(str(wrong)), REFUSED
    reseeds = wanted.seed != store().settings.seed
    store().keep_settings(wanted)
    if reseeds:
        gateway().reseed()
    return redirect(url_for("page_tools.settings", saved=1), 303)


def _wanted() -> Json:
    """Return what the form says; a number that is none is told by the settings themselves."""
    sorts, form = get_type_hints(switches.Settings), request.form
    wanted: Json = {}
    for one in fields(switches.Settings):
        if sorts[one.name] is bool:
            wanted[one.name] = one.name in form
        elif one.name in form:
            wanted[one.name] = _typed(form[one.name]) if sorts[one.name] is int else form[one.name]
    latency = {one.name: f"latency.{one.name}" for one in fields(switches.Latency)}
    given = {name: _typed(form[place]) for name, place in latency.items() if place in form}
    return {**wanted, **({"latency": given} if given else {})}


def _typed(text: str, with_fraction: type[float | Decimal] = float) -> float | Decimal | int | str:
    """Return the number that was typed, or what was typed instead of one."""
    for sort in (int, with_fraction):
        try:
            number = sort(text)
        except (ValueError, InvalidOperation):
            continue
        return number if isfinite(number) else text
    return text


def _settings(error: str = "") -> str:
    present, default = switches.as_json(store().settings), switches.as_json(switches.Settings())
    typed = _wanted() if error else present
    rows = []
    for name, value in {**present, **typed}.items():
        parts = (
            {f"{name}.{part}": one for part, one in value.items()}
            if isinstance(value, dict)
            else {name: value}
        )
        for place, one in parts.items():
            part = place.partition(".")[2]
            rows.append(
                {
                    "name": place,
                    "said": LATENCY_SAID.get(part) or SWITCHES_SAID[name][0].replace("`", ""),
                    "value": one,
                    "default": default[name][part] if part else default[name],
                    "choices": switches.CHOICES.get(name, ()),
                }
            )
    return render_template("settings.html", rows=rows, error=error, saved="saved" in request.args)


# Faults


@blueprint.route("/faults", methods=["GET", "POST"])
def faults() -> str | Response | tuple[str, int]:
    if request.method != "POST":
        return _faults()
    try:
        if "clear" in request.form:
            gateway().faults.clear()
        else:
            gateway().faults.add(_asked_for())
    except WrongFault as wrong:
        return _faults(str(wrong)), REFUSED
    return redirect(url_for("page_tools.faults"), 303)


def _asked_for() -> Json:
    form = {name: value.strip() for name, value in request.form.items() if value.strip()}
    match: Json = {name: form[name] for name in ("method", "entity", "operation", "path") if name in form}
    if "nth" in form:
        match["nth"] = _typed(form["nth"])
    asked: Json = {"fault": form.get("fault"), "match": match}
    for name in ("times", "code", "seconds", "status"):
        if name in form:
            asked[name] = _typed(form[name], Decimal)
    return asked


def _faults(error: str = "") -> str:
    return render_template(
        "faults.html",
        standing=gateway().faults.standing(),
        kinds=[(kind, SAID[kind]) for kind in KINDS],
        entities=[entity.name for entity in ENTITIES],
        operations=OPERATIONS,
        error=error,
        typed=request.form if error else {},
    )


# Log


@blueprint.get("/requests")
def requests() -> str:
    """Show what was asked and answered since the start, the newest first."""
    found = gateway().observation.requests(since=0)[::-1]
    names = dict(store().connection().execute("SELECT realm, company_name FROM realms").fetchall())
    realm, trouble = request.args.get("realm", ""), "trouble" in request.args
    chosen = [one for one in found if realm in {"", one["realm"]} and (not trouble or _is_trouble(one))]
    last = max(1, -(-len(chosen) // ROWS_PER_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), last)
    rows = chosen[(number - 1) * ROWS_PER_PAGE : number * ROWS_PER_PAGE]
    return render_template(
        "requests.html",
        rows=[{**one, "at": told_time(stamp(one["at"])), "company": names.get(one["realm"])} for one in rows],
        companies=names,
        realm=realm,
        trouble=trouble,
        total=len(chosen),
        every=len(found),
        counters=gateway().observation.counters(realm or None),
        number=number,
        last=last,
    )


def _is_trouble(one: Json) -> bool:
    return one["status"] != HTTPStatus.OK or one["fault"] is not None
