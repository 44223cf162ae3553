"""Whether the books match: every difference found, explained, and added up to the cent."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync import commands
from quickbooks_sync.books import reading
from quickbooks_sync.models import BooksCheck, Connection, Issue, Remote, SyncRun
from quickbooks_sync.planner.books import Comparison
from quickbooks_sync.resolving import resolve
from service_genius.companies.models import Company, User
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA, answer
from tests.pressing import Client, said
from tests.world import World

ZERO = Decimal(0)
BOOKS = "/settings/quickbooks/books/"


def checked(world: World) -> BooksCheck:
    """What a check of the books finds."""
    run = world.run(SyncRun.Scope.BOOKS)
    assert run.state == SyncRun.State.DONE, run.error
    return BooksCheck.objects.get(run=run)


def stated(world: World) -> Comparison:
    return reading.comparison(world.connection)


def differences(world: World) -> set[tuple[str, str, Decimal]]:
    return {(item.sort, item.why, item.difference) for item in stated(world).items}


def customer_there(world: World, name: str = AMELIA) -> dict[str, Any]:
    return next(row for row in world.there("Customer") if row["DisplayName"] == name)


def test_books_that_are_the_same_match(selling: World) -> None:
    sales.invoice(selling, AMELIA)
    selling.sync()
    check = checked(selling)
    assert (check.here, check.there, check.reported) == (Decimal(100), Decimal(100), Decimal(100))
    assert check.match
    assert not stated(selling).items


def test_what_is_entered_in_quickbooks_alone_is_told_by_type(selling: World) -> None:
    customer = {"value": customer_there(selling)["Id"]}
    item = next(row for row in selling.there("Item") if row["Name"] == sales.SERVICE)["Id"]
    line = {
        "Amount": 30,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": item}},
    }
    selling.post("invoice", {"CustomerRef": customer, "Line": [{**line, "Amount": 70}]})
    selling.post("creditmemo", {"CustomerRef": customer, "Line": [line]})
    selling.post("payment", {"CustomerRef": customer, "TotalAmt": 25})
    check = checked(selling)
    assert (check.here, check.there, check.explained) == (ZERO, Decimal(15), Decimal(15))
    assert check.match
    assert differences(selling) == {
        ("invoice", "only_there", Decimal(70)),
        ("CreditMemo", "only_there", Decimal(-30)),
        ("payment", "only_there", Decimal(-25)),
    }


def test_what_is_entered_later_is_known_from_the_changes_alone(selling: World) -> None:
    checked(selling)
    customer = {"value": customer_there(selling)["Id"]}
    paid = selling.post("payment", {"CustomerRef": customer, "TotalAmt": 25})
    selling.sync()
    assert differences(selling) == {("payment", "only_there", Decimal(-25))}
    assert stated(selling).match
    selling.post("payment?operation=delete", {"Id": paid["Id"], "SyncToken": paid["SyncToken"]})
    selling.sync()
    assert not stated(selling).items
    assert stated(selling).match


def test_an_invoice_that_is_not_sent_yet_is_explained_by_that(selling: World) -> None:
    checked(selling)
    sales.invoice(selling, AMELIA)
    assert differences(selling) == {("invoice", "never_sent", Decimal(-100))}
    found = stated(selling)
    assert (found.here, found.there, found.unexplained) == (Decimal(100), ZERO, ZERO)


def test_an_invoice_voided_here_differs_until_the_next_sync(selling: World) -> None:
    invoice = sales.invoice(selling, AMELIA)
    selling.sync()
    checked(selling)
    invoices.void(company=selling.company, id=invoice.pk)
    assert differences(selling) == {("invoice", "changed", Decimal(100))}
    assert stated(selling).match
    selling.sync()
    assert not stated(selling).items


def test_a_cent_that_nothing_explains_is_found(selling: World) -> None:
    invoice = sales.invoice(selling, AMELIA)
    selling.sync()
    assert checked(selling).match
    # As no operation would write it: no revision, and so no sync, tells of it.
    Invoice.objects.filter(pk=invoice.pk).update(total=Decimal("100.01"))
    check = checked(selling)
    assert (check.unexplained, check.astray) == (Decimal("-0.01"), 1)
    assert not check.match


def posted_on_receivables(world: World, amount: int) -> dict[str, Any]:
    """A journal entry that lets the customer owe more."""
    accounts = {row["AccountType"]: row["Id"] for row in world.there("Account")}
    customer = {"Type": "Customer", "EntityRef": {"value": customer_there(world)["Id"]}}

    def line(account: str, posting: str, **more: Any) -> dict[str, Any]:
        detail = {"PostingType": posting, "AccountRef": {"value": accounts[account]}, **more}
        return {
            "Amount": amount,
            "DetailType": "JournalEntryLineDetail",
            "JournalEntryLineDetail": detail,
        }

    lines = [line("Accounts Receivable", "Debit", Entity=customer), line("Income", "Credit")]
    return world.post("journalentry", {"Line": lines})


def test_what_no_list_has_is_told_by_type_and_id(selling: World) -> None:
    assert checked(selling).match
    entry = posted_on_receivables(selling, 40)
    selling.sync()
    assert stated(selling).unexplained == Decimal(40)
    check = checked(selling)
    assert (check.there, check.explained, check.reported) == (Decimal(40), Decimal(40), Decimal(40))
    assert check.match
    [item] = stated(selling).items
    assert (item.sort, item.remote_id, item.difference) == ("JournalEntry", entry["Id"], Decimal(40))
    selling.post("journalentry?operation=delete", {"Id": entry["Id"], "SyncToken": entry["SyncToken"]})
    assert checked(selling).match
    assert not stated(selling).items


def test_the_report_leaves_out_what_is_dated_later_and_agrees_all_the_same(selling: World) -> None:
    customer = {"value": customer_there(selling)["Id"]}
    later = (selling.company.today() + timedelta(days=40)).isoformat()
    selling.post("payment", {"CustomerRef": customer, "TotalAmt": 25, "TxnDate": later})
    check = checked(selling)
    assert (check.there, check.reported, check.later) == (Decimal(-25), ZERO, Decimal(-25))
    assert check.match


def test_a_balance_that_no_document_explains_is_red(selling: World) -> None:
    assert checked(selling).match
    Remote.objects.filter(entity="Customer").update(balance=Decimal("0.01"))
    found = stated(selling)
    assert [account.unexplained for account in found.astray] == [Decimal("0.01")]
    assert not found.match


def test_after_a_month_without_a_sync_the_next_check_reads_all_anew(selling: World) -> None:
    """Two that are gone since may cancel each other, and no balance tells of them."""
    checked(selling)
    customer = {"CustomerRef": {"value": customer_there(selling)["Id"]}}
    item = next(row for row in selling.there("Item") if row["Name"] == sales.SERVICE)["Id"]
    line = {"Amount": 25, "DetailType": "SalesItemLineDetail"}
    line |= {"SalesItemLineDetail": {"ItemRef": {"value": item}}}
    selling.post("payment", customer | {"TotalAmt": 25})
    selling.post("invoice", customer | {"Line": [line]})
    selling.sync()
    assert len(stated(selling).items) == 2
    for entity in ("Payment", "Invoice"):
        [row] = selling.there(entity)
        head = {"Id": row["Id"], "SyncToken": row["SyncToken"]}
        selling.post(f"{entity.lower()}?operation=delete", head)
    long_ago = datetime.now(UTC) - timedelta(days=40)
    Connection.objects.filter(pk=selling.connection.pk).update(there_watermark=long_ago)
    selling.connection.refresh_from_db()
    assert checked(selling).match
    assert not stated(selling).items


def test_the_command_says_whether_the_books_match(selling: World, capsys: pytest.CaptureFixture[str]) -> None:
    sales.invoice(selling, AMELIA)
    assert commands.books(selling.company.name) == 0
    assert "Invoices: not sent yet: 1, \N{MINUS SIGN}$100.00" in capsys.readouterr().out
    selling.sync()
    Remote.objects.filter(entity="Customer").update(balance=Decimal("100.01"))
    assert commands.books(selling.company.name, as_json=True) == 1
    said = json.loads(capsys.readouterr().out)
    figures = {name: Decimal(said[name]) for name in ("difference", "explained", "unexplained")}
    cent = Decimal("0.01")
    assert figures == {"difference": cent, "explained": ZERO, "unexplained": cent}
    assert [each["name"] for each in said["customers_unexplained"]] == [AMELIA]


def test_customers_in_another_currency_are_left_out(selling: World) -> None:
    """What they owe is in their own money, and no sum of dollars."""
    paris = {"Id": "900", "DisplayName": "Paris", "FullyQualifiedName": "Paris", "Balance": 70}
    euros = {"CurrencyRef": {"value": "EUR", "name": "Euro"}}
    selling.emulator.load(selling.realm, {"Customer": [customer_there(selling) | paris | euros]})
    assert checked(selling).match
    selling.full()
    check = checked(selling)
    assert (check.there, check.astray) == (ZERO, 0)


def test_what_somebody_left_otherwise_there_is_explained_by_that(selling: World) -> None:
    invoice = sales.invoice(selling, AMELIA)
    selling.sync()
    row = next(row for row in selling.there("Invoice") if row["DocNumber"] == invoice.number)
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    [line] = [line for line in row["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    detail = line["SalesItemLineDetail"] | {"UnitPrice": 80}
    selling.post("invoice", head | {"Line": [line | {"Amount": 80, "SalesItemLineDetail": detail}]})
    assert checked(selling).match
    assert differences(selling) == {("invoice", "news_there", Decimal(-20))}
    selling.sync()
    assert differences(selling) == {("invoice", "changed_there", Decimal(-20))}
    answer(selling, "changed_there", "leave")
    selling.sync()
    check = checked(selling)
    assert (check.here, check.there, check.explained) == (Decimal(100), Decimal(80), Decimal(-20))
    assert check.match
    assert differences(selling) == {("invoice", "left", Decimal(-20))}


def test_a_payment_that_is_linked_later_counts_once(selling: World) -> None:
    """Typed on both sides, and then said to be one."""
    invoice = sales.invoice(selling, AMELIA)
    selling.sync()
    checked(selling)
    row = next(row for row in selling.there("Invoice") if row["DocNumber"] == invoice.number)
    line = {"Amount": 100, "LinkedTxn": [{"TxnId": row["Id"], "TxnType": "Invoice"}]}
    entered = {"CustomerRef": row["CustomerRef"], "TxnDate": row["TxnDate"], "TotalAmt": 100, "Line": [line]}
    there = selling.post("payment", entered)
    selling.sync()
    assert differences(selling) == {("payment", "only_there", Decimal(-100))}
    sales.paid(selling, invoice)
    selling.sync()
    resolve.carry_out(Issue.objects.get(), "same", value=str(there["Id"]))
    selling.sync()
    assert not stated(selling).items
    assert checked(selling).match


def test_each_document_is_named_with_why_and_the_way_out(selling: World, client: Client, alice: User) -> None:
    client.force_login(alice)
    invoice = sales.invoice(selling, AMELIA)
    page = said(client, f"{BOOKS}items/?sort=invoice&why=never_sent")
    assert "Invoices: not sent yet" in page
    assert f"Invoice {invoice.number} {AMELIA}" in page
    assert "It goes with the next Sync. Sync" in page
    page = said(client, f"{BOOKS}items/?account={customer_there(selling)['Id']}")
    assert f"Invoice {invoice.number} Not sent yet" in page
    assert "Owes $100.00 here and $0.00 in QuickBooks." in page


@pytest.mark.parametrize("asked", ["sort=x&why=y", "account=zz", "after=99999999999", "show=q&after=-1"])
def test_an_address_that_nobody_made_is_no_error(
    selling: World, client: Client, alice: User, asked: str
) -> None:
    client.force_login(alice)
    sales.invoice(selling, AMELIA)
    for page in (BOOKS, f"{BOOKS}items/"):
        assert client.get(f"{page}?{asked}").status_code == 200


def test_before_the_first_full_sync_nothing_is_compared(world: World, client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "Nothing to compare yet" in said(client, BOOKS)
    answer = client.post(f"{BOOKS}check/", follow=True)
    assert "before the first Full Sync" in answer.content.decode()
    assert not world.connection.runs.exists()


def test_what_a_report_told_before_is_asked_for_at_each_check(selling: World) -> None:
    """One that is gone, and another of the same amount: the customer adds up all the same."""
    entry = posted_on_receivables(selling, 40)
    assert checked(selling).match
    selling.post("journalentry?operation=delete", {"Id": entry["Id"], "SyncToken": entry["SyncToken"]})
    other = posted_on_receivables(selling, 40)
    assert checked(selling).match
    assert [item.remote_id for item in stated(selling).items] == [other["Id"]]


def test_who_is_not_connected_is_told_so(company: Company, client: Client, alice: User) -> None:
    client.force_login(alice)
    assert "Nothing to compare yet" in said(client, BOOKS)
