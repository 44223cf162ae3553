"""All sales forms alike: invoice, sales receipt, credit memo, refund receipt, estimate (facts E5, E7).

Customer, dates, lines, tax, total and number are checked and filled in here; what a form is worth to a
customer's balance, and what it is linked to, stands in the form's own module.
Other currencies are absent.
"""

from collections.abc import Callable
from decimal import Decimal

from qbo_emulator.entities.bundles import GROUP
from qbo_emulator.entities.custom_fields import FIELDS, custom_fields
from qbo_emulator.entities.customer import ADDRESS_LENGTHS, ADDRESSES, check_email, number_addresses
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Properties, in_body
from qbo_emulator.entities.references import check_references
from qbo_emulator.entities.sales_lines import LINES, SALE, finished_lines
from qbo_emulator.entities.sales_tax import INCLUSIVE, TAX_DETAIL, tax_detail
from qbo_emulator.entities.transactions import (
    check_books_open,
    check_currency,
    check_customer,
    check_range,
    customer_ref,
    is_void,
    not_sent_so,
    voided_note,
)
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import ADDRESS, EMAIL, LINKED, SYSTEM, Many, Members, members
from qbo_emulator.ground.values import Json, amount
from qbo_emulator.storage.realm import Realm

AUTO_GENERATE = "AUTO_GENERATE"
NUMBER_SEQUENCE = "DocNumber"
FIRST_NUMBER = 1001
# Which forms may not have the same number; estimates have numbers of their own.
NUMBERED_TOGETHER = ("Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")
EMAIL_STATES = {"NotSet", "NeedToSend", "EmailSent"}

MEMBERS: Members = {
    **SYSTEM,
    **members(
        text="DocNumber PrivateNote TxnStatus PrintStatus EmailStatus GlobalTaxCalculation PaymentType "
        "TrackingNum TransactionLocationType TxnSource source FreeFormAddressText PONumber FOB "
        "ExchangeRateNote PaymentRefNum",
        number="ExchangeRate TotalAmt HomeTotalAmt Balance HomeBalance DiscountRate DiscountAmt",
        flag="ApplyTaxAfterDiscount FreeFormAddress AutoDocNumber FinanceCharge ManuallyClosed "
        "ProcessPayment ReverseChargeTax",
        date="TxnDate DueDate ShipDate",
        ref="CustomerRef SalesTermRef CurrencyRef DepartmentRef ClassRef ARAccountRef ShipMethodRef "
        "PaymentMethodRef DepositToAccountRef SalesRepRef TemplateRef RecurDataRef RemitToRef ProjectRef "
        "TaxExemptionRef",
        anything="DeliveryInfo TxnApprovalInfo CheckPayment CreditCardPayment TransactionLocation "
        "CustomExtensions Tag TaxFormType TaxFormNum",
        CustomField=FIELDS,
        CustomerMemo=members(text="value id"),
        LinkedTxn=Many(LINKED),
        Line=LINES,
        TxnTaxDetail=TAX_DETAIL,
        BillAddr=ADDRESS,
        ShipAddr=ADDRESS,
        ShipFromAddr=ADDRESS,
        BillEmail=EMAIL,
        BillEmailCc=EMAIL,
        BillEmailBcc=EMAIL,
    ),
}
READ_ONLY = frozenset({"Balance", "TotalAmt", "HomeTotalAmt", "HomeBalance", "DeliveryInfo"})
# What a new form has that says nothing of it; an old form without one stays so.
DEFAULTS: Json = {
    "CustomField": [],
    "LinkedTxn": [],
    "ApplyTaxAfterDiscount": False,
    "PrintStatus": "NeedToPrint",
    "EmailStatus": "NotSet",
}
SURVIVES_OMISSION = frozenset(
    {"DocNumber", "TxnDate", "PrintStatus", "EmailStatus", "CurrencyRef", "CustomField", "LinkedTxn"}
)
REFERENCES = {
    "SalesTermRef": ("Term", "Name"),
    "ClassRef": ("Class", "FullyQualifiedName"),
    "DepartmentRef": ("Department", "FullyQualifiedName"),
}
REQUIRED = ("CustomerRef", "Line")
LENGTHS = {
    "DocNumber": 21,
    "PaymentRefNum": 21,
    "PrivateNote": 4000,
    "CustomerMemo.value": 1000,
    "BillEmail.Address": 100,
    "CustomField.StringValue": 31,
    **{f"{address}.{line}": limit for address in ADDRESSES for line, limit in ADDRESS_LENGTHS.items()},
}
PROPERTIES: Properties = {
    **COMMON_PROPERTIES,
    "DocNumber": "doc_number",
    "TxnDate": "txn_date",
    "CustomerRef": "customer",
    **in_body("Balance", "TotalAmt"),
}
ONLY_FILTERED = frozenset({"customerref", "salestermref", "projectref", "paymentmethodref", "paymentrefnum"})


def begun(realm: Realm, wanted: Json, stored: Json | None, *, needs_customer: bool = True) -> Json:
    """Check the head of a form and fill in what the request leaves out."""
    check_email(wanted, "BillEmail")
    body = {
        "TxnDate": realm.today,
        **{name: value for name, value in DEFAULTS.items() if stored is None or name in stored},
        **wanted,
        "CurrencyRef": check_currency(wanted),
    }
    if stored is None:
        body["CustomField"] = custom_fields(realm, body["CustomField"])
    else:
        not_sent_so(body)
    if needs_customer or "CustomerRef" in wanted:
        customer = check_customer(realm, wanted, stored)
        body["CustomerRef"] = customer_ref(customer)
        if stored is None:
            _from_customer(realm, body, customer)
    check_books_open(realm, body["TxnDate"], (stored or {}).get("TxnDate"))
    check_references(realm, REFERENCES, body, stored)
    if body.get("EmailStatus", "NotSet") not in EMAIL_STATES:
        raise refusals.invalid_enumeration(body["EmailStatus"], "EmailStatus")
    number_addresses(realm, body, stored)
    return body


def _from_customer(realm: Realm, body: Json, customer: Json) -> None:
    """Copy what the customer has and the request leaves out."""
    for member in ADDRESSES:
        if member in customer:
            body.setdefault(member, customer[member])
    if "PrimaryEmailAddr" in customer and realm.settings.bill_email == "copied":
        body.setdefault("BillEmail", customer["PrimaryEmailAddr"])


def link(body: Json, stored: Json | None, links: list[Json]) -> None:
    """Link a form to what follows from others; an old form that had no list gets no empty one."""
    body["LinkedTxn"] = links
    if not links and stored is not None and "LinkedTxn" not in stored:
        del body["LinkedTxn"]


def summed_up(realm: Realm, body: Json, stored: Json | None, *, moves_stock: bool = True) -> Decimal:
    """Finish lines and tax and return the total."""
    posted_on = body["TxnDate"] if moves_stock else None
    lines = finished_lines(realm, body.get("Line") or [], stored, posted_on=posted_on)
    body["Line"] = lines.lines
    body["TxnTaxDetail"] = tax_detail(realm, body, lines, stored)
    total = lines.sold - lines.discount
    if body.get("GlobalTaxCalculation") != INCLUSIVE:
        total += amount(body["TxnTaxDetail"]["TotalTax"])
    if total < 0:
        raise refusals.business_rule("Transaction amount must be 0 or greater.")
    check_range(total, "TotalAmt")
    return total


def number(realm: Realm, body: Json, stored: Json | None, *, entity: str) -> None:
    """Keep, refuse or give the number; the company's own preference decides."""
    own_numbers = realm.preferences.get("SalesFormsPrefs", {}).get("CustomTxnNumbers", False)
    wanted = body.get("DocNumber")
    if wanted == AUTO_GENERATE or (wanted is None and not own_numbers):
        realm.number_used(NUMBER_SEQUENCE, FIRST_NUMBER - 1)
        body["DocNumber"] = str(realm.next_number(NUMBER_SEQUENCE))
        return
    if wanted is None or (stored is not None and stored.get("DocNumber") == wanted):
        return
    if own_numbers and realm.settings.duplicate_numbers == "refuse" and not realm.takes_any_number:
        for form in NUMBERED_TOGETHER if entity in NUMBERED_TOGETHER else (entity,):
            for holder in realm.with_number(form, wanted):
                if stored is None or (form, str(holder)) != (entity, stored["Id"]):
                    raise refusals.duplicate_number(wanted, form, holder)
    if wanted.isascii() and wanted.isdigit():
        realm.number_used(NUMBER_SEQUENCE, int(wanted))


def voided(realm: Realm, stored: Json, *, release: Callable[[Realm, Json], None]) -> Json:
    """Return a form with nothing left in it but its number; what it was linked to is released first."""
    check_books_open(realm, stored.get("TxnDate"))
    if is_void(stored):
        return stored
    release(realm, stored)
    return {
        **stored,
        "Line": [_emptied(line) for line in stored.get("Line", [])],
        "TxnTaxDetail": {"TotalTax": 0},
        "TotalAmt": 0,
        "Balance": 0,
        "LinkedTxn": [],
        "PrivateNote": voided_note(realm, stored.get("PrivateNote")),
    }


def _emptied(line: Json) -> Json:
    if GROUP in line:
        below = [_emptied(one) for one in line[GROUP].get("Line", [])]
        line = {**line, GROUP: {**line[GROUP], "Quantity": 0, "Line": below}}
    detail = line.get(SALE)
    if detail is not None and "Qty" in detail:
        line = {**line, SALE: {**detail, "Qty": 0}}
    return {**line, "Amount": 0} if "Amount" in line else line
