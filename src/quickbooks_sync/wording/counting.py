"""How many documents, and what they come to: alike wherever it is said before something is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from quickbooks_sync.kinds import Kind, one_of
from service_genius.companies.models import Company
from service_genius.ui.templatetags.service_genius import money


@dataclass(frozen=True, kw_only=True)
class Documents:
    """So many documents of one Kind, with their amounts in all, in the company's currency."""

    noun: str
    number: int
    amount: Decimal
    currency: str

    @property
    def counted(self) -> str:
        return f"{self.number:,} {self.noun}{'' if self.number == 1 else 's'}"

    @property
    def words(self) -> str:
        return f"{self.counted} of {money(self.amount, self.currency)}"

    @property
    def seen(self) -> str:
        """Tells whether it is just this."""
        return f"{self.number} {self.amount}"


def documents(kind: Kind, rows: QuerySet[Any], company: Company, *, noun: str = "") -> Documents:
    """Count the rows of a Kind; `noun` where they are called otherwise."""
    found = rows.aggregate(number=Count("pk"), amount=Sum(kind.amount_field))
    return Documents(
        noun=noun or one_of(kind.name).lower(),
        number=found["number"],
        amount=found["amount"] or Decimal(0),
        currency=company.currency,
    )


def enumerated(parts: Sequence[str]) -> str:
    """Parts of a sentence, with commas and an `and` before the last."""
    *before, last = parts or [""]
    return f"{', '.join(before)} and {last}" if before else last
