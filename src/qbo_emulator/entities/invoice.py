"""Invoice (facts E5): what a customer owes, the payments on it, the estimates behind it."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from qbo_emulator.entities import online_payment, sales_form
from qbo_emulator.entities.credit import applied_to_new
from qbo_emulator.entities.definition import Entity, in_body
from qbo_emulator.entities.estimate import check_estimates, settle_estimates
from qbo_emulator.entities.links import lower_payments, release_payments
from qbo_emulator.entities.payment import money_goes_to
from qbo_emulator.entities.transactions import check_books_open, settle_balance
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import members
from qbo_emulator.ground.values import ZERO, Json, amount, as_stored, cents
from qbo_emulator.storage.realm import Realm

DUE_DAYS_DEFAULT = 30
DAYS_IN_MONTH_MAX = 31
CHARGES = ("ReimburseCharge", "StatementCharge", "ChargeCredit", "TimeActivity")
# What a client links an invoice to; its links to payments follow from the payments.
LINKED_BY_CLIENTS = ("Estimate", *CHARGES)
ONLINE_PAYMENT = (*online_payment.FORMER, *online_payment.WAYS)


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    body = {
        **online_payment.unless_said(realm, stored),
        **sales_form.begun(realm, wanted, stored),
    }
    _due(realm, body, stored)
    unpaid = _amounts(realm, body, stored)
    _customer_may_change(body, stored)
    charges = _charges(realm, body)
    links = [*check_estimates(realm, body, stored), *charges, *_payments(stored, but=unpaid)]
    sales_form.link(body, stored, links)
    sales_form.number(realm, body, stored, entity="Invoice")
    return body


def _due(realm: Realm, body: Json, stored: Json | None) -> None:
    if stored is None and "SalesTermRef" not in body:
        customer = realm.referred("Customer", body["CustomerRef"]["value"]) or {}
        if "SalesTermRef" in customer:
            body["SalesTermRef"] = customer["SalesTermRef"]
    if "DueDate" not in body:
        term = realm.referred("Term", body.get("SalesTermRef", {}).get("value", "")) or {}
        body["DueDate"] = due_on(date.fromisoformat(body["TxnDate"]), term).isoformat()


def due_on(day: date, term: Json) -> date:
    """Return when an invoice of a day is due: after some days, or on a day of this month or a later one."""
    due_day = int(term.get("DayOfMonthDue") or 0)
    if not due_day:
        return day + timedelta(days=int(term.get("DueDays", DUE_DAYS_DEFAULT)))
    due = _in_month(day, due_day)
    if due < day or (due - day).days < int(term.get("DueNextMonthDays", 0)):
        due = _in_month(due.replace(day=1) + timedelta(days=DAYS_IN_MONTH_MAX), due_day)
    return due


def _in_month(day: date, number: int) -> date:
    return day.replace(day=min(number, monthrange(day.year, day.month)[1]))


def _amounts(realm: Realm, body: Json, stored: Json | None) -> set[str]:
    """Compute total and balance; return the payments that pay nothing of the invoice any more."""
    total = sales_form.summed_up(realm, body, stored)
    deposit = _deposit(realm, body, stored, total)
    paid, unpaid = ZERO, set()
    if stored is not None:
        paid = amount(stored["TotalAmt"]) - amount(stored.get("Deposit")) - amount(stored["Balance"])
    if total - deposit < paid and stored is not None:
        if realm.settings.total_below_payments == "refuse":
            raise refusals.business_rule("The total cannot be less than the payments applied to it.")
        unpaid = lower_payments(realm, stored, paid - total + deposit)
        paid = total - deposit
    body["TotalAmt"] = as_stored(total)
    body["Balance"] = as_stored(total - deposit - paid)
    return unpaid


def _deposit(realm: Realm, body: Json, stored: Json | None, total: Decimal) -> Decimal:
    """Return what was paid down on the form itself, and see where it goes."""
    deposit = amount(body.get("Deposit"))
    if not deposit:
        return ZERO
    if not realm.preferences.get("SalesFormsPrefs", {}).get("AllowDeposit"):
        raise refusals.business_rule("Deposits are turned off for this company.", "Deposit")
    if deposit < 0:
        raise refusals.out_of_range(body["Deposit"], "Deposit")
    if deposit > total:
        raise refusals.business_rule("The deposit cannot be more than the total.", "Deposit")
    body["Deposit"] = as_stored(cents(deposit))
    money_goes_to(realm, body, stored)
    return cents(deposit)


def _payments(stored: Json | None, *, but: set[str]) -> list[Json]:
    """Return the links that follow from payments: those of the stored form."""
    links = (stored or {}).get("LinkedTxn", [])
    return [one for one in links if one["TxnType"] not in LINKED_BY_CLIENTS and one["TxnId"] not in but]


def _charges(realm: Realm, body: Json) -> list[Json]:
    """Return the links to charges the invoice collects; they are only known if they were loaded."""
    links = []
    for link in body.get("LinkedTxn", []):
        kind, key = link.get("TxnType"), str(link.get("TxnId", ""))
        if kind not in CHARGES:
            continue
        if realm.find(kind, key) is None:
            raise refusals.cannot_be_linked()
        links.append(link)
    return links


def _customer_may_change(body: Json, stored: Json | None) -> None:
    if stored is None or not stored.get("LinkedTxn"):
        return
    if stored["CustomerRef"]["value"] != body["CustomerRef"]["value"]:
        raise refusals.business_rule("A transaction with payments cannot go to another customer.")


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None and before is not None:
        check_books_open(realm, before.get("TxnDate"))
        release_payments(realm, "Invoice", before)
    settle_estimates(realm, before, after)
    settle_balance(realm, before, after, member="Balance", sign=1)


def void(realm: Realm, stored: Json) -> Json:
    paid = any(link.get("TxnType") == "Payment" for link in stored.get("LinkedTxn", []))
    if paid and realm.settings.void_paid_invoice == "refuse":
        raise refusals.business_rule("Remove the payments of this invoice before you void it.")
    body = sales_form.voided(
        realm, stored, release=lambda realm, invoice: release_payments(realm, "Invoice", invoice)
    )
    return {**body, "Deposit": 0} if "Deposit" in body else body


INVOICE = Entity(
    name="Invoice",
    sequence="transaction",
    sort="transaction",
    members={
        **sales_form.MEMBERS,
        **members(
            text="InvoiceLink EInvoiceStatus",
            number="Deposit",
            flag=" ".join(ONLINE_PAYMENT),
            ref="EBillLookupStatus",
            anything="SalesTermInfo InvoiceEx DiscountApplication",
        ),
    },
    read_only=sales_form.READ_ONLY | {"InvoiceLink"},
    survives_omission=sales_form.SURVIVES_OMISSION | {*ONLINE_PAYMENT, "DueDate"},
    lengths=sales_form.LENGTHS,
    required=sales_form.REQUIRED,
    needed_to_load=("CustomerRef", "TotalAmt", "Balance"),
    complete=complete,
    settle=settle,
    created=applied_to_new,
    set_back=online_payment.set_back,
    client_wrote=online_payment.mailed_by_itself,
    void=void,
    deletable=True,
    properties={
        **sales_form.PROPERTIES,
        "SalesTermRef": "json_extract(body, '$.SalesTermRef.value')",
        "ProjectRef": "json_extract(body, '$.ProjectRef.value')",
        **in_body("DueDate"),
    },
    only_filtered=sales_form.ONLY_FILTERED,
)
