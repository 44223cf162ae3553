"""The query language by raw requests (facts D)."""

import json

import pytest

from tests.contract.books import Books
from tests.emulator import send


def _names(answer: dict[str, list[dict[str, str]]], entity: str = "Customer") -> list[str]:
    return [one["DisplayName"] for one in answer.get(entity, [])]


def test_a_page_says_where_it_starts_and_how_many_rows_it_has(books: Books) -> None:
    """Facts D1: maxResults = rows returned; either order of the paging words.

    Past the end an empty object.
    """
    for name in ("A", "B", "C"):
        books.customer(name)
    answer = books.query("select * from Customer MAXRESULTS 1000 STARTPOSITION 2")
    assert (answer["startPosition"], answer["maxResults"]) == (2, 2)
    assert "totalCount" not in answer
    assert books.query("SELECT * FROM customer STARTPOSITION 4 MAXRESULTS 10") == {}
    assert books.query("select count(*) from Customer") == {"totalCount": 3}


def test_lists_come_by_full_name_in_binary_order_with_children_under_their_parent(books: Books) -> None:
    """Facts D2."""
    for name in ("Pam", "PG&E", "alpha"):
        books.customer(name)
    parent = books.query("select * from Customer where DisplayName = 'Pam'")["Customer"][0]
    books.customer("Aaron", Job=True, ParentRef={"value": parent["Id"]})
    assert _names(books.query("select * from Customer")) == ["PG&E", "Pam", "Aaron", "alpha"]


def test_the_default_page_has_a_hundred_rows(books: Books) -> None:
    """Facts C1."""
    books.emulator.load(
        books.realm,
        {"Vendor": [{"Id": str(key), "DisplayName": f"V{key}", "Active": True} for key in range(1, 151)]},
    )
    assert books.query("select * from Vendor")["maxResults"] == 100
    assert books.query("select * from Vendor maxresults 1000")["maxResults"] == 150


def test_inactive_rows_are_hidden_unless_asked_for(books: Books) -> None:
    """Facts D2."""
    books.customer("Here")
    gone = books.customer("Gone")
    books.post("Customer", {"Id": gone["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    assert _names(books.query("select * from Customer")) == ["Here"]
    assert _names(books.query("select * from Customer where Active = false")) == ["Gone (deleted)"]
    both = books.query("select * from Customer where Active IN (true, false)")
    assert _names(both) == ["Gone (deleted)", "Here"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("DisplayName = 'o\\'malley\\'s PUB'", ["O'Malley's Pub"]),
        ("displayname LIKE '%&%'", ["Carver & Sons"]),
        ("DisplayName LIKE 'o%' AND Active = true", ["O'Malley's Pub"]),
        ("DisplayName IN ('Carver & Sons', 'nobody')", ["Carver & Sons"]),
        ("DisplayName LIKE '%100\\%%'", ["100% Clean"]),
        ("FullyQualifiedName = 'carver & sons'", ["Carver & Sons"]),
        ("PrimaryEmailAddr = 'Pat@example.com'", ["O'Malley's Pub"]),
        ("Balance > '0'", []),
        ("Job = false AND Balance = 0 AND DisplayName >= 'C'", ["Carver & Sons", "O'Malley's Pub"]),
    ],
)
def test_conditions_find_what_they_say(books: Books, condition: str, found: list[str]) -> None:
    """Facts D1, D3."""
    books.customer("O'Malley's Pub", PrimaryEmailAddr={"Address": "pat@example.com"})
    books.customer("Carver & Sons")
    books.customer("100% Clean")
    assert _names(books.query(f"select * from Customer where {condition}")) == found


def test_rows_are_found_by_time_and_sorted_as_asked(books: Books) -> None:
    """Facts D1: times with an offset; facts D3."""
    first = books.customer("First")
    books.emulator.advance(100)
    second = books.customer("Second")
    time = second["MetaData"]["LastUpdatedTime"]
    later = books.query(f"select * from Customer where MetaData.LastUpdatedTime >= '{time}'")
    assert _names(later) == ["Second"]
    sorted_rows = books.query("select * from Customer ORDERBY MetaData.LastUpdatedTime DESC, Id ASC")
    assert _names(sorted_rows) == ["Second", "First"]
    by_id = books.query(f"select * from Customer where Id in ('{first['Id']}') order by Id")
    assert _names(by_id) == ["First"]


def test_chosen_fields_come_alone_with_domain_and_sparse(books: Books) -> None:
    """Facts D1: partial objects."""
    made = books.customer("Only", BillAddr={"Line1": "1 Main St", "City": "Fairview"})
    statement = "select displayname, MetaData.CreateTime, BillAddr.City, Notes from Customer"
    (row,) = books.query(statement)["Customer"]
    assert row == {
        "domain": "QBO",
        "sparse": False,
        "MetaData": {"CreateTime": made["MetaData"]["CreateTime"]},
        "DisplayName": "Only",
        "BillAddr": {"City": "Fairview"},
    }
    invoice = books.invoice(made, 10, 20)
    (row,) = books.query(f"select Id, Line.Amount from Invoice where Id = '{invoice['Id']}'")["Invoice"]
    assert row["Line"] == [{"Amount": 10}, {"Amount": 20}, {"Amount": 30}]
    error = books.query_refused("select Id, Nonsense from Customer")
    assert (error["code"], error["Detail"]) == (
        "4001",
        "QueryValidationError: Property Nonsense not found for Entity Customer",
    )


def test_transactions_are_found_by_number_customer_and_date(books: Books) -> None:
    """Facts D3."""
    buyer = books.customer("Buyer")
    books.invoice(buyer, 10, DocNumber="N-1", TxnDate="2026-01-05")
    books.invoice(buyer, 20, DocNumber="N-2", TxnDate="2026-02-05", DueDate="2026-02-10")
    books.payment(buyer, 20, TxnDate="2026-02-06", PaymentRefNum="R-1")
    for condition in (
        "DocNumber IN ('n-2', 'x')",
        "TxnDate >= '2026-02-01' AND TxnDate <= '2026-02-28'",
        f"CustomerRef = '{buyer['Id']}' AND TotalAmt = '20.00'",
        "DueDate < '2026-02-11' AND Balance > 15",
    ):
        found = books.query(f"select * from Invoice where {condition}")["Invoice"]
        assert [one["DocNumber"] for one in found] == ["N-2"], condition
    found = books.query("select * from Payment where PaymentRefNum = 'R-1' and TxnDate = '2026-02-06'")
    assert found["Payment"][0]["TotalAmt"] == 20


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        ("select * from Custmoer", "QueryValidationError: invalid context declaration: Custmoer"),
        (
            "select * from Customer startposition 0",
            "QueryValidationError: value 0 is too small. Min allowed value is 1",
        ),
        (
            "select * from Customer where Nonsense = '1'",
            "QueryValidationError: Property Nonsense not found for Entity Customer",
        ),
        (
            "select * from Customer maxresults 1001",
            "QueryValidationError: value 1001 is too large. Max allowed value is 1000",
        ),
    ],
)
def test_a_statement_that_makes_no_sense_is_refused(books: Books, statement: str, detail: str) -> None:
    """Facts B6: 4001."""
    error = books.query_refused(statement)
    assert (error["code"], error["Message"], error["Detail"]) == ("4001", "Invalid query", detail)


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("select * from Customer where Id = '1' OR Id = '2'", "line 1, column 39"),
        ("select * from Customer where Id ! '1'", "line 1, column 33"),
        ("select *\nfrom Customer where (Id = '1')", "line 2, column 21"),
        ("select * from Customer where DisplayName = 'a", "line 1, column 46"),
        ("select", "line 1, column 6"),
        ("select *\r\nfrom Customer\r\nwhere (Id = '1')", "line 3, column 7"),
        ("select *\rfrom Customer\twhere (Id = '1')", "line 2, column 23"),
        ("select * from Customer where DisplayName = 'Cutlery 'R Us'", "line 1, column 54"),
        ("select * from Customer group by Id", "line 1, column 24"),
        ("select * from Customer join Invoice", "line 1, column 24"),
        ("select * from Customer where not Active = true", "line 1, column 34"),
    ],
)
def test_a_statement_that_cannot_be_read_says_where(books: Books, statement: str, place: str) -> None:
    """Facts B6: 4000; facts D1: no OR, no parentheses."""
    error = books.query_refused(statement)
    assert (error["code"], error["Message"]) == ("4000", "Error parsing query")
    assert error["Detail"].startswith("QueryParserError: ")
    assert place in error["Detail"]


def test_a_query_without_a_statement_is_a_fault_under_status_200(books: Books) -> None:
    """Facts B4: HTTP 200 may carry a Fault; seen for /query with no statement."""
    status, text, _ = books.call("GET", "query")
    assert (status, json.loads(text)["Fault"]["type"]) == (200, "SystemFault")


def test_a_query_may_be_posted_as_text(books: Books) -> None:
    """Facts B1: POST /query, Content-Type application/text."""
    books.customer("Posted")
    status, text, _ = send(
        "POST",
        f"{books.emulator.url}/v3/company/{books.realm}/query",
        body=b"select * from Customer",
        headers={
            "Authorization": f"Bearer {books.token}",
            "Accept": "application/json",
            "Content-Type": "application/text",
        },
    )
    assert status == 200
    assert _names(json.loads(text)["QueryResponse"]) == ["Posted"]


def test_a_long_query_may_stand_in_the_address_and_a_longer_one_is_posted(books: Books) -> None:
    """Facts B1, D1; facts B5: 414 is what a server in front answers to what is too long."""
    made = books.customer("One of many")

    def asking(ids: int) -> str:
        wanted = ",".join(f"'{number}'" for number in range(ids))
        return f"select * from Customer where Id in ({wanted})"

    assert books.query(asking(600))["Customer"] == [made]
    assert books.call("GET", "query", query=asking(1_200))[0] == 414
    status, text, _ = send(
        "POST",
        f"{books.emulator.url}/v3/company/{books.realm}/query",
        body=asking(1_200).encode(),
        headers={
            "Authorization": f"Bearer {books.token}",
            "Accept": "application/json",
            "Content-Type": "application/text",
        },
    )
    assert (status, json.loads(text)["QueryResponse"]["Customer"]) == (200, [made])


def test_the_short_lists_can_be_read(books: Books) -> None:
    """Facts E7, E8."""
    assert {one["Id"] for one in books.query("select * from TaxCode")["TaxCode"]} == {"TAX", "NON", "2"}
    assert books.query("select * from TaxRate")["TaxRate"][0]["RateValue"] == 8
    assert [one["Name"] for one in books.query("select * from Term where DueDays > 20")["Term"]] == [
        "Net 30",
        "Net 60",
    ]
    income = books.query("select * from Account where AccountType = 'Income' and Name = 'Services'")
    assert income["Account"][0]["Id"] == "1"
    assert books.query("select * from CompanyInfo")["CompanyInfo"][0]["Country"] == "US"
    assert books.query("select * from Preferences")["Preferences"][0]["Id"] == "1"
    assert len(books.query("select * from PaymentMethod")["PaymentMethod"]) == 7
    assert books.query("select * from Employee") == {}
