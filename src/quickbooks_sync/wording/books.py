"""Whether the books match, in words: the verdict, and of each difference the reason and the way out."""

from decimal import Decimal
from typing import Protocol

from quickbooks_sync.kinds import KIND
from quickbooks_sync.models import BooksCheck
from service_genius.ui.templatetags.service_genius import money

from .standing import Situation

#: What stands in QuickBooks alone: no standing of a record here.
ONLY_THERE = "only_there"
#: Changed in QuickBooks, or on both sides, since the last run decided about it: that is `CHANGED`, too.
NEWS_THERE, NEWS_ON_BOTH = "news_there", "news_on_both"
#: In the counts of a check: at how many customers something is left unexplained.
ASTRAY = "books.astray"
NOBODY_KNOWS = (
    "The same, as far as anybody said",
    "Both sides count as settled, and do not come to the same. Open it, and compare it line by line.",
)
#: By why: a few words, and what is to be done.
WHY: dict[str, tuple[str, str]] = {
    ONLY_THERE: (
        "Only in QuickBooks",
        "Entered there; nothing of it is here. Nothing has to be done, unless it belongs here as well.",
    ),
    NEWS_THERE: (
        "Changed in QuickBooks since the last Sync",
        "Edited, moved, voided or deleted there. The next Sync asks you about it.",
    ),
    NEWS_ON_BOTH: (
        "Changed on both sides since the last Sync",
        "The next Sync sends what was changed here, and asks you about the rest.",
    ),
    Situation.NEEDS_YOU: ("Needs attention", "It waits for an answer under Needs attention."),
    Situation.CHANGED_THERE: (
        "Changed in QuickBooks",
        "It waits for your word under Needs attention, Changed in QuickBooks.",
    ),
    Situation.NOT_TAKEN: ("Not taken", "It stays in QuickBooks, as somebody said."),
    Situation.HELD: ("Not synced any more", "Somebody stopped syncing it. Its page starts it again."),
    Situation.HELD_NEVER_SENT: (
        "Not synced any more",
        "Somebody stopped syncing it before it was sent. Its page starts it again.",
    ),
    Situation.HELD_GONE: ("Deleted in QuickBooks", "It was deleted there, and is not synced any more."),
    Situation.INACTIVE: ("Inactive", "Inactive records are not sent."),
    Situation.VOIDED: ("Void here", "It is void, so it is not sent."),
    Situation.OLDER: (
        "Before the start date",
        "Older than the day from which invoices and payments are sent.",
    ),
    Situation.NOT_WANTED: ("Stays here", "Choices says that records like it stay here."),
    Situation.NOT_CONNECTED: ("Not connected", "Nothing is sent until QuickBooks is connected again."),
    Situation.NEVER_SENT: ("Not sent yet", "It goes with the next Sync."),
    Situation.WAITS: ("Waits for another record", "It goes by itself once that is in QuickBooks."),
    Situation.CHANGED: ("Changed since the last Sync", "The change goes with the next one."),
    Situation.GONE: ("Deleted in QuickBooks", "It was deleted there and stands here still."),
    Situation.LEFT: ("Left as it is", "Somebody said to leave what is otherwise in QuickBooks."),
    Situation.OTHER_TOTAL: ("Another total, accepted", "Somebody accepted its total as it is there."),
    Situation.VOID_ON_BOTH: NOBODY_KNOWS,
    Situation.INACTIVE_ON_BOTH: NOBODY_KNOWS,
    Situation.APART: NOBODY_KNOWS,
    Situation.KEPT: NOBODY_KNOWS,
    Situation.SAME: NOBODY_KNOWS,
}
#: What QuickBooks calls what no Kind is of: one, and many.
SORTS = {
    "CreditMemo": ("Credit memo", "Credit memos"),
    "JournalEntry": ("Journal entry", "Journal entries"),
}


def _reported(sort: str) -> tuple[str, str]:
    """What reports call it, in our way of writing: "Statement Charge"."""
    one = f"{sort[:1]}{sort[1:].lower()}"
    return one, f"{one}s"


def inside(words: str) -> str:
    """A title as it stands within a sentence: names keep their capitals."""
    return f"{words[:1].lower()}{words[1:]}"


def one_of_sort(sort: str) -> str:
    """What one document of a sort is called."""
    return KIND[sort].title.removesuffix("s") if sort in KIND else SORTS.get(sort, _reported(sort))[0]


def sort_title(sort: str) -> str:
    """What documents of a sort are called."""
    return KIND[sort].title if sort in KIND else SORTS.get(sort, _reported(sort))[1]


class Verdict(Protocol):
    """How the books stand: as they are reckoned now, or as a check found them."""

    @property
    def here(self) -> Decimal: ...

    @property
    def there(self) -> Decimal: ...

    @property
    def difference(self) -> Decimal: ...

    @property
    def unexplained(self) -> Decimal: ...

    @property
    def match(self) -> bool: ...


def headline(verdict: Verdict) -> str:
    """Whether they match, in a few words."""
    return "The books match" if verdict.match else "The books do not match"


def verdict_words(verdict: Verdict, currency: str) -> str:
    """What both sides come to, and what of the difference is explained."""
    here, there = money(verdict.here, currency), money(verdict.there, currency)
    if verdict.match and not verdict.difference:
        return f"Customers owe {here} on both sides."
    told = f"Customers owe {here} here and {there} in QuickBooks."
    if verdict.match:
        return f"{told} Every cent of the difference of {money(verdict.difference, currency)} is explained."
    if verdict.unexplained:
        return f"{told} {money(verdict.unexplained, currency)} of the difference is not explained."
    return f"{told} At some customers more is owed than can be explained, at others less."


def check_words(check: BooksCheck, currency: str) -> str:
    """What a check found, with what QuickBooks' own report says."""
    told = [verdict_words(check, currency)]
    if check.reported is None:
        told.append("QuickBooks gave no report of its own that could be relied on.")
    elif check.misreported:
        where = "one customer" if check.misreported == 1 else f"{check.misreported:,} customers"
        told.append(
            f"QuickBooks' own report of what customers owe comes to {money(check.reported, currency)}, which "
            f"is not what it says at {where}."
        )
    else:
        later = f", without {money(check.later, currency)} that is dated later" if check.later else ""
        told.append(f"QuickBooks' own report says the same: {money(check.reported, currency)}{later}.")
    return " ".join(told)


def in_brief(verdict: Verdict, currency: str) -> str:
    """For a line among others."""
    if verdict.match:
        return "books match"
    if verdict.unexplained:
        return f"books differ by {money(abs(verdict.unexplained), currency)}"
    return "books do not match"
