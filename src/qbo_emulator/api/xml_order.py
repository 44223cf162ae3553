"""In which order the published schema has the members of an object: XML answers keep to it (facts B9).

A member that stands in no list comes last, in the order of the JSON.
"""

from collections.abc import Mapping


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ENTITY = _names("Id SyncToken MetaData CustomField AttachableRef")
_TRANSACTION = (
    *_ENTITY,
    *_names(
        "DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnStatus LinkedTxn Line "
        "TxnTaxDetail TxnSource TransactionLocationType RecurDataRef RecurringInfo ProjectRef"
    ),
)
_SALES = (
    *_TRANSACTION,
    *_names(
        "AutoDocNumber CustomerRef CustomerMemo BillAddr ShipAddr FreeFormAddress ShipFromAddr RemitToRef "
        "ClassRef SalesTermRef DueDate SalesRepRef PONumber FOB ShipMethodRef ShipDate TrackingNum "
        "GlobalTaxCalculation TotalAmt HomeTotalAmt ApplyTaxAfterDiscount TemplateRef PrintStatus "
        "EmailStatus BillEmail BillEmailCc BillEmailBcc ARAccountRef Balance HomeBalance FinanceCharge "
        "PaymentMethodRef PaymentRefNum PaymentType CheckPayment CreditCardPayment DepositToAccountRef "
        "DeliveryInfo DiscountRate DiscountAmt"
    ),
)
_PERSON = (
    *_ENTITY,
    *_names(
        "IntuitId Organization Title GivenName MiddleName FamilyName Suffix FullyQualifiedName CompanyName "
        "DisplayName PrintOnCheckName UserId Active V4IDPseudonym PrimaryPhone AlternatePhone Mobile Fax "
        "PrimaryEmailAddr WebAddr OtherContactInfo DefaultTaxCodeRef"
    ),
)
_ADDRESS = _names(
    "Id Line1 Line2 Line3 Line4 Line5 City Country CountryCode CountrySubDivisionCode PostalCode "
    "PostalCodeSuffix Lat Long Tag Note"
)

ORDER: Mapping[str, tuple[str, ...]] = {
    "Invoice": (
        *_SALES,
        *_names(
            "Deposit AllowIPNPayment AllowOnlinePayment AllowOnlineCreditCardPayment AllowOnlineACHPayment "
            "EInvoiceStatus InvoiceLink"
        ),
    ),
    "CreditMemo": (*_SALES, *_names("RemainingCredit InvoiceRef")),
    "SalesReceipt": _SALES,
    "RefundReceipt": _SALES,
    "Estimate": (*_SALES, *_names("ExpirationDate AcceptedBy AcceptedDate")),
    "Payment": (
        *_TRANSACTION,
        *_names(
            "CustomerRef RemitToRef ARAccountRef DepositToAccountRef PaymentMethodRef PaymentRefNum "
            "PaymentType CheckPayment CreditCardPayment TotalAmt UnappliedAmt ProcessPayment"
        ),
    ),
    "Deposit": (*_TRANSACTION, *_names("DepositToAccountRef CashBack TotalAmt HomeTotalAmt")),
    "Customer": (
        *_PERSON,
        *_names(
            "Taxable BillAddr ShipAddr OtherAddr ContactName AltContactName Notes Job BillWithParent "
            "RootCustomerRef ParentRef Level CustomerTypeRef SalesTermRef PaymentMethodRef Balance "
            "OpenBalanceDate BalanceWithJobs CreditLimit AcctNum CurrencyRef PreferredDeliveryMethod "
            "ResaleNum ARAccountRef TaxExemptionReasonId IsProject"
        ),
    ),
    "Vendor": (
        *_PERSON,
        *_names("BillAddr TaxIdentifier TermRef Balance AcctNum Vendor1099 CurrencyRef APAccountRef"),
    ),
    "Employee": (
        *_PERSON,
        *_names("EmployeeNumber PrimaryAddr BillableTime BillRate HiredDate ReleasedDate"),
    ),
    "Item": (
        *_ENTITY,
        *_names(
            "Name Sku Description Active SubItem ParentRef Level FullyQualifiedName Taxable SalesTaxIncluded "
            "UnitPrice Type IncomeAccountRef PurchaseDesc PurchaseTaxIncluded PurchaseCost ExpenseAccountRef "
            "AssetAccountRef TrackQtyOnHand QtyOnHand SalesTaxCodeRef PurchaseTaxCodeRef InvStartDate "
            "ItemGroupDetail"
        ),
    ),
    "Account": (
        *_ENTITY,
        *_names(
            "Name SubAccount ParentRef Description FullyQualifiedName Active Classification AccountType "
            "AccountSubType AcctNum CurrentBalance CurrentBalanceWithSubAccounts CurrencyRef TaxCodeRef"
        ),
    ),
    "MetaData": _names("CreateTime LastUpdatedTime"),
    "CustomField": _names("DefinitionId Name Type StringValue"),
    "Line": _names(
        "Id LineNum Description Amount LinkedTxn DetailType SalesItemLineDetail GroupLineDetail "
        "DescriptionLineDetail DiscountLineDetail SubTotalLineDetail DepositLineDetail LineEx"
    ),
    "LinkedTxn": _names("TxnId TxnType TxnLineId"),
    "SalesItemLineDetail": _names(
        "ItemRef ClassRef UnitPrice RatePercent Qty ItemAccountRef TaxCodeRef ServiceDate TaxInclusiveAmt"
    ),
    "DiscountLineDetail": _names("PercentBased DiscountPercent DiscountAccountRef"),
    "DepositLineDetail": _names("Entity ClassRef AccountRef PaymentMethodRef CheckNum"),
    "TxnTaxDetail": _names("TxnTaxCodeRef TotalTax TaxLine"),
    "TaxLine": _names("Amount DetailType TaxLineDetail"),
    "TaxLineDetail": _names("TaxRateRef PercentBased TaxPercent NetAmountTaxable OverrideDeltaAmount"),
    "CashBack": _names("AccountRef Amount Memo"),
    "Error": _names("Message Detail"),
    **dict.fromkeys(
        ("BillAddr", "ShipAddr", "ShipFromAddr", "PrimaryAddr", "CompanyAddr", "LegalAddr"), _ADDRESS
    ),
}
