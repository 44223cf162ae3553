"""Where automated sales tax takes its rates from: by ZIP code, else by state; COVERAGE.md shows the table.

Real rates change by street and by month. These are chosen once, so that a test can rely on them; a place that
is not here is taxed at the company's first rate.
"""

from decimal import Decimal

from qbo_emulator.ground.values import Json

# A place with a tax of its own has two rates, the state's and its own; each is rounded by itself.
BY_ZIP: dict[str, tuple[Decimal, ...]] = {
    "94999": (Decimal("7.25"), Decimal("0.75")),  # the sample company's own town
    "10001": (Decimal(4), Decimal("4.875")),
    "60601": (Decimal("6.25"), Decimal(4)),
    "75201": (Decimal("6.25"), Decimal(2)),
    "98101": (Decimal("6.5"), Decimal("3.85")),
}
BY_STATE: dict[str, tuple[Decimal, ...]] = {
    "AZ": (Decimal("5.6"),),
    "CA": (Decimal("7.25"),),
    "CO": (Decimal("2.9"),),
    "FL": (Decimal(6),),
    "GA": (Decimal(4),),
    "IL": (Decimal("6.25"),),
    "MA": (Decimal("6.25"),),
    "MT": (Decimal(0),),
    "NJ": (Decimal("6.625"),),
    "NV": (Decimal("6.85"),),
    "NY": (Decimal(4),),
    "OH": (Decimal("5.75"),),
    "OR": (Decimal(0),),
    "PA": (Decimal(6),),
    "TX": (Decimal("6.25"),),
    "WA": (Decimal("6.5"),),
}


def rates_at(address: Json | None) -> tuple[Decimal, ...] | None:
    """Return the rates of a place in percent, or nothing where the table does not know it."""
    if not address:
        return None
    zip_code = str(address.get("PostalCode", ""))[:5]
    state = str(address.get("CountrySubDivisionCode", "")).strip().upper()
    return BY_ZIP.get(zip_code, BY_STATE.get(state))
