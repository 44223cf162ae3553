"""Payments by raw requests (facts E6)."""

from typing import Any

import pytest

from tests.contract.books import Books, pays


@pytest.fixture
def buyer(books: Books) -> dict[str, Any]:
    return books.customer("Buyer")


def test_a_payment_lowers_the_invoice_and_moves_its_token(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E5, E6: Balance falls, LinkedTxn gains the payment, SyncToken and time move."""
    invoice = books.invoice(buyer, 100, DocNumber="P-1")
    books.emulator.advance(5)
    made = books.payment(buyer, 80, (invoice, 80))
    assert (made["TotalAmt"], made["UnappliedAmt"], made["ProcessPayment"]) == (80, 0, False)
    assert made["DepositToAccountRef"] == {"value": "4"}
    values = {one["value"]["Name"]: one["value"]["Value"] for one in made["Line"][0]["LineEx"]["any"]}
    assert values == {"txnId": invoice["Id"], "txnOpenBalance": "100.00", "txnReferenceNumber": "P-1"}
    after = books.get("Invoice", invoice["Id"])
    assert (after["Balance"], after["TotalAmt"], after["SyncToken"]) == (20, 100, "1")
    assert after["LinkedTxn"] == [{"TxnId": made["Id"], "TxnType": "Payment"}]
    assert after["MetaData"]["LastUpdatedTime"] > invoice["MetaData"]["LastUpdatedTime"]
    customer = books.get("Customer", buyer["Id"])
    assert (customer["Balance"], customer["SyncToken"]) == (20, "0")


def test_one_payment_over_two_invoices_with_a_rest(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E6: the rest is UnappliedAmt; an overpayment is accepted."""
    first, second = books.invoice(buyer, 60), books.invoice(buyer, 40)
    made = books.payment(buyer, 120.5, (first, 60), (second, 40))
    assert made["UnappliedAmt"] == 20.5
    assert books.get("Invoice", first["Id"])["Balance"] == 0
    assert books.get("Invoice", second["Id"])["Balance"] == 0
    assert books.get("Customer", buyer["Id"])["Balance"] == -20.5


@pytest.mark.parametrize("left_out", ["CustomerRef", "TotalAmt"])
def test_customer_and_total_are_required_even_by_a_sparse_update(
    books: Books, buyer: dict[str, Any], left_out: str
) -> None:
    """Facts E1, E6: 2020."""
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 10}
    made = books.post("Payment", body)
    del body[left_out]
    assert books.refused("Payment", body)["code"] == "2020"
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, **body}
    assert books.refused("Payment", change)["code"] == "2020"


def test_negative_amounts_are_out_of_range(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 2240, the recorded text."""
    invoice = books.invoice(buyer, 100)
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 10, "Line": [pays(invoice, -44.94)]}
    error = books.refused("Payment", body)
    assert error["code"] == "2240"
    assert error["Detail"] == "Number out of range. Min:0 Max:999,999,999. Supplied value:-44.94"
    assert books.refused("Payment", {**body, "TotalAmt": -1, "Line": []})["code"] == "2240"


def test_more_than_is_open_or_received_cannot_be_applied(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E6: 6000."""
    invoice = books.invoice(buyer, 100)
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 150}
    assert books.refused("Payment", {**body, "Line": [pays(invoice, 101)]})["code"] == "6000"
    assert books.refused("Payment", {**body, "TotalAmt": 50, "Line": [pays(invoice, 60)]})["code"] == "6000"


def test_another_customers_invoice_is_refused_except_within_one_family(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E6: parent and sub-customer may pay for each other."""
    job = books.customer("Job", Job=True, ParentRef={"value": buyer["Id"]})
    invoice = books.invoice(job, 100)
    stranger = books.customer("Stranger")
    body = {"CustomerRef": {"value": stranger["Id"]}, "TotalAmt": 100, "Line": [pays(invoice, 100)]}
    assert books.refused("Payment", body)["code"] == "6000"
    books.payment(buyer, 100, (invoice, 100))
    assert books.get("Customer", job["Id"])["Balance"] == 0


def test_only_invoices_can_be_linked(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 620."""
    line = {"Amount": 1, "LinkedTxn": [{"TxnId": "1", "TxnType": "Bill"}]}
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 1, "Line": [line]}
    assert books.refused("Payment", body)["code"] == "620"


def test_lines_sent_replace_all_links_and_a_full_update_without_lines_unlinks(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E6."""
    first, second = books.invoice(buyer, 60), books.invoice(buyer, 40)
    made = books.payment(buyer, 40, (first, 40))
    key = {"Id": made["Id"], "CustomerRef": made["CustomerRef"], "TotalAmt": 40}
    books.post("Payment", {**key, "SyncToken": "0", "Line": [pays(second, 40)]})
    assert books.get("Invoice", first["Id"])["Balance"] == 60
    assert books.get("Invoice", first["Id"])["LinkedTxn"] == []
    assert books.get("Invoice", second["Id"])["Balance"] == 0
    unlinked = books.post("Payment", {**key, "SyncToken": "1"})
    assert unlinked["UnappliedAmt"] == 40
    assert books.get("Invoice", second["Id"])["Balance"] == 40


def test_a_payment_sent_back_as_read_changes_nothing(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E1."""
    invoice = books.invoice(buyer, 100)
    made = books.payment(buyer, 30, (invoice, 30), PaymentRefNum="CHK 55")
    assert books.post("Payment", made) == made
    assert books.get("Invoice", invoice["Id"])["SyncToken"] == "1"


@pytest.mark.parametrize("way", ["void", "delete"])
def test_voiding_or_deleting_a_payment_reopens_the_invoice(
    books: Books, buyer: dict[str, Any], way: str
) -> None:
    """Facts E6: restored Balance, moved SyncToken, dropped link; a void payment is kept with zero totals."""
    invoice = books.invoice(buyer, 100)
    made = books.payment(buyer, 70, (invoice, 70))
    key = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    if way == "void":
        void = books.post("Payment", key, operation="update", include="void")
        assert (void["TotalAmt"], void["UnappliedAmt"], void["PrivateNote"]) == (0, 0, "Voided")
    else:
        books.post("Payment", key, operation="delete")
    after = books.get("Invoice", invoice["Id"])
    assert (after["Balance"], after["SyncToken"], after["LinkedTxn"]) == (100, "2", [])
    assert books.get("Customer", buyer["Id"])["Balance"] == 100


@pytest.mark.parametrize("way", ["void", "delete"])
def test_an_invoice_that_goes_leaves_its_payment_unapplied(
    books: Books, buyer: dict[str, Any], way: str
) -> None:
    """Facts E5: payments turn to UnappliedAmt."""
    invoice = books.invoice(buyer, 100)
    made = books.payment(buyer, 70, (invoice, 70))
    books.post("Invoice", {"Id": invoice["Id"], "SyncToken": "1"}, operation=way)
    after = books.get("Payment", made["Id"])
    assert (after["UnappliedAmt"], after["Line"], after["SyncToken"]) == (70, [], "1")
    assert books.get("Customer", buyer["Id"])["Balance"] == -70
    if way == "void":
        assert books.get("Invoice", invoice["Id"])["LinkedTxn"] == []


def test_an_invoice_that_is_paid_stays_with_its_customer(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E6: another customer's invoice cannot be paid, so a paid one cannot become another's; 6000."""
    invoice, other = books.invoice(buyer, 100), books.customer("Other")
    moved = {"Id": invoice["Id"], "sparse": True, "CustomerRef": {"value": other["Id"]}}
    made = books.payment(buyer, 10, (invoice, 10))
    assert books.refused("Invoice", {**moved, "SyncToken": "1"})["code"] == "6000"
    books.post("Payment", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    after = books.post("Invoice", {**moved, "SyncToken": "2"})
    assert after["CustomerRef"] == {"value": other["Id"], "name": "Other"}
    owed = [books.get("Customer", one["Id"])["Balance"] for one in (buyer, other)]
    assert owed == [0, 100]


def test_a_deposited_payment_cannot_change(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 6540."""
    made = books.payment(buyer, 10)
    deposited = {**made, "LinkedTxn": [{"TxnId": "77", "TxnType": "Deposit"}]}
    books.emulator.load(books.realm, {"Payment": [deposited]})
    assert books.refused("Payment", {**made, "TotalAmt": 11})["code"] == "6540"
    key = {"Id": made["Id"], "SyncToken": "0"}
    assert books.refused("Payment", key, operation="delete")["code"] == "6540"


def test_references_are_checked_and_limited(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 2500; facts E2: PaymentRefNum 21."""
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 1}
    assert books.refused("Payment", {**body, "PaymentMethodRef": {"value": "99"}})["code"] == "2500"
    assert books.refused("Payment", {**body, "DepositToAccountRef": {"value": "999"}})["code"] == "2500"
    assert books.refused("Payment", {**body, "PaymentRefNum": "x" * 22})["code"] == "2050"
    made = books.post("Payment", {**body, "PaymentMethodRef": {"value": "2"}})
    assert made["PaymentMethodRef"] == {"value": "2", "name": "Check"}


def test_a_void_invoice_cannot_be_linked(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 620 even for nothing, 6000 for more than is open."""
    invoice = books.invoice(buyer, 100)
    books.post("Invoice", {"Id": invoice["Id"], "SyncToken": "0"}, operation="void")
    body = {"CustomerRef": {"value": buyer["Id"]}, "TotalAmt": 10}
    assert books.refused("Payment", {**body, "Line": [pays(invoice, 0)]})["code"] == "620"
    assert books.refused("Payment", {**body, "Line": [pays(invoice, 1)]})["code"] == "6000"
