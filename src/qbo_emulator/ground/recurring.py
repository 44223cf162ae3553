"""A recurring transaction: a form inside an object that has nothing of its own, `{"Bill": {"Id": "7", ...}}`.

Id, SyncToken and times stand inside the form, as clients' own tests of the sandbox have it. The rules know
flat objects; so a form says under `WITHIN` what it is, and stands inside again as it is stored and answered.
"""

from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json

ENTITY = "RecurringTransaction"
WITHIN = "_within"
FORMS = (
    "Bill",
    "CreditMemo",
    "Deposit",
    "Estimate",
    "Invoice",
    "JournalEntry",
    "Purchase",
    "PurchaseOrder",
    "RefundReceipt",
    "SalesReceipt",
    "Transfer",
    "VendorCredit",
)


def flat(entity: str, body: Json) -> Json:
    """Return the form that stands inside; refuse what holds none, or several."""
    if entity != ENTITY:
        return body
    inside = [name for name in FORMS if isinstance(body.get(name), dict)]
    if len(inside) != 1:
        raise refusals.missing(ENTITY)
    return {**body[inside[0]], WITHIN: inside[0]}


def nested(entity: str, body: Json) -> Json:
    """Return the object as it is stored and answered."""
    if entity != ENTITY or WITHIN not in body:
        return body
    return {body[WITHIN]: {name: value for name, value in body.items() if name != WITHIN}}
