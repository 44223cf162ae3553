"""Sales tax of a form, in the three ways a company can have it (facts E5).

Manual (US): by the tax code the form names, each of its rates rounded by itself. Automated (US): by the place
the form is shipped to, or as the client says. Elsewhere: by the tax code of each line, on top of the amounts,
inside them, or not at all.
A form is taxed anew when its lines or addresses change, and else stays as it is (facts E13). What a rate
was on the day of the form (EffectiveTaxRate) is absent: the rate of today counts.
"""

from collections.abc import Mapping
from decimal import Decimal

from qbo_emulator.entities.references import check_reference
from qbo_emulator.entities.sales_lines import TAXED, Lines
from qbo_emulator.entities.tax_table import rates_at
from qbo_emulator.entities.transactions import is_in_us
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import Many, members
from qbo_emulator.ground.values import ZERO, Json, amount, as_stored, cents
from qbo_emulator.storage.realm import Realm

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


#: What moves the tax of a form; the rest of it does not.
_TAXED_BY = ("Line", "ShipAddr", "BillAddr", "ApplyTaxAfterDiscount", "GlobalTaxCalculation", "TxnTaxDetail")


def tax_detail(realm: Realm, body: Json, lines: Lines, stored: Json | None) -> Json:
    """Return the TxnTaxDetail of a sales form whose lines are finished."""
    wanted = body.get("TxnTaxDetail") or {}
    if wanted.get("TxnTaxCodeRef", {}).get("value") == CUSTOM_SALES_TAX:
        raise refusals.custom_sales_tax(updating=stored is not None)
    if stored is not None and all(body.get(name) == stored.get(name) for name in _TAXED_BY):
        return dict(stored.get("TxnTaxDetail") or {"TotalTax": 0})
    if not realm.preferences.get("TaxPrefs", {}).get("UsingSalesTax"):
        return {"TotalTax": 0}
    return _reckoned(realm, body, lines, stored)


def _reckoned(realm: Realm, body: Json, lines: Lines, stored: Json | None) -> Json:
    if not is_in_us(realm):
        return _by_line(realm, body, lines)
    after_discount = bool(body.get("ApplyTaxAfterDiscount"))
    taxable = _less_discount(lines.by_tax_code.get(TAXED, ZERO), lines if after_discount else None)
    if realm.preferences["TaxPrefs"].get("PartnerTaxEnabled"):
        return _automated(realm, body, taxable, stored)
    code = (body.get("TxnTaxDetail") or {}).get("TxnTaxCodeRef", {}).get("value")
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
    """Tax the form by its place, and let the client's own total count where that is honoured.

    Whatever code the client names, the company's own takes its place, on forms without tax, too.
    """
    wanted = body.get("TxnTaxDetail") or {}
    group = realm.preferences["TaxPrefs"].get("TaxGroupCodeRef")
    found = _summed([_tax_line(rate, taxable) for rate in _rates_of_place(realm, body)])
    # What stands there already and is sent back, or left alone, is no word of the client.
    as_it_was = stored is not None and wanted == stored.get("TxnTaxDetail")
    if "TotalTax" in wanted and not as_it_was and realm.settings.tax_override == "honoured":
        found = _overridden(found, cents(amount(wanted["TotalTax"])))
    return {**({"TxnTaxCodeRef": group} if group else {}), **found}


def _rates_of_place(realm: Realm, body: Json) -> list[Json]:
    """Return the rates where the form is shipped to, else where the company is; never where it is billed."""
    company = realm.find("CompanyInfo", "1") or {}
    percents = rates_at(body.get("ShipAddr") or company.get("CompanyAddr") or company.get("LegalAddr"))
    if percents is None:
        rate = realm.first_where("TaxRate", "SpecialTaxType", "NONE")
        return [rate] if rate else []
    return [{"RateValue": as_stored(percent)} for percent in percents]


def _overridden(found: Json, total: Decimal) -> Json:
    """Put the client's total in the place of what was found; the first rate carries the difference."""
    difference = total - amount(found["TotalTax"])
    first, *others = found.get("TaxLine") or [None]
    if first is None or not difference:
        return {**found, "TotalTax": as_stored(total)}
    detail = {**first["TaxLineDetail"], "OverrideDeltaAmount": as_stored(difference)}
    moved = {**first, "Amount": as_stored(amount(first["Amount"]) + difference), "TaxLineDetail": detail}
    return {"TotalTax": as_stored(total), "TaxLine": [moved, *others]}


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
