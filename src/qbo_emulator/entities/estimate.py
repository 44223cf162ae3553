"""Estimate (facts E12): an offer, and the invoices made from it.

An invoice names its estimates in LinkedTxn; the estimate's own link and status follow from that. Its time
moves then, its SyncToken does not. Invoicing a part of an estimate is absent: one invoice closes it.
"""

from qbo_emulator.entities import sales_form
from qbo_emulator.entities.definition import Entity, in_body
from qbo_emulator.entities.transactions import check_books_open, settle_balance
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import members
from qbo_emulator.ground.values import Json, as_stored
from qbo_emulator.storage.realm import Realm

STATES = {"Pending", "Accepted", "Closed", "Rejected"}


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    body = {"TxnStatus": "Pending", **sales_form.begun(realm, wanted, stored)}
    if body["TxnStatus"] not in STATES:
        raise refusals.invalid_enumeration(body["TxnStatus"], "TxnStatus")
    sales_form.link(body, stored, (stored or {}).get("LinkedTxn", []))
    body["TotalAmt"] = as_stored(sales_form.summed_up(realm, body, stored, moves_stock=False))
    sales_form.number(realm, body, stored, entity="Estimate")
    return body


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None and before is not None:
        check_books_open(realm, before.get("TxnDate"))
        _leave_invoices(realm, before)
    settle_balance(realm, before, after, member="Balance", sign=0)


def _leave_invoices(realm: Realm, estimate: Json) -> None:
    for link in estimate.get("LinkedTxn", []):
        invoice = realm.find("Invoice", link["TxnId"])
        if invoice is not None:
            gone = {"TxnId": estimate["Id"], "TxnType": "Estimate"}
            invoice["LinkedTxn"] = [one for one in invoice["LinkedTxn"] if one != gone]
            realm.bump("Invoice", invoice)


def _estimates(invoice: Json | None) -> list[str]:
    links = (invoice or {}).get("LinkedTxn", [])
    return [str(link.get("TxnId", "")) for link in links if link.get("TxnType") == "Estimate"]


def check_estimates(realm: Realm, invoice: Json, stored: Json | None) -> list[Json]:
    """Return an invoice's links to estimates; one of somebody else, or already invoiced, is refused."""
    former = _estimates(stored)
    links = []
    for key in dict.fromkeys(_estimates(invoice)):
        estimate = realm.find("Estimate", key)
        if estimate is None or estimate["CustomerRef"]["value"] != invoice["CustomerRef"]["value"]:
            raise refusals.cannot_be_linked()
        if key not in former and estimate.get("LinkedTxn"):
            raise refusals.cannot_be_linked()
        links.append({"TxnId": key, "TxnType": "Estimate"})
    return links


def settle_estimates(realm: Realm, before: Json | None, after: Json | None) -> None:
    """Close the estimates an invoice was made from; open those it gives up."""
    invoice = (after or before or {})["Id"]
    old, new = set(_estimates(before)), set(_estimates(after))
    for key in old ^ new:
        estimate = realm.find("Estimate", key)
        if estimate is None:
            continue
        linked = key in new
        estimate["LinkedTxn"] = [{"TxnId": invoice, "TxnType": "Invoice"}] if linked else []
        estimate["TxnStatus"] = "Closed" if linked else "Pending"
        realm.replace("Estimate", estimate)


ESTIMATE = Entity(
    name="Estimate",
    sequence="transaction",
    sort="transaction",
    members={
        **sales_form.MEMBERS,
        **members(text="AcceptedBy", date="ExpirationDate AcceptedDate", anything="EstimateEx"),
    },
    read_only=sales_form.READ_ONLY,
    survives_omission=sales_form.SURVIVES_OMISSION | {"TxnStatus"},
    lengths=sales_form.LENGTHS,
    required=sales_form.REQUIRED,
    needed_to_load=("CustomerRef", "TotalAmt"),
    complete=complete,
    settle=settle,
    deletable=True,
    properties={**sales_form.PROPERTIES, **in_body("TxnStatus", "ExpirationDate", "AcceptedDate")},
    only_filtered=sales_form.ONLY_FILTERED,
)
