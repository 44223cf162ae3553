"""What bears on sales tax, and where nothing but the tax differs. Pure."""

from decimal import Decimal

from .actions import Action, CreateThere, UpdateThere
from .records import TAXED_BY, Encoded


def only_tax_differs(here: Encoded, there: Encoded) -> bool:
    """Whether two totals are the same but for the tax in them."""
    if not all(totals.get(name) for totals in (here, there) for name in ("tax", "total")):
        return False
    less_tax = [Decimal(totals["total"]) - Decimal(totals["tax"]) for totals in (here, there)]
    return here["tax"] != there["tax"] and less_tax[0] == less_tax[1]


def bears_on_tax(action: Action) -> bool:
    """Whether QuickBooks reckons the tax of an invoice by it."""
    return isinstance(action, CreateThere) or (
        isinstance(action, UpdateThere) and bool(action.fields & TAXED_BY)
    )
