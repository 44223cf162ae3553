"""Sending a sales form by e-mail: nothing leaves this machine, the form says that it was sent (facts E14).

The address asked for is kept on the form; SyncToken stays as it is.
"""

from qbo_emulator.entities.customer import check_email
from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.mails import mail
from qbo_emulator.storage.realm import Realm

# What can be sent, and the member that holds the address.
SENDABLE = {
    **dict.fromkeys(("Invoice", "Estimate", "CreditMemo", "SalesReceipt", "RefundReceipt"), "BillEmail"),
    "PurchaseOrder": "POEmail",
}


def send(realm: Realm, entity: str, key: str, address: str) -> Json:
    """Mark a form as sent to an address, or to the one it has."""
    body = realm.find(entity, key)
    if body is None:
        raise refusals.not_found()
    member = SENDABLE[entity]
    if address:
        body[member] = {"Address": address}
        check_email(body, member)
    if not body.get(member, {}).get("Address"):
        raise refusals.no_email_address()
    return mail(realm, entity, body, body[member]["Address"], asked=True)
