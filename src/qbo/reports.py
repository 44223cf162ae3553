"""A report, taken apart and checked before anybody believes it (facts K1 to K3, K5).

Columns go by their key or the sort of what they hold, never by their title, which changes with the service
and the language. Rows are leaves: what stands above others sums them up, and would be counted twice.
Absent on purpose: what a report is asked for, and what its figures are held against.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from .errors import DoesNotAddUp, NarrowDown, NotAsAsked, TryAgain
from .payload import Payload

BASIS = "Accrual"
MONEY = "Money"
TOO_MUCH = "unable to display more data"
GRAND_TOTAL = "GrandTotal"
# Lists of transactions have no total; every other report that says something has one.
WITHOUT_TOTAL = frozenset({"TransactionList"})
# A balance that runs from row to row is no sum of its column.
RUNNING = "rbal"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell: what its column is called, the text in it, and the id of what the text names."""

    key: str
    sort: str
    text: str
    id: str = ""

    @property
    def amount(self) -> Decimal:
        """The text as an amount; a blank is zero (facts K1). Raises TryAgain for what is none."""
        try:
            value = Decimal(self.text or "0")
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            raise TryAgain("A report of QuickBooks holds an amount that cannot be read.")
        return value


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """One leaf, and the heads of the sections under which it stands, the outermost first."""

    cells: tuple[Cell, ...]
    under: tuple[Cell, ...] = ()

    def __getitem__(self, column: str) -> Cell:
        """The cell of a column, by its key or else by the sort of what it holds; raises KeyError."""
        for cell in self.cells:
            if cell.key == column:
                return cell
        for cell in self.cells:
            if cell.sort == column:
                return cell
        raise KeyError(column)

    @property
    def total(self) -> Decimal:
        """The last amount of the row: of all there are, in a report by customer."""
        return next(cell.amount for cell in reversed(self.cells) if cell.sort == MONEY)


@dataclass(frozen=True, kw_only=True)
class Report:
    """The leaves of a report; `total` is what QuickBooks says of the last column of amounts."""

    rows: list[ReportRow]
    total: Decimal
    currency: str
    time: str


def report_answer(envelope: Mapping[str, Any], name: str, asked: Mapping[str, str]) -> Report:
    """A report as it was asked for, by its parameters.

    Raises NarrowDown if QuickBooks shows a part only, NotAsAsked if it answers another question,
    DoesNotAddUp if its total is not the sum of its leaves, TryAgain if it cannot be read.
    """
    try:
        head, columns = envelope["Header"], [_column(one) for one in envelope["Columns"]["Column"]]
        top = envelope["Rows"].get("Row", [])
        _check_whole(top)
        _check_head(head, name, asked)
        rows = [
            ReportRow(
                cells=_cells(columns, row["ColData"]), under=tuple(_head(columns, each) for each in above)
            )
            for row, above in _leaves(top)
        ]
        total = _checked_total(name, head, rows, _grand_total(columns, top))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise TryAgain(f"The answer of QuickBooks holds no report {name}.") from error
    return Report(rows=rows, total=total, currency=str(head["Currency"]), time=str(head.get("Time", "")))


def _column(column: Payload) -> tuple[str, str]:
    """Key and sort of a column; one that has no key goes by its sort."""
    metadata = {one["Name"]: one["Value"] for one in column.get("MetaData") or []}
    return str(metadata.get("ColKey") or column["ColType"]), str(column["ColType"])


def _cells(columns: list[tuple[str, str]], row: list[Payload]) -> tuple[Cell, ...]:
    return tuple(
        Cell(key=key, sort=sort, text=str(cell.get("value") or ""), id=str(cell.get("id") or ""))
        for (key, sort), cell in zip(columns, row, strict=True)
    )


def _head(columns: list[tuple[str, str]], section: Payload) -> Cell:
    """The first cell of a section's head; a blank one of a section without."""
    cells = (section.get("Header") or {}).get("ColData") or [{}]
    return _cells(columns[:1], cells[:1])[0]


def _leaves(
    rows: list[Payload], above: tuple[Payload, ...] = ()
) -> Iterator[tuple[Payload, tuple[Payload, ...]]]:
    for row in rows:
        if "ColData" in row:
            yield row, above
        yield from _leaves((row.get("Rows") or {}).get("Row", []), (*above, row))


def _texts(rows: list[Payload]) -> Iterator[str]:
    for row in rows:
        for part in (row, row.get("Header") or {}, row.get("Summary") or {}):
            yield from (str(cell.get("value", "")) for cell in part.get("ColData", []))
        yield from _texts((row.get("Rows") or {}).get("Row", []))


def _check_whole(rows: list[Payload]) -> None:
    if any(TOO_MUCH in text.lower() for text in _texts(rows)):
        raise NarrowDown("The report is larger than QuickBooks shows.")


def _check_head(head: Payload, name: str, asked: Mapping[str, str]) -> None:
    days = {
        "StartPeriod": asked.get("start_date"),
        "EndPeriod": asked.get("report_date", asked.get("end_date")),
    }
    wanted = {"ReportName": name, "ReportBasis": asked["accounting_method"], **days}
    for member, value in wanted.items():
        if value is not None and head.get(member) != value:
            raise NotAsAsked(f"The report has {member} {head.get(member)}, and {value} was asked for.")


def _grand_total(columns: list[tuple[str, str]], rows: list[Payload]) -> tuple[Cell, ...] | None:
    for row in rows:
        if row.get("group") == GRAND_TOTAL:
            return _cells(columns, row["Summary"]["ColData"])
    return None


def _checked_total(
    name: str, head: Payload, rows: list[ReportRow], total: tuple[Cell, ...] | None
) -> Decimal:
    """What the leaves add up to in the last column of amounts; raises DoesNotAddUp."""
    sums = [
        (place, sum((row.cells[place].amount for row in rows), Decimal(0)))
        for place, cell in enumerate(rows[0].cells if rows else ())
        if cell.sort == MONEY and not cell.key.startswith(RUNNING)
    ]
    if total is None and rows and name not in WITHOUT_TOTAL:
        raise DoesNotAddUp("The report has rows and no total.")
    for place, value in sums:
        if total is not None and total[place].amount != value:
            raise DoesNotAddUp(f"The report says {total[place].amount}, and its rows add up to {value}.")
    if not rows and total is not None and any(cell.amount for cell in total if cell.sort == MONEY):
        raise DoesNotAddUp("The report has a total and no rows.")
    options = {one.get("Name"): one.get("Value") for one in head.get("Option") or []}
    if options.get("NoReportData") == "true" and any(value for _, value in sums):
        raise DoesNotAddUp("The report says that it has no data, and has some.")
    return sums[-1][1] if sums else Decimal(0)
