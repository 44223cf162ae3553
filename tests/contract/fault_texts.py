"""The texts of the published codes, as documents and recordings have them (facts A8, B6).

A Detail is a pattern where they leave words out or values differ.
"""

BUSINESS = "A business validation error has occurred while processing your request"
APPLICATION = "An application error has occurred while processing your request"
MISSING = "Required param missing, need to supply the required value for the API"
LENGTH = "String length is either shorter or longer than supported by specification"
# Code -> Message, and what the whole Detail matches.
TEXTS: dict[str, tuple[str, str]] = {
    "100": (
        "General Authentication Error",
        r"AuthenticationErrorGeneral: SRV-110-Authentication Failure , statusCode: 401",
    ),
    "120": (
        "Authorization Failure",
        r"AuthorizationFailure: -11014-You do not have access to use QuickBooks Online.*",
    ),
    "500": (
        "Unsupported Operation",
        r"Operation Could not find resource for relative : /v3/company/\d+/nonsense/1 .*is not supported\.",
    ),
    "600": ("Duplicate Request ID", r".+Supplied value:once"),
    "610": (
        "Object Not Found",
        (
            r"Object Not Found : Something you're trying to use has been made inactive\. "
            r"Check the fields with accounts, customers, items, vendors or employees\."
        ),
    ),
    "620": ("Transaction cannot be linked", r"Transaction cannot be linked"),
    "1040": ("Batch item limit exceeded", r".*30.*"),
    "2010": (
        "Request has invalid or unsupported property",
        (
            r'Property Name:Unrecognized field "BadJson" \(class com\.intuit\.schema\.finance\.v3\.Invoice\)'
            r", not marked as ignorable.* specified is unsupported or invalid"
        ),
    ),
    "2020": (MISSING, r"Required parameter Line is missing in the request"),
    "2030": ("Invalid ID", r"Id should be a valid number\. Supplied value:1\.5"),
    "2040": ("Invalid String", r".*Element contains invalid characters\. Rob:Barnett:Company"),
    "2050": (
        LENGTH,
        (
            r"String length specified does not match the supported length\. "
            r"Min:0 Max:1,000 supported\. Supplied length:1,016"
        ),
    ),
    "2060": ("Invalid Date Format", r".+Supplied value:11/22/2026"),
    "2070": ("Invalid Date", r".+Supplied value:2026-02-30"),
    "2090": ("Invalid Number", r".+Supplied value:much"),
    "2130": ("Invalid Request Id Format", r".+Supplied value:r{51}"),
    "2170": (
        "Invalid Enumeration",
        r"Property Name:Invalid value 'Pigeon' for \w+ specified is unsupported or invalid",
    ),
    "2210": (
        "Invalid Email Address format",
        r"Email Address does not conform to the RFC 822.*Supplied value:nowhere",
    ),
    "2240": ("Invalid Number Range", r"Number out of range\. Min:0 Max:999,999,999\. Supplied value:-44\.94"),
    "2290": ("NegativeAmount", r".+"),
    "2500": ("Invalid Reference Id", r"Invalid Reference Id : Line\.SalesItemLineDetail\.ItemRef"),
    "4000": (
        "Error parsing query",
        r'QueryParserError: Encountered " <IDENTIFIER> "frm "" at line 1, column 10\..*',
    ),
    "4001": ("Invalid query", r"QueryValidationError: invalid context declaration: Custmoer"),
    "4002": ("Error processing query", r"QueryProcessingError: To email address entered is invalid"),
    "5010": (
        "Stale Object Error",
        (
            r"Stale Object Error : You and [\w ]+ were working on this at the same time\. "
            r"[\w ]+ finished before you did, so your work was not saved\."
        ),
    ),
    "5020": ("Permission Denied Error", r".+"),
    "6000": (BUSINESS, r"Business Validation Error: You must set a transaction amount\."),
    "6010": ("Account needs AccountType or AccountSubType", r".+"),
    "6070": (
        "Amount calculation incorrect in the request",
        r"Amount is not equal to UnitPrice \* Qty\. Supplied value:1,861\.07",
    ),
    "6080": ("No name provided", r".*Title.*GivenName.*MiddleName.*FamilyName.*DisplayName.*Suffix.*"),
    "6090": ("Discount line missing info", r".*amount or a percent.*"),
    "6100": ("Invalid Line TaxCode in the request", r".*TAX or NON.*Supplied value:7"),
    "6130": ("Cannot change who customer bills with", r".*invoices.*parent.*"),
    "6140": (
        "Duplicate Document Number Error",
        (
            r"Duplicate Document Number Error : You must specify a different number\. This number has "
            r"already been used\. DocNumber=1001 is assigned to TxnType=Invoice with TxnId=\d+"
        ),
    ),
    "6160": ("Invalid TaxCodeRef", r".*CustomSalesTax.*"),
    "6170": ("Invalid TxnTaxDetail", r".*GlobalTaxCalculation.*NotApplicable.*"),
    "6180": ("Too many levels", r".*5 levels.*"),
    "6190": ("Invalid Company Status", r"Subscription period has ended or been canceled.*"),
    "6200": ("Account Period Closed", r".+"),
    "6210": (
        "Account Period Closed, Cannot Update Through Services API",
        (
            r"The account period has closed and the account books cannot be updated through through the QBO "
            r"Services API\. Please use the QBO website to make these changes\."
        ),
    ),
    "6220": ("Delete List Has Balance Error", r".*balance.*"),
    "6230": ("Invalid TaxCodeRef", r".*CustomSalesTax.*"),
    "6240": (
        "Duplicate Name Exists Error",
        (
            r"The name supplied already exists\. : Another customer, vendor or employee is already using "
            r"this name\. Please use a different name\. : Id=\d+"
        ),
    ),
    "6250": ("Invalid Sales Customer", r".*missing or inactive.*"),
    "6270": ("Transaction date is before the inventory start date", r".*inventory start date.*Hose.*"),
    "6280": ("Customer has unbilled charges", r".*unbilled charges.*"),
    "6420": ("Email address required", r".*e-mail address.*"),
    "6450": ("Attempt to Void Transaction failed", r"Attempt to Void Transaction failed.*"),
    "6540": ("Deposited Transaction cannot be changed", r".*deposited.*"),
    "10000": (APPLICATION, r"System Failure Error: .+"),
}
# The kind of fault and the status, where they are not those of a business fault.
KINDS = {
    "100": ("AuthenticationFault", 401),
    "120": ("AuthorizationFault", 401),
    "10000": ("SystemFault", 500),
}
# In XML only (facts A8); `test_standing` asks for it.
IN_XML = {"130"}
# Published, but for what is not built here (bank matches, generic failures): a tool can ask for them.
ON_REQUEST_ONLY = {"630", "1000", "1010", "1020", "2110", "6480"}
