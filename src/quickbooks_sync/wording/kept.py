"""What stays on one side because the other cannot hold it, in words: at the record, and where it is entered.

Only that field stays; the record, and all that hangs on it, goes on.
"""

from collections.abc import Mapping

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import Connection, Link
from quickbooks_sync.planner.records import Encoded
from service_genius.companies.models import Company
from service_genius.ui.panels import FormName

from .reasons import FIELD_WORDS


def kept_words(link: Link | None) -> list[str]:
    """What is said at a record of the values that stay on their own side."""
    return sentences((link.kept if link is not None else None) or {})


def sentences(kept: Mapping[str, Encoded]) -> list[str]:
    """A sentence or two for each value that stays."""
    return [_words(name, each["side"], each["why"]) for name, each in sorted(kept.items())]


def _words(name: str, side: str, why: str) -> str:
    label = FIELD_WORDS.get(name, name.replace("_", " "))
    if side == "here":
        return f"The {label} stays in Service Genius only. {why}"
    if side == "there":
        return (
            f"The {label} in QuickBooks stays there as it is, and is not copied: {why} "
            "Once it is mended in QuickBooks, the next sync sees it."
        )
    return why


def field_hints(company: Company, kind: FormName) -> dict[str, str]:
    """What is to be known of QuickBooks where a value is entered, by field of the form."""
    connection = Connection.objects.filter(company=company).first()
    if connection is None:
        return {}
    if kind == "tax_rate":  # no Kind: it goes with invoices
        return {
            "name": "It is not sent to QuickBooks: invoices carry there the tax code that you choose for it "
            "under Sync with QuickBooks, Choices."
        }
    return dict(KIND[kind].hints(connection.facts))
