"""Customer (facts E3). Merging stands in `merging`: QuickBooks offers it to people only."""

from decimal import Decimal

from qbo_emulator.entities import names
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body
from qbo_emulator.entities.references import NAMING_CUSTOMERS, check_references, customer_instead, named
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import ADDRESS, EMAIL, PHONE, SYSTEM, WEB, members
from qbo_emulator.ground.values import Json, amount, as_stored
from qbo_emulator.storage.realm import Realm

ADDRESSES = ("BillAddr", "ShipAddr")
NAME_PARTS = ("Title", "GivenName", "MiddleName", "FamilyName", "Suffix")
# What a customer refers to: the entity, and the member its name is taken from, if it is shown.
REFERENCES = {
    "SalesTermRef": ("Term", "Name"),
    "PaymentMethodRef": ("PaymentMethod", "Name"),
    "CustomerTypeRef": ("CustomerType", "Name"),
    "ARAccountRef": ("Account", "FullyQualifiedName"),
    "DefaultTaxCodeRef": ("TaxCode", None),
}
# Charges that wait for an invoice; as long as there are some, the customer stays active (6280).
UNBILLED = ("ReimburseCharge", "StatementCharge", "ChargeCredit")
DELIVERY_METHODS = {"Print", "Email", "None"}

ADDRESS_LENGTHS = {
    **{f"Line{number}": 500 for number in range(1, 6)},
    "City": 255,
    "CountrySubDivisionCode": 255,
    "PostalCode": 30,
    "Country": 255,
}


def check_email(body: Json, member: str) -> None:
    """Refuse what is no address; several addresses are divided by commas."""
    written = body.get(member, {}).get("Address")
    if written is None:
        return
    for address in written.split(","):
        mailbox, _, domain = address.strip().rpartition("@")
        if not mailbox or "." not in domain or any(mark.isspace() for mark in address.strip()):
            raise refusals.invalid_email(written)


def number_addresses(realm: Realm, body: Json, stored: Json | None) -> None:
    """Give every address an Id of its own; one that is written again keeps its Id."""
    for member in ADDRESSES:
        address = body.get(member)
        if address is None or "Id" in address:
            continue
        former = (stored or {}).get(member, {}).get("Id")
        body[member] = {"Id": former or str(realm.next_number("Address")), **address}


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    display_name = wanted.get("DisplayName") or " ".join(
        wanted[part] for part in NAME_PARTS if part in wanted
    )
    if not display_name.strip():
        raise refusals.no_name()
    check_email(wanted, "PrimaryEmailAddr")
    if wanted.get("PreferredDeliveryMethod", "Print") not in DELIVERY_METHODS:
        raise refusals.invalid_enumeration(wanted["PreferredDeliveryMethod"], "PreferredDeliveryMethod")
    body = {
        "Taxable": True,
        "Job": False,
        "BillWithParent": False,
        "Balance": 0,
        "BalanceWithJobs": 0,
        "PreferredDeliveryMethod": "Print",
        "Active": True,
        **wanted,
        "DisplayName": display_name,
    }
    child = _below_parent(realm, body, stored, job_named="Job" in wanted)
    names.place(realm, body, stored, entity="Customer", family="person", member="DisplayName", child=child)
    if not child:
        body["BillWithParent"] = False
    _bills_with(realm, body, stored)
    if stored is None and body["Taxable"]:
        _default_tax_code(realm, body)
    body["CurrencyRef"] = _currency(wanted)
    body.setdefault("PrintOnCheckName", names.without_suffix(body["DisplayName"])[:110])
    check_references(realm, REFERENCES, body, stored)
    number_addresses(realm, body, stored)
    _may_be_deactivated(realm, body, stored)
    return body


def _below_parent(realm: Realm, body: Json, stored: Json | None, *, job_named: bool) -> bool:
    """Return whether this becomes, or stays, a sub-customer; where nobody knows, switches decide."""
    if body["Job"]:
        if "ParentRef" not in body:
            raise refusals.missing("ParentRef")
        return True
    kept = (stored or {}).get("ParentRef")
    if "ParentRef" in body and not (job_named and kept):
        if realm.settings.parent_without_job == "refused":
            raise refusals.missing("Job")
        if realm.settings.parent_without_job == "honoured":
            body["Job"] = True
            return True
    if kept and realm.settings.sub_customer_to_top == "refuse":
        raise refusals.business_rule("A sub-customer cannot become a customer of its own.", "Job")
    if kept and realm.settings.sub_customer_to_top == "ignore":
        body |= {"Job": True, "ParentRef": kept}
        return True
    return False


def _bills_with(realm: Realm, body: Json, stored: Json | None) -> None:
    """Refuse to change who is billed once the parent has invoices (6130)."""
    if stored is None or "ParentRef" not in body:
        return
    changes = bool(stored.get("BillWithParent")) != body["BillWithParent"]
    if changes and realm.has_transactions(("Invoice",), body["ParentRef"]["value"]):
        raise refusals.bill_with_parent()


def _default_tax_code(realm: Realm, body: Json) -> None:
    taxes = realm.preferences.get("TaxPrefs", {})
    if taxes.get("UsingSalesTax") and "TaxGroupCodeRef" in taxes and not taxes.get("PartnerTaxEnabled"):
        body.setdefault("DefaultTaxCodeRef", {"value": taxes["TaxGroupCodeRef"]["value"]})


def _currency(wanted: Json) -> Json:
    currency = wanted.get("CurrencyRef", {}).get("value", "USD")
    if currency != "USD":
        raise refusals.business_rule("Multi-currency is turned off for this company.", "CurrencyRef")
    return {"value": "USD", "name": "United States Dollar"}


def _may_be_deactivated(realm: Realm, body: Json, stored: Json | None) -> None:
    if stored is None or body["Active"] or not stored.get("Active", True):
        return
    if stored.get("BalanceWithJobs", 0) and realm.settings.deactivate_with_balance == "refuse":
        raise refusals.has_balance()
    names.check_no_active_children(realm, "Customer", stored["Id"])
    if realm.has_transactions(UNBILLED, stored["Id"]):
        raise refusals.unbilled_charges()


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is None:
        return
    names.settle(realm, before, after, entity="Customer", family="person")
    if before is None:
        return
    if before["DisplayName"] != after["DisplayName"]:
        realm.rename_customer(after["Id"], after["DisplayName"])
        for entity, body in realm.with_value(NAMING_CUSTOMERS, after["Id"]):
            realm.rewrite(entity, customer_instead(body, after["Id"], named(after, "DisplayName")))
    if _parent(before) != _parent(after):
        moved = amount(after.get("BalanceWithJobs"))
        _move_balance_with_jobs(realm, _parent(before), -moved)
        _move_balance_with_jobs(realm, _parent(after), moved)


def _parent(body: Json) -> str | None:
    parent: str | None = body.get("ParentRef", {}).get("value")
    return parent


def move_balance(realm: Realm, customer: str, delta: Decimal) -> None:
    """Move a customer's balance, and its ancestors' with it; its time moves, its SyncToken does not."""
    body = realm.find("Customer", customer)
    if body is None:
        return
    for member in ("Balance", "BalanceWithJobs"):
        body[member] = as_stored(amount(body.get(member)) + delta)
    realm.replace("Customer", body)
    _move_balance_with_jobs(realm, _parent(body), delta)


def _move_balance_with_jobs(realm: Realm, customer: str | None, delta: Decimal) -> None:
    while customer is not None and delta:
        body = realm.find("Customer", customer)
        if body is None:
            return
        body["BalanceWithJobs"] = as_stored(amount(body.get("BalanceWithJobs")) + delta)
        realm.replace("Customer", body)
        customer = _parent(body)


CUSTOMER = Entity(
    name="Customer",
    sequence="person",
    sort="list",
    members={
        **SYSTEM,
        **members(
            text="Title GivenName MiddleName FamilyName Suffix DisplayName CompanyName PrintOnCheckName "
            "FullyQualifiedName Notes ResaleNum PreferredDeliveryMethod AcctNum ContactName AltContactName "
            "BusinessNumber TaxExemptionReasonId SecondaryTaxIdentifier PrimaryTaxIdentifier GSTIN "
            "GSTRegistrationType ClientEntityId V4IDPseudonym UserId source IntuitId FamilyNamePronunciation "
            "TaxRegime",
            number="Level Balance BalanceWithJobs OverDueBalance TotalRevenue TotalExpense OpenBalance "
            "CreditLimit",
            flag="Active Job BillWithParent Taxable Organization IsProject IsStatementWithParent",
            date="OpenBalanceDate",
            ref="DefaultTaxCodeRef ParentRef RootCustomerRef SalesTermRef PaymentMethodRef CurrencyRef "
            "CustomerTypeRef ARAccountRef PriceLevelRef SalesRepRef TaxGroupCodeRef CCDetailRef",
            anything="OtherAddr OtherContactInfo CCDetail JobInfo CustomerEx TaxExemptionDetail ",
            BillAddr=ADDRESS,
            ShipAddr=ADDRESS,
            PrimaryPhone=PHONE,
            AlternatePhone=PHONE,
            Mobile=PHONE,
            Fax=PHONE,
            PrimaryEmailAddr=EMAIL,
            WebAddr=WEB,
            DefaultShippingAddr=ADDRESS,
        ),
    },
    read_only=frozenset({"Balance", "BalanceWithJobs", "FullyQualifiedName", "Level", "IsProject"}),
    survives_omission=frozenset({"Balance", "BalanceWithJobs", "Active", "CurrencyRef", "DefaultTaxCodeRef"}),
    lengths={
        "DisplayName": 500,
        "Title": 16,
        "Suffix": 16,
        "GivenName": 100,
        "MiddleName": 100,
        "FamilyName": 100,
        "CompanyName": 100,
        "PrintOnCheckName": 110,
        "PrimaryPhone.FreeFormNumber": 30,
        "AlternatePhone.FreeFormNumber": 30,
        "Mobile.FreeFormNumber": 30,
        "Fax.FreeFormNumber": 30,
        "PrimaryEmailAddr.Address": 100,
        "WebAddr.URI": 1000,
        "Notes": 2000,
        "ResaleNum": 16,
        **{f"{address}.{line}": limit for address in ADDRESSES for line, limit in ADDRESS_LENGTHS.items()},
    },
    name_family="person",
    complete=complete,
    settle=settle,
    properties={
        **COMMON_PROPERTIES,
        "DisplayName": "name",
        "FullyQualifiedName": "full_name",
        "Active": "active",
        "ParentRef": "parent",
        "PrimaryEmailAddr": "json_extract(body, '$.PrimaryEmailAddr.Address')",
        "PrimaryEmailAddr.Address": "json_extract(body, '$.PrimaryEmailAddr.Address')",
        **in_body(
            "GivenName",
            "MiddleName",
            "FamilyName",
            "CompanyName",
            "PrintOnCheckName",
            "Balance",
            "BalanceWithJobs",
            "Job",
        ),
    },
    only_filtered=frozenset({"job", "parentref"}),
    only_sorted=frozenset({"balancewithjobs"}),
)
