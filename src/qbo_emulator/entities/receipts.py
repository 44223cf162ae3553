"""Sales receipt and refund receipt (facts E7): money changes hands at once, nothing stays open."""

from qbo_emulator.entities import sales_form
from qbo_emulator.entities.definition import Entity, in_body
from qbo_emulator.entities.payment import money_goes_to
from qbo_emulator.entities.references import named
from qbo_emulator.entities.transactions import check_books_open, check_not_deposited, settle_balance
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import members
from qbo_emulator.ground.values import Json, as_stored
from qbo_emulator.storage.realm import Realm


def _completed(realm: Realm, wanted: Json, stored: Json | None, *, entity: str) -> Json:
    if stored is not None:
        check_not_deposited(stored)
    body = sales_form.begun(realm, wanted, stored, needs_customer=False)
    money_goes_to(realm, body, stored)
    if "DepositToAccountRef" in body:
        account = realm.referred("Account", body["DepositToAccountRef"]["value"]) or {}
        body["DepositToAccountRef"] = named(account, "FullyQualifiedName")
    body["TotalAmt"] = as_stored(sales_form.summed_up(realm, body, stored))
    body["Balance"] = 0
    sales_form.link(body, stored, (stored or {}).get("LinkedTxn", []))
    sales_form.number(realm, body, stored, entity=entity)
    return body


def complete_sale(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    return _completed(realm, wanted, stored, entity="SalesReceipt")


def complete_refund(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    if "DepositToAccountRef" not in wanted:
        raise refusals.missing("DepositToAccountRef")
    return _completed(realm, wanted, stored, entity="RefundReceipt")


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None and before is not None:
        check_not_deposited(before)
        check_books_open(realm, before.get("TxnDate"))
    settle_balance(realm, before, after, member="Balance", sign=0)


def void(realm: Realm, stored: Json) -> Json:
    return sales_form.voided(realm, stored, release=lambda _, receipt: check_not_deposited(receipt))


def _properties() -> dict[str, str]:
    method = "json_extract(body, '$.PaymentMethodRef.value')"
    return {**sales_form.PROPERTIES, "PaymentMethodRef": method, **in_body("PaymentRefNum")}


SALES_RECEIPT = Entity(
    name="SalesReceipt",
    sequence="transaction",
    sort="transaction",
    members={**sales_form.MEMBERS, **members(anything="SalesReceiptEx")},
    read_only=sales_form.READ_ONLY,
    survives_omission=sales_form.SURVIVES_OMISSION | {"DepositToAccountRef"},
    lengths=sales_form.LENGTHS,
    required=("Line",),
    needed_to_load=("TotalAmt",),
    complete=complete_sale,
    settle=settle,
    void=void,
    deletable=True,
    properties=_properties(),
    only_filtered=sales_form.ONLY_FILTERED,
)

REFUND_RECEIPT = Entity(
    name="RefundReceipt",
    sequence="transaction",
    sort="transaction",
    members={**sales_form.MEMBERS, **members(anything="RefundReceiptEx")},
    read_only=sales_form.READ_ONLY,
    survives_omission=sales_form.SURVIVES_OMISSION | {"DepositToAccountRef"},
    lengths=sales_form.LENGTHS,
    required=("Line", "DepositToAccountRef"),
    needed_to_load=("TotalAmt",),
    complete=complete_refund,
    settle=settle,
    void=void,
    deletable=True,
    properties=_properties(),
    only_filtered=sales_form.ONLY_FILTERED,
)
