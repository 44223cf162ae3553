"""Forms for money: a person enters an invoice, or receives a payment.

Both write through the same rules as the API. Names are typed, or picked from a list that needs no script.
Each form carries a key: sent twice, it is entered once.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from secrets import token_hex

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from qbo_emulator.entities import entity_named
from qbo_emulator.entities.payment import tree_of
from qbo_emulator.entities.transactions import is_in_us
from qbo_emulator.ground.refusals import Refusal
from qbo_emulator.ground.values import ZERO, Json, cents
from qbo_emulator.pages.fields import INVOICE, PAYMENT, Page
from qbo_emulator.pages.frame import active_names, company_name, frame, only_from_our_own_pages, store, view
from qbo_emulator.storage.realm import Realm
from qbo_emulator.writing.course import write

blueprint = Blueprint("page_sales", __name__)
blueprint.before_request(only_from_our_own_pages)

LINES_AT_FIRST, MORE_LINES, LINES_MAX = 5, 5, 200
NUMBER_MAX = 10**11
APPLIES = "apply-"
CELLS = ("item", "description", "quantity", "price", "taxed")

Made = Callable[[Realm, Mapping[str, str]], Json]


class WrongForm(ValueError):  # noqa: N818  the mistake is the person's
    """What was typed cannot be read; the text says what, and how it is meant."""


@blueprint.route("/app/<realm>/invoice/new", methods=["GET", "POST"])
def new_invoice(realm: str) -> str | Response | tuple[str, int]:
    company_name(realm)  # 404 before anything is written
    if request.method == "POST" and "more" not in request.form:
        return _entered(realm, INVOICE, _invoice, _invoice_form)
    return _invoice_form(realm)


@blueprint.route("/app/<realm>/payment/new", methods=["GET", "POST"])
def new_payment(realm: str) -> str | Response | tuple[str, int]:
    company_name(realm)
    if request.method == "POST":
        return _entered(realm, PAYMENT, _payment, _payment_form)
    return _payment_form(realm)


def _entered(realm_id: str, page: Page, made: Made, form: Callable[..., str]) -> Response | tuple[str, int]:
    """Write what the form says, and show it; show the form again with what is wrong."""
    entity = entity_named(page.entity) or abort(404)
    once = f"page {request.form.get('once') or token_hex(8)}"
    try:
        with store().writing() as connection:
            realm = Realm(store=store(), connection=connection, realm_id=realm_id)
            known = realm.remembered(once)
            key = known[1] if known else write(realm, entity, "create", made(realm, request.form))["Id"]
            realm.remember(key, once)
    except (Refusal, WrongForm) as wrong:
        said = wrong.errors[0].detail if isinstance(wrong, Refusal) else str(wrong)
        return form(realm_id, said), 400
    return redirect(url_for("page_actions.record", realm=realm_id, one=page.one, key=key), 303)


# Invoice


def _invoice_form(realm_id: str, error: str = "") -> str:
    realm = view(realm_id)
    typed = request.form or request.args
    count = _count(typed) + (MORE_LINES if "more" in request.form else 0)
    return render_template(
        "invoice_form.html",
        **frame(realm_id, INVOICE),
        error=error,
        typed=typed,
        once=request.form.get("once") or token_hex(8),
        lines=min(count, LINES_MAX),
        today=realm.today,
        customers=active_names(realm_id, "Customer"),
        items=active_names(realm_id, "Item"),
        tax=_tax_asked_for(realm),
        codes=_tax_codes(realm),
        usual_code=realm.preferences.get("TaxPrefs", {}).get("TaxGroupCodeRef", {}).get("value"),
        numbers=realm.preferences.get("SalesFormsPrefs", {}).get("CustomTxnNumbers"),
    )


def _tax_asked_for(realm: Realm) -> str:
    """Return what says which tax a form has: nothing, a code of its own, its address, or its lines."""
    taxes = realm.preferences.get("TaxPrefs", {})
    if not taxes.get("UsingSalesTax"):
        return ""
    if not is_in_us(realm):
        return "lines"
    return "address" if taxes.get("PartnerTaxEnabled") else "form"


def _tax_codes(realm: Realm) -> list[tuple[str, str]]:
    codes = realm.all_of("TaxCode")
    return [(one["Id"], one["Name"]) for one in codes if one["Id"].isdigit() and one.get("Active", True)]


def _invoice(realm: Realm, form: Mapping[str, str]) -> Json:
    body: Json = {
        "CustomerRef": {"value": _named(realm, "person", "Customer", form.get("customer", ""))["Id"]},
        "Line": list(_lines(realm, form)),
    }
    if not body["Line"]:
        raise WrongForm("An invoice has at least one line: name an item, or write a description.")
    for member in ("TxnDate", "DueDate", "DocNumber", "PrivateNote"):
        if form.get(member, "").strip():
            body[member] = form[member].strip()
    if form.get("code") and _tax_asked_for(realm) == "form":
        body["TxnTaxDetail"] = {"TxnTaxCodeRef": {"value": form["code"]}}
    return body


def _lines(realm: Realm, form: Mapping[str, str]) -> Iterator[Json]:
    for number in range(_count(form)):
        cell = {name: form.get(f"{name}-{number}", "").strip() for name in CELLS}
        where = f"line {number + 1}"
        if cell["item"]:
            yield _sold(realm, form, cell, where)
        elif cell["quantity"] or cell["price"]:
            raise WrongForm(f"Name the item of {where}.")
        elif cell["description"]:
            yield {"DetailType": "DescriptionOnly", "Description": cell["description"]}


def _count(form: Mapping[str, str]) -> int:
    """Return how many lines a form has room for."""
    said = form.get("lines", "")[:4]
    return min(int(said), LINES_MAX) if said.isdecimal() else LINES_AT_FIRST


def _sold(realm: Realm, form: Mapping[str, str], cell: Mapping[str, str], where: str) -> Json:
    item = _named(realm, "item", "Item", cell["item"])
    quantity = _number(cell["quantity"] or "1", f"quantity of {where}")
    price = (
        _number(cell["price"], f"price of {where}") if cell["price"] else Decimal(item.get("UnitPrice", 0))
    )
    detail: Json = {"ItemRef": {"value": item["Id"]}, "Qty": quantity, "UnitPrice": price}
    if _tax_asked_for(realm) == "lines" and form.get("code"):
        detail["TaxCodeRef"] = {"value": form["code"]}
    elif cell["taxed"]:
        detail["TaxCodeRef"] = {"value": "TAX"}
    described = {"Description": cell["description"]} if cell["description"] else {}
    return {
        **described,
        "Amount": cents(quantity * price),
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": detail,
    }


# Payment


def _payment_form(realm_id: str, error: str = "") -> str:
    realm = view(realm_id)
    typed = request.form or request.args
    wanted, customer = typed.get("customer", "").strip(), None
    if wanted:
        try:
            customer = _named(realm, "person", "Customer", wanted)
        except WrongForm as wrong:
            error = error or str(wrong)
    return render_template(
        "payment_form.html",
        **frame(realm_id, PAYMENT),
        error=error,
        typed=typed,
        once=request.form.get("once") or token_hex(8),
        customer=customer,
        today=realm.today,
        customers=[] if customer else active_names(realm_id, "Customer"),
        methods=[one for one in realm.all_of("PaymentMethod") if one.get("Active", True)],
        invoices=_open_invoices(realm, customer) if customer else [],
    )


def _open_invoices(realm: Realm, customer: Json) -> list[Json]:
    """Return what a customer, those above and those below it have open, the oldest first."""
    found = [one for key in tree_of(realm, customer["Id"]) for one in realm.open_of("Invoice", key)]
    return sorted(found, key=lambda one: (one["TxnDate"], int(one["Id"])))


def _payment(realm: Realm, form: Mapping[str, str]) -> Json:
    customer = _named(realm, "person", "Customer", form.get("customer", ""))
    applied = {
        name.removeprefix(APPLIES): _number(value, "amount for an invoice")
        for name, value in form.items()
        if name.startswith(APPLIES) and value.strip()
    }
    lines = [
        {"Amount": value, "LinkedTxn": [{"TxnId": key, "TxnType": "Invoice"}]}
        for key, value in applied.items()
    ]
    received = form.get("TotalAmt", "").strip()
    total = _number(received, "amount received") if received else sum(applied.values(), ZERO)
    if not total:
        raise WrongForm("Say how much was received, or how much of it pays which invoice.")
    body: Json = {"CustomerRef": {"value": customer["Id"]}, "TotalAmt": total, "Line": lines}
    if form.get("method"):
        body["PaymentMethodRef"] = {"value": form["method"]}
    for member in ("TxnDate", "PaymentRefNum", "PrivateNote"):
        if form.get(member, "").strip():
            body[member] = form[member].strip()
    return body


# What was typed


def _named(realm: Realm, family: str, entity: str, name: str) -> Json:
    """Return the active customer or item of this full name."""
    word = entity.lower()
    if not name.strip():
        raise WrongForm(f"Name the {word}.")
    holder = realm.holder(family, name)
    found = realm.find(entity, str(holder[1])) if holder and holder[0] == entity else None
    if found is None or not found.get("Active", True):
        raise WrongForm(f"There is no active {word} “{name.strip()}”. Pick one from the list.")
    return found


def _number(text: str, what: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").replace("$", "").strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > NUMBER_MAX:
        raise WrongForm(f"The {what} is “{text}”. Write a number, such as 149.50.")
    return number
