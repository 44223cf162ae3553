"""Whether two books agree: what customers owe on both sides, and every cent of the difference explained.

Pure. An account is a customer with all below it, for a payment of one may pay an invoice of another of them,
and each side says in its own way whose that is. What an account comes to in QuickBooks is what QuickBooks
says it is; what it would come to is reckoned from the documents. What is between the two nobody can explain.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One document that counts otherwise on one side than on the other.

    Amounts are what it adds to what its account owes: an invoice its total, a payment less its amount.
    """

    sort: str
    """What it is: the name of a Kind, or QuickBooks' word where no Kind is of it."""
    account: str
    why: str
    """Why the sides differ by it."""
    day: date
    here: Decimal = ZERO
    there: Decimal = ZERO
    explained: bool = True
    local_id: int | None = None
    remote_id: str = ""

    @property
    def difference(self) -> Decimal:
        return self.there - self.here

    @property
    def document(self) -> tuple[str, int | None, str]:
        """What tells it from others; one that moves two customers is two items."""
        return self.sort, self.local_id, self.remote_id

    @property
    def month(self) -> str:
        """Year and month, as in `2026-11`."""
        return self.day.strftime("%Y-%m")


@dataclass(kw_only=True)
class Account:
    """What one customer, with all below it, comes to."""

    key: str
    here: Decimal = ZERO
    there: Decimal = ZERO
    """As QuickBooks says."""
    explained: Decimal = ZERO

    @property
    def difference(self) -> Decimal:
        return self.there - self.here

    @property
    def unexplained(self) -> Decimal:
        return self.difference - self.explained


@dataclass(kw_only=True)
class Sums:
    """How many documents, and what they come to, on both sides."""

    number_here: int = 0
    here: Decimal = ZERO
    number_there: int = 0
    there: Decimal = ZERO

    @property
    def difference(self) -> Decimal:
        return self.there - self.here

    def add(self, item: Item) -> None:
        """Count what stands on one side otherwise than on the other: this side is counted already."""
        self.there += item.difference
        self.number_there += (item.there != ZERO) - (item.here != ZERO)


@dataclass(frozen=True, kw_only=True)
class Group:
    """All that differs for one reason."""

    sort: str
    why: str
    explained: bool
    number: int
    difference: Decimal


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How the books stand against each other."""

    accounts: Mapping[str, Account]
    sorts: Mapping[str, Sums]
    items: Sequence[Item]
    groups: Sequence[Group]
    here: Decimal
    there: Decimal
    explained: Decimal

    @property
    def difference(self) -> Decimal:
        return self.there - self.here

    @property
    def unexplained(self) -> Decimal:
        return self.difference - self.explained

    @property
    def astray(self) -> list[Account]:
        """The accounts of which something is left unexplained, most first."""
        found = [account for account in self.accounts.values() if account.unexplained]
        return sorted(found, key=lambda account: (-abs(account.unexplained), account.key))

    @property
    def match(self) -> bool:
        """Whether every cent is explained, at every customer."""
        return not self.astray


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What this side's documents come to, whatever the other says."""

    accounts: Mapping[str, Decimal] = field(default_factory=dict)
    sorts: Mapping[str, tuple[int, Decimal]] = field(default_factory=dict)


def compare_books(here: Totals, there: Mapping[str, Decimal], items: Iterable[Item]) -> Comparison:
    """Set this side's totals and what each account owes in QuickBooks against all that differs."""
    found = sorted(items, key=lambda item: (item.day, item.sort, item.local_id or 0, item.remote_id))
    accounts = {key: Account(key=key) for key in sorted({*here.accounts, *there})}
    for key, amount in here.accounts.items():
        accounts[key].here = amount
    for key, amount in there.items():
        accounts[key].there = amount
    sorts = {sort: _both(*counted) for sort, counted in here.sorts.items()}
    for item in found:
        account = accounts.setdefault(item.account, Account(key=item.account))
        account.explained += item.difference if item.explained else ZERO
        sorts.setdefault(item.sort, Sums()).add(item)
    return Comparison(
        accounts=accounts,
        sorts=sorts,
        items=found,
        groups=_groups(found),
        here=sum((account.here for account in accounts.values()), ZERO),
        there=sum((account.there for account in accounts.values()), ZERO),
        explained=sum((account.explained for account in accounts.values()), ZERO),
    )


def by_month(
    here: Mapping[tuple[date, str], tuple[int, Decimal]], items: Iterable[Item]
) -> dict[str, dict[str, Sums]]:
    """What both sides come to by month and sort, the latest first; `here`: this side by day and sort."""
    counted: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for (day, sort), (number, amount) in here.items():
        before, sums = counted.get((f"{day:%Y-%m}", sort), (0, ZERO))
        counted[f"{day:%Y-%m}", sort] = before + number, sums + amount
    found = {key: _both(*both) for key, both in counted.items()}
    for item in items:
        found.setdefault((item.month, item.sort), Sums()).add(item)
    months: dict[str, dict[str, Sums]] = defaultdict(dict)
    for month, sort in sorted(found, reverse=True):
        months[month][sort] = found[month, sort]
    return months


def _both(number: int, amount: Decimal) -> Sums:
    return Sums(number_here=number, here=amount, number_there=number, there=amount)


def _groups(items: Iterable[Item]) -> list[Group]:
    gathered: dict[tuple[bool, str, str], list[Item]] = defaultdict(list)
    for item in items:
        gathered[item.explained, item.sort, item.why].append(item)
    return [
        Group(
            sort=sort,
            why=why,
            explained=explained,
            number=len({item.document for item in those}),
            difference=sum((item.difference for item in those), ZERO),
        )
        for (explained, sort, why), those in sorted(gathered.items(), key=lambda each: each[0])
    ]
