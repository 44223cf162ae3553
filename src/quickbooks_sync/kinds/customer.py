"""Customers: both translations."""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from quickbooks_sync.models import Connection
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.keys import folded
from quickbooks_sync.planner.matching import lists
from quickbooks_sync.planner.records import CustomerRecord, Encoded, encode
from quickbooks_sync.sql.prepared import Select
from service_genius.companies.models import Company
from service_genius.customers import balances, operations, queries
from service_genius.customers.models import Customer
from service_genius.shared import checks

from .base import (
    Facts,
    Limits,
    LocalKey,
    MergeWords,
    Payload,
    References,
    RemoteKey,
    Unfit,
    blanked,
    decimal,
    faults_by_field,
    fitting_name,
    kept,
    name_in_use,
    name_problems,
    plain_fields,
    reference,
    too_long,
    without_active,
)
from .defaults import ListKind
from .naming import Way

#: QuickBooks has no deeper ones; nor do customers here.
LEVELS_MAX = 5
ABOVE = ("parent", "parent__parent", "parent__parent__parent", "parent__parent__parent__parent")
BELOW = Select(
    lambda company, ids: Customer.objects.filter(
        company=company, pk__in=ids, parent__isnull=False
    ).values_list("pk", *ABOVE)
)
STREET_LINES = 5
STREET_LINE = 500

#: Fields of one member of the QuickBooks object; they go as plain texts.
TEXTS = {
    "display_name": "DisplayName",
    "company_name": "CompanyName",
    "given_name": "GivenName",
    "family_name": "FamilyName",
    "notes": "Notes",
}
#: Fields inside an object of their own: (member, key inside).
NESTED = {
    "email": ("PrimaryEmailAddr", "Address"),
    "phone": ("PrimaryPhone", "FreeFormNumber"),
    "mobile": ("Mobile", "FreeFormNumber"),
}
ADDRESSES = {"billing": "BillAddr", "service": "ShipAddr"}
ADDRESS_PARTS = {
    "city": "City",
    "region": "CountrySubDivisionCode",
    "postal_code": "PostalCode",
    "country": "Country",
}
LIMITS: Limits = {
    "display_name": ("Display name", 500),
    "company_name": ("Company name", 100),
    "given_name": ("First name", 100),
    "family_name": ("Last name", 100),
    "email": ("E-mail", 100),
    "phone": ("Phone", 30),
    "mobile": ("Mobile", 30),
    "notes": ("Notes", 2000),
    "billing_city": ("Billing city", 255),
    "billing_region": ("Billing state", 255),
    "billing_country": ("Billing country", 255),
    "service_region": ("Service state", 255),
    "service_country": ("Service country", 255),
    "billing_postal_code": ("Billing postal code", 30),
    "service_city": ("Service city", 255),
    "service_postal_code": ("Service postal code", 30),
}
#: The name is no field that it could go without.
OTHER_LIMITS: Limits = {name: limit for name, limit in LIMITS.items() if name != "display_name"}


class CustomerKind(ListKind):
    """A customer here, a Customer there."""

    name = "customer"
    model = Customer
    entity = "Customer"
    title = "Customers"
    title_there = "Customers"
    plural_there = "customers"
    told_by = "DisplayName"
    pages = "customers"
    touches: tuple[str, ...] = ("Customer",)
    name_field = "display_name"
    name_length = LIMITS["display_name"][1]
    noun = "customer"
    matching: lists.Matching[Any] | None = lists.CUSTOMERS
    owes = True
    levels = True
    merge_words = MergeWords(
        one="customer",
        has="has its invoices and payments",
        moves="All that is its own moves to the other customer.",
        belong="invoices and payments that are tied together still belong to it",
    )
    amounts_there: Mapping[str, str] = {"balance": "Balance there"}
    holds: Mapping[str, str] = {"parent": "customer"}
    ways: Mapping[str, Way] = {"customer": Way(field="parent")}
    blank = encode(CustomerRecord(display_name=""))

    def all_here(self, company: Company) -> QuerySet[Customer]:
        return Customer.objects.filter(company=company)

    def meant(self, search: str) -> Q:
        return queries.meant(search)

    def label(self, instance: Customer) -> str:
        return instance.display_name

    def label_there(self, payload: Payload) -> str:
        return name_in_use(payload.get("DisplayName"))

    def from_here(self, instance: Customer) -> CustomerRecord:
        return CustomerRecord(**plain_fields(CustomerRecord, instance))

    def from_there(self, payload: Payload, references: References, facts: Facts) -> CustomerRecord:  # noqa: ARG002
        active = payload.get("Active", True) is True
        values: dict[str, Any] = {field: payload.get(member) for field, member in TEXTS.items()}
        if not active:
            values["display_name"] = self.label_there(payload)
        for field, (member, key) in NESTED.items():
            values[field] = (payload.get(member) or {}).get(key)
        for side, member in ADDRESSES.items():
            address = payload.get(member) or {}
            lines = [str(address.get(f"Line{number}") or "") for number in range(1, STREET_LINES + 1)]
            values[f"{side}_street"] = "\n".join(lines)
            for part, key in ADDRESS_PARTS.items():
                values[f"{side}_{part}"] = address.get(key)
        values = {field: kept(Customer, field, value) for field, value in values.items()}
        parent = references.here.get((self.name, reference(payload, "ParentRef")))
        return CustomerRecord(
            **values, taxable=payload.get("Taxable", True) is True, active=active, parent=parent
        )

    def to_there(
        self,
        record: Encoded,
        *,
        only: frozenset[str] | None,
        base: Payload,
        references: References,
        facts: Facts,  # noqa: ARG002 - the shape of every Kind
        marker: str,  # noqa: ARG002
    ) -> Payload:
        wanted = frozenset(record) if only is None else only
        payload = _contact(record, wanted, base, create=only is None)
        if "taxable" in wanted:
            payload["Taxable"] = record["taxable"]
        if "active" in wanted and only is not None:
            payload["Active"] = record["active"]
            if record["active"] and base.get("Active") is False:
                # Without the suffix of an inactive one, which nobody knows to go by itself.
                payload.setdefault("DisplayName", self.label_there(base))
        if "parent" in wanted and record["parent"] is not None:
            payload |= {"ParentRef": {"value": references.there[self.name, record["parent"]]}, "Job": True}
        elif "parent" in wanted and only is not None:
            # There is no way to send "no parent": this is what makes it stand by itself (facts E3).
            payload |= {"Job": False, "BillWithParent": False}
        return payload

    def refers_to(self, record: Encoded) -> set[LocalKey]:
        return {(self.name, record["parent"])} if record["parent"] is not None else set()

    def refers_to_there(self, payload: Payload) -> set[RemoteKey]:
        parent = reference(payload, "ParentRef")
        return {(self.name, parent)} if parent else set()

    def let_go(self, local_id: int) -> Encoded:
        return {**super().let_go(local_id), "parent": None}

    def in_the_way(self, *, company: Company, local_id: int, values: Encoded) -> set[int]:
        """Who has that name in that place, and who stands between it and its own sub-customer above it."""
        customers = Customer.objects.filter(company=company)
        now = customers.get(pk=local_id)
        name = values.get("display_name", now.display_name)
        place = values.get("parent", now.parent_id)
        namesakes = customers.filter(Q(parent=place), active=True, name_key=checks.key(name))
        found = set(namesakes.values_list("pk", flat=True))
        above: list[int] = []
        while place is not None and place != local_id and len(above) < LEVELS_MAX:
            above.append(place)
            place = customers.filter(pk=place).values_list("parent", flat=True).first()
        return found | set(above if place == local_id else ())

    def beyond(self, company: Company, ids: Collection[int]) -> Mapping[int, set[LocalKey]]:
        return {
            pk: {(self.name, each) for each in above if each is not None}
            for pk, *above in BELOW(company=company.pk, ids=ids)
        }

    def exclusive(self, record: Encoded) -> frozenset[str]:
        return frozenset({folded(record["display_name"])})

    def problems(self, record: Encoded, facts: Facts) -> tuple[Problem, ...]:  # noqa: ARG002
        return name_problems(record, "display_name", LIMITS)

    def unfit_there(self, record: Encoded, facts: Facts) -> Unfit:  # noqa: ARG002
        found = too_long(record, OTHER_LIMITS)
        if record["email"] and not all(map(_is_email, record["email"].split(", "))):
            found["email"] = (
                "QuickBooks takes it for no address. Write it like name@example.com here, or leave it empty."
            )
        for side in ADDRESSES:
            lines = record[f"{side}_street"].split("\n")
            if len(lines) > STREET_LINES:
                found[f"{side}_street"] = (
                    f"QuickBooks takes at most {STREET_LINES} lines. Join some of them here."
                )
            elif max(map(len, lines)) > STREET_LINE:
                found[f"{side}_street"] = (
                    f"QuickBooks takes at most {STREET_LINE} characters in a line. Divide it here."
                )
        return found

    def unfit_here(self, record: Encoded) -> Unfit:
        draft = Customer(**{name: value for name, value in record.items() if name != "parent"})
        return faults_by_field(operations.field_faults(draft), record)

    def held_here(self, record: Encoded, unfit: Unfit) -> Encoded:
        held = blanked(record, unfit, self.blank)
        if "display_name" in unfit:
            held["display_name"] = fitting_name(record["display_name"], LIMITS["display_name"][1])
        return held

    def owed_here(self, company: Company, local_id: int) -> Decimal | None:
        mine = Customer.objects.filter(company=company, pk=local_id, currency="")
        found = balances.with_balance(mine, company=company).first()
        return found.balance if found is not None else None

    def takeable(self, payload: Payload) -> bool:
        return payload.get("Active", True) is True and payload.get("IsProject") is not True

    def foreign_currency(self, instance: Customer | None, payload: Payload, facts: Facts) -> str:
        if instance is not None and instance.currency:
            return instance.currency
        return _foreign(payload, facts.home_currency)

    def may_be_paired(self, payload: Payload) -> bool:
        return payload.get("IsProject") is not True

    def eligible(self, instance: Customer, connection: Connection, *, put_away: bool = False) -> bool:  # noqa: ARG002
        return put_away or (instance.active and not instance.currency)

    def removable(self, payload: Payload) -> bool:
        return decimal(payload.get("BalanceWithJobs", payload.get("Balance"))) == 0

    def create_here(
        self, *, company: Company, records: Sequence[tuple[Encoded, Payload]]
    ) -> Sequence[Customer | ValidationError]:
        rows = [
            without_active(record) | {"currency": _foreign(payload, company.currency)}
            for record, payload in records
        ]
        return operations.create_many(company=company, rows=rows)

    def remove_here(self, *, company: Company, local_id: int) -> Customer:
        return operations.deactivate(company=company, id=local_id)

    def update_here(
        self, *, company: Company, local_id: int, values: Encoded, expected_revision: int | None
    ) -> Customer:
        customer = operations.take_over(
            company=company, id=local_id, values=without_active(values), expected_revision=expected_revision
        )
        if "active" in values and values["active"] != customer.active:
            change = operations.reactivate if values["active"] else operations.deactivate
            return change(company=company, id=local_id)
        return customer

    def merge_here(self, *, company: Company, loser: int, survivor: int) -> Customer:
        return operations.merge_customers(company=company, loser=loser, survivor=survivor)


def _foreign(payload: Payload, home: str) -> str:
    currency = reference(payload, "CurrencyRef")
    return currency if currency != home else ""


def _contact(record: Encoded, wanted: frozenset[str], base: Payload, *, create: bool) -> Payload:
    """Names, ways to reach, addresses. A blank is left out on create, and sent as cleared on an update."""
    payload: Payload = {}
    for field, member in TEXTS.items():
        if field in wanted and (record[field] or not create):
            payload[member] = record[field]
    for field, (member, key) in NESTED.items():
        if field in wanted and (record[field] or not create):
            payload[member] = {**(base.get(member) or {}), key: record[field]}
    for side, member in ADDRESSES.items():
        fields = {f"{side}_street", *(f"{side}_{part}" for part in ADDRESS_PARTS)} & wanted
        if any(record[field] for field in fields) or (fields and not create):
            payload[member] = _overlay_address(base.get(member) or {}, record, side, fields)
    return payload


def _overlay_address(base: Payload, record: Encoded, side: str, fields: set[str]) -> Payload:
    """Our parts laid over the address as last seen, so that parts we do not know survive."""
    address = {key: value for key, value in base.items() if key not in {"Lat", "Long"}}
    if f"{side}_street" in fields:
        lines = record[f"{side}_street"].split("\n")
        for number in range(1, STREET_LINES + 1):
            line = lines[number - 1] if number <= len(lines) else ""
            if line or f"Line{number}" in base:
                address[f"Line{number}"] = line
    for part, key in ADDRESS_PARTS.items():
        value = record[f"{side}_{part}"]
        if f"{side}_{part}" in fields and (value or key in base):
            address[key] = value
    return address


def _is_email(address: str) -> bool:
    local, at, domain = address.partition("@")
    return bool(local and at and "." in domain) and not any(sign in address for sign in " ,;")
