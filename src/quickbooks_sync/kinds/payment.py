"""Payments: both translations. They go to QuickBooks only."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.records import AllocationRecord, Encoded, PaymentRecord, encode, encode_value
from service_genius.companies.models import Company
from service_genius.payments import operations, queries
from service_genius.payments.models import Allocation, Payment

from .base import (
    Facts,
    Limits,
    LocalKey,
    Payload,
    References,
    RemoteKey,
    Unfit,
    decimal,
    kept,
    reference,
    text,
    too_long,
)
from .defaults import MoneyKind
from .money import (
    MARKER_ROOM,
    OF_CUSTOMER,
    amount_words,
    is_voided,
    marked_note,
    marker_of,
    note_of,
    too_large,
)
from .naming import Naming, Way

LIMITS: Limits = {"reference": ("Reference", 21), "memo": ("Note", 4000 - MARKER_ROOM)}
BLANK = encode(PaymentRecord(customer=0, date=date.min, amount=Decimal(0)))
METHODS_NAMED_MAX = 12
#: Members of the object that QuickBooks computes; a full update does not send them back.
COMPUTED = {"MetaData", "UnappliedAmt", "domain", "sparse", "LinkedTxn"}


class PaymentKind(MoneyKind):
    """A payment here, a Payment there."""

    name = "payment"
    model = Payment
    entity = "Payment"
    title = "Payments"
    title_there = "Payments"
    plural_there = "payments"
    told_by = "TotalAmt"
    pages = "payments"
    touches: tuple[str, ...] = ("Payment", "Invoice", "Customer")
    holds: Mapping[str, str] = {"customer": "customer", "invoice": "invoice"}
    ways: Mapping[str, Way] = {
        "customer": Way(field="customer"),
        "invoice": Way(field="invoice", through=Allocation, owner="payment"),
    }
    amount_field = "amount"
    adds_to_balance: Literal[-1, 0, 1] = -1
    pays = True
    freed = "If it pays an invoice, that is open again."
    amounts_there: Mapping[str, str] = {"total": "Total there"}
    blank = BLANK
    proper = frozenset({"date", "amount", "reference"})
    naming: Mapping[str, Naming] = {"customer": OF_CUSTOMER}

    def all_here(self, company: Company) -> QuerySet[Payment]:
        return (
            Payment.objects.filter(company=company)
            .select_related("customer", "company")
            .prefetch_related("allocations")
        )

    def meant(self, search: str) -> Q:
        return queries.meant(search)

    def label(self, instance: Payment) -> str:
        amount = amount_words(instance.amount, instance.company.currency)
        return f"Payment of {amount} by {instance.customer.display_name}"

    def label_there(self, payload: Payload) -> str:
        customer = text((payload.get("CustomerRef") or {}).get("name"))
        amount = amount_words(decimal(payload.get("TotalAmt")), reference(payload, "CurrencyRef") or "USD")
        return f"Payment of {amount} by {customer}" if customer else f"Payment of {amount}"

    def from_here(self, instance: Payment) -> PaymentRecord:
        allocations = sorted((each.invoice_id, each.amount) for each in instance.allocations.all())
        return PaymentRecord(
            customer=instance.customer_id,
            date=instance.date,
            amount=instance.amount,
            method=text(instance.method),
            reference=text(instance.reference),
            memo=kept(Payment, "memo", instance.memo),
            allocations=tuple(AllocationRecord(invoice=pk, amount=amount) for pk, amount in allocations),
            voided=instance.voided,
        )

    def from_there(self, payload: Payload, references: References, facts: Facts) -> PaymentRecord:
        allocations = sorted(
            (references.here.get(("invoice", linked), -int(linked)), amount)
            for linked, amount in _applied(payload)
        )
        chosen = payload.get("PaymentMethodRef") or {}
        method = facts.payment_method_names.get(reference(payload, "PaymentMethodRef"), chosen.get("name"))
        return PaymentRecord(
            customer=references.here.get(("customer", reference(payload, "CustomerRef")), 0),
            date=date.fromisoformat(payload["TxnDate"]),
            amount=decimal(payload.get("TotalAmt")),
            method=text(method),
            reference=text(payload.get("PaymentRefNum")),
            memo=kept(Payment, "memo", note_of(payload)),
            allocations=tuple(AllocationRecord(invoice=pk, amount=amount) for pk, amount in allocations),
            voided=is_voided(payload),
        )

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
        # A sparse update of a payment is refused (facts E6), so every update is a full one: what is not to be
        # changed goes back as it is there, which may differ from what is here by agreement.
        wanted = frozenset(record) if only is None else only
        payload: Payload = {key: value for key, value in base.items() if key not in COMPUTED}
        if "customer" in wanted:
            payload["CustomerRef"] = {"value": references.there["customer", record["customer"]]}
        if "date" in wanted:
            payload["TxnDate"] = record["date"]
        if "amount" in wanted:
            payload["TotalAmt"] = Decimal(record["amount"])
        if "allocations" in wanted:
            others = [line for line in base.get("Line") or [] if not _is_invoice_line(line)]
            payload["Line"] = [*others, *_invoice_lines(record, references)]
        if "reference" in wanted and (record["reference"] or only is not None):
            payload["PaymentRefNum"] = record["reference"]
        if "method" in wanted:
            payload.pop("PaymentMethodRef", None)
            method = facts.payment_methods.get(record["method"].casefold())
            payload |= {"PaymentMethodRef": {"value": method}} if method is not None else {}
        if only is not None:
            if "memo" in only:
                payload["PrivateNote"] = marked_note(record["memo"], marker_of(base))
            return payload | {"sparse": False}
        payload["PrivateNote"] = marked_note(record["memo"], marker)
        if facts.deposit_account:
            payload["DepositToAccountRef"] = {"value": facts.deposit_account}
        return payload

    def refers_to(self, record: Encoded) -> set[LocalKey]:
        invoices = {("invoice", allocation["invoice"]) for allocation in record["allocations"]}
        return {("customer", record["customer"])} | invoices

    def refers_to_there(self, payload: Payload) -> set[RemoteKey]:
        customer = reference(payload, "CustomerRef")
        invoices = {("invoice", linked) for linked, _ in _applied(payload)}
        return ({("customer", customer)} if customer else set()) | invoices

    def let_go(self, local_id: int) -> Encoded:  # noqa: ARG002
        return {"allocations": []}

    def in_the_way(self, *, company: Company, local_id: int, values: Encoded) -> set[int]:  # noqa: ARG002
        if "allocations" not in values:
            return set()
        paid = [each["invoice"] for each in values["allocations"]]
        paying = Payment.objects.filter(company=company, allocations__invoice__in=paid)
        return set(paying.values_list("pk", flat=True))

    def exclusive(self, record: Encoded) -> frozenset[str]:
        return frozenset(str(each["invoice"]) for each in record["allocations"])

    def problems(self, record: Encoded, facts: Facts) -> tuple[Problem, ...]:
        # QuickBooks would take another account unasked.
        gone = (Problem(reason=Reason.NO_ACCOUNT, details={"sort": "deposit"}),) if facts.deposit_gone else ()
        return (*too_large([record["amount"]]), *gone)

    def unfit_there(self, record: Encoded, facts: Facts) -> Unfit:
        found = too_long(record, LIMITS)
        if record["method"] and record["method"].casefold() not in facts.payment_methods:
            found["method"] = (
                f"QuickBooks has no payment method “{record['method']}”. Add it there, under Settings, "
                "All lists, Payment methods, and it goes with the next sync; or choose one that is there."
            )
        return found

    def stands(self, payload: Payload) -> Encoded:
        return {"method": reference(payload, "PaymentMethodRef")}

    def totals_here(self, instance: Payment) -> Encoded:
        applied = sum((each.amount for each in instance.allocations.all()), start=Decimal(0))
        return {
            "total": encode_value(instance.amount),
            "unapplied": encode_value(instance.amount - applied),
        }

    def totals_there(self, payload: Payload) -> Encoded:
        return {
            "total": encode_value(decimal(payload.get("TotalAmt"))),
            "unapplied": encode_value(decimal(payload.get("UnappliedAmt"))),
        }

    def hints(self, facts: Mapping[str, Any]) -> Mapping[str, str]:
        methods = [method["name"] for method in facts.get("payment_methods", [])]
        if not methods:
            return {}
        named = ", ".join(methods[:METHODS_NAMED_MAX])
        more = " and others" if len(methods) > METHODS_NAMED_MAX else ""
        return {"method": f"QuickBooks has {named}{more}; another stays here only until it is added there."}

    def called(self, record: Encoded) -> str:
        return str(record["reference"])

    def settled_elsewhere(self, payload: Payload) -> bool:
        """Banked there (part of a deposit), or applied to something that we never apply one to: a credit."""
        banked = any(linked.get("TxnType") == "Deposit" for linked in payload.get("LinkedTxn") or [])
        return banked or any(
            linked.get("TxnType") != "Invoice"
            for line in payload.get("Line") or []
            for linked in line.get("LinkedTxn") or []
        )

    def settles(self, payload: Payload) -> Mapping[RemoteKey, Decimal]:
        settled = {("customer", reference(payload, "CustomerRef")): decimal(payload.get("TotalAmt"))}
        for linked, amount in _applied(payload):
            settled["invoice", linked] = settled.get(("invoice", linked), Decimal(0)) + amount
        return settled

    def will_settle(
        self,
        record: Encoded,
        totals: Encoded,  # noqa: ARG002
        references: References,
    ) -> Mapping[RemoteKey, Decimal]:
        customer = references.there.get(("customer", record["customer"]), "")
        settled = {("customer", customer): Decimal(record["amount"])}
        for allocation in record["allocations"]:
            invoice = references.there.get(("invoice", allocation["invoice"]), "")
            settled["invoice", invoice] = Decimal(allocation["amount"])
        return settled

    def remove_here(self, *, company: Company, local_id: int) -> Payment:
        return operations.void(company=company, id=local_id)

    def update_here(
        self, *, company: Company, local_id: int, values: Encoded, expected_revision: int | None
    ) -> Payment:
        """Take what was changed in QuickBooks, when a person says so."""
        if values.get("voided"):
            return self.remove_here(company=company, local_id=local_id)
        taken: dict[str, Any] = {name: value for name, value in values.items() if name != "voided"}
        if "date" in taken:
            taken["date"] = date.fromisoformat(taken["date"])
        if "amount" in taken:
            taken["amount"] = Decimal(taken["amount"])
        if "allocations" in taken:
            taken["allocations"] = [
                {"invoice": each["invoice"], "amount": Decimal(each["amount"])}
                for each in taken["allocations"]
            ]
            if any(each["invoice"] < 1 for each in taken["allocations"]):
                raise ValidationError("In QuickBooks it pays an invoice that Service Genius does not have.")
        return operations.update(
            company=company, id=local_id, values=taken, expected_revision=expected_revision
        )


def on_account(record: Encoded, totals: Encoded, references: References) -> tuple[Encoded, Encoded]:
    """A payment without what it pays of invoices that are not there: that part is the customer's credit."""
    applied = [each for each in record["allocations"] if ("invoice", each["invoice"]) in references.there]
    lowered = {**record, "allocations": applied}
    return lowered, with_rest(lowered, totals)


def with_rest(record: Encoded, totals: Encoded) -> Encoded:
    """The totals of a payment that pays something else than it did."""
    applied = (Decimal(each["amount"]) for each in record["allocations"])
    rest = Decimal(record["amount"]) - sum(applied, start=Decimal(0))
    return {**totals, "unapplied": encode_value(rest)}


def _invoice_lines(record: Encoded, references: References) -> list[Payload]:
    return [
        {
            "Amount": Decimal(each["amount"]),
            "LinkedTxn": [{"TxnId": references.there["invoice", each["invoice"]], "TxnType": "Invoice"}],
        }
        for each in record["allocations"]
    ]


def _is_invoice_line(line: Payload) -> bool:
    return any(linked.get("TxnType") == "Invoice" for linked in line.get("LinkedTxn") or [])


def _applied(payload: Payload) -> list[tuple[str, Decimal]]:
    return [
        (str(linked["TxnId"]), decimal(line.get("Amount")))
        for line in payload.get("Line") or []
        for linked in line.get("LinkedTxn") or []
        if linked.get("TxnType") == "Invoice"
    ]
