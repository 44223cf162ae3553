"""Payment (facts E6): what was received, which invoices it pays, and the unapplied rest.

Lines name invoices, and credit memos that help to pay them; other links are refused (620). Card processing
is absent.
"""

from collections.abc import Iterator
from decimal import Decimal

from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body
from qbo_emulator.entities.links import SIGNS, Target, applied_to, apply_payment, net
from qbo_emulator.entities.references import check_reference, named
from qbo_emulator.entities.transactions import (
    check_books_open,
    check_currency,
    check_customer,
    check_not_deposited,
    check_range,
    customer_ref,
    is_void,
    settle_balance,
    voided_note,
)
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import LINKED, SYSTEM, Many, members
from qbo_emulator.ground.values import ZERO, Json, amount, as_stored, cents
from qbo_emulator.storage.realm import Realm

DEPOSIT_ACCOUNT_TYPES = {"Bank", "Other Current Asset"}
AUTO_APPLY = "SalesFormsPrefs.AutoApplyPayments"
NAME_VALUE = "{http://schema.intuit.com/finance/v3}NameValue"


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    if stored is not None:
        check_not_deposited(stored)
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
    money_goes_to(realm, body, stored)
    body["Line"] = [_line(line) for line in wanted.get("Line") or []]
    if stored is None and "Line" not in wanted and _applies_itself(realm):
        body["Line"] = list(_oldest_invoices(realm, customer["Id"], total))
    if realm.settings.payment_other_customer == "unapplied":
        body["Line"] = [line for line in body["Line"] if _is_theirs(realm, line, customer)]
    if realm.settings.line_above_balance == "unapply":
        _cap(realm, body, stored)
    applied = net(applied_to(body))
    if applied > total:
        raise refusals.business_rule("The amount applied is more than the amount received.", "Line.Amount")
    if applied < 0:
        raise refusals.business_rule("Credits cannot be applied to more than is paid.", "Line.Amount")
    _check_targets(realm, body, stored, customer)
    body["TotalAmt"] = as_stored(total)
    body["UnappliedAmt"] = as_stored(total - applied)
    return body


def _applies_itself(realm: Realm) -> bool:
    """Tell whether the company lets payments be applied automatically, and that acts on the API's, too."""
    others = realm.preferences.get("OtherPrefs", {}).get("NameValue", [])
    forms = realm.preferences.get("SalesFormsPrefs", {})
    named_so = {one.get("Name"): one.get("Value") for one in others}.get(AUTO_APPLY) == "true"
    chosen = named_so or bool(forms.get("AutoApplyPayments"))
    return realm.settings.auto_apply_payments and chosen


def _oldest_invoices(realm: Realm, customer: str, total: Decimal) -> Iterator[Json]:
    for invoice in realm.open_of("Invoice", customer):
        part = min(total, amount(invoice["Balance"]))
        if part:
            link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
            yield {"Amount": as_stored(part), "LinkedTxn": [link]}
        total -= part


def _cap(realm: Realm, body: Json, stored: Json | None) -> None:
    """Let lines apply no more than is open; the rest of the money stays unapplied."""
    former = applied_to(stored)
    room: dict[Target, Decimal] = {}
    for line in body["Line"]:
        target = (line["LinkedTxn"][0]["TxnType"], line["LinkedTxn"][0]["TxnId"])
        if target not in room:
            balance = amount((realm.find(*target) or {}).get("Balance"))
            room[target] = balance + former.get(target, ZERO)
        part = min(amount(line["Amount"]), room[target])
        room[target] -= part
        line["Amount"] = as_stored(part)


def money_goes_to(realm: Realm, body: Json, stored: Json | None) -> None:
    """Check and fill in account and method of what is received or paid out."""
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
    if links[0].get("TxnType") not in SIGNS:
        raise refusals.cannot_be_linked()
    link = {"TxnId": str(links[0].get("TxnId", "")), "TxnType": links[0]["TxnType"]}
    return {"Amount": as_stored(value), "LinkedTxn": [link]}


def _check_targets(realm: Realm, body: Json, stored: Json | None, customer: Json) -> None:
    """Check that each line may name what it names, and fill in what is known of it."""
    former = applied_to(stored)
    for (kind, key), wanted in applied_to(body).items():
        target = realm.find(kind, key)
        what = "invoice" if kind == "Invoice" else "credit memo"
        if target is None:
            raise refusals.not_found()
        if _top(realm, customer) != _top(realm, realm.find("Customer", _owner(target))):
            raise refusals.business_rule(f"This {what} belongs to another customer.", "Line.LinkedTxn")
        balance = amount(target.get("Balance")) + former.get((kind, key), ZERO)
        if wanted > balance:
            raise refusals.business_rule(
                f"You cannot apply more to this {what} than its open balance.", "Line.Amount"
            )
        if is_void(target):
            raise refusals.cannot_be_linked()
        for line in body["Line"]:
            if line["LinkedTxn"][0] == {"TxnId": key, "TxnType": kind}:
                line["LineEx"] = _line_extension(target, balance)


def _is_theirs(realm: Realm, line: Json, customer: Json) -> bool:
    """Tell whether a line's target belongs to the payer's own tree; what is not there counts as theirs."""
    link = line["LinkedTxn"][0]
    target = realm.find(link["TxnType"], link["TxnId"])
    return target is None or _top(realm, customer) == _top(realm, realm.find("Customer", _owner(target)))


def _owner(target: Json) -> str:
    return str(target["CustomerRef"]["value"])


def _top(realm: Realm, customer: Json | None) -> str | None:
    """Return the customer at the top of a tree of sub-customers."""
    while customer is not None and customer.get("ParentRef"):
        above = realm.find("Customer", customer["ParentRef"]["value"])
        if above is None:
            break
        customer = above
    return customer["Id"] if customer else None


def tree_of(realm: Realm, customer: str) -> Iterator[str]:
    """Return the Ids of all customers of the tree one belongs to: a payment may pay invoices of each."""
    left = [_top(realm, realm.find("Customer", customer)) or customer]
    while left:
        key = left.pop()
        yield key
        left += [child["Id"] for child in realm.children("Customer", key)]


def _line_extension(target: Json, balance: Decimal) -> Json:
    values = {"txnId": target["Id"], "txnOpenBalance": f"{balance:.2f}"}
    if "DocNumber" in target:
        values["txnReferenceNumber"] = target["DocNumber"]
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
        check_not_deposited(before)
        check_books_open(realm, before.get("TxnDate"))
    key = (after or before or {})["Id"]
    old, new = applied_to(before), applied_to(after)
    for target in {**old, **new}:
        delta = new.get(target, ZERO) - old.get(target, ZERO)
        linked = target in new
        if delta or linked != (target in old):
            apply_payment(realm, key, target, delta, linked=linked)
    settle_balance(realm, before, after, member="UnappliedAmt", sign=-1)


def pay_with_rest(realm: Realm, stored: Json, invoice: Json, part: Decimal) -> None:
    """Apply what is left of a payment to an invoice, by a further line, as QuickBooks does by itself."""
    balance = amount(invoice["Balance"])
    link = {"TxnId": invoice["Id"], "TxnType": "Invoice"}
    line = {"Amount": as_stored(part), "LinkedTxn": [link], "LineEx": _line_extension(invoice, balance)}
    rest = as_stored(amount(stored["UnappliedAmt"]) - part)
    body = {**stored, "Line": [*stored.get("Line", []), line], "UnappliedAmt": rest}
    realm.bump("Payment", body)
    settle(realm, stored, body)


def void(realm: Realm, stored: Json) -> Json:
    check_not_deposited(stored)
    check_books_open(realm, stored.get("TxnDate"))
    if is_void(stored):
        return stored
    if stored.get("ProcessPayment"):
        raise refusals.cannot_be_voided()
    note = voided_note(realm, stored.get("PrivateNote"))
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
    required=("CustomerRef", "TotalAmt"),
    lengths={"PaymentRefNum": 21, "PrivateNote": 4000},
    needed_to_load=("CustomerRef", "TotalAmt"),
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
        **in_body("TotalAmt", "PaymentRefNum"),
    },
    only_filtered=frozenset({"customerref", "paymentmethodref", "paymentrefnum", "projectref"}),
)
