"""Credit that QuickBooks applies by itself: AutoApplyCredit, by raw requests (facts E5 to E8, E10)."""

from typing import Any

import pytest

from tests.contract.books import Books, pays, sale


@pytest.fixture
def buyer(books: Books) -> dict[str, Any]:
    return books.customer("Buyer")


def _memo(books: Books, buyer: dict[str, Any], value: float, **more: Any) -> dict[str, Any]:
    return books.post("CreditMemo", {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(value)], **more})


def _prefer(books: Books, *, applied: bool) -> None:
    books.emulator.preferences(books.realm, SalesFormsPrefs={"AutoApplyCredit": applied})


def _linked(*payments: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"TxnId": one["Id"], "TxnType": "Payment"} for one in payments]


def _lines(payment: dict[str, Any]) -> list[tuple[float, str, str]]:
    links = [(line["Amount"], line["LinkedTxn"][0]) for line in payment["Line"]]
    return [(value, link["TxnType"], link["TxnId"]) for value, link in links]


def _balance(books: Books, customer: dict[str, Any]) -> float:
    return float(books.get("Customer", customer["Id"])["Balance"])


@pytest.mark.parametrize("template", ["empty", "sample"])
def test_a_new_company_applies_credit_by_itself(books: Books, template: str) -> None:
    """Facts E10: on by default in a US company."""
    realm = books.emulator.new_realm(template)
    company = Books(books.emulator, realm, books.emulator.grant(realm)["access_token"])
    preferences = company.query("select * from Preferences")["Preferences"][0]
    assert preferences["SalesFormsPrefs"]["AutoApplyCredit"] is True


def test_what_is_left_of_a_payment_pays_the_next_invoice_at_its_creation(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E10: Balance < TotalAmt already in the answer; facts E5: both SyncTokens move.

    Facts E6: UnappliedAmt falls.
    """
    payment = books.payment(buyer, 80)
    answer = books.invoice(buyer, 50)
    assert (answer["TotalAmt"], answer["Balance"], answer["SyncToken"]) == (50, 0, "1")
    assert answer["LinkedTxn"] == _linked(payment)
    assert books.get("Invoice", answer["Id"]) == answer
    after = books.get("Payment", payment["Id"])
    assert _lines(after) == [(50, "Invoice", answer["Id"])]
    assert (after["TotalAmt"], after["UnappliedAmt"], after["SyncToken"]) == (80, 30, "1")
    named = {one["value"]["Name"]: one["value"]["Value"] for one in after["Line"][0]["LineEx"]["any"]}
    assert (named["txnId"], named["txnOpenBalance"]) == (answer["Id"], "50.00")
    assert _balance(books, buyer) == -30


def test_the_leftover_goes_on_as_a_further_line_of_the_same_payment(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E10; and no new Payment comes of it."""
    payment = books.payment(buyer, 80)
    first, second, third = (books.invoice(buyer, 50) for _ in range(3))
    assert [one["Balance"] for one in (first, second, third)] == [0, 20, 50]
    after = books.query("select * from Payment")["Payment"]
    assert [one["Id"] for one in after] == [payment["Id"]]
    assert _lines(after[0]) == [(50, "Invoice", first["Id"]), (30, "Invoice", second["Id"])]
    assert (after[0]["UnappliedAmt"], after[0]["SyncToken"]) == (0, "2")
    assert third["LinkedTxn"] == []
    assert _balance(books, buyer) == 70


def test_the_rest_of_a_payment_that_pays_another_invoice_goes_on_too(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E10, E6: what it pays already stays as it is."""
    first = books.invoice(buyer, 50)
    payment = books.payment(buyer, 80, (first, 50))
    second = books.invoice(buyer, 40)
    assert second["Balance"] == 10
    lines = [(50, "Invoice", first["Id"]), (30, "Invoice", second["Id"])]
    assert _lines(books.get("Payment", payment["Id"])) == lines


def test_a_credit_memo_pays_the_next_invoice_through_a_payment_of_zero(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E10: the invoice shows one Payment, of TotalAmt 0 with lines to Invoice and CreditMemo."""
    memo = _memo(books, buyer, 30)
    answer = books.invoice(buyer, 100)
    assert (answer["TotalAmt"], answer["Balance"]) == (100, 70)
    (payment,) = books.query("select * from Payment")["Payment"]
    assert answer["LinkedTxn"] == _linked(payment)
    assert (payment["TotalAmt"], payment["UnappliedAmt"]) == (0, 0)
    assert _lines(payment) == [(30, "Invoice", answer["Id"]), (30, "CreditMemo", memo["Id"])]
    after = books.get("CreditMemo", memo["Id"])
    assert (after["Balance"], after["RemainingCredit"], after["SyncToken"]) == (0, 0, "1")
    assert after["LinkedTxn"] == _linked(payment)
    assert _balance(books, buyer) == 70


def test_a_new_credit_memo_pays_what_is_open(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E10: AutoApplyCredit."""
    invoice = books.invoice(buyer, 100)
    memo = _memo(books, buyer, 30)
    assert (memo["Balance"], memo["RemainingCredit"]) == (0, 0)
    assert books.get("Invoice", invoice["Id"])["Balance"] == 70
    assert _balance(books, buyer) == 70


def test_the_oldest_credit_goes_first_and_each_only_as_far_as_something_is_open(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E10."""
    later = books.payment(buyer, 40, TxnDate="2026-03-02")
    memo = _memo(books, buyer, 30, TxnDate="2026-02-02")
    answer = books.invoice(buyer, 60, TxnDate="2026-03-03")
    assert answer["Balance"] == 0
    assert books.get("CreditMemo", memo["Id"])["RemainingCredit"] == 0
    after = books.get("Payment", later["Id"])
    assert (_lines(after), after["UnappliedAmt"]) == ([(30, "Invoice", answer["Id"])], 10)
    assert len(answer["LinkedTxn"]) == 2


def test_credit_is_applied_to_new_invoices_of_its_own_customer_only(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E10: to the next NEW invoice; facts E6: a new payment applies itself to nothing."""
    old = books.invoice(buyer, 25)
    payment = books.payment(buyer, 80)
    other = books.invoice(books.customer("Other"), 50)
    key = {"Id": old["Id"], "SyncToken": "0", "sparse": True}
    changed = books.post("Invoice", {**key, "CustomerRef": old["CustomerRef"], "Line": [sale(60)]})
    assert [one["Balance"] for one in (old, other, changed)] == [25, 50, 60]
    assert books.get("Payment", payment["Id"]) == payment


def test_nothing_is_applied_where_the_company_does_not_want_it(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E8: AutoApplyCredit."""
    _prefer(books, applied=False)
    payment, memo = books.payment(buyer, 80), _memo(books, buyer, 30)
    answer = books.invoice(buyer, 50)
    assert (answer["Balance"], answer["LinkedTxn"]) == (50, [])
    assert books.get("Payment", payment["Id"]) == payment
    assert books.get("CreditMemo", memo["Id"]) == memo


def test_a_voided_payment_and_one_that_is_used_up_pay_nothing(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E6: a voided Payment has TotalAmt 0 and UnappliedAmt 0."""
    voided = books.payment(buyer, 80)
    head = {"Id": voided["Id"], "SyncToken": "0", "sparse": True}
    books.post("Payment", head, operation="update", include="void")
    used = books.invoice(buyer, 20)
    books.payment(buyer, 20, (used, 20))
    assert books.invoice(buyer, 50)["Balance"] == 50


def test_a_payment_in_the_bank_is_applied_and_one_in_closed_books_is_not(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E10; facts B6: 6210, 6540 are for whoever changes it."""
    banked, closed = books.payment(buyer, 30), books.payment(buyer, 20, TxnDate="2026-01-15")
    linked = [{"TxnId": banked["Id"], "TxnType": "Payment", "TxnLineId": "0"}]
    books.post(
        "Deposit", {"DepositToAccountRef": {"value": "35"}, "Line": [{"Amount": 30, "LinkedTxn": linked}]}
    )
    books.emulator.preferences(books.realm, AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
    answer = books.invoice(buyer, 100)
    assert (answer["Balance"], answer["LinkedTxn"]) == (70, _linked(banked))
    assert books.get("Payment", closed["Id"]) == closed
    now = books.get("Payment", banked["Id"])
    released = {**now, "Line": []}
    assert books.refused("Payment", released)["code"] == "6540"


def test_all_that_is_touched_stands_in_the_changes_of_one_window(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E10, G: Payment, Invoice, CreditMemo bumped, of the Customer the time only."""
    payment, memo = books.payment(buyer, 10), _memo(books, buyer, 30)
    answer = books.invoice(buyer, 100)
    since = buyer["MetaData"]["CreateTime"]
    listed = books.changes("Invoice,Payment,CreditMemo,Customer", since)
    tokens = {
        (entity, row["Id"]): row["SyncToken"]
        for part in listed
        for entity, rows in part.items()
        if isinstance(rows, list)
        for row in rows
    }
    assert tokens["Invoice", answer["Id"]] == answer["SyncToken"] == "2"
    assert (tokens["Payment", payment["Id"]], tokens["CreditMemo", memo["Id"]]) == ("1", "1")
    assert tokens["Customer", buyer["Id"]] == "0"
    zero = next(one for one in answer["LinkedTxn"] if one["TxnId"] != payment["Id"])
    assert tokens["Payment", zero["TxnId"]] == "0"


def test_what_was_applied_is_taken_back_by_a_payment_without_the_line(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E10: Payment.Line is all or nothing; an empty one clears all."""
    payment = books.payment(buyer, 80)
    invoice = books.invoice(buyer, 50)
    now = books.get("Payment", payment["Id"])
    released = books.post("Payment", {**now, "Line": []})
    assert (released["UnappliedAmt"], released["Line"], released["SyncToken"]) == (80, [], "2")
    after = books.get("Invoice", invoice["Id"])
    assert (after["Balance"], after["LinkedTxn"]) == (50, [])


def test_an_invoice_that_is_voided_or_deleted_gives_back_what_was_applied(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E5: links cleared, the payment's UnappliedAmt grows and its Line is dropped."""
    for operation in ("void", "delete"):
        payment = books.payment(buyer, 80)
        invoice = books.invoice(buyer, 80)
        key = {"Id": invoice["Id"], "SyncToken": invoice["SyncToken"]}
        books.post("Invoice", key, operation=operation)
        after = books.get("Payment", payment["Id"])
        assert (after["UnappliedAmt"], after["Line"]) == (80, [])
        books.post("Payment", {"Id": after["Id"], "SyncToken": after["SyncToken"]}, operation="delete")


def test_a_batch_and_a_request_seen_again_apply_it_once(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B8, F: the first answer again."""
    books.payment(buyer, 80)
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(50)]}
    items = [{"bId": str(n), "operation": "create", "Invoice": body} for n in range(2)]
    first = books.batch(*items, requestid="once")
    assert [one["Invoice"]["Balance"] for one in first] == [0, 20]
    assert books.batch(*items, requestid="once") == first
    assert len(books.query("select * from Invoice")["Invoice"]) == 2


def test_rests_of_payments_are_applied_or_credit_memos_alone(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E6: auto-apply preferences on API payments (?); facts E10 saw them act."""
    payment, _ = books.payment(buyer, 80), _memo(books, buyer, 30)
    with books.switched(auto_apply_unapplied=False):
        assert books.invoice(buyer, 100)["Balance"] == 70
    assert books.get("Payment", payment["Id"]) == payment


def test_the_answer_names_what_was_applied_or_only_its_balance_tells(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E10 tells of the Balance only; a read shows the link (facts E5)."""
    payment = books.payment(buyer, 80)
    with books.switched(auto_applied_links="untold"):
        answer = books.invoice(buyer, 50)
    assert (answer["Balance"], answer["LinkedTxn"]) == (0, [])
    assert books.get("Invoice", answer["Id"])["LinkedTxn"] == _linked(payment)


def test_a_payment_by_hand_pays_only_what_is_left(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E6: a line above the open balance is refused."""
    books.payment(buyer, 80)
    invoice = books.invoice(buyer, 100)
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 100, "Line": [pays(invoice, 100)]}
    assert books.refused("Payment", body)["code"] == "6000"
    assert books.payment(buyer, 20, (invoice, 20))["UnappliedAmt"] == 0


def test_each_sold_line_names_the_income_account_of_its_item_as_it_is_now(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E5: ItemAccountRef, whatever was sent; and no SyncToken moves with the item's."""
    item = books.post(
        "Item", {"Name": "Mowing", "Type": "Service", "UnitPrice": 10, "IncomeAccountRef": {"value": "1"}}
    )
    line = sale(10, ItemRef={"value": item["Id"]})
    made = books.post("Invoice", {"CustomerRef": {"value": buyer["Id"]}, "Line": [line]})
    assert _account(made) == {"value": "1", "name": "Services"}
    other = sale(10, ItemRef={"value": item["Id"]}, ItemAccountRef={"value": "79"})
    sent = books.post("Invoice", {"CustomerRef": {"value": buyer["Id"]}, "Line": [other]})
    assert _account(sent) == {"value": "1", "name": "Services"}
    books.post(
        "Item", {"Id": item["Id"], "SyncToken": "0", "sparse": True, "IncomeAccountRef": {"value": "45"}}
    )
    after = books.get("Invoice", made["Id"])
    assert _account(after) == {"value": "45", "name": "Landscaping Services"}
    assert (after["SyncToken"], after["MetaData"]) == (made["SyncToken"], made["MetaData"])
    assert books.post("Invoice", made) == after


def _account(form: dict[str, Any]) -> dict[str, Any]:
    return dict(form["Line"][0]["SalesItemLineDetail"]["ItemAccountRef"])
