"""Reports over real HTTP: the same balances in whatever form QuickBooks gives them, or a word why not."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from qbo.batch import BatchItem
from qbo.errors import NarrowDown, NotAsAsked, Refused, TryAgain
from qbo.retry import Answered
from tests.emulator import Emulator, emulator
from tests.integration.qbo.test_client_and_emulator import Connected, connect, create

__all__ = ["emulator"]

DAY = "2026-03-31"
SWITCHES = (
    {},
    {"report_row_order": "by_name"},
    {"report_empty": "zero"},
    {"report_column_titles": "capital"},
    {"report_zero_balances": "shown"},
    {"report_no_data": "total"},
)


@pytest.fixture
def connected(emulator: Emulator) -> Iterator[Connected]:
    """Three customers: one owes, one has to the good, one is even."""
    here = connect(emulator, emulator.new_realm())
    made = here.write(*[create(name, name) for name in ("Owes", "Good", "Even")])
    assert isinstance(made, Answered)
    here.write(
        *[_invoice(place, amount) for place, amount in enumerate(("100.50", "20", "10"), start=1)],
        _payment(2, "50.25"),
        _payment(3, "10"),
    )
    before = emulator.settings()
    yield here
    here.sender.close()
    emulator.settings(**before)
    emulator.clear_faults()


def _invoice(customer: int, amount: str) -> BatchItem:
    line = {"Amount": Decimal(amount), "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
    payload = {"CustomerRef": {"value": str(customer)}, "Line": [line], "TxnDate": "2026-03-01"}
    return BatchItem(bid=f"i{customer}", operation="create", entity="Invoice", payload=payload)


def _payment(customer: int, amount: str) -> BatchItem:
    payload = {"CustomerRef": {"value": str(customer)}, "TotalAmt": Decimal(amount), "TxnDate": "2026-03-02"}
    return BatchItem(bid=f"p{customer}", operation="create", entity="Payment", payload=payload)


@pytest.mark.parametrize("switches", SWITCHES, ids=lambda one: next(iter(one), "default"))
def test_two_readings_agree_in_whatever_form_the_report_comes(
    connected: Connected, switches: dict[str, str]
) -> None:
    connected.emulator.settings(**switches)
    client = connected.client
    report = client.report("CustomerBalance", report_date=DAY)
    found = {row["Customer"].id: row.total for row in report.rows if row.total}
    rows = client.query("select Id, Balance from Customer where Active in (true, false)").rows
    assert found == {row["Id"]: row["Balance"] for row in rows if row["Balance"]}
    assert found == {"1": Decimal("100.5"), "2": Decimal("-30.25")}
    assert report.total == Decimal("70.25")
    aged = client.report("AgedReceivables", report_date=DAY)
    assert aged.total == report.total
    details = client.report("CustomerBalanceDetail", report_date=DAY, arpaid="All")
    assert sum(row["subt_open_bal"].amount for row in details.rows) == report.total


def test_documents_are_listed_with_their_ids(connected: Connected) -> None:
    days = {"start_date": "2026-03-02", "end_date": "2026-03-02"}
    rows = connected.client.report("TransactionList", **days).rows
    listed = {row["txn_type"].id: (row["name"].id, row["subt_nat_amount"].amount) for row in rows}
    payments = connected.client.query("select * from Payment").rows
    assert listed == {one["Id"]: (one["CustomerRef"]["value"], one["TotalAmt"]) for one in payments}


def test_what_cannot_be_relied_on_is_told_by_its_name(connected: Connected) -> None:
    client, emulator = connected.client, connected.emulator
    with pytest.raises(NotAsAsked):
        client.report("CustomerBalance", report_date=DAY, start_date="2025-01-01")
    with pytest.raises(Refused, match="5020"):
        client.report("Customerbalance", report_date=DAY)
    emulator.settings(report_cell_limit=2)
    with pytest.raises(NarrowDown):
        client.report("CustomerBalance", report_date=DAY)
    emulator.settings(report_cell_limit=400_000)
    emulator.fault("refuse", {"operation": "report"}, code=6002)
    assert client.report("CustomerBalance", report_date=DAY).total == Decimal("70.25"), "asked again"
    emulator.fault("refuse", {"operation": "report"}, code=6002, times=9)
    with pytest.raises(TryAgain, match="504"):
        client.report("CustomerBalance", report_date=DAY)


def test_a_report_is_one_metered_read(connected: Connected) -> None:
    before = connected.emulator.counters(connected.realm)["metered_reads"]
    client = connected.client
    counted = client.metered_reads
    client.report("CustomerBalance", report_date=DAY)
    assert client.metered_reads - counted == 1
    assert connected.emulator.counters(connected.realm)["metered_reads"] - before == 1
