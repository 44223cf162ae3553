"""Each answer a person can press, driven to its end: what follows on both sides, with nothing twice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.models import Issue, Link, Outcome
from quickbooks_sync.resolving import holds, resolve
from quickbooks_sync.sending import look_alikes
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.sales.models import TaxRate
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.integration.sync.foretelling import foretold
from tests.integration.sync.stories.story import edit_there
from tests.world import World

TODAY = date(2026, 3, 2)


@pytest.fixture
def synced(world: World) -> World:
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    values = {"name": "Service Call", "price": Decimal(100), "taxable": True}
    work_codes.create(company=world.company, values=values)
    TaxRate.objects.create(company=world.company, name="California", percent=Decimal(8))
    world.full()
    return world


def invoice(world: World, number: str = "1001", **values: object) -> Invoice:
    work_code = WorkCode.objects.get(company=world.company, name="Service Call")
    line = {
        "work_code": work_code.pk,
        "description": "",
        "quantity": Decimal(1),
        "unit_price": Decimal(100),
        "taxable": True,
    }
    customer = Customer.objects.get(company=world.company)
    given = {"number": number, "customer": customer.pk, "date": TODAY, "due_date": TODAY, "lines": [line]}
    return invoices.create(company=world.company, values={**given, **values})


def taxed(world: World) -> Invoice:
    return invoice(world, tax_rate=TaxRate.objects.get(company=world.company).pk)


def payment(world: World, paid: Invoice, amount: str = "100.00") -> Payment:
    values = {
        "customer": paid.customer_id,
        "date": TODAY,
        "amount": Decimal(amount),
        "allocations": [{"invoice": paid.pk, "amount": Decimal(amount)}],
    }
    return payments.create(company=world.company, values=values)


def pressed(what: str, value: str = "") -> str:
    return resolve.carry_out(Issue.objects.get(), what, value=value)


def quiet(world: World) -> None:
    """Nothing needs anybody, and two more runs have nothing to send."""
    assert world.issues() == {}
    for _ in range(2):
        run = world.sync()
        assert run.state == "done", run.error
        assert run.calls["write_batches"] == 0
    assert world.issues() == {}


@pytest.fixture
def other_total(synced: World) -> tuple[World, Invoice]:
    """QuickBooks keeps the tax that is sent; somebody there has changed it since."""
    synced.emulator.preferences(synced.realm, TaxPrefs={"PartnerTaxEnabled": True})
    synced.emulator.settings(tax_override="honoured")
    sent = taxed(synced)
    synced.sync()
    (there,) = synced.there("Invoice")
    head = {"Id": there["Id"], "SyncToken": there["SyncToken"], "sparse": True}
    synced.post("invoice", {**head, "TxnTaxDetail": {"TotalTax": 7.77}})
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "stored_differently"}
    return synced, sent


def test_a_total_that_was_accepted_hinders_no_payment_and_is_asked_about_no_more(
    other_total: tuple[World, Invoice],
) -> None:
    world, sent = other_total
    payment(world, sent, "50.00")
    world.sync()
    assert world.issues() == {"Invoice 1001": "stored_differently"}
    assert world.there("Payment") == []

    pressed("accept")
    world.sync()
    assert len(world.there("Payment")) == 1
    quiet(world)
    assert Outcome.objects.get().reason == "stored_differently"


def test_the_tax_there_is_taken_for_one_invoice_and_all_that_was_paid_goes(
    other_total: tuple[World, Invoice],
) -> None:
    world, sent = other_total
    payment(world, sent, "108.00")
    world.sync()
    assert world.issues() == {"Invoice 1001": "stored_differently"}

    pressed("take_tax")
    here = Invoice.objects.get(pk=sent.pk)
    assert (here.tax, here.total, here.tax_by) == (Decimal("7.77"), Decimal("107.77"), "QuickBooks")
    world.sync()
    (there,) = world.there("Payment")
    assert (there["TotalAmt"], there["UnappliedAmt"]) == (108, 0.23)
    assert world.there("Invoice")[0]["Balance"] == 0
    quiet(world)


def test_a_wrong_total_can_be_voided_there_and_held_here(other_total: tuple[World, Invoice]) -> None:
    world, sent = other_total
    pressed("void_there")
    world.sync()
    (there,) = world.there("Invoice")
    assert there["TotalAmt"] == 0
    link = Link.objects.get(kind="invoice", local_id=sent.pk)
    assert (link.state, link.remote_id) == ("hold", None)
    assert not Invoice.objects.get(pk=sent.pk).voided
    quiet(world)


def test_a_preview_shows_what_is_to_be_voided_there_and_stays_here(
    other_total: tuple[World, Invoice],
) -> None:
    world, _ = other_total
    pressed("void_there")

    assert [step[:2] for step in foretold(world)] == [("there", "removed")]


@pytest.mark.parametrize("edited", [False, True])
def test_a_payment_waits_for_an_invoice_that_is_to_be_voided_there_in_a_preview_too(
    other_total: tuple[World, Invoice],
    edited: bool,  # noqa: FBT001 - to the very total there
) -> None:
    world, sent = other_total
    pressed("void_there")
    payment(world, sent, "50.00")
    if edited:
        invoices.update(company=world.company, id=sent.pk, values={"tax_rate": None})
        edit_there(world, "Invoice", TxnTaxDetail={"TotalTax": 0})

    assert [step[:2] for step in foretold(world)] == [("there", "removed")]
    assert (world.there("Payment"), world.issues()) == ([], {})


def test_a_wish_to_void_there_what_is_paid_there_meanwhile_can_be_taken_back(
    other_total: tuple[World, Invoice],
) -> None:
    world, _ = other_total
    there = world.there("Invoice")[0]
    line = {"Amount": 10, "LinkedTxn": [{"TxnId": there["Id"], "TxnType": "Invoice"}]}
    world.post("payment", {"CustomerRef": there["CustomerRef"], "TotalAmt": 10, "Line": [line]})
    pressed("void_there")
    world.sync()
    assert world.issues() == {"Invoice 1001": "cannot_remove"}
    pressed("keep_there")
    world.sync()
    assert world.issues() == {"Invoice 1001": "stored_differently"}


def test_a_wish_to_void_there_does_not_outlast_the_syncing_of_the_record(
    other_total: tuple[World, Invoice],
) -> None:
    world, sent = other_total
    pressed("void_there")
    holds.stop(world.connection, "invoice", sent.pk)
    world.sync()
    assert world.there("Invoice")[0]["TotalAmt"] > 0
    holds.start(Link.objects.get(kind="invoice", local_id=sent.pk))
    world.sync()
    assert world.there("Invoice")[0]["TotalAmt"] > 0
    assert world.issues() == {"Invoice 1001": "stored_differently"}


@pytest.fixture
def edited_after_payment(synced: World) -> tuple[World, Invoice]:
    sent = invoice(synced)
    payment(synced, sent, "40.00")
    synced.sync()
    invoices.update(company=synced.company, id=sent.pk, values={"memo": "Thank you"})
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "edited_after_payment"}
    return synced, sent


def test_an_edit_after_payment_is_sent_all_the_same_if_a_person_says_so(
    edited_after_payment: tuple[World, Invoice],
) -> None:
    world, _ = edited_after_payment
    pressed("allow")
    world.sync()
    (there,) = world.there("Invoice")
    assert there["CustomerMemo"] == {"value": "Thank you"}
    assert there["Balance"] == 60
    quiet(world)


def test_an_edit_after_payment_is_taken_back_here(edited_after_payment: tuple[World, Invoice]) -> None:
    world, sent = edited_after_payment
    pressed("take_back")
    assert Invoice.objects.get(pk=sent.pk).memo == ""
    world.sync()
    assert "CustomerMemo" not in world.there("Invoice")[0]
    quiet(world)


@pytest.mark.parametrize(("what", "memo"), [("take", "Theirs"), ("send", "Ours")])
def test_an_invoice_changed_on_both_sides_becomes_what_a_person_says(
    synced: World, what: str, memo: str
) -> None:
    sent = invoice(synced, tax_rate=TaxRate.objects.get().pk)
    synced.sync()
    (there,) = synced.there("Invoice")
    change: dict[str, Any] = {"Id": there["Id"], "SyncToken": there["SyncToken"], "sparse": True}
    synced.post("invoice", change | {"CustomerMemo": {"value": "Theirs"}})
    invoices.update(company=synced.company, id=sent.pk, values={"memo": "Ours"})
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "edited_on_both"}
    pressed(what)
    synced.sync()
    (there,) = synced.there("Invoice")
    here = Invoice.objects.get(pk=sent.pk)
    assert there["CustomerMemo"] == {"value": memo}
    assert (here.memo, here.tax_rate_id, here.tax) == (memo, TaxRate.objects.get().pk, Decimal(8))
    quiet(synced)


@pytest.mark.parametrize("what", ["take", "leave", "send"])
def test_a_change_there_of_a_taxed_invoice_is_taken_left_or_overruled_without_touching_its_tax(
    synced: World, what: str
) -> None:
    sent = taxed(synced)
    synced.sync()
    (there,) = synced.there("Invoice")
    change: dict[str, Any] = {"Id": there["Id"], "SyncToken": there["SyncToken"], "sparse": True}
    synced.post("invoice", change | {"CustomerMemo": {"value": "Theirs"}})
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "changed_there"}
    pressed(what)
    synced.sync()
    here = Invoice.objects.get(pk=sent.pk)
    assert here.tax == Decimal(8)
    assert here.memo == ("Theirs" if what == "take" else "")
    memo = synced.there("Invoice")[0].get("CustomerMemo", {}).get("value", "")
    assert memo == ("" if what == "send" else "Theirs")
    quiet(synced)


def invoice_there(world: World, number: str, amount: int = 100) -> dict[str, Any]:
    item = next(row for row in world.there("Item") if row["Name"] == "Service Call")
    line = {
        "Amount": amount,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": item["Id"]}},
    }
    customer = world.there("Customer")[0]["Id"]
    body = {"DocNumber": number, "CustomerRef": {"value": customer}, "TxnDate": "2026-03-01", "Line": [line]}
    return world.post("invoice", body)


def test_what_waits_for_sales_tax_goes_once_it_is_on_there(synced: World) -> None:
    synced.emulator.preferences(synced.realm, TaxPrefs={"UsingSalesTax": False})
    taxed(synced)
    synced.sync()
    assert list(synced.issues().values()) == ["sales_tax_off"]

    synced.emulator.preferences(synced.realm, TaxPrefs={"UsingSalesTax": True})
    synced.sync()
    assert synced.issues() == {}
    assert [row["DocNumber"] for row in synced.there("Invoice")] == ["1001"]


def test_a_taken_number_gets_the_free_one_that_was_proposed_at_one_press(synced: World) -> None:
    invoice_there(synced, "1001", 55)
    invoice(synced)
    invoice(synced, "1001-1")
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "number_taken"}
    assert "1002" in pressed("renumber")
    synced.sync()
    numbers = sorted(row["DocNumber"] for row in synced.there("Invoice"))
    assert numbers == ["1001", "1001-1", "1002"]
    quiet(synced)


def older(world: World, number: str = "0900") -> Invoice:
    """An invoice entered and dated before the connection: it stays out."""
    sent = invoice(world, number)
    world.connection.connected_at = datetime.now(UTC)
    world.connection.start_date = date(2027, 1, 1)
    world.connection.save()
    long_ago = datetime.now(UTC) - timedelta(days=400)
    Invoice.objects.filter(pk=sent.pk).update(created_at=long_ago, revision=sent.revision)
    return sent


def test_a_person_picks_which_invoice_there_an_older_payment_pays(synced: World) -> None:
    wanted = invoice_there(synced, "QB-77", 120)
    invoice_there(synced, "QB-78", 90)
    payment(synced, older(synced))
    synced.sync()
    issue = Issue.objects.get()
    assert issue.reason == "older_invoice"
    assert {each["name"] for each in issue.details["candidates"]} == {"Invoice QB-77", "Invoice QB-78"}
    pressed("pick", str(wanted["Id"]))
    synced.sync()
    balances = {row["DocNumber"]: row["Balance"] for row in synced.there("Invoice")}
    assert balances == {"QB-77": 20, "QB-78": 90}


def test_the_invoice_to_pick_stands_in_the_list_however_many_later_ones_are_linked(synced: World) -> None:
    invoice_there(synced, "QB-77", 120)
    for number in range(look_alikes.SHORT_LIST + 1):
        invoice(synced, f"2{number:03}")
    synced.sync()
    payment(synced, older(synced))
    synced.sync()
    issue = Issue.objects.get()
    assert {each["name"] for each in issue.details["candidates"]} == {"Invoice QB-77"}


def test_a_payment_of_an_older_invoice_can_go_as_a_credit_of_the_customer(synced: World) -> None:
    paid = payment(synced, older(synced))
    synced.sync()
    pressed("on_account")
    synced.sync()
    (there,) = synced.there("Payment")
    assert (there["TotalAmt"], there["UnappliedAmt"]) == (100, 100)
    assert paid.allocations.count() == 1
    quiet(synced)


def test_an_invoice_in_closed_books_goes_once_a_person_gives_it_a_later_date(synced: World) -> None:
    synced.emulator.preferences(synced.realm, AccountingInfoPrefs={"BookCloseDate": "2026-03-31"})
    sent = invoice(synced, due_date=TODAY + timedelta(days=30))
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "books_closed"}
    with pytest.raises(resolve.CannotResolveError):
        pressed("redate", "soon")
    pressed("redate", "2026-04-02")
    synced.sync()
    (there,) = synced.there("Invoice")
    assert (there["TxnDate"], there["DueDate"]) == ("2026-04-02", "2026-05-02")
    assert Invoice.objects.get(pk=sent.pk).date == date(2026, 4, 2)
    quiet(synced)


def test_what_was_deactivated_there_is_made_active_again_under_its_own_id(synced: World) -> None:
    (there,) = synced.there("Customer")
    change: dict[str, Any] = {"Id": there["Id"], "SyncToken": there["SyncToken"], "sparse": True}
    synced.post("customer", change | {"Active": False})
    synced.sync()
    assert synced.issues() == {"Amelia Hartwell": "removed_there"}
    pressed("reactivate")
    synced.sync()
    (after,) = synced.there("Customer")
    assert (after["Id"], after["Active"], after["DisplayName"]) == (there["Id"], True, "Amelia Hartwell")
    quiet(synced)


def test_an_answer_about_what_is_gone_meanwhile_is_refused_in_words(synced: World) -> None:
    (there,) = synced.there("Customer")
    change: dict[str, Any] = {"Id": there["Id"], "SyncToken": there["SyncToken"], "sparse": True}
    synced.post("customer", change | {"Notes": "Gate code 12"})
    synced.sync()
    link = Link.objects.get(kind="customer")
    assert link.remote is not None
    link.remote.deleted = True
    link.remote.save()
    with pytest.raises(resolve.CannotResolveError, match="not in QuickBooks any more"):
        pressed("take")
    assert Issue.objects.exists()
