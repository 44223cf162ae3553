"""The questions about sales tax, in plain words."""

from decimal import Decimal
from typing import Any

from service_genius.ui.templatetags.service_genius import money

Details = dict[str, Any]


def reckoned_otherwise(details: Details) -> str:
    """QuickBooks would come to another tax, and nothing was sent yet."""
    ours, theirs = (money(Decimal(details[side]), details["currency"]) for side in ("here", "there"))
    return (
        f"Its sales tax is {ours} here, and QuickBooks would come to {theirs}: it charges "
        f"{' + '.join(details['percents'])} % for “{details['rate']}”, each rounded by itself, which was not "
        "known here when the invoice was saved. Nothing was sent. Reckon the tax anew, or choose another tax "
        "code under Settings."
    )


def not_kept(details: Details) -> str:
    """QuickBooks reckons tax itself, and did not keep ours."""
    told = "QuickBooks reckons sales tax itself and does not keep the tax of Service Genius. "
    if "stored" not in details:
        return f"{told}This invoice has tax, so it waits. Say which of both counts."
    ours, theirs = (money(Decimal(details[side]["tax"]), details["currency"]) for side in ("sent", "stored"))
    return (
        f"{told}Here the tax is {ours}, there {theirs}. Say which counts; until then no other invoice with "
        "tax is sent, and nothing is paid on this one there."
    )
