"""Reports by document and by age, and lists of transactions, by raw requests (facts K1 to K4)."""

import json
from typing import Any

import pytest

from tests.contract.books import Books
from tests.contract.reports import TODAY, leaves, on_a_day, report
from tests.contract.test_journal_entries import cheque, entry

__all__ = ["on_a_day"]


def test_customer_balance_detail_names_each_document(books: Books) -> None:
    """Facts K4: date, type with its Id, number, due, amount, open balance; facts K3: `type: "Data"`."""
    acme = books.customer("Acme")
    first = books.invoice(acme, 100, TxnDate="2026-10-01", DueDate="2026-10-31", DocNumber="7")
    second = books.invoice(acme, 50, TxnDate="2026-10-02", DueDate="2026-10-31")
    payment = books.payment(acme, 70, (second, 50), TxnDate="2026-10-03", PaymentRefNum="CHK 5")
    charge = books.emulator.charge(books.realm, acme["Id"], 1.5, date="2026-10-04")
    found = report(books, "CustomerBalanceDetail", report_date=TODAY)
    keys = [one["MetaData"][0]["Value"] for one in found["Columns"]["Column"]]
    assert keys == [
        *("tx_date", "txn_type", "doc_num", "due_date"),
        *("subt_amount", "subt_open_bal", "rbal_open_bal"),
    ]
    section, total = found["Rows"]["Row"]
    assert section["Header"]["ColData"] == [{"value": "Acme", "id": acme["Id"]}, *[{"value": ""}] * 6]
    assert {row["type"] for row in section["Rows"]["Row"]} == {"Data"}
    rows = [[cell["value"] for cell in row["ColData"]] for row in section["Rows"]["Row"]]
    assert rows == [
        ["2026-10-01", "Invoice", "7", "2026-10-31", "100.00", "100.00", "100.00"],
        ["2026-10-03", "Payment", "CHK 5", "2026-10-03", "-70.00", "-20.00", "80.00"],
        ["2026-10-04", "Statement Charge", "", "2026-10-04", "1.50", "1.50", "81.50"],
    ]
    ids = [row["ColData"][1]["id"] for row in section["Rows"]["Row"]]
    assert ids == [first["Id"], payment["Id"], charge["Id"]]
    assert _texts(section["Summary"]) == ["Total for Acme", "", "", "", "31.50", "81.50", ""]
    assert (total["group"], _texts(total["Summary"])) == (
        "GrandTotal",
        ["Total", "", "", "", "31.50", "81.50", ""],
    )


def _texts(row: dict[str, Any]) -> list[str]:
    return [cell["value"] for cell in row["ColData"]]


def test_details_are_of_what_is_paid_of_what_is_not_or_of_all(books: Books) -> None:
    """Facts K4: arpaid; as it was on the day."""
    acme = books.customer("Acme")
    invoice = books.invoice(acme, 50, TxnDate="2026-10-02")
    payment = books.payment(acme, 50, (invoice, 50), TxnDate="2026-10-03")

    def ids(**asked: str) -> set[str]:
        rows = report(books, "CustomerBalanceDetail", **asked)["Rows"]
        return {cells[1]["id"] for cells in leaves(rows)}

    both = {invoice["Id"], payment["Id"]}
    assert (ids(arpaid="All"), ids(arpaid="Paid"), ids(arpaid="Unpaid")) == (both, both, set())
    assert ids(arpaid="Unpaid", report_date="2026-10-02") == {invoice["Id"]}
    status, text, _ = books.call("GET", "reports/CustomerBalanceDetail", arpaid="Some")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "2170")


def test_receivables_are_told_by_their_age(books: Books) -> None:
    """Facts K3, K4: Current, 1-30, 31-60, 61-90, 91 and over, Total; by the due day."""
    acme = books.customer("Acme")
    ages = {"2026-10-15": 1, "2026-10-14": 2, "2026-09-15": 4, "2026-09-14": 8, "2026-07-16": 32}
    for due, value in ages.items():
        books.invoice(acme, value, TxnDate="2026-01-05", DueDate=due)
    books.payment(acme, 0.5, TxnDate=TODAY)
    found = report(books, "AgedReceivables", report_date=TODAY)
    columns = [(one["ColTitle"], one["MetaData"][0]["Value"]) for one in found["Columns"]["Column"]]
    assert columns == [
        ("", "customer"),
        ("Current", "current"),
        ("1 - 30", "0"),
        ("31 - 60", "1"),
        ("61 - 90", "2"),
        ("91 and over", "3"),
        ("Total", "total"),
    ]
    row, total = found["Rows"]["Row"]
    assert "type" not in row
    assert _texts(row) == ["Acme", "0.50", "6.00", "8.00", "", "32.00", "46.50"]
    assert _texts(total["Summary"]) == ["Total", "0.50", "6.00", "8.00", "", "32.00", "46.50"]
    later = report(books, "AgedReceivables", report_date="2026-11-30")
    assert _texts(later["Rows"]["Row"][0])[1:] == ["", "", "2.50", "12.00", "32.00", "46.50"]
    now = report(books, "AgedReceivables", report_date="2026-11-30", aging_method="Current")
    assert _texts(now["Rows"]["Row"][0]) == _texts(row)


def test_a_list_has_all_documents_of_a_period(books: Books) -> None:
    """Facts K4: its keys; facts K3: the cell of the type has the Id; facts K1: the split is blank."""
    acme = books.customer("Acme")
    invoice = books.invoice(acme, 40, TxnDate="2026-10-01", DocNumber="7", PrivateNote="why")
    payment = books.payment(acme, 40, (invoice, 40), TxnDate="2026-10-02")
    journal = books.post("JournalEntry", {**entry(3, acme), "TxnDate": "2026-10-03"})
    refund = books.post("Purchase", {**cheque(2, acme), "TxnDate": "2026-10-04"})
    books.invoice(acme, 9, TxnDate="2026-09-30")
    books.invoice(acme, 9, TxnDate="2026-10-06")
    with books.switched(report_row_order="by_name"):
        found = report(books, "TransactionList", start_date="2026-10-01", end_date="2026-10-05")
    head = found["Header"]
    assert (head["StartPeriod"], head["EndPeriod"]) == ("2026-10-01", "2026-10-05")
    keys = [one["MetaData"][0]["Value"] for one in found["Columns"]["Column"]]
    assert keys == [
        *("tx_date", "txn_type", "doc_num", "is_no_post", "name", "memo", "account_name"),
        *("other_account", "subt_nat_amount"),
    ]
    assert all(row.keys() == {"ColData", "type"} for row in found["Rows"]["Row"])
    rows = [
        [row["ColData"][place]["value"] for place in (0, 1, 2, 4, 5, 7, 8)] for row in found["Rows"]["Row"]
    ]
    assert rows == [
        ["2026-10-01", "Invoice", "7", "Acme", "why", "", "40.00"],
        ["2026-10-02", "Payment", "", "Acme", "", "", "40.00"],
        ["2026-10-03", "Journal Entry", "", "Acme", "", "", "3.00"],
        ["2026-10-04", "Check", "", "Acme", "", "", "-2.00"],
    ]
    ids = [row["ColData"][1]["id"] for row in found["Rows"]["Row"]]
    assert ids == [one["Id"] for one in (invoice, payment, journal, refund)]
    assert {row["ColData"][4]["id"] for row in found["Rows"]["Row"]} == {acme["Id"]}


def test_a_list_is_narrowed_by_type_and_customer(books: Books) -> None:
    """Facts K2, K4."""
    acme, other = books.customer("Acme"), books.customer("Other")
    days = {"start_date": "2026-10-01", "end_date": TODAY}
    made = [books.invoice(acme, 4), books.invoice(other, 5), books.payment(acme, 1), books.payment(other, 2)]
    ids = [one["Id"] for one in made]

    def found(**asked: str) -> list[str]:
        rows = report(books, "TransactionList", **days, **asked)["Rows"]
        return sorted((cells[1]["id"] for cells in leaves(rows)), key=int)

    assert found() == ids
    assert found(transaction_type="Invoice") == ids[:2]
    assert found(transaction_type="Invoice,ReceivePayment", customer=acme["Id"]) == [ids[0], ids[2]]
    status, text, _ = books.call("GET", "reports/TransactionList", **days, transaction_type="Bribe")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "2170")


@pytest.mark.parametrize("asked", [{}, {"start_date": "2026-01-01"}, {"end_date": "2026-12-31"}])
def test_one_end_of_a_period_alone_is_passed_over_without_a_word(books: Books, asked: dict[str, str]) -> None:
    """Facts K2: the default period is taken, up to today."""
    acme = books.customer("Acme")
    for day in ("2026-09-30", "2026-10-01", "2026-10-15", "2026-10-16"):
        books.invoice(acme, 5, TxnDate=day)
    found = report(books, "TransactionList", **asked)
    assert (found["Header"]["StartPeriod"], found["Header"]["EndPeriod"]) == ("2026-10-01", TODAY)
    assert sorted(cells[0]["value"] for cells in leaves(found["Rows"])) == ["2026-10-01", TODAY]
