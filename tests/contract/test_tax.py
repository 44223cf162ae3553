"""Automated tax, tax outside the US, the tax service (qbo-facts E5, E7). Manual US tax: with the invoices."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.books import Books, sale, taxed


@pytest.fixture
def buyer(books: Books) -> dict[str, Any]:
    return books.customer("Buyer")


@pytest.fixture
def automated(books: Books) -> Iterator[Books]:
    books.emulator.preferences(books.realm, TaxPrefs={"PartnerTaxEnabled": True})
    yield books
    books.emulator.settings(tax_override="honoured")


def _at(state: str, zip_code: str) -> dict[str, str]:
    return {"Line1": "1 Main St", "CountrySubDivisionCode": state, "PostalCode": zip_code}


@pytest.mark.parametrize(
    ("state", "zip_code", "tax"),
    [
        ("WA", "99999", 6.5),
        ("WA", "98101", 10.35),
        ("OR", "97201", 0),
        ("ca", "94999-0001", 8),
        ("ZZ", "", 8),
    ],
)
def test_automated_tax_comes_from_the_address(
    automated: Books, buyer: dict[str, Any], state: str, zip_code: str, tax: float
) -> None:
    """E5: tax from addresses."""
    made = automated.invoice(buyer, 0, ShipAddr=_at(state, zip_code), Line=[taxed(100), sale(50)])
    assert made["TxnTaxDetail"]["TotalTax"] == tax
    assert made["TotalAmt"] == 150 + tax


def test_tax_found_by_quickbooks_follows_the_lines(automated: Books, buyer: dict[str, Any]) -> None:
    """E5; E1: sent back as read, nothing changes."""
    made = automated.invoice(buyer, 0, BillAddr=_at("WA", "99999"), Line=[taxed(100)])
    assert automated.post("Invoice", made) == made
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "CustomerRef": made["CustomerRef"]}
    after = automated.post("Invoice", {**change, "Line": [taxed(200)]})
    assert after["TxnTaxDetail"]["TotalTax"] == 13


@pytest.mark.parametrize(("switch", "tax"), [("honoured", 1.23), ("ignored", 6.5)])
def test_the_clients_own_tax_counts_where_the_switch_says_so(
    automated: Books, buyer: dict[str, Any], switch: str, tax: float
) -> None:
    """E5: override with TotalTax; E1: it stays through an update that does not name it."""
    automated.emulator.settings(tax_override=switch)
    made = automated.invoice(
        buyer, 0, ShipAddr=_at("WA", "99999"), Line=[taxed(100)], TxnTaxDetail={"TotalTax": 1.23}
    )
    assert made["TxnTaxDetail"]["TotalTax"] == tax
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "CustomerRef": made["CustomerRef"]}
    assert automated.post("Invoice", {**change, "PrivateNote": "x"})["TxnTaxDetail"]["TotalTax"] == tax


@pytest.fixture
def british(books: Books) -> Books:
    rates = {"Standard": ("7", 20), "Reduced": ("8", 5)}
    books.emulator.load(
        books.realm,
        {
            "CompanyInfo": [{"Id": "1", "SyncToken": "0", "CompanyName": "Hedge & Sons", "Country": "GB"}],
            "TaxRate": [
                {"Id": key, "Name": name, "RateValue": value, "Active": True}
                for name, (key, value) in rates.items()
            ],
            "TaxCode": [
                {
                    "Id": key,
                    "Name": name,
                    "Active": True,
                    "SalesTaxRateList": {"TaxRateDetail": [{"TaxRateRef": {"value": key}}]},
                }
                for name, (key, _) in rates.items()
            ],
        },
    )
    return books


def _coded(amount: float, code: str) -> dict[str, Any]:
    return sale(amount, TaxCodeRef={"value": code})


@pytest.mark.parametrize(
    ("way", "tax", "total"),
    [("TaxExcluded", 25, 225), ("TaxInclusive", 21.43, 200), ("", 25, 225)],  # 16.67 + 4.76 inside 200
)
def test_outside_the_us_each_line_names_its_code(
    british: Books, buyer: dict[str, Any], way: str, tax: float, total: float
) -> None:
    """E5: GlobalTaxCalculation: on top, inside; 20 % and 5 %."""
    made = british.invoice(buyer, 0, Line=[_coded(100, "7"), _coded(100, "8")], GlobalTaxCalculation=way)
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (tax, total)
    assert british.post("Invoice", made) == made


def test_outside_the_us_a_discount_lowers_each_code_by_its_share(
    british: Books, buyer: dict[str, Any]
) -> None:
    """E5."""
    off = {"Amount": 20, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": False}}
    made = british.invoice(buyer, 0, Line=[_coded(100, "7"), _coded(100, "8"), off])
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (22.5, 202.5)
    assert british.post("Invoice", made) == made


def test_outside_the_us_untaxed_forms_say_so(british: Books, buyer: dict[str, Any]) -> None:
    """E5; B6: 6170, 6000, 2170, 2500."""
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(100)]}
    made = british.post("Invoice", {**body, "GlobalTaxCalculation": "NotApplicable"})
    assert made["TotalAmt"] == 100
    assert "TaxCodeRef" not in made["Line"][0]["SalesItemLineDetail"]
    taxed_anyway = {**body, "GlobalTaxCalculation": "NotApplicable", "TxnTaxDetail": {"TotalTax": 5}}
    assert british.refused("Invoice", taxed_anyway)["code"] == "6170"
    assert british.refused("Invoice", body)["code"] == "6000"
    assert british.refused("Invoice", {**body, "GlobalTaxCalculation": "Maybe"})["code"] == "2170"
    assert british.refused("Invoice", {**body, "Line": [_coded(1, "99")]})["code"] == "2500"


def test_books_closed_without_a_password_say_6200(books: Books, buyer: dict[str, Any]) -> None:
    """B6: 6200, 6210."""
    books.emulator.preferences(books.realm, AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
    body = {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(1)], "TxnDate": "2026-01-31"}
    assert books.refused("Invoice", body)["code"] == "6210"
    books.emulator.settings(closed_books="warning")
    try:
        assert books.refused("Invoice", body)["code"] == "6200"
    finally:
        books.emulator.settings(closed_books="password")


def _rate(name: str, percent: float, **more: str) -> dict[str, Any]:
    return {"TaxRateName": name, "RateValue": percent, "TaxAgencyId": "1", "TaxApplicableOn": "Sales", **more}


def test_the_tax_service_makes_a_code_and_its_rates(books: Books) -> None:
    """E7: TaxCode is created only via TaxService; E5: its rates count on a form."""
    wanted = {"TaxCode": "Two at once", "TaxRateDetails": [_rate("State", 5), _rate("County", 1.25)]}
    status, text, _ = books.call("POST", "taxservice/taxcode", wanted)
    made = json.loads(text)
    assert (status, made["TaxCode"], len(made["TaxRateDetails"])) == (200, "Two at once", 2)
    code = books.get("TaxCode", made["TaxCodeId"])
    found = [one["TaxRateRef"]["value"] for one in code["SalesTaxRateList"]["TaxRateDetail"]]
    assert found == [one["TaxRateId"] for one in made["TaxRateDetails"]]
    assert [books.get("TaxRate", key)["RateValue"] for key in found] == [5, 1.25]
    again = {"TaxCode": "One of them", "TaxRateDetails": [{"TaxRateId": found[1]}]}
    assert (
        json.loads(books.call("POST", "taxservice/taxcode", again)[1])["TaxRateDetails"][0]["RateValue"]
        == 1.25
    )
    tax = {"TxnTaxCodeRef": {"value": made["TaxCodeId"]}}
    invoice = {
        "CustomerRef": {"value": books.customer("Buyer")["Id"]},
        "Line": [taxed(100)],
        "TxnTaxDetail": tax,
    }
    assert books.post("Invoice", invoice)["TxnTaxDetail"]["TotalTax"] == 6.25


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"TaxCode": ""}, "2020"),
        ({"TaxRateDetails": []}, "2020"),
        ({"TaxRateDetails": [{"TaxRateName": "New", "TaxAgencyId": "1"}]}, "2020"),
        ({"TaxRateDetails": [_rate("New", 5, TaxAgencyId="99")]}, "2500"),
        ({"TaxRateDetails": [{"TaxRateId": "99"}]}, "2500"),
        ({"TaxRateDetails": [_rate("New", 101)]}, "2240"),
        ({"TaxRateDetails": [_rate("New", 5, TaxApplicableOn="Moon")]}, "2170"),
        ({"TaxRateDetails": [_rate("x" * 101, 5)]}, "2050"),
        ({"TaxRateDetails": [_rate("Twice", 5), _rate("Twice", 6)]}, "6240"),
        ({"Nonsense": 1}, "2010"),
    ],
)
def test_the_tax_service_refuses_and_makes_nothing(books: Books, change: dict[str, Any], code: str) -> None:
    """B6."""
    wanted = {"TaxCode": "New", "TaxRateDetails": [_rate("New", 5)], **change}
    before = books.emulator.dump(books.realm)
    status, text, _ = books.call("POST", "taxservice/taxcode", wanted)
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, code)
    assert books.emulator.dump(books.realm) == before
