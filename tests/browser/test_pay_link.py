"""Whether invoices carry the pay link: asked before the first one, answered by either button, and changed."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looks import fine
from tests.browser.office import Office

Picture = Callable[[Page, str], None]
BUYER = "Pay Link Cafe"
ADDRESS = "cafe@example.com"
CARD = "AllowOnlineCreditCardPayment"
CHOICE = "Invoices carry QuickBooks' pay link"


@pytest.fixture
def paid_online(office: Office) -> Iterator[Office]:
    """The company takes payments online, and a customer has an e-mail address."""
    prefer = office.site.emulator.preferences
    prefer(office.site.realm, SalesFormsPrefs={"ETransactionPaymentEnabled": True})
    office.new_customer(BUYER, **{"E-mail": ADDRESS})
    yield office
    prefer(office.site.realm, SalesFormsPrefs={"ETransactionPaymentEnabled": False})


def mailed(office: Office) -> list[str]:
    return [str(one["address"]) for one in office.site.emulator.mails(office.site.realm)]


def choose(office: Office, label: str) -> None:
    office.go("settings/quickbooks/?choices=open")
    office.page.get_by_label(CHOICE).select_option(label=label)
    office.page.get_by_role("button", name="Keep these choices").click()
    office.told("Your choices are kept")


def test_whether_invoices_carry_the_pay_link_is_asked_once_and_can_be_changed(
    paid_online: Office, picture: Picture
) -> None:
    office = paid_online
    for number in ("8601", "8602"):
        office.new_invoice(number, customer=BUYER)
    office.sync()
    card = office.needing("Invoice 8601", reason="pay_link")
    expect(card).to_contain_text("QuickBooks mails each new one to its customer by itself")
    fine(office.page, "pay link", picture)
    assert office.there("Invoice", DocNumber="8601") == []
    expect(office.open("invoices", "8602")).to_contain_text("whether invoices carry the pay link")
    picture(office.page, "waits for the pay link")
    card = office.needing("Invoice 8601", reason="pay_link")
    card.get_by_role("button", name="Send them without it").click()
    office.told("QuickBooks mails nobody by itself")
    office.sync()
    office.gone("Invoice 8601")
    for number in ("8601", "8602"):
        assert office.one_there("Invoice", DocNumber=number)[CARD] is False
    assert mailed(office) == []

    choose(office, "Not chosen: new invoices wait")
    office.new_invoice("8603", customer=BUYER)
    office.sync()
    card = office.needing("Invoice 8603", reason="pay_link")
    card.get_by_role("button", name="Send them with the pay link").click()
    office.told("Invoices carry the pay link from now on")
    office.sync()
    office.gone("Invoice 8603")
    assert office.one_there("Invoice", DocNumber="8603")[CARD] is True
    assert mailed(office) == [ADDRESS]
    office.go("settings/quickbooks/?choices=open")
    expect(office.page.get_by_label(CHOICE)).to_have_value("yes")
    fine(office.page, "the choice of the pay link", picture)
    choose(office, "No, and nobody is mailed")
    office.new_invoice("8604", customer=BUYER)
    office.sync()
    assert office.one_there("Invoice", DocNumber="8604")[CARD] is False
    assert mailed(office) == [ADDRESS]
