"""The lines of a sales form: checked one by one, numbered, summed up, with their sub-total line.

Kinds of lines: sold item, description, discount, sub-total, bundle (see `bundles`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from qbo_emulator.entities.bundles import GROUP, bundle_line, flattened
from qbo_emulator.entities.item import BUNDLE
from qbo_emulator.entities.references import check_reference, check_references, named
from qbo_emulator.entities.transactions import is_in_us
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import SYSTEM, Many, Members, members
from qbo_emulator.ground.values import ZERO, Json, amount, as_stored, cents
from qbo_emulator.storage.realm import Realm

SALE, DESCRIPTION, DISCOUNT, SUB_TOTAL = (
    "SalesItemLineDetail",
    "DescriptionOnly",
    "DiscountLineDetail",
    "SubTotalLineDetail",
)
REFERENCES = {
    "ClassRef": ("Class", "FullyQualifiedName"),
    "ItemAccountRef": ("Account", "FullyQualifiedName"),
}
SHIPPING_ITEM = "SHIPPING_ITEM_ID"
FIRST_ITEM = "1"
# The two tax codes a line has in a US company; elsewhere it names a real one.
TAXED, UNTAXED = "TAX", "NON"
DESCRIPTION_LENGTH_MAX = 4000

_BASE: Members = {
    **SYSTEM,
    **members(
        text="Description DetailType",
        number="LineNum Amount Received",
        anything="LinkedTxn LineEx ProjectRef DescriptionLineDetail SubTotalLineDetail CustomExtensions",
        SalesItemLineDetail=members(
            number="UnitPrice RatePercent Qty DiscountRate DiscountAmt TaxInclusiveAmt MarkupPercent",
            date="ServiceDate",
            ref="ItemRef ClassRef TaxCodeRef ItemAccountRef PriceLevelRef UOMRef InventorySiteRef "
            "TaxClassificationRef",
            anything="MarkupInfo DeferredRevenue SalesItemLineDetailEx UOMQty",
        ),
        DiscountLineDetail=members(
            number="DiscountPercent",
            flag="PercentBased",
            ref="DiscountAccountRef ClassRef TaxCodeRef DiscountRef",
            anything="Discount ServiceDate",
        ),
    ),
}
LINES = Many(
    {
        **_BASE,
        GROUP: {
            **members(number="Quantity", date="ServiceDate", ref="GroupItemRef UOMRef"),
            "Line": Many(_BASE),
        },
    }
)


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The finished lines and the sums taxes and totals are made of."""

    lines: list[Json]
    sold: Decimal
    by_tax_code: Mapping[str | None, Decimal]
    discount: Decimal


def finished_lines(realm: Realm, wanted: list[Json], stored: Json | None, *, posted_on: str | None) -> Lines:
    """Check and complete the lines; keep the Ids of lines that are sent with them.

    `posted_on` is the day the form moves stock, if it moves any.
    """
    former = {line["Id"]: line for line in flattened((stored or {}).get("Line", [])) if "Id" in line}
    content = [line for line in wanted if line.get("DetailType") != SUB_TOTAL]
    if not content:
        raise refusals.missing("Line")
    sold_lines, discounts = [], []
    for line in content:
        if line.get("DetailType") == DISCOUNT:
            discounts.append(line)
        else:
            sold_lines.append(_line(realm, line, former))
    single = list(flattened(sold_lines))
    if not any("Amount" in line for line in single):
        raise refusals.business_rule("You must set a transaction amount.")
    _check_stock(realm, single, posted_on)
    sold = sum((amount(line.get("Amount")) for line in sold_lines), ZERO)
    by_tax_code: dict[str | None, Decimal] = {}
    for line in single:
        if SALE in line:
            code = line[SALE].get("TaxCodeRef", {}).get("value")
            by_tax_code[code] = by_tax_code.get(code, ZERO) + amount(line["Amount"])
    lines = _numbered(sold_lines, former)
    lines.append({"Amount": as_stored(sold), "DetailType": SUB_TOTAL, SUB_TOTAL: {}})
    discount = ZERO
    if discounts:
        line, discount = _discount(realm, discounts, sold)
        lines.append(line)
    return Lines(lines=lines, sold=sold, by_tax_code=by_tax_code, discount=discount)


def _check_stock(realm: Realm, lines: list[Json], posted_on: str | None) -> None:
    if posted_on is None:
        return
    for line in lines:
        item = realm.referred("Item", line.get(SALE, {}).get("ItemRef", {}).get("value", "")) or {}
        if item.get("Type") == "Inventory" and item.get("InvStartDate", "") > posted_on:
            raise refusals.before_inventory_start(item["Name"])


def _line(realm: Realm, line: Json, former: Mapping[str, Json]) -> Json:
    stored = former.get(line.get("Id", ""))
    if len(line.get("Description", "")) > DESCRIPTION_LENGTH_MAX:
        too_long = refusals.wrong_length("Line.Description", DESCRIPTION_LENGTH_MAX, len(line["Description"]))
        raise refusals.Refusal(too_long)
    match line.get("DetailType"):
        case None:
            raise refusals.missing("Line.DetailType")
        case "SalesItemLineDetail":
            return _sale(realm, line, stored)
        case "DescriptionOnly":
            return {**line, "DescriptionLineDetail": line.get("DescriptionLineDetail") or {}}
        case "GroupLineDetail":
            return bundle_line(realm, line, stored, sale=lambda below: _line(realm, below, former))
        case other:
            raise refusals.invalid_enumeration(other, "Line.DetailType")


def _sale(realm: Realm, line: Json, former: Json | None) -> Json:
    if "Amount" not in line:
        raise refusals.missing("Line.Amount")
    detail = dict(line.get(SALE) or {})
    total = cents(amount(line["Amount"]))
    quantity, price = detail.get("Qty"), detail.get("UnitPrice")
    # Some clients send both as 0 beside a real amount: nothing to compare then.
    if quantity is not None and price is not None and (quantity or price):
        if cents(Decimal(quantity) * Decimal(price)) != amount(line["Amount"]):
            raise refusals.wrong_amount(line["Amount"])
    else:
        detail = {name: value for name, value in detail.items() if name not in {"Qty", "UnitPrice"} or value}
    kept = (former or {}).get(SALE, {})
    item = _item(realm, detail.get("ItemRef") or {"value": FIRST_ITEM}, kept.get("ItemRef"))
    check_references(realm, REFERENCES, detail, kept, path="Line.SalesItemLineDetail.")
    detail["ItemRef"] = named(item, "FullyQualifiedName") if item else {"value": SHIPPING_ITEM}
    if "IncomeAccountRef" in item:  # whatever a client says (facts E5)
        detail["ItemAccountRef"] = item["IncomeAccountRef"]
    tax_code = detail.get("TaxCodeRef", {}).get("value")
    if is_in_us(realm):
        tax_code = tax_code or UNTAXED
        if tax_code not in {TAXED, UNTAXED}:
            raise refusals.invalid_line_tax_code(tax_code)
    if tax_code:
        detail["TaxCodeRef"] = {"value": tax_code}
    return {**line, "Amount": as_stored(total), SALE: detail}


def _item(realm: Realm, ref: Json, kept: Json | None) -> Json:
    """Return the item of a line; nothing for shipping, which is none."""
    element = "Line.SalesItemLineDetail.ItemRef"
    if ref.get("value") == SHIPPING_ITEM:
        if not realm.preferences.get("SalesFormsPrefs", {}).get("AllowShipping"):
            raise refusals.business_rule("Shipping is turned off for this company.", element)
        return {}
    item = check_reference(realm, "Item", ref, element, kept_from=kept)
    if item["Type"] == "Category":
        raise refusals.invalid_reference("Categories cannot be used in transactions.", element)
    if item["Type"] == BUNDLE:
        raise refusals.invalid_reference(f"{element} is a bundle.", element)
    return item


def _discount(realm: Realm, discounts: list[Json], sold: Decimal) -> tuple[Json, Decimal]:
    line = discounts[0]
    preferences = realm.preferences.get("SalesFormsPrefs", {})
    if len(discounts) > 1:
        raise refusals.business_rule("A transaction has at most one discount.", "Line.DiscountLineDetail")
    if not preferences.get("AllowDiscount"):
        raise refusals.business_rule("Discounts are turned off for this company.", "Line.DiscountLineDetail")
    detail = dict(line.get(DISCOUNT) or {})
    if detail.get("PercentBased"):
        if "DiscountPercent" not in detail:
            raise refusals.discount_incomplete()
        value = cents(sold * amount(detail["DiscountPercent"]) / 100)
    elif "Amount" in line:
        detail["PercentBased"] = False
        value = cents(amount(line["Amount"]))
    else:
        raise refusals.discount_incomplete()
    if value < 0:
        raise refusals.negative_amount("Line.DiscountLineDetail")
    ref = detail.get("DiscountAccountRef") or {"value": preferences.get("DefaultDiscountAccount", "")}
    account = check_reference(realm, "Account", ref, "Line.DiscountLineDetail.DiscountAccountRef")
    detail["DiscountAccountRef"] = named(account, "FullyQualifiedName")
    system = {"Id", "LineNum"}
    kept = {name: part for name, part in line.items() if name not in system}
    return {**kept, "Amount": as_stored(value), "DetailType": DISCOUNT, DISCOUNT: detail}, value


def _numbered(lines: list[Json], former: dict[str, Json]) -> list[Json]:
    """A line sent with the Id of a stored line keeps it; every other one gets the next Id."""
    last = max((int(key) for key in former if key.isdigit()), default=0)
    taken: set[str] = set()
    number = 0

    def numbered(line: Json) -> Json:
        nonlocal last, number
        number += 1
        key = str(line.get("Id", ""))
        if key not in former or key in taken:
            last += 1
            key = str(last)
        taken.add(key)
        rest = {name: value for name, value in line.items() if name not in {"Id", "LineNum"}}
        result = {"Id": key, "LineNum": number, **rest}
        if GROUP in line:
            result[GROUP] = {**line[GROUP], "Line": [numbered(below) for below in line[GROUP]["Line"]]}
        return result

    return [numbered(line) for line in lines]
