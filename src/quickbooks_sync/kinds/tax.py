"""Sales tax of an invoice: what QuickBooks would reckon, what it did reckon, and taking that over."""

from collections.abc import Iterator
from decimal import Decimal

from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.records import Encoded
from service_genius.shared.money import TaxableAmount, cents, invoice_totals

from .base import Facts, Payload, decimal, reference

QUICKBOOKS = "QuickBooks"
SALES_LINE = "SalesItemLineDetail"


def tax_code_of(payload: Payload, facts: Facts) -> str:
    """The tax code of an invoice there; automated tax stamps one on every form, taxed or not."""
    lines = (line.get(SALES_LINE) or {} for line in payload.get("Line") or [])
    taxed = facts.sales_tax != "automated" or any(reference(line, "TaxCodeRef") == "TAX" for line in lines)
    return reference(payload.get("TxnTaxDetail") or {}, "TxnTaxCodeRef") if taxed else ""


def is_taxed(record: Encoded) -> bool:
    """Whether an invoice here has a tax, be it of nothing."""
    return record["tax_rate"] is not None and any(line["taxable"] for line in record["lines"])


def reckoned_otherwise(record: Encoded, totals: Encoded, facts: Facts) -> Iterator[Problem]:
    """Why QuickBooks would come to another tax than the one here, with manual sales tax.

    Each rate of the code is taken of what is taxable and rounded by itself (facts E5).
    """
    percents = facts.percents_of_rate.get(record["tax_rate"])
    if facts.sales_tax != "manual" or percents is None:
        return
    lines = [TaxableAmount(amount=Decimal(one["amount"]), taxable=one["taxable"]) for one in record["lines"]]
    there = invoice_totals(
        lines=lines,
        discount_percent=_optional(record["discount_percent"]),
        discount_amount=_optional(record["discount_amount"]),
        tax_percents=percents,
    ).tax
    if there != Decimal(totals["tax"]):
        yield Problem(
            reason=Reason.TAX_RECKONED,
            details={
                "rate": facts.rate_names.get(record["tax_rate"], ""),
                "percents": [format(percent, "f") for percent in percents],
                "here": totals["tax"],
                "there": format(there, "f"),
            },
        )


def reckoned_there(payload: Payload) -> Decimal | None:
    """The tax by the rates that QuickBooks shows, whatever total it kept; nothing where it shows none."""
    lines = (payload.get("TxnTaxDetail") or {}).get("TaxLine") or []
    details = [line.get("TaxLineDetail") or {} for line in lines]
    if not details or any("TaxPercent" not in detail for detail in details):
        return None
    parts = (
        cents(decimal(each.get("NetAmountTaxable")) * decimal(each["TaxPercent"]) / 100) for each in details
    )
    return sum(parts, Decimal(0))


def _optional(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
