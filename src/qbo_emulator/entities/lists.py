"""Short lists (facts E7): terms, payment methods, classes, departments, taxes.

Tax codes and rates are only read, as through QuickBooks' own API; they change by `load`.
"""

from collections.abc import Callable

from qbo_emulator.entities import names
from qbo_emulator.entities.definition import COMMON_PROPERTIES, Complete, Entity, Properties, Settle, in_body
from qbo_emulator.entities.references import named
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import SYSTEM, Members, members
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

_PROPERTIES: Properties = {**COMMON_PROPERTIES, "Name": "name", "Active": "active"}
TERM_TYPES = {"STANDARD": ("DueDays",), "DATE_DRIVEN": ("DayOfMonthDue",)}
METHOD_TYPES = {"CREDIT_CARD", "NON_CREDIT_CARD"}
DAYS_MAX = 999

Defaults = Callable[[Json], Json]


def _completing(entity: str, family: str, defaults: Defaults, child_flag: str | None = None) -> Complete:
    """Return the rules of a list whose objects are little more than a name, perhaps under a parent."""

    def complete(realm: Realm, wanted: Json, stored: Json | None) -> Json:
        if not wanted.get("Name", "").strip():
            raise refusals.missing("Name")
        body = {"Active": True, **defaults(wanted)}
        child = bool(child_flag) and "ParentRef" in body
        names.place(realm, body, stored, entity=entity, family=family, member="Name", child=child)
        body.pop("Level", None)
        if child_flag is None:
            del body["FullyQualifiedName"]
            return body
        body[child_flag] = child
        if child:
            parent = realm.referred(entity, body["ParentRef"]["value"])
            body["ParentRef"] = named(parent, "Name") if parent else body["ParentRef"]
        return body

    return complete


def _settling(entity: str, family: str) -> Settle:
    def settle(realm: Realm, before: Json | None, after: Json | None) -> None:
        if after is not None:
            names.settle(realm, before, after, entity=entity, family=family)

    return settle


def _term(wanted: Json) -> Json:
    kind = wanted.get("Type") or ("DATE_DRIVEN" if "DayOfMonthDue" in wanted else "STANDARD")
    if kind not in TERM_TYPES:
        raise refusals.invalid_enumeration(kind, "Type")
    for member in TERM_TYPES[kind]:
        if member not in wanted:
            raise refusals.missing(member)
        if not 0 <= wanted[member] <= DAYS_MAX:
            raise refusals.out_of_range(wanted[member], member)
    standard = {"DiscountPercent": 0, "DiscountDays": 0} if kind == "STANDARD" else {}
    return {**standard, **wanted, "Type": kind}


def _payment_method(wanted: Json) -> Json:
    kind = wanted.get("Type", "NON_CREDIT_CARD")
    if kind not in METHOD_TYPES:
        raise refusals.invalid_enumeration(kind, "Type")
    return {**wanted, "Type": kind}


def _short_list(
    name: str,
    *,
    family: str,
    more: Members,
    properties: Properties,
    defaults: Defaults = dict,
    name_max: int = 31,
    child_flag: str | None = None,
) -> Entity:
    nested = {"FullyQualifiedName": "full_name", "ParentRef": "parent"} if child_flag else {}
    return Entity(
        name=name,
        sequence=name,
        sort="list",
        members={**SYSTEM, **members(text="Name FullyQualifiedName source", flag="Active"), **more},
        read_only=frozenset({"FullyQualifiedName"}),
        survives_omission=frozenset({"Active", "Type"}),
        lengths={"Name": name_max},
        name_family=family,
        complete=_completing(name, family, defaults, child_flag),
        settle=_settling(name, family),
        properties={**_PROPERTIES, **nested, **properties},
    )


TERM = _short_list(
    "Term",
    family="term",
    more=members(
        text="Type",
        number="DiscountPercent DueDays DiscountDays DayOfMonthDue DueNextMonthDays DiscountDayOfMonth",
    ),
    properties=in_body("Type", "DueDays"),
    defaults=_term,
)

PAYMENT_METHOD = _short_list(
    "PaymentMethod",
    family="payment method",
    more=members(text="Type"),
    properties=in_body("Type"),
    defaults=_payment_method,
)

CLASS = _short_list(
    "Class",
    family="class",
    more=members(flag="SubClass", ref="ParentRef"),
    properties=in_body("SubClass"),
    name_max=100,
    child_flag="SubClass",
)

DEPARTMENT = _short_list(
    "Department",
    family="department",
    more=members(flag="SubDepartment", ref="ParentRef", anything="Address"),
    properties=in_body("SubDepartment"),
    name_max=100,
    child_flag="SubDepartment",
)


def _complete_agency(_realm: Realm, wanted: Json, _stored: Json | None) -> Json:
    if not wanted.get("DisplayName", "").strip():
        raise refusals.missing("DisplayName")
    return {"TaxTrackedOnPurchases": False, "TaxTrackedOnSales": True, **wanted}


TAX_AGENCY = Entity(
    name="TaxAgency",
    sequence="TaxAgency",
    sort="list",
    members={
        **SYSTEM,
        **members(
            text="DisplayName TaxRegistrationNumber TaxAgencyConfig",
            flag="TaxTrackedOnPurchases TaxTrackedOnSales",
            date="LastFileDate",
        ),
    },
    lengths={"DisplayName": 100},
    complete=_complete_agency,
    updatable=False,
    properties={**COMMON_PROPERTIES, "DisplayName": "name"},
    in_change_data_capture=False,
)

TAX_CODE = Entity(
    name="TaxCode",
    sequence="TaxCode",
    sort="list",
    properties={**_PROPERTIES, **in_body("Description", "Taxable", "TaxGroup", "Hidden")},
    in_change_data_capture=False,
    always_whole=True,
)

TAX_RATE = Entity(
    name="TaxRate",
    sequence="TaxRate",
    sort="list",
    properties={**_PROPERTIES, **in_body("RateValue", "Description")},
    in_change_data_capture=False,
)
