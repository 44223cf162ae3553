"""A bundle on a sales form: one line that names it, and the lines of what it is made of (facts E4, E5).

A client names the bundle and how many. The lines below are made from the bundle's own parts, unless the
client sends them. The line's amount is the sum of those below.
"""

from collections.abc import Callable, Iterable, Iterator

from qbo_emulator.entities.item import BUNDLE
from qbo_emulator.entities.references import check_reference, named
from qbo_emulator.ground import refusals
from qbo_emulator.ground.values import ZERO, Json, amount, as_stored, cents
from qbo_emulator.storage.realm import Realm

GROUP = "GroupLineDetail"
ELEMENT = "Line.GroupLineDetail.GroupItemRef"

Sale = Callable[[Json], Json]


def bundle_line(realm: Realm, line: Json, former: Json | None, *, sale: Sale) -> Json:
    """Check a line that names a bundle; `sale` checks each line below it."""
    detail = dict(line.get(GROUP) or {})
    if "GroupItemRef" not in detail:
        raise refusals.missing(ELEMENT)
    kept = (former or {}).get(GROUP, {}).get("GroupItemRef")
    item = check_reference(realm, "Item", detail["GroupItemRef"], ELEMENT, kept_from=kept)
    if item["Type"] != BUNDLE:
        raise refusals.invalid_reference(f"{item['Name']} is not a bundle.", ELEMENT)
    detail["GroupItemRef"] = named(item, "FullyQualifiedName")
    detail.setdefault("Quantity", 1)
    below = detail.get("Line") or list(_parts(realm, item, detail["Quantity"]))
    detail["Line"] = [sale(one) for one in below]
    total = sum((amount(one["Amount"]) for one in detail["Line"]), ZERO)
    return {**line, "Amount": as_stored(total), GROUP: detail}


def _parts(realm: Realm, item: Json, quantity: object) -> Iterator[Json]:
    for part in item.get("ItemGroupDetail", {}).get("ItemGroupLine", []):
        found = realm.referred("Item", part["ItemRef"]["value"]) or {}
        count, price = amount(part.get("Qty")) * amount(quantity), amount(found.get("UnitPrice"))
        yield {
            **({"Description": found["Description"]} if "Description" in found else {}),
            "Amount": as_stored(cents(count * price)),
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {
                "ItemRef": {"value": part["ItemRef"]["value"]},
                "UnitPrice": as_stored(price),
                "Qty": as_stored(count),
                "TaxCodeRef": {"value": "TAX" if found.get("Taxable") else "NON"},
            },
        }


def flattened(lines: Iterable[Json]) -> Iterator[Json]:
    """Go through all lines, those below a bundle after it."""
    for line in lines:
        yield line
        yield from line.get(GROUP, {}).get("Line", [])
