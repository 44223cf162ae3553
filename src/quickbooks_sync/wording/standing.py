"""How things stand with one record on both sides, and what is said of it: the one place for both.

Pure: a `Standing` is what is known, `situation` and `settlement` name it, and each name has one sentence and
one badge. Panels, lists and the page of all sentences (docs/sentences.md) take them from here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from quickbooks_sync.kinds import KIND
from quickbooks_sync.planner.actions import Reason
from service_genius.ui.panels import Tone
from service_genius.ui.templatetags.service_genius import money

from .reasons import are_one, field_words

ZERO = Decimal(0)


class Situation(StrEnum):
    """How things stand with the content of a record."""

    NEEDS_YOU = "needs_you"
    CHANGED_THERE = "changed_there"
    NOT_TAKEN = "not_taken"
    HELD = "held"
    HELD_NEVER_SENT = "held_never_sent"
    HELD_GONE = "held_gone"
    INACTIVE = "inactive"
    VOIDED = "voided"
    OLDER = "older"
    NOT_WANTED = "not_wanted"
    NOT_CONNECTED = "not_connected"
    NEVER_SENT = "never_sent"
    WAITS = "waits"
    CHANGED = "changed"
    GONE = "gone"
    VOID_ON_BOTH = "void_on_both"
    INACTIVE_ON_BOTH = "inactive_on_both"
    LEFT = "left"
    APART = "apart"
    OTHER_TOTAL = "other_total"
    KEPT = "kept"
    SAME = "same"


class Settlement(StrEnum):
    """How things stand with what is paid on it, or owed by it."""

    EQUAL = "equal"
    PAID_THERE = "paid_there"
    PARTLY_PAID_THERE = "partly_paid_there"
    CREDITED_THERE = "credited_there"
    PARTLY_CREDITED_THERE = "partly_credited_there"
    OTHER_PAYMENTS = "other_payments"
    OTHER_BALANCE = "other_balance"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of a record here and of its counterpart, as last seen."""

    kind: str
    money: bool = False
    connected: bool = True
    here: bool = True
    there: bool = True
    """It has a counterpart in QuickBooks."""
    gone: bool = False
    """Which was deleted there."""
    eligible: bool = True
    """It would be sent if it were not there."""
    wanted: bool = True
    """Records of its Kind go to QuickBooks at all."""
    removed: bool = False
    """Voided or inactive here."""
    held: bool = False
    reason: Reason | None = None
    open: bool = False
    """Something of it is to be decided by the next run."""
    waiting: bool = False
    waits_for: str = ""
    left: tuple[str, ...] = ()
    """Fields that are something else there, and were left so by a person."""
    apart: tuple[str, ...] = ()
    """Fields that both sides kept as they were when the two were paired."""
    other_total: bool = False
    """Its totals differ, which a person accepted."""
    kept: bool = False
    """Some value of it stays on one side, because the other cannot hold it."""
    owed_here: Decimal | None = None
    """Of an invoice what is open, of a customer the balance; nothing where neither side owes."""
    owed_there: Decimal | None = None
    paid_there: Decimal = ZERO
    """Of an invoice: what is paid there and has no payment here."""
    credit: Decimal = ZERO
    """Of an invoice: what QuickBooks itself paid of it with credit that was entered there."""
    currency: str = "USD"


def situation(standing: Standing) -> Situation:
    """What is to be said of its content: the first that holds."""
    return next(name for name, holds in _SITUATIONS if holds(standing))


def _stays_out(standing: Standing) -> bool:
    return not standing.there and not standing.eligible


#: In the order in which they matter; the last holds of whatever is left.
_SITUATIONS: tuple[tuple[Situation, Callable[[Standing], bool]], ...] = (
    (Situation.CHANGED_THERE, lambda it: it.reason == Reason.CHANGED_THERE),
    (Situation.NEEDS_YOU, lambda it: it.reason is not None),
    (Situation.NOT_TAKEN, lambda it: not it.here),
    (Situation.HELD_GONE, lambda it: it.held and it.there and it.gone),
    (Situation.HELD, lambda it: it.held and it.there),
    (Situation.HELD_NEVER_SENT, lambda it: it.held),
    (Situation.VOIDED, lambda it: _stays_out(it) and it.money and it.removed),
    (Situation.NOT_WANTED, lambda it: _stays_out(it) and not it.wanted),
    (Situation.OLDER, lambda it: _stays_out(it) and it.money),
    (Situation.INACTIVE, _stays_out),
    (Situation.NOT_CONNECTED, lambda it: not it.connected),
    (Situation.WAITS, lambda it: it.open and it.waiting),
    (Situation.NEVER_SENT, lambda it: not it.there),
    (Situation.CHANGED, lambda it: it.open),
    (Situation.GONE, lambda it: it.gone),
    (Situation.LEFT, lambda it: bool(it.left)),
    (Situation.VOID_ON_BOTH, lambda it: it.money and it.removed),
    (Situation.INACTIVE_ON_BOTH, lambda it: it.removed),
    (Situation.OTHER_TOTAL, lambda it: it.other_total),
    (Situation.APART, lambda it: bool(it.apart)),
    (Situation.KEPT, lambda it: it.kept),
    (Situation.SAME, lambda _: True),
)


def settlement(standing: Standing) -> Settlement:
    """What is to be said of its payments, or of its balance."""
    here, there = standing.owed_here, standing.owed_there
    if not standing.there or standing.gone or here is None or there is None:
        return Settlement.EQUAL
    if standing.money and standing.removed:
        return Settlement.EQUAL  # nothing is owed on what is void
    if not standing.money:
        return Settlement.EQUAL if here == there else Settlement.OTHER_BALANCE
    if standing.credit > ZERO and standing.credit >= standing.paid_there:
        return Settlement.PARTLY_CREDITED_THERE if there > ZERO else Settlement.CREDITED_THERE
    if standing.paid_there > ZERO:
        return Settlement.PARTLY_PAID_THERE if there > ZERO else Settlement.PAID_THERE
    return Settlement.EQUAL if here == there else Settlement.OTHER_PAYMENTS


def sentences(standing: Standing) -> list[str]:
    """What is said of it: of its content, unless an Issue says that, and of what is paid or owed."""
    told = [SENTENCES[situation(standing)](standing), SETTLEMENTS[settlement(standing)](standing)]
    return [words for words in told if words]


def badge(standing: Standing) -> tuple[str, Tone]:
    """A word or two, and its tone; while QuickBooks is not connected, as it was last seen."""
    return BADGES[situation(replace(standing, connected=True))]


def _amount(standing: Standing, amount: Decimal | None) -> str:
    return money(amount or ZERO, standing.currency)


def _same(standing: Standing) -> str:
    match settlement(standing):
        case Settlement.EQUAL:
            return "The same on both sides."
        case Settlement.OTHER_BALANCE:
            return "The same on both sides but for the balance."
    return "The same on both sides but for what is paid on it."


def _left(standing: Standing) -> str:
    one = are_one(list(standing.left))
    return (
        f"The {field_words(list(standing.left))} in QuickBooks {'is' if one else 'are'} not as here, and "
        "somebody said to leave that so."
    )


def _apart(standing: Standing) -> str:
    one = are_one(list(standing.apart))
    return (
        f"The {field_words(list(standing.apart))} in QuickBooks {'is' if one else 'are'} not as here. Each "
        "side kept its own when the two were paired, and does so until somebody edits it."
    )


def _rest(standing: Standing) -> str:
    if (standing.owed_there or ZERO) > ZERO:
        return f"{_amount(standing, standing.owed_there)} is left to pay there"
    return "nothing is left to pay there"


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def _paid(standing: Standing) -> str:
    paid = _amount(standing, standing.paid_there)
    told = f"{paid} is paid on it in QuickBooks for which no payment stands here; "
    own = f" {_credited(standing)}." if standing.credit > ZERO else ""
    return f"{told}{_rest(standing)}.{own}"


def _credited(standing: Standing) -> str:
    credit = _amount(standing, standing.credit)
    return f"{credit} of a credit entered in QuickBooks was applied to it by QuickBooks itself"


def _other_payments(standing: Standing) -> str:
    here = _amount(standing, standing.owed_here)
    return f"{here} of it is open here, {_amount(standing, standing.owed_there)} in QuickBooks."


def _other_balance(standing: Standing) -> str:
    return (
        f"The balance is {_amount(standing, standing.owed_there)} in QuickBooks and "
        f"{_amount(standing, standing.owed_here)} here: what stands on one side only counts only there."
    )


SENTENCES: Mapping[Situation, Callable[[Standing], str]] = {
    Situation.NEEDS_YOU: lambda _: "",
    Situation.CHANGED_THERE: lambda _: "",
    Situation.NOT_TAKEN: lambda _: "It stays in QuickBooks and is not taken.",
    Situation.HELD: lambda _: "It is not synced any more: somebody stopped that.",
    Situation.HELD_NEVER_SENT: lambda _: (
        "It is not synced any more: somebody stopped that. It is linked with nothing in QuickBooks."
    ),
    Situation.HELD_GONE: lambda _: "It was deleted in QuickBooks, and is not synced any more.",
    Situation.INACTIVE: lambda _: "Inactive records are not sent to QuickBooks.",
    Situation.VOIDED: lambda _: "It is void, so it is not sent to QuickBooks.",
    Situation.NOT_WANTED: lambda it: (
        f"Your {KIND[it.kind].title.lower()} stay here. To have them in QuickBooks, too, say so under "
        "Choices, on the page Sync with QuickBooks."
    ),
    Situation.OLDER: lambda _: (
        "It stays out of QuickBooks: it is older than the day from which invoices and payments are sent."
    ),
    Situation.NOT_CONNECTED: lambda _: (
        "QuickBooks is not connected. Nothing is sent until it is connected again."
    ),
    Situation.NEVER_SENT: lambda _: "Not in QuickBooks yet. It goes there with the next Sync.",
    Situation.WAITS: lambda it: (
        f"It waits for {it.waits_for}." if it.waits_for else "It goes with the next sync."
    ),
    Situation.CHANGED: lambda _: "Changed since the last Sync. The change goes with the next one.",
    Situation.GONE: lambda it: (
        f"It is {'void' if it.money else 'inactive'} here and deleted in QuickBooks."
        if it.removed
        else "It was deleted in QuickBooks."
    ),
    Situation.VOID_ON_BOTH: lambda _: "It is void on both sides.",
    Situation.INACTIVE_ON_BOTH: lambda _: "It is inactive on both sides.",
    Situation.LEFT: _left,
    Situation.APART: _apart,
    Situation.OTHER_TOTAL: lambda _: (
        "The same on both sides but for its total, which somebody accepted as it is."
    ),
    Situation.KEPT: lambda _: "The same on both sides but for what stays on one of them:",
    Situation.SAME: _same,
}

SETTLEMENTS: Mapping[Settlement, Callable[[Standing], str]] = {
    Settlement.EQUAL: lambda _: "",
    Settlement.PAID_THERE: _paid,
    Settlement.PARTLY_PAID_THERE: _paid,
    Settlement.CREDITED_THERE: lambda it: f"{_credited(it)}. {_capital(_rest(it))}.",
    Settlement.PARTLY_CREDITED_THERE: lambda it: f"{_credited(it)}. {_capital(_rest(it))}.",
    Settlement.OTHER_PAYMENTS: _other_payments,
    Settlement.OTHER_BALANCE: _other_balance,
}

BADGES: Mapping[Situation, tuple[str, Tone]] = {
    Situation.NEEDS_YOU: ("Needs attention", "attention"),
    Situation.CHANGED_THERE: ("Changed there", "quiet"),
    Situation.NOT_TAKEN: ("Not taken", "quiet"),
    Situation.HELD: ("Not synced", "quiet"),
    Situation.HELD_NEVER_SENT: ("Not synced", "quiet"),
    Situation.HELD_GONE: ("Not synced", "quiet"),
    Situation.INACTIVE: ("", "quiet"),
    Situation.VOIDED: ("", "quiet"),
    Situation.NOT_WANTED: ("", "quiet"),
    Situation.OLDER: ("", "quiet"),
    Situation.NOT_CONNECTED: ("", "quiet"),
    Situation.NEVER_SENT: ("Not sent yet", "quiet"),
    Situation.WAITS: ("Waits", "quiet"),
    Situation.CHANGED: ("Changed since", "quiet"),
    Situation.GONE: ("Deleted there", "quiet"),
    Situation.VOID_ON_BOTH: ("In QuickBooks", "ok"),
    Situation.INACTIVE_ON_BOTH: ("In QuickBooks", "ok"),
    Situation.LEFT: ("Left as it is", "quiet"),
    Situation.APART: ("In QuickBooks", "ok"),
    Situation.OTHER_TOTAL: ("Other total there", "quiet"),
    Situation.KEPT: ("In QuickBooks", "ok"),
    Situation.SAME: ("In QuickBooks", "ok"),
}
