"""Customers by raw requests (facts E1 to E3)."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.contract.books import Books


def test_a_new_customer_gets_the_recorded_defaults(books: Books) -> None:
    """Facts E3, B3: defaults of create; Id and SyncToken are strings."""
    customer = books.customer('Acme & Söhne, "Lawn" 100%')
    assert customer["Id"].isdigit()
    assert customer["SyncToken"] == "0"
    assert customer["domain"] == "QBO"
    assert customer["sparse"] is False
    assert customer["Taxable"] is True
    assert customer["Job"] is False
    assert customer["BillWithParent"] is False
    assert customer["Balance"] == 0
    assert customer["BalanceWithJobs"] == 0
    assert customer["CurrencyRef"] == {"value": "USD", "name": "United States Dollar"}
    assert customer["PreferredDeliveryMethod"] == "Print"
    assert customer["FullyQualifiedName"] == customer["PrintOnCheckName"] == customer["DisplayName"]
    assert customer["Active"] is True
    assert customer["MetaData"]["CreateTime"] == customer["MetaData"]["LastUpdatedTime"]
    assert books.get("Customer", customer["Id"]) == customer


def test_the_display_name_is_built_from_the_parts_of_a_name(books: Books) -> None:
    """Facts E3."""
    made = books.post("Customer", {"GivenName": "Ada", "FamilyName": "Byron"})
    assert made["DisplayName"] == "Ada Byron"


def test_a_customer_without_any_name_is_refused(books: Books) -> None:
    """Facts B6: 6080."""
    assert books.refused("Customer", {"CompanyName": "Only a company"})["code"] == "6080"


@pytest.mark.parametrize("entity", ["Customer", "Vendor"])
def test_a_name_is_unique_over_customers_and_vendors_without_case(books: Books, entity: str) -> None:
    """Facts E3: 6240, with the Id of the holder."""
    holder = books.post(entity, {"DisplayName": "Northside Supply"})
    error = books.refused("Customer", {"DisplayName": " northside SUPPLY"})
    assert error["code"] == "6240"
    assert error["Message"] == "Duplicate Name Exists Error"
    assert error["Detail"].endswith(f"Id={holder['Id']}")


def test_an_employees_name_is_taken_too(books: Books) -> None:
    """Facts E3."""
    books.emulator.load(books.realm, {"Employee": [{"Id": "9", "DisplayName": "Emily Tran", "Active": True}]})
    assert books.refused("Customer", {"DisplayName": "Emily Tran"})["code"] == "6240"


@pytest.mark.parametrize("name", ["a:b", "a\tb", "a\nb"])
def test_colon_tab_and_newline_are_refused_in_names(books: Books, name: str) -> None:
    """Facts E3, B6: 2040."""
    assert books.refused("Customer", {"DisplayName": name})["code"] == "2040"


@pytest.mark.parametrize(
    ("body", "element", "limit", "supplied"),
    [
        ({"DisplayName": "x" * 501}, "DisplayName", "500", "501"),
        ({"DisplayName": "n", "Notes": "x" * 2001}, "Notes", "2,000", "2,001"),
        (
            {"DisplayName": "p", "PrimaryPhone": {"FreeFormNumber": "5" * 31}},
            "PrimaryPhone.FreeFormNumber",
            "30",
            "31",
        ),
        ({"DisplayName": "a", "BillAddr": {"City": "x" * 256}}, "BillAddr.City", "255", "256"),
    ],
)
def test_a_value_that_is_too_long_is_refused_with_its_limit(
    books: Books, body: dict[str, object], element: str, limit: str, supplied: str
) -> None:
    """Facts B6, E2: 2050 with thousands commas."""
    error = books.refused("Customer", body)
    assert error["code"] == "2050"
    assert error["element"] == element
    assert f"Max:{limit} supported. Supplied length:{supplied}" in error["Detail"]


def test_a_bad_email_address_is_refused(books: Books) -> None:
    """Facts B6: 2210; facts E2: must contain @ and a dot."""
    body = {"DisplayName": "Mail", "PrimaryEmailAddr": {"Address": "no-at-sign"}}
    assert books.refused("Customer", body)["code"] == "2210"


def test_a_member_outside_the_schema_is_refused(books: Books) -> None:
    """Facts B6: 2010."""
    error = books.refused("Customer", {"DisplayName": "X", "BadJson": 1})
    assert error["code"] == "2010"
    assert 'Unrecognized field "BadJson" (class com.intuit.schema.finance.v3.Customer)' in error["Detail"]


def test_a_sparse_update_changes_only_what_was_sent(books: Books) -> None:
    """Facts E1."""
    made = books.customer("Sparse", Notes="keep me", PrimaryPhone={"FreeFormNumber": "1"})
    after = books.post(
        "Customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "CompanyName": "New", "Notes": None}
    )
    assert after["SyncToken"] == "1"
    assert after["CompanyName"] == "New"
    assert after["Notes"] == "keep me"
    assert after["PrimaryPhone"] == {"FreeFormNumber": "1"}
    assert after["sparse"] is False


def test_an_empty_text_clears_a_field_and_a_full_update_clears_what_it_leaves_out(books: Books) -> None:
    """Facts E1."""
    made = books.customer("Clear", Notes="old", CompanyName="old")
    after = books.post("Customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Notes": ""})
    assert "Notes" not in after
    after = books.post("Customer", {"Id": made["Id"], "SyncToken": "1", "DisplayName": "Clear"})
    assert "CompanyName" not in after
    assert after["Balance"] == 0


def test_an_update_that_changes_nothing_moves_neither_token_nor_time(books: Books) -> None:
    """Facts E1."""
    made = books.customer("Same", BillAddr={"Line1": "1 Main"})
    books.emulator.advance(10)
    same = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "BillAddr": {"Line1": "1 Main"}}
    assert books.post("Customer", same) == made
    assert books.post("Customer", made) == made


def test_a_stale_token_is_refused(books: Books) -> None:
    """Facts E1, B6: 5010."""
    made = books.customer("Stale")
    change = {"Id": made["Id"], "SyncToken": "0", "sparse": True}
    books.post("Customer", {**change, "Notes": "first"})
    error = books.refused("Customer", {**change, "Notes": "second"})
    assert (error["code"], error["Message"]) == ("5010", "Stale Object Error")


def test_a_missing_token_and_a_wrong_id_are_refused(books: Books) -> None:
    """Facts B6: 2020, 2030, 610."""
    made = books.customer("Token")
    assert books.refused("Customer", {"Id": made["Id"], "sparse": True, "Notes": "x"})["code"] == "2020"
    error = books.refused("Customer", {"Id": "1.5", "SyncToken": "0"})
    assert (error["code"], error["Detail"]) == ("2030", "Id should be a valid number. Supplied value:1.5")
    assert books.refused("Customer", {"Id": "999999", "SyncToken": "0"})["code"] == "610"


def test_a_deactivated_customer_carries_the_suffix_and_frees_the_name(books: Books) -> None:
    """Facts E1."""
    made = books.customer("Gone Co")
    after = books.post("Customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False})
    assert after["DisplayName"] == after["FullyQualifiedName"] == "Gone Co (deleted)"
    assert after["Active"] is False
    assert books.get("Customer", made["Id"]) == after
    second = books.customer("Gone Co")
    back = {"Id": made["Id"], "SyncToken": "1", "sparse": True, "Active": True}
    assert books.refused("Customer", back)["code"] == "6240"
    books.post("Customer", {"Id": second["Id"], "SyncToken": "0", "sparse": True, "DisplayName": "Other"})
    assert books.post("Customer", back)["DisplayName"] == "Gone Co"


def test_sub_customers_are_named_after_their_parent(books: Books) -> None:
    """Facts E3: ParentRef with Job; the same name may come again under another parent."""
    first, second = books.customer("Evergreen"), books.customer("Larkspur")
    unit = books.customer("Unit 4B", Job=True, ParentRef={"value": first["Id"]})
    assert unit["FullyQualifiedName"] == "Evergreen:Unit 4B"
    assert unit["Level"] == 1
    other = books.customer("Unit 4B", Job=True, ParentRef={"value": second["Id"]})
    assert other["FullyQualifiedName"] == "Larkspur:Unit 4B"
    again = {"DisplayName": "Unit 4B", "Job": True, "ParentRef": {"value": first["Id"]}}
    assert books.refused("Customer", again)["code"] == "6240"
    books.post("Customer", {"Id": first["Id"], "SyncToken": "0", "sparse": True, "DisplayName": "Green"})
    assert books.get("Customer", unit["Id"])["FullyQualifiedName"] == "Green:Unit 4B"


def test_a_sub_customer_that_moves_takes_its_balance_along(books: Books) -> None:
    """Facts E3: BalanceWithJobs holds the sub-customers' balances."""
    first, second = books.customer("First"), books.customer("Second")
    job = books.customer("Job", Job=True, ParentRef={"value": first["Id"]})
    books.invoice(job, 75)
    move = {"Id": job["Id"], "SyncToken": "0", "sparse": True, "Job": True}
    moved = books.post("Customer", {**move, "ParentRef": {"value": second["Id"]}})
    assert moved["FullyQualifiedName"] == "Second:Job"
    assert books.get("Customer", first["Id"])["BalanceWithJobs"] == 0
    assert books.get("Customer", second["Id"])["BalanceWithJobs"] == 75


def test_a_renamed_customer_is_renamed_on_its_invoices_without_a_new_token(books: Books) -> None:
    """Facts E1: reference names are filled in on output."""
    made = books.customer("Maiden Name")
    invoice = books.invoice(made, 10)
    books.post("Customer", {"Id": made["Id"], "SyncToken": "0", "sparse": True, "DisplayName": "New Name"})
    after = books.get("Invoice", invoice["Id"])
    assert after.pop("CustomerRef") == {"value": made["Id"], "name": "New Name"}
    del invoice["CustomerRef"]
    assert after == invoice


def test_one_of_many_who_want_a_name_at_once_gets_it(books: Books) -> None:
    """Facts E3: unique, whoever comes first."""
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(books.call, "POST", "customer", {"DisplayName": "Wanted"}) for _ in range(8)]
    statuses = sorted(call.result()[0] for call in calls)
    assert statuses == [200] + [400] * 7
    assert books.query("select count(*) from Customer") == {"totalCount": 1}


def test_half_a_character_is_refused(books: Books) -> None:
    """Facts B1: stray bytes are code 500 with status 400."""
    assert books.refused("Customer", {"DisplayName": "\ud83c"})["code"] == "500"


def test_customers_nest_five_levels_deep(books: Books) -> None:
    """Facts E3: 6180 beyond."""
    above = books.customer("Level 0")
    for level in range(1, 5):
        above = books.customer(f"Level {level}", Job=True, ParentRef={"value": above["Id"]})
    too_deep = {"DisplayName": "Level 5", "Job": True, "ParentRef": {"value": above["Id"]}}
    assert books.refused("Customer", too_deep)["code"] == "6180"


def test_what_stands_below_a_customer_moves_with_it(books: Books) -> None:
    """Facts E3: FullyQualifiedName and Level follow.

    More than five levels are 6180 for what is below, too.
    """
    tops = [books.customer(name) for name in ("A", "B")]
    chain = [tops[0]]
    for name in ("C", "D", "E"):
        chain.append(books.customer(name, Job=True, ParentRef={"value": chain[-1]["Id"]}))
    unit = books.customer("Unit", Job=True, ParentRef={"value": tops[1]["Id"]})
    books.customer("Room", Job=True, ParentRef={"value": unit["Id"]})
    move = {"Id": unit["Id"], "SyncToken": "0", "sparse": True, "Job": True}
    too_deep = {**move, "ParentRef": {"value": chain[3]["Id"]}}
    assert books.refused("Customer", too_deep)["code"] == "6180"
    books.post("Customer", {**move, "ParentRef": {"value": chain[2]["Id"]}})
    room = books.query("select * from Customer where DisplayName = 'Room'")["Customer"][0]
    assert (room["FullyQualifiedName"], room["Level"], room["SyncToken"]) == ("A:C:D:Unit:Room", 4, "0")


def test_a_customer_with_a_balance_stays_active_unless_told_otherwise(books: Books) -> None:
    """Facts B6: 6220; facts J: unsettled, hence a switch."""
    made = books.customer("Owes")
    books.invoice(made, 100)
    away = {"Id": made["Id"], "SyncToken": "0", "sparse": True, "Active": False}
    assert books.refused("Customer", away)["code"] == "6220"
    books.emulator.settings(deactivate_with_balance="allow")
    try:
        assert books.post("Customer", away)["Active"] is False
    finally:
        books.emulator.settings(deactivate_with_balance="refuse")


@pytest.mark.parametrize("version", ["1", "75", "99", "x"])
def test_the_minor_version_makes_no_difference(books: Books, version: str) -> None:
    """Facts B2: lower values are accepted and ignored."""
    made = books.post("Customer", {"DisplayName": "Anyone"}, minorversion=version)
    status, text, _ = books.call("GET", f"customer/{made['Id']}", minorversion=version)
    assert (status, json.loads(text)["Customer"]) == (200, made)
