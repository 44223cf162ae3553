"""The arithmetic of an invoice."""

from decimal import Decimal

import pytest

from service_genius.shared.money import TaxableAmount, Totals, cents, invoice_totals, line_amount


def taxed(amount: str) -> TaxableAmount:
    return TaxableAmount(amount=Decimal(amount), taxable=True)


def untaxed(amount: str) -> TaxableAmount:
    return TaxableAmount(amount=Decimal(amount), taxable=False)


def figures(totals: Totals) -> tuple[str, str, str, str]:
    return str(totals.subtotal), str(totals.discount), str(totals.tax), str(totals.total)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", "0.01"), ("0.0049999", "0.00"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("1.005", "1.01")],
)
def test_half_a_cent_is_rounded_away_from_zero(value: str, rounded: str):
    assert str(cents(Decimal(value))) == rounded


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        ("1", "79", "79.00"),
        ("2.5", "84.50", "211.25"),
        ("3", "9.3333", "28.00"),
        ("0.3333333", "0.15", "0.05"),
        ("-1", "45.005", "-45.01"),
        ("0", "100", "0.00"),
        ("12345678901.1234567", "12345678901.1234567", "152415787529644881353.77"),
    ],
)
def test_a_line_is_quantity_times_price_rounded_once(quantity: str, price: str, amount: str):
    assert str(line_amount(quantity=Decimal(quantity), unit_price=Decimal(price))) == amount


def test_an_invoice_without_tax_and_discount_is_the_sum_of_its_lines():
    assert figures(invoice_totals(lines=[taxed("10.10"), untaxed("0.20")])) == (
        "10.30",
        "0.00",
        "0.00",
        "10.30",
    )


def test_tax_is_taken_once_of_all_taxable_lines_and_not_line_by_line():
    # Line by line it would be 3 x round(0.0845) = 0.24.
    totals = invoice_totals(lines=[taxed("1.05")] * 3 + [untaxed("50")], tax_percents=[Decimal("8.05")])
    assert figures(totals) == ("53.15", "0.00", "0.25", "53.40")


def test_a_percentage_lowers_taxable_lines_by_their_share():
    totals = invoice_totals(
        lines=[taxed("211.25"), untaxed("79")], discount_percent=Decimal(10), tax_percents=[Decimal(8)]
    )
    # Discount 29.025; taxable 211.25 - 21.13 = 190.12; tax 15.2096.
    assert figures(totals) == ("290.25", "29.03", "15.21", "276.43")


def test_an_amount_is_spread_over_the_lines_by_their_amounts():
    totals = invoice_totals(
        lines=[taxed("100"), untaxed("50")], discount_amount=Decimal(25), tax_percents=[Decimal(8)]
    )
    # The taxable line carries 25 x 100 / 150 = 16.67 of it.
    assert figures(totals) == ("150.00", "25.00", "6.67", "131.67")


def test_a_discount_of_everything_leaves_nothing_to_tax():
    totals = invoice_totals(lines=[taxed("99.99")], discount_percent=Decimal(100), tax_percents=[Decimal(8)])
    assert figures(totals) == ("99.99", "99.99", "0.00", "0.00")


def test_a_discount_on_lines_that_come_to_nothing_is_still_taken():
    totals = invoice_totals(
        lines=[taxed("10"), taxed("-10")], discount_amount=Decimal(5), tax_percents=[Decimal(8)]
    )
    assert figures(totals) == ("0.00", "5.00", "0.00", "-5.00")


def test_a_line_that_takes_away_lowers_what_is_taxed():
    totals = invoice_totals(lines=[taxed("100"), taxed("-20")], tax_percents=[Decimal("8.25")])
    assert figures(totals) == ("80.00", "0.00", "6.60", "86.60")


def test_an_invoice_with_no_lines_is_zero():
    assert figures(invoice_totals(lines=[], tax_percents=[Decimal(8)])) == ("0.00", "0.00", "0.00", "0.00")
