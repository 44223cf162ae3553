"""Estimates: both translations. They go to QuickBooks only; what a customer answered is taken from there."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from quickbooks_sync.models import Connection
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.records import Encoded, EstimateRecord, encode
from service_genius.estimates import operations, queries
from service_genius.estimates.models import Estimate, EstimateLine

from .base import Facts, Payload, References, Removal, text
from .naming import Way
from .sales_form import SalesFormKind, lines_of_forms, owners_of

STATUS_THERE = {
    Estimate.Status.PENDING: "Pending",
    Estimate.Status.ACCEPTED: "Accepted",
    Estimate.Status.DECLINED: "Rejected",
    Estimate.Status.CLOSED: "Closed",
}
STATUS_HERE = {there: str(here) for here, there in STATUS_THERE.items()}


class EstimateKind(SalesFormKind[Estimate]):
    """An estimate here, an Estimate there (facts E12): nobody owes anything for it."""

    name = "estimate"
    entity = "Estimate"
    title = "Estimates"
    title_there = "Estimates"
    plural_there = "estimates"
    pages = "estimates"
    model, record = Estimate, EstimateRecord
    operations = operations
    removal: Removal = "delete"
    days: Mapping[str, str] = {"date": "TxnDate", "expiry_date": "ExpirationDate"}
    ways: Mapping[str, Way] = lines_of_forms(EstimateLine)
    yields = frozenset({"status"})
    owners = owners_of(Estimate)
    proper = frozenset({"number", "memo", *days})
    blank = encode(EstimateRecord(number="", customer=0, date=date.min, lines=()))
    touches: tuple[str, ...] = ("Estimate",)
    numbered_with: tuple[str, ...] = ("Estimate",)
    amounts_there: Mapping[str, str] = {"total": "Total there"}

    def wanted(self, connection: Connection) -> bool:
        return connection.send_estimates

    def problems(self, record: Encoded, facts: Facts) -> tuple[Problem, ...]:
        off = () if facts.estimates else (Problem(reason=Reason.ESTIMATES_OFF, details={}),)
        return (*off, *super().problems(record, facts))

    def meant(self, search: str) -> Q:
        return queries.meant(search)

    def own_here(self, instance: Estimate) -> Mapping[str, Any]:
        return {**super().own_here(instance), "status": str(instance.status)}

    def own_there(self, payload: Payload) -> Mapping[str, Any]:
        status = STATUS_HERE.get(text(payload.get("TxnStatus")), str(Estimate.Status.PENDING))
        return {**super().own_there(payload), "status": status}

    def to_there(
        self,
        record: Encoded,
        *,
        only: frozenset[str] | None,
        base: Payload,
        references: References,
        facts: Facts,
        marker: str,
    ) -> Payload:
        payload = super().to_there(
            record, only=only, base=base, references=references, facts=facts, marker=marker
        )
        if only is None or "status" in only:
            payload["TxnStatus"] = STATUS_THERE[record["status"]]
        return payload

    def settled_elsewhere(self, payload: Payload) -> bool:
        return bool(payload.get("LinkedTxn"))
