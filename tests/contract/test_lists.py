"""Vendors, employees, accounts and short lists by raw requests (facts E3, E7)."""

import json
from typing import Any

import pytest

from tests.contract.books import Books

# What each list needs for one object, and a change to it.
LISTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "Account": ({"Name": "New", "AccountType": "Bank"}, {"Name": "Newer", "AccountType": "Bank"}),
    "Term": ({"Name": "New", "DueDays": 10}, {"DueDays": 12}),
    "PaymentMethod": ({"Name": "New"}, {"Type": "CREDIT_CARD"}),
    "Class": ({"Name": "New"}, {"Name": "Newer"}),
    "Department": ({"Name": "New"}, {"Name": "Newer"}),
    "Vendor": ({"DisplayName": "New"}, {"Notes": "changed", "DisplayName": "New"}),
    "Employee": ({"GivenName": "New", "FamilyName": "Hand"}, {"EmployeeNumber": "7"}),
}
NAMES = {"Vendor": "DisplayName", "Employee": "DisplayName"}


@pytest.mark.parametrize("entity", LISTS)
def test_a_list_object_is_made_changed_and_made_inactive(books: Books, entity: str) -> None:
    """Facts E1: SyncToken, no-op, suffix of inactive objects, hidden by queries."""
    create, change = LISTS[entity]
    made = books.post(entity, create)
    assert (made["SyncToken"], made["Active"]) == ("0", True)
    key = {"Id": made["Id"], "sparse": True}
    changed = books.post(entity, {**key, "SyncToken": "0", **change})
    assert changed["SyncToken"] == "1"
    assert {name: changed[name] for name in change} == change
    assert books.post(entity, changed) == changed
    member = NAMES.get(entity, "Name")
    gone = books.post(entity, {**key, "SyncToken": "1", **change, "Active": False})
    assert gone[member] == f"{changed[member]} (deleted)"
    assert gone not in books.query(f"select * from {entity} maxresults 1000").get(entity, [])
    hidden = books.query(f"select * from {entity} where Active = false")[entity]
    assert gone in hidden


@pytest.mark.parametrize("entity", LISTS)
def test_a_name_is_held_by_one_object_of_a_list(books: Books, entity: str) -> None:
    """Facts B6: 6240 with the holder."""
    create, _ = LISTS[entity]
    made = books.post(entity, create)
    error = books.refused(entity, create)
    assert error["code"] == "6240"
    assert error["Detail"].endswith(f"Id={made['Id']}")


def test_vendors_employees_and_customers_share_their_names(books: Books) -> None:
    """Facts E3."""
    books.customer("Pat Jones")
    assert books.refused("Employee", {"GivenName": "Pat", "FamilyName": "Jones"})["code"] == "6240"
    vendor = books.post("Vendor", {"GivenName": "Kim", "FamilyName": "Oh"})
    assert (vendor["DisplayName"], vendor["PrintOnCheckName"]) == ("Kim Oh", "Kim Oh")
    assert "FullyQualifiedName" not in vendor
    renamed = {"Id": vendor["Id"], "SyncToken": "0", "sparse": True, "DisplayName": "Pat Jones"}
    assert books.refused("Vendor", renamed)["code"] == "6240"
    books.post("Vendor", {**renamed, "DisplayName": "Oh Supplies"})
    assert books.customer("Kim Oh")["DisplayName"] == "Kim Oh"
    assert books.refused("Employee", {"Title": "Dr"})["code"] == "6080"


def test_an_account_needs_a_type_or_a_sub_type(books: Books) -> None:
    """Facts E7; facts B6: 6010, 2170, 2040."""
    assert books.refused("Account", {"Name": "X"})["code"] == "6010"
    assert books.refused("Account", {"Name": "X", "AccountType": "Pocket"})["code"] == "2170"
    assert books.refused("Account", {"Name": 'The "X"', "AccountType": "Bank"})["code"] == "2040"
    assert books.refused("Account", {"Name": "A:X", "AccountType": "Bank"})["code"] == "2040"
    made = books.post("Account", {"Name": "X", "AccountSubType": "ServiceFeeIncome"})
    assert (made["AccountType"], made["Classification"]) == ("Income", "Revenue")
    mixed = {"Name": "Y", "AccountType": "Bank", "AccountSubType": "ServiceFeeIncome"}
    assert books.refused("Account", mixed)["code"] == "2170"


def test_even_a_sparse_update_of_an_account_needs_name_and_type(books: Books) -> None:
    """Facts E1."""
    made = books.post("Account", {"Name": "X", "AccountType": "Bank"})
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "AcctNum": "1010"}
    assert books.refused("Account", change)["code"] == "2020"
    after = books.post("Account", {**change, "Name": "X", "AccountType": "Bank"})
    assert after["AcctNum"] == "1010"


def test_a_sub_account_is_named_after_its_parent(books: Books) -> None:
    """Facts E7."""
    parent = books.post("Account", {"Name": "Trucks", "AccountType": "Expense"})
    under = {"Name": "Fuel", "SubAccount": True, "ParentRef": {"value": parent["Id"]}}
    child = books.post("Account", {**under, "AccountType": "Expense"})
    assert child["FullyQualifiedName"] == "Trucks:Fuel"
    error = books.refused("Account", {**under, "Name": "Oil", "AccountType": "Income"})
    assert error["code"] == "6000"
    renamed = {**parent, "Name": "Vans"}
    books.post("Account", renamed)
    assert books.get("Account", child["Id"])["FullyQualifiedName"] == "Vans:Fuel"


@pytest.mark.parametrize(("entity", "flag"), [("Class", "SubClass"), ("Department", "SubDepartment")])
def test_classes_and_departments_have_levels(books: Books, entity: str, flag: str) -> None:
    """Facts E7."""
    parent = books.post(entity, {"Name": "North"})
    child = books.post(entity, {"Name": "Lawns", "ParentRef": {"value": parent["Id"]}})
    assert (child["FullyQualifiedName"], child[flag]) == ("North:Lawns", True)
    assert child["ParentRef"] == {"value": parent["Id"], "name": "North"}


def test_what_only_quickbooks_writes_survives_a_full_update(books: Books) -> None:
    """Facts E1: a full update clears writable members; facts E7: CurrentBalance is none."""
    bank = {"Id": "90", "SyncToken": "0", "Name": "Savings", "AccountType": "Bank", "CurrentBalance": 500}
    books.emulator.load(books.realm, {"Account": [{**bank, "Active": True, "Description": "old"}]})
    change = {"Id": "90", "SyncToken": "0", "Name": "Saved", "AccountType": "Bank", "CurrentBalance": 7}
    after = books.post("Account", change)
    assert (after["Name"], after["CurrentBalance"], "Description" in after) == ("Saved", 500, False)


def test_terms_are_standard_or_date_driven(books: Books) -> None:
    """Facts E7."""
    made = books.post("Term", {"Name": "Net 45", "DueDays": 45})
    assert (made["Type"], made["DiscountPercent"]) == ("STANDARD", 0)
    dated = books.post("Term", {"Name": "Mid", "DayOfMonthDue": 15, "DueNextMonthDays": 5})
    assert dated["Type"] == "DATE_DRIVEN"
    assert books.refused("Term", {"Name": "Nothing"})["code"] == "2020"
    for days in (-1, 1_000):
        assert books.refused("Term", {"Name": "Beyond", "DueDays": days})["code"] == "2240"
    customer = books.customer("Slow", SalesTermRef={"value": made["Id"]})
    invoice = books.invoice(customer, 1, TxnDate="2026-01-01")
    assert (invoice["SalesTermRef"]["name"], invoice["DueDate"]) == ("Net 45", "2026-02-15")


@pytest.mark.parametrize(("entity", "more"), [("Term", {"DueDays": 1}), ("PaymentMethod", {})])
def test_names_of_terms_and_methods_have_31_characters(
    books: Books, entity: str, more: dict[str, Any]
) -> None:
    """Facts E2: 2050."""
    assert books.refused(entity, {"Name": "x" * 32, **more})["code"] == "2050"


def test_tax_agencies_are_made_and_not_changed(books: Books) -> None:
    """Facts E7, G: not in change data capture."""
    made = books.post("TaxAgency", {"DisplayName": "Fairview County"})
    assert made["TaxTrackedOnSales"] is True
    assert books.refused("TaxAgency", made)["code"] == "500"
    assert books.call("GET", "cdc", entities="TaxAgency", changedSince="2026-11-01")[0] == 400


@pytest.mark.parametrize("entity", ["Budget", "CustomerType", "ReimburseCharge", "TaxPayment"])
def test_what_is_only_read_is_loaded_read_and_queried(books: Books, entity: str) -> None:
    one = {"Id": "900", "SyncToken": "0", "Name": "Some", "TotalAmt": 5, "TxnDate": "2026-01-02"}
    books.emulator.load(books.realm, {entity: [one]})
    read = books.get(entity, "900")
    assert {name: read[name] for name in one} == one
    assert books.query(f"select * from {entity}")[entity] == [read]
    assert books.query(f"select count(*) from {entity}") == {"totalCount": 1}
    assert books.refused(entity, {"Name": "Other"})["code"] == "500"


def test_a_list_object_cannot_be_deleted(books: Books) -> None:
    """Facts E1: set Active to false."""
    made = books.customer("Stays")
    assert (
        books.refused("Customer", {"Id": made["Id"], "SyncToken": "0"}, operation="delete")["code"] == "500"
    )
    assert books.get("Customer", made["Id"]) == made


# Block of the preferences: members a client looks for.
BLOCKS = {
    "AccountingInfoPrefs": "UseAccountNumbers FirstMonthOfFiscalYear TrackDepartments ClassTrackingPerTxn "
    "ClassTrackingPerTxnLine CustomerTerminology TaxYearMonth",
    "SalesFormsPrefs": "CustomTxnNumbers AllowDeposit AllowDiscount AllowShipping AllowServiceDate "
    "AllowEstimates AutoApplyCredit AutoApplyPayments DefaultTerms DefaultDiscountAccount "
    "DefaultCustomerMessage ETransactionEnabledStatus CustomField UsingProgressInvoicing",
    "TaxPrefs": "UsingSalesTax TaxGroupCodeRef",
    "CurrencyPrefs": "MultiCurrencyEnabled HomeCurrency",
    "ProductAndServicesPrefs": "ForSales QuantityWithPriceAndRate QuantityOnHand",
    "EmailMessagesPrefs": "InvoiceMessage",
    "VendorAndPurchasesPrefs": "BillableExpenseTracking",
    "TimeTrackingPrefs": "UseServices",
    "ReportPrefs": "ReportBasis",
    "OtherPrefs": "NameValue",
}


def test_the_preferences_are_one_object_with_all_its_blocks(books: Books) -> None:
    """Facts E8: Id 1, the same by read and query.

    No BookCloseDate while open, no PartnerTaxEnabled without AST.
    """
    status, text, _ = books.call("GET", "preferences")
    preferences = json.loads(text)["Preferences"]
    assert (status, preferences["Id"]) == (200, "1")
    assert books.query("select * from Preferences")["Preferences"] == [preferences]
    for block, names in BLOCKS.items():
        assert set(names.split()) <= preferences[block].keys(), block
    assert "BookCloseDate" not in preferences["AccountingInfoPrefs"]
    assert "PartnerTaxEnabled" not in preferences["TaxPrefs"]


def test_the_company_can_be_read_by_its_realm(books: Books) -> None:
    """Facts E7, B1: GET /companyinfo/{realmId}; Id 1."""
    company = books.get("CompanyInfo", books.realm)
    assert company["Id"] == "1"
    assert {"CompanyName", "LegalName", "CompanyAddr", "Country", "Email"} <= company.keys()
    assert {"FiscalYearStartMonth", "SupportedLanguages", "NameValue"} <= company.keys()
    assert {"SubscriptionStatus", "OfferingSku", "NeoEnabled"} <= {
        one["Name"] for one in company["NameValue"]
    }
