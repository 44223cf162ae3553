"""Invoice, as qbo-facts E5 records it. E-mailing, deposits, bundles and other currencies are absent."""

from datetime import date, timedelta

from qbo_emulator import refusals
from qbo_emulator.entities.customer import ADDRESS_LENGTHS, ADDRESSES, check_email, number_addresses
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body
from qbo_emulator.entities.references import check_reference, named
from qbo_emulator.entities.sales_lines import LINES, SALE, finished_lines
from qbo_emulator.entities.sales_tax import TAX_DETAIL, tax_detail
from qbo_emulator.entities.transactions import (
    check_books_open,
    check_currency,
    check_customer,
    check_range,
    customer_ref,
    release_payments,
    settle_balance,
    voided_note,
)
from qbo_emulator.realm import Realm
from qbo_emulator.shape import ADDRESS, EMAIL, LINKED, SYSTEM, Many, members
from qbo_emulator.values import Json, amount, as_stored

DUE_DAYS_DEFAULT = 30
AUTO_GENERATE = "AUTO_GENERATE"
NUMBER_SEQUENCE = "DocNumber"
# Which sales forms share one row of numbers.
NUMBERED_FORMS = ("Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")
EMAIL_STATES = {"NotSet", "NeedToSend", "EmailSent"}


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    customer = check_customer(realm, wanted, stored)
    check_email(wanted, "BillEmail")
    body = {
        "AllowIPNPayment": False,
        "AllowOnlinePayment": False,
        "AllowOnlineCreditCardPayment": False,
        "AllowOnlineACHPayment": False,
        "CustomField": [],
        "TxnDate": realm.today,
        "LinkedTxn": [],
        "ApplyTaxAfterDiscount": False,
        "PrintStatus": "NeedToPrint",
        "EmailStatus": "NotSet",
        **wanted,
        "CurrencyRef": check_currency(wanted),
        "CustomerRef": customer_ref(customer),
    }
    check_books_open(realm, body["TxnDate"], (stored or {}).get("TxnDate"))
    if body["EmailStatus"] not in EMAIL_STATES:
        raise refusals.invalid_enumeration(body["EmailStatus"], "EmailStatus")
    if stored is None:
        _from_customer(body, customer)
    _due(realm, body, stored)
    number_addresses(realm, body, stored)
    _amounts(realm, body, stored)
    _customer_may_change(body, stored)
    _number(realm, body, stored)
    return body


def _from_customer(body: Json, customer: Json) -> None:
    """Copy what the customer has and the request leaves out."""
    for member in (*ADDRESSES, "SalesTermRef"):
        if member in customer:
            body.setdefault(member, customer[member])
    if "PrimaryEmailAddr" in customer:
        body.setdefault("BillEmail", customer["PrimaryEmailAddr"])


def _due(realm: Realm, body: Json, stored: Json | None) -> None:
    days = DUE_DAYS_DEFAULT
    if "SalesTermRef" in body:
        kept = (stored or {}).get("SalesTermRef")
        term = check_reference(realm, "Term", body["SalesTermRef"], "SalesTermRef", kept_from=kept)
        days = int(term.get("DueDays", DUE_DAYS_DEFAULT))
        body["SalesTermRef"] = named(term, "Name")
    if "DueDate" not in body:
        body["DueDate"] = (date.fromisoformat(body["TxnDate"]) + timedelta(days=days)).isoformat()


def _amounts(realm: Realm, body: Json, stored: Json | None) -> None:
    lines = finished_lines(realm, body.get("Line") or [], stored)
    body["Line"] = lines.lines
    body["TxnTaxDetail"] = tax_detail(realm, body, lines, stored)
    total = lines.sold - lines.discount + amount(body["TxnTaxDetail"]["TotalTax"])
    if total < 0:
        raise refusals.business_rule("Transaction amount must be 0 or greater.")
    check_range(total, "TotalAmt")
    if amount(body.get("Deposit")):
        raise refusals.business_rule("Deposits are turned off for this company.", "Deposit")
    paid = amount(stored["TotalAmt"]) - amount(stored["Balance"]) if stored else 0
    if total < paid:
        raise refusals.business_rule("The total cannot be less than the payments applied to it.")
    body["TotalAmt"] = as_stored(total)
    body["Balance"] = as_stored(total - paid)


def _customer_may_change(body: Json, stored: Json | None) -> None:
    if stored is None or not stored.get("LinkedTxn"):
        return
    if stored["CustomerRef"]["value"] != body["CustomerRef"]["value"]:
        raise refusals.business_rule("A transaction with payments cannot go to another customer.")


def _number(realm: Realm, body: Json, stored: Json | None) -> None:
    """Keep, refuse or give the number; the company's own preference decides."""
    own_numbers = realm.preferences.get("SalesFormsPrefs", {}).get("CustomTxnNumbers", False)
    number = body.get("DocNumber")
    if number == AUTO_GENERATE or (number is None and not own_numbers):
        body["DocNumber"] = str(_next_number(realm))
        return
    if number is None:
        return
    if stored is not None and stored.get("DocNumber") == number:
        return
    if own_numbers:
        for entity in NUMBERED_FORMS:
            for holder in realm.with_number(entity, number):
                if stored is None or (entity, str(holder)) != ("Invoice", stored["Id"]):
                    raise refusals.duplicate_number(number, entity, holder)
    if number.isascii() and number.isdigit():
        realm.number_used(NUMBER_SEQUENCE, int(number))


def _next_number(realm: Realm) -> int:
    realm.number_used(NUMBER_SEQUENCE, 1000)
    return realm.next_number(NUMBER_SEQUENCE)


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None and before is not None:
        check_books_open(realm, before.get("TxnDate"))
        release_payments(realm, before)
    settle_balance(realm, before, after, member="Balance", sign=1)


def void(realm: Realm, stored: Json) -> Json:
    check_books_open(realm, stored.get("TxnDate"))
    if _is_void(stored):
        return stored
    release_payments(realm, stored)
    return {
        **stored,
        "Line": [_emptied(line) for line in stored["Line"]],
        "TxnTaxDetail": {"TotalTax": 0},
        "TotalAmt": 0,
        "Balance": 0,
        "LinkedTxn": [],
        "PrivateNote": voided_note(stored.get("PrivateNote")),
    }


def _is_void(body: Json) -> bool:
    return not body["TotalAmt"] and str(body.get("PrivateNote", "")).startswith("Voided")


def _emptied(line: Json) -> Json:
    detail = line.get(SALE)
    if detail is not None and "Qty" in detail:
        line = {**line, SALE: {**detail, "Qty": 0}}
    return {**line, "Amount": 0} if "Amount" in line else line


INVOICE = Entity(
    name="Invoice",
    sequence="transaction",
    sort="transaction",
    members={
        **SYSTEM,
        **members(
            text="DocNumber PrivateNote TxnStatus PrintStatus EmailStatus GlobalTaxCalculation PaymentType "
            "TrackingNum InvoiceLink BillEmailCc TransactionLocationType TxnSource source EInvoiceStatus "
            "FreeFormAddressText PONumber FOB ExchangeRateNote",
            number="ExchangeRate TotalAmt HomeTotalAmt Balance HomeBalance Deposit DiscountRate DiscountAmt",
            flag="ApplyTaxAfterDiscount AllowIPNPayment AllowOnlinePayment AllowOnlineCreditCardPayment "
            "AllowOnlineACHPayment FreeFormAddress AutoDocNumber FinanceCharge ManuallyClosed ProcessPayment "
            "ReverseChargeTax",
            date="TxnDate DueDate ShipDate",
            ref="CustomerRef SalesTermRef CurrencyRef DepartmentRef ClassRef ARAccountRef ShipMethodRef "
            "PaymentMethodRef DepositToAccountRef SalesRepRef TemplateRef RecurDataRef RemitToRef ProjectRef "
            "TaxExemptionRef EBillLookupStatus",
            anything="DeliveryInfo TxnApprovalInfo SalesTermInfo InvoiceEx CheckPayment CreditCardPayment "
            "TransactionLocation CustomExtensions DiscountApplication Tag TaxFormType TaxFormNum",
            CustomerMemo=members(text="value id"),
            LinkedTxn=Many(LINKED),
            Line=LINES,
            TxnTaxDetail=TAX_DETAIL,
            BillAddr=ADDRESS,
            ShipAddr=ADDRESS,
            ShipFromAddr=ADDRESS,
            BillEmail=EMAIL,
        ),
        "BillEmailCc": EMAIL,
        "BillEmailBcc": EMAIL,
    },
    read_only=frozenset({"Balance", "TotalAmt", "HomeTotalAmt", "HomeBalance", "LinkedTxn", "InvoiceLink"}),
    survives_omission=frozenset(
        {
            "AllowIPNPayment",
            "AllowOnlinePayment",
            "AllowOnlineCreditCardPayment",
            "AllowOnlineACHPayment",
            "DocNumber",
            "TxnDate",
            "DueDate",
            "PrintStatus",
            "EmailStatus",
            "CurrencyRef",
            "CustomField",
        }
    ),
    lengths={
        "DocNumber": 21,
        "PrivateNote": 4000,
        "CustomerMemo.value": 1000,
        "BillEmail.Address": 100,
        **{f"{address}.{line}": limit for address in ADDRESSES for line, limit in ADDRESS_LENGTHS.items()},
    },
    complete=complete,
    settle=settle,
    void=void,
    deletable=True,
    properties={
        **COMMON_PROPERTIES,
        "DocNumber": "doc_number",
        "TxnDate": "txn_date",
        "CustomerRef": "customer",
        "SalesTermRef": "json_extract(body, '$.SalesTermRef.value')",
        "ProjectRef": "json_extract(body, '$.ProjectRef.value')",
        **in_body("DueDate", "Balance", "TotalAmt"),
    },
)
