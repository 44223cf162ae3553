"""Which income account new work codes are booked to, as long as nobody has chosen one."""

import pytest

from quickbooks_sync.access.connection import _for_services

#: Those of the sample company of QuickBooks, in its order.
SAMPLE = [
    ("Billable Expense Income", "SalesOfProductIncome"),
    ("Design income", "SalesOfProductIncome"),
    ("Discounts given", "DiscountsRefundsGiven"),
    ("Fees Billed", "ServiceFeeIncome"),
    ("Landscaping Services", "SalesOfProductIncome"),
    ("Landscaping Services:Job Materials", "SalesOfProductIncome"),
    ("Services", "ServiceFeeIncome"),
    ("Uncategorized Income", "SalesOfProductIncome"),
]


def chosen(accounts: list[tuple[str, str]]) -> str:
    rows = [{"id": name, "name": name, "type": "Income", "subtype": subtype} for name, subtype in accounts]
    return min(rows, key=_for_services)["name"]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ((), "Services"),
        (("Services",), "Landscaping Services"),
        (("Services", "Landscaping Services"), "Landscaping Services:Job Materials"),
    ],
)
def test_services_is_preferred_and_then_what_is_said_to_be_one(
    missing: tuple[str, ...], expected: str
) -> None:
    assert chosen([each for each in SAMPLE if each[0] not in missing]) == expected


def test_an_account_of_discounts_is_the_last_choice() -> None:
    left = [("Discounts given", "DiscountsRefundsGiven"), ("Sales", "SalesOfProductIncome")]
    assert chosen(left) == "Sales"
    assert chosen(left[:1]) == "Discounts given"


def test_a_fee_account_comes_before_goods() -> None:
    assert (
        chosen([("Sales of Product Income", "SalesOfProductIncome"), ("Fees", "ServiceFeeIncome")]) == "Fees"
    )
