"""What the Kinds of all sales forms share: both translations of what stands on every one of them.

A Kind on this base adds its own days, and says what is paid or decided about it.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import QuerySet

from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.records import (
    TAXED_BY,
    Encoded,
    LineRecord,
    SalesFormRecord,
    encode_value,
)
from quickbooks_sync.sql.prepared import Select
from service_genius.companies.models import Company
from service_genius.sales.models import SalesForm, SalesLine

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
from .naming import Naming, Way
from .tax import QUICKBOOKS, tax_code_of

Form = TypeVar("Form", bound=SalesForm)
Written_co = TypeVar("Written_co", bound=SalesForm, covariant=True)
LIMITS: Limits = {"number": ("Number", 21), "memo": ("Message to the customer", 1000)}
TEXT_LIMITS: Limits = {"memo": LIMITS["memo"]}


class SalesOperations(Protocol[Written_co]):
    """What the `operations` of a sales form in the application offer: a module is one."""

    # The names of its arguments are those of the modules.
    def update(
        self,
        *,
        company: Company,
        id: int,  # noqa: A002
        values: Mapping[str, Any],
        expected_revision: int | None = None,
    ) -> Written_co: ...

    def void(self, *, company: Company, id: int, expected_revision: int | None = None) -> Written_co: ...  # noqa: A002

    def take_tax(
        self,
        *,
        company: Company,
        id: int,  # noqa: A002
        tax: Decimal,
        by: str,
        expected_revision: int | None = None,
    ) -> Written_co: ...

    def reckon_anew(self, *, company: Company, id: int) -> Written_co: ...  # noqa: A002


def lines_of_forms(line: type[SalesLine]) -> dict[str, Way]:
    """The ways of a Kind whose lines are these."""
    return {
        "customer": Way(field="customer"),
        "work_code": Way(field="work_code", through=line, owner="document"),
    }


def owners_of(model: type[SalesForm]) -> Select[Any]:
    rows = model._default_manager  # noqa: SLF001 - Django's documented name
    return Select(lambda company, ids: rows.filter(company=company, pk__in=ids).values_list("pk", "customer"))


class SalesFormKind(MoneyKind, Generic[Form]):
    """A document with lines for a customer, on both sides."""

    model: type[Form]
    record: Callable[..., SalesFormRecord]
    operations: SalesOperations[Form]
    owners: Select[Any]
    """Whose each of them is."""
    days: Mapping[str, str]
    """Its fields of days, each with its member there."""
    told_by = "DocNumber"
    holds: Mapping[str, str] = {"customer": "customer", "work_code": "work_code"}
    amount_field = "total"
    name_field = "number"
    name_length = LIMITS["number"][1]
    taxed = True
    naming: Mapping[str, Naming] = {"customer": OF_CUSTOMER, "work_code": OF_WORK_CODES}

    def own_here(self, instance: Form) -> Mapping[str, Any]:
        """The fields that not every sales form has, and its days."""
        return {name: getattr(instance, name) for name in self.days}

    def own_there(self, payload: Payload) -> Mapping[str, Any]:
        days = {name: payload.get(member) for name, member in self.days.items()}
        return {name: date.fromisoformat(day) if day else None for name, day in days.items()}

    @property
    def noun_here(self) -> str:
        return self.model.noun().capitalize()

    def all_here(self, company: Company) -> QuerySet[Form]:
        rows = self.model._default_manager.filter(company=company)  # noqa: SLF001 - Django's documented name
        return rows.select_related("tax_rate").prefetch_related("lines")

    def label(self, instance: Form) -> str:
        return f"{self.noun_here} {instance.number}"

    def label_there(self, payload: Payload) -> str:
        return f"{self.noun_here} {text(payload.get('DocNumber'))}".strip()

    def from_here(self, instance: Form) -> SalesFormRecord:
        return self.record(
            number=text(instance.number),
            customer=instance.customer_id,
            **self.own_here(instance),
            lines=tuple(
                LineRecord(
                    work_code=line.work_code_id,
                    description=kept(SalesLine, "description", line.description),
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
            memo=kept(self.model, "memo", instance.memo),
            voided=instance.voided,
        )

    def from_there(self, payload: Payload, references: References, facts: Facts) -> SalesFormRecord:
        discount = next((line for line in lines_of(payload) if line.get("DetailType") == DISCOUNT_LINE), None)
        detail = (discount or {}).get(DISCOUNT_LINE) or {}
        percent = bool(detail.get("PercentBased"))
        code = tax_code_of(payload, facts)
        return self.record(
            number=text(payload.get("DocNumber")),
            customer=references.here.get(("customer", reference(payload, "CustomerRef")), 0),
            **self.own_there(payload),
            lines=tuple(line_from_there(line, references) for line in own_lines(payload)),
            discount_percent=decimal(detail.get("DiscountPercent")) if discount and percent else None,
            discount_amount=decimal(discount.get("Amount")) if discount and not percent else None,
            tax_rate=facts.rate_of_tax_code.get(code),
            memo=kept(self.model, "memo", (payload.get("CustomerMemo") or {}).get("value")),
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
        for field, member in {"number": "DocNumber", **self.days}.items():
            if field in wanted:
                payload[member] = record[field]
        if "customer" in wanted:
            payload["CustomerRef"] = {"value": references.there["customer", record["customer"]]}
        if "memo" in wanted and (record["memo"] or only is not None):
            payload["CustomerMemo"] = {"value": record["memo"]}
        if wanted & TAXED_BY:
            payload |= _amounts(record, base, references, facts, code=_tax_code(record, only, base, facts))
        if only is None:
            payload["PrivateNote"] = marked_note("", marker)
        return payload

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
        numbered = self.model._default_manager.filter(company=company, number=values["number"])  # noqa: SLF001 - as above
        return set(numbered.values_list("pk", flat=True))

    def beyond(self, company: Company, ids: Collection[int]) -> Mapping[int, set[LocalKey]]:
        return {pk: {("customer", customer)} for pk, customer in self.owners(company=company.pk, ids=ids)}

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
            kept(SalesLine, "description", line.get("Description"))
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

    def totals_here(self, instance: Form) -> Encoded:
        return {"total": encode_value(instance.total), "tax": encode_value(instance.tax)}

    def totals_there(self, payload: Payload) -> Encoded:
        tax = decimal((payload.get("TxnTaxDetail") or {}).get("TotalTax"))
        return {"total": encode_value(decimal(payload.get("TotalAmt"))), "tax": encode_value(tax)}

    def update_here(
        self, *, company: Company, local_id: int, values: Encoded, expected_revision: int | None
    ) -> Form:
        """Take what was changed in QuickBooks, when a person says so."""
        if values.get("voided"):
            return self.operations.void(company=company, id=local_id)
        taken: dict[str, Any] = {name: value for name, value in values.items() if name != "voided"}
        for name in self.days.keys() & taken.keys():
            taken[name] = date.fromisoformat(taken[name]) if taken[name] else None
        for name in {"discount_percent", "discount_amount"} & taken.keys():
            taken[name] = Decimal(taken[name]) if taken[name] is not None else None
        if "lines" in taken:
            taken["lines"] = [line_here(line) for line in taken["lines"]]
        return self.operations.update(
            company=company, id=local_id, values=taken, expected_revision=expected_revision
        )

    def dated(self, instance: Form, day: date) -> Encoded:
        # All its days move alike: it keeps the time there was to pay it, say.
        moved = day - instance.date
        days = {name: getattr(instance, name) for name in self.days}
        return {name: (each + moved).isoformat() for name, each in days.items() if each}

    def take_tax(self, *, company: Company, local_id: int, tax: str, expected_revision: int | None) -> Form:
        return self.operations.take_tax(
            company=company,
            id=local_id,
            tax=Decimal(tax),
            by=QUICKBOOKS,
            expected_revision=expected_revision,
        )

    def reckon_anew(self, *, company: Company, local_id: int) -> Form:
        return self.operations.reckon_anew(company=company, id=local_id)

    def remove_here(self, *, company: Company, local_id: int) -> Form:
        return self.operations.void(company=company, id=local_id)


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
