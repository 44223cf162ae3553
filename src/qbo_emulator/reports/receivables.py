"""Reports of what customers owe, as of a day: by customer, by document, by age (facts K3, K4)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from qbo_emulator.ground.values import Json
from qbo_emulator.reports.asked import Asked
from qbo_emulator.reports.form import Column, Head, Report, cell, cells, section
from qbo_emulator.reports.ledger import Document, balances, ledger
from qbo_emulator.reports.types import SORTS

CUSTOMER = Column(title="", sort="Customer", key="customer")
TOTAL = Column(title="Total", sort="Money", key="total")
AGES = ("Current", "1 - 30", "31 - 60", "61 - 90", "91 and over")
AGE_KEYS = ("current", "0", "1", "2", "3")
DAYS_OF_AN_AGE = 30
DETAILS = [
    Column(title="Transaction date", sort="Date", key="tx_date"),
    Column(title="Transaction type", sort="String", key="txn_type"),
    Column(title="Num", sort="String", key="doc_num"),
    Column(title="Due date", sort="Date", key="due_date"),
    Column(title="Amount", sort="Money", key="subt_amount"),
    Column(title="Open balance", sort="Money", key="subt_open_bal"),
    Column(title="Balance", sort="Money", key="rbal_open_bal"),
]


@dataclass(kw_only=True)
class _Own:
    """What a report says of one customer, without its sub-customers: rows, and their sums."""

    rows: list[Json]
    sums: list[int]


def customer_balance(asked: Asked) -> Report:
    """What each customer owes, documents after the day left out."""
    asked.check()
    owed = balances(ledger(asked.realm, until=asked.report_date))
    return _by_customer(asked, [CUSTOMER, TOTAL], {key: [value] for key, value in owed.items()})


def aged_receivables(asked: Asked) -> Report:
    """What each customer owes, by how long it is due."""
    asked.check()
    realm = asked.realm
    way = asked.chosen("aging_method", "Report_Date", "Current")
    on = date.fromisoformat(asked.report_date if way == "Report_Date" else realm.today)
    figures: dict[str, list[int]] = {}
    for one in ledger(realm, until=asked.report_date):
        row = figures.setdefault(one.customer, [0] * (len(AGES) + 1))
        row[_age(one, on)] += one.left
        row[-1] += one.left
    ages = [Column(title=title, sort="Money", key=key) for title, key in zip(AGES, AGE_KEYS, strict=True)]
    return _by_customer(asked, [CUSTOMER, *ages, TOTAL], figures)


def _age(one: Document, on: date) -> int:
    days = (on - date.fromisoformat(one.due)).days if one.due else 0
    return 0 if days <= 0 else min(1 + (days - 1) // DAYS_OF_AN_AGE, len(AGES) - 1)


def customer_balance_detail(asked: Asked) -> Report:
    """Each document of each customer, with what is open of it."""
    asked.check(takes=frozenset({"arpaid"}))
    paid = asked.chosen("arpaid", "Unpaid", "All", "Paid")
    report = _report(asked, DETAILS)
    documents = [
        one
        for one in ledger(asked.realm, until=asked.report_date)
        if paid == "All" or bool(one.left) == (paid == "Unpaid")
    ]
    documents.sort(key=lambda one: (one.customer, one.date, int(one.key)))
    own = {key: _details(report, one) for key, one in groupby(documents, lambda one: one.customer)}

    def total(label: str, sums: list[int]) -> Json:
        return cells([label, "", "", "", *map(report.money, sums), ""])

    _fill(report, _Tree.of(asked), own, total=total, each_below_a_head=True)
    return report


def _details(report: Report, documents: Iterable[Document]) -> _Own:
    rows, amounts, left = [], 0, 0
    for one in documents:
        amounts += one.value
        left += one.left
        texts = [one.number, one.due, *map(report.money, (one.value, one.left, left))]
        kind = cell(SORTS[one.sort or one.entity][0], one.key)
        rows.append({**cells([one.date, kind, *texts]), "type": "Data"})
    return _Own(rows=rows, sums=[amounts, left])


def _report(asked: Asked, columns: list[Column]) -> Report:
    day = asked.report_date
    head = Head(
        name=asked.name,
        basis=asked.basis,
        start=f"{day[:4]}-01-01",
        end=day,
        macro="all",
        customers=asked.arguments.get("customer", ""),
        report_date=day,
    )
    return Report(head=head, columns=columns, settings=asked.realm.settings)


def _by_customer(asked: Asked, columns: list[Column], figures: dict[str, list[int]]) -> Report:
    """Return a report with one row for each customer that owes something."""
    report, tree = _report(asked, columns), _Tree.of(asked)
    zeros = report.settings.report_zero_balances == "shown"
    own = {
        key: _Own(rows=[cells([cell(tree.names[key], key), *map(report.money, sums)])], sums=sums)
        for key, sums in figures.items()
        if key in tree.names and (any(sums) or zeros)
    }

    def total(label: str, sums: list[int]) -> Json:
        return cells([label, *map(report.money, sums)])

    _fill(report, tree, own, total=total)
    return report


@dataclass(kw_only=True)
class _Tree:
    """The customers, each below its parent, and those of them that are asked for."""

    names: dict[str, str] = field(default_factory=dict)
    below: dict[str | None, list[str]] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()

    @classmethod
    def of(cls, asked: Asked) -> "_Tree":
        tree = cls(wanted=asked.customers)
        rows = asked.realm.members_of("Customer", "Id", "DisplayName", "ParentRef.value")
        tree.names = {key: name for key, name, _ in rows}
        for key, _, parent in sorted(rows, key=lambda row: row[1].casefold()):
            tree.below.setdefault(parent if parent in tree.names else None, []).append(key)
        return tree


def _fill(
    report: Report,
    tree: _Tree,
    own: dict[str, _Own],
    *,
    total: Callable[[str, list[int]], Json],
    each_below_a_head: bool = False,
) -> None:
    """Add what is said of each customer: below its parent, which has a total then, and all in all."""

    def below(parent: str | None) -> _Own:
        found = [part for part in map(part_of, tree.below.get(parent, [])) if part.rows]
        rows = report.ordered(row for part in found for row in part.rows)
        return _Own(rows=rows, sums=_added(part.sums for part in found))

    def part_of(key: str) -> _Own:
        mine = own.get(key) if not tree.wanted or key in tree.wanted else None
        mine, children = mine or _Own(rows=[], sums=[]), below(key)
        sums, rows = _added([mine.sums, children.sums]), [*mine.rows, *children.rows]
        if not rows or not (children.rows or each_below_a_head):
            return _Own(rows=rows, sums=sums)
        head = cells([cell(tree.names[key], key), *[""] * (len(report.columns) - 1)])
        whole = section(head=head, rows=rows, total=total(f"Total for {tree.names[key]}", sums))
        return _Own(rows=[whole], sums=sums)

    found = below(None)
    label = "TOTAL" if report.settings.report_column_titles == "capital" else "Total"
    width = sum(column.sort == "Money" and not column.key.startswith("rbal") for column in report.columns)
    report.rows = [*found.rows, section("GrandTotal", total=total(label, found.sums or [0] * width))]


def _added(several: Iterable[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*filter(None, several), strict=True)]
