"""E-mails to customers: nothing leaves this machine, each is written down, with who asked for it."""

from qbo_emulator.ground.clock import stamp
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm
from qbo_emulator.storage.store import Store


def mail(realm: Realm, entity: str, body: Json, address: str, *, asked: bool) -> Json:
    """Write down that a form is mailed, and mark it as sent; its SyncToken stays (facts E14).

    `asked`: whether somebody asked for it, or QuickBooks does it by itself.
    """
    body["EmailStatus"] = "EmailSent"
    body["DeliveryInfo"] = {"DeliveryType": "Email", "DeliveryTime": realm.stamp}
    realm.replace(entity, body)
    realm.note_mail(entity, body["Id"], address, asked=asked)
    return body


def sent(store: Store, realm: str) -> list[Json]:
    """Return the e-mails of a company, the oldest first."""
    rows = store.connection().execute(
        "SELECT entity, id, address, sent_at, asked FROM mails WHERE realm = ? ORDER BY number", (realm,)
    )
    return [
        {"entity": entity, "id": str(key), "address": address, "sent_at": stamp(at), "asked": bool(asked)}
        for entity, key, address, at, asked in rows
    ]
