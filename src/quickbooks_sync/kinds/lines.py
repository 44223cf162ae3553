"""The lines of a sales form: both translations of each, and what stands there between ours."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from quickbooks_sync.planner.moved import lines_as_there
from quickbooks_sync.planner.records import Encoded, LineRecord
from service_genius.sales.models import SalesLine

from .base import Payload, References, decimal, kept, reference
from .naming import Naming

SALES_LINE = "SalesItemLineDetail"
DISCOUNT_LINE = "DiscountLineDetail"
SUBTOTAL_LINE = "SubTotalLineDetail"
BUNDLE_LINE = "GroupLineDetail"
TEXT_LINE = "DescriptionOnly"
SHIPPING = "SHIPPING_ITEM_ID"
WHAT_ITEM = "an item that is no work code here"


def lines_of(payload: Payload) -> list[Payload]:
    return list(payload.get("Line") or [])


def own_lines(payload: Payload) -> list[Payload]:
    """Those that are lines here, too: neither its discount, nor a subtotal, nor text."""
    others = {DISCOUNT_LINE, SUBTOTAL_LINE}
    return [line for line in lines_of(payload) if line.get("DetailType") not in others and not is_text(line)]


def item_of(line: Payload) -> str:
    return reference(line.get(SALES_LINE) or {}, "ItemRef")


def is_text(line: Payload) -> bool:
    """A line that says something and charges nothing: it stays there, whatever is edited here."""
    return line.get("DetailType") == TEXT_LINE and not decimal(line.get("Amount"))


OF_WORK_CODES = Naming(
    field="lines",
    rows=lambda ids: Q(lines__work_code__in=ids),
    here=lambda record: [line["work_code"] for line in record.get("lines", ())],
    there=lambda payload: [item_of(line) for line in own_lines(payload)],
    as_there=lines_as_there,
)


def _what(line: Payload) -> str:
    """What a line is that uses no work code of ours, in words."""
    if line.get("DetailType") == BUNDLE_LINE:
        return "a bundle"
    if line.get("DetailType") != SALES_LINE:
        return "a line of a sort of its own"
    return "a charge for shipping" if item_of(line) == SHIPPING else WHAT_ITEM


def line_here(line: Encoded) -> dict[str, Any]:
    if not line["work_code"]:
        text = f" (“{line['description']}”)" if line["description"] else ""
        raise ValidationError(
            f"In QuickBooks it has {line.get('what') or WHAT_ITEM}{text}, which Service Genius cannot hold. "
            "Put a service in its place there, or send yours: that takes it off in QuickBooks."
        )
    return {
        "work_code": line["work_code"],
        "description": line["description"],
        "quantity": Decimal(line["quantity"]),
        "unit_price": Decimal(line["unit_price"]),
        "taxable": line["taxable"],
    }


def line_from_there(line: Payload, references: References) -> LineRecord:
    detail = line.get(SALES_LINE) or {}
    amount = decimal(line.get("Amount"))
    quantity = decimal(detail.get("Qty")) if "Qty" in detail else Decimal(1)
    work_code = references.here.get(("work_code", item_of(line)))
    return LineRecord(
        work_code=work_code,
        what="" if work_code else _what(line),
        description=kept(SalesLine, "description", line.get("Description")),
        quantity=quantity,
        unit_price=decimal(detail.get("UnitPrice")) if "UnitPrice" in detail else amount,
        amount=amount,
        taxable=reference(detail, "TaxCodeRef") == "TAX",
    )


def sales_lines(record: Encoded, base: Payload, references: References) -> list[Payload]:
    """The lines to send, laid over those that stand there, with the lines of text between them."""
    rate = record["tax_rate"]
    seen = [line for line in lines_of(base) if line.get("DetailType") == SALES_LINE]
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
    return _with_texts(lines, base)


def _with_texts(lines: list[Payload], base: Payload) -> list[Payload]:
    """The same with the lines of text that stand there, each after as many others as now."""
    placed, before = list(lines), 0
    for line in lines_of(base):
        if is_text(line):
            placed.insert(min(before, len(placed)), {name: line[name] for name in line if name != "LineNum"})
            before += 1
        elif line.get("DetailType") == SALES_LINE:
            before += 1
    return placed


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
    return item_of(there) == item


def _is_equal(line: Encoded, item: str, there: Payload) -> bool:
    detail = there.get(SALES_LINE) or {}
    return (
        item_of(there) == item
        and kept(SalesLine, "description", there.get("Description")) == line["description"]
        and decimal(detail.get("Qty")) == Decimal(line["quantity"])
        and decimal(detail.get("UnitPrice")) == Decimal(line["unit_price"])
    )


def discount_line(record: Encoded) -> Payload:
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
