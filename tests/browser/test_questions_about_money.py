"""Each sort of question about an invoice or a payment: brought about, answered by its button, and gone."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import fine
from tests.browser.office import CUSTOMER, Office, day

Picture = Callable[[Page, str], None]
LATER = day(45)
ODD_TAX = "Odd rate (7.77 %)"


def changed_on_both(office: Office, number: str) -> None:
    office.new_invoice(number)
    office.sync()
    office.change_there("Invoice", office.one_there("Invoice", DocNumber=number), DueDate=LATER)
    office.edit("invoices", number, save="Save invoice", Message_on_the_invoice="Thank you")
    office.sync()


def test_of_an_invoice_changed_on_both_sides_theirs_is_taken(office: Office, picture: Picture) -> None:
    changed_on_both(office, "8401")
    card = office.needing("Invoice 8401", reason="edited_on_both")
    expect(card.get_by_role("row", name="Due date")).to_be_visible()
    picture(office.page, "changed on both sides")
    card.get_by_role("button", name="Take theirs").click()
    office.told("is now here as it is in QuickBooks")
    office.sync()
    office.gone("Invoice 8401")
    there = office.one_there("Invoice", DocNumber="8401")
    assert there["DueDate"] == LATER
    expect(office.open("invoices", "8401")).to_contain_text("The same on both sides")


def test_of_an_invoice_changed_on_both_sides_ours_is_sent(office: Office) -> None:
    changed_on_both(office, "8402")
    card = office.needing("Invoice 8402", reason="edited_on_both")
    card.get_by_role("button", name="Send ours").click()
    office.sync()
    office.gone("Invoice 8402")
    there = office.one_there("Invoice", DocNumber="8402")
    assert there["DueDate"] != LATER
    assert there["CustomerMemo"] == {"value": "Thank you"}
    expect(office.open("invoices", "8402")).to_contain_text("The same on both sides")


def changed_after_payment(office: Office, number: str) -> None:
    office.new_invoice(number)
    office.sync()
    office.payment_there(office.one_there("Invoice", DocNumber=number), 40)
    office.edit("invoices", number, save="Save invoice", Price_of_line_1="120")
    office.sync()


def test_a_change_after_payment_is_taken_back_here(office: Office, picture: Picture) -> None:
    changed_after_payment(office, "8411")
    card = office.needing("Invoice 8411", reason="edited_after_payment")
    picture(office.page, "changed after payment")
    card.get_by_role("button", name="Take it back here").click()
    office.told("is here again as it is in QuickBooks")
    office.sync()
    office.gone("Invoice 8411")
    office.open("invoices", "8411")
    expect(office.page.get_by_role("main").get_by_role("table")).to_contain_text("$100.00")
    assert office.one_there("Invoice", DocNumber="8411")["TotalAmt"] == 100


def test_a_change_after_payment_is_sent_if_a_person_says_so(office: Office) -> None:
    changed_after_payment(office, "8412")
    card = office.needing("Invoice 8412", reason="edited_after_payment")
    card.get_by_role("button", name="Send it anyway").click()
    office.sync()
    office.gone("Invoice 8412")
    there = office.one_there("Invoice", DocNumber="8412")
    assert (there["TotalAmt"], there["Balance"]) == (120, 80)


def test_a_number_that_is_taken_there_is_changed_at_one_press(office: Office, picture: Picture) -> None:
    office.invoice_there("8421", 55, customer="Amelia Hartwell")
    office.new_invoice("8421")
    office.sync()
    card = office.needing("Invoice 8421", reason="number_taken")
    picture(office.page, "number is taken")
    card.get_by_role("button", name="Give it the number 8422").click()
    office.sync()
    office.gone("Invoice 8421")
    assert office.one_there("Invoice", DocNumber="8421")["TotalAmt"] == 55
    assert office.one_there("Invoice", DocNumber="8422")["TotalAmt"] == 100


def test_an_invoice_that_was_entered_there_by_hand_is_linked(office: Office, picture: Picture) -> None:
    there = office.invoice_there("8431", 100)
    office.new_invoice("8431")
    office.sync()
    card = office.needing("Invoice 8431", reason="look_alike")
    expect(card).to_contain_text(f"looks the same ({CUSTOMER}, $100.00, ")
    picture(office.page, "entered twice")
    card.get_by_role("button", name="This is it").click()
    office.sync()
    office.gone("Invoice 8431")
    assert office.one_there("Invoice", DocNumber="8431")["Id"] == there["Id"]
    expect(office.open("invoices", "8431")).to_contain_text("The same on both sides")


def test_a_payment_that_only_looks_like_one_there_is_sent(office: Office) -> None:
    office.new_invoice("8432")
    office.sync()
    other = office.invoice_there("8433", 61)
    office.payment_there(other, 61)
    office.pay("8432", "61.00")
    office.sync()
    card = office.needing(f"Payment of $61.00 by {CUSTOMER}", reason="look_alike")
    card.get_by_role("button", name="Send it anyway").click()
    office.sync()
    office.gone(f"Payment of $61.00 by {CUSTOMER}")
    assert len(office.there("Payment", TotalAmt=61)) == 2
    assert office.one_there("Invoice", DocNumber="8432")["Balance"] == 39


def test_what_was_paid_there_already_need_not_be_sent(office: Office, picture: Picture) -> None:
    office.new_invoice("8441")
    office.sync()
    office.payment_there(office.one_there("Invoice", DocNumber="8441"), 83)
    office.pay("8441", "100.00")
    office.sync()
    card = office.needing(f"Payment of $100.00 by {CUSTOMER}", reason="already_paid")
    expect(card).to_contain_text("has only $17.00 left to pay")
    picture(office.page, "paid already")
    card.get_by_role("button", name="Do not sync it").click()
    office.sync()
    office.gone(f"Payment of $100.00 by {CUSTOMER}")
    assert office.one_there("Invoice", DocNumber="8441")["Balance"] == 17


def test_a_payment_pays_what_is_left_beside_a_credit_that_quickbooks_applied(
    office: Office, picture: Picture
) -> None:
    customer = "Larkspur Dance School"
    office.new_customer(customer)
    office.sync()
    office.credit_there(30, customer=customer)
    office.new_invoice("8446", customer=customer)
    office.pay("8446", "100.00")
    office.sync()
    panel = office.open("invoices", "8446")
    expect(panel).to_contain_text("$30.00 of a credit entered in QuickBooks was applied to it")
    fine(office.page, "credit applied to an invoice", picture)
    card = office.needing(f"Payment of $100.00 by {customer}", reason="credit_applied")
    expect(card).to_contain_text("only $70.00 of it is left to pay")
    fine(office.page, "credit applied", picture)
    card.get_by_role("button", name="Apply what is left").click()
    office.sync()
    office.gone(f"Payment of $100.00 by {customer}")
    assert office.one_there("Payment", TotalAmt=100, UnappliedAmt=30)["Line"][0]["Amount"] == 70
    assert office.one_there("Invoice", DocNumber="8446")["Balance"] == 0


def test_a_payment_of_an_older_invoice_is_sent_for_the_one_a_person_picks(
    office: Office, picture: Picture
) -> None:
    number, customer = older_invoice(office, 1)
    there = office.invoice_there("OLD-1", 300, customer=customer)
    office.pay(number, "25.00")
    office.sync()
    card = office.needing(f"Payment of $25.00 by {customer}", reason="older_invoice")
    expect(card).to_contain_text("$300.00")
    fine(office.page, "older invoice", picture)
    card.get_by_role("button", name=re.compile("It pays this one.*OLD-1")).click()
    office.sync()
    office.gone(f"Payment of $25.00 by {customer}")
    sent = office.one_there("Payment", TotalAmt=25)
    assert sent["Line"][0]["LinkedTxn"] == [{"TxnId": there["Id"], "TxnType": "Invoice"}]


def test_a_payment_of_an_older_invoice_is_sent_as_a_credit(office: Office) -> None:
    number, customer = older_invoice(office, 2)
    office.pay(number, "26.00")
    office.sync()
    card = office.needing(f"Payment of $26.00 by {customer}", reason="older_invoice")
    card.get_by_role("button", name="Send it as a credit").click()
    office.sync()
    office.gone(f"Payment of $26.00 by {customer}")
    assert office.one_there("Payment", TotalAmt=26)["UnappliedAmt"] == 26


def older_invoice(office: Office, place: int) -> tuple[str, str]:
    """One of the open invoices from before connecting: its number and customer."""
    office.go("invoices/?show=overdue&sort=number")
    row = office.page.locator("#list tbody tr").nth(place)
    number = row.get_by_role("link").first.inner_text()
    return number, row.get_by_role("cell").nth(1).inner_text()


@pytest.fixture(scope="module")
def own_tax(office: Office) -> Iterator[None]:
    """QuickBooks reckons the sales tax itself, and keeps what it is sent."""
    office.go("settings/sales-tax/")
    office.page.get_by_label("Name").fill("Odd rate")
    office.page.get_by_label("Percent").fill("7.77")
    office.page.get_by_role("button", name="Add").click()
    site = office.site
    site.emulator.preferences(site.realm, TaxPrefs={"PartnerTaxEnabled": True})
    site.emulator.settings(tax_override="honoured")
    office.new_invoice("8450")
    office.sync()  # which asks QuickBooks about its taxes, too
    yield
    site.emulator.preferences(site.realm, TaxPrefs={"PartnerTaxEnabled": None})
    site.emulator.settings(tax_override="ignored")


def taxed_otherwise(office: Office, number: str) -> None:
    """Somebody changes the tax of an invoice in QuickBooks."""
    office.new_invoice(number, tax=ODD_TAX)
    office.sync()
    there = office.one_there("Invoice", DocNumber=number)
    office.change_there("Invoice", there, TxnTaxDetail={"TotalTax": 7.25})


@pytest.mark.usefixtures("own_tax")
def test_an_amount_that_quickbooks_cannot_hold_is_mended_in_its_form(
    office: Office, picture: Picture
) -> None:
    office.new_invoice("8459", Price_of_line_1="20000000000")
    office.sync()
    card = office.needing("Invoice 8459", reason="cannot_hold")
    expect(card).to_contain_text("The amount of 20,000,000,000.00 is too large")
    picture(office.page, "cannot hold it")
    card.get_by_role("link", name="Edit it here").click()
    office.page.get_by_label("Price of line 1").fill("200")
    office.page.get_by_role("button", name="Save invoice").click()
    office.sync()
    office.gone("Invoice 8459")
    assert office.one_there("Invoice", DocNumber="8459")["TotalAmt"] == 200


def test_another_total_there_is_accepted_and_what_waited_goes(office: Office, picture: Picture) -> None:
    taxed_otherwise(office, "8451")
    office.pay("8451", "50.00")
    office.sync()
    card = office.needing("Invoice 8451", reason="stored_differently")
    expect(card.get_by_role("row", name="Total")).to_contain_text("$107.77")
    fine(office.page, "another total", picture)
    assert not office.there("Payment", TotalAmt=50)
    card.get_by_role("button", name="Accept the total there").click()
    office.sync()
    office.gone("Invoice 8451")
    assert office.one_there("Payment", TotalAmt=50)["UnappliedAmt"] == 0
    panel = office.open("invoices", "8451")
    expect(panel).to_contain_text("somebody accepted")
    expect(panel).to_contain_text("$107.25 there, $107.77 here")
    picture(office.page, "an accepted total in the panel")


@pytest.mark.usefixtures("own_tax")
def test_another_total_there_is_voided_there_and_the_invoice_held(office: Office) -> None:
    taxed_otherwise(office, "8452")
    office.sync()
    card = office.needing("Invoice 8452", reason="stored_differently")
    office.asked_first(card, "Void it there and hold it", "Void it in QuickBooks")
    office.sync()
    office.gone("Invoice 8452")
    assert office.one_there("Invoice", DocNumber="8452")["TotalAmt"] == 0
    expect(office.open("invoices", "8452")).to_contain_text("It is not synced any more")


@pytest.mark.usefixtures("own_tax")
def test_another_tax_there_is_taken_for_one_invoice(office: Office) -> None:
    taxed_otherwise(office, "8453")
    office.sync()
    card = office.needing("Invoice 8453", reason="stored_differently")
    card.get_by_role("button", name="Take the tax there").click()
    office.sync()
    office.gone("Invoice 8453")
    expect(office.open("invoices", "8453")).to_contain_text("The same on both sides")
    expect(office.page.get_by_text("Sales tax, as QuickBooks reckons it")).to_be_visible()


@pytest.mark.usefixtures("own_tax")
def test_where_quickbooks_does_not_keep_our_tax_its_own_is_taken_for_good(
    office: Office, picture: Picture
) -> None:
    office.site.emulator.settings(tax_override="ignored")
    for number in ("8454", "8455", "8456"):
        office.new_invoice(number, tax=ODD_TAX)
    office.sync()
    asked = [one for one in ("8454", "8455", "8456") if office.there("Invoice", DocNumber=one)]
    card = office.needing(f"Invoice {asked[0]}", reason="automated_tax")
    expect(card).to_contain_text("Here the tax is $7.77, there $7.25")
    fine(office.page, "automated tax", picture)
    card.get_by_role("button", name="Take QuickBooks' tax").click()
    office.told("QuickBooks' tax counts from now on")
    office.sync()
    office.gone(f"Invoice {asked[0]}")
    for number in ("8454", "8455", "8456"):
        assert office.one_there("Invoice", DocNumber=number)["TotalAmt"] == 107.25
        expect(office.open("invoices", number)).to_contain_text("The same on both sides")
    office.go("settings/quickbooks/?choices=open")
    field = office.page.get_by_label("Where QuickBooks reckons sales tax itself")
    expect(field).to_have_value("theirs")
    picture(office.page, "the choice of whose tax counts")
    field.select_option(value="ours")
    office.page.get_by_role("button", name="Keep these choices").click()


def test_of_two_that_could_be_the_one_whose_answer_was_lost_a_person_picks_one(
    office: Office, picture: Picture
) -> None:
    office.new_invoice("8461")
    emulator, realm = office.site.emulator, office.site.realm
    emulator.fault("reply_lost", {"entity": "Invoice", "operation": "create"})
    # The first query looks for what was entered by hand; the second asks what became of the write.
    emulator.fault("unauthorized", {"entity": "Invoice", "operation": "query", "nth": 2}, code=120)
    office.go("settings/quickbooks/")
    office.page.get_by_role("button", name="Sync", exact=True).click()
    expect(office.page.get_by_role("alert")).to_contain_text("has no access to QuickBooks any more")
    sent = office.one_there("Invoice", DocNumber="8461")
    emulator.load(realm, {"Invoice": [sent | {"Id": "90001"}]})
    office.page.get_by_role("button", name="Try again").click()
    expect(office.page.get_by_role("heading", name="Sync finished")).to_be_visible()
    card = office.needing("Invoice 8461", reason="in_doubt")
    picture(office.page, "found twice")
    card.get_by_role("button", name="This is it").first.click()
    office.sync()
    office.gone("Invoice 8461")
    assert len(office.there("Invoice", DocNumber="8461")) == 2
    expect(office.open("invoices", "8461")).to_contain_text("The same on both sides")


def removed_there(office: Office, number: str, operation: str) -> dict[str, Any]:
    office.new_invoice(number)
    office.sync()
    there = office.one_there("Invoice", DocNumber=number)
    office.remove_there("Invoice", there, operation)
    office.sync()
    return there


def test_an_invoice_voided_there_is_voided_here(office: Office) -> None:
    there = removed_there(office, "8471", "void")
    card = office.needing("Invoice 8471", reason="removed_there")
    office.asked_first(card, "Do the same here", "Void it here")
    office.sync()
    office.gone("Invoice 8471")
    assert office.one_there("Invoice", DocNumber="8471")["Id"] == there["Id"]
    office.open("invoices", "8471", show="voided")
    expect(office.page.get_by_role("heading", level=1)).to_contain_text("Voided")


def test_an_invoice_deleted_there_is_sent_anew(office: Office) -> None:
    there = removed_there(office, "8472", "delete")
    card = office.needing("Invoice 8472", reason="removed_there")
    card.get_by_role("button", name="Send it anew").click()
    office.sync()
    office.gone("Invoice 8472")
    now = office.one_there("Invoice", DocNumber="8472")
    assert (now["TotalAmt"], now["Id"] == there["Id"]) == (100, False)


def test_a_customer_made_inactive_before_the_first_sync_is_made_active_for_its_invoice(
    office: Office, picture: Picture
) -> None:
    name = "Brindle Yard"
    office.new_customer(name)
    office.new_invoice("8532", customer=name)
    office.open("customers", name)
    office.page.get_by_role("button", name="Deactivate").click()
    office.sync()
    card = office.needing("Invoice 8532", reason="inactive_here")
    fine(office.page, "inactive here and never sent", picture)
    card.get_by_role("button", name=f"Make “{name}” active again").click()
    office.told(f"“{name}” is active again; the next sync sends it")
    office.sync()
    office.gone("Invoice 8532")
    customer = office.customer_there(name)
    assert office.one_there("Invoice", DocNumber="8532")["CustomerRef"]["value"] == customer["Id"]
