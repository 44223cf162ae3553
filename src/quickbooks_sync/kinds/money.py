"""What invoices and payments have in common."""

import re
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q

from quickbooks_sync.models import Connection
from quickbooks_sync.planner.actions import Reason
from quickbooks_sync.planner.decide import Problem
from quickbooks_sync.planner.records import Encoded
from service_genius.invoices.models import Invoice
from service_genius.payments.models import Payment

from .base import Facts, Payload, cannot_hold, decimal, reference, text
from .naming import Naming

MARKER = "[Service Genius {}]"
_MARKED = re.compile(re.escape(MARKER).replace(re.escape("{}"), r"([0-9A-F.]{10,40})"))
#: Of a private note, for the marker and what stands around it.
MARKER_ROOM = 60
VOIDED = "Voided"
#: No amount there is as large: it has up to ten digits before the point (facts E1).
AMOUNT_LIMIT_THERE = Decimal(10) ** 10
UNITED_STATES = {"US", "USA"}

OF_CUSTOMER = Naming(
    field="customer",
    rows=lambda ids: Q(customer__in=ids),
    here=lambda record: [record.get("customer")],
    there=lambda payload: [reference(payload, "CustomerRef")],
)


def marked_note(note: str, marker: str) -> str:
    """A private note that ends with our random marker, by which a lost answer is found again."""
    return f"{note} {MARKER.format(marker)}".strip() if marker else note


def marker_of(payload: Payload) -> str:
    """The word of the marker that it bears, or nothing. A copy made in QuickBooks bears the same."""
    words = _MARKED.findall(text(payload.get("PrivateNote")))
    return words[-1] if words else ""


def note_of(payload: Payload) -> str:
    """The private note without what we, or QuickBooks, put to it: our marker, and the word of a void."""
    note = _MARKED.sub("", str(payload.get("PrivateNote") or ""))
    return note.strip().removeprefix(VOIDED) if is_voided(payload) else note


def is_voided(payload: Payload) -> bool:
    """QuickBooks has no flag for it: the note says so and every amount is 0 (facts E5)."""
    note = text(payload.get("PrivateNote"))
    return note.startswith(VOIDED) and decimal(payload.get("TotalAmt")) == 0


def amount_words(amount: Decimal, currency: str) -> str:
    """An amount with its currency, as in a sentence."""
    sign = "$" if currency == "USD" else f"{currency} "
    return f"{sign}{amount:,.2f}"


def too_large(amounts: Iterable[str]) -> tuple[Problem, ...]:
    """QuickBooks has no room for one of these; nothing of it can go without."""
    for amount in map(Decimal, amounts):
        if abs(amount) >= AMOUNT_LIMIT_THERE:
            what = f"of {amount:,.2f} is too large: QuickBooks takes less than {AMOUNT_LIMIT_THERE:,.0f}"
            return (cannot_hold("Amount", what, "Divide it here, or make it smaller."),)
    return ()


def is_within_us(facts: Facts) -> bool:
    return facts.country in UNITED_STATES


def in_closed_books(record: Encoded, payload: Payload, facts: Facts) -> tuple[Problem, ...]:
    """QuickBooks changes nothing that is dated in closed books, and moves nothing there (facts E5)."""
    day = min(filter(None, (record["date"], payload.get("TxnDate"))))
    if day > facts.closed_until:
        return ()
    details = {"date": day, "until": facts.closed_until, "removal": record["voided"]}
    return (Problem(reason=Reason.BOOKS_CLOSED, details=details),)


def eligible(instance: Invoice | Payment, connection: Connection, *, put_away: bool) -> bool:
    """Entered after connecting, whatever its date, or dated on or after the start date."""
    if instance.voided and not put_away:
        return False
    entered_after = instance.created_at >= connection.connected_at
    return entered_after or (connection.start_date is not None and instance.date >= connection.start_date)
