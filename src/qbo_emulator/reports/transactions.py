"""TransactionList: all documents of a period, one row each, of customers or not (facts K4)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json
from qbo_emulator.reports.asked import Asked
from qbo_emulator.reports.form import Column, Head, Report, cell, cells
from qbo_emulator.reports.ledger import cents, sort_of
from qbo_emulator.reports.types import ENTITIES, OUT, SORTS

COLUMNS = [
    Column(title="Transaction date", sort="Date", key="tx_date"),
    Column(title="Transaction type", sort="String", key="txn_type"),
    Column(title="Num", sort="String", key="doc_num"),
    Column(title="Posting", sort="Bool", key="is_no_post"),
    Column(title="Name", sort="String", key="name"),
    Column(title="Memo/Description", sort="String", key="memo"),
    Column(title="Account", sort="String", key="account_name"),
    Column(title="Split", sort="String", key="other_account"),
    Column(title="Amount", sort="Money", key="subt_nat_amount"),
]
# Of an offer nothing is owed.
NOT_POSTED = {"Estimate"}
JOURNAL_DETAIL = "JournalEntryLineDetail"


def transaction_list(asked: Asked) -> Report:
    """The documents dated in a period; with one end of it alone, this month until today (facts K2)."""
    asked.check()
    head = _head(asked)
    _check_length(asked, head)
    report = Report(head=head, columns=COLUMNS, settings=asked.realm.settings)
    found = sorted(_documents(asked, head), key=lambda one: (one[1]["TxnDate"], int(one[1]["Id"])))
    names = dict(asked.realm.members_of("Customer", "Id", "DisplayName"))
    report.rows = report.ordered(_row(report, sort, body, names) for sort, body in found)
    return report


def _head(asked: Asked) -> Head:
    start, end, today = asked.day("start_date"), asked.day("end_date"), asked.realm.today
    head = Head(
        name=asked.name,
        basis=asked.basis,
        start=start,
        end=end,
        customers=asked.arguments.get("customer", ""),
    )
    if start and end:
        return head
    return replace(head, start=f"{today[:7]}-01", end=today, macro="this month-to-date")


def _check_length(asked: Asked, head: Head) -> None:
    most = asked.realm.settings.report_days_max
    days = (date.fromisoformat(head.end) - date.fromisoformat(head.start)).days
    if 0 < most < days:
        raise refusals.TookTooLong


def _documents(asked: Asked, head: Head) -> Iterator[tuple[str, Json]]:
    """Return the documents asked for, each with what it is called by."""
    kinds = _kinds(asked)
    for entity in ENTITIES:
        for body in asked.realm.dated(entity, head.start, head.end):
            sort = sort_of(entity, body)
            if sort in kinds and (not asked.customers or _name(body)[1] in asked.customers):
                yield sort, body


def _kinds(asked: Asked) -> frozenset[str]:
    """Return what sorts of documents are asked for; none is all."""
    known = {parameter: sort for sort, (_, parameter) in SORTS.items()}
    chosen = [one for one in asked.arguments.get("transaction_type", "").split(",") if one]
    if not known.keys() >= set(chosen):
        raise refusals.invalid_enumeration(asked.arguments["transaction_type"], "transaction_type")
    return frozenset(known[one] for one in chosen) or frozenset(SORTS)


def _row(report: Report, sort: str, body: Json, names: Mapping[str, str]) -> Json:
    name, key = _name(body)
    name = name or names.get(key, "")
    account = body.get("DepositToAccountRef") or body.get("AccountRef")
    value = cents(body["TotalAmt"]) if "TotalAmt" in body else _sum(body)
    return {
        **cells(
            [
                cell(str(body["TxnDate"])),
                cell(SORTS[sort][0], body["Id"]),
                cell(str(body.get("DocNumber", body.get("PaymentRefNum", "")))),
                cell("No" if sort in NOT_POSTED else "Yes"),
                cell(name, key),
                cell(str(body.get("PrivateNote", body.get("Description", "")))),
                cell(str(_at(account, "name") or ""), str(_at(account, "value") or "")),
                cell(""),
                cell(report.money(-value if sort in OUT else value)),
            ]
        ),
        "type": "Data",
    }


def _sum(body: Json) -> int:
    """Return the amount of a document without a total: what a journal entry debits, or a charge is."""
    debits = [line for line in _lines(body) if _at(line, JOURNAL_DETAIL, "PostingType") == "Debit"]
    return sum(cents(line.get("Amount")) for line in debits) or cents(body.get("Amount"))


def _name(body: Json) -> tuple[str, str]:
    """Return name and Id of whom a document is about; of a journal entry, the first it names."""
    refs = [body.get(member) for member in ("CustomerRef", "EntityRef", "VendorRef")]
    for line in _lines(body):
        refs += [_at(line, JOURNAL_DETAIL, "Entity", "EntityRef"), _at(line, "DepositLineDetail", "Entity")]
    ref = next((one for one in refs if _at(one, "value")), None)
    return str(_at(ref, "name") or ""), str(_at(ref, "value") or "")


def _lines(body: Json) -> list[Json]:
    lines = body.get("Line")
    return lines if isinstance(lines, list) else []


def _at(value: Any, *path: str) -> Any:
    """Return what stands inside, if anything does: of some entities clients may store what they like."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value
