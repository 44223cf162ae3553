"""What a payment pays, as its page shows it: some of the customer's open invoices, and the amounts on them.

Whatever has an amount is on the page; of the rest a part, found by a search that reaches all. So the form
says something of the invoices that were on it, and of no other.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from service_genius.companies.models import Company
from service_genius.invoices.queries import matching
from service_genius.payments import queries
from service_genius.payments.models import Payment
from service_genius.shared.limits import ALLOCATIONS_MAX
from service_genius.shared.money import ZERO
from service_genius.ui.fields import money_field
from service_genius.ui.panels import panels

PART_ROWS = 50
SEARCH_LENGTH_MAX = 100
_FIELD = re.compile(r"invoice-([0-9]{1,18})")

Typed = Mapping[int, str]
"""What stands in the amounts of a page, by the id of the invoice."""


def read(data: Mapping[str, Any]) -> dict[int, str]:
    """What was typed into the amounts that were on the page."""
    return {
        int(found[1]): str(text).strip() for name, text in data.items() if (found := _FIELD.fullmatch(name))
    }


def sought(data: Mapping[str, Any]) -> str:
    """What invoices are looked for."""
    return str(data.get("find", "")).replace("\x00", "").strip()[:SEARCH_LENGTH_MAX]


def paid_now(payment: Payment) -> dict[int, str]:
    """The amounts of a payment as it stands."""
    return {each.invoice_id: f"{each.amount:.2f}" for each in payment.allocations.all()}


def oldest_first(
    *, company: Company, customer_id: int, payment: Payment | None, amount: Decimal, first: str = ""
) -> dict[int, str]:
    """Pay the oldest of all open invoices, as far as the money goes; before them the one named `first`.

    What is paid in other books already is not paid again.
    """
    found = queries.payable(company=company, customer_id=customer_id, payment=payment)
    amounts: dict[int, str] = {}
    for pk, still_open in sorted(found.values_list("pk", "owed"), key=lambda each: str(each[0]) != first):
        part = min(amount, still_open)
        if amount <= ZERO or len(amounts) == ALLOCATIONS_MAX:
            break
        if part <= ZERO:
            continue
        amounts[pk] = f"{part:.2f}"
        amount -= part
    return amounts


def mark(typed: Typed) -> str:
    """Tells whether a person has changed the amounts since they were proposed."""
    amounts = sorted((pk, text) for pk, text in typed.items() if text)
    return hashlib.sha256(repr(amounts).encode()).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One invoice of the page. What is open on it is so without this payment."""

    invoice: Any
    text: str
    error: str

    @property
    def name(self) -> str:
        return f"invoice-{self.invoice.pk}"


@dataclass(frozen=True, kw_only=True)
class Others:
    """A part of the open invoices on which nothing is paid yet."""

    rows: list[Row]
    start: int
    count: int
    search: str

    @property
    def first(self) -> int:
        return self.start + 1

    @property
    def last(self) -> int:
        return self.start + len(self.rows)

    @property
    def previous(self) -> str:
        """Where the part before this begins; empty if there is none."""
        return str(max(self.start - PART_ROWS, 0)) if self.start else ""

    @property
    def next(self) -> str:
        return str(self.last) if self.last < self.count else ""


class Allocations:
    """The amounts of a page, and the invoices it shows them on."""

    def __init__(
        self,
        *,
        company: Company,
        payment: Payment | None,
        customer_id: int | None,
        typed: Typed,
        proposed: str = "",
        search: str = "",
        start: int = 0,
    ) -> None:
        self._company, self._payment, self._customer_id = company, payment, customer_id
        self.typed, self.proposed = typed, proposed
        self._search, self._start = search, start
        self._amount = money_field("The amount")
        self._amount.currency = company.currency
        self._amounts: dict[int, Decimal] = {}
        self._errors: dict[int, str] = {}
        for pk, text in typed.items():
            self._parse(pk, text)
        self._own = paid_now(payment) if payment is not None else {}
        # What stands and was not on the page that was sent: it is shown now, and counts.
        self._kept = [Decimal(text) for pk, text in self._own.items() if pk not in typed]
        self._chosen = self._own.keys() | {pk for pk, text in typed.items() if text}

    def retyped(self, typed: Typed) -> "Allocations":
        """The same page with other amounts."""
        return Allocations(
            company=self._company,
            payment=self._payment,
            customer_id=self._customer_id,
            typed=typed,
            proposed=self.proposed,
            search=self._search,
            start=self._start,
        )

    def _parse(self, pk: int, text: str) -> None:
        try:
            amount = self._amount.clean(text)
        except ValidationError as error:
            self._errors[pk] = " ".join(error.messages)
        else:
            self._amounts[pk] = amount or ZERO

    @cached_property
    def elsewhere(self) -> str:
        """What the other books are called in which some of it may be paid."""
        return panels().elsewhere(company=self._company)

    @cached_property
    def rows(self) -> list[Row]:
        """What has an amount, or had one when the page was opened."""
        return self._rows(queries.shown(company=self._company, ids=self._chosen, payment=self._payment))

    @cached_property
    def others(self) -> Others:
        if self._customer_id is None:
            return Others(rows=[], start=0, count=0, search=self._search)
        found = queries.payable(company=self._company, customer_id=self._customer_id, payment=self._payment)
        found = matching(found, self._search, open_on="owed").exclude(pk__in=self._chosen)
        count = found.count()
        start = self._start if self._start < count else 0
        rows = self._rows(found[start : start + PART_ROWS])
        return Others(rows=rows, start=start, count=count, search=self._search)

    def _rows(self, invoices: Iterable[Any]) -> list[Row]:
        return [
            Row(
                invoice=invoice,
                text=self.typed.get(invoice.pk, self._own.get(invoice.pk, "")),
                error=self._errors.get(invoice.pk, ""),
            )
            for invoice in invoices
        ]

    @property
    def few(self) -> bool:
        """Whether all there is stands on the page: one list then, and nothing to search."""
        shown = len(self.rows) + len(self.others.rows)
        return not self.others.search and shown <= PART_ROWS and len(self.others.rows) == self.others.count

    @property
    def together(self) -> list[Row]:
        """All rows of the page, oldest first."""
        return sorted([*self.rows, *self.others.rows], key=lambda row: queries.age(row.invoice))

    def is_valid(self) -> bool:
        return not self._errors

    @property
    def paid_on(self) -> dict[int, Decimal]:
        """The amount of each invoice that was on the page, for the operation; zero pays nothing on it."""
        return dict(self._amounts)

    @property
    def allocated(self) -> Decimal:
        """What is paid on invoices, as far as it can be read."""
        return sum([*self._amounts.values(), *self._kept], ZERO)

    @property
    def limit(self) -> int:
        """How many invoices a payment can pay; zero while it may pay one more."""
        paid = sum(map(bool, [*self._amounts.values(), *self._kept]))
        return ALLOCATIONS_MAX if paid >= ALLOCATIONS_MAX else 0
