"""Whether an invoice can be paid online, and what QuickBooks does by itself about that (facts E15).

The company's setting for its forms has no member in the API. Here a company that takes payments online has
it turned on in all four ways, so that a client meets it wherever it leaves a way out.
"""

from qbo_emulator.ground.values import Json
from qbo_emulator.storage.mails import mail
from qbo_emulator.storage.realm import Realm

WAYS = (
    "AllowOnlineCreditCardPayment",
    "AllowOnlineACHPayment",
    "AllowOnlinePayPalPayment",
    "AllowOnlineAffirmPayment",
)
FORMER = ("AllowIPNPayment", "AllowOnlinePayment")
# The ways for which QuickBooks mails an invoice that a client has made.
MAILED_FOR = WAYS[:2]
COUNTRY = "US"


def is_taken(realm: Realm) -> bool:
    """Whether the company takes payments online at all."""
    return bool(realm.preferences.get("SalesFormsPrefs", {}).get("ETransactionPaymentEnabled"))


def unless_said(realm: Realm, stored: Json | None) -> Json:
    """What an invoice has that says nothing of it; an older one lacks a way, and gets it if it is on."""
    turned_on = realm.settings.online_payment_default == "company" and is_taken(realm)
    every = {**dict.fromkeys(FORMER, False), **dict.fromkeys(WAYS, turned_on)}
    if stored is None:
        return every
    return {name: on for name, on in every.items() if name in stored or (on and realm.by_client)}


def set_back(realm: Realm) -> frozenset[str]:
    """Which members any update of a client sets back to the company's setting unless it names them."""
    return frozenset(WAYS) if realm.settings.online_payment_default == "company" else frozenset()


def mailed_by_itself(realm: Realm, before: Json | None, body: Json) -> Json:
    """Mail an invoice that a client's write has made payable online; return it as it is then."""
    if realm.settings.auto_mail == "off" or not is_taken(realm):
        return body
    if (realm.find("CompanyInfo", "1") or {}).get("Country", COUNTRY) != COUNTRY:
        return body
    address = _mailed_to(body)
    if not address or (before is not None and _mailed_to(before)):
        return body
    return mail(realm, "Invoice", body, address, asked=False)


def _mailed_to(invoice: Json) -> str:
    """Return the address if QuickBooks mails such an invoice by itself."""
    if not any(invoice.get(way) for way in MAILED_FOR) or invoice.get("EmailStatus") == "EmailSent":
        return ""
    return str(invoice.get("BillEmail", {}).get("Address", ""))
