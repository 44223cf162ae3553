"""Sales tax of a form, in the three ways a company can have it (qbo-facts E5).

Manual (US): by the tax code the form names. Automated (US): by the customer's address, or as the client says.
Elsewhere: by the tax code of each line, on top of the amounts, inside them, or not at all.
"""

from collections.abc import Mapping
from decimal import Decimal

from qbo_emulator import refusals
from qbo_emulator.entities.references import check_reference
from qbo_emulator.entities.sales_lines import TAXED, Lines
from qbo_emulator.entities.tax_table import rate_at
from qbo_emulator.entities.transactions import is_in_us
from qbo_emulator.realm import Realm
from qbo_emulator.shape import Many, members
from qbo_emulator.values import ZERO, Json, amount, as_stored, cents

TAX_DETAIL = members(
    number="TotalTax",
    ref="DefaultTaxCodeRef TxnTaxCodeRef",
    flag="TaxReviewStatus",
    TaxLine=Many(
        members(
            text="Id DetailType Description",
            number="Amount LineNum",
            anything="LinkedTxn LineEx",
            TaxLineDetail=members(
                number="TaxPercent NetAmountTaxable TaxInclusiveAmount OverrideDeltaAmount",
                flag="PercentBased",
                ref="TaxRateRef",
                anything="ServiceDate",
            ),
        )
    ),
)
CUSTOM_SALES_TAX = "CustomSalesTax"
INCLUSIVE, EXCLUDED, NOT_APPLICABLE = "TaxInclusive", "TaxExcluded", "NotApplicable"


def tax_detail(realm: Realm, body: Json, lines: Lines, stored: Json | None) -> Json:
    """Return the TxnTaxDetail of a sales form whose lines are finished."""
    wanted = body.get("TxnTaxDetail") or {}
    preferences = realm.preferences.get("TaxPrefs", {})
    code = wanted.get("TxnTaxCodeRef", {}).get("value")
    if code == CUSTOM_SALES_TAX:
        raise refusals.custom_sales_tax(updating=stored is not None)
    if not preferences.get("UsingSalesTax"):
        if code:
            raise refusals.business_rule("Sales tax is turned off for this company.", "TxnTaxDetail")
        return {"TotalTax": 0}
    if not is_in_us(realm):
        return _by_line(realm, body, lines)
    after_discount = bool(body.get("ApplyTaxAfterDiscount"))
    taxable = _less_discount(lines.by_tax_code.get(TAXED, ZERO), lines if after_discount else None)
    if preferences.get("PartnerTaxEnabled"):
        return _automated(realm, body, taxable, stored)
    if not code:
        return {"TotalTax": 0}
    tax_code = check_reference(realm, "TaxCode", {"value": code}, "TxnTaxDetail.TxnTaxCodeRef")
    named = {"TxnTaxCodeRef": {"value": code}}
    if not lines.by_tax_code.get(TAXED):
        return {**named, "TotalTax": 0}
    return {**named, **_summed([_tax_line(rate, taxable) for rate in _rates(realm, tax_code)])}


def _less_discount(part: Decimal, lines: Lines | None) -> Decimal:
    """Take its share of the discount off a part of the lines."""
    if lines is None or not lines.sold:
        return part
    return part - cents(lines.discount * part / lines.sold)


def _summed(tax_lines: list[Json]) -> Json:
    total = sum((amount(line["Amount"]) for line in tax_lines), ZERO)
    return {"TotalTax": as_stored(total), **({"TaxLine": tax_lines} if tax_lines else {})}


def _automated(realm: Realm, body: Json, taxable: Decimal, stored: Json | None) -> Json:
    """Take the client's total, if it names one and that is honoured; else the rate of the place."""
    wanted = body.get("TxnTaxDetail") or {}
    # What QuickBooks found itself and the client sends back, or leaves alone, is no word of the client.
    found_here = stored is not None and wanted == stored.get("TxnTaxDetail") and "TaxLine" in wanted
    if "TotalTax" in wanted and not found_here and realm.settings.tax_override == "honoured":
        return {"TotalTax": as_stored(cents(amount(wanted["TotalTax"])))}
    if not taxable:
        return {"TotalTax": 0}
    percent = rate_at(body.get("ShipAddr") or body.get("BillAddr"))
    if percent is None:
        rate = realm.first_where("TaxRate", "SpecialTaxType", "NONE")
        return _summed([_tax_line(rate, taxable)] if rate else [])
    return _summed([_tax_line({"RateValue": as_stored(percent)}, taxable)] if percent else [])


def _by_line(realm: Realm, body: Json, lines: Lines) -> Json:
    way = body["GlobalTaxCalculation"] = body.get("GlobalTaxCalculation") or EXCLUDED
    if way not in {INCLUSIVE, EXCLUDED, NOT_APPLICABLE}:
        raise refusals.invalid_enumeration(way, "GlobalTaxCalculation")
    if way == NOT_APPLICABLE:
        if amount((body.get("TxnTaxDetail") or {}).get("TotalTax")):
            raise refusals.tax_not_applicable()
        return {"TotalTax": 0}
    if None in lines.by_tax_code:
        raise refusals.business_rule("Make sure all your transactions have a tax rate before you save.")
    return _summed(_code_lines(realm, lines.by_tax_code, lines, inclusive=way == INCLUSIVE))


def _code_lines(
    realm: Realm, by_code: Mapping[str | None, Decimal], lines: Lines, *, inclusive: bool
) -> list[Json]:
    result = []
    for code, sold in by_code.items():
        tax_code = check_reference(
            realm, "TaxCode", {"value": code or ""}, "Line.SalesItemLineDetail.TaxCodeRef"
        )
        rates = _rates(realm, tax_code)
        net = _less_discount(sold, lines)
        if inclusive:
            percent = sum((amount(rate["RateValue"]) for rate in rates), ZERO)
            net = cents(net * 100 / (100 + percent))
        result += [_tax_line(rate, net) for rate in rates]
    return result


def _rates(realm: Realm, tax_code: Json) -> list[Json]:
    details = tax_code.get("SalesTaxRateList", {}).get("TaxRateDetail", [])
    found = (realm.referred("TaxRate", one["TaxRateRef"]["value"]) for one in details)
    return [rate for rate in found if rate is not None]


def _tax_line(rate: Json, taxable: Decimal) -> Json:
    tax = cents(taxable * amount(rate["RateValue"]) / 100)
    return {
        "Amount": as_stored(tax),
        "DetailType": "TaxLineDetail",
        "TaxLineDetail": {
            **({"TaxRateRef": {"value": rate["Id"]}} if "Id" in rate else {}),
            "PercentBased": True,
            "TaxPercent": rate["RateValue"],
            "NetAmountTaxable": as_stored(taxable),
        },
    }
