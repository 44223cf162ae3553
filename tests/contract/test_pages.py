"""The pages for a person who looks into "QuickBooks"."""

from urllib.parse import urlencode

import pytest

from tests.contract.books import Books, taxed
from tests.emulator import send


def _page(books: Books, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
    status, text, _ = send(
        "GET" if form is None else "POST",
        f"{books.emulator.url}/app/{books.realm}/{path}",
        body=None if form is None else urlencode(form).encode(),
        headers=headers,
    )
    return status, text


def test_every_page_says_what_it_is(books: Books) -> None:
    buyer = books.customer("<b>Buyer</b> & Co")
    invoice = books.invoice(buyer, 10, DocNumber="I-1")
    payment = books.payment(buyer, 10, (invoice, 10))
    pages = ["customers", "items", "invoices", "payments", "customer/new", "item/new"]
    pages += [f"customer/{buyer['Id']}", f"customer/{buyer['Id']}/edit", "item/1", "item/1/edit"]
    pages += [f"invoice/{invoice['Id']}", f"payment/{payment['Id']}", "preferences"]
    pages += ["estimates", "credit-memos", "sales-receipts"]
    for path in pages:
        status, text = _page(books, path)
        assert status == 200, path
        assert "QuickBooks Online emulator, on this machine" in text
        assert "<b>Buyer" not in text


def test_lists_can_be_searched(books: Books) -> None:
    books.customer("Findable Garden")
    books.customer("Something else")
    _, text = _page(books, "customers?q=garden")
    assert "Findable Garden" in text
    assert "Something else" not in text


def test_a_customer_is_added_and_edited_by_form(books: Books) -> None:
    form = {
        "DisplayName": "By Form",
        "PrimaryEmailAddr.Address": "a@b.example",
        "Active": "on",
        "Taxable": "on",
    }
    assert _page(books, "customer/new", form)[0] == 200
    made = books.query("select * from Customer where DisplayName = 'By Form'")["Customer"][0]
    assert (made["PrimaryEmailAddr"], made["Taxable"]) == ({"Address": "a@b.example"}, True)
    edited = {**form, "DisplayName": "Edited", "PrimaryEmailAddr.Address": "", "SyncToken": made["SyncToken"]}
    assert _page(books, f"customer/{made['Id']}/edit", {**edited, "BillAddr.City": "Fairview"})[0] == 200
    after = books.get("Customer", made["Id"])
    assert (after["DisplayName"], after["BillAddr"]["City"]) == ("Edited", "Fairview")
    assert "PrimaryEmailAddr" not in after
    status, text = _page(books, f"customer/{made['Id']}/edit", edited)
    assert status == 400
    assert "Stale Object Error" in text


def test_a_service_item_is_added_by_form(books: Books) -> None:
    form = {"Name": "Edging", "UnitPrice": "12.50", "Active": "on"}
    assert _page(books, "item/new", form)[0] == 200
    made = books.query("select * from Item where Name = 'Edging'")["Item"][0]
    assert (made["Type"], made["UnitPrice"], made["IncomeAccountRef"]["value"]) == ("Service", 12.5, "1")
    status, text = _page(books, "item/new", form)
    assert status == 400
    assert "The name supplied already exists." in text


@pytest.mark.parametrize("path", ["customer/999999", "invoice/1", "item/1x", "bills"])
def test_what_is_not_there_is_404(books: Books, path: str) -> None:
    assert _page(books, path)[0] == 404


def test_a_form_sent_by_another_site_is_refused(books: Books) -> None:
    assert _page(books, "customer/new", {"DisplayName": "Evil"}, Origin="https://elsewhere.example")[0] == 403


def test_a_record_is_voided_and_deleted_from_its_page(books: Books) -> None:
    buyer = books.customer("Buyer")
    invoice = books.invoice(buyer, 10)
    assert _page(books, f"invoice/{invoice['Id']}/void", {})[0] == 200
    assert books.get("Invoice", invoice["Id"])["PrivateNote"] == "Voided"
    assert _page(books, f"invoice/{invoice['Id']}/delete", {})[0] == 200
    assert _page(books, f"invoice/{invoice['Id']}")[0] == 404


def test_a_customer_is_made_inactive_and_active_from_its_page(books: Books) -> None:
    buyer = books.customer("Buyer")
    assert _page(books, f"customer/{buyer['Id']}/deactivate", {})[0] == 200
    assert books.get("Customer", buyer["Id"])["DisplayName"] == "Buyer (deleted)"
    assert _page(books, f"customer/{buyer['Id']}/activate", {})[0] == 200
    assert books.get("Customer", buyer["Id"])["DisplayName"] == "Buyer"


def test_what_the_rules_refuse_is_said_on_the_page(books: Books) -> None:
    buyer = books.customer("Buyer")
    books.invoice(buyer, 10)
    status, text = _page(books, f"customer/{buyer['Id']}/deactivate", {})
    assert status == 400
    assert "has a balance" in text
    status, text = _page(books, f"customer/{buyer['Id']}/merge", {"survivor": "Nobody"})
    assert status == 400
    assert "Object Not Found" in text


def test_customers_are_merged_by_name_from_a_page(books: Books) -> None:
    loser, survivor = books.customer("Twin"), books.customer("Twin, original")
    assert _page(books, f"customer/{loser['Id']}/merge", {"survivor": "twin, ORIGINAL"})[0] == 200
    assert _page(books, f"customer/{loser['Id']}")[0] == 404
    assert _page(books, f"customer/{survivor['Id']}")[0] == 200


def test_items_are_merged_by_name_from_a_page_and_invoices_are_not(books: Books) -> None:
    one, other = books.service("Tune-up"), books.service("Tune-up, spring")
    assert "Full name of the item that stays" in _page(books, f"item/{one['Id']}")[1]
    assert _page(books, f"item/{one['Id']}/merge", {"survivor": "tune-up, SPRING"})[0] == 200
    assert _page(books, f"item/{one['Id']}")[0] == 404
    assert _page(books, f"item/{other['Id']}")[0] == 200
    invoice = books.invoice(books.customer("Buyer"), 10)
    assert _page(books, f"invoice/{invoice['Id']}/merge", {"survivor": "Hours"})[0] == 404


def test_a_record_shows_what_it_was_before(books: Books) -> None:
    buyer = books.customer("Before", Notes="first note")
    books.post("Customer", {"Id": buyer["Id"], "SyncToken": "0", "sparse": True, "Notes": "second note"})
    _, text = _page(books, f"customer/{buyer['Id']}")
    assert "first note" in text
    assert "<summary>Notes</summary>" in text
    assert "Entered" in text


def test_a_form_says_what_it_is_what_it_comes_to_and_what_was_noted(books: Books) -> None:
    buyer = books.customer("Buyer", Notes="Gate code 4411")
    tax = {"TxnTaxDetail": {"TxnTaxCodeRef": {"value": "2"}}, "PrivateNote": "Call first"}
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [taxed(100)], "DocNumber": "7001", **tax}
    invoice = books.post("Invoice", body)
    _, text = _page(books, f"invoice/{invoice['Id']}")
    assert "<h1>Invoice 7001</h1>" in text
    for words in ("Sales tax", "$8.00", "$108.00", "Call first", "What was paid on it is free again."):
        assert words in text
    payment = books.payment(buyer, 10, (invoice, 10))
    _, text = _page(books, f"payment/{payment['Id']}")
    assert f"<h1>Payment {payment['Id']}</h1>" in text
    assert "What it paid is open again." in text
    _, text = _page(books, f"customer/{buyer['Id']}")
    assert "<h1>Buyer</h1>" in text
    assert "Gate code 4411" in text
    assert "gives its name free" in text


def test_preferences_are_edited_on_a_page(books: Books) -> None:
    form = {"BookCloseDate": "2026-01-31", "TaxPrefs": "", "PartnerTaxEnabled": "on", "UsingSalesTax": "on"}
    status, text = _page(books, "preferences", form)
    assert (status, "Saved." in text, 'value="2026-01-31"' in text) == (200, True, True)
    after = books.get("Preferences", "")
    assert after["AccountingInfoPrefs"]["BookCloseDate"] == "2026-01-31"
    assert after["SalesFormsPrefs"]["CustomTxnNumbers"] is False
    assert after["TaxPrefs"]["PartnerTaxEnabled"] is True
    _page(books, "preferences", {"UsingSalesTax": "on"})
    after = books.get("Preferences", "")
    assert "BookCloseDate" not in after["AccountingInfoPrefs"]
    assert "PartnerTaxEnabled" not in after["TaxPrefs"]
    status, text = _page(books, "preferences", {"BookCloseDate": "soon"})
    assert (status, "Invalid date format. Supplied value:soon" in text) == (400, True)
    assert books.get("Preferences", "") == after


def test_an_action_sent_by_another_site_is_refused(books: Books) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert _page(books, "item/1/deactivate", {}, **elsewhere)[0] == 403
    assert _page(books, "preferences", {}, **elsewhere)[0] == 403
