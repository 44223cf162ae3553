"""The control plane: what tests and tools may do to the emulator that no client may do to QuickBooks.

Loopback only, JSON in and out; a wrong request gets 400 or 404 with a sentence.
"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from qbo_emulator.api.gateway import Gateway
from qbo_emulator.api.injection import WrongFault
from qbo_emulator.api.origin import is_foreign
from qbo_emulator.companies.backfill import backfill
from qbo_emulator.companies.companies import WrongRealm, dump, load, new_realm, remove_realm
from qbo_emulator.companies.loading import WrongRecord
from qbo_emulator.entities import entity_named
from qbo_emulator.entities.preferences import WrongPreferences, change_preferences
from qbo_emulator.ground import settings as switches
from qbo_emulator.ground.clock import parse_time
from qbo_emulator.ground.refusals import Refusal
from qbo_emulator.ground.standing import ENVIRONMENTS, WrongStanding
from qbo_emulator.ground.values import Json, decode, encode
from qbo_emulator.storage.mails import sent
from qbo_emulator.storage.realm import Realm
from qbo_emulator.storage.standings import change_standing, standing_of
from qbo_emulator.writing.charging import charge, take_back
from qbo_emulator.writing.merging import MERGED
from qbo_emulator.writing.merging import merge as merge_two

blueprint = Blueprint("control", __name__, url_prefix="/_emulator")

LOOPBACK = {"127.0.0.1", "::1"}


class WrongRequest(ValueError):  # noqa: N818  the mistake is the caller's
    """A request to the control plane that makes no sense; the text says why."""


def _gateway() -> Gateway:
    gateway: Gateway = current_app.extensions["gateway"]
    return gateway


def _json(body: Any, status: int = 200) -> Response:
    return Response(encode(body), status, content_type="application/json")


def _error(sentence: str, status: int = 400) -> Response:
    return _json({"error": sentence}, status)


@blueprint.before_request
def only_from_this_machine() -> Response | None:
    if request.remote_addr not in {None, *LOOPBACK}:
        return _error("The control plane answers this machine only.", 403)
    if is_foreign(request):
        return _error("The control plane does not answer other sites.", 403)
    return None


@blueprint.errorhandler(WrongRequest)
@blueprint.errorhandler(WrongRealm)
@blueprint.errorhandler(WrongRecord)
@blueprint.errorhandler(WrongFault)
@blueprint.errorhandler(switches.WrongSetting)
@blueprint.errorhandler(WrongStanding)
@blueprint.errorhandler(WrongPreferences)
def wrong(error: ValueError) -> Response:
    return _error(str(error))


def refused(error: HTTPException) -> Response:
    """Answer what no view answers; the log has what went wrong inside."""
    return _error(f"{error.name}.", error.code or 500)


def _body() -> Json:
    try:
        body = decode(request.get_data().decode() or "{}")
    except (ValueError, RecursionError):
        raise WrongRequest("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise WrongRequest("The body is not a JSON object.")
    return body


def _known_realm(view: Callable[[str], Response]) -> Callable[[str], Response]:
    @wraps(view)
    def checked(realm: str) -> Response:
        found = (
            _gateway().store.connection().execute("SELECT 1 FROM realms WHERE realm = ?", (realm,)).fetchone()
        )
        return view(realm) if found else _error(f"There is no realm {realm}.", 404)

    return checked


@blueprint.get("/realms")
def realms() -> Response:
    rows = (
        _gateway()
        .store.connection()
        .execute("SELECT realm, company_name FROM realms ORDER BY created_at, realm")
    )
    return _json([{"realm_id": realm, "company_name": name} for realm, name in rows])


@blueprint.post("/realms")
def make_realm() -> Response:
    body = _body()
    realm_id = body.get("realm_id")
    made = new_realm(
        _gateway().store,
        template=str(body.get("template", "empty")),
        realm_id=None if realm_id is None else str(realm_id),
        company_name=body.get("company_name"),
    )
    return _json(made, 201)


@blueprint.delete("/realms/<realm>")
@_known_realm
def remove(realm: str) -> Response:
    """Remove a company, with all its records and every token that opened it."""
    remove_realm(_gateway().store, realm)
    return _json({"removed": realm})


@blueprint.post("/realms/<realm>/load")
@_known_realm
def load_records(realm: str) -> Response:
    records = _body()
    for name, bodies in records.items():
        if not isinstance(bodies, list) or not all(isinstance(one, dict) for one in bodies):
            raise WrongRequest(f"{name!r} is not a list of objects.")
    store = _gateway().store
    with store.writing() as connection:
        loaded = load(Realm(store=store, connection=connection, realm_id=realm), records)
    return _json({"loaded": loaded})


@blueprint.get("/realms/<realm>/dump")
@_known_realm
def dump_records(realm: str) -> Response:
    parts = [f'"{name}":[{",".join(bodies)}]' for name, bodies in dump(_gateway().store, realm).items()]
    return Response("{" + ",".join(parts) + "}", content_type="application/json")


@blueprint.post("/realms/<realm>/grants")
@_known_realm
def grant(realm: str) -> Response:
    tokens = _gateway().tokens
    client_id = str(_body().get("client_id") or "emulated-client")
    secret = tokens.secret_of(client_id)
    issued = tokens.grant(client_id=client_id, realm=realm)
    return _json(
        {
            "access_token": issued.access_token,
            "refresh_token": issued.refresh_token,
            "expires_in": 3600,
            "client_id": client_id,
            "client_secret": secret,
        }
    )


@blueprint.put("/realms/<realm>/preferences")
@_known_realm
def preferences(realm: str) -> Response:
    """Merge into the preferences; null takes a member away."""
    store = _gateway().store
    wanted = _body()
    try:
        with store.writing() as connection:
            return _json(
                change_preferences(Realm(store=store, connection=connection, realm_id=realm), wanted)
            )
    except Refusal as refusal:
        raise WrongRequest(f"{refusal.errors[0].detail}.") from None


@blueprint.post("/realms/<realm>/merge")
@_known_realm
def merge(realm: str) -> Response:
    """Merge the customer (or "entity": Item) "loser" into "survivor", as a person does in QuickBooks."""
    store = _gateway().store
    body = _body()
    entity = str(body.get("entity", "Customer"))
    if entity not in MERGED:
        raise WrongRequest(f"Say 'entity': {' or '.join(MERGED)}.")
    try:
        with store.writing() as connection:
            view = Realm(store=store, connection=connection, realm_id=realm)
            loser, survivor = str(body.get("loser", "")), str(body.get("survivor", ""))
            return _json(merge_two(view, entity, loser=loser, survivor=survivor))
    except Refusal as refusal:
        raise WrongRequest(refusal.errors[0].detail) from None


@blueprint.post("/realms/<realm>/charges")
@_known_realm
def make_charge(realm: str) -> Response:
    """Put a statement charge on a "customer", as a person does in QuickBooks: "amount", "date", "memo"."""
    store, body = _gateway().store, _body()
    try:
        value = Decimal(str(body["amount"]))
        day = date.fromisoformat(str(body["date"])).isoformat() if "date" in body else None
    except (ArithmeticError, KeyError, ValueError):
        value, day = Decimal("NaN"), None
    if not value.is_finite():
        raise WrongRequest("Say 'customer': Id, 'amount': a number, and perhaps 'date': a day.")
    given = {"Amount": value, "TxnDate": day, "Description": body.get("memo")}
    said = {name: one for name, one in given.items() if one is not None}
    try:
        with store.writing() as connection:
            view = Realm(store=store, connection=connection, realm_id=realm)
            return _json(charge(view, customer=str(body.get("customer", "")), value=said), 201)
    except Refusal as refusal:
        raise WrongRequest(refusal.errors[0].detail) from None


@blueprint.delete("/realms/<realm>/charges")
@_known_realm
def remove_charge(realm: str) -> Response:
    """Delete the statement charge with an "id"."""
    store, body = _gateway().store, _body()
    try:
        with store.writing() as connection:
            view = Realm(store=store, connection=connection, realm_id=realm)
            return _json(take_back(view, str(body.get("id", ""))))
    except Refusal as refusal:
        raise WrongRequest(refusal.errors[0].detail) from None


@blueprint.get("/realms/<realm>/mails")
@_known_realm
def list_mails(realm: str) -> Response:
    """What customers were mailed, and whether anybody had asked for it."""
    return _json(sent(_gateway().store, realm))


@blueprint.post("/realms/<realm>/backfill")
@_known_realm
def write_new_members(realm: str) -> Response:
    """Write "members" into every object of an "entity" that lacks them, as Intuit does by itself."""
    store, body = _gateway().store, _body()
    entity, members = entity_named(str(body.get("entity", "Invoice"))), body.get("members", {})
    if entity is None or not isinstance(members, dict):
        raise WrongRequest("Say 'entity': its name, and 'members': an object.")
    with store.writing() as connection:
        view = Realm(store=store, connection=connection, realm_id=realm)
        return _json({"touched": backfill(view, entity.name, members)})


@blueprint.delete("/realms/<realm>/grants")
@_known_realm
def disconnect(realm: str) -> Response:
    """End an app's connection, or every one, as the company's owner does in QuickBooks."""
    named = _body().get("client_id")
    client_id = None if named is None else str(named)
    return _json({"removed": _gateway().tokens.disconnect(client_id=client_id, realm=realm)})


@blueprint.get("/realms/<realm>/standing")
@_known_realm
def read_standing(realm: str) -> Response:
    return _json(standing_of(_gateway().store, realm).as_json())


@blueprint.put("/realms/<realm>/standing")
@_known_realm
def put_standing(realm: str) -> Response:
    return _json(change_standing(_gateway().store, realm, _body()).as_json())


@blueprint.post("/clients")
def register_client() -> Response:
    body = _body()
    redirect_uris = body.get("redirect_uris", [])
    if not body.get("client_id") or not body.get("client_secret") or not isinstance(redirect_uris, list):
        raise WrongRequest("A client has 'client_id', 'client_secret' and a list 'redirect_uris'.")
    environment, disconnect_uri = body.get("environment"), body.get("disconnect_uri")
    if environment not in {None, *ENVIRONMENTS}:
        raise WrongRequest(f"'environment' is one of {', '.join(ENVIRONMENTS)}.")
    addresses = [*redirect_uris, *([disconnect_uri] if disconnect_uri else [])]
    if not all(isinstance(one, str) and one.startswith(("https://", "http://")) for one in addresses):
        raise WrongRequest("An address begins with https:// or http://.")
    if environment == "production" and not all(one.startswith("https://") for one in addresses):
        raise WrongRequest("An address of a production client begins with https://.")
    _gateway().tokens.register(
        str(body["client_id"]),
        str(body["client_secret"]),
        redirect_uris,
        environment=environment,
        disconnect_uri=disconnect_uri,
    )
    return _json(body, 201)


@blueprint.post("/faults")
def add_fault() -> Response:
    return _json({"id": _gateway().faults.add(_body())})


@blueprint.delete("/faults")
def remove_faults() -> Response:
    return _json({"removed": _gateway().faults.clear()})


@blueprint.get("/settings")
def read_settings() -> Response:
    return _json(switches.as_json(_gateway().store.settings))


@blueprint.put("/settings")
def change_settings() -> Response:
    gateway = _gateway()
    body = json.loads(encode(_body()))
    gateway.store.keep_settings(switches.changed(gateway.store.settings, body))
    if "seed" in body:
        gateway.reseed()
    return read_settings()


@blueprint.get("/clock")
def read_clock() -> Response:
    return _json({"now": _gateway().store.clock.now().isoformat()})


@blueprint.post("/clock")
def move_clock() -> Response:
    store = _gateway().store
    body = _body()
    try:
        if "now" in body:
            moment = parse_time(str(body["now"]))
        else:
            moment = store.clock.now() + timedelta(seconds=float(body["advance_seconds"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise WrongRequest("Say 'advance_seconds': a number, or 'now': a time.") from None
    store.clock.set(moment)
    store.keep_clock()
    return read_clock()


@blueprint.get("/requests")
def requests() -> Response:
    return _json(_gateway().observation.requests(since=request.args.get("since", 0, type=int)))


@blueprint.get("/counters")
def counters() -> Response:
    return _json(_gateway().observation.counters(request.args.get("realm")))


@blueprint.post("/counters/reset")
def reset_counters() -> Response:
    observation = _gateway().observation
    observation.reset()
    return _json(observation.counters(None))


@blueprint.route("/", defaults={"unknown": ""}, methods=["GET", "POST", "PUT", "DELETE"])
@blueprint.route("/<path:unknown>", methods=["GET", "POST", "PUT", "DELETE"])
def nothing_here(unknown: str) -> Response:
    return _error(f"The control plane has no /{unknown}.", 404)
