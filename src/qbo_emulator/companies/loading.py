"""Records from elsewhere, made whole before they are stored: no client could be answered half an object.

What QuickBooks gives every object (SyncToken, times, whether it is active) is filled in. What a person
or a client once said (a name, a customer, an amount) nobody can guess: without it the record is refused.
"""

from decimal import Decimal, InvalidOperation

from qbo_emulator.entities import entity_named
from qbo_emulator.entities.definition import Entity
from qbo_emulator.entities.links import applied_to, net
from qbo_emulator.ground.clock import parse_time
from qbo_emulator.ground.recurring import flat
from qbo_emulator.ground.refusals import Refusal
from qbo_emulator.ground.values import Json, amount, as_stored
from qbo_emulator.storage.realm import TIMES, Realm

AMOUNTS = {"TotalAmt", "Balance", "RemainingCredit"}
PSEUDO_TAX_CODES = {"TAX", "NON"}


class WrongRecord(ValueError):  # noqa: N818  the mistake is the caller's
    """A record that cannot be loaded; the text names it and the member."""


def whole(realm: Realm, name: str, sent: Json) -> Json:
    """Return a record with all that every object of QuickBooks has, or raise WrongRecord."""
    entity = entity_named(name)
    try:
        body = flat(name, sent)
    except Refusal:
        raise WrongRecord(f"An object of {name!r} holds one form.") from None
    single = entity is not None and entity.sort == "single"
    key = str(body.get("Id", "1" if single else ""))
    if not ((key.isascii() and key.isdigit()) or key in PSEUDO_TAX_CODES):
        raise WrongRecord(f"An object of {name!r} has no Id that is a number.")
    for member in _needed(entity):
        if body.get(member) in (None, "", {}):
            raise WrongRecord(f"{name} {key} has no {member}.")
        if member in AMOUNTS and (
            isinstance(body[member], bool) or not isinstance(body[member], int | Decimal)
        ):
            raise WrongRecord(f"{member} of {name} {key} is no number.")
    return {**body, **_system(realm, f"{name} {key}", body), **_given(realm, entity, body)}


def _needed(entity: Entity | None) -> tuple[str, ...]:
    """Return what a record has to say; of entities nobody knows the rules of, nothing."""
    if entity is None or entity.open_members:
        return ()
    names = [member for member, column in entity.properties.items() if column == "name"]
    return (*names, *entity.needed_to_load)


def _system(realm: Realm, record: str, body: Json) -> Json:
    token = str(body.get("SyncToken") or 0)
    if not (token.isascii() and token.isdigit()):
        raise WrongRecord(f"SyncToken of {record} is no number.")
    meta = body.get("MetaData") or {}
    if not isinstance(meta, dict):
        raise WrongRecord(f"MetaData of {record} is no object.")
    given = [meta[one] for one in TIMES if meta.get(one)]
    for time in given:
        try:
            parse_time(str(time))
        except ValueError:
            raise WrongRecord(f"MetaData of {record} has a time that is none: {time}.") from None
    filled = dict.fromkeys(TIMES, given[0] if given else realm.stamp)
    said = {name: value for name, value in meta.items() if value is not None}
    return {"SyncToken": token, "MetaData": {**filled, **said}}


def _given(realm: Realm, entity: Entity | None, body: Json) -> Json:
    """Return what QuickBooks says of an object that says nothing of it."""
    given: Json = {}
    if entity is not None and "Active" in entity.properties and entity.sort == "list":
        given["Active"] = True
    if entity is not None and "TxnDate" in entity.properties:
        given["TxnDate"] = realm.today
    if entity is not None and "UnappliedAmt" in entity.read_only:
        given["UnappliedAmt"] = _unapplied(body)
    return {member: value for member, value in given.items() if body.get(member) is None}


def _unapplied(payment: Json) -> Decimal | int:
    try:
        return as_stored(amount(payment["TotalAmt"]) - net(applied_to(payment)))
    except (AttributeError, TypeError, KeyError, InvalidOperation):
        raise WrongRecord(f"The lines of Payment {payment['Id']} cannot be read.") from None
