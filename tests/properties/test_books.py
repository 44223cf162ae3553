"""Whether the books match, over books that chance has made: the arithmetic of `planner.books`."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from quickbooks_sync.planner.books import Item, Totals, by_month, compare_books

ACCOUNTS = ("1", "2", "3")
SORTS = ("invoice", "payment", "CreditMemo")
amounts = st.integers(-100_000, 100_000).map(lambda cents: Decimal(cents) / 100)
items = st.lists(
    st.builds(
        Item,
        sort=st.sampled_from(SORTS),
        account=st.sampled_from(ACCOUNTS),
        why=st.sampled_from(("never_sent", "only_there")),
        day=st.dates(date(2026, 1, 1), date(2026, 6, 30)),
        here=amounts,
        there=amounts,
    ),
    max_size=12,
)
here = st.dictionaries(st.sampled_from(ACCOUNTS), amounts)


def there_of(here: dict[str, Decimal], items: list[Item]) -> dict[str, Decimal]:
    """What each account owes in QuickBooks, if nothing but these items differs."""
    keys = {*here, *(item.account for item in items)}
    return {
        key: here.get(key, Decimal(0))
        + sum((item.difference for item in items if item.account == key), Decimal(0))
        for key in keys
    }


@given(here=here, items=items)
def test_what_is_explained_adds_up_to_the_difference(here: dict[str, Decimal], items: list[Item]) -> None:
    found = compare_books(Totals(accounts=here), there_of(here, items), items)
    assert found.match
    assert found.explained == found.difference
    assert found.unexplained == 0
    assert sum((group.difference for group in found.groups), Decimal(0)) == found.difference


@given(here=here, items=items, account=st.sampled_from(ACCOUNTS), cents=st.integers(-5, 5).filter(bool))
def test_a_cent_that_nothing_explains_is_found_at_its_customer(
    here: dict[str, Decimal], items: list[Item], account: str, cents: int
) -> None:
    there = there_of(here, items)
    planted = Decimal(cents) / 100
    there[account] = there.get(account, Decimal(0)) + planted
    found = compare_books(Totals(accounts=here), there, items)
    assert [(each.key, each.unexplained) for each in found.astray] == [(account, planted)]
    assert not found.match


@given(here=here, items=items, cents=st.integers(1, 500))
def test_two_that_cancel_each_other_do_not_match(
    here: dict[str, Decimal], items: list[Item], cents: int
) -> None:
    there = there_of(here, items)
    for account, sign in (("1", 1), ("2", -1)):
        there[account] = there.get(account, Decimal(0)) + sign * Decimal(cents) / 100
    found = compare_books(Totals(accounts=here), there, items)
    assert found.unexplained == 0
    assert not found.match


@given(here=here, items=items)
def test_the_order_of_what_differs_means_nothing(here: dict[str, Decimal], items: list[Item]) -> None:
    there = there_of(here, items)
    one, other = (compare_books(Totals(accounts=here), there, each) for each in (items, items[::-1]))
    assert one.groups == other.groups
    assert one.accounts == other.accounts


@given(items=items)
def test_months_add_up_to_what_differs(items: list[Item]) -> None:
    months = by_month({}, items)
    told = sum((sums.difference for month in months.values() for sums in month.values()), Decimal(0))
    assert told == sum((item.difference for item in items), Decimal(0))
    assert list(months) == sorted(months, reverse=True)
