"""Vendors and employees. To an app that sells they matter because they take names from customers."""

from collections.abc import Callable

from qbo_emulator.entities import names
from qbo_emulator.entities.customer import ADDRESS_LENGTHS, NAME_PARTS, check_email, number_addresses
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, Settle, in_body
from qbo_emulator.entities.references import check_reference, named
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import ADDRESS, EMAIL, PHONE, SYSTEM, WEB, Members, members
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

Shape = Callable[[Realm, Json, Json | None], None]

_PERSON: Members = {
    **SYSTEM,
    **members(
        text="Title GivenName MiddleName FamilyName Suffix DisplayName PrintOnCheckName Notes source "
        "V4IDPseudonym",
        flag="Active Organization",
        anything="OtherContactInfo",
        PrimaryPhone=PHONE,
        AlternatePhone=PHONE,
        Mobile=PHONE,
        Fax=PHONE,
        PrimaryEmailAddr=EMAIL,
        WebAddr=WEB,
    ),
}
_LENGTHS = {
    "DisplayName": 500,
    "Title": 16,
    "Suffix": 16,
    "GivenName": 100,
    "MiddleName": 100,
    "FamilyName": 100,
    **{f"{phone}.FreeFormNumber": 30 for phone in ("PrimaryPhone", "AlternatePhone", "Mobile", "Fax")},
    "WebAddr.URI": 1000,
    "PrimaryEmailAddr.Address": 100,
    "PrintOnCheckName": 110,
}


def _placed(realm: Realm, body: Json, stored: Json | None, *, entity: str) -> Json:
    """Give the person a name nobody else has; these lists know no full name in their answers."""
    check_email(body, "PrimaryEmailAddr")
    names.place(realm, body, stored, entity=entity, family="person", member="DisplayName", child=False)
    del body["FullyQualifiedName"]
    body.setdefault("PrintOnCheckName", names.without_suffix(body["DisplayName"])[:110])
    return body


def _parts_of_name(wanted: Json) -> str:
    return " ".join(wanted[part] for part in NAME_PARTS if part in wanted)


def complete_vendor(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    display_name = wanted.get("DisplayName") or _parts_of_name(wanted)
    if not display_name.strip():
        raise refusals.no_name()
    body = {
        "Balance": 0,
        "Vendor1099": False,
        "CurrencyRef": {"value": "USD", "name": "United States Dollar"},
        "Active": True,
        **wanted,
        "DisplayName": display_name,
    }
    if "TermRef" in body:
        kept = (stored or {}).get("TermRef")
        body["TermRef"] = named(
            check_reference(realm, "Term", body["TermRef"], "TermRef", kept_from=kept), "Name"
        )
    number_addresses(realm, body, stored)
    return _placed(realm, body, stored, entity="Vendor")


def complete_employee(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    """Put the name together: an employee is named by given and family name."""
    if "GivenName" not in wanted and "FamilyName" not in wanted:
        raise refusals.no_name()
    display_name = _parts_of_name(wanted)
    if stored is not None and _parts_of_name(stored) == display_name:
        display_name = stored["DisplayName"]
    body = {"BillableTime": False, "Active": True, **wanted, "DisplayName": display_name}
    return _placed(realm, body, stored, entity="Employee")


def _settling(entity: str) -> Settle:
    def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
        if after is not None:
            names.settle(realm, before, after, entity=entity, family="person")

    return settle


VENDOR = Entity(
    name="Vendor",
    sequence="person",
    sort="list",
    members={
        **_PERSON,
        **members(
            text="CompanyName FullyQualifiedName AcctNum TaxIdentifier BusinessNumber GSTIN "
            "GSTRegistrationType TaxReportingBasis PrimaryTaxIdentifier SecondaryTaxIdentifier ContactName "
            "AltContactName URL UserId",
            number="Balance BillRate CostRate",
            flag="Vendor1099 T4AEligible T5018Eligible HasTPAR",
            ref="TermRef CurrencyRef APAccountRef",
            anything="VendorPaymentBankDetail",
            BillAddr=ADDRESS,
            ShipAddr=ADDRESS,
        ),
    },
    read_only=frozenset({"Balance", "FullyQualifiedName"}),
    survives_omission=frozenset({"Active", "CurrencyRef"}),
    lengths={
        **_LENGTHS,
        "CompanyName": 100,
        "AcctNum": 100,
        **{f"BillAddr.{line}": limit for line, limit in ADDRESS_LENGTHS.items()},
    },
    name_family="person",
    complete=complete_vendor,
    settle=_settling("Vendor"),
    properties={
        **COMMON_PROPERTIES,
        "DisplayName": "name",
        "Active": "active",
        **in_body("GivenName", "FamilyName", "CompanyName", "PrintOnCheckName"),
    },
)

EMPLOYEE = Entity(
    name="Employee",
    sequence="person",
    sort="list",
    members={
        **_PERSON,
        **members(
            text="EmployeeNumber SSN Gender",
            number="BillRate CostRate",
            flag="BillableTime",
            date="BirthDate HiredDate ReleasedDate",
            PrimaryAddr=ADDRESS,
        ),
    },
    survives_omission=frozenset({"Active", "BillableTime", "DisplayName"}),
    lengths=_LENGTHS,
    name_family="person",
    complete=complete_employee,
    settle=_settling("Employee"),
    properties={
        **COMMON_PROPERTIES,
        "DisplayName": "name",
        "Active": "active",
        **in_body("GivenName", "FamilyName", "PrintOnCheckName"),
    },
)
