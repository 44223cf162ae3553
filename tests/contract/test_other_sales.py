"""Credit memos, receipts, estimates and deposits by raw requests (facts E5 to E7)."""

from typing import Any

import pytest

from tests.contract.books import Books, pays, sale, taxed

VOID = {"operation": "update", "include": "void"}


@pytest.fixture
def buyer(books: Books) -> dict[str, Any]:
    return books.customer("Buyer")


@pytest.fixture
def applied_by_hand(books: Books) -> None:
    """QuickBooks applies no credit by itself."""
    books.emulator.preferences(books.realm, SalesFormsPrefs={"AutoApplyCredit": False})


def _form(books: Books, entity: str, buyer: dict[str, Any], value: float, **more: Any) -> dict[str, Any]:
    return books.post(entity, {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(value)], **more})


def _credits(memo: dict[str, Any], value: float) -> dict[str, Any]:
    return {"Amount": value, "LinkedTxn": [{"TxnId": memo["Id"], "TxnType": "CreditMemo"}]}


def _balance(books: Books, customer: dict[str, Any]) -> float:
    return float(books.get("Customer", customer["Id"])["Balance"])


def _key(body: dict[str, Any]) -> dict[str, Any]:
    return {"Id": body["Id"], "SyncToken": body["SyncToken"]}


def test_a_credit_memo_lowers_what_the_customer_owes(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E7: RemainingCredit, Balance."""
    memo = _form(books, "CreditMemo", buyer, 30)
    assert (memo["TotalAmt"], memo["Balance"], memo["RemainingCredit"]) == (30, 30, 30)
    assert _balance(books, buyer) == -30


@pytest.mark.usefixtures("applied_by_hand")
def test_a_payment_of_zero_applies_a_credit_memo(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E6: all amounts positive; TotalAmt = invoice lines - credit lines, 0 allowed."""
    invoice, memo = books.invoice(buyer, 100), _form(books, "CreditMemo", buyer, 30)
    body = {
        "CustomerRef": {"value": buyer["Id"]},
        "TotalAmt": 0,
        "Line": [pays(invoice, 30), _credits(memo, 30)],
    }
    made = books.post("Payment", body)
    assert (made["TotalAmt"], made["UnappliedAmt"]) == (0, 0)
    link = [{"TxnId": made["Id"], "TxnType": "Payment"}]
    invoice, memo = books.get("Invoice", invoice["Id"]), books.get("CreditMemo", memo["Id"])
    assert (invoice["Balance"], invoice["SyncToken"], invoice["LinkedTxn"]) == (70, "1", link)
    assert (memo["Balance"], memo["RemainingCredit"], memo["SyncToken"]) == (0, 0, "1")
    assert memo["LinkedTxn"] == link
    assert _balance(books, buyer) == 70


@pytest.mark.usefixtures("applied_by_hand")
def test_a_credit_memo_that_is_used_keeps_its_customer_and_what_is_used(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E7: RemainingCredit is never below zero; facts E6: credits pay their own customer's invoices."""
    invoice, memo = books.invoice(buyer, 100), _form(books, "CreditMemo", buyer, 30)
    line = [pays(invoice, 20), _credits(memo, 20)]
    books.post("Payment", {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 0, "Line": line})
    key = {"Id": memo["Id"], "SyncToken": "1", "sparse": True}
    assert books.refused("CreditMemo", {**key, "Line": [sale(19)]})["code"] == "6000"
    moved = {**key, "CustomerRef": {"value": books.customer("Other")["Id"]}}
    assert books.refused("CreditMemo", moved)["code"] == "6000"
    after = books.post("CreditMemo", {**key, "Line": [sale(20)]})
    assert (after["TotalAmt"], after["RemainingCredit"], after["SyncToken"]) == (20, 0, "2")


@pytest.mark.usefixtures("applied_by_hand")
def test_money_and_a_credit_memo_together_pay_an_invoice(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E6; deleting the payment gives both back."""
    invoice, memo = books.invoice(buyer, 100), _form(books, "CreditMemo", buyer, 30)
    lines = [pays(invoice, 100), _credits(memo, 30)]
    made = books.post("Payment", {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 75, "Line": lines})
    assert made["UnappliedAmt"] == 5
    assert _balance(books, buyer) == -5
    books.post("Payment", _key(made), operation="delete")
    assert books.get("Invoice", invoice["Id"])["Balance"] == 100
    assert books.get("CreditMemo", memo["Id"])["RemainingCredit"] == 30
    assert _balance(books, buyer) == 70


@pytest.mark.usefixtures("applied_by_hand")
def test_credits_cannot_pay_more_than_they_hold_or_than_is_paid(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E6: 6000; facts B6: 2240."""
    invoice, memo = books.invoice(buyer, 100), _form(books, "CreditMemo", buyer, 30)
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 0}
    too_much = {**body, "Line": [pays(invoice, 31), _credits(memo, 31)]}
    assert books.refused("Payment", too_much)["code"] == "6000"
    assert books.refused("Payment", {**body, "Line": [_credits(memo, 30)]})["code"] == "6000"
    negative = {**body, "Line": [pays(invoice, 30), _credits(memo, -30)]}
    assert books.refused("Payment", negative)["code"] == "2240"


@pytest.mark.usefixtures("applied_by_hand")
def test_an_applied_credit_memo_that_is_deleted_opens_the_invoice(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E6, E7."""
    invoice, memo = books.invoice(buyer, 100), _form(books, "CreditMemo", buyer, 30)
    lines = [pays(invoice, 100), _credits(memo, 30)]
    made = books.post("Payment", {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 70, "Line": lines})
    books.post("CreditMemo", {"Id": memo["Id"], "SyncToken": "1"}, operation="delete")
    assert books.get("Invoice", invoice["Id"])["Balance"] == 30
    payment = books.get("Payment", made["Id"])
    assert (payment["UnappliedAmt"], [line["Amount"] for line in payment["Line"]]) == (0, [70])
    assert _balance(books, buyer) == 30


@pytest.mark.usefixtures("applied_by_hand")
def test_an_invoice_that_is_voided_gives_its_credit_memo_back(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5, E6."""
    invoice, memo = books.invoice(buyer, 100), _form(books, "CreditMemo", buyer, 30)
    lines = [pays(invoice, 100), _credits(memo, 30)]
    made = books.post("Payment", {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 70, "Line": lines})
    books.post("Invoice", {"Id": invoice["Id"], "SyncToken": "1"}, operation="void")
    assert books.get("CreditMemo", memo["Id"])["RemainingCredit"] == 30
    assert books.get("Payment", made["Id"])["UnappliedAmt"] == 70
    assert _balance(books, buyer) == -100


def test_a_credit_memo_cannot_be_voided(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E7: delete only."""
    memo = _form(books, "CreditMemo", buyer, 30)
    assert books.refused("CreditMemo", _key(memo), **VOID)["code"] == "500"


def test_a_sales_receipt_is_paid_at_once(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E7: Balance 0, Undeposited Funds; the customer may be absent."""
    made = _form(books, "SalesReceipt", buyer, 40, PaymentRefNum="7", PaymentMethodRef={"value": "1"})
    assert (made["TotalAmt"], made["Balance"], made["DepositToAccountRef"]["value"]) == (40, 0, "4")
    assert made["PaymentMethodRef"] == {"value": "1", "name": "Cash"}
    assert _balance(books, buyer) == 0
    nobody = books.post("SalesReceipt", {"Line": [sale(5)]})
    assert "CustomerRef" not in nobody


@pytest.mark.parametrize("entity", ["SalesReceipt", "RefundReceipt"])
def test_a_receipt_can_be_voided_updated_and_deleted(
    books: Books, buyer: dict[str, Any], entity: str
) -> None:
    """Facts B1: operation=update&include=void; facts E1: system-ish members survive a full update."""
    made = _form(books, entity, buyer, 40, DepositToAccountRef={"value": "35"}, DocNumber="R-1")
    assert books.post(entity, made) == made
    change = {**_key(made), "CustomerRef": made["CustomerRef"], "Line": [sale(50)]}
    if entity == "RefundReceipt":
        change["DepositToAccountRef"] = {"value": "35"}
    after = books.post(entity, change)
    assert (after["TotalAmt"], after["DocNumber"]) == (50, "R-1")
    assert after["DepositToAccountRef"] == {"value": "35", "name": "Checking"}
    void = books.post(entity, {**_key(after), "sparse": True}, **VOID)
    assert (void["TotalAmt"], void["PrivateNote"], void["DocNumber"]) == (0, "Voided", "R-1")
    assert books.post(entity, _key(void), operation="delete")["status"] == "Deleted"


def test_a_refund_needs_the_account_the_money_leaves(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E7; facts B6: 2020."""
    error = books.refused("RefundReceipt", {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(5)]})
    assert (error["code"], error["element"]) == ("2020", "DepositToAccountRef")


def test_sales_forms_share_their_numbers_and_estimates_have_their_own(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts B6: 6140 names the form that holds the number."""
    made = _form(books, "SalesReceipt", buyer, 40, DocNumber="N-1")
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(5)], "DocNumber": "N-1"}
    for entity in ("Invoice", "CreditMemo", "SalesReceipt"):
        error = books.refused(entity, body)
        assert error["code"] == "6140"
        assert error["Detail"].endswith(f"TxnType=SalesReceipt with TxnId={made['Id']}")
    books.post("Estimate", body)
    assert books.refused("Estimate", body)["code"] == "6140"


def test_sales_forms_are_taxed_like_invoices(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5, E7."""
    tax = {"TxnTaxCodeRef": {"value": "2"}}
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [taxed(100)], "TxnTaxDetail": tax}
    for entity in ("Estimate", "SalesReceipt", "CreditMemo"):
        assert books.post(entity, body)["TotalAmt"] == 108


def test_an_invoice_made_from_an_estimate_closes_it(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E12: linked by Invoice.LinkedTxn; the estimate's time moves, its SyncToken may stay."""
    estimate = _form(books, "Estimate", buyer, 60)
    assert (estimate["TxnStatus"], estimate["LinkedTxn"]) == ("Pending", [])
    assert _balance(books, buyer) == 0
    books.emulator.advance(5)
    link = [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
    invoice = _form(books, "Invoice", buyer, 60, LinkedTxn=link)
    assert invoice["LinkedTxn"] == link
    after = books.get("Estimate", estimate["Id"])
    assert (after["TxnStatus"], after["SyncToken"]) == ("Closed", "0")
    assert after["LinkedTxn"] == [{"TxnId": invoice["Id"], "TxnType": "Invoice"}]
    assert after["MetaData"]["LastUpdatedTime"] > estimate["MetaData"]["LastUpdatedTime"]
    payment = books.payment(buyer, 60, (invoice, 60))
    paid = books.get("Invoice", invoice["Id"])
    assert paid["LinkedTxn"] == [*link, {"TxnId": payment["Id"], "TxnType": "Payment"}]
    books.post("Invoice", _key(paid), operation="delete")
    after = books.get("Estimate", estimate["Id"])
    assert (after["TxnStatus"], after["LinkedTxn"]) == ("Pending", [])


def test_only_an_open_estimate_of_the_customer_can_be_invoiced(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 620."""
    estimate = _form(books, "Estimate", buyer, 60)
    link = [{"TxnId": estimate["Id"], "TxnType": "Estimate"}]
    stranger = books.customer("Stranger")
    body = {"CustomerRef": {"value": stranger["Id"]}, "Line": [sale(60)], "LinkedTxn": link}
    assert books.refused("Invoice", body)["code"] == "620"
    _form(books, "Invoice", buyer, 60, LinkedTxn=link)
    own = {**body, "CustomerRef": {"value": buyer["Id"]}}
    assert books.refused("Invoice", own)["code"] == "620"
    gone = [{"TxnId": "99999", "TxnType": "Estimate"}]
    assert books.refused("Invoice", {**own, "LinkedTxn": gone})["code"] == "620"


def test_an_estimates_status_is_one_of_four(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E7; facts B6: 2170."""
    made = _form(books, "Estimate", buyer, 60)
    change = {**_key(made), "sparse": True, "CustomerRef": made["CustomerRef"]}
    assert books.post("Estimate", {**change, "TxnStatus": "Accepted"})["TxnStatus"] == "Accepted"
    assert books.refused("Estimate", {**change, "SyncToken": "1", "TxnStatus": "Maybe"})["code"] == "2170"


def _deposit(books: Books, *held: tuple[str, dict[str, Any], float]) -> dict[str, Any]:
    lines = [
        {"Amount": value, "LinkedTxn": [{"TxnId": one["Id"], "TxnType": kind, "TxnLineId": "0"}]}
        for kind, one, value in held
    ]
    return {"DepositToAccountRef": {"value": "35"}, "Line": lines}


def test_what_lies_in_a_deposit_may_not_change_until_the_deposit_is_gone(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts B6: 6540; facts E6: payments link to the deposit."""
    payment, receipt = books.payment(buyer, 25), _form(books, "SalesReceipt", buyer, 40)
    body = _deposit(books, ("Payment", payment, 25), ("SalesReceipt", receipt, 40))
    made = books.post("Deposit", body)
    assert (made["TotalAmt"], made["DepositToAccountRef"]["name"]) == (65, "Checking")
    held = books.get("Payment", payment["Id"])
    assert held["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Deposit"}]
    assert books.refused("Payment", {**held, "TotalAmt": 26})["code"] == "6540"
    assert books.refused("Payment", _key(held), operation="delete")["code"] == "6540"
    assert books.refused("Payment", _key(held), **VOID)["code"] == "6540"
    kept = books.get("SalesReceipt", receipt["Id"])
    assert books.refused("SalesReceipt", _key(kept), operation="delete")["code"] == "6540"
    books.post("Deposit", _key(made), operation="delete")
    free = books.get("Payment", payment["Id"])
    assert free["LinkedTxn"] == []
    assert books.post("Payment", _key(free), operation="delete")["status"] == "Deleted"


def test_a_deposit_takes_a_payment_once_whole_and_out_of_undeposited_funds(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E6, B6: 620, 6000."""
    payment = books.payment(buyer, 25)
    assert books.refused("Deposit", _deposit(books, ("Payment", payment, 20)))["code"] == "6000"
    made = books.post("Deposit", _deposit(books, ("Payment", payment, 25)))
    assert books.post("Deposit", made) == made
    assert books.refused("Deposit", _deposit(books, ("Payment", payment, 25)))["code"] == "620"
    other = books.payment(buyer, 30)
    twice = _deposit(books, ("Payment", other, 30), ("Payment", other, 30))
    assert books.refused("Deposit", twice)["code"] == "620"
    banked = books.payment(buyer, 25, DepositToAccountRef={"value": "35"})
    assert books.refused("Deposit", _deposit(books, ("Payment", banked, 25)))["code"] == "620"


def test_a_deposit_may_hold_money_from_elsewhere(books: Books) -> None:
    """Facts E11: DepositLineDetail."""
    line = {"Amount": 12.5, "DepositLineDetail": {"AccountRef": {"value": "1"}, "CheckNum": "9"}}
    made = books.post("Deposit", {"DepositToAccountRef": {"value": "35"}, "Line": [line]})
    assert made["TotalAmt"] == 12.5
    assert made["Line"][0]["DepositLineDetail"]["AccountRef"] == {"value": "1", "name": "Services"}
    bare = {"DepositToAccountRef": {"value": "35"}, "Line": [{"Amount": 1}]}
    assert books.refused("Deposit", bare)["code"] == "2020"


def test_closed_books_hold_every_form(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 6210."""
    dated = {"TxnDate": "2026-01-31"}
    account = {"DepositToAccountRef": {"value": "35"}}
    made = {
        entity: _form(books, entity, buyer, 5, **dated, **(account if "Receipt" in entity else {}))
        for entity in ("CreditMemo", "SalesReceipt", "RefundReceipt", "Estimate")
    }
    books.emulator.preferences(books.realm, AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
    for entity, body in made.items():
        assert books.refused(entity, _key(body), operation="delete")["code"] == "6210"
        assert books.refused(entity, {**body, "PrivateNote": "late"})["code"] == "6210"


def test_stock_is_not_sold_before_there_is_any(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 6270; an estimate moves no stock."""
    accounts = {"IncomeAccountRef": "79", "ExpenseAccountRef": "80", "AssetAccountRef": "81"}
    stocked = {"Name": "Pump", "Type": "Inventory", "QtyOnHand": 5, "InvStartDate": "2026-02-01"}
    item = books.post("Item", {**stocked, **{name: {"value": key} for name, key in accounts.items()}})
    line = sale(5, ItemRef={"value": item["Id"]})
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [line], "TxnDate": "2026-01-31"}
    assert books.refused("Invoice", body)["code"] == "6270"
    assert books.refused("SalesReceipt", body)["code"] == "6270"
    assert books.post("Estimate", body)["TxnDate"] == "2026-01-31"
    assert books.post("Invoice", {**body, "TxnDate": "2026-02-01"})["TotalAmt"] == 5
