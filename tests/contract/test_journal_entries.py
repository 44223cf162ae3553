"""Journal entries, and lines on Accounts Receivable wherever they stand, by raw requests (facts E18)."""

from typing import Any

import pytest

from tests.contract.books import Books

RECEIVABLES, DISCOUNTS, CHECKING = "84", "86", "35"
DETAIL = "JournalEntryLineDetail"


def line(posting: str, value: float, account: str, customer: dict[str, Any] | None = None) -> dict[str, Any]:
    entity = {"Entity": {"Type": "Customer", "EntityRef": {"value": customer["Id"]}}} if customer else {}
    detail = {"PostingType": posting, "AccountRef": {"value": account}, **entity}
    return {"Amount": value, "DetailType": DETAIL, DETAIL: detail}


def entry(value: float, customer: dict[str, Any] | None, *, credit: bool = False) -> dict[str, Any]:
    """Return lines that raise what a customer owes, or lower it."""
    ways = ("Credit", "Debit") if credit else ("Debit", "Credit")
    return {"Line": [line(ways[0], value, RECEIVABLES, customer), line(ways[1], value, DISCOUNTS)]}


def balances(books: Books, customer: dict[str, Any]) -> tuple[float, float]:
    now = books.get("Customer", customer["Id"])
    return now["Balance"], now["BalanceWithJobs"]


@pytest.fixture
def buyer(books: Books) -> dict[str, Any]:
    return books.customer("Buyer")


def test_it_is_made_read_changed_queried_and_deleted(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E18; facts E1: Id of the one sequence, no-op, sparse; facts B3: Deleted; then 610."""
    before = books.payment(buyer, 1)
    made = books.post("JournalEntry", {**entry(40, buyer), "DocNumber": "J7", "TxnDate": "2026-10-05"})
    assert (int(made["Id"]), made["SyncToken"]) == (int(before["Id"]) + 1, "0")
    assert (made["DocNumber"], made["TxnDate"], made["Adjustment"]) == ("J7", "2026-10-05", False)
    first, second = made["Line"]
    assert (first["Id"], first["Amount"], first["DetailType"]) == ("1", 40, DETAIL)
    assert first[DETAIL] == {
        "PostingType": "Debit",
        "AccountRef": {"value": "84", "name": "Accounts Receivable (A/R)"},
        "Entity": {"Type": "Customer", "EntityRef": {"value": buyer["Id"], "name": "Buyer"}},
    }
    assert second[DETAIL] == {
        "PostingType": "Credit",
        "AccountRef": {"value": "86", "name": "Discounts given"},
    }
    assert books.get("JournalEntry", made["Id"]) == made
    assert books.post("JournalEntry", made) == made
    assert books.query("select * from JournalEntry where DocNumber = 'J7'")["JournalEntry"] == [made]
    key = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    after = books.post("JournalEntry", {**key, "PrivateNote": "why"})
    assert (after["SyncToken"], after["PrivateNote"], after["Line"]) == ("1", "why", made["Line"])
    (told,) = books.changes("JournalEntry", made["MetaData"]["CreateTime"])
    assert told["JournalEntry"] == [after]
    gone = books.post("JournalEntry", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    assert gone == {"domain": "QBO", "status": "Deleted", "Id": made["Id"]}
    assert books.refused("JournalEntry", {**key, "SyncToken": "2"})["code"] == "610"


def test_it_moves_what_the_customer_it_names_owes(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E18: a debit raises, a credit lowers; facts E3: ancestors with it, without a SyncToken."""
    site = books.customer("Site", ParentRef={"value": buyer["Id"]}, Job=True)
    made = books.post("JournalEntry", entry(40.25, site))
    assert (balances(books, site), balances(books, buyer)) == ((40.25, 40.25), (0, 40.25))
    assert books.get("Customer", site["Id"])["SyncToken"] == "0"
    credit = books.post("JournalEntry", entry(15, site, credit=True))
    assert balances(books, buyer) == (0, 25.25)
    books.post("JournalEntry", {"Id": made["Id"], "SyncToken": "0", "sparse": True, **entry(10, buyer)})
    assert (balances(books, site), balances(books, buyer)) == ((-15, -15), (10, -5))
    books.post("JournalEntry", {"Id": credit["Id"], "SyncToken": "0"}, operation="delete")
    assert (balances(books, site), balances(books, buyer)) == ((0, 0), (10, 10))


def test_debits_and_credits_are_of_the_same_sum(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E18."""
    debit, credit = line("Debit", 40, RECEIVABLES, buyer), line("Credit", 39.99, DISCOUNTS)
    assert books.refused("JournalEntry", {"Line": [debit, credit]})["code"] == "6000"
    assert books.refused("JournalEntry", {"Line": [debit]})["code"] == "6000"
    assert books.refused("JournalEntry", {"Line": [line("Debit", 0, DISCOUNTS)]})["code"] == "6000"
    parts = [line("Credit", 0.01, CHECKING), credit, debit]
    assert len(books.post("JournalEntry", {"Line": parts})["Line"]) == 3


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"Amount": -5}, "2290"),
        ({DETAIL: {"AccountRef": {"value": "86"}}}, "2020"),
        ({DETAIL: {"PostingType": "Debit"}}, "2020"),
        ({DETAIL: {"PostingType": "Up", "AccountRef": {"value": "86"}}}, "2170"),
        ({DETAIL: {"PostingType": "Debit", "AccountRef": {"value": "999"}}}, "2500"),
    ],
)
def test_a_line_says_how_much_which_way_and_where(books: Books, wrong: dict[str, Any], code: str) -> None:
    """Facts E18; facts B6: the codes."""
    lines = [{**line("Debit", 5, DISCOUNTS), **wrong}, line("Credit", 5, CHECKING)]
    assert books.refused("JournalEntry", {"Line": lines})["code"] == code
    without = {name: value for name, value in lines[0].items() if name != "Amount"}
    assert books.refused("JournalEntry", {"Line": [without, lines[1]]})["code"] == "2020"


def test_closed_books_hold_it(books: Books, buyer: dict[str, Any]) -> None:
    """Facts B6: 6210."""
    made = books.post("JournalEntry", {**entry(5, buyer), "TxnDate": "2026-01-31"})
    books.emulator.preferences(books.realm, AccountingInfoPrefs={"BookCloseDate": "2026-01-31"})
    key = {"Id": made["Id"], "SyncToken": "0"}
    assert books.refused("JournalEntry", {**entry(5, buyer), "TxnDate": "2026-01-31"})["code"] == "6210"
    assert books.refused("JournalEntry", {**key, "sparse": True, "PrivateNote": "x"})["code"] == "6210"
    assert books.refused("JournalEntry", key, operation="delete")["code"] == "6210"
    assert balances(books, buyer) == (5, 5)


def test_a_line_on_receivables_names_a_customer(books: Books) -> None:
    """Facts E18: a journal entry, a deposit."""
    words = "When you use Accounts Receivable, you must choose a customer in the Name field."
    error = books.refused("JournalEntry", entry(5, None))
    assert (error["code"], error["Detail"]) == ("6000", f"Business Validation Error: {words}")
    assert books.refused("Deposit", deposit(5, None))["code"] == "6000"
    nobody = {"Id": "999"}
    assert books.refused("JournalEntry", entry(5, nobody))["code"] == "2500"
    assert books.refused("Deposit", deposit(5, nobody))["code"] == "2500"


def deposit(value: float, customer: dict[str, Any] | None) -> dict[str, Any]:
    entity = {"Entity": {"value": customer["Id"], "type": "Customer"}} if customer else {}
    detail = {"AccountRef": {"value": RECEIVABLES}, **entity}
    one = {"Amount": value, "DetailType": "DepositLineDetail", "DepositLineDetail": detail}
    return {"DepositToAccountRef": {"value": CHECKING}, "Line": [one]}


def test_a_deposit_on_receivables_is_money_of_its_customer(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E18: it lowers what is owed."""
    made = books.post("Deposit", deposit(30, buyer))
    assert balances(books, buyer) == (-30, -30)
    key = {"Id": made["Id"], "SyncToken": "0"}
    books.post("Deposit", {**made, **deposit(12.5, buyer), **key})
    assert balances(books, buyer) == (-12.5, -12.5)
    books.post("Deposit", {**key, "SyncToken": "1"}, operation="delete")
    assert balances(books, buyer) == (0, 0)


def cheque(value: float, payee: dict[str, Any] | None, **detail: Any) -> dict[str, Any]:
    """Return a cheque on receivables, to a customer as its payee."""
    inside = {"AccountRef": {"value": RECEIVABLES}, **detail}
    kind = "AccountBasedExpenseLineDetail"
    return {
        "PaymentType": "Check",
        "AccountRef": {"value": CHECKING},
        **({"EntityRef": {"value": payee["Id"], "type": "Customer"}} if payee else {}),
        "Line": [{"Amount": value, "DetailType": kind, kind: inside}],
    }


def test_a_refund_cheque_raises_what_its_customer_owes(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E18: a Purchase with a line on Accounts Receivable."""
    books.payment(buyer, 25)
    made = books.post("Purchase", cheque(25, buyer))
    assert (made["TotalAmt"], balances(books, buyer)) == (25, (0, 0))
    key = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    books.post("Purchase", {**key, "Line": cheque(20, None, CustomerRef={"value": buyer["Id"]})["Line"]})
    assert balances(books, buyer) == (-5, -5)
    books.post("Purchase", {"Id": made["Id"], "SyncToken": "1"}, operation="delete")
    assert balances(books, buyer) == (-25, -25)
    assert books.refused("Purchase", cheque(5, None))["code"] == "6000"
    vendor = cheque(5, None) | {"EntityRef": {"value": buyer["Id"], "type": "Vendor"}}
    assert books.refused("Purchase", vendor)["code"] == "6000"
    books.post("Purchase", {**cheque(5, buyer), "PaymentType": "CreditCard", "Credit": True})
    assert balances(books, buyer) == (-30, -30)


def test_what_a_cheque_pays_elsewhere_is_no_matter_of_its_customer(
    books: Books, buyer: dict[str, Any]
) -> None:
    """Facts E18: only lines on Accounts Receivable count."""
    books.post("Purchase", cheque(5, buyer, AccountRef={"value": DISCOUNTS}))
    books.post("Deposit", {**deposit(5, buyer), "Line": [_interest(buyer)]})
    lines = [line("Debit", 5, DISCOUNTS, buyer), line("Credit", 5, CHECKING)]
    books.post("JournalEntry", {"Line": lines})
    assert balances(books, buyer) == (0, 0)


def _interest(customer: dict[str, Any]) -> dict[str, Any]:
    detail = {"AccountRef": {"value": "1"}, "Entity": {"value": customer["Id"], "type": "Customer"}}
    return {"Amount": 5, "DetailType": "DepositLineDetail", "DepositLineDetail": detail}


def test_a_statement_charge_is_owed_and_cannot_be_asked_for(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E18: made in the user interface only."""
    made = books.emulator.charge(books.realm, buyer["Id"], 17.25, date="2026-10-05", memo="Late fee")
    assert balances(books, buyer) == (17.25, 17.25)
    assert books.query_refused("select * from StatementCharge")["code"] == "4001"
    assert books.call("GET", f"statementcharge/{made['Id']}")[0] == 400
    assert books.emulator.dump(books.realm)["StatementCharge"] == [made]
    books.emulator.control("DELETE", f"realms/{books.realm}/charges", {"id": made["Id"]})
    assert balances(books, buyer) == (0, 0)


def test_who_is_merged_takes_along_what_names_it(books: Books, buyer: dict[str, Any]) -> None:
    """Facts C3, H2: whatever named the loser names the survivor."""
    loser = books.customer("Loser")
    made = {
        "JournalEntry": books.post("JournalEntry", entry(40, loser)),
        "Purchase": books.post("Purchase", cheque(3, loser)),
        "Deposit": books.post("Deposit", deposit(2, loser)),
    }
    charge = books.emulator.charge(books.realm, loser["Id"], 5)
    books.emulator.control(
        "POST", f"realms/{books.realm}/merge", {"loser": loser["Id"], "survivor": buyer["Id"]}
    )
    assert balances(books, buyer) == (46, 46)
    for kind, before in made.items():
        after = books.get(kind, before["Id"])
        assert (after["SyncToken"], f'"{loser["Id"]}"' in str(after)) == ("1", False)
    assert books.emulator.dump(books.realm)["StatementCharge"][0]["CustomerRef"]["value"] == buyer["Id"]
    for kind, before in made.items():
        books.post(kind, {"Id": before["Id"], "SyncToken": "1"}, operation="delete")
    assert balances(books, buyer) == (5, 5)
    books.emulator.control("DELETE", f"realms/{books.realm}/charges", {"id": charge["Id"]})
    assert balances(books, buyer) == (0, 0)


def test_who_is_renamed_is_renamed_on_lines_too(books: Books, buyer: dict[str, Any]) -> None:
    """Facts E3: neither SyncToken nor time of a transaction moves."""
    made = books.post("JournalEntry", entry(40, buyer))
    key = {"Id": buyer["Id"], "SyncToken": "0", "sparse": True}
    books.post("Customer", {**key, "DisplayName": "Renamed"})
    after = books.get("JournalEntry", made["Id"])
    assert after["Line"][0][DETAIL]["Entity"]["EntityRef"] == {"value": buyer["Id"], "name": "Renamed"}
    assert (after["SyncToken"], after["MetaData"]) == (made["SyncToken"], made["MetaData"])
