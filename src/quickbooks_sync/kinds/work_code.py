"""Work codes: both translations. There they are Service Items."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from quickbooks_sync.models import Connection
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.keys import folded
from quickbooks_sync.planner.matching import lists
from quickbooks_sync.planner.records import Encoded, WorkCodeRecord, encode
from service_genius.companies.models import Company
from service_genius.shared import checks
from service_genius.work_codes import operations, queries
from service_genius.work_codes.models import WorkCode

from .base import (
    Facts,
    Limits,
    MergeWords,
    Payload,
    References,
    Unfit,
    blanked,
    decimal,
    faults_by_field,
    fitting_name,
    kept,
    name_in_use,
    name_problems,
    plain_fields,
    text,
    too_long,
    without_active,
)
from .defaults import ListKind
from .money import AMOUNT_LIMIT_THERE

TEXTS = {"name": "Name", "code": "Sku", "description": "Description"}
LIMITS: Limits = {
    "name": ("Name", 100),
    "code": ("Code", 100),
    "description": ("Description", 4000),
}
#: The name is no field that it could go without.
OTHER_LIMITS: Limits = {name: limit for name, limit in LIMITS.items() if name != "name"}


class WorkCodeKind(ListKind):
    """A work code here, a Service Item there."""

    name = "work_code"
    model = WorkCode
    entity = "Item"
    title = "Work Codes"
    title_there = "Service Items"
    plural_there = "items"
    told_by = "Name"
    pages = "work_codes"
    touches: tuple[str, ...] = ("Item",)
    name_field = "name"
    name_length = LIMITS["name"][1]
    noun = "service"
    matching: lists.Matching[Any] | None = lists.WORK_CODES
    merge_words = MergeWords(
        one="work code",
        has="stands on its lines of invoices",
        moves="Every line that it stands on gets the other work code.",
        belong="invoices that are paid still name it",
    )
    blank = encode(WorkCodeRecord(name=""))

    def all_here(self, company: Company) -> QuerySet[WorkCode]:
        return WorkCode.objects.filter(company=company)

    def meant(self, search: str) -> Q:
        return queries.meant(search)

    def label(self, instance: WorkCode) -> str:
        return instance.name

    def label_there(self, payload: Payload) -> str:
        return name_in_use(payload.get("Name"))

    def from_here(self, instance: WorkCode) -> WorkCodeRecord:
        return WorkCodeRecord(**plain_fields(WorkCodeRecord, instance))

    def from_there(self, payload: Payload, references: References, facts: Facts) -> WorkCodeRecord:  # noqa: ARG002
        active = payload.get("Active", True) is True
        return WorkCodeRecord(
            name=kept(WorkCode, "name", payload.get("Name")) if active else self.label_there(payload),
            code=kept(WorkCode, "code", payload.get("Sku")),
            description=kept(WorkCode, "description", payload.get("Description")),
            price=decimal(payload.get("UnitPrice")),
            taxable=payload.get("Taxable") is True,
            active=active,
        )

    def to_there(
        self,
        record: Encoded,
        *,
        only: frozenset[str] | None,
        base: Payload,
        references: References,  # noqa: ARG002 - the shape of every Kind
        facts: Facts,
        marker: str,  # noqa: ARG002
    ) -> Payload:
        wanted = frozenset(record) if only is None else only
        payload: Payload = {
            member: record[field]
            for field, member in TEXTS.items()
            if field in wanted and (record[field] or only is not None)
        }
        if "price" in wanted:
            payload["UnitPrice"] = Decimal(record["price"])
        if "taxable" in wanted:
            payload["Taxable"] = record["taxable"]
        if only is None:
            payload |= {"Type": "Service", "IncomeAccountRef": {"value": facts.income_account}}
        elif "active" in wanted:
            payload["Active"] = record["active"]
            if record["active"] and base.get("Active") is False:
                payload.setdefault("Name", self.label_there(base))
        return payload

    def in_the_way(self, *, company: Company, local_id: int, values: Encoded) -> set[int]:  # noqa: ARG002
        if "name" not in values:
            return set()
        codes = WorkCode.objects.filter(company=company, active=True, name_key=checks.key(values["name"]))
        return set(codes.values_list("pk", flat=True))

    def exclusive(self, record: Encoded) -> frozenset[str]:
        return frozenset({folded(record["name"])})

    def problems(self, record: Encoded, facts: Facts) -> tuple[Problem, ...]:
        found = name_problems(record, "name", LIMITS)
        no_account = Problem(reason=Reason.NO_ACCOUNT, details={"sort": "income"})
        return found if facts.income_account else (*found, no_account)

    def unfit_there(self, record: Encoded, facts: Facts) -> Unfit:  # noqa: ARG002
        found = too_long(record, OTHER_LIMITS)
        if abs(Decimal(record["price"])) >= AMOUNT_LIMIT_THERE:
            found["price"] = f"QuickBooks takes less than {AMOUNT_LIMIT_THERE:,.0f}. Make it smaller here."
        return found

    def unfit_here(self, record: Encoded) -> Unfit:
        draft = WorkCode(**{**record, "price": Decimal(record["price"])})
        return faults_by_field(operations.field_faults(draft), record)

    def held_here(self, record: Encoded, unfit: Unfit) -> Encoded:
        held = blanked(record, unfit, self.blank)
        if "name" in unfit:
            held["name"] = fitting_name(record["name"], LIMITS["name"][1])
        return held

    def hints(self, facts: Mapping[str, Any]) -> Mapping[str, str]:  # noqa: ARG002
        return {"category": "It is not sent to QuickBooks, where the work code has its name alone."}

    def group_here(self, instance: WorkCode) -> str:
        return instance.category

    def group_there(self, payload: Payload) -> str:
        return text((payload.get("ParentRef") or {}).get("name"))

    def takeable(self, payload: Payload) -> bool:
        return payload.get("Active", True) is True and payload.get("Type") == "Service"

    def may_be_paired(self, payload: Payload) -> bool:
        return payload.get("Type") == "Service"

    def eligible(self, instance: WorkCode, connection: Connection, *, put_away: bool = False) -> bool:  # noqa: ARG002
        return put_away or instance.active

    def removal_there(self, payload: Payload) -> Payload:
        # Items want their name with every update.
        return super().removal_there(payload) | {"Name": payload["Name"]}

    def create_here(
        self, *, company: Company, records: Sequence[tuple[Encoded, Payload]]
    ) -> Sequence[WorkCode | ValidationError]:
        rows = [_values(record) | {"category": _category(payload)} for record, payload in records]
        return operations.create_many(company=company, rows=rows)

    def remove_here(self, *, company: Company, local_id: int) -> WorkCode:
        return operations.deactivate(company=company, id=local_id)

    def update_here(
        self, *, company: Company, local_id: int, values: Encoded, expected_revision: int | None
    ) -> WorkCode:
        work_code = operations.update(
            company=company, id=local_id, values=_values(values), expected_revision=expected_revision
        )
        if "active" in values and values["active"] != work_code.active:
            change = operations.reactivate if values["active"] else operations.deactivate
            return change(company=company, id=local_id)
        return work_code

    def merge_here(self, *, company: Company, loser: int, survivor: int) -> WorkCode:
        return operations.merge_work_codes(company=company, loser=loser, survivor=survivor)


def _values(record: Encoded) -> dict[str, Any]:
    values = without_active(record)
    return values | ({"price": Decimal(record["price"])} if "price" in record else {})


def _category(payload: Payload) -> str:
    """The path of the categories above it: what FullyQualifiedName says before the name."""
    path, _, _ = text(payload.get("FullyQualifiedName")).rpartition(":")
    return path
