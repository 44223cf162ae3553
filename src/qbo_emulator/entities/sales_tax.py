"""Sales tax of a US company: by the tax code named (manual), or given by the client (automated).

Where automated tax has to find the rate itself, from addresses, the emulator takes the company's first rate.
"""

from decimal import Decimal

from qbo_emulator import refusals
from qbo_emulator.entities.references import check_reference
from qbo_emulator.entities.sales_lines import Lines
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
    taxable = _taxable(lines, after_discount=bool(body.get("ApplyTaxAfterDiscount")))
    if preferences.get("PartnerTaxEnabled"):
        return _automated(realm, wanted, lines, taxable)
    if not code:
        return {"TotalTax": 0}
    tax_code = check_reference(realm, "TaxCode", {"value": code}, "TxnTaxDetail.TxnTaxCodeRef")
    tax_lines = [_tax_line(rate, taxable) for rate in _rates(realm, tax_code)] if lines.taxable else []
    total = sum((amount(line["Amount"]) for line in tax_lines), ZERO)
    return {
        "TxnTaxCodeRef": {"value": code},
        "TotalTax": as_stored(total),
        **({"TaxLine": tax_lines} if tax_lines else {}),
    }


def _taxable(lines: Lines, *, after_discount: bool) -> Decimal:
    """Return what is taxed; a discount before tax lowers the taxable lines by their share of it."""
    if not after_discount or not lines.sold:
        return lines.taxable
    return lines.taxable - cents(lines.discount * lines.taxable / lines.sold)


def _automated(realm: Realm, wanted: Json, lines: Lines, taxable: Decimal) -> Json:
    if "TotalTax" in wanted:
        return {"TotalTax": as_stored(cents(amount(wanted["TotalTax"])))}
    rate = realm.first_where("TaxRate", "SpecialTaxType", "NONE")
    if rate is None or not lines.taxable:
        return {"TotalTax": 0}
    line = _tax_line(rate, taxable)
    return {"TotalTax": line["Amount"], "TaxLine": [line]}


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
            "TaxRateRef": {"value": rate["Id"]},
            "PercentBased": True,
            "TaxPercent": rate["RateValue"],
            "NetAmountTaxable": as_stored(taxable),
        },
    }
