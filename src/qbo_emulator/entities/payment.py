"""Payment, as qbo-facts E6 records it: what was received, which invoices it pays, and the unapplied rest.

Links to anything but invoices are refused (620); card processing is absent.
"""

from decimal import Decimal

from qbo_emulator import refusals
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body
from qbo_emulator.entities.references import check_reference, named
from qbo_emulator.entities.transactions import (
    applied_to,
    apply_payment,
    check_books_open,
    check_currency,
    check_customer,
    check_range,
    customer_ref,
    settle_balance,
    voided_note,
)
from qbo_emulator.realm import Realm
from qbo_emulator.shape import LINKED, SYSTEM, Many, members
from qbo_emulator.values import ZERO, Json, amount, as_stored, cents

DEPOSIT_ACCOUNT_TYPES = {"Bank", "Other Current Asset"}
NAME_VALUE = "{http://schema.intuit.com/finance/v3}NameValue"


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    if stored is not None:
        _check_not_deposited(stored)
    customer = check_customer(realm, wanted, stored)
    if "TotalAmt" not in wanted:
        raise refusals.missing("TotalAmt")
    total = cents(amount(wanted["TotalAmt"]))
    if total < 0:
        raise refusals.out_of_range(wanted["TotalAmt"], "TotalAmt")
    check_range(total, "TotalAmt")
    body = {"TxnDate": realm.today, "ProcessPayment": False, **wanted}
    body |= {"CustomerRef": customer_ref(customer), "CurrencyRef": check_currency(wanted)}
    check_books_open(realm, body["TxnDate"], (stored or {}).get("TxnDate"))
    _deposit_and_method(realm, body, stored)
    lines = [_line(line) for line in wanted.get("Line") or []]
    applied = sum((amount(line["Amount"]) for line in lines), ZERO)
    if applied > total:
        raise refusals.business_rule("The amount applied is more than the amount received.", "Line.Amount")
    body["Line"] = lines
    _check_invoices(realm, body, stored, customer)
    body["TotalAmt"] = as_stored(total)
    body["UnappliedAmt"] = as_stored(total - applied)
    return body


def _check_not_deposited(stored: Json) -> None:
    if any(link.get("TxnType") == "Deposit" for link in stored.get("LinkedTxn", [])):
        raise refusals.in_a_deposit()


def _deposit_and_method(realm: Realm, body: Json, stored: Json | None) -> None:
    former = stored or {}
    if "DepositToAccountRef" in body:
        ref, kept = body["DepositToAccountRef"], former.get("DepositToAccountRef")
        account = check_reference(realm, "Account", ref, "DepositToAccountRef", kept_from=kept)
        if account.get("AccountType") not in DEPOSIT_ACCOUNT_TYPES:
            raise refusals.business_rule("Deposit to an account that holds money.", "DepositToAccountRef")
        body["DepositToAccountRef"] = {"value": account["Id"]}
    else:
        funds = realm.first_where("Account", "AccountSubType", "UndepositedFunds")
        if funds is not None:
            body["DepositToAccountRef"] = {"value": funds["Id"]}
    if "PaymentMethodRef" in body:
        ref, kept = body["PaymentMethodRef"], former.get("PaymentMethodRef")
        method = check_reference(realm, "PaymentMethod", ref, "PaymentMethodRef", kept_from=kept)
        body["PaymentMethodRef"] = named(method, "Name")


def _line(line: Json) -> Json:
    if "Amount" not in line:
        raise refusals.missing("Line.Amount")
    value = cents(amount(line["Amount"]))
    if value < 0:
        raise refusals.out_of_range(line["Amount"], "Line.Amount")
    links = line.get("LinkedTxn") or []
    if len(links) != 1:
        raise refusals.missing("Line.LinkedTxn")
    if links[0].get("TxnType") != "Invoice":
        raise refusals.cannot_be_linked()
    link = {"TxnId": str(links[0].get("TxnId", "")), "TxnType": "Invoice"}
    return {"Amount": as_stored(value), "LinkedTxn": [link]}


def _check_invoices(realm: Realm, body: Json, stored: Json | None, customer: Json) -> None:
    """Check that each invoice may be paid by this payment, and fill in what is known of it."""
    former = applied_to(stored)
    for invoice_id, wanted in applied_to(body).items():
        invoice = realm.find("Invoice", invoice_id)
        if invoice is None:
            raise refusals.not_found()
        payer, owner = _top(realm, customer), _top(realm, realm.find("Customer", _owner(invoice)))
        if payer != owner:
            raise refusals.business_rule("This invoice belongs to another customer.", "Line.LinkedTxn")
        balance = amount(invoice["Balance"]) + former.get(invoice_id, ZERO)
        if wanted > balance:
            raise refusals.business_rule(
                "You cannot apply more to an invoice than its open balance.", "Line.Amount"
            )
        for line in body["Line"]:
            if line["LinkedTxn"][0]["TxnId"] == invoice_id:
                line["LineEx"] = _line_extension(invoice, balance)


def _owner(invoice: Json) -> str:
    return str(invoice["CustomerRef"]["value"])


def _top(realm: Realm, customer: Json | None) -> str | None:
    """Return the customer at the top of a tree of sub-customers."""
    while customer is not None and customer.get("ParentRef"):
        above = realm.find("Customer", customer["ParentRef"]["value"])
        if above is None:
            break
        customer = above
    return customer["Id"] if customer else None


def _line_extension(invoice: Json, balance: Decimal) -> Json:
    values = {"txnId": invoice["Id"], "txnOpenBalance": f"{balance:.2f}"}
    if "DocNumber" in invoice:
        values["txnReferenceNumber"] = invoice["DocNumber"]
    return {
        "any": [
            {
                "name": NAME_VALUE,
                "declaredType": "com.intuit.schema.finance.v3.NameValue",
                "scope": "javax.xml.bind.JAXBElement$GlobalScope",
                "value": {"Name": name, "Value": value},
                "nil": False,
                "globalScope": True,
                "typeSubstituted": False,
            }
            for name, value in values.items()
        ]
    }


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None and before is not None:
        _check_not_deposited(before)
        check_books_open(realm, before.get("TxnDate"))
    key = (after or before or {})["Id"]
    old, new = applied_to(before), applied_to(after)
    for invoice_id in {**old, **new}:
        delta = new.get(invoice_id, ZERO) - old.get(invoice_id, ZERO)
        linked = invoice_id in new
        if delta or linked != (invoice_id in old):
            apply_payment(realm, key, invoice_id, delta, linked=linked)
    settle_balance(realm, before, after, member="UnappliedAmt", sign=-1)


def void(realm: Realm, stored: Json) -> Json:
    _check_not_deposited(stored)
    check_books_open(realm, stored.get("TxnDate"))
    if not stored["TotalAmt"] and str(stored.get("PrivateNote", "")).startswith("Voided"):
        return stored
    note = voided_note(stored.get("PrivateNote"))
    return {**stored, "Line": [], "TotalAmt": 0, "UnappliedAmt": 0, "PrivateNote": note}


PAYMENT = Entity(
    name="Payment",
    sequence="transaction",
    sort="transaction",
    members={
        **SYSTEM,
        **members(
            text="DocNumber PaymentRefNum PrivateNote TxnStatus PaymentType TransactionLocationType "
            "TxnSource source",
            number="ExchangeRate TotalAmt UnappliedAmt",
            flag="ProcessPayment AutoApply",
            date="TxnDate",
            ref="CustomerRef RemitToRef ARAccountRef DepositToAccountRef PaymentMethodRef CurrencyRef "
            "DepartmentRef ProjectRef TaxExemptionRef",
            anything="CheckPayment CreditCardPayment PaymentEx TxnTaxDetail GlobalTaxCalculation Tag",
            LinkedTxn=Many(LINKED),
            Line=Many(
                members(
                    text="Id Description DetailType",
                    number="LineNum Amount",
                    anything="LineEx LinkedTxnLineId PaymentLineDetail",
                    LinkedTxn=Many(LINKED),
                )
            ),
        ),
    },
    read_only=frozenset({"UnappliedAmt", "LinkedTxn"}),
    survives_omission=frozenset({"TxnDate", "DepositToAccountRef", "ProcessPayment", "CurrencyRef"}),
    required_by_update=("CustomerRef", "TotalAmt"),
    lengths={"PaymentRefNum": 21, "PrivateNote": 4000},
    complete=complete,
    settle=settle,
    void=void,
    deletable=True,
    properties={
        **COMMON_PROPERTIES,
        "TxnDate": "txn_date",
        "CustomerRef": "customer",
        "PaymentMethodRef": "json_extract(body, '$.PaymentMethodRef.value')",
        "ProjectRef": "json_extract(body, '$.ProjectRef.value')",
        **in_body("TotalAmt", "PaymentRefNum", "UnappliedAmt"),
    },
)
