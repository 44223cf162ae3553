"""Invoices: both translations. They go to QuickBooks only; what is changed there is told, never taken."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.evidence import Identity
from quickbooks_sync.planner.records import TAXED_BY, Encoded, InvoiceRecord, LineRecord, encode, encode_value
from quickbooks_sync.sql.prepared import Select
from service_genius.companies.models import Company
from service_genius.invoices import operations, queries
from service_genius.invoices.models import Invoice, InvoiceLine

from . import online_payment
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
    name_problems,
    reference,
    text,
    too_long,
)
from .defaults import MoneyKind
from .lines import (
    DISCOUNT_LINE,
    OF_WORK_CODES,
    discount_line,
    is_text,
    item_of,
    line_from_there,
    line_here,
    lines_of,
    own_lines,
    sales_lines,
)
from .money import OF_CUSTOMER, is_voided, is_within_us, marked_note, too_large
from .naming import Naming
from .tax import tax_code_of

LIMITS: Limits = {"number": ("Number", 21), "memo": ("Message to the customer", 1000)}
TEXT_LIMITS: Limits = {"memo": LIMITS["memo"]}
OWNERS = Select(
    lambda company, ids: Invoice.objects.filter(company=company, pk__in=ids).values_list("pk", "customer")
)

BLANK = encode(InvoiceRecord(number="", customer=0, date=date.min, due_date=date.min, lines=()))


class InvoiceKind(MoneyKind):
    """An invoice here, an Invoice there."""

    name = "invoice"
    entity = "Invoice"
    title = "Invoices"
    title_there = "Invoices"
    plural_there = "invoices"
    told_by = "DocNumber"
    pages = "invoices"
    touches: tuple[str, ...] = ("Invoice", "Customer")
    holds: Mapping[str, str] = {"customer": "customer", "work_code": "work_code"}
    name_field = "number"
    name_length = LIMITS["number"][1]
    owed = True
    taxed = True
    paid_online = True
    amounts_there: Mapping[str, str] = {"total": "Total there", "balance": "Open there"}
    blank = BLANK
    proper = frozenset({"number", "date", "due_date", "memo"})
    naming: Mapping[str, Naming] = {"customer": OF_CUSTOMER, "work_code": OF_WORK_CODES}

    def all_here(self, company: Company) -> QuerySet[Invoice]:
        return Invoice.objects.filter(company=company).select_related("tax_rate").prefetch_related("lines")

    def meant(self, search: str) -> Q:
        return queries.meant(search)

    def label(self, instance: Invoice) -> str:
        return f"Invoice {instance.number}"

    def label_there(self, payload: Payload) -> str:
        return f"Invoice {text(payload.get('DocNumber'))}".strip()

    def from_here(self, instance: Invoice) -> InvoiceRecord:
        return InvoiceRecord(
            number=text(instance.number),
            customer=instance.customer_id,
            date=instance.date,
            due_date=instance.due_date,
            lines=tuple(
                LineRecord(
                    work_code=line.work_code_id,
                    description=kept(InvoiceLine, "description", line.description),
                    quantity=line.quantity,
                    unit_price=line.unit_price,
                    amount=line.amount,
                    taxable=line.taxable,
                )
                for line in instance.lines.all()
            ),
            discount_percent=instance.discount_percent,
            discount_amount=instance.discount_amount,
            tax_rate=instance.tax_rate_id,
            memo=kept(Invoice, "memo", instance.memo),
            voided=instance.voided,
        )

    def from_there(self, payload: Payload, references: References, facts: Facts) -> InvoiceRecord:
        discount = next((line for line in lines_of(payload) if line.get("DetailType") == DISCOUNT_LINE), None)
        detail = (discount or {}).get(DISCOUNT_LINE) or {}
        percent = bool(detail.get("PercentBased"))
        code = tax_code_of(payload, facts)
        return InvoiceRecord(
            number=text(payload.get("DocNumber")),
            customer=references.here.get(("customer", reference(payload, "CustomerRef")), 0),
            date=date.fromisoformat(payload["TxnDate"]),
            due_date=date.fromisoformat(payload.get("DueDate") or payload["TxnDate"]),
            lines=tuple(line_from_there(line, references) for line in own_lines(payload)),
            discount_percent=decimal(detail.get("DiscountPercent")) if discount and percent else None,
            discount_amount=decimal(discount.get("Amount")) if discount and not percent else None,
            tax_rate=facts.rate_of_tax_code.get(code),
            memo=kept(Invoice, "memo", (payload.get("CustomerMemo") or {}).get("value")),
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
        wanted = frozenset(record) if only is None else only
        payload: Payload = {}
        for field, member in (("number", "DocNumber"), ("date", "TxnDate"), ("due_date", "DueDate")):
            if field in wanted:
                payload[member] = record[field]
        if "customer" in wanted:
            payload["CustomerRef"] = {"value": references.there["customer", record["customer"]]}
        if "memo" in wanted and (record["memo"] or only is not None):
            payload["CustomerMemo"] = {"value": record["memo"]}
        if wanted & TAXED_BY:
            payload |= _amounts(record, base, references, facts, code=_tax_code(record, only, base, facts))
        if only is not None:
            return payload | online_payment.as_last_seen(base)
        payload["PrivateNote"] = marked_note("", marker)
        address = references.addresses.get(("customer", record["customer"]), "")
        return payload | online_payment.of_new(facts, address)

    def refers_to(self, record: Encoded) -> set[LocalKey]:
        codes = {("work_code", line["work_code"]) for line in record["lines"] if line["work_code"]}
        return {("customer", record["customer"]), *codes}

    def refers_to_there(self, payload: Payload) -> set[RemoteKey]:
        items = {("work_code", item_of(line)) for line in lines_of(payload) if item_of(line)}
        customer = reference(payload, "CustomerRef")
        return ({("customer", customer)} if customer else set()) | items

    def let_go(self, local_id: int) -> Encoded:
        return {"number": f"moves {local_id}"}

    def in_the_way(self, *, company: Company, local_id: int, values: Encoded) -> set[int]:  # noqa: ARG002
        if "number" not in values:
            return set()
        numbered = Invoice.objects.filter(company=company, number=values["number"])
        return set(numbered.values_list("pk", flat=True))

    def beyond(self, company: Company, ids: Collection[int]) -> Mapping[int, set[LocalKey]]:
        return {pk: {("customer", customer)} for pk, customer in OWNERS(company=company.pk, ids=ids)}

    def exclusive(self, record: Encoded) -> frozenset[str]:
        return frozenset({record["number"]})

    def problems(self, record: Encoded, facts: Facts) -> tuple[Problem, ...]:
        found = list(name_problems(record, "number", LIMITS, signs=""))
        found += too_large(line[name] for line in record["lines"] for name in ("amount", "unit_price"))
        if record["tax_rate"] is not None:
            if facts.sales_tax == "off" or not is_within_us(facts):
                found.append(Problem(reason=Reason.SALES_TAX_OFF, details={}))
            elif facts.sales_tax == "manual" and record["tax_rate"] not in facts.tax_code_of_rate:
                rate = facts.rate_names.get(record["tax_rate"], "")
                found.append(Problem(reason=Reason.TAX_NOT_MAPPED, details={"rate": rate}))
        if _has_discount(record) and not facts.discounts:
            found.append(Problem(reason=Reason.DISCOUNTS_OFF, details={}))
        return tuple(found)

    def unfit_there(self, record: Encoded, facts: Facts) -> Unfit:  # noqa: ARG002
        return too_long(record, TEXT_LIMITS)

    def only_there(self, payload: Payload) -> Mapping[str, str]:
        texts = [
            kept(InvoiceLine, "description", line.get("Description"))
            for line in lines_of(payload)
            if is_text(line)
        ]
        said = ", ".join(f"“{each}”" for each in texts if each)
        return (
            {"text": f"In QuickBooks it has text between its lines as well: {said}. It stays there."}
            if said
            else {}
        )

    def stands(self, payload: Payload) -> Encoded:
        return {"tax_rate": reference(payload.get("TxnTaxDetail") or {}, "TxnTaxCodeRef")}

    def totals_here(self, instance: Invoice) -> Encoded:
        return {"total": encode_value(instance.total), "tax": encode_value(instance.tax)}

    def totals_there(self, payload: Payload) -> Encoded:
        tax = decimal((payload.get("TxnTaxDetail") or {}).get("TotalTax"))
        return {"total": encode_value(decimal(payload.get("TotalAmt"))), "tax": encode_value(tax)}

    def owed_here(self, company: Company, local_id: int) -> Decimal | None:
        invoice = queries.with_balance(Invoice.objects.filter(company=company, pk=local_id)).get()
        return None if invoice.voided else invoice.balance

    def identity(self, record: Encoded) -> Identity:
        return Identity(name=record["number"])

    def settled_elsewhere(self, payload: Payload) -> bool:
        return decimal(payload.get("Balance")) != decimal(payload.get("TotalAmt"))

    def settles(self, payload: Payload) -> Mapping[RemoteKey, Decimal]:
        return {("customer", reference(payload, "CustomerRef")): -decimal(payload.get("TotalAmt"))}

    def will_settle(
        self, record: Encoded, totals: Encoded, references: References
    ) -> Mapping[RemoteKey, Decimal]:
        customer = references.there.get(("customer", record["customer"]), "")
        return {("customer", customer): -Decimal(totals["total"])}

    def applied_at_once(self, payload: Payload) -> Decimal:
        return decimal(payload.get("TotalAmt")) - decimal(payload.get("Balance"))

    def removal_there(self, payload: Payload) -> tuple[str, Payload]:
        head = {"Id": payload["Id"], "SyncToken": payload["SyncToken"], "sparse": True}
        return "void", head | online_payment.as_last_seen(payload)

    def dated(self, instance: Invoice, day: date) -> Encoded:
        # It keeps the time there was to pay it.
        return {"date": day.isoformat(), "due_date": (instance.due_date + (day - instance.date)).isoformat()}

    def remove_here(self, *, company: Company, local_id: int) -> Invoice:
        return operations.void(company=company, id=local_id)

    def update_here(
        self, *, company: Company, local_id: int, values: Encoded, expected_revision: int | None
    ) -> Invoice:
        """Take what was changed in QuickBooks, when a person says so."""
        if values.get("voided"):
            return self.remove_here(company=company, local_id=local_id)
        taken: dict[str, Any] = {name: value for name, value in values.items() if name != "voided"}
        for name in {"date", "due_date"} & taken.keys():
            taken[name] = date.fromisoformat(taken[name])
        for name in {"discount_percent", "discount_amount"} & taken.keys():
            taken[name] = Decimal(taken[name]) if taken[name] is not None else None
        if "lines" in taken:
            taken["lines"] = [line_here(line) for line in taken["lines"]]
        return operations.update(
            company=company, id=local_id, values=taken, expected_revision=expected_revision
        )


def _has_discount(record: Encoded) -> bool:
    return record["discount_percent"] not in (None, "0") or record["discount_amount"] not in (None, "0")


def _tax_code(record: Encoded, only: frozenset[str] | None, base: Payload, facts: Facts) -> str:
    """The tax code it is to have with manual sales tax.

    That of its rate; but an edit of other things leaves it the one it has, if that charges the same.
    """
    rate = record["tax_rate"]
    standing = reference(base.get("TxnTaxDetail") or {}, "TxnTaxCodeRef")
    percents = facts.percents_of_rate.get(rate)
    same = percents is not None and facts.percents_of_tax_code.get(standing) == percents
    kept_code = only is not None and "tax_rate" not in only and same
    return standing if kept_code else facts.tax_code_of_rate.get(rate, "")


def _amounts(record: Encoded, base: Payload, references: References, facts: Facts, *, code: str) -> Payload:
    """Lines, discount and tax go together: QuickBooks computes the totals from all three."""
    rate = record["tax_rate"]
    payload: Payload = {"Line": sales_lines(record, base, references)}
    if _has_discount(record):
        payload["Line"].append(discount_line(record))
        payload["ApplyTaxAfterDiscount"] = True
    if rate is not None and facts.sales_tax == "manual":
        payload["TxnTaxDetail"] = {"TxnTaxCodeRef": {"value": code}}
    elif rate is not None:
        # To let QuickBooks reckon it is to leave it out (facts E13).
        ours = "tax" in record and not facts.their_tax
        payload |= {"TxnTaxDetail": {"TotalTax": Decimal(record["tax"])}} if ours else {}
    elif base.get("TxnTaxDetail"):
        payload["TxnTaxDetail"] = {}
    return payload
