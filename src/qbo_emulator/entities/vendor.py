"""Vendor: read and created. A vendor matters to an app that sells because it takes a name from customers."""

from qbo_emulator import refusals
from qbo_emulator.entities import names
from qbo_emulator.entities.customer import check_email, number_addresses
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Entity, in_body
from qbo_emulator.realm import Realm
from qbo_emulator.shape import ADDRESS, EMAIL, PHONE, SYSTEM, WEB, members
from qbo_emulator.values import Json


def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
    if not wanted.get("DisplayName", "").strip():
        raise refusals.no_name()
    check_email(wanted, "PrimaryEmailAddr")
    body = {"Balance": 0, "Vendor1099": False, "Active": True, **wanted}
    names.place(realm, body, stored, entity="Vendor", family="person", member="DisplayName", child=False)
    # Vendors have no full name of their own in answers, yet it is what holds their name.
    body.setdefault("PrintOnCheckName", body["DisplayName"])
    body.setdefault("CurrencyRef", {"value": "USD", "name": "United States Dollar"})
    number_addresses(realm, body, stored)
    return body


def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
    if after is not None:
        names.settle(realm, before, after, entity="Vendor", family="person")


VENDOR = Entity(
    name="Vendor",
    sequence="person",
    sort="list",
    members={
        **SYSTEM,
        **members(
            text="Title GivenName MiddleName FamilyName Suffix DisplayName CompanyName PrintOnCheckName "
            "FullyQualifiedName AcctNum TaxIdentifier Notes source",
            number="Balance BillRate CostRate",
            flag="Active Vendor1099",
            ref="TermRef CurrencyRef APAccountRef",
            anything="OtherContactInfo VendorPaymentBankDetail",
            BillAddr=ADDRESS,
            ShipAddr=ADDRESS,
            PrimaryPhone=PHONE,
            AlternatePhone=PHONE,
            Mobile=PHONE,
            Fax=PHONE,
            PrimaryEmailAddr=EMAIL,
            WebAddr=WEB,
        ),
    },
    read_only=frozenset({"Balance", "FullyQualifiedName"}),
    lengths={"DisplayName": 500, "CompanyName": 100, "PrimaryEmailAddr.Address": 100},
    name_family="person",
    complete=complete,
    settle=settle,
    updatable=False,
    properties={
        **COMMON_PROPERTIES,
        "DisplayName": "name",
        "Active": "active",
        **in_body("GivenName", "FamilyName", "CompanyName", "PrintOnCheckName", "Balance"),
    },
)
