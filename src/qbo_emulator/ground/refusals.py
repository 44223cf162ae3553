"""What QuickBooks says when it refuses: one function per published code.

Codes and texts are as published (facts B6). A refusal is raised where the rule stands and becomes an HTTP
answer (or one item of a batch) in `envelopes`.
"""

from dataclasses import dataclass
from decimal import Decimal

from qbo_emulator.ground.values import Json, thousands

# What QuickBooks calls an element otherwise than by its path.
ELEMENTS = {"CustomerMemo.value": "Customer Memo"}


@dataclass(frozen=True, kw_only=True)
class Error:
    code: str
    message: str
    detail: str
    element: str | None = None

    def as_json(self) -> Json:
        body = {"Message": self.message, "Detail": self.detail, "code": self.code}
        return body if self.element is None else {**body, "element": self.element}


class Refusal(Exception):  # noqa: N818  it is an answer, not an error of the emulator
    """A business fault: HTTP 400, or a Fault inside a batch."""

    def __init__(
        self,
        *errors: Error,
        status: int = 400,
        kind: str = "ValidationFault",
        as_xml: bool = False,
        timed: bool = True,
    ) -> None:
        super().__init__(errors[0].detail)
        self.errors = errors
        self.status = status
        self.kind = kind
        self.as_xml = as_xml  # whatever was asked for
        self.timed = timed  # whether the time stands beside the fault


class TookTooLong(Refusal):
    """A report the gateway gave up: its own shape, in XML, whatever was asked for (facts B9, K2)."""

    CODE = "6002"
    STATUS = 504

    def __init__(self) -> None:
        super().__init__(Error(code=self.CODE, message="GatewayTimeout", detail=""), status=self.STATUS)


def refusal(code: int, message: str, detail: str, element: str | None = "") -> Refusal:
    return Refusal(Error(code=str(code), message=message, detail=detail, element=element))


def unsupported(what: str) -> Refusal:
    return refusal(500, "Unsupported Operation", f"Operation {what} is not supported.", None)


def no_resource(path: str, url: str) -> Refusal:
    return unsupported(f"Could not find resource for relative : {path} of full path: {url}")


def malformed_bytes() -> Refusal:
    """Refuse what is not UTF-8 (facts B1)."""
    return unsupported("MalformedByteSequenceException")


def authentication_failure() -> Refusal:
    detail = "AuthenticationErrorGeneral: SRV-110-Authentication Failure , statusCode: 401"
    error = Error(code="100", message="General Authentication Error", detail=detail)
    return Refusal(error, status=401, kind="AuthenticationFault")


def no_access() -> Refusal:
    """Refuse a connection whose user has lost the role it was made with (facts A8)."""
    detail = "AuthorizationFailure: -11014-You do not have access to use QuickBooks Online in this company."
    error = Error(code="120", message="Authorization Failure", detail=detail)
    return Refusal(error, status=401, kind="AuthorizationFault")


def wrong_cluster() -> Refusal:
    """Refuse as a server does that does not hold the company: recorded in XML only (facts A8)."""
    detail = "WrongClusterError: -11017-This company is on another cluster."
    error = Error(code="130", message="Accessing Wrong Cluster", detail=detail)
    return Refusal(error, status=401, kind="AuthenticationFault", as_xml=True)


def duplicate_request_id(value: str) -> Refusal:
    detail = f"A request with this Request Id was received before. Supplied value:{value}"
    return refusal(600, "Duplicate Request ID", detail)


def not_found() -> Refusal:
    detail = (
        "Object Not Found : Something you're trying to use has been made inactive. "
        "Check the fields with accounts, customers, items, vendors or employees."
    )
    return refusal(610, "Object Not Found", detail)


def deleted_transaction() -> Refusal:
    return refusal(610, "Object Not Found", "Object Not Found : Another user has deleted this transaction.")


def cannot_be_linked() -> Refusal:
    return refusal(620, "Transaction cannot be linked", "Transaction cannot be linked", "LinkedTxn")


def batch_too_large(limit: int) -> Refusal:
    return refusal(1040, "Batch item limit exceeded", f"A batch holds at most {limit} items.")


def unknown_property(name: str, entity: str) -> Refusal:
    detail = (
        f'Property Name:Unrecognized field "{name}" (class com.intuit.schema.finance.v3.{entity}), '
        "not marked as ignorable specified is unsupported or invalid"
    )
    return refusal(2010, "Request has invalid or unsupported property", detail, None)


def malformed_body(detail: str) -> Refusal:
    message = "Request has invalid or unsupported property"
    return refusal(2010, message, f"Property Name:{detail} specified is unsupported or invalid", None)


def missing(parameter: str) -> Refusal:
    return Refusal(missing_parameter(parameter))


def missing_parameter(parameter: str) -> Error:
    return Error(
        code="2020",
        message="Required param missing, need to supply the required value for the API",
        detail=f"Required parameter {parameter} is missing in the request",
        element=parameter,
    )


def invalid_id(value: object, element: str = "Id") -> Refusal:
    return refusal(2030, "Invalid ID", f"Id should be a valid number. Supplied value:{value}", element)


def invalid_id_to_read(value: object) -> Refusal:
    """Refuse to read what has no number: recorded without the time beside the fault."""
    return Refusal(*invalid_id(value).errors, timed=False)


def invalid_characters(value: str, element: str) -> Refusal:
    detail = f"Invalid String. {element} Element contains invalid characters. {value}"
    return refusal(2040, "Invalid String", detail, element)


def wrong_length(element: str, limit: int, supplied: int) -> Error:
    return Error(
        code="2050",
        message="String length is either shorter or longer than supported by specification",
        detail=(
            "String length specified does not match the supported length. "
            f"Min:0 Max:{limit:,} supported. Supplied length:{supplied:,}"
        ),
        element=ELEMENTS.get(element, element),
    )


def invalid_date_format(value: object, element: str) -> Refusal:
    return refusal(2060, "Invalid Date Format", f"Invalid date format. Supplied value:{value}", element)


def invalid_date(value: object, element: str) -> Refusal:
    return refusal(2070, "Invalid Date", f"Invalid date. Supplied value:{value}", element)


def invalid_number(value: object, element: str) -> Refusal:
    return refusal(2090, "Invalid Number", f"Invalid Number. Supplied value:{value}", element)


def invalid_request_id(value: str) -> Refusal:
    return refusal(2130, "Invalid Request Id Format", f"Invalid Request Id. Supplied value:{value}")


def invalid_enumeration(value: object, element: str) -> Refusal:
    detail = f"Property Name:Invalid value '{value}' for {element} specified is unsupported or invalid"
    return refusal(2170, "Invalid Enumeration", detail, element)


def invalid_email(value: str) -> Refusal:
    detail = f"Email Address does not conform to the RFC 822 specification. Supplied value:{value}"
    return refusal(2210, "Invalid Email Address format", detail, "PrimaryEmailAddr")


def out_of_range(value: Decimal | int, element: str) -> Refusal:
    detail = f"Number out of range. Min:0 Max:999,999,999. Supplied value:{thousands(value)}"
    return refusal(2240, "Invalid Number Range", detail, element)


def invalid_reference(detail: str, element: str = "") -> Refusal:
    return refusal(2500, "Invalid Reference Id", f"Invalid Reference Id : {detail}", element)


def no_statement() -> Refusal:
    """Refuse a query call without a statement: recorded as a system fault under HTTP 200 (facts B4)."""
    message = "An application error has occurred while processing your request"
    error = Error(code="10000", message=message, detail="System Failure Error: No query was given.")
    return Refusal(error, status=200, kind="SystemFault")


def query_parse_error(detail: str) -> Refusal:
    return refusal(4000, "Error parsing query", f"QueryParserError: {detail}", None)


def query_invalid(detail: str) -> Refusal:
    return refusal(4001, "Invalid query", f"QueryValidationError: {detail}", None)


def query_failed(detail: str) -> Refusal:
    return refusal(4002, "Error processing query", f"QueryProcessingError: {detail}", None)


def stale() -> Refusal:
    detail = (
        "Stale Object Error : You and Jo Doe were working on this at the same time. "
        "Jo Doe finished before you did, so your work was not saved."
    )
    return refusal(5010, "Stale Object Error", detail)


def permission_denied(feature: str) -> Refusal:
    detail = f"Permission Denied Error : {feature} is not part of this company's subscription."
    return refusal(5020, "Permission Denied Error", detail)


def no_such_report(name: str) -> Refusal:
    detail = f"Permission Denied Error : There is no report {name}."
    return refusal(5020, "Permission Denied Error", detail)


def business_rule(text: str, element: str = "") -> Refusal:
    message = "A business validation error has occurred while processing your request"
    return refusal(6000, message, f"Business Validation Error: {text}", element)


def account_type_needed() -> Refusal:
    detail = "An account needs an AccountType or an AccountSubType."
    return refusal(6010, "Account needs AccountType or AccountSubType", detail, "AccountType")


def wrong_amount(value: Decimal | int) -> Refusal:
    detail = f"Amount is not equal to UnitPrice * Qty. Supplied value:{thousands(value)}"
    return refusal(6070, "Amount calculation incorrect in the request", detail, "Line.Amount")


def no_name() -> Refusal:
    detail = "At least one of the Title, GivenName, MiddleName, FamilyName, DisplayName or Suffix is needed."
    return refusal(6080, "No name provided", detail)


def discount_incomplete() -> Refusal:
    detail = "Discount line needs an amount or a percent."
    return refusal(6090, "Discount line missing info", detail, "Line.DiscountLineDetail")


def invalid_line_tax_code(value: object) -> Refusal:
    detail = f"Line TaxCode must be TAX or NON. Supplied value:{value}"
    return refusal(6100, "Invalid Line TaxCode in the request", detail, "Line.SalesItemLineDetail.TaxCodeRef")


def duplicate_number(number: str, entity: str, holder: int) -> Refusal:
    detail = (
        "Duplicate Document Number Error : You must specify a different number. "
        f"This number has already been used. DocNumber={number} is assigned to "
        f"TxnType={entity} with TxnId={holder}"
    )
    return refusal(6140, "Duplicate Document Number Error", detail)


def custom_sales_tax(*, updating: bool) -> Refusal:
    return refusal(
        6230 if updating else 6160,
        "Invalid TaxCodeRef",
        "The CustomSalesTax id cannot be used in a request.",
        "TxnTaxDetail.TxnTaxCodeRef",
    )


def bill_with_parent() -> Refusal:
    detail = "Who this customer is billed with cannot change: there are invoices of the parent customer."
    return refusal(6130, "Cannot change who customer bills with", detail, "BillWithParent")


def too_deep() -> Refusal:
    return refusal(6180, "Too many levels", "Sub-entities go at most 5 levels deep.", "ParentRef")


def company_status() -> Refusal:
    detail = (
        "Subscription period has ended or been canceled or there was a billing problem : You can't add data "
        "to QuickBooks Online Plus because your trial or subscription period ended, you canceled your "
        "subscription, or there was a billing problem. To update your subscription, click the gear icon and "
        "view your account information."
    )
    return refusal(6190, "Invalid Company Status", detail)


def books_closed(*, with_password: bool) -> Refusal:
    """Refuse a date in closed books; 6200 where no password was set, 6210 where one would be asked for."""
    if not with_password:
        detail = "The account period has closed. No transaction of it can be added, changed or removed."
        return refusal(6200, "Account Period Closed", detail)
    detail = (
        "The account period has closed and the account books cannot be updated through through the "
        "QBO Services API. Please use the QBO website to make these changes."
    )
    return refusal(6210, "Account Period Closed, Cannot Update Through Services API", detail)


def negative_amount(element: str) -> Refusal:
    return refusal(2290, "NegativeAmount", f"A negative amount is not allowed here: {element}.", element)


def cannot_be_voided() -> Refusal:
    detail = "Attempt to Void Transaction failed : A card or bank payment that was processed stays as it is."
    return refusal(6450, "Attempt to Void Transaction failed", detail)


def tax_not_applicable() -> Refusal:
    detail = "TxnTaxDetail is not allowed where GlobalTaxCalculation is NotApplicable."
    return refusal(6170, "Invalid TxnTaxDetail", detail, "TxnTaxDetail")


def has_balance() -> Refusal:
    detail = "Delete List Has Balance Error : This list element has a balance and cannot be made inactive."
    return refusal(6220, "Delete List Has Balance Error", detail)


def duplicate_name(holder: int | None, what: str) -> Refusal:
    detail = f"The name supplied already exists. : {what} Please use a different name. : Id={holder}"
    return refusal(6240, "Duplicate Name Exists Error", detail)


def invalid_sales_customer(name: str) -> Refusal:
    detail = f"The customer {name} is missing or inactive."
    return refusal(6250, "Invalid Sales Customer", detail, "CustomerRef")


def unbilled_charges() -> Refusal:
    detail = "This customer has unbilled charges and cannot be removed."
    return refusal(6280, "Customer has unbilled charges", detail)


def before_inventory_start(item: str) -> Refusal:
    detail = f"The transaction date is before the inventory start date of {item}."
    return refusal(6270, "Transaction date is before the inventory start date", detail, "TxnDate")


def no_email_address() -> Refusal:
    detail = "An e-mail address is needed to send this transaction."
    return refusal(6420, "Email address required", detail, "BillEmail")


def in_a_deposit() -> Refusal:
    detail = "This transaction has been deposited. To change or delete it, first remove it from the deposit."
    return refusal(6540, "Deposited Transaction cannot be changed", detail)


def system_failure(detail: str = "Injected by the emulator.") -> Refusal:
    message = "An application error has occurred while processing your request"
    error = Error(code="10000", message=message, detail=f"System Failure Error: {detail}")
    return Refusal(error, status=500, kind="SystemFault")
