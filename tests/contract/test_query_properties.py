"""What a query can filter and sort by, and how values are compared, by raw requests (facts D)."""

import pytest

from tests.contract.books import Books, sale


def _names(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["DisplayName"] for one in answer.get("Customer", [])]


@pytest.mark.parametrize(
    "condition",
    [
        "DisplayName = 'ZOË & SØN'",
        "DisplayName IN ('x', 'zoë & søn')",
        "DisplayName LIKE 'zOË%'",
        "DisplayName LIKE '%søN'",
        "FullyQualifiedName = 'zoË & sØn'",
        "CompanyName = 'ФИРМА ЗЕЛЁНЫЙ САД'",
        "CompanyName LIKE '%зелЁный%'",
        "FamilyName = 'łódŹ'",
    ],
)
def test_letters_of_any_alphabet_are_compared_without_case(books: Books, condition: str) -> None:
    """Facts D1: string comparison is case-insensitive."""
    books.customer("Zoë & Søn", CompanyName="Фирма Зелёный Сад", FamilyName="Łódź")
    books.customer("Zoe & Son", CompanyName="Firma", FamilyName="Lodz")
    assert _names(books.query(f"select * from Customer where {condition}")) == ["Zoë & Søn"]
    assert books.query(f"select count(*) from Customer where {condition}") == {"totalCount": 1}


NOT_FILTERED = {
    "Customer": "Notes BillAddr.City PrimaryPhone BalanceWithJobs SyncToken",
    "Vendor": "PrimaryEmailAddr Balance",
    "Account": "AcctNum",
    "Item": "UnitPrice Description",
    "Invoice": "PrivateNote CustomerMemo LinkedTxn EmailStatus CustomField DepartmentRef Line.Amount",
    "Payment": "UnappliedAmt PrivateNote",
}


@pytest.mark.parametrize(
    ("entity", "name"), [(entity, name) for entity, names in NOT_FILTERED.items() for name in names.split()]
)
def test_what_cannot_be_filtered_by_is_refused(books: Books, entity: str, name: str) -> None:
    """Facts D3, B6: 4001, is not queryable."""
    error = books.query_refused(f"select * from {entity} where {name} = '1'")
    assert (error["code"], error["Detail"]) == (
        "4001",
        f"QueryValidationError: property '{name}' is not queryable",
    )


NOT_SORTED = {
    "Customer": "Job ParentRef Notes SyncToken",
    "Item": "Sku SubItem ParentRef Taxable",
    "Invoice": "CustomerRef SalesTermRef ProjectRef",
    "Payment": "CustomerRef PaymentMethodRef PaymentRefNum ProjectRef",
}


@pytest.mark.parametrize(
    ("entity", "name"), [(entity, name) for entity, names in NOT_SORTED.items() for name in names.split()]
)
def test_what_cannot_be_sorted_by_is_refused(books: Books, entity: str, name: str) -> None:
    """Facts D3: f without s."""
    assert books.query_refused(f"select * from {entity} orderby {name}")["code"] == "4001"


# Entity: what it is filtered by, what it is sorted by.
ALLOWED = {
    "Customer": (
        (
            "DisplayName GivenName MiddleName FamilyName CompanyName PrintOnCheckName FullyQualifiedName "
            "PrimaryEmailAddr Active Balance Job ParentRef Id MetaData.CreateTime MetaData.LastUpdatedTime"
        ),
        (
            "DisplayName GivenName MiddleName FamilyName CompanyName PrintOnCheckName FullyQualifiedName "
            "PrimaryEmailAddr Active Balance BalanceWithJobs Id MetaData.CreateTime MetaData.LastUpdatedTime"
        ),
    ),
    "Item": (
        "Name Type Active FullyQualifiedName Sku SubItem ParentRef Taxable",
        "Name Type Active FullyQualifiedName UnitPrice",
    ),
    "Invoice": (
        "DocNumber TxnDate DueDate CustomerRef SalesTermRef Balance ProjectRef TotalAmt",
        "DocNumber TxnDate DueDate Balance TotalAmt",
    ),
    "Payment": ("TotalAmt TxnDate CustomerRef PaymentMethodRef PaymentRefNum ProjectRef", "TotalAmt TxnDate"),
    "CreditMemo": ("DocNumber TxnDate CustomerRef", "DocNumber TxnDate"),
    "SalesReceipt": ("DocNumber TxnDate CustomerRef", "DocNumber TxnDate"),
    "RefundReceipt": ("DocNumber TxnDate CustomerRef", "DocNumber TxnDate"),
    "Account": ("Name AccountType Classification Active", "Name AccountType"),
    "Term": ("Name Active", "Name"),
    "PaymentMethod": ("Name Active", "Name"),
}
FLAGS = {"Active", "Job", "SubItem", "Taxable"}


@pytest.mark.parametrize("entity", ALLOWED)
def test_what_can_be_filtered_and_sorted_by(books: Books, entity: str) -> None:
    """Facts D3."""
    filtered, sorted_by = ALLOWED[entity]
    for name in filtered.split():
        value = "'2026-01-01'" if "Date" in name or "Time" in name else "true" if name in FLAGS else "'1'"
        assert "totalCount" in books.query(f"select count(*) from {entity} where {name} = {value}")
    for name in sorted_by.split():
        books.query(f"select * from {entity} orderby {name} desc")


def test_numbers_dates_and_flags_are_compared_as_such(books: Books) -> None:
    """Facts D1: numbers bare or quoted, booleans bare, dates in quotes."""
    buyer = books.customer("Buyer")
    for value in (5, 30, 200):
        books.post("CreditMemo", {"CustomerRef": {"value": buyer["Id"]}, "Line": [sale(value)]})
    for condition in ("RemainingCredit > 20", "RemainingCredit >= '30.00'"):
        assert books.query(f"select * from CreditMemo where {condition}")["maxResults"] == 2
    north = books.post("Class", {"Name": "North"})
    books.post("Class", {"Name": "Lawns", "SubClass": True, "ParentRef": {"value": north["Id"]}})
    (found,) = books.query("select * from Class where SubClass = true")["Class"]
    assert found["Name"] == "Lawns"
    wrong = ("TxnDate > 'yesterday'", "TotalAmt > 'much'", "Balance > 'NaN'", "DueDate = '2026-02-30'")
    for condition in wrong:
        error = books.query_refused(f"select * from Invoice where {condition}")
        assert (error["code"], "invalid value" in error["Detail"]) == ("4001", True)
    assert books.query_refused("select * from Customer where Active = 'maybe'")["code"] == "4001"


def test_a_percent_sign_is_the_only_wildcard(books: Books) -> None:
    """Facts D1."""
    for name in ("a_b", "axb", "back\\slash", "backxslash"):
        books.customer(name)
    for pattern, found in (("a_b", ["a_b"]), ("a%b", ["a_b", "axb"]), ("back\\\\%", ["back\\slash"])):
        rows = books.query(f"select * from Customer where DisplayName like '{pattern}'")["Customer"]
        assert [one["DisplayName"] for one in rows] == found


def test_what_is_open_is_found_among_what_is_not(books: Books) -> None:
    """Facts D3: Balance; facts D2: in the order the rest comes in."""
    buyer = books.customer("Buyer")
    made = [books.invoice(buyer, amount) for amount in (10, 20, 30)]
    books.payment(buyer, 20, (made[1], 20))

    def found(condition: str) -> list[str]:
        return [one["Id"] for one in books.query(f"select * from Invoice {condition}").get("Invoice", [])]

    first, _, last = (one["Id"] for one in made)
    assert found("where Balance > '0'") == [one for one in found("") if one in {first, last}]
    assert found("where Balance > 0 orderby Id") == [first, last]
    assert found("where Balance > '10'") == [last]
    assert found("where Balance > '-1' orderby Id") == [one["Id"] for one in made]
    assert found("where Balance >= '30'") == [last]
    assert books.query("select count(*) from Invoice where Balance > '0'") == {"totalCount": 2}


def test_a_time_without_an_offset_is_pacific(books: Books) -> None:
    """Facts D1; a + that was not written as %2B arrives as a blank and makes no time."""
    made = books.customer("Timed")
    pacific = made["MetaData"]["LastUpdatedTime"][:19]
    statement = "select count(*) from Customer where MetaData.LastUpdatedTime = '{}'"
    assert books.query(statement.format(pacific)) == {"totalCount": 1}
    assert books.query(statement.format(f"{pacific}Z")) == {"totalCount": 0}
    assert books.query_refused(statement.format("2026-10-01T00:00:00 00:00"))["code"] == "4001"


@pytest.mark.parametrize("comparison", ["<", ">", "<=", ">=", "LIKE"])
def test_ids_have_no_ranges(books: Books, comparison: str) -> None:
    """Facts D1: = and IN only."""
    assert books.query_refused(f"select * from Customer where Id {comparison} '5'")["code"] == "4001"


def test_how_lenient_the_paging_words_are_is_a_switch(books: Books) -> None:
    """Facts D1: MAXRESULTS above 1000, STARTPOSITION 0 and ORDER BY with a blank were seen both ways."""
    books.customer("Only")
    with books.switched(max_results_above_1000="clamp", start_position_zero="first"):
        found = books.query("select * from Customer startposition 0 maxresults 5000")
        assert (found["startPosition"], found["maxResults"]) == (1, 1)
    with books.switched(order_by_with_blank=False):
        error = books.query_refused("select * from Customer\n Order By Id")
        assert (error["code"], 'Encountered " "order" ' in error["Detail"]) == ("4000", True)
        assert error["Detail"].endswith("at line 2, column 2.")
        assert books.query("select * from Customer orderby Id")["maxResults"] == 1


def test_the_parser_says_what_it_met_and_what_it_expected(books: Books) -> None:
    """Facts B6: the recorded beginning of the text."""
    error = books.query_refused("select * from Customer where Id = '1' OR Id = '2'")
    first, *rest = error["Detail"].split("\n")
    assert first == 'QueryParserError: Encountered " <OR> "OR "" at line 1, column 39.'
    assert rest[0] == "Was expecting one of:"
    assert {'    "maxresults" ...', '    "orderby" ...', "    <AND> ..."} <= set(rest)
    error = books.query_refused("select * from Customer where Name = %")
    assert error["Detail"].startswith(
        'QueryParserError: Invalid content. Lexical error at line 1, column 37.  Encountered: "%" (37)'
    )
