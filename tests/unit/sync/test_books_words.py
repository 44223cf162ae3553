"""What is said of the books: every standing has words, and no verdict is better than it is."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from quickbooks_sync.books.reading import EQUAL
from quickbooks_sync.wording.books import (
    NEWS_ON_BOTH,
    NEWS_THERE,
    NOBODY_KNOWS,
    ONLY_THERE,
    WHY,
    headline,
    in_brief,
    verdict_words,
)
from quickbooks_sync.wording.standing import Situation


@dataclass
class Verdict:
    here: Decimal = Decimal(0)
    there: Decimal = Decimal(0)
    unexplained: Decimal = Decimal(0)
    match: bool = True

    @property
    def difference(self) -> Decimal:
        return self.there - self.here


def test_every_standing_of_a_record_says_why_the_books_differ_by_it() -> None:
    assert set(WHY) == {*Situation, ONLY_THERE, NEWS_THERE, NEWS_ON_BOTH}


def test_where_both_sides_count_as_settled_nobody_knows_why() -> None:
    assert {why for why, words in WHY.items() if words == NOBODY_KNOWS} >= EQUAL


@pytest.mark.parametrize(
    ("verdict", "brief", "words"),
    [
        (Verdict(), "books match", "Customers owe $0.00 on both sides."),
        (
            Verdict(here=Decimal(100), there=Decimal("99.50")),
            "books match",
            "Every cent of the difference of \N{MINUS SIGN}$0.50 is explained.",
        ),
        (
            Verdict(there=Decimal("0.01"), unexplained=Decimal("0.01"), match=False),
            "books differ by $0.01",
            "$0.01 of the difference is not explained.",
        ),
        (
            Verdict(match=False),
            "books do not match",
            "At some customers more is owed than can be explained, at others less.",
        ),
    ],
)
def test_a_verdict_says_what_is_explained(verdict: Verdict, brief: str, words: str) -> None:
    assert in_brief(verdict, "USD") == brief
    assert words in verdict_words(verdict, "USD")
    assert headline(verdict) == ("The books match" if verdict.match else "The books do not match")
