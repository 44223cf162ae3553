"""A person enters an invoice and receives a payment on the pages; the API answers what was entered."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.contract.books import Books
from tests.emulator import send


def _page(books: Books, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
    status, text, _ = send(
        "GET" if form is None else "POST",
        f"{books.emulator.url}/app/{books.realm}/{path}",
        body=None if form is None else urlencode(form).encode(),
        headers=headers,
    )
    return status, text


def _only(books: Books, entity: str) -> dict[str, Any]:
    (found,) = books.query(f"select * from {entity}")[entity]
    return dict(found)


def test_an_invoice_is_entered_by_form(books: Books) -> None:
    """Facts E5: what a person enters obeys the rules of every invoice."""
    buyer = books.customer("Buyer & Sons", BillAddr={"Line1": "1 Quay"})
    form = {
        "customer": "buyer & sons",
        "TxnDate": "2026-02-03",
        "DocNumber": "9001",
        "code": "2",
        "lines": "5",
    }
    lines = {"item-0": "Hours", "quantity-0": "2", "price-0": "$1,149.50", "taxed-0": "on"}
    lines |= {"item-2": "Services", "description-2": "Flat", "price-2": "10", "description-3": "Thank you"}
    assert _page(books, "invoice/new", {**form, **lines, "PrivateNote": "Call first"})[0] == 200
    made = _only(books, "Invoice")
    assert (made["CustomerRef"]["value"], made["DocNumber"], made["TxnDate"]) == (
        buyer["Id"],
        "9001",
        "2026-02-03",
    )
    assert (made["PrivateNote"], made["BillAddr"]["Line1"]) == ("Call first", "1 Quay")
    sold = [line for line in made["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    assert [(line["Amount"], line["SalesItemLineDetail"]["Qty"]) for line in sold] == [(2299, 2), (10, 1)]
    assert "Thank you" in [line.get("Description") for line in made["Line"]]
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (183.92, 2492.92)


def test_a_form_sent_twice_enters_one_invoice(books: Books) -> None:
    books.customer("Buyer")
    form = {"once": "k1", "customer": "Buyer", "item-0": "Hours", "price-0": "5", "lines": "5"}
    first, second = _page(books, "invoice/new", form), _page(books, "invoice/new", form)
    assert (first[0], second[0]) == (200, 200)
    assert "<h1>Invoice" in second[1]
    assert _only(books, "Invoice")["TotalAmt"] == 5
    assert _page(books, "invoice/new", {**form, "once": "k2"})[0] == 200
    assert books.query("select count(*) from Invoice") == {"totalCount": 2}


def test_more_lines_lose_nothing_that_was_typed(books: Books) -> None:
    form = {"customer": "Bu", "item-4": "Hours", "price-4": "7", "lines": "5", "more": "1"}
    status, text = _page(books, "invoice/new", form)
    assert status == 200
    assert 'name="item-9"' in text
    assert 'name="item-10"' not in text
    assert 'name="item-4" list="items" value="Hours"' in text
    assert 'name="customer" list="customers" value="Bu"' in text
    assert books.query("select count(*) from Invoice") == {"totalCount": 0}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"customer": ""}, "Name the customer."),
        ({"customer": "Nobody"}, "There is no active customer “Nobody”. Pick one from the list."),
        ({"item-0": "Nothing"}, "There is no active item “Nothing”. Pick one from the list."),
        ({"item-0": ""}, "Name the item of line 1."),
        (
            {"item-0": "", "price-0": ""},
            "An invoice has at least one line: name an item, or write a description.",
        ),
        ({"price-0": "much"}, "The price of line 1 is “much”. Write a number, such as 149.50."),
        ({"price-0": "1e999999"}, "The price of line 1 is “1e999999”. Write a number, such as 149.50."),
        ({"quantity-0": "NaN"}, "The quantity of line 1 is “NaN”. Write a number, such as 149.50."),
        ({"TxnDate": "soon"}, "Invalid date format. Supplied value:soon"),
        ({"DocNumber": "9" * 22}, "String length specified does not match the supported length."),
    ],
)
def test_what_is_wrong_with_an_invoice_is_said_beside_what_was_typed(
    books: Books, wrong: dict[str, str], said: str
) -> None:
    books.customer("Buyer")
    form = {"customer": "Buyer", "item-0": "Hours", "price-0": "5", "lines": "5", "PrivateNote": "Keep me"}
    status, text = _page(books, "invoice/new", {**form, **wrong})
    assert status == 400
    assert said in text.replace("&#39;", "'")
    assert "Keep me" in text
    assert books.query("select count(*) from Invoice") == {"totalCount": 0}


def test_an_invoice_is_renumbered_and_dated_anew_on_its_page(books: Books) -> None:
    made = books.invoice(books.customer("Buyer"), 5, DocNumber="1")
    form = {
        "TxnDate": "2026-02-03",
        "DueDate": "2026-03-03",
        "DocNumber": "A-77",
        "PrivateNote": "",
        "SyncToken": "0",
    }
    assert _page(books, f"invoice/{made['Id']}/edit", form)[0] == 200
    after = books.get("Invoice", made["Id"])
    assert (after["DocNumber"], after["TxnDate"], after["DueDate"]) == ("A-77", "2026-02-03", "2026-03-03")
    assert (after["TotalAmt"], after["SyncToken"]) == (5, "1")


def test_a_payment_is_received_by_form(books: Books) -> None:
    """Facts E6: it pays what it says, of sub-customers, too; the rest stays unapplied."""
    buyer = books.customer("Buyer")
    unit = books.customer("Unit", Job=True, ParentRef={"value": buyer["Id"]})
    other = books.invoice(books.customer("Other"), 5)
    first, second = books.invoice(buyer, 1200), books.invoice(unit, 30)
    _, text = _page(books, "payment/new?customer=Buyer")
    assert re.findall(r'name="apply-(\d+)"', text) == [first["Id"], second["Id"]]
    assert "$1,200.00" in text
    assert f"apply-{other['Id']}" not in text
    form = {"customer": "Buyer", "TotalAmt": "1,250", "method": "2", "PaymentRefNum": "CHK 7", "once": "p"}
    form |= {f"apply-{first['Id']}": "$1,200.00", f"apply-{second['Id']}": "30", "TxnDate": "2026-02-03"}
    assert [_page(books, "payment/new", form)[0] for _ in range(2)] == [200, 200]
    made = _only(books, "Payment")
    assert (made["TotalAmt"], made["UnappliedAmt"], made["PaymentRefNum"]) == (1250, 20, "CHK 7")
    assert (made["PaymentMethodRef"]["name"], made["TxnDate"]) == ("Check", "2026-02-03")
    assert [books.get("Invoice", one["Id"])["Balance"] for one in (first, second)] == [0, 0]


def test_without_an_amount_a_payment_is_what_it_pays(books: Books) -> None:
    buyer = books.customer("Buyer")
    invoice = books.invoice(buyer, 40)
    _, text = _page(books, f"invoice/{invoice['Id']}")
    assert f'href="/app/{books.realm}/payment/new?customer=Buyer&amp;invoice={invoice["Id"]}"' in text
    _, text = _page(books, f"payment/new?customer=Buyer&invoice={invoice['Id']}")
    assert f'name="apply-{invoice["Id"]}" value="40.00"' in text
    assert _page(books, "payment/new", {"customer": "Buyer", f"apply-{invoice['Id']}": "15"})[0] == 200
    assert _only(books, "Payment")["TotalAmt"] == 15


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "Say how much was received, or how much of it pays which invoice."),
        ({"TotalAmt": "all"}, "The amount received is “all”. Write a number, such as 149.50."),
        ({"apply-{}": "50"}, "You cannot apply more to this invoice than its open balance."),
        ({"apply-{}": "5", "TotalAmt": "4"}, "The amount applied is more than the amount received."),
        ({"apply-999999": "5"}, "Object Not Found"),
    ],
)
def test_what_is_wrong_with_a_payment_is_said_beside_what_was_typed(
    books: Books, form: dict[str, str], said: str
) -> None:
    invoice = books.invoice(books.customer("Buyer"), 40)
    typed = {name.format(invoice["Id"]): value for name, value in form.items()}
    status, text = _page(books, "payment/new", {"customer": "Buyer", "PaymentRefNum": "Keep me", **typed})
    assert (status, said in text, "Keep me" in text) == (400, True, True)
    assert books.query("select count(*) from Payment") == {"totalCount": 0}


def test_a_customer_who_is_not_there_is_asked_for_again(books: Books) -> None:
    _, text = _page(books, "payment/new?customer=Nobody")
    assert "There is no active customer “Nobody”." in text
    assert 'value="Nobody"' in text
    _, text = _page(books, f"customer/{books.customer('Buyer')['Id']}")
    assert f'href="/app/{books.realm}/invoice/new?customer=Buyer"' in text
    _, text = _page(books, "payment/new?customer=Buyer")
    assert "This customer has no open invoice." in text


@pytest.mark.parametrize("path", ["invoice/new", "payment/new"])
def test_a_form_of_another_site_enters_nothing(books: Books, path: str) -> None:
    books.customer("Buyer")
    form = {"customer": "Buyer", "TotalAmt": "5", "item-0": "Hours", "price-0": "5", "lines": "5"}
    assert _page(books, path, form, Origin="https://elsewhere.example")[0] == 403
