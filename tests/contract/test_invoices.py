"""Invoices by raw requests (facts E5)."""

from typing import Any

import pytest

from tests.contract.books import Books, sale, taxed

CALIFORNIA = {"TxnTaxCodeRef": {"value": "2"}}


def _lines(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    return list(lines)


def _percent(percent: float) -> dict[str, Any]:
    detail = {"PercentBased": True, "DiscountPercent": percent}
    return {"DetailType": "DiscountLineDetail", "Amount": 0, "DiscountLineDetail": detail}


def _amount_off(amount: float) -> dict[str, Any]:
    return {
        "DetailType": "DiscountLineDetail",
        "Amount": amount,
        "DiscountLineDetail": {"PercentBased": False},
    }


@pytest.fixture
def buyer(books: Books) -> dict[str, Any]:
    return books.customer("Buyer")


def test_a_minimal_invoice_gets_the_recorded_defaults(books: Books) -> None:
    """Facts E5: today, due in 30 days, addresses and mail from the customer, NON, a sub-total line."""
    address = {"Line1": "1 Main St"}
    customer = books.customer("Acme", BillAddr=address, PrimaryEmailAddr={"Address": "a@acme.example.com"})
    made = books.invoice(customer, 100)
    line, sub_total = made["Line"]
    assert line["Id"] == "1"
    assert line["LineNum"] == 1
    assert line["SalesItemLineDetail"]["ItemRef"] == {"value": "1", "name": "Services"}
    assert line["SalesItemLineDetail"]["TaxCodeRef"] == {"value": "NON"}
    assert sub_total == {"Amount": 100, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}}
    assert made["CustomerRef"] == {"value": customer["Id"], "name": "Acme"}
    assert made["TotalAmt"] == made["Balance"] == 100
    assert made["TxnTaxDetail"] == {"TotalTax": 0}
    assert made["BillAddr"]["Line1"] == "1 Main St"
    assert made["BillEmail"]["Address"] == "a@acme.example.com"
    assert made["LinkedTxn"] == []
    assert made["DueDate"] > made["TxnDate"]
    assert (made["PrintStatus"], made["EmailStatus"]) == ("NeedToPrint", "NotSet")
    assert made["ApplyTaxAfterDiscount"] is False


def test_a_line_without_an_item_is_booked_to_the_first_item(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E4."""
    line = {"Amount": 5, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
    made = books.post("Invoice", {"CustomerRef": {"value": buyer["Id"]}, "Line": [line]})
    assert made["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"] == "1"


@pytest.mark.parametrize(("left_out", "parameter"), [("CustomerRef", "CustomerRef"), ("Line", "Line")])
def test_customer_and_lines_are_required(
    books: Books, buyer: dict[str, Any], left_out: str, parameter: str
) -> None:
    """Facts B6: 2020 Required parameter Line is missing in the request."""
    body: dict[str, Any] = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(1)]}
    del body[left_out]
    error = books.refused("Invoice", body)
    assert error["code"] == "2020"
    assert error["Detail"] == f"Required parameter {parameter} is missing in the request"


@pytest.mark.parametrize(
    ("quantity", "price", "amount", "fits"),
    [
        (128.35, 14.5, 1861.08, True),
        (128.35, 14.5, 1861.07, False),
        (0, 0, 100, True),
        (3, 0.125, 0.38, True),
    ],
)
def test_an_amount_is_quantity_times_price_rounded_half_up(
    books: Books, buyer: dict[str, Any], *, quantity: float, price: float, amount: float, fits: bool
) -> None:
    """Facts B6: 6070, the recorded example."""
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(amount, Qty=quantity, UnitPrice=price)]}
    if fits:
        assert books.post("Invoice", body)["TotalAmt"] == amount
    else:
        error = books.refused("Invoice", body)
        assert error["code"] == "6070"
        assert error["Detail"] == "Amount is not equal to UnitPrice * Qty. Supplied value:1,861.07"


def test_manual_tax_is_computed_once_from_the_taxable_lines(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5: TxnTaxDetail with one tax line per rate; 8 % of 33.33 is 2.6664."""
    made = books.post(
        "Invoice",
        {
            "CustomerRef": {"value": buyer["Id"]},
            "Line": _lines(taxed(22.22), taxed(11.11), sale(50)),
            "TxnTaxDetail": CALIFORNIA,
        },
    )
    assert made["TxnTaxDetail"]["TotalTax"] == 2.67
    assert made["TxnTaxDetail"]["TaxLine"] == [
        {
            "Amount": 2.67,
            "DetailType": "TaxLineDetail",
            "TaxLineDetail": {
                "TaxRateRef": {"value": "3"},
                "PercentBased": True,
                "TaxPercent": 8,
                "NetAmountTaxable": 33.33,
            },
        }
    ]
    assert made["TotalAmt"] == made["Balance"] == 86.0


@pytest.mark.parametrize(
    ("discount", "after", "tax", "total"),
    [
        (_percent(10), True, 7.2, 142.65),  # 150.50 - 15.05 + 8 % of 90.00
        (_percent(10), False, 8, 143.45),
        (_amount_off(30.1), True, 6.4, 126.8),  # the taxable share of 30.10 is 20.00
    ],
)
def test_a_discount_before_tax_lowers_the_taxable_lines_by_their_share(
    books: Books, buyer: dict[str, Any], *, discount: dict[str, Any], after: bool, tax: float, total: float
) -> None:
    """Facts E5: DiscountLineDetail, ApplyTaxAfterDiscount."""
    made = books.post(
        "Invoice",
        {
            "CustomerRef": {"value": buyer["Id"]},
            "Line": _lines(taxed(100), sale(50.5), discount),
            "TxnTaxDetail": CALIFORNIA,
            "ApplyTaxAfterDiscount": after,
        },
    )
    assert made["TxnTaxDetail"]["TotalTax"] == tax
    assert made["TotalAmt"] == total
    assert made["Line"][-1]["DetailType"] == "DiscountLineDetail"


def test_discounts_need_their_preference(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5: AllowDiscount; facts B6: 6090."""
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": _lines(sale(100), _percent(10))}
    empty = {"DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": True}}
    assert books.refused("Invoice", {**body, "Line": _lines(sale(1), empty)})["code"] == "6090"
    books.emulator.preferences(books.realm, SalesFormsPrefs={"AllowDiscount": False})
    assert books.refused("Invoice", body)["code"] == "6000"


def test_line_tax_codes_are_tax_or_non(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 6100."""
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(1, TaxCodeRef={"value": "2"})]}
    assert books.refused("Invoice", body)["code"] == "6100"


def test_a_number_used_before_is_refused_where_the_company_numbers_itself(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts B6: 6140 with the holder; facts E5: an absent number stays absent; facts E2: 21 characters."""
    made = books.invoice(buyer, 1, DocNumber="A-1")
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(1)]}
    error = books.refused("Invoice", {**body, "DocNumber": "A-1"})
    assert error["code"] == "6140"
    assert error["Detail"].endswith(f"DocNumber=A-1 is assigned to TxnType=Invoice with TxnId={made['Id']}")
    assert "DocNumber" not in books.post("Invoice", body)
    assert books.refused("Invoice", {**body, "DocNumber": "x" * 22})["code"] == "2050"


def test_a_client_that_knows_of_a_used_number_gets_it(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5: a duplicate is a warning.

    Clients take it back by `include=allowduplicatedocnum`, for one call.
    """
    books.invoice(buyer, 1, DocNumber="A-1")
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(1)], "DocNumber": "A-1"}
    made = books.post("Invoice", body, include="allowduplicatedocnum")
    assert made["DocNumber"] == "A-1"
    assert books.refused("Invoice", body)["code"] == "6140"


def test_quickbooks_numbers_invoices_where_the_company_does_not(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5: absent -> next number; supplied -> kept, without a check for duplicates."""
    books.emulator.preferences(books.realm, SalesFormsPrefs={"CustomTxnNumbers": False})
    assert books.invoice(buyer, 1)["DocNumber"] == "1001"
    assert books.invoice(buyer, 1, DocNumber="2000")["DocNumber"] == "2000"
    assert books.invoice(buyer, 1, DocNumber="2000")["DocNumber"] == "2000"
    assert books.invoice(buyer, 1)["DocNumber"] == "2001"


def test_balances_follow_an_invoice_and_only_the_customers_time_moves(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E3: time but not SyncToken; facts E1: +1 per effective change."""
    job = books.customer("Job", Job=True, ParentRef={"value": buyer["Id"]})
    books.emulator.advance(5)
    made = books.invoice(job, 100)
    after = books.get("Customer", job["Id"])
    assert (after["Balance"], after["BalanceWithJobs"], after["SyncToken"]) == (100, 100, "0")
    assert after["MetaData"]["LastUpdatedTime"] > job["MetaData"]["LastUpdatedTime"]
    parent = books.get("Customer", buyer["Id"])
    assert (parent["Balance"], parent["BalanceWithJobs"], parent["SyncToken"]) == (0, 100, "0")
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "CustomerRef": {"value": job["Id"]}}
    edited = books.post("Invoice", {**change, "Line": [sale(250)]})
    assert (edited["SyncToken"], edited["TotalAmt"], edited["Balance"]) == ("1", 250, 250)
    assert books.get("Customer", job["Id"])["Balance"] == 250


def test_lines_sent_replace_all_lines_and_keep_their_ids_if_sent(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E1."""
    made = books.invoice(buyer, 10, 20)
    kept = {**made["Line"][1], "Amount": 25}
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "CustomerRef": made["CustomerRef"]}
    after = books.post("Invoice", {**change, "Line": [kept, sale(5)]})
    assert [line.get("Id") for line in after["Line"]] == ["2", "3", None]
    assert after["TotalAmt"] == 30


def test_sending_an_invoice_back_as_read_changes_nothing(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E1: no-op; the sub-total line of the answer is not content."""
    made = books.post(
        "Invoice",
        {
            "CustomerRef": {"value": buyer["Id"]},
            "Line": _lines(taxed(100, Qty=2, UnitPrice=50), _percent(10)),
            "TxnTaxDetail": CALIFORNIA,
            "CustomerMemo": {"value": "Thanks"},
        },
    )
    assert books.post("Invoice", made) == made


def test_a_void_invoice_is_zero_and_says_so_in_its_note(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5: amounts, Qty, totals and balance 0; PrivateNote; number kept; SyncToken +1."""
    made = books.post(
        "Invoice",
        {
            "CustomerRef": {"value": buyer["Id"]},
            "DocNumber": "V-1",
            "Line": [taxed(100, Qty=2, UnitPrice=50)],
            "TxnTaxDetail": CALIFORNIA,
        },
    )
    void = books.post("Invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="void")
    assert (void["TotalAmt"], void["Balance"], void["SyncToken"], void["DocNumber"]) == (0, 0, "1", "V-1")
    assert void["PrivateNote"] == "Voided"
    assert [line["Amount"] for line in void["Line"]] == [0, 0]
    assert void["Line"][0]["SalesItemLineDetail"]["Qty"] == 0
    assert books.get("Customer", buyer["Id"])["Balance"] == 0


def test_a_deleted_invoice_is_gone(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B3, E5: status Deleted; a later GET is 610."""
    made = books.invoice(buyer, 100)
    answer = books.post("Invoice", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    assert answer == {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}
    status, text, _ = books.call("GET", f"invoice/{made['Id']}")
    assert (status, '"code":"610"' in text) == (400, True)
    assert books.get("Customer", buyer["Id"])["Balance"] == 0
    assert books.refused("Invoice", {"Id": made["Id"], "SyncToken": "0", "sparse": True})["code"] == "610"


def test_closed_books_refuse_every_change(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 6210."""
    made = books.invoice(buyer, 100, TxnDate="2026-01-31")
    books.emulator.preferences(books.realm, AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
    key = {"Id": made["Id"], "SyncToken": "0"}
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(1)], "TxnDate": "2026-01-31"}
    assert books.refused("Invoice", body)["code"] == "6210"
    assert books.refused("Invoice", {**body, **key, "TxnDate": "2026-02-01"})["code"] == "6210"
    assert books.refused("Invoice", key, operation="void")["code"] == "6210"
    assert books.refused("Invoice", key, operation="delete")["code"] == "6210"
    assert books.get("Invoice", made["Id"]) == made


def test_a_total_below_zero_is_refused_and_a_negative_line_is_not(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E5: negative total -> 6000."""
    assert books.invoice(buyer, 100, -20)["TotalAmt"] == 80
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": _lines(sale(10), sale(-20))}
    assert books.refused("Invoice", body)["code"] == "6000"


def test_an_inactive_customer_cannot_be_billed(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 2500, restore ... (deleted)."""
    books.post("Customer", {"Id": buyer["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    error = books.refused("Invoice", {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(1)]})
    assert error["code"] == "2500"
    assert "you must restore Buyer (deleted)." in error["Detail"]


def test_sending_an_invoice_says_so_and_needs_an_address(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E14: /send sets EmailSent, without address 6420; the SyncToken stays."""
    made = books.invoice(buyer, 10)
    status, text, _ = books.call("POST", f"invoice/{made['Id']}/send")
    assert (status, '"code":"6420"' in text) == (400, True)
    status, text, _ = books.call("POST", f"invoice/{made['Id']}/send", sendTo="not an address")
    assert (status, '"code":"2210"' in text) == (400, True)
    assert books.call("POST", f"invoice/{made['Id']}/send", sendTo="a@b.example")[0] == 200
    after = books.get("Invoice", made["Id"])
    assert (after["EmailStatus"], after["BillEmail"]["Address"]) == ("EmailSent", "a@b.example")
    assert (after["SyncToken"], after["DeliveryInfo"]["DeliveryType"]) == ("0", "Email")
