"""The companies a realm can start as.

`foundation` is what QuickBooks gives every company: a chart of accounts, terms, payment methods, tax codes,
preferences and the items "Services" and "Hours". `sample_company` adds an invented landscaping firm.
"""

from qbo_emulator.companies.sample_records import CUSTOMERS, EMPLOYEES, ITEMS, VENDORS
from qbo_emulator.entities import entity_named
from qbo_emulator.ground.values import Json, decode, encode
from qbo_emulator.storage.realm import Realm
from qbo_emulator.writing.course import write

ACCOUNTS: tuple[tuple[int, str, str, str, str], ...] = (
    (1, "Services", "Revenue", "Income", "ServiceFeeIncome"),
    (4, "Undeposited Funds", "Asset", "Other Current Asset", "UndepositedFunds"),
    (35, "Checking", "Asset", "Bank", "Checking"),
    (36, "Savings", "Asset", "Bank", "Savings"),
    (45, "Landscaping Services", "Revenue", "Income", "SalesOfProductIncome"),
    (79, "Sales of Product Income", "Revenue", "Income", "SalesOfProductIncome"),
    (80, "Cost of Goods Sold", "Expense", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    (81, "Inventory Asset", "Asset", "Other Current Asset", "Inventory"),
    (84, "Accounts Receivable (A/R)", "Asset", "Accounts Receivable", "AccountsReceivable"),
    (86, "Discounts given", "Revenue", "Income", "DiscountsRefundsGiven"),
    (89, "Sales Tax Agency Payable", "Liability", "Other Current Liability", "SalesTaxPayable"),
)
TERMS = ((1, "Due on receipt", 0), (2, "Net 15", 15), (3, "Net 30", 30), (4, "Net 60", 60))
PAYMENT_METHODS = (
    (1, "Cash", "NON_CREDIT_CARD"),
    (2, "Check", "NON_CREDIT_CARD"),
    (3, "Visa", "CREDIT_CARD"),
    (4, "MasterCard", "CREDIT_CARD"),
    (5, "Discover", "CREDIT_CARD"),
    (6, "American Express", "CREDIT_CARD"),
    (7, "Diners Club", "CREDIT_CARD"),
)
USD = {"value": "USD", "name": "United States Dollar"}
MEMO = "Thank you for your business and have a great day!"


def foundation(company_name: str) -> dict[str, list[Json]]:
    return {
        "CompanyInfo": [_company_info(company_name)],
        "Preferences": [_preferences()],
        "Account": [_account(*account) for account in ACCOUNTS],
        "Term": [
            {
                **_listed(key, name),
                "Type": "STANDARD",
                "DiscountPercent": 0,
                "DueDays": days,
                "DiscountDays": 0,
            }
            for key, name, days in TERMS
        ],
        "PaymentMethod": [{**_listed(key, name), "Type": sort} for key, name, sort in PAYMENT_METHODS],
        "TaxAgency": [_tax_agency()],
        "TaxRate": [_tax_rate()],
        "TaxCode": _tax_codes(),
        "Item": [_first_item(1, "Services"), _first_item(2, "Hours")],
    }


def _listed(key: int, name: str) -> Json:
    return {"domain": "QBO", "sparse": False, "Id": str(key), "SyncToken": "0", "Name": name, "Active": True}


def _account(key: int, name: str, classification: str, account_type: str, sub_type: str) -> Json:
    return {
        **_listed(key, name),
        "SubAccount": False,
        "FullyQualifiedName": name,
        "Classification": classification,
        "AccountType": account_type,
        "AccountSubType": sub_type,
        "CurrentBalance": 0,
        "CurrentBalanceWithSubAccounts": 0,
        "CurrencyRef": USD,
    }


def _first_item(key: int, name: str) -> Json:
    return {
        **_listed(key, name),
        "FullyQualifiedName": name,
        "Taxable": False,
        "UnitPrice": 0,
        "Type": "Service",
        "IncomeAccountRef": {"value": "1", "name": "Services"},
        "PurchaseCost": 0,
        "TrackQtyOnHand": False,
    }


def _tax_agency() -> Json:
    named = {"DisplayName": "California sales tax agency"}
    tracked = {"TaxTrackedOnPurchases": False, "TaxTrackedOnSales": True}
    return {"domain": "QBO", "sparse": False, "Id": "1", "SyncToken": "0", **named, **tracked}


def _tax_rate() -> Json:
    return {
        **_listed(3, "California"),
        "Description": "California sales tax",
        "RateValue": 8,
        "AgencyRef": {"value": "1"},
        "SpecialTaxType": "NONE",
        "DisplayType": "ReadOnly",
    }


def _tax_codes() -> list[Json]:
    pseudo = [
        {**_listed(0, name), "Id": name, "Description": text, "Taxable": name == "TAX", "TaxGroup": False}
        for name, text in (("TAX", "Taxable"), ("NON", "Non-Taxable"))
    ]
    california = {
        **_listed(2, "California"),
        "Description": "California",
        "Taxable": True,
        "TaxGroup": True,
        "SalesTaxRateList": {
            "TaxRateDetail": [
                {
                    "TaxRateRef": {"value": "3", "name": "California"},
                    "TaxTypeApplicable": "TaxOnAmount",
                    "TaxOrder": 0,
                }
            ]
        },
        "PurchaseTaxRateList": {"TaxRateDetail": []},
    }
    return [*pseudo, california]


def _company_info(name: str) -> Json:
    address = {
        "Id": "1",
        "Line1": "12 Orchard Lane",
        "City": "Fairview",
        "Country": "USA",
        "CountrySubDivisionCode": "CA",
        "PostalCode": "94999",
    }
    return {
        "domain": "QBO",
        "sparse": False,
        "Id": "1",
        "SyncToken": "0",
        "CompanyName": name,
        "LegalName": name,
        "CompanyAddr": address,
        "LegalAddr": address,
        "CustomerCommunicationAddr": address,
        "PrimaryPhone": {"FreeFormNumber": "(555) 201-0100"},
        "CompanyStartDate": "2021-03-01",
        "FiscalYearStartMonth": "January",
        "Country": "US",
        "Email": {"Address": "owner@example.com"},
        "SupportedLanguages": "en",
        "NameValue": [
            {"Name": "NeoEnabled", "Value": "true"},
            {"Name": "SubscriptionStatus", "Value": "PAID"},
            {"Name": "OfferingSku", "Value": "QuickBooks Online Plus"},
        ],
    }


def _preferences() -> Json:
    return {
        "domain": "QBO",
        "sparse": False,
        "Id": "1",
        "SyncToken": "0",
        "AccountingInfoPrefs": {
            "UseAccountNumbers": False,
            "TrackDepartments": False,
            "ClassTrackingPerTxn": False,
            "ClassTrackingPerTxnLine": False,
            "FirstMonthOfFiscalYear": "January",
            "TaxYearMonth": "January",
            "CustomerTerminology": "Customers",
        },
        "ProductAndServicesPrefs": {
            "ForSales": True,
            "ForPurchase": True,
            "QuantityWithPriceAndRate": True,
            "QuantityOnHand": True,
        },
        "SalesFormsPrefs": {
            "CustomTxnNumbers": True,
            "AllowDeposit": False,
            "AllowDiscount": True,
            "DefaultDiscountAccount": "86",
            "AllowEstimates": True,
            "AllowServiceDate": False,
            "AllowShipping": False,
            "AutoApplyCredit": True,
            "AutoApplyPayments": False,
            "UsingProgressInvoicing": False,
            "ETransactionEnabledStatus": "NotApplicable",
            "ETransactionPaymentEnabled": False,
            "CustomField": [],
            "DefaultTerms": {"value": "3"},
            "DefaultCustomerMessage": MEMO,
        },
        "TaxPrefs": {"UsingSalesTax": True, "TaxGroupCodeRef": {"value": "2"}},
        "EmailMessagesPrefs": {
            "InvoiceMessage": {"Subject": "Invoice", "Message": MEMO},
            "EstimateMessage": {"Subject": "Estimate", "Message": MEMO},
            "SalesReceiptMessage": {"Subject": "Sales receipt", "Message": MEMO},
            "StatementMessage": {"Subject": "Statement", "Message": MEMO},
        },
        "VendorAndPurchasesPrefs": {"TrackingByCustomer": False, "BillableExpenseTracking": False},
        "TimeTrackingPrefs": {
            "UseServices": True,
            "BillCustomers": True,
            "ShowBillRateToAll": False,
            "WorkWeekStartDate": "Monday",
            "MarkTimeEntriesBillable": True,
        },
        "ReportPrefs": {"ReportBasis": "Accrual", "CalcAgingReportFromTxnDate": False},
        "CurrencyPrefs": {"MultiCurrencyEnabled": False, "HomeCurrency": {"value": "USD"}},
        "OtherPrefs": {"NameValue": [{"Name": "SalesFormsPrefs.AutoApplyPayments", "Value": "false"}]},
    }


def sample_company(realm: Realm) -> None:
    """Enter the landscaping firm's records, as a client would: through JSON and every rule."""
    keys: dict[str, str] = {}
    for entity_name, records in (("Customer", CUSTOMERS), ("Vendor", VENDORS), ("Item", ITEMS)):
        entity = entity_named(entity_name)
        if entity is None:
            continue
        for record in records:
            sent = decode(encode(record))
            parent = sent.pop("parent", None)
            if parent is not None:
                sent["ParentRef"] = {"value": keys[parent]}
            keys[str(sent.get("DisplayName") or sent["Name"])] = write(realm, entity, "create", sent)["Id"]
    for employee in EMPLOYEES:
        key = str(realm.next_number("person"))
        body = {**_listed(0, ""), "Id": key, "DisplayName": " ".join(employee), "Active": True}
        del body["Name"]
        body |= {"GivenName": employee[0], "FamilyName": employee[1], "PrintOnCheckName": " ".join(employee)}
        body |= {
            "BillableTime": False,
            "MetaData": realm.new_times,
        }
        realm.insert("Employee", body)
        realm.hold("person", " ".join(employee), "Employee", key)
