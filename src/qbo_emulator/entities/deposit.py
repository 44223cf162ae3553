"""Bank deposit (facts E6, E11): payments and sales receipts carried from Undeposited Funds to the bank.

What lies in a deposit may not change any more (6540) until the deposit lets go of it. A line of its own on
Accounts Receivable is money of the customer it names (facts E18). Balances of accounts do not move.
"""

from decimal import Decimal

from qbo_emulator.entities import receivables
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body
from qbo_emulator.entities.references import check_reference, named
from qbo_emulator.entities.transactions import check_books_open, check_currency, check_range
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import LINKED, SYSTEM, Many, members
from qbo_emulator.ground.values import ZERO, Json, amount, as_stored, cents
from qbo_emulator.storage.realm import Realm

DETAIL = "DepositLineDetail"
# What can be carried to the bank.
HELD = ("Payment", "SalesReceipt")


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    if "DepositToAccountRef" not in wanted:
        raise refusals.missing("DepositToAccountRef")
    kept = (stored or {}).get("DepositToAccountRef")
    account = check_reference(
        realm, "Account", wanted["DepositToAccountRef"], "DepositToAccountRef", kept_from=kept
    )
    if account.get("AccountType") not in {"Bank", "Other Current Asset", "Credit Card"}:
        raise refusals.business_rule("Deposit to an account that holds money.", "DepositToAccountRef")
    body = {"TxnDate": realm.today, **wanted, "CurrencyRef": check_currency(wanted)}
    body["DepositToAccountRef"] = named(account, "FullyQualifiedName")
    check_books_open(realm, body["TxnDate"], (stored or {}).get("TxnDate"))
    if not wanted.get("Line"):
        raise refusals.missing("Line")
    own = (stored or {}).get("Id")
    body["Line"] = _numbered([_line(realm, line, own) for line in wanted["Line"]])
    receivables.check(realm, "Deposit", body)
    held = list(_held(body))
    if len(set(held)) != len(held):
        raise refusals.cannot_be_linked()
    back = amount(body.get("CashBack", {}).get("Amount"))
    total = sum((amount(line["Amount"]) for line in body["Line"]), ZERO) - back
    if total < 0:
        raise refusals.business_rule("Transaction amount must be 0 or greater.")
    check_range(total, "TotalAmt")
    body["TotalAmt"] = as_stored(total)
    return body


def _numbered(lines: list[Json]) -> list[Json]:
    """Number the lines that stand for themselves; one that only names a payment has no number."""
    place = 0
    result = []
    for line in lines:
        own = "DetailType" in line
        place += own
        result.append({"Id": str(place), "LineNum": place, **line} if own else line)
    return result


def _line(realm: Realm, line: Json, own: str | None) -> Json:
    if "Amount" not in line:
        raise refusals.missing("Line.Amount")
    value = cents(amount(line["Amount"]))
    body = {name: part for name, part in line.items() if name not in {"Id", "LineNum", "DetailType", DETAIL}}
    body["Amount"] = as_stored(value)
    links = line.get("LinkedTxn") or []
    detail = dict(line.get(DETAIL) or {})
    ref = "Line.DepositLineDetail.AccountRef"
    if "AccountRef" not in detail and not (links and "DetailType" not in line):
        raise refusals.missing(ref)
    if links:
        link = _held_link(realm, links[0], value, own)
        return {**body, "LinkedTxn": [link], **_how_paid(realm, link)}
    detail["AccountRef"] = named(
        check_reference(realm, "Account", detail["AccountRef"], ref), "FullyQualifiedName"
    )
    return {**body, "DetailType": DETAIL, DETAIL: detail}


def _how_paid(realm: Realm, link: Json) -> Json:
    """Return the detail of a line that carries a payment: how it was paid, if the payment says so."""
    held = realm.find(link["TxnType"], link["TxnId"]) or {}
    method = held.get("PaymentMethodRef", {}).get("value")
    said = {
        **({"PaymentMethodRef": {"value": method}} if method else {}),
        **({"CheckNum": held["PaymentRefNum"]} if "PaymentRefNum" in held else {}),
    }
    return {DETAIL: said} if said else {}


def _held_link(realm: Realm, link: Json, value: Decimal, own: str | None) -> Json:
    kind, key = link.get("TxnType"), str(link.get("TxnId", ""))
    held = realm.find(kind, key) if kind in HELD else None
    funds = realm.first_where("Account", "AccountSubType", "UndepositedFunds") or {}
    if held is None or held.get("DepositToAccountRef", {}).get("value") != funds.get("Id"):
        raise refusals.cannot_be_linked()
    elsewhere = {"TxnId": own, "TxnType": "Deposit"}
    if any(one.get("TxnType") == "Deposit" and one != elsewhere for one in held.get("LinkedTxn", [])):
        raise refusals.cannot_be_linked()
    if value != amount(held["TotalAmt"]):
        raise refusals.business_rule("A payment is deposited with its whole amount.", "Line.Amount")
    return {"TxnId": key, "TxnType": kind, "TxnLineId": "0"}


def _held(body: Json | None) -> list[tuple[str, str]]:
    return [
        (link["TxnType"], link["TxnId"])
        for line in (body or {}).get("Line", [])
        for link in line.get("LinkedTxn", [])
        if link.get("TxnType") in HELD
    ]


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None and before is not None:
        check_books_open(realm, before.get("TxnDate"))
    link = {"TxnId": (after or before or {})["Id"], "TxnType": "Deposit"}
    old, new = set(_held(before)), set(_held(after))
    for kind, key in sorted(old ^ new):
        held = realm.find(kind, key)
        if held is None:
            continue
        links = [one for one in held.get("LinkedTxn", []) if one != link]
        held["LinkedTxn"] = [*links, link] if (kind, key) in new else links
        realm.bump(kind, held)
    receivables.settle(realm, "Deposit", before, after)


DEPOSIT = Entity(
    name="Deposit",
    sequence="transaction",
    sort="transaction",
    members={
        **SYSTEM,
        **members(
            text="DocNumber PrivateNote TxnStatus TransactionLocationType TxnSource source "
            "GlobalTaxCalculation",
            number="TotalAmt HomeTotalAmt ExchangeRate",
            date="TxnDate",
            ref="DepositToAccountRef CurrencyRef DepartmentRef RecurDataRef",
            anything="TxnTaxDetail LinkedTxn Tag DepositEx",
            CashBack=members(number="Amount", text="Memo", ref="AccountRef"),
            Line=Many(
                {
                    **SYSTEM,
                    **members(
                        text="Description DetailType",
                        number="LineNum Amount",
                        anything="LineEx ProjectRef CustomExtensions",
                        LinkedTxn=Many(LINKED),
                        DepositLineDetail=members(
                            text="CheckNum TxnType",
                            ref="AccountRef ClassRef Entity PaymentMethodRef TaxCodeRef",
                            anything="TaxApplicableOn",
                        ),
                    ),
                }
            ),
        ),
    },
    read_only=frozenset({"TotalAmt", "HomeTotalAmt", "LinkedTxn"}),
    survives_omission=frozenset({"TxnDate", "CurrencyRef", "DepositToAccountRef"}),
    lengths={"PrivateNote": 4000, "DocNumber": 21},
    needed_to_load=("DepositToAccountRef", "TotalAmt"),
    complete=complete,
    settle=settle,
    deletable=True,
    properties={
        **COMMON_PROPERTIES,
        "TxnDate": "txn_date",
        "DepositToAccountRef": "json_extract(body, '$.DepositToAccountRef.value')",
        **in_body("TotalAmt"),
    },
)
