"""The form of a report as the modern service writes it (facts K1, K3): head, columns, nested rows.

Every cell is a text. Ids stand beside the texts. Switches decide about what is not known for certain, or was
otherwise in the service before.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from qbo_emulator.ground.clock import stamp
from qbo_emulator.ground.settings import Settings
from qbo_emulator.ground.values import Json

TOO_MUCH = "Unable to display more data. Please reduce the date range."
CENTS = 100


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its title, the sort of its cells, and the key a client goes by."""

    title: str
    sort: str
    key: str

    def as_json(self, settings: Settings) -> Json:
        title = self.title.upper() if settings.report_column_titles == "capital" else self.title
        metadata = [{"Name": "ColKey", "Value": self.key}]
        return {"ColTitle": title, "ColType": self.sort, "MetaData": metadata}


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a report says of itself."""

    name: str
    basis: str
    start: str
    end: str
    macro: str = ""
    customers: str = ""
    report_date: str = ""

    def as_json(self, *, seconds: float, empty: bool) -> Json:
        options = [{"Name": "report_date", "Value": self.report_date}] if self.report_date else []
        options.append({"Name": "NoReportData", "Value": "true" if empty else "false"})
        return {
            "Time": stamp(seconds),
            "ReportName": self.name,
            **({"DateMacro": self.macro} if self.macro else {}),
            "ReportBasis": self.basis,
            "StartPeriod": self.start,
            "EndPeriod": self.end,
            "Currency": "USD",
            **({"Customer": self.customers} if self.customers else {}),
            "Option": options,
        }


@dataclass(kw_only=True)
class Report:
    """A report before it is written down: rows hold cells, sections hold rows."""

    head: Head
    columns: list[Column]
    settings: Settings
    rows: list[Json] = field(default_factory=list)

    def money(self, value: int) -> str:
        """Write whole cents as the service writes money: two places, no thousands marks, nothing for zero."""
        if not value and self.settings.report_empty == "blank":
            return ""
        return f"{'-' if value < 0 else ''}{abs(value) // CENTS}.{abs(value) % CENTS:02}"

    def ordered(self, rows: Iterable[Json]) -> list[Json]:
        """Return rows in the order of the service: in none that one could rely on, by default."""
        found = list(rows)
        if self.settings.report_row_order == "shuffled":
            random.Random(self.settings.seed).shuffle(found)  # noqa: S311  repeatable on purpose
        return found

    def as_json(self, *, seconds: float) -> Json:
        empty = next(leaves(self.rows), None) is None
        head = self.head.as_json(seconds=seconds, empty=empty)
        columns = {"Column": [column.as_json(self.settings) for column in self.columns]}
        rows = [] if empty and self.settings.report_no_data == "no_rows" else self._cut()
        return {"Header": head, "Columns": columns, "Rows": {"Row": rows} if rows else {}}

    def _cut(self) -> list[Json]:
        """Return the rows; of more cells than the service shows, what it shows and a text (facts K2)."""
        most, width = self.settings.report_cell_limit, len(self.columns)
        if not most or sum(1 for _ in leaves(self.rows)) * width <= most:
            return self.rows
        shown = [leaf for leaf, _ in zip(leaves(self.rows), range(most // width), strict=False)]
        text = cells([TOO_MUCH, *[""] * (width - 1)])
        return [*shown, {**text, "type": "Data"}]


def cell(value: str, key: str | None = None) -> Json:
    return {"value": value} if key is None else {"value": value, "id": key}


def cells(values: Iterable[str | Json]) -> Json:
    return {"ColData": [cell(value) if isinstance(value, str) else value for value in values]}


def section(
    group: str = "", *, head: Json | None = None, rows: list[Json] | None = None, total: Json
) -> Json:
    """Return rows under a head of their own, with their total below."""
    return {
        **({"Header": head} if head else {}),
        **({"Rows": {"Row": rows}} if rows else {}),
        "Summary": total,
        "type": "Section",
        **({"group": group} if group else {}),
    }


def leaves(rows: Iterable[Json]) -> Iterator[Json]:
    for row in rows:
        if "ColData" in row:
            yield row
        yield from leaves(row.get("Rows", {}).get("Row", []))
