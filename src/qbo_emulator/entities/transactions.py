"""What all transactions have in common: customer, dates, closed books, voiding, the customer's balance."""

from decimal import Decimal

from qbo_emulator.entities.customer import move_balance
from qbo_emulator.entities.references import named
from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import Json, amount
from qbo_emulator.storage.realm import Realm

AMOUNT_MAX = Decimal(99_999_999_999)
VOIDED = "Voided"
SEPARATORS = {"dash": " - ", "blank": " ", "line": "\n"}


def check_customer(realm: Realm, body: Json, stored: Json | None) -> Json:
    """Return the customer of a transaction; one that left the list is refused, even on an old one."""
    ref = body.get("CustomerRef")
    if not ref or not ref.get("value"):
        raise refusals.missing("CustomerRef")
    customer = realm.find("Customer", ref["value"])
    if customer is None:
        raise refusals.invalid_reference(f"Names element id {ref['value']} not found", "CustomerRef")
    if not customer.get("Active", True) and realm.settings.inactive_customer == "6250":
        raise refusals.invalid_sales_customer(customer["DisplayName"])
    if not customer.get("Active", True):
        name = customer["DisplayName"]
        verb = "modify" if stored else "save"
        raise refusals.invalid_reference(
            "Customer assigned to this transaction has been deleted. "
            f"Before you can {verb} this transaction, you must restore {name}.",
            "CustomerRef",
        )
    return customer


def customer_ref(customer: Json) -> Json:
    return named(customer, "DisplayName")


def is_closed(realm: Realm, *dates: str | None) -> bool:
    closed = realm.preferences.get("AccountingInfoPrefs", {}).get("BookCloseDate")
    return bool(closed) and any(date is not None and date <= closed for date in dates)


def check_books_open(realm: Realm, *dates: str | None) -> None:
    if is_closed(realm, *dates):
        raise refusals.books_closed(with_password=realm.settings.closed_books == "password")


def is_in_us(realm: Realm) -> bool:
    company = realm.referred("CompanyInfo", "1") or {}
    return company.get("Country", "US") in {"US", "USA"}


def check_currency(body: Json) -> Json:
    currency = body.get("CurrencyRef", {}).get("value", "USD")
    if currency != "USD":
        raise refusals.business_rule("Multi-currency is turned off for this company.", "CurrencyRef")
    return {"value": "USD", "name": "United States Dollar"}


def check_range(value: Decimal, element: str) -> None:
    if value > AMOUNT_MAX:
        raise refusals.out_of_range(value, element)


def voided_note(realm: Realm, note: str | None) -> str:
    return f"{VOIDED}{SEPARATORS[realm.settings.voided_note]}{note}" if note else VOIDED


def is_void(body: Json) -> bool:
    return not body.get("TotalAmt") and str(body.get("PrivateNote", "")).startswith(VOIDED)


def not_sent_so(body: Json) -> None:
    """Take the time of sending off a form that changes; that it was sent stays (facts E14)."""
    info = body.get("DeliveryInfo")
    if isinstance(info, dict):
        body["DeliveryInfo"] = {name: value for name, value in info.items() if name != "DeliveryTime"}


def identified(lines: list[Json], stored: Json | None) -> list[Json]:
    """Return lines with Ids: one that has its own keeps it, every other gets the next."""
    former = {line["Id"] for line in (stored or {}).get("Line", []) if "Id" in line}
    last = max((int(key) for key in former if str(key).isdigit()), default=0)
    result = []
    for line in lines:
        known = line.get("Id") in former
        last += not known
        result.append({**line, "Id": line["Id"] if known else str(last)})
    return result


def check_not_deposited(stored: Json) -> None:
    if any(link.get("TxnType") == "Deposit" for link in stored.get("LinkedTxn", [])):
        raise refusals.in_a_deposit()


def settle_balance(realm: Realm, before: Json | None, after: Json | None, *, member: str, sign: int) -> None:
    """Move the customer's balance by what an open amount changed; its time moves in any case."""
    old = _customer(before)
    new = _customer(after)
    was = sign * amount(before.get(member)) if before else Decimal(0)
    now = sign * amount(after.get(member)) if after else Decimal(0)
    if old is not None and old != new:
        move_balance(realm, old, -was)
        was = Decimal(0)
    if new is not None:
        move_balance(realm, new, now - was)


def _customer(body: Json | None) -> str | None:
    key: str | None = (body or {}).get("CustomerRef", {}).get("value")
    return key
