"""Invoices: both translations. They go to QuickBooks only; what is changed there is told, never taken."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from quickbooks_sync.models import Connection
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.evidence import Identity
from quickbooks_sync.planner.records import TAXED_BY, Encoded, InvoiceRecord, LineRecord, encode_value
from service_genius.companies.models import Company
from service_genius.invoices import operations, queries
from service_genius.invoices.models import Invoice

from . import online_payment
from .base import (
    Facts,
    Limits,
    LocalKey,
    Payload,
    References,
    RemoteKey,
    decimal,
    reference,
    text,
    too_long,
)
from .money import eligible, is_voided, is_within_us, marked_note, marker_of
from .tax import tax_code_of

SALES_LINE = "SalesItemLineDetail"
DISCOUNT_LINE = "DiscountLineDetail"
OWN_LINES = {SALES_LINE, DISCOUNT_LINE, "SubTotalLineDetail"}
LIMITS: Limits = {"number": ("Number", 21), "memo": ("Message to the customer", 1000)}


class InvoiceKind:
    """An invoice here, an Invoice there."""

    name = "invoice"
    entity = "Invoice"
    title = "Invoices"
    title_there = "Invoices"
    touches: tuple[str, ...] = ("Invoice", "Customer")
    money = True
    proper = frozenset({"number", "date", "due_date", "memo"})

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
            number=instance.number,
            customer=instance.customer_id,
            date=instance.date,
            due_date=instance.due_date,
            lines=tuple(
                LineRecord(
                    work_code=line.work_code_id,
                    description=text(line.description),
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
            memo=text(instance.memo),
            voided=instance.voided,
        )

    def from_there(self, payload: Payload, references: References, facts: Facts) -> InvoiceRecord:
        discount = next((line for line in _lines(payload) if line.get("DetailType") == DISCOUNT_LINE), None)
        detail = (discount or {}).get(DISCOUNT_LINE) or {}
        percent = bool(detail.get("PercentBased"))
        code = tax_code_of(payload, facts)
        return InvoiceRecord(
            number=text(payload.get("DocNumber")),
            customer=references.here.get(("customer", reference(payload, "CustomerRef")), 0),
            date=date.fromisoformat(payload["TxnDate"]),
            due_date=date.fromisoformat(payload.get("DueDate") or payload["TxnDate"]),
            lines=tuple(
                _line_from_there(line, references)
                for line in _lines(payload)
                if line.get("DetailType") not in {DISCOUNT_LINE, "SubTotalLineDetail"}
            ),
            discount_percent=decimal(detail.get("DiscountPercent")) if discount and percent else None,
            discount_amount=decimal(discount.get("Amount")) if discount and not percent else None,
            tax_rate=facts.rate_of_tax_code.get(code),
            memo=text((payload.get("CustomerMemo") or {}).get("value")),
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
            payload |= _amounts(record, base, references, facts)
        if only is not None:
            return payload | online_payment.as_last_seen(base)
        payload["PrivateNote"] = marked_note("", marker)
        address = references.addresses.get(("customer", record["customer"]), "")
        return payload | online_payment.of_new(facts, address)

    def refers_to(self, record: Encoded) -> set[LocalKey]:
        codes = {("work_code", line["work_code"]) for line in record["lines"] if line["work_code"]}
        return {("customer", record["customer"]), *codes}

    def refers_to_there(self, payload: Payload) -> set[RemoteKey]:
        items = {("work_code", _item(line)) for line in _lines(payload) if _item(line)}
        customer = reference(payload, "CustomerRef")
        return ({("customer", customer)} if customer else set()) | items

    def exclusive(self, record: Encoded) -> frozenset[str]:
        return frozenset({record["number"]})

    def problems(self, record: Encoded, facts: Facts) -> tuple[Problem, ...]:
        found = list(too_long(record, LIMITS))
        if record["tax_rate"] is not None:
            if facts.sales_tax == "off" or not is_within_us(facts):
                found.append(Problem(reason=Reason.SALES_TAX_OFF, details={}))
            elif facts.sales_tax == "manual" and record["tax_rate"] not in facts.tax_code_of_rate:
                rate = facts.rate_names.get(record["tax_rate"], "")
                found.append(Problem(reason=Reason.TAX_NOT_MAPPED, details={"rate": rate}))
        if _has_discount(record) and not facts.discounts:
            found.append(Problem(reason=Reason.DISCOUNTS_OFF, details={}))
        return tuple(found)

    def totals_here(self, instance: Invoice) -> Encoded:
        return {"total": encode_value(instance.total), "tax": encode_value(instance.tax)}

    def totals_there(self, payload: Payload) -> Encoded:
        tax = decimal((payload.get("TxnTaxDetail") or {}).get("TotalTax"))
        return {"total": encode_value(decimal(payload.get("TotalAmt"))), "tax": encode_value(tax)}

    def identity(self, record: Encoded) -> Identity:
        return Identity(name=record["number"])

    def takeable(self, payload: Payload) -> bool:  # noqa: ARG002 - the shape of every Kind
        return False

    def foreign_currency(self, instance: Invoice | None, payload: Payload, facts: Facts) -> str:  # noqa: ARG002
        return ""

    def may_be_paired(self, payload: Payload) -> bool:
        return not is_voided(payload)

    def eligible(self, instance: Invoice, connection: Connection) -> bool:
        return eligible(instance, connection)

    def removable(self, payload: Payload) -> bool:
        return not self.settled_elsewhere(payload)

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

    def marker_there(self, payload: Payload) -> str:
        return marker_of(payload)

    def removal_there(self, payload: Payload) -> tuple[str, Payload]:
        head = {"Id": payload["Id"], "SyncToken": payload["SyncToken"], "sparse": True}
        return "void", head | online_payment.as_last_seen(payload)

    def create_here(
        self, *, company: Company, records: Sequence[tuple[Encoded, Payload]]
    ) -> Sequence[Invoice | ValidationError]:
        raise NotImplementedError("invoices are not taken from QuickBooks")

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
            taken["lines"] = [_line_here(line) for line in taken["lines"]]
        return operations.update(
            company=company, id=local_id, values=taken, expected_revision=expected_revision
        )


def _line_here(line: Encoded) -> dict[str, Any]:
    if not line["work_code"]:
        raise ValidationError("A line in QuickBooks uses an item that Service Genius does not have.")
    return {
        "work_code": line["work_code"],
        "description": line["description"],
        "quantity": Decimal(line["quantity"]),
        "unit_price": Decimal(line["unit_price"]),
        "taxable": line["taxable"],
    }


def _lines(payload: Payload) -> list[Payload]:
    return list(payload.get("Line") or [])


def _item(line: Payload) -> str:
    return reference(line.get(SALES_LINE) or {}, "ItemRef")


def _has_discount(record: Encoded) -> bool:
    return record["discount_percent"] not in (None, "0") or record["discount_amount"] not in (None, "0")


def _line_from_there(line: Payload, references: References) -> LineRecord:
    detail = line.get(SALES_LINE) or {}
    amount = decimal(line.get("Amount"))
    quantity = decimal(detail.get("Qty")) if "Qty" in detail else Decimal(1)
    return LineRecord(
        work_code=references.here.get(("work_code", _item(line))),
        description=text(line.get("Description")),
        quantity=quantity,
        unit_price=decimal(detail.get("UnitPrice")) if "UnitPrice" in detail else amount,
        amount=amount,
        taxable=reference(detail, "TaxCodeRef") == "TAX",
    )


def _amounts(record: Encoded, base: Payload, references: References, facts: Facts) -> Payload:
    """Lines, discount and tax go together: QuickBooks computes the totals from all three."""
    rate = record["tax_rate"]
    seen = [line for line in _lines(base) if line.get("DetailType") == SALES_LINE]
    lines = []
    for line, known in zip(record["lines"], _known_lines(record, seen, references), strict=True):
        detail = {
            **(known.get(SALES_LINE) or {}),
            "ItemRef": {"value": references.there["work_code", line["work_code"]]},
            "Qty": Decimal(line["quantity"]),
            "UnitPrice": Decimal(line["unit_price"]),
            "TaxCodeRef": {"value": "TAX" if line["taxable"] and rate is not None else "NON"},
        }
        lines.append(
            {
                **{member: value for member, value in known.items() if member != "LineNum"},
                "DetailType": SALES_LINE,
                "Amount": Decimal(line["amount"]),
                "Description": line["description"],
                SALES_LINE: detail,
            }
        )
    payload: Payload = {"Line": lines}
    if _has_discount(record):
        payload["Line"].append(_discount_line(record))
        payload["ApplyTaxAfterDiscount"] = True
    if rate is not None and facts.sales_tax == "manual":
        payload["TxnTaxDetail"] = {"TxnTaxCodeRef": {"value": facts.tax_code_of_rate[rate]}}
    elif rate is not None:
        # To let QuickBooks reckon it is to leave it out (qbo-facts-2 6).
        ours = "tax" in record and not facts.their_tax
        payload |= {"TxnTaxDetail": {"TotalTax": Decimal(record["tax"])}} if ours else {}
    elif base.get("TxnTaxDetail"):
        payload["TxnTaxDetail"] = {}
    return payload


def _known_lines(record: Encoded, seen: list[Payload], references: References) -> list[Payload]:
    """For each of our lines the one it is there, so that what we do not know of it survives an edit.

    The same in every value first, then the next of the same item; a line found for none is new.
    """
    left = list(seen)
    known: list[Payload] = [{} for _ in record["lines"]]
    for alike in (_is_equal, _is_of_item):
        for place, line in enumerate(record["lines"]):
            item = references.there["work_code", line["work_code"]]
            found = next((each for each in left if not known[place] and alike(line, item, each)), None)
            if found is not None:
                known[place] = found
                left.remove(found)
    return known


def _is_of_item(_line: Encoded, item: str, there: Payload) -> bool:
    return _item(there) == item


def _is_equal(line: Encoded, item: str, there: Payload) -> bool:
    detail = there.get(SALES_LINE) or {}
    return (
        _item(there) == item
        and text(there.get("Description")) == line["description"]
        and decimal(detail.get("Qty")) == Decimal(line["quantity"])
        and decimal(detail.get("UnitPrice")) == Decimal(line["unit_price"])
    )


def _discount_line(record: Encoded) -> Payload:
    if record["discount_percent"] is not None:
        percent = Decimal(record["discount_percent"])
        # Its amount is QuickBooks' to compute; the member is required.
        subtotal = sum((Decimal(line["amount"]) for line in record["lines"]), start=Decimal(0))
        amount = (subtotal * percent / 100).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")
        return {
            "DetailType": DISCOUNT_LINE,
            "Amount": amount,
            DISCOUNT_LINE: {"PercentBased": True, "DiscountPercent": percent},
        }
    return {
        "DetailType": DISCOUNT_LINE,
        "Amount": Decimal(record["discount_amount"]),
        DISCOUNT_LINE: {"PercentBased": False},
    }
