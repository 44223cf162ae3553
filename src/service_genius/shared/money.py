"""The arithmetic of an invoice, in whole cents.

Pure. One rule of rounding: half away from zero, at the places named here and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from service_genius.shared.figures import Unclear, read

CENT = Decimal("0.01")
ZERO = Decimal(0)
AMOUNT_LIMIT = Decimal(10) ** 13
"""No amount of ours is as large."""
# Two factors of 18 digits each, exactly.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, kw_only=True)
class TaxableAmount:
    """What the totals need to know of one invoice line."""

    amount: Decimal
    taxable: bool


@dataclass(frozen=True, kw_only=True)
class Totals:
    """An invoice's figures: total = subtotal - discount + tax."""

    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal


def cents(value: Decimal) -> Decimal:
    return _EXACT.quantize(value, CENT)


def amount_meant(text: str) -> Decimal | None:
    """The amount that somebody looks for, written as we show it or plainly; None if it is no amount."""
    try:
        amount = read(text.lstrip("$€£ "))
    except Unclear:
        return None
    return amount if abs(amount) < AMOUNT_LIMIT else None


def line_amount(*, quantity: Decimal, unit_price: Decimal) -> Decimal:
    return cents(_EXACT.multiply(quantity, unit_price))


def invoice_totals(
    *,
    lines: Sequence[TaxableAmount],
    discount_percent: Decimal | None = None,
    discount_amount: Decimal | None = None,
    tax_percents: Sequence[Decimal] = (),
) -> Totals:
    """The totals of an invoice with at most one discount, taken before tax.

    The discount, in whole cents, is spread over the lines by their amounts, so taxable lines carry their
    share of it. Each tax is taken of all that is taxable and rounded by itself.
    """
    subtotal = sum((line.amount for line in lines), ZERO)
    taxable = sum((line.amount for line in lines if line.taxable), ZERO)
    if discount_percent is not None:
        discount_amount = _percent(subtotal, discount_percent)
    discount = cents(discount_amount or ZERO)
    share = _EXACT.divide(_EXACT.multiply(discount, taxable), subtotal) if subtotal else ZERO
    left = taxable - cents(share)
    tax = sum((cents(_percent(left, percent)) for percent in tax_percents), cents(ZERO))
    return Totals(
        subtotal=cents(subtotal),
        discount=discount,
        tax=tax,
        total=cents(subtotal) - discount + tax,
    )


def _percent(value: Decimal, percent: Decimal) -> Decimal:
    return _EXACT.divide(_EXACT.multiply(value, percent), Decimal(100))
