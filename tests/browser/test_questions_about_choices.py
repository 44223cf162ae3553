"""What waits for a choice, or for something that is off in QuickBooks: told, mended, and gone."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.looks import fine
from tests.browser.office import Office, day
from tests.browser.site import Site

Picture = Callable[[Page, str], None]
TAX = "California (8 %)"


def test_sales_tax_that_is_off_there_is_turned_on_there(office: Office, picture: Picture) -> None:
    emulator, realm = office.site.emulator, office.site.realm
    emulator.preferences(realm, TaxPrefs={"UsingSalesTax": False})
    office.new_invoice("8501", tax=TAX)
    office.sync()
    card = office.needing("Invoice 8501", reason="sales_tax_off")
    picture(office.page, "sales tax is off")
    emulator.preferences(realm, TaxPrefs={"UsingSalesTax": True})
    card.get_by_role("button", name="Try again").click()
    office.told("is tried again now")
    office.sync()
    office.gone("Invoice 8501")
    assert office.one_there("Invoice", DocNumber="8501")["TotalAmt"] == 108


def test_discounts_that_are_off_there_are_turned_on_there(office: Office, picture: Picture) -> None:
    """A Sync is enough, without a word about it."""
    emulator, realm = office.site.emulator, office.site.realm
    emulator.preferences(realm, SalesFormsPrefs={"AllowDiscount": False})
    office.new_invoice("8502", Discount="10")
    office.sync()
    card = office.needing("Invoice 8502", reason="discounts_off")
    expect(card.get_by_role("link", name="Edit it here")).to_be_visible()
    picture(office.page, "discounts are off")
    emulator.preferences(realm, SalesFormsPrefs={"AllowDiscount": True})
    office.page.get_by_role("button", name="Sync", exact=True).click()
    steps.see_result(office.page, "Sync")
    office.gone("Invoice 8502")
    assert office.one_there("Invoice", DocNumber="8502")["TotalAmt"] == 90


def test_estimates_that_are_off_there_are_turned_on_there(office: Office, picture: Picture) -> None:
    emulator, realm = office.site.emulator, office.site.realm
    emulator.preferences(realm, SalesFormsPrefs={"AllowEstimates": False})
    office.new_sales_form("estimate", "8503")
    steps.send_estimates(office.page, office.site)
    office.sync()
    card = office.needing("Estimate 8503", reason="estimates_off")
    picture(office.page, "estimates are off")
    emulator.preferences(realm, SalesFormsPrefs={"AllowEstimates": True})
    card.get_by_role("button", name="Try again").click()
    office.told("is tried again now")
    office.sync()
    office.gone("Estimate 8503")
    assert office.one_there("Estimate", DocNumber="8503")["TxnStatus"] == "Pending"


def test_a_tax_rate_gets_its_tax_code_by_a_choice(office: Office, picture: Picture) -> None:
    emulator, realm = office.site.emulator, office.site.realm
    rate = office.one_there("TaxRate", Name="California")
    code = office.one_there("TaxCode", Name="California")
    emulator.load(realm, {"TaxRate": [rate | {"Id": "31", "Name": "Oakland", "RateValue": 9.25}]})
    detail = {**code["SalesTaxRateList"]["TaxRateDetail"][0], "TaxRateRef": {"value": "31"}}
    oakland = {"Id": "32", "Name": "Oakland", "SalesTaxRateList": {"TaxRateDetail": [detail]}}
    # Two of one percentage, so that none is chosen by itself.
    emulator.load(realm, {"TaxCode": [code | oakland, code | oakland | {"Id": "33", "Name": "Alameda"}]})
    office.new_invoice("8511")
    office.sync()  # which asks QuickBooks for its tax codes, too
    page = office.page
    office.go("settings/sales-tax/")
    page.get_by_label("Name").fill("Lake district")
    page.get_by_label("Percent").fill("9.25")
    page.get_by_role("button", name="Add").click()
    office.new_invoice("8512", tax="Lake district (9.25 %)")
    office.sync()
    card = office.needing("Invoice 8512", reason="tax_not_mapped")
    expect(card).to_contain_text("“Lake district”")
    picture(page, "tax rate not chosen")
    card.get_by_role("link", name="Choose it").click()
    page.get_by_label("Tax rate “Lake district” is in QuickBooks").select_option(label="Oakland (9.25 %)")
    fine(page, "the choices", picture)
    page.get_by_role("button", name="Keep these choices").click()
    office.told("Your choices are kept")
    office.sync()
    office.gone("Invoice 8512")
    there = office.one_there("Invoice", DocNumber="8512")
    assert (there["TotalAmt"], there["TxnTaxDetail"]["TotalTax"]) == (109.25, 9.25)


def test_an_invoice_saved_before_its_rate_was_split_in_two_is_reckoned_anew(
    office: Office, picture: Picture
) -> None:
    """7 % of $89.00 is 6.23; 5.5 % of it is 4.895 and 1.5 % is 1.335."""
    emulator, realm, page = office.site.emulator, office.site.realm, office.page
    office.go("settings/sales-tax/")
    page.get_by_label("Name").fill("Harbour")
    page.get_by_label("Percent").fill("7")
    page.get_by_role("button", name="Add").click()
    rates = [("41", "Harbour state", 5.5), ("42", "Harbour city", 1.5)]
    rate, code = (
        office.one_there("TaxRate", Name="California"),
        office.one_there("TaxCode", Name="California"),
    )
    emulator.load(
        realm,
        {"TaxRate": [rate | {"Id": key, "Name": name, "RateValue": value} for key, name, value in rates]},
    )
    details = [{"TaxRateRef": {"value": key}} for key, _, _ in rates]
    harbour = {"Id": "43", "Name": "Harbour", "SalesTaxRateList": {"TaxRateDetail": details}}
    emulator.load(realm, {"TaxCode": [code | harbour]})
    office.new_invoice("8515", tax="Harbour (7 %)", Price_of_line_1="89")
    office.sync()
    office.sync()  # which finds the code of that percentage
    card = office.needing("Invoice 8515", reason="tax_reckoned")
    expect(card).to_contain_text("$6.23 here, and QuickBooks would come to $6.24")
    fine(page, "tax comes out otherwise", picture)
    assert not office.there("Invoice", DocNumber="8515")
    card.get_by_role("button", name="Reckon the tax anew").click()
    office.told("reckoned as QuickBooks does it")
    office.sync()
    office.gone("Invoice 8515")
    assert office.one_there("Invoice", DocNumber="8515")["TotalAmt"] == 95.24
    office.go("settings/sales-tax/")
    expect(page.get_by_text("Harbour state 5.5 %, Harbour city 1.5 %")).to_be_visible()
    fine(page, "a sales tax of two", picture)


def test_an_invoice_in_closed_books_is_given_a_later_date(office: Office, picture: Picture) -> None:
    emulator, realm = office.site.emulator, office.site.realm
    closed, open_day, later = day(1), day(2), day(3)
    emulator.preferences(realm, AccountingInfoPrefs={"BookCloseDate": closed})
    office.new_invoice("8521")
    office.sync()
    card = office.needing("Invoice 8521", reason="books_closed")
    expect(card).to_contain_text("The books are closed in QuickBooks up to")
    fine(office.page, "closed books", picture)
    expect(card.get_by_label("New date")).to_have_value(open_day)
    card.get_by_label("New date").fill(later)
    card.get_by_role("button", name="Give it this date").click()
    office.told("has its new date")
    office.sync()
    office.gone("Invoice 8521")
    emulator.preferences(realm, AccountingInfoPrefs={"BookCloseDate": None})
    assert office.one_there("Invoice", DocNumber="8521")["TxnDate"] == later


def test_books_without_an_income_account_get_one_and_the_work_codes_go(
    page: Page, site: Site, picture: Picture
) -> None:
    books = site.emulator.new_realm("empty", company_name="New Books")
    income = [row for row in site.emulator.dump(books)["Account"] if row["AccountType"] == "Income"]
    site.emulator.load(books, {"Account": [row | {"Active": False} for row in income]})
    steps.log_in(page, site)
    steps.go_to_sync(page)
    steps.sign_in_at_quickbooks(page, "New Books")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_role("region", name="What was found")).to_be_visible()
    steps.press_sync(page, full=True)
    office = Office(page=page, site=site)
    card = office.needing("Air conditioner tune-up", reason="no_account")
    expect(page.get_by_role("article")).to_have_count(1)  # one question, however many work codes wait
    fine(page, "no income account", picture)
    card.get_by_role("link", name="Choose it").click()
    expect(page.get_by_label("Income account for new work codes")).to_have_value("")
    expect(page.get_by_text("Make an account of this sort in QuickBooks first")).to_be_visible()
    picture(page, "no income account to choose")
    site.emulator.load(books, {"Account": income})
    office.sync()
    office.gone("Air conditioner tune-up")
    sold = [row for row in site.emulator.dump(books)["Item"] if row["Name"] == "Air conditioner tune-up"]
    assert len(sold) == 1
    assert sold[0]["IncomeAccountRef"]["value"] in {row["Id"] for row in income}


def test_an_earlier_start_date_is_asked_about_before_it_sends_older_ones(
    office: Office, picture: Picture
) -> None:
    page = office.page
    office.go("settings/quickbooks/?choices=open")
    date = page.get_by_label("Send invoices and payments from")
    before = date.input_value()
    date.fill("2019-01-01")
    page.get_by_role("button", name="Keep these choices").click()
    question = page.get_by_role("alert").filter(has_text="would go to QuickBooks with the next Sync")
    expect(question).to_contain_text("older invoices of $")
    fine(page, "an earlier start date", picture)
    question.get_by_role("link", name="Leave it as it was").click()
    expect(page.get_by_label("Send invoices and payments from")).to_have_value(before)


def test_an_account_that_was_put_away_there_is_shown_empty_and_chosen_anew(
    office: Office, picture: Picture
) -> None:
    emulator, realm, page = office.site.emulator, office.site.realm, office.page
    office.go("settings/quickbooks/?choices=open")
    chosen = page.get_by_label("Payments are deposited to").input_value()
    row = office.one_there("Account", Id=chosen)
    emulator.load(realm, {"Account": [row | {"Active": False}]})
    office.new_invoice("8541")
    office.sync()
    office.go("settings/quickbooks/")
    field = page.get_by_label("Payments are deposited to")
    expect(field).to_have_value("")
    expect(page.get_by_text("No longer in use in QuickBooks: “Payments are deposited to”")).to_be_visible()
    fine(page, "an account that was put away", picture)
    emulator.load(realm, {"Account": [row]})
    office.new_invoice("8542")
    office.sync()
    office.go("settings/quickbooks/?choices=open")
    expect(field).to_have_value(chosen)
