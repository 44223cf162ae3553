"""Journal entry (facts E18): debits and credits of the same sum, each on an account.

A line on Accounts Receivable names a customer and moves what that customer owes. Balances of accounts do not
move.
"""

from decimal import Decimal

from qbo_emulator.entities import receivables
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body
from qbo_emulator.entities.references import check_reference, named
from qbo_emulator.entities.transactions import check_books_open, check_currency, check_range, identified
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import LINKED, SYSTEM, Many, members
from qbo_emulator.ground.values import ZERO, Json, amount, as_stored, cents
from qbo_emulator.storage.realm import Realm

DETAIL = "JournalEntryLineDetail"
POSTING_TYPES = {"Debit", "Credit"}
# Whom a line may name, and the member that has the name.
NAMED = {"Customer": "DisplayName", "Vendor": "DisplayName", "Employee": "DisplayName"}


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    body = {"TxnDate": realm.today, "Adjustment": False, **wanted, "CurrencyRef": check_currency(wanted)}
    check_books_open(realm, body["TxnDate"], (stored or {}).get("TxnDate"))
    if not wanted.get("Line"):
        raise refusals.missing("Line")
    body["Line"] = identified([_line(realm, line) for line in wanted["Line"]], stored)
    debited, credited = (_amounts(body, sort) for sort in ("Debit", "Credit"))
    if not debited or not credited or sum(debited) != sum(credited):
        raise refusals.business_rule(
            "The debits and the credits of a journal entry have the same sum.", "Line"
        )
    check_range(sum(debited, ZERO), "Line.Amount")
    receivables.check(realm, "JournalEntry", body)
    return body


def _amounts(body: Json, sort: str) -> list[Decimal]:
    lines = [line for line in body["Line"] if line.get(DETAIL, {}).get("PostingType") == sort]
    return [amount(line["Amount"]) for line in lines]


def _line(realm: Realm, line: Json) -> Json:
    if line.get("DetailType") == "DescriptionOnly":
        return line
    detail = dict(line.get(DETAIL) or {})
    for member, there in (("Amount", line), ("PostingType", detail), ("AccountRef", detail)):
        if member not in there:
            raise refusals.missing(f"Line.{member}" if there is line else f"Line.{DETAIL}.{member}")
    if detail["PostingType"] not in POSTING_TYPES:
        raise refusals.invalid_enumeration(detail["PostingType"], "PostingType")
    value = cents(amount(line["Amount"]))
    if value < 0:
        raise refusals.negative_amount("Line.Amount")
    account = check_reference(realm, "Account", detail["AccountRef"], f"Line.{DETAIL}.AccountRef")
    detail["AccountRef"] = named(account, "FullyQualifiedName")
    if "Entity" in detail:
        detail["Entity"] = _named(realm, detail["Entity"])
    return {**line, "Amount": as_stored(value), "DetailType": DETAIL, DETAIL: detail}


def _named(realm: Realm, entity: Json) -> Json:
    kind, ref = entity.get("Type"), entity.get("EntityRef") or {}
    if kind not in NAMED:
        raise refusals.invalid_enumeration(kind, "Entity.Type")
    found = check_reference(realm, kind, ref, f"Line.{DETAIL}.Entity.EntityRef")
    return {"Type": kind, "EntityRef": named(found, NAMED[kind])}


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None and before is not None:
        check_books_open(realm, before.get("TxnDate"))
    receivables.settle(realm, "JournalEntry", before, after)


JOURNAL_ENTRY = Entity(
    name="JournalEntry",
    sequence="transaction",
    sort="transaction",
    members={
        **SYSTEM,
        **members(
            text="DocNumber PrivateNote TxnStatus TransactionLocationType TxnSource source "
            "GlobalTaxCalculation",
            number="TotalAmt HomeTotalAmt ExchangeRate",
            flag="Adjustment HomeCurrencyAdjustment EnteredInHomeCurrency",
            date="TxnDate",
            ref="CurrencyRef JournalCodeRef DepartmentRef RecurDataRef",
            anything="TxnTaxDetail LinkedTxn Tag JournalEntryEx",
            Line=Many(
                {
                    **SYSTEM,
                    **members(
                        text="Description DetailType",
                        number="LineNum Amount",
                        anything="LineEx ProjectRef CustomExtensions DescriptionLineDetail",
                        LinkedTxn=Many(LINKED),
                        JournalEntryLineDetail=members(
                            text="PostingType BillableStatus TaxApplicableOn",
                            number="TaxAmount",
                            ref="AccountRef ClassRef DepartmentRef TaxCodeRef JournalCodeRef",
                            Entity=members(text="Type", ref="EntityRef"),
                        ),
                    ),
                }
            ),
        ),
    },
    read_only=frozenset({"TotalAmt", "HomeTotalAmt", "LinkedTxn"}),
    survives_omission=frozenset({"TxnDate", "DocNumber", "CurrencyRef"}),
    lengths={"PrivateNote": 4000, "DocNumber": 21},
    complete=complete,
    settle=settle,
    deletable=True,
    properties={
        **COMMON_PROPERTIES,
        "DocNumber": "doc_number",
        "TxnDate": "txn_date",
        **in_body("TotalAmt", "Adjustment"),
    },
)
