"""The tax service: the one way a client makes tax codes and rates (facts E7).

A request names the new code and its rates, each either new (name, percent, agency) or by the Id of one that
is there. The answer is the request with its Ids, and has no envelope. Approximate: its shape is the one
clients read, its refusals are those of other lists.
"""

from decimal import Decimal
from typing import Any

from qbo_emulator.entities.definition import Entity
from qbo_emulator.entities.lists import TAX_CODE, TAX_RATE
from qbo_emulator.entities.references import check_reference
from qbo_emulator.ground import refusals
from qbo_emulator.ground.shape import Many, check_lengths, cleaned, members, without_cleared
from qbo_emulator.ground.values import Json
from qbo_emulator.storage.realm import Realm

NAME, PATH = "taxservice", "taxcode"
APPLICABLE = {"Sales": "SalesTaxRateList", "Purchase": "PurchaseTaxRateList"}
PERCENT_MAX = 100
_RATE = members(text="TaxRateName TaxRateId TaxAgencyId TaxApplicableOn", number="RateValue")
_REQUEST = {**members(text="TaxCode TaxCodeId Id", flag="sparse"), "TaxRateDetails": Many(_RATE)}
_LENGTHS = {"TaxCode": 100, "TaxRateDetails.TaxRateName": 100}


def make_tax_code(realm: Realm, sent: Json) -> Json:
    """Make a tax code, and those of its rates that are new; return the answer."""
    realm.standing.check_write("TaxCode")
    wanted = without_cleared(cleaned(_REQUEST, sent, entity="TaxService"))
    missing = [name for name in ("TaxCode", "TaxRateDetails") if not wanted.get(name)]
    check_lengths(wanted, _LENGTHS, *map(refusals.missing_parameter, missing))
    _check_name(realm, TAX_CODE, wanted["TaxCode"])
    details = [_rate(realm, one) for one in wanted["TaxRateDetails"]]
    rates: dict[str, list[Json]] = {name: [] for name in APPLICABLE.values()}
    for one in details:
        applied = {"TaxRateRef": {"value": one["TaxRateId"], "name": one["TaxRateName"]}}
        rates[APPLICABLE[one["TaxApplicableOn"]]].append(
            {**applied, "TaxTypeApplicable": "TaxOnAmount", "TaxOrder": 0}
        )
    code = realm.add(
        TAX_CODE.name,
        TAX_CODE.sequence,
        {
            "Name": wanted["TaxCode"],
            "Description": wanted["TaxCode"],
            "Active": True,
            "Hidden": False,
            "Taxable": True,
            "TaxGroup": True,
            **{name: {"TaxRateDetail": found} for name, found in rates.items()},
        },
    )
    return {"TaxCode": code["Name"], "TaxCodeId": code["Id"], "TaxRateDetails": details}


def _check_name(realm: Realm, entity: Entity, name: str) -> None:
    taken = realm.ids_named(entity.name, name)
    if taken:
        raise refusals.duplicate_name(
            int(taken[0]), "Another tax code or tax rate is already using this name."
        )


def _rate(realm: Realm, wanted: Json) -> Json:
    """Return one line of the answer, and make its rate if it names none."""
    side = wanted.get("TaxApplicableOn", "Sales")
    if side not in APPLICABLE:
        raise refusals.invalid_enumeration(side, "TaxApplicableOn")
    key = wanted.get("TaxRateId")
    found = (
        check_reference(realm, TAX_RATE.name, {"value": key}, "TaxRateDetails.TaxRateId")
        if key
        else _new_rate(realm, wanted)
    )
    agency = found.get("AgencyRef", {}).get("value")
    return {
        "TaxRateName": found["Name"],
        "TaxRateId": found["Id"],
        "RateValue": found["RateValue"],
        **({"TaxAgencyId": agency} if agency else {}),
        "TaxApplicableOn": side,
    }


def _new_rate(realm: Realm, wanted: Json) -> Json:
    for name in ("TaxRateName", "RateValue", "TaxAgencyId"):
        if name not in wanted:
            raise refusals.missing(f"TaxRateDetails.{name}")
    percent: Any = wanted["RateValue"]
    if not 0 <= Decimal(percent) <= PERCENT_MAX:
        raise refusals.out_of_range(percent, "RateValue")
    agency = check_reference(
        realm, "TaxAgency", {"value": wanted["TaxAgencyId"]}, "TaxRateDetails.TaxAgencyId"
    )
    _check_name(realm, TAX_RATE, wanted["TaxRateName"])
    return realm.add(
        TAX_RATE.name,
        TAX_RATE.sequence,
        {
            "Name": wanted["TaxRateName"],
            "Description": wanted["TaxRateName"],
            "Active": True,
            "RateValue": percent,
            "AgencyRef": {"value": agency["Id"]},
            "SpecialTaxType": "NONE",
            "DisplayType": "ReadOnly",
        },
    )
