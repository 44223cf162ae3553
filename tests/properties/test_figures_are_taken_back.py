"""What a page prints, a form takes back: the same figure, to the last digit; and nothing is guessed."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_genius.shared import figures
from service_genius.shared.money import AMOUNT_LIMIT
from service_genius.ui.templatetags.service_genius import money, plain, price

CURRENCIES = [*figures.SIGNS, "CHF", "JPY"]
AMOUNTS = st.decimals(-AMOUNT_LIMIT + 1, AMOUNT_LIMIT - 1, places=2)
PRICES = st.decimals(-(Decimal(10) ** 10), Decimal(10) ** 10, places=7)
BLANKS = st.text(" \t\u00a0", max_size=3)


@given(amount=AMOUNTS, currency=st.sampled_from(CURRENCIES), before=BLANKS, after=BLANKS)
def test_every_amount_is_read_as_it_is_printed(amount: Decimal, currency: str, before: str, after: str):
    printed = money(amount, currency)
    assert figures.read(f"{before}{printed}{after}", currency=currency) == amount


@given(value=PRICES, currency=st.sampled_from(CURRENCIES))
def test_every_price_is_read_as_it_is_printed(value: Decimal, currency: str):
    assert figures.read(price(value, currency), currency=currency) == value


@given(value=PRICES)
def test_every_plain_number_and_percentage_is_read_as_it_is_printed(value: Decimal):
    assert figures.read(plain(value)) == value
    assert figures.read(f"{plain(value)} %", percent=True) == value
    assert figures.read(f"{plain(value)}%", percent=True) == value


@given(whole=st.integers(0, 10**12), decimals=st.integers(0, 99))
def test_every_usual_way_of_writing_an_amount_is_the_same_amount(whole: int, decimals: int):
    amount = Decimal(f"{whole}.{decimals:02}")
    for text in (
        f"{whole}.{decimals:02}",
        f"{whole:,}.{decimals:02}",
        f"${whole:,}.{decimals:02}",
        f"$ {whole}.{decimals:02}",
        f"usd {whole}.{decimals:02}",
        f"+{whole}.{decimals:02}0",
    ):
        assert figures.read(text, currency="USD") == amount
    for text in (f"-${whole:,}.{decimals:02}", f"$-{whole}.{decimals:02}", f"\N{MINUS SIGN}{amount}"):
        assert figures.read(text, currency="USD") == -amount


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$149.50", "149.50"),
        ("1,149.50", "1149.50"),
        ("1,000", "1000"),
        (" 149.50 ", "149.50"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        ("12,345,678.9", "12345678.9"),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, value: str):
    assert figures.read(text, currency="USD") == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("1,14", "1.149,50", "1149,50", "1,1495", "0,500", "1,000,00", "1.149.50", "1 149.50", "1'149.50"),
        *("(5)", "5-", "--5", "-$-5", "$$5", "€5", "EUR 5", "5 USD", "10.25%", "$5%", "1e3", "1_000", "NaN"),
        *(
            "Infinity",
            "",
            "$",
            "%",
            "-",
            ".",
            "\N{ARABIC-INDIC DIGIT FIVE}",
            "½",
            "five",
            "5" * 29,
            "<b>5</b>",
            "5\n6",
            "0x10",
        ),
    ],
)
def test_what_has_more_than_one_meaning_or_none_is_refused_with_the_way_out(text: str):
    with pytest.raises(figures.Unclear, match=r"^[A-Z].*\.$"):
        figures.read(text, currency="USD")


@given(text=st.text(max_size=40), keys=st.fixed_dictionaries({"percent": st.booleans()}))
def test_whatever_is_typed_is_a_figure_of_the_same_digits_or_is_refused(text: str, keys: dict[str, Any]):
    """So no figure is ever taken that does not stand there, digit by digit."""
    try:
        value = figures.read(text, currency="USD", **keys)
    except figures.Unclear:
        return
    digits = "".join(sign for sign in text if sign in "0123456789")
    read = f"{abs(value):f}".replace(".", "")
    assert read.lstrip("0") == digits.lstrip("0")
