"""Actions: the decided step for one Pair. Data, not behaviour."""

from dataclasses import dataclass
from enum import StrEnum

from .records import Encoded


class Reason(StrEnum):
    """Why a Pair needs a person; each has its words in `issues`."""

    LIKELY_PAIR = "likely_pair"
    NAME_TAKEN = "name_taken"
    CANNOT_HOLD = "cannot_hold"
    REFUSED_THERE = "refused_there"
    REFUSED_HERE = "refused_here"
    CHANGED_THERE = "changed_there"
    EDITED_ON_BOTH = "edited_on_both"
    REMOVED_THERE = "removed_there"
    MERGED_THERE = "merged_there"
    MERGED_HERE = "merged_here"
    CANNOT_REMOVE = "cannot_remove"
    EDITED_AFTER_PAYMENT = "edited_after_payment"
    NUMBER_TAKEN = "number_taken"
    LOOK_ALIKE = "look_alike"
    ALREADY_PAID = "already_paid"
    OLDER_INVOICE = "older_invoice"
    TAX_NOT_MAPPED = "tax_not_mapped"
    SALES_TAX_OFF = "sales_tax_off"
    TAX_RECKONED = "tax_reckoned"
    AUTOMATED_TAX = "automated_tax"
    DISCOUNTS_OFF = "discounts_off"
    ESTIMATES_OFF = "estimates_off"
    NO_ACCOUNT = "no_account"
    BOOKS_CLOSED = "books_closed"
    INACTIVE_THERE = "inactive_there"
    INACTIVE_HERE = "inactive_here"
    STORED_DIFFERENTLY = "stored_differently"
    IN_DOUBT = "in_doubt"
    ONLY_THERE = "only_there"
    CREDIT_APPLIED = "credit_applied"
    PAY_LINK = "pay_link"


#: Judged by what QuickBooks says of its settings, which may have changed since it was asked.
OF_SETTINGS = frozenset(
    {
        Reason.TAX_NOT_MAPPED,
        Reason.SALES_TAX_OFF,
        Reason.TAX_RECKONED,
        Reason.AUTOMATED_TAX,
        Reason.DISCOUNTS_OFF,
        Reason.ESTIMATES_OFF,
        Reason.NO_ACCOUNT,
        Reason.BOOKS_CLOSED,
        Reason.PAY_LINK,
    }
)


@dataclass(frozen=True, kw_only=True)
class CreateThere:
    """Send a new object to QuickBooks."""


@dataclass(frozen=True, kw_only=True)
class CreateHere:
    """Take a QuickBooks object into Service Genius."""


@dataclass(frozen=True, kw_only=True)
class UpdateThere:
    """Send the named fields; `leave` are fields changed there that are not agreed by this.

    `aside`: send these values alone, for the moment; the fields follow when what they take is free.
    """

    fields: frozenset[str]
    leave: frozenset[str] = frozenset()
    aside: Encoded | None = None


@dataclass(frozen=True, kw_only=True)
class UpdateHere:
    """Take the named fields from QuickBooks."""

    fields: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class RemoveThere:
    """Deactivate (lists) or void (invoices, payments) there what was removed here.

    `leave`: every other field that was changed there.
    """

    leave: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Adopt:
    """Pair two records that met for the first time.

    `take`: fields that are taken from there. The Baselines make a value that wins here a change of ours, so
    that the ordinary rules send it.
    """

    take: frozenset[str]
    here_baseline: Encoded
    there_baseline: Encoded


@dataclass(frozen=True, kw_only=True)
class TakeApplied:
    """Let a payment pay here, too, what QuickBooks has paid with it by itself.

    `allocations`: what it pays here then. The Baselines make what is not taken a change of ours, so that the
    ordinary rules take it back there.
    """

    allocations: list[Encoded]
    here_baseline: Encoded
    there_baseline: Encoded


@dataclass(frozen=True, kw_only=True)
class AdvanceBaseline:
    """Nothing to move: both sides are as agreed, or agree anew."""


@dataclass(frozen=True, kw_only=True)
class TakeTax:
    """Take the tax that QuickBooks reckoned; nothing else differs."""


@dataclass(frozen=True, kw_only=True)
class Forget:
    """There is nothing to keep the same: neither side has it any more, or it does not move."""


@dataclass(frozen=True, kw_only=True)
class Wait:
    """A record it refers to is not on the other side yet; `on` says which, in words."""

    on: str
    held: bool = False
    """Whether it waits for somebody's answer instead, whatever it refers to."""


@dataclass(frozen=True, kw_only=True)
class RaiseIssue:
    """A person must see this. `details` fill the words of the reason."""

    reason: Reason
    details: Encoded
    likeness: float = 0.0
    """Of a pair that may be one, in bits: the likeliest is asked about first."""


Action = (
    CreateThere
    | CreateHere
    | UpdateThere
    | UpdateHere
    | RemoveThere
    | Adopt
    | TakeApplied
    | AdvanceBaseline
    | TakeTax
    | Forget
    | Wait
    | RaiseIssue
)
