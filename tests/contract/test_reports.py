"""Reports of what customers owe, by raw requests; their form is typed from facts K1 to K4."""

import json
import re
from typing import Any

import pytest

from tests.contract.books import Books, sale
from tests.contract.reports import TODAY, leaves, on_a_day, report
from tests.contract.test_journal_entries import entry
from tests.emulator import send

__all__ = ["on_a_day"]


def owed(found: dict[str, Any]) -> dict[str, str]:
    """Return what a report by customer says, by Id."""
    return {cells[0]["id"]: cells[-1]["value"] for cells in leaves(found["Rows"])}


def test_customer_balance_has_its_form(books: Books) -> None:
    """Facts K1: titles, ColKey, ReportBasis; facts K3: texts, nesting, no `type` on leaves, GrandTotal."""
    acme, big = books.customer("Acme"), books.customer("Big Co")
    site = books.customer("Site A", ParentRef={"value": big["Id"]}, Job=True)
    books.invoice(acme, 239, TxnDate=TODAY)
    books.invoice(big, 10, TxnDate=TODAY)
    books.invoice(site, 90.5, TxnDate=TODAY)
    with books.switched(report_row_order="by_name"):
        found = report(books, "CustomerBalance", report_date=TODAY)
    time = found["Header"].pop("Time")
    assert time.startswith("2026-10-15T12:00:0")
    assert found == {
        "Header": {
            "ReportName": "CustomerBalance",
            "DateMacro": "all",
            "ReportBasis": "Accrual",
            "StartPeriod": "2026-01-01",
            "EndPeriod": "2026-10-15",
            "Currency": "USD",
            "Option": [
                {"Name": "report_date", "Value": "2026-10-15"},
                {"Name": "NoReportData", "Value": "false"},
            ],
        },
        "Columns": {
            "Column": [
                {
                    "ColTitle": "",
                    "ColType": "Customer",
                    "MetaData": [{"Name": "ColKey", "Value": "customer"}],
                },
                {"ColTitle": "Total", "ColType": "Money", "MetaData": [{"Name": "ColKey", "Value": "total"}]},
            ]
        },
        "Rows": {
            "Row": [
                {"ColData": [{"value": "Acme", "id": acme["Id"]}, {"value": "239.00"}]},
                {
                    "Header": {"ColData": [{"value": "Big Co", "id": big["Id"]}, {"value": ""}]},
                    "Rows": {
                        "Row": [
                            {"ColData": [{"value": "Big Co", "id": big["Id"]}, {"value": "10.00"}]},
                            {"ColData": [{"value": "Site A", "id": site["Id"]}, {"value": "90.50"}]},
                        ]
                    },
                    "Summary": {"ColData": [{"value": "Total for Big Co"}, {"value": "100.50"}]},
                    "type": "Section",
                },
                {
                    "Summary": {"ColData": [{"value": "Total"}, {"value": "339.50"}]},
                    "type": "Section",
                    "group": "GrandTotal",
                },
            ]
        },
    }


def test_it_counts_credits_what_is_left_of_payments_and_receivables_of_all_sorts(books: Books) -> None:
    """Facts K4, K5: rests of payments and credit memos make a row negative; facts E18: journal entries."""
    acme, other = books.customer("Acme"), books.customer("Other")
    invoice = books.invoice(acme, 100, TxnDate=TODAY)
    books.payment(acme, 130, (invoice, 100), TxnDate=TODAY)
    books.post("CreditMemo", {"CustomerRef": {"value": other["Id"]}, "Line": [sale(12.34)]})
    books.post("JournalEntry", {**entry(0.04, other), "TxnDate": TODAY})
    assert owed(report(books, "CustomerBalance")) == {acme["Id"]: "-30.00", other["Id"]: "-12.30"}


def test_documents_after_the_day_are_left_out(books: Books) -> None:
    """Facts K5: the report counts documents up to its day; the list counts those of the future, too."""
    acme = books.customer("Acme")
    invoice = books.invoice(acme, 100, TxnDate="2026-10-10")
    books.payment(acme, 40, (invoice, 40), TxnDate="2026-10-12")
    books.invoice(acme, 7, TxnDate="2026-12-24")
    books.post("JournalEntry", {**entry(1, acme, credit=True), "TxnDate": "2026-10-13"})
    assert books.get("Customer", acme["Id"])["Balance"] == 66
    days = ("2026-10-10", "2026-10-11", "2026-10-12", "2026-10-13", "2026-12-24")
    found = [report(books, "CustomerBalance", report_date=day) for day in days]
    assert [owed(one)[acme["Id"]] for one in found] == ["100.00", "100.00", "60.00", "59.00", "66.00"]
    assert [one["Header"]["EndPeriod"] for one in found] == list(days)
    assert owed(report(books, "CustomerBalance"))[acme["Id"]] == "59.00", "of today, unless a day is named"


def test_a_payment_counts_with_the_customers_whose_forms_it_pays(books: Books) -> None:
    """Facts E6: a parent pays for its sub-customer; facts E3: Balance is each customer's own."""
    big = books.customer("Big Co")
    site = books.customer("Site A", ParentRef={"value": big["Id"]}, Job=True)
    invoice = books.invoice(site, 50, TxnDate=TODAY)
    books.payment(big, 60, (invoice, 30), TxnDate=TODAY)
    own = {one["Id"]: one["Balance"] for one in books.query("select * from Customer")["Customer"]}
    assert own == {big["Id"]: -30, site["Id"]: 20}
    assert owed(report(books, "CustomerBalance")) == {big["Id"]: "-30.00", site["Id"]: "20.00"}


def test_customers_are_chosen_by_id(books: Books) -> None:
    """Facts K2: `customer=1,2,3`, told in the Header."""
    one, two, three = (books.customer(name) for name in ("One", "Two", "Three"))
    for buyer in (one, two, three):
        books.invoice(buyer, 5, TxnDate=TODAY)
    wanted = f"{one['Id']},{three['Id']}"
    found = report(books, "CustomerBalance", customer=wanted)
    assert owed(found).keys() == {one["Id"], three["Id"]}
    assert found["Header"]["Customer"] == wanted
    assert found["Rows"]["Row"][-1]["Summary"]["ColData"][1]["value"] == "10.00"


def test_who_owes_nothing_is_left_out_and_a_report_may_have_nothing_to_say(books: Books) -> None:
    """Facts K3: NoReportData as text, `"Rows": {}`; facts K5: zero balances."""
    acme = books.customer("Acme")
    found = report(books, "CustomerBalance")
    assert found["Rows"] == {}
    assert {"Name": "NoReportData", "Value": "true"} in found["Header"]["Option"]
    invoice = books.invoice(acme, 5, TxnDate=TODAY)
    books.payment(acme, 5, (invoice, 5), TxnDate=TODAY)
    assert report(books, "CustomerBalance")["Rows"] == {}
    with books.switched(report_no_data="total"):
        (total,) = report(books, "CustomerBalance")["Rows"]["Row"]
    assert total["Summary"]["ColData"] == [{"value": "Total"}, {"value": ""}]
    with books.switched(report_zero_balances="shown", report_empty="zero"):
        assert owed(report(books, "CustomerBalance")) == {acme["Id"]: "0.00"}


def test_as_the_service_before_wrote_them(books: Books) -> None:
    """Facts K1: capitals, `0` where there is `""` now."""
    books.customer("Acme")
    with books.switched(report_column_titles="capital", report_empty="zero", report_no_data="total"):
        found = report(books, "CustomerBalance")
    assert [one["ColTitle"] for one in found["Columns"]["Column"]] == ["", "TOTAL"]
    assert found["Rows"]["Row"][0]["Summary"]["ColData"] == [{"value": "TOTAL"}, {"value": "0.00"}]


def test_the_order_of_rows_is_nothing_to_rely_on(books: Books) -> None:
    """Facts K1: match by id."""
    for number in range(8):
        books.invoice(books.customer(f"Customer {number}"), 5, TxnDate=TODAY)
    named = sorted(one["DisplayName"] for one in books.query("select * from Customer")["Customer"])
    rows = [cells[0]["value"] for cells in leaves(report(books, "CustomerBalance")["Rows"])]
    assert (sorted(rows), rows == named) == (named, False)
    with books.switched(report_row_order="by_name"):
        rows = [cells[0]["value"] for cells in leaves(report(books, "CustomerBalance")["Rows"])]
    assert rows == named


def test_a_report_that_is_too_large_ends_with_a_text(books: Books) -> None:
    """Facts K2: 200, and a row "Unable to display more data. Please reduce the date range."."""
    for number in range(4):
        books.invoice(books.customer(f"Customer {number}"), 5, TxnDate=TODAY)
    with books.switched(report_cell_limit=6):
        rows = report(books, "CustomerBalance")["Rows"]["Row"]
    assert [row["ColData"][-1]["value"] for row in rows[:3]] == ["5.00", "5.00", "5.00"]
    assert rows[3]["ColData"][0]["value"] == "Unable to display more data. Please reduce the date range."
    assert len(rows) == 4
    with books.switched(report_cell_limit=8):
        assert len(report(books, "CustomerBalance")["Rows"]["Row"]) == 5


def test_the_basis_is_that_of_the_company_unless_it_is_named(books: Books) -> None:
    """Facts K2: ReportPrefs.ReportBasis."""
    books.emulator.preferences(books.realm, ReportPrefs={"ReportBasis": "Cash"})
    assert report(books, "CustomerBalance")["Header"]["ReportBasis"] == "Accrual"
    status, text, _ = books.call("GET", "reports/CustomerBalance")
    assert (status, json.loads(text)["Header"]["ReportBasis"]) == (200, "Cash")
    status, text, _ = books.call("GET", "reports/CustomerBalance", accounting_method="Barter")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "2170")


@pytest.mark.parametrize(
    ("day", "code"), [("2026-02-30", "2070"), ("10/15/2026", "2060"), ("20261015", "2060")]
)
def test_a_day_that_is_none_is_refused(books: Books, day: str, code: str) -> None:
    """Facts B6: 2060, 2070."""
    status, text, _ = books.call("GET", "reports/CustomerBalance", report_date=day)
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, code)


@pytest.mark.parametrize("name", ["customerbalance", "CUSTOMERBALANCE", "ARAgingDetail", ""])
def test_a_name_that_is_none_is_refused(books: Books, name: str) -> None:
    """Facts K2: the case of the name counts, a wrong one is 400; facts B6: 5020."""
    status, text, headers = books.call("GET", f"reports/{name}")
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "5020")
    assert "v3modernResponse" not in headers


@pytest.mark.parametrize("path", ["reports/ProfitAndLoss", "reports/CustomerBalance?department=1"])
def test_what_is_not_made_here_is_refused_and_never_made_up(books: Books, path: str) -> None:
    """Facts K1, K4."""
    status, text, _ = books.call("GET", path)
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, "500")


def test_a_report_is_one_metered_read_and_is_asked_by_get(books: Books) -> None:
    """Facts K2: one read a call, ordinary limits; `GET` only."""
    before = books.emulator.counters(books.realm)["metered_reads"]
    report(books, "CustomerBalance")
    assert books.emulator.counters(books.realm)["metered_reads"] == before + 1
    assert books.call("POST", "reports/CustomerBalance", {})[0] == 400
    assert books.call("GET", "reports/Nothing")[0] == 400
    assert books.emulator.counters(books.realm)["metered_reads"] == before + 1


@pytest.mark.parametrize("name", ["CustomerBalance", "TransactionList"])
def test_a_report_that_takes_too_long_is_given_up_in_xml(books: Books, name: str) -> None:
    """Facts K2: 504, code 6002; facts B9: `time`, then `xmlns`."""
    days = {"start_date": "2026-01-01", "end_date": "2026-07-31"}
    if name == "TransactionList":
        with books.switched(report_days_max=186):
            status, text, headers = books.call("GET", f"reports/{name}", **days)
    else:
        books.emulator.fault("refuse", {"operation": "report"}, code=6002)
        status, text, headers = books.call("GET", f"reports/{name}", **days)
    assert (status, headers["Content-Type"]) == (504, "application/xml;charset=UTF-8")
    assert re.sub(r'time="[^"]+"', 'time=""', text) == (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<IntuitResponse time="" xmlns="http://schema.intuit.com/finance/v3"><Fault type="SERVICE">'
        '<Error code="6002"><Message>message=GatewayTimeout; errorCode=006002; statusCode=504</Message>'
        "</Error></Fault></IntuitResponse>"
    )
    assert books.call("GET", f"reports/{name}", **days)[0] == 200


def test_a_report_in_xml_has_a_root_of_its_own_and_cells_as_attributes(books: Books) -> None:
    """Facts K2: `<Report>`, `<ColData value="300.00" id="67"/>`; facts K3: no `type` on leaves."""
    acme = books.customer("Acme & Sons")
    books.invoice(acme, 300, TxnDate=TODAY)
    url = f"{books.emulator.url}/v3/company/{books.realm}/reports/CustomerBalance?report_date={TODAY}"
    status, text, headers = send("GET", url, headers={"Authorization": f"Bearer {books.token}"})
    assert (status, headers["Content-Type"]) == (200, "application/xml;charset=UTF-8")
    assert text.startswith(
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<Report xmlns="http://schema.intuit.com/finance/v3"><Header><Time>2026-10-15T12:00:0'
    )
    assert "<ReportBasis>Accrual</ReportBasis>" in text
    assert text.endswith(
        f'<Rows><Row><ColData value="Acme &amp; Sons" id="{acme["Id"]}"/><ColData value="300.00"/></Row>'
        '<Row type="Section" group="GrandTotal"><Summary><ColData value="Total"/><ColData value="300.00"/>'
        "</Summary></Row></Rows></Report>"
    )
