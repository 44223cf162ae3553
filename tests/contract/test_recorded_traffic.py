"""What recordings of the real service show that no document says, by raw requests.

Each test names the recording: one of the sandbox by a client of somebody else's, or that client's own test.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.contract.books import Books, pays, sale

SAMPLE_RECORDS = Path(
    os.environ.get(
        "SAMPLE_RECORDS", Path(__file__).parents[2] / ".." / "shared" / "data" / "sandbox-us1.json"
    )
)
with_sample_records = pytest.mark.skipif(not SAMPLE_RECORDS.exists(), reason="no SAMPLE_RECORDS here")
CREW = {
    "CustomField": [
        {
            "CustomField": [
                {"Name": "SalesFormsPrefs.UseSalesCustom3", "Type": "BooleanType", "BooleanValue": False},
                {"Name": "SalesFormsPrefs.UseSalesCustom1", "Type": "BooleanType", "BooleanValue": True},
            ]
        },
        {
            "CustomField": [
                {"Name": "SalesFormsPrefs.SalesCustomName1", "Type": "StringType", "StringValue": "Crew #"}
            ]
        },
    ]
}


@pytest.mark.parametrize("entity", ["Customer", "Vendor"])
def test_the_printed_name_follows_a_full_update(books: Books, entity: str) -> None:
    """Facts E1, recorded of a customer: a full update with a new DisplayName and no PrintOnCheckName."""
    made = books.post(entity, {"DisplayName": "Former Name"})
    assert made["PrintOnCheckName"] == "Former Name"
    full = {"Id": made["Id"], "SyncToken": "0", "DisplayName": "New Name"}
    after = books.post(entity, full)
    assert (after["DisplayName"], after["PrintOnCheckName"]) == ("New Name", "New Name")
    own = books.post(entity, {**full, "SyncToken": "1", "PrintOnCheckName": "N. Name"})
    assert own["PrintOnCheckName"] == "N. Name"


def test_a_full_update_keeps_the_tax_code_of_a_customer(books: Books) -> None:
    """Facts E1: DefaultTaxCodeRef stands in the answer to a full update that leaves it out."""
    made = books.customer("Former Name")
    assert made["DefaultTaxCodeRef"] == {"value": "2"}
    full = {"Id": made["Id"], "SyncToken": "0", "DisplayName": "New Name"}
    assert books.post("Customer", full)["DefaultTaxCodeRef"] == {"value": "2"}


def test_an_inactive_account_is_changed_without_its_type(books: Books) -> None:
    """Facts E1: a sparse update, of the name alone; an active one is 2020."""
    made = books.post("Account", {"Name": "Old", "AccountType": "Bank"})
    key = {"Id": made["Id"], "sparse": True}
    assert books.refused("Account", {**key, "SyncToken": "0", "Name": "New"})["code"] == "2020"
    gone = {**key, "SyncToken": "0", "Name": "Old", "AccountType": "Bank", "Active": False}
    books.post("Account", gone)
    after = books.post("Account", {**key, "SyncToken": "1", "Active": True, "Name": "New"})
    assert (after["Name"], after["Active"], after["AccountType"]) == ("New", True, "Bank")


def test_an_account_has_a_number_of_twenty_characters(books: Books) -> None:
    """Facts E7, a client's test of the sandbox; one more is 2050."""
    account = {"Name": "Numbered", "AccountType": "Bank"}
    assert books.post("Account", {**account, "AcctNum": "7" * 20})["AcctNum"] == "7" * 20
    assert books.refused("Account", {**account, "Name": "Other", "AcctNum": "7" * 21})["code"] == "2050"


@pytest.mark.parametrize("switch", ["copied", "absent"])
def test_a_new_form_has_its_customers_address_or_none(books: Books, switch: str) -> None:
    """Facts E5: copied by one source, absent in one recording."""
    buyer = books.customer("Buyer", PrimaryEmailAddr={"Address": "buyer@b.example"})
    with books.switched(bill_email=switch):
        made = books.invoice(buyer, 5)
        named = books.invoice(buyer, 5, BillEmail={"Address": "other@b.example"})
    assert made.get("BillEmail") == ({"Address": "buyer@b.example"} if switch == "copied" else None)
    assert named["BillEmail"] == {"Address": "other@b.example"}


@pytest.mark.parametrize("entity", ["Invoice", "Estimate", "SalesReceipt", "CreditMemo"])
def test_a_new_form_has_the_custom_fields_that_are_on(books: Books, entity: str) -> None:
    """Facts E5, E8: DefinitionId, Name, Type, written or not; those that are off are not there."""
    books.emulator.preferences(books.realm, SalesFormsPrefs=CREW)
    form = {"CustomerRef": {"value": books.customer("Buyer")["Id"]}, "Line": [sale(5)]}
    crew = {"DefinitionId": "1", "Name": "Crew #", "Type": "StringType"}
    assert books.post(entity, form)["CustomField"] == [crew]
    written = {"CustomField": [{"DefinitionId": "1", "StringValue": "7", "Type": "StringType"}]}
    assert books.post(entity, {**form, **written})["CustomField"] == [{**crew, "StringValue": "7"}]


@pytest.mark.parametrize("field", ["x", {"DefinitionId": "1"}, [1], ["1"]])
def test_custom_fields_that_are_none_are_refused(books: Books, field: Any) -> None:
    """Facts B6: 2010, of forms and of preferences."""
    form = {"CustomerRef": {"value": books.customer("Buyer")["Id"]}, "Line": [sale(5)]}
    assert books.refused("Invoice", {**form, "CustomField": field})["code"] == "2010"
    wanted = {"sparse": True, "Id": "1", "SyncToken": "0", "SalesFormsPrefs": {"CustomField": field}}
    if field != {"DefinitionId": "1"}:
        assert books.refused("Preferences", wanted)["code"] == "2010"
    assert books.post("Invoice", form)["CustomField"] == []


def test_a_fault_about_an_id_that_is_none_has_no_time(books: Books) -> None:
    """Facts B4: GET customer/1.5, recorded with nothing beside the Fault."""
    status, text, _ = books.call("GET", "customer/1.5")
    assert (status, json.loads(text).keys()) == (400, {"Fault"})
    status, text, _ = books.call("GET", "customer/999999")
    assert (status, json.loads(text).keys()) == (400, {"Fault", "time"})


def test_unlike_is_a_word_of_the_query_language(books: Books) -> None:
    """Facts D1: `!=` is answered with 200, though no document has it.

    What has no value is not found by it.
    """
    for name, more in (("Plain", {}), ("Zoë", {"CompanyName": "One"}), ("Other", {"CompanyName": "Two"})):
        books.customer(name, **more)

    def named(condition: str) -> list[str]:
        found = books.query(f"select * from Customer where {condition}").get("Customer", [])
        return [one["DisplayName"] for one in found]

    assert named("DisplayName != 'plain'") == ["Other", "Zoë"]
    assert named("DisplayName != 'zoË'") == ["Other", "Plain"]
    assert named("CompanyName != 'One'") == ["Other"]
    assert named("DisplayName != 'Plain' and CompanyName != 'Two'") == ["Zoë"]
    asset = "Classification = 'Asset' and FullyQualifiedName != 'Checking'"
    accounts = books.query(f"select * from Account where {asset}")["Account"]
    assert {one["Classification"] for one in accounts} == {"Asset"}
    assert "Checking" not in {one["Name"] for one in accounts}
    assert books.query("select count(*) from Account where AccountType != 'Bank'")["totalCount"] == 9


def test_all_tax_codes_come_however_few_are_asked_for(books: Books) -> None:
    """Facts D2, a client's test of the sandbox: `MAXRESULTS 1` has the rows of all of them."""
    answer = books.query("SELECT * FROM TaxCode MAXRESULTS 1")
    assert [one["Id"] for one in answer["TaxCode"]] == ["2", "NON", "TAX"]
    assert answer["maxResults"] == 3
    assert len(books.query("SELECT * FROM TaxRate MAXRESULTS 1")["TaxRate"]) == 1


def test_items_of_a_batch_without_a_name_are_answered_each(books: Books) -> None:
    """Facts F, a client's test of the sandbox; without a bId no request id names them."""
    items = [
        {"operation": "create", "Customer": {"DisplayName": "One"}},
        {"operation": "create", "Customer": {"DisplayName": "Two"}},
        {"Query": "select count(*) from Customer"},
    ]
    one, two, counted = books.batch(*items, requestid="nameless")
    assert (one["Customer"]["DisplayName"], two["Customer"]["DisplayName"]) == ("One", "Two")
    assert counted == {"QueryResponse": {"totalCount": 2}}
    again = books.batch(*items[:2], requestid="nameless")
    assert [item["Fault"]["Error"][0]["code"] for item in again] == ["6240", "6240"]


def test_a_recurring_form_stands_inside_with_its_id(books: Books) -> None:
    """Facts E7, a client's test of it: `{"RecurringTransaction": {"Bill": {...}}}`, `Type` asked for."""
    rent = {"Line": [{"Amount": 12.5}], "RecurringInfo": {"Name": "Rent", "RecurType": "Automated"}}
    made = books.post("RecurringTransaction", {"Bill": rent})
    assert made.keys() == {"Bill"}
    assert (made["Bill"]["SyncToken"], made["Bill"]["RecurringInfo"]["Name"]) == ("0", "Rent")
    assert books.get("RecurringTransaction", made["Bill"]["Id"]) == made
    books.post("RecurringTransaction", {"Invoice": {"Line": [], "RecurringInfo": {"Name": "Mowing"}}})
    (found,) = books.query("select * from RecurringTransaction where Type = 'Bill'")["RecurringTransaction"]
    assert found == made
    key = {"Id": made["Bill"]["Id"], "SyncToken": "0", "sparse": True}
    after = books.post("RecurringTransaction", {"Bill": {**key, "PrivateNote": "mine"}})["Bill"]
    assert (after["SyncToken"], after["PrivateNote"], after["RecurringInfo"]["Name"]) == ("1", "mine", "Rent")
    stale = books.refused("RecurringTransaction", {"Bill": key})
    assert stale["code"] == "5010"
    (changed,) = books.changes("RecurringTransaction", after["MetaData"]["CreateTime"])
    assert {"Bill": after} in changed["RecurringTransaction"]
    gone = books.post("RecurringTransaction", {"Bill": {**key, "SyncToken": "1"}}, operation="delete")
    assert gone["status"] == "Deleted"
    assert books.refused("RecurringTransaction", {"Bill": {**key, "SyncToken": "1"}})["code"] == "610"
    for wrong in ({}, {"Customer": {}}, {"Bill": {}, "Invoice": {}}):
        assert books.refused("RecurringTransaction", wrong)["code"] == "2020"


@with_sample_records
@pytest.mark.sample_records
@pytest.mark.parametrize("entity", ["SalesReceipt", "Estimate", "Invoice"])
def test_an_update_adds_no_member_nobody_asked_for(books: Books, entity: str) -> None:
    """Facts E1, recorded of a sales receipt: no empty LinkedTxn where there was none."""
    books.emulator.load(books.realm, json.loads(SAMPLE_RECORDS.read_text()))
    for stored in books.query(f"select * from {entity}")[entity]:
        if any(link["TxnType"] == "Deposit" for link in stored.get("LinkedTxn", [])):
            continue
        key = {"Id": stored["Id"], "SyncToken": stored["SyncToken"], "sparse": True}
        after = books.post(entity, {**key, "PrivateNote": "changed"})
        assert after.keys() == {*stored, "PrivateNote"}


@pytest.mark.parametrize("entity", ["Invoice", "PurchaseOrder"])
def test_a_mailed_form_that_changes_was_not_sent_so(books: Books, entity: str) -> None:
    """Facts E14: the time of sending goes with any change; that it was sent, and how, stays."""
    form: dict[str, Any] = {"Line": [sale(5)]}
    if entity == "Invoice":
        form["CustomerRef"] = {"value": books.customer("Buyer")["Id"]}
    made = books.post(entity, form)
    assert books.call("POST", f"{entity.lower()}/{made['Id']}/send", sendTo="b@b.example")[0] == 200
    sent = books.get(entity, made["Id"])
    assert sent["DeliveryInfo"].keys() == {"DeliveryType", "DeliveryTime"}
    assert books.post(entity, {"Id": made["Id"], "SyncToken": "0", "sparse": True}) == sent
    after = books.post(entity, {"Id": made["Id"], "SyncToken": "0", "sparse": True, "PrivateNote": "x"})
    assert (after["DeliveryInfo"], after["EmailStatus"]) == ({"DeliveryType": "Email"}, "EmailSent")
    books.call("POST", f"{entity.lower()}/{made['Id']}/send", sendTo="b@b.example")
    assert "DeliveryTime" in books.get(entity, made["Id"])["DeliveryInfo"]


def test_time_activities_are_among_the_changes(books: Books) -> None:
    """Facts G: included since 2021."""
    made = books.post("TimeActivity", {"NameOf": "Employee", "Hours": 3})
    (part,) = books.changes("TimeActivity", made["MetaData"]["CreateTime"])
    assert part["TimeActivity"] == [made]


def test_a_deposited_payment_is_a_line_without_number_or_detail(books: Books) -> None:
    """Facts E11: linked lines have neither Id, LineNum nor DetailType; direct ones have all three."""
    payment = books.payment(books.customer("Buyer"), 80)
    linked = {"Amount": 80, "LinkedTxn": [{"TxnId": payment["Id"], "TxnType": "Payment", "TxnLineId": "0"}]}
    fee = {"Amount": -2.4, "DetailType": "DepositLineDetail"}
    fee["DepositLineDetail"] = {"AccountRef": {"value": "1"}}
    bank = {"DepositToAccountRef": {"value": "35"}}
    announced = {**linked, "DetailType": "DepositLineDetail"}
    error = books.refused("Deposit", {**bank, "Line": [announced]})
    assert (error["code"], error["Detail"]) == (
        "2020",
        "Required parameter Line.DepositLineDetail.AccountRef is missing in the request",
    )
    made = books.post("Deposit", {**bank, "Line": [linked, fee]})
    assert (made["TotalAmt"], made["Line"][0]) == (77.6, linked)
    assert (made["Line"][1]["Id"], made["Line"][1]["LineNum"]) == ("1", 1)
    assert made["Line"][1]["DetailType"] == "DepositLineDetail"
    assert books.post("Deposit", made) == made


@pytest.mark.parametrize(
    ("name", "column", "mark", "after"),
    [
        ("Wł", 46, ("\\u0142", 322), "\\'W"),
        ("a\\'b \u2013 c", 50, ("\\u2013", 8211), "\\'a\\\\\\'b "),
        ("Zoë 🌱", 49, ("\\ud83c", 55356), "\\'Zo\\u00eb "),
    ],
)
def test_letters_beyond_latin_were_once_unreadable(
    books: Books, name: str, column: int, mark: tuple[str, int], after: str
) -> None:
    """Facts D4: 4000 until 2022, in these words; read since, so that is the switch's default."""
    statement = f"select * from Customer where DisplayName = '{name}'"
    assert books.query(statement) == {}
    with books.switched(query_non_latin="4000"):
        error = books.query_refused(statement)
        assert books.query("select * from Customer where DisplayName = 'Zoë & \"Co\"'") == {}
    place = f"Lexical error at line 1, column {column}."
    met = f'Encountered: "{mark[0]}" ({mark[1]}), after : "{after}"'
    said = f"QueryParserError: Invalid content. {place}  {met}"
    assert (error["code"], error["Detail"]) == ("4000", said)


def test_a_character_outside_a_text_is_named_by_its_number(books: Books) -> None:
    """Facts D4."""
    error = books.query_refused("select * from Customer \u2013 ")
    words = 'Lexical error at line 1, column 24.  Encountered: "\\u2013" (8211), after : ""'
    assert error["Detail"] == f"QueryParserError: Invalid content. {words}"


@pytest.mark.parametrize("switch", ["refuse", "unapplied"])
def test_a_payment_of_another_customers_invoice(books: Books, switch: str) -> None:
    """Facts E6: refused; facts E10: the staff's word of 2018 that it stays unapplied."""
    buyer, other = books.customer("Buyer"), books.customer("Other")
    mine, theirs = books.invoice(buyer, 10), books.invoice(other, 30)
    body = {
        "CustomerRef": {"value": buyer["Id"]},
        "TotalAmt": 40,
        "Line": [pays(mine, 10), pays(theirs, 30)],
    }
    with books.switched(payment_other_customer=switch):
        if switch == "refuse":
            assert books.refused("Payment", body)["code"] == "6000"
            return
        made = books.post("Payment", body)
    assert made["UnappliedAmt"] == 30
    assert [line["LinkedTxn"][0]["TxnId"] for line in made["Line"]] == [mine["Id"]]
    assert books.get("Invoice", theirs["Id"])["Balance"] == 30
