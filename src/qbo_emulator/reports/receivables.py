"""Reports of what customers owe, as of a day: by customer, by document, by age (facts K3, K4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qbo_emulator.ground.values import Json
from qbo_emulator.reports.asked import Asked
from qbo_emulator.reports.form import Column, Head, Report, cell, cells, section
from qbo_emulator.reports.ledger import ledger
from qbo_emulator.storage.realm import Realm

CUSTOMER = Column(title="", sort="Customer", key="customer")
TOTAL = Column(title="Total", sort="Money", key="total")


@dataclass(kw_only=True)
class _Tree:
    """The customers, each below its parent, with the figures of each."""

    names: dict[str, str] = field(default_factory=dict)
    below: dict[str | None, list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, realm: Realm) -> "_Tree":
        tree = cls()
        for body in realm.all_of("Customer"):
            tree.names[body["Id"]] = body["DisplayName"]
        for body in realm.all_of("Customer"):
            parent = body.get("ParentRef", {}).get("value")
            tree.below.setdefault(parent if parent in tree.names else None, []).append(body["Id"])
        for keys in tree.below.values():
            keys.sort(key=lambda key: tree.names[key].casefold())
        return tree


def customer_balance(asked: Asked) -> Report:
    """What each customer owes, documents after the day left out."""
    asked.check()
    balances = ledger(asked.realm, until=asked.report_date).balances()
    report = Report(head=_as_of(asked), columns=[CUSTOMER, TOTAL], settings=asked.realm.settings)
    figures = {key: [value] for key, value in balances.items() if value or _shows_zeros(asked)}
    _fill(report, _Tree.of(asked.realm), _only(asked, figures))
    return report


def _as_of(asked: Asked) -> Head:
    day = asked.report_date
    return Head(
        name=asked.name,
        basis=asked.basis,
        start=f"{day[:4]}-01-01",
        end=day,
        macro="all",
        customers=asked.arguments.get("customer", ""),
        report_date=day,
    )


def _shows_zeros(asked: Asked) -> bool:
    return asked.realm.settings.report_zero_balances == "shown"


def _only(asked: Asked, figures: Mapping[str, list[int]]) -> dict[str, list[int]]:
    wanted = asked.customers
    return {key: row for key, row in figures.items() if not wanted or key in wanted}


def _fill(report: Report, tree: _Tree, figures: dict[str, list[int]]) -> None:
    """Add a row for each customer with figures: below its parent, which has a total then, and all in all."""
    width = len(report.columns) - 1

    def row(key: str, values: list[int]) -> Json:
        return cells([cell(tree.names[key], key), *map(report.money, values)])

    def rows_of(key: str) -> tuple[list[Json], list[int]]:
        own = figures.get(key)
        children, sums = [], list(own or [0] * width)
        for child in tree.below.get(key, []):
            rows, values = rows_of(child)
            children += rows
            sums = [one + other for one, other in zip(sums, values, strict=True)]
        if not children:
            return ([row(key, own)] if own is not None else []), sums
        inside = [*([row(key, own)] if own is not None else []), *children]
        head = cells([cell(tree.names[key], key), *[""] * width])
        total = cells([f"Total for {tree.names[key]}", *map(report.money, sums)])
        return [section(head=head, rows=report.ordered(inside), total=total)], sums

    found, grand = [], [0] * width
    for key in tree.below.get(None, []):
        rows, values = rows_of(key)
        found += rows
        grand = [one + other for one, other in zip(grand, values, strict=True)]
    total = "TOTAL" if report.settings.report_column_titles == "capital" else "Total"
    report.rows = [
        *report.ordered(found),
        section("GrandTotal", total=cells([total, *map(report.money, grand)])),
    ]
