"""Invoices: both translations. They go to QuickBooks only; what is changed there is told, never taken."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Q, QuerySet

from quickbooks_sync.planner.records import Encoded, InvoiceRecord, encode
from service_genius.companies.models import Company
from service_genius.invoices import operations, queries
from service_genius.invoices.models import Invoice, InvoiceLine

from . import online_payment
from .base import Facts, LocalKey, Payload, References, RemoteKey, decimal, reference
from .naming import Way
from .sales_form import SalesFormKind, lines_of_forms, owners_of


class InvoiceKind(SalesFormKind[Invoice]):
    """An invoice here, an Invoice there."""

    name = "invoice"
    entity = "Invoice"
    title = "Invoices"
    title_there = "Invoices"
    plural_there = "invoices"
    pages = "invoices"
    model, record = Invoice, InvoiceRecord
    operations = operations
    days: Mapping[str, str] = {"date": "TxnDate", "due_date": "DueDate"}
    ways: Mapping[str, Way] = lines_of_forms(InvoiceLine)
    owners = owners_of(Invoice)
    proper = frozenset({"number", "memo", *days})
    blank = encode(InvoiceRecord(number="", customer=0, date=date.min, due_date=date.min, lines=()))
    touches: tuple[str, ...] = ("Invoice", "Customer")
    numbered_with: tuple[str, ...] = ("Invoice", "SalesReceipt", "CreditMemo", "RefundReceipt")
    adds_to_balance: Literal[-1, 0, 1] = 1
    owed = True
    paid_online = True
    freed = "If something is paid on it, that becomes the customer's credit."
    amounts_there: Mapping[str, str] = {"total": "Total there", "balance": "Open there"}

    def all_here(self, company: Company) -> QuerySet[Invoice]:
        return super().all_here(company).select_related("tax_rate", "estimate")

    def made_of(self, instance: Invoice) -> set[LocalKey]:
        estimate = getattr(instance, "estimate", None)
        return {("estimate", estimate.pk)} if estimate is not None else set()

    def meant(self, search: str) -> Q:
        return queries.meant(search)

    def own_there(self, payload: Payload) -> Mapping[str, Any]:
        days = super().own_there(payload)
        return {**days, "due_date": days["due_date"] or days["date"]}

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
        if only is not None:
            return payload | online_payment.as_last_seen(base)
        address = references.addresses.get(("customer", record["customer"]), "")
        return payload | online_payment.of_new(facts, address)

    def owed_here(self, company: Company, local_id: int) -> Decimal | None:
        invoice = queries.with_balance(Invoice.objects.filter(company=company, pk=local_id)).get()
        return None if invoice.voided else invoice.balance

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

    def removal_there(self, payload: Payload) -> Payload:
        return super().removal_there(payload) | online_payment.as_last_seen(payload)
