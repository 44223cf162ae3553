"""Several rates, automated tax, tax outside the US, the tax service (facts E5, E7, E13).

Manual US tax by a single rate: with the invoices.
"""

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
    books.emulator.settings(tax_override="ignored")


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
    """Facts E13: tax from addresses."""
    made = automated.invoice(buyer, 0, ShipAddr=_at(state, zip_code), Line=[taxed(100), sale(50)])
    assert made["TxnTaxDetail"]["TotalTax"] == tax
    assert made["TotalAmt"] == 150 + tax


def _sparse(made: dict[str, Any], **change: Any) -> dict[str, Any]:
    head = {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True}
    return {**head, "CustomerRef": made["CustomerRef"], **change}


def test_automated_tax_is_that_of_where_the_form_goes_and_not_of_where_it_is_billed(
    automated: Books, buyer: dict[str, Any]
) -> None:
    """Facts E13: destination = ShipAddr, without it the company's address, not BillAddr."""
    billed = automated.invoice(buyer, 0, BillAddr=_at("WA", "99999"), Line=[taxed(100)])
    assert billed["TxnTaxDetail"]["TotalTax"] == 8  # the company's own town
    company = automated.get("CompanyInfo", "1")
    automated.post("CompanyInfo", {**company, "CompanyAddr": _at("NJ", "07001")})
    moved = automated.invoice(buyer, 0, BillAddr=_at("WA", "99999"), Line=[taxed(100)])
    assert moved["TxnTaxDetail"]["TotalTax"] == 6.63  # New Jersey: 6.625 %
    shipped = automated.invoice(buyer, 0, ShipAddr=_at("WA", "99999"), Line=[taxed(100)])
    assert shipped["TxnTaxDetail"]["TotalTax"] == 6.5


def test_the_address_of_the_customer_is_copied_and_taxed(automated: Books) -> None:
    """Facts E13: a missing ShipAddr is copied from the customer first."""
    buyer = automated.customer("Elsewhere", ShipAddr=_at("WA", "99999"))
    assert automated.invoice(buyer, 0, Line=[taxed(100)])["TxnTaxDetail"]["TotalTax"] == 6.5


def test_each_rate_of_a_place_is_rounded_by_itself(automated: Books, buyer: dict[str, Any]) -> None:
    """Facts E13; facts E5: 7.25 % of 89.10 is 6.45975, 0.75 % is 0.66825; 8 % of it would be 7.128."""
    made = automated.invoice(buyer, 0, Line=[taxed(89.1)])
    lines = [(one["TaxLineDetail"]["TaxPercent"], one["Amount"]) for one in made["TxnTaxDetail"]["TaxLine"]]
    assert lines == [(7.25, 6.46), (0.75, 0.67)]
    assert made["TxnTaxDetail"]["TotalTax"] == 7.13


def test_tax_found_by_quickbooks_follows_the_lines_and_the_addresses(
    automated: Books, buyer: dict[str, Any]
) -> None:
    """Facts E13: recomputed when lines or addresses are touched.

    Facts E1: sent back as read, nothing changes.
    """
    made = automated.invoice(buyer, 0, ShipAddr=_at("WA", "99999"), Line=[taxed(100)])
    assert automated.post("Invoice", made) == made
    after = automated.post("Invoice", _sparse(made, Line=[taxed(200)]))
    assert after["TxnTaxDetail"]["TotalTax"] == 13
    moved = automated.post("Invoice", _sparse(after, ShipAddr=_at("OR", "97201")))
    assert moved["TxnTaxDetail"]["TotalTax"] == 0
    assert moved["TotalAmt"] == 200


@pytest.mark.parametrize(("switch", "tax"), [("honoured", 1.23), ("ignored", 6.5)])
def test_the_clients_own_tax_counts_where_the_switch_says_so(
    automated: Books, buyer: dict[str, Any], switch: str, tax: float
) -> None:
    """Facts E13: override with TotalTax; it stays where no line and no address is touched."""
    automated.emulator.settings(tax_override=switch)
    made = automated.invoice(
        buyer, 0, ShipAddr=_at("WA", "99999"), Line=[taxed(100)], TxnTaxDetail={"TotalTax": 1.23}
    )
    assert made["TxnTaxDetail"]["TotalTax"] == tax
    noted = automated.post("Invoice", _sparse(made, PrivateNote="x"))
    assert noted["TxnTaxDetail"] == made["TxnTaxDetail"]
    assert automated.post("Invoice", _sparse(noted, Line=[taxed(200)]))["TxnTaxDetail"]["TotalTax"] == 13


def test_a_total_that_counts_is_spread_over_the_rates(automated: Books, buyer: dict[str, Any]) -> None:
    """Facts E13: honoured, spread over the rates; TaxLineDetail.OverrideDeltaAmount."""
    automated.emulator.settings(tax_override="honoured")
    made = automated.invoice(buyer, 0, Line=[taxed(100)], TxnTaxDetail={"TotalTax": 8.25})
    assert [one["Amount"] for one in made["TxnTaxDetail"]["TaxLine"]] == [7.5, 0.75]
    assert made["TxnTaxDetail"]["TaxLine"][0]["TaxLineDetail"]["OverrideDeltaAmount"] == 0.25
    assert made["TotalAmt"] == 108.25
    assert automated.post("Invoice", made) == made


def test_automated_tax_stamps_its_own_code_and_its_rates_on_forms_without_tax_too(
    automated: Books, buyer: dict[str, Any]
) -> None:
    """Facts E13: the code that is sent is replaced; zero tax lines on forms where every line is NON."""
    made = automated.invoice(buyer, 0, Line=[sale(100)], TxnTaxDetail={"TxnTaxCodeRef": {"value": "77"}})
    assert made["TxnTaxDetail"]["TxnTaxCodeRef"] == {"value": "2"}
    assert [one["Amount"] for one in made["TxnTaxDetail"]["TaxLine"]] == [0, 0]
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (0, 100)


@pytest.fixture
def two_rates(books: Books) -> dict[str, Any]:
    """A tax code of 5.5 % and 1.5 %, as a TxnTaxDetail names it."""
    wanted = {"TaxCode": "Both", "TaxRateDetails": [_rate("State", 5.5), _rate("City", 1.5)]}
    made = json.loads(books.call("POST", "taxservice/taxcode", wanted)[1])
    return {"TxnTaxCodeRef": {"value": made["TaxCodeId"]}}


@pytest.mark.parametrize(
    ("lines", "state", "city", "total"),
    [
        # 5.5 % of 89.00 is 4.895, 1.5 % is 1.335; 7 % would be 6.23.
        ([taxed(89)], 4.9, 1.34, 95.24),
        # Of the taxable sum, not line by line: 5.5 % of 0.18 is 0.0099, 1.5 % is 0.0027.
        ([taxed(0.09), taxed(0.09)], 0.01, 0, 0.19),
        # A line that takes away lowers what is taxed: 5.5 % of 89.00 once more.
        ([taxed(100), taxed(-11), sale(10)], 4.9, 1.34, 105.24),
    ],
)
def test_each_rate_of_a_code_is_rounded_by_itself_and_then_summed(
    books: Books,
    buyer: dict[str, Any],
    two_rates: dict[str, Any],
    lines: list[dict[str, Any]],
    *,
    state: float,
    city: float,
    total: float,
) -> None:
    """Facts E5: a TaxLine per rate with its own Amount, of one NetAmountTaxable."""
    made = books.invoice(buyer, 0, Line=lines, TxnTaxDetail=two_rates)
    assert [one["Amount"] for one in made["TxnTaxDetail"]["TaxLine"]] == [state, city]
    assert made["TotalAmt"] == total


def test_a_rate_that_changes_moves_no_form_until_its_lines_are_touched(
    books: Books, buyer: dict[str, Any], two_rates: dict[str, Any]
) -> None:
    """Facts E13."""
    made = books.invoice(buyer, 0, Line=[taxed(100)], TxnTaxDetail=two_rates)
    rates = books.query("SELECT * FROM TaxRate WHERE Name = 'City'")["TaxRate"]
    books.emulator.load(books.realm, {"TaxRate": [{**rates[0], "RateValue": 2.5}]})
    noted = books.post("Invoice", _sparse(made, PrivateNote="x"))
    assert noted["TotalAmt"] == 107
    assert books.post("Invoice", _sparse(noted, Line=[taxed(200)]))["TotalAmt"] == 216


def test_tax_is_ignored_where_sales_tax_is_off(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E13: UsingSalesTax=false: TxnTaxDetail is ignored and not stored."""
    books.emulator.preferences(books.realm, TaxPrefs={"UsingSalesTax": False})
    detail = {"TxnTaxCodeRef": {"value": "2"}, "TotalTax": 8}
    made = books.invoice(buyer, 0, Line=[taxed(100)], TxnTaxDetail=detail)
    assert (made["TxnTaxDetail"], made["TotalAmt"]) == ({"TotalTax": 0}, 100)


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
    """Facts E5: GlobalTaxCalculation: on top, inside; 20 % and 5 %."""
    made = british.invoice(buyer, 0, Line=[_coded(100, "7"), _coded(100, "8")], GlobalTaxCalculation=way)
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (tax, total)
    assert british.post("Invoice", made) == made


def test_outside_the_us_a_discount_lowers_each_code_by_its_share(
    british: Books, buyer: dict[str, Any]
) -> None:
    """Facts E5."""
    off = {"Amount": 20, "DetailType": "DiscountLineDetail", "DiscountLineDetail": {"PercentBased": False}}
    made = british.invoice(buyer, 0, Line=[_coded(100, "7"), _coded(100, "8"), off])
    assert (made["TxnTaxDetail"]["TotalTax"], made["TotalAmt"]) == (22.5, 202.5)
    assert british.post("Invoice", made) == made


def test_outside_the_us_untaxed_forms_say_so(british: Books, buyer: dict[str, Any]) -> None:
    """Facts E5; facts B6: 6170, 6000, 2170, 2500."""
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
    """Facts B6: 6200, 6210."""
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
    """Facts E7: TaxCode is created only via TaxService; facts E5: its rates count on a form."""
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
    """Facts B6."""
    wanted = {"TaxCode": "New", "TaxRateDetails": [_rate("New", 5)], **change}
    before = books.emulator.dump(books.realm)
    status, text, _ = books.call("POST", "taxservice/taxcode", wanted)
    assert (status, json.loads(text)["Fault"]["Error"][0]["code"]) == (400, code)
    assert books.emulator.dump(books.realm) == before
