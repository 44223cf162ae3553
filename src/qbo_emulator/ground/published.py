"""What the published codes are called, for faults on request (facts B6)."""

from qbo_emulator.ground import refusals

SYSTEM_FAILURE = 10_000
PUBLISHED = {
    500: "Unsupported Operation",
    600: "Duplicate Request ID",
    610: "Object Not Found",
    620: "Transaction cannot be linked",
    630: "Duplicate Object",
    1000: "Operation Failed",
    1010: "Create Failed",
    1020: "Update Failed",
    1040: "Batch item limit exceeded",
    2010: "Request has invalid or unsupported property",
    2020: "Required param missing, need to supply the required value for the API",
    2030: "Invalid ID",
    2040: "Invalid String",
    2050: "String length is either shorter or longer than supported by specification",
    2060: "Invalid Date Format",
    2070: "Invalid Date",
    2090: "Invalid Number",
    2110: "Invalid Decimal",
    2130: "Invalid Request Id Format",
    2170: "Invalid Enumeration",
    2210: "Invalid Email Address format",
    2240: "Invalid Number Range",
    2290: "NegativeAmount",
    2500: "Invalid Reference Id",
    4000: "Error parsing query",
    4001: "Invalid query",
    4002: "Error processing query",
    5010: "Stale Object Error",
    5020: "Permission Denied Error",
    6000: "A business validation error has occurred while processing your request",
    6010: "Account needs AccountType or AccountSubType",
    6070: "Amount calculation incorrect in the request",
    6080: "No name provided",
    6090: "Discount line missing info",
    6100: "Invalid Line TaxCode in the request",
    6130: "Cannot change who customer bills with",
    6140: "Duplicate Document Number Error",
    6160: "Invalid TaxCodeRef",
    6170: "Invalid TxnTaxDetail",
    6180: "Too many levels",
    6190: "Invalid Company Status",
    6200: "Account Period Closed",
    6210: "Account Period Closed, Cannot Update Through Services API",
    6220: "Delete List Has Balance Error",
    6230: "Invalid TaxCodeRef",
    6240: "Duplicate Name Exists Error",
    6250: "Invalid Sales Customer",
    6270: "Transaction date is before the inventory start date",
    6280: "Customer has unbilled charges",
    6420: "Email address required",
    6450: "Attempt to Void Transaction failed",
    6480: "Matched Transaction Delete Error",
    6540: "Deposited Transaction cannot be changed",
}


def on_request(code: int) -> refusals.Refusal:
    """Return a fault somebody asked for, under the name its code has."""
    if code == SYSTEM_FAILURE:
        return refusals.system_failure()
    if str(code) == refusals.TookTooLong.CODE:
        return refusals.TookTooLong()
    message = PUBLISHED.get(code, f"Refused by request ({code})")
    return refusals.refusal(code, message, f"{message} : Injected by the emulator.")
