"""Reports: leaves by key, ids and amounts, and nothing believed that is not as asked or does not add up."""

import copy
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from qbo.errors import DoesNotAddUp, NarrowDown, NotAsAsked, QuickBooksError

from .fakes import FAILED, answer, fault, world


def _column(title: str, sort: str, key: str) -> dict[str, Any]:
    return {"ColTitle": title, "ColType": sort, "MetaData": [{"Name": "ColKey", "Value": key}]}


def _row(*cells: str | tuple[str, str], **more: Any) -> dict[str, Any]:
    texts = [{"value": one} if isinstance(one, str) else {"value": one[0], "id": one[1]} for one in cells]
    return {"ColData": texts, **more}


BALANCES: dict[str, Any] = {
    "Header": {
        "Time": "2026-10-01T05:48:52-07:00",
        "ReportName": "CustomerBalance",
        "DateMacro": "all",
        "ReportBasis": "Accrual",
        "StartPeriod": "2026-01-01",
        "EndPeriod": "2026-10-01",
        "Currency": "USD",
        "Option": [{"Name": "NoReportData", "Value": "false"}],
    },
    "Columns": {"Column": [_column("", "Customer", "customer"), _column("Total", "Money", "total")]},
    "Rows": {
        "Row": [
            _row(("Acme", "1"), "239.00"),
            {
                "Header": _row(("Big Co", "8"), ""),
                "Rows": {"Row": [_row(("Big Co", "8"), "-10.00"), _row(("Site A", "9"), "")]},
                "Summary": _row("Total for Big Co", "-10.00"),
                "type": "Section",
            },
            {"Summary": _row("TOTAL", "229.00"), "type": "Section", "group": "GrandTotal"},
        ]
    },
}
NOTHING = {
    **BALANCES,
    "Header": {**BALANCES["Header"], "Option": [{"Name": "NoReportData", "Value": "true"}]},
    "Rows": {},
}
DAY = {"report_date": "2026-10-01"}


def _changed(*path: Any, to: Any) -> dict[str, Any]:
    """Return the report with one thing in it changed."""
    report: dict[str, Any] = copy.deepcopy(BALANCES)
    inside: Any = report
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = to
    return report


def test_it_holds_leaves_with_ids_and_amounts() -> None:
    report = world(answer(BALANCES)).client.report("CustomerBalance", **DAY)
    found = {row["customer"].id: row["total"].amount for row in report.rows}
    assert found == {"1": Decimal("239.00"), "8": Decimal("-10.00"), "9": Decimal(0)}
    assert [row["customer"].text for row in report.rows] == ["Acme", "Big Co", "Site A"]
    assert [row.total for row in report.rows] == [*found.values()]
    assert (report.total, report.currency, report.time) == (
        Decimal("229.00"),
        "USD",
        "2026-10-01T05:48:52-07:00",
    )


def test_it_is_asked_for_on_accrual_basis_and_counts_as_one_read() -> None:
    here = world(answer(BALANCES))
    here.client.report("CustomerBalance", **DAY, customer="1,8,9")
    (sent,) = here.sender.sent
    assert (sent.method, urlsplit(sent.url).path) == ("GET", "/v3/company/4620/reports/CustomerBalance")
    assert parse_qs(urlsplit(sent.url).query) == {
        "accounting_method": ["Accrual"],
        "report_date": ["2026-10-01"],
        "customer": ["1,8,9"],
        "minorversion": ["75"],
    }
    assert (here.client.calls.total, here.client.metered_reads) == (1, 1)


def test_titles_of_columns_and_the_order_of_rows_say_nothing() -> None:
    report = _changed("Columns", "Column", 1, "ColTitle", to="GESAMT")
    report["Rows"]["Row"].reverse()
    found = world(answer(report)).client.report("CustomerBalance", **DAY)
    assert {row["customer"].id for row in found.rows} == {"1", "8", "9"}
    assert found.total == Decimal("229.00")


def test_a_column_without_a_key_goes_by_the_sort_of_what_it_holds() -> None:
    report = copy.deepcopy(BALANCES)
    for column in report["Columns"]["Column"]:
        del column["MetaData"]
    row = world(answer(report)).client.report("CustomerBalance", **DAY).rows[0]
    assert (row["Customer"].id, row["Money"].amount, row.total) == ("1", Decimal(239), Decimal(239))
    keyed = world(answer(BALANCES)).client.report("CustomerBalance", **DAY).rows[0]
    assert keyed["Customer"].id == "1"
    with pytest.raises(KeyError):
        keyed["Vendor"]


def test_a_report_may_have_nothing_to_say() -> None:
    report = world(answer(NOTHING)).client.report("CustomerBalance", **DAY)
    assert (report.rows, report.total) == ([], 0)
    total = {"Summary": _row("Total", ""), "type": "Section", "group": "GrandTotal"}
    report = world(answer({**NOTHING, "Rows": {"Row": [total]}})).client.report("CustomerBalance", **DAY)
    assert (report.rows, report.total) == ([], 0)


def test_a_list_of_transactions_has_no_total_and_a_running_balance_is_no_sum() -> None:
    report = {
        "Header": {**BALANCES["Header"], "ReportName": "TransactionList", "StartPeriod": "2026-09-01"},
        "Columns": {
            "Column": [
                _column("Date", "Date", "tx_date"),
                _column("Transaction type", "String", "txn_type"),
                _column("Amount", "Money", "subt_nat_amount"),
                _column("Balance", "Money", "rbal_nat_amount"),
            ]
        },
        "Rows": {
            "Row": [
                _row("2026-09-02", ("Invoice", "41"), "5.00", "5.00", type="Data"),
                _row("2026-09-03", ("Payment", "42"), "-2.50", "2.50", type="Data"),
            ]
        },
    }
    days = {"start_date": "2026-09-01", "end_date": "2026-10-01"}
    found = world(answer(report)).client.report("TransactionList", **days)
    documents = [(row["txn_type"].id, row["subt_nat_amount"].amount) for row in found.rows]
    assert documents == [("41", Decimal(5)), ("42", Decimal("-2.5"))]
    report["Rows"]["Row"].append(
        {"Summary": _row("TOTAL", "", "2.50", ""), "type": "Section", "group": "GrandTotal"}
    )
    world(answer(report)).client.report("TransactionList", **days)


@pytest.mark.parametrize(
    ("path", "wrong", "error"),
    [
        (("Header", "ReportBasis"), "Cash", NotAsAsked),
        (("Header", "EndPeriod"), "2026-10-02", NotAsAsked),
        (("Header", "ReportName"), "VendorBalance", NotAsAsked),
        (("Rows", "Row", 2, "Summary", "ColData", 1, "value"), "228.99", DoesNotAddUp),
        (("Rows", "Row", 1, "Rows", "Row", 1, "ColData", 1, "value"), "0.01", DoesNotAddUp),
        (("Rows", "Row"), BALANCES["Rows"]["Row"][:2], DoesNotAddUp),
        (("Rows", "Row"), BALANCES["Rows"]["Row"][2:], DoesNotAddUp),
        (("Header", "Option", 0, "Value"), "true", DoesNotAddUp),
        (
            ("Rows", "Row", 1, "Rows", "Row", 1),
            _row("UNABLE to display more data. Please reduce the date range.", ""),
            NarrowDown,
        ),
        (
            ("Rows", "Row", 2, "Summary", "ColData", 0, "value"),
            "Unable to display more data. Please reduce the date range.",
            NarrowDown,
        ),
    ],
)
def test_nobody_relies_on_a_report_that_is_not_whole_as_asked_and_right(
    path: tuple[Any, ...], wrong: Any, error: type[QuickBooksError]
) -> None:
    here = world(answer(_changed(*path, to=wrong)))
    with pytest.raises(error):
        here.client.report("CustomerBalance", **DAY)
    assert len(here.sender.sent) == 1, "the same again would not help"


def test_a_start_that_was_not_asked_for_is_another_report() -> None:
    with pytest.raises(NotAsAsked, match="StartPeriod 2026-01-01, and 2025-01-01"):
        world(answer(BALANCES)).client.report("CustomerBalance", **DAY, start_date="2025-01-01")


@pytest.mark.parametrize(
    "broken",
    [
        FAILED,
        answer({}),
        answer({"QueryResponse": {}}),
        answer(_changed("Rows", "Row", 0, "ColData", 1, "value", to="two")),
        answer(_changed("Rows", "Row", 0, "ColData", 1, "value", to="NaN")),
        answer(_changed("Rows", "Row", 0, "ColData", to=[{"value": "Acme", "id": "1"}])),
        answer(_changed("Columns", "Column", 1, to={"ColTitle": "Total"})),
        fault("006002", status=504, type="SERVICE"),
    ],
)
def test_what_cannot_be_read_is_asked_for_again(broken: Any) -> None:
    here = world(broken, answer(BALANCES))
    assert here.client.report("CustomerBalance", **DAY).total == Decimal("229.00")
    assert here.client.calls.retried == 1
