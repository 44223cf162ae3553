"""Answers in XML, letter by letter (facts B1, B9).

The shapes are those of recordings that a client of another language keeps for its own tests.
"""

import re
import xml.etree.ElementTree as ET
from typing import Any

from tests.contract.books import Books
from tests.emulator import send

PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
NAMESPACE = 'xmlns="http://schema.intuit.com/finance/v3"'


def _answer(books: Books, path: str) -> str:
    headers = {"Authorization": f"Bearer {books.token}", "Accept": "application/xml"}
    return send("GET", f"{books.emulator.url}/v3/company/{books.realm}/{path}", headers=headers)[1]


def _members(text: str, path: str) -> list[str]:
    found = ET.fromstring(re.sub(r' xmlns="[^"]*"', "", text)).find(path)
    assert found is not None, path
    names = [one.tag for one in found]
    return [name for place, name in enumerate(names) if name not in names[:place]]


def _in_this_order(found: list[str], text: str) -> None:
    wanted = text.split()
    assert [name for name in found if name in wanted] == wanted


def test_an_answer_begins_with_its_prolog_and_the_namespace_before_the_time(books: Books) -> None:
    """Facts B9: business answers and faults."""
    for path in ("preferences", "customer/999999"):
        assert re.match(re.escape(f"{PROLOG}<IntuitResponse {NAMESPACE} time=") + '"20', _answer(books, path))


def test_the_gateway_has_the_time_before_the_namespace(books: Books) -> None:
    """Facts B9: 3200, 3001."""
    books.token = "eyJlbmMiOiJub2JvZHkga25vd3MgbWUi"
    text = _answer(books, "preferences")
    assert re.match(re.escape(f"{PROLOG}<IntuitResponse time=") + f'"[^"]+" {NAMESPACE}>', text)


def test_members_of_an_invoice_come_in_the_order_of_the_schema(books: Books) -> None:
    """Facts B9, and a recorded invoice: what JSON has in front stands at the end; no empty lists."""
    buyer = books.customer("Buyer", BillAddr={"City": "Hull", "Line1": "1 Quay", "PostalCode": "1"})
    term = {"SalesTermRef": {"value": "3"}, "CustomerMemo": {"value": "Thanks"}, "PrivateNote": "n"}
    made = books.invoice(buyer, 5, DocNumber="7", BillEmail={"Address": "a@b.example"}, **term)
    text = _answer(books, f"invoice/{made['Id']}")
    _in_this_order(
        _members(text, "Invoice"),
        "Id SyncToken MetaData DocNumber TxnDate CurrencyRef PrivateNote Line TxnTaxDetail CustomerRef "
        "CustomerMemo BillAddr SalesTermRef DueDate TotalAmt ApplyTaxAfterDiscount PrintStatus EmailStatus "
        "BillEmail Balance AllowIPNPayment AllowOnlinePayment AllowOnlineCreditCardPayment "
        "AllowOnlineACHPayment",
    )
    assert "<CustomField" not in text
    assert "<LinkedTxn" not in text
    assert "<CustomerMemo>Thanks</CustomerMemo>" in text
    assert f'<CustomerRef name="Buyer">{buyer["Id"]}</CustomerRef>' in text
    assert f'<Invoice domain="QBO" sparse="false"><Id>{made["Id"]}</Id>' in text
    assert "<Line><Id>1</Id><LineNum>1</LineNum><Amount>5.00</Amount><DetailType>SalesItemLineDetail<" in text
    assert "<SubTotalLineDetail/></Line>" in text
    _in_this_order(_members(text, "Invoice/BillAddr"), "Id Line1 City PostalCode")


def test_members_of_customers_and_items_come_in_the_order_of_the_schema(books: Books) -> None:
    """Facts B9, and recordings of both."""
    phones: dict[str, Any] = {"Mobile": {"FreeFormNumber": "2"}, "PrimaryPhone": {"FreeFormNumber": "1"}}
    more = {"Notes": "n", "BillAddr": {"Line1": "1 Quay"}, "PrimaryEmailAddr": {"Address": "a@b.example"}}
    made = books.customer("Buyer", FamilyName="F", GivenName="G", CompanyName="C", **phones, **more)
    _in_this_order(
        _members(_answer(books, f"customer/{made['Id']}"), "Customer"),
        "Id SyncToken MetaData GivenName FamilyName FullyQualifiedName CompanyName DisplayName "
        "PrintOnCheckName Active PrimaryPhone Mobile PrimaryEmailAddr DefaultTaxCodeRef Taxable BillAddr "
        "Notes Job BillWithParent Balance BalanceWithJobs CurrencyRef PreferredDeliveryMethod",
    )
    _in_this_order(
        _members(_answer(books, "item/1"), "Item"),
        "Id SyncToken MetaData Name Active FullyQualifiedName Taxable UnitPrice Type IncomeAccountRef "
        "PurchaseCost TrackQtyOnHand",
    )


def test_what_a_payments_line_says_of_its_invoice_stands_as_elements(books: Books) -> None:
    """Facts B9: LineEx holds NameValue elements, not JSON's `any`."""
    buyer = books.customer("Buyer")
    invoice = books.invoice(buyer, 5, DocNumber="7")
    payment = books.payment(buyer, 5, (invoice, 5))
    text = _answer(books, f"payment/{payment['Id']}")
    first = f"<LineEx><NameValue><Name>txnId</Name><Value>{invoice['Id']}</Value></NameValue><NameValue>"
    assert first in text
    link = f"<LinkedTxn><TxnId>{invoice['Id']}</TxnId><TxnType>Invoice</TxnType></LinkedTxn>"
    assert f"<Line><Amount>5.00</Amount>{link}<LineEx>" in text
    assert "<any>" not in text


def test_a_deleted_form_is_a_stub_among_the_changes(books: Books) -> None:
    """Facts G."""
    made = books.payment(books.customer("Buyer"), 5)
    books.post("Payment", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")
    since = made["MetaData"]["CreateTime"].replace("+", "%2B")
    text = _answer(books, f"cdc?entities=Payment&changedSince={since}")
    stub = f'<Payment domain="QBO" status="Deleted"><Id>{made["Id"]}</Id><MetaData><LastUpdatedTime>'
    assert f'<CDCResponse><QueryResponse startPosition="1" maxResults="1">{stub}' in text


def test_a_deposited_payment_says_how_it_was_paid(books: Books) -> None:
    """Facts E11, and a recorded deposit: the line has the payment's method and number, and no DetailType."""
    buyer = books.customer("Buyer")
    check = {"PaymentMethodRef": {"value": "2"}, "PaymentRefNum": "6552"}
    paid = books.payment(buyer, 5, **check)
    line = {"Amount": 5, "LinkedTxn": [{"TxnId": paid["Id"], "TxnType": "Payment", "TxnLineId": "0"}]}
    made = books.post("Deposit", {"DepositToAccountRef": {"value": "35"}, "Line": [line]})
    link = f"<TxnId>{paid['Id']}</TxnId><TxnType>Payment</TxnType><TxnLineId>0</TxnLineId>"
    detail = "<PaymentMethodRef>2</PaymentMethodRef><CheckNum>6552</CheckNum>"
    text = _answer(books, f"deposit/{made['Id']}")
    assert f"<Line><Amount>5.00</Amount><LinkedTxn>{link}</LinkedTxn><DepositLineDetail>{detail}<" in text
    assert books.post("Deposit", made) == made
