"""What the books' property test sends, and how it reads a report."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.properties.model import Payment

# What moves receivables beside forms and payments; a journal entry in two ways.
POSTED = ("JournalEntry", "JournalEntry", "Purchase", "Deposit", "StatementCharge")
RECEIVABLES, CHECKING = "84", "35"


def below(parent: str | None) -> dict[str, Any]:
    return {"ParentRef": {"value": parent}, "Job": True} if parent else {}


def sale(cents: int) -> dict[str, Any]:
    return {"Amount": cents / 100, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}


def payment_body(payment: Payment) -> dict[str, Any]:
    lines = [
        {"Amount": value / 100, "LinkedTxn": [{"TxnId": key, "TxnType": kind}]}
        for (kind, key), value in payment.lines.items()
    ]
    return {
        "CustomerRef": {"value": payment.customer},
        "TotalAmt": payment.total / 100,
        "TxnDate": payment.date,
        "Line": lines,
    }


def in_cents(text: str) -> int:
    return round(Decimal(text or 0) * 100)


def leaves(rows: list[dict[str, Any]]) -> Iterator[tuple[str, int]]:
    for row in rows:
        if "ColData" in row:
            yield row["ColData"][0]["id"], in_cents(row["ColData"][-1]["value"])
        yield from leaves(row.get("Rows", {}).get("Row", []))


def _journal_entry(customer: str, cents: int) -> dict[str, Any]:
    entity = {"Entity": {"Type": "Customer", "EntityRef": {"value": customer}}}
    sides = ("Credit", "Debit") if cents % 2 == 0 else ("Debit", "Credit")
    accounts = ({"AccountRef": {"value": RECEIVABLES}, **entity}, {"AccountRef": {"value": CHECKING}})
    kind = "JournalEntryLineDetail"
    lines = [
        {"Amount": cents / 100, "DetailType": kind, kind: {"PostingType": side, **account}}
        for side, account in zip(sides, accounts, strict=True)
    ]
    return {"Line": lines}


def _cheque(customer: str, cents: int) -> dict[str, Any]:
    kind = "AccountBasedExpenseLineDetail"
    line = {"Amount": cents / 100, "DetailType": kind, kind: {"AccountRef": {"value": RECEIVABLES}}}
    return {"PaymentType": "Check", "EntityRef": {"value": customer, "type": "Customer"}, "Line": [line]}


def _deposit(customer: str, cents: int) -> dict[str, Any]:
    kind = "DepositLineDetail"
    detail = {"AccountRef": {"value": RECEIVABLES}, "Entity": {"value": customer, "type": "Customer"}}
    line = {"Amount": cents / 100, "DetailType": kind, kind: detail}
    return {"DepositToAccountRef": {"value": CHECKING}, "Line": [line]}


POSTINGS = {"JournalEntry": _journal_entry, "Purchase": _cheque, "Deposit": _deposit}


def reported(report: dict[str, Any]) -> dict[str, int]:
    """Return what a report of balances says, by customer; its total is their sum."""
    rows = report["Rows"].get("Row", [])
    found = dict(leaves(rows))
    totals = [row["Summary"]["ColData"][-1]["value"] for row in rows if row.get("group") == "GrandTotal"]
    assert [in_cents(one) for one in totals] == ([sum(found.values())] if found else [])
    return found


def posted(entity: str, cents: int) -> int:
    """Return how much more a customer owes by what POSTINGS sends."""
    return -cents if entity == "Deposit" or (entity == "JournalEntry" and cents % 2 == 0) else cents


def picked(things: Any, pick: int) -> Any:
    found = list(things)
    return found[pick % len(found)] if found else None
