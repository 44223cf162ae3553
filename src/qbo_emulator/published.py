"""What the published codes are called, for faults on request (qbo-facts B6)."""

from qbo_emulator import refusals

SYSTEM_FAILURE = 10_000
PUBLISHED = {
    600: "Duplicate Request ID",
    610: "Object Not Found",
    620: "Transaction cannot be linked",
    630: "Duplicate Object",
    2010: "Request has invalid or unsupported property",
    2020: "Required param missing, need to supply the required value for the API",
    2030: "Invalid ID",
    2040: "Invalid String",
    2050: "String length is either shorter or longer than supported by specification",
    2500: "Invalid Reference Id",
    4000: "Error parsing query",
    4001: "Invalid query",
    4002: "Error processing query",
    5010: "Stale Object Error",
    5020: "Permission Denied Error",
    6000: "A business validation error has occurred while processing your request",
    6140: "Duplicate Document Number Error",
    6190: "Invalid Company Status",
    6200: "Account Period Closed",
    6210: "Account Period Closed, Cannot Update Through Services API",
    6240: "Duplicate Name Exists Error",
    6480: "Matched Transaction Delete Error",
    6540: "Deposited Transaction cannot be changed",
}


def on_request(code: int) -> refusals.Refusal:
    """Return a fault somebody asked for, under the name its code has."""
    if code == SYSTEM_FAILURE:
        return refusals.system_failure()
    message = PUBLISHED.get(code, f"Refused by request ({code})")
    return refusals.refusal(code, message, f"{message} : Injected by the emulator.")
