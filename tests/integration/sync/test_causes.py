"""A refusal ends with its cause, whatever the cause was; what builds upon something refused waits for it."""

from collections.abc import Callable

import pytest

from quickbooks_sync.models import Connection, Issue, Link
from quickbooks_sync.resolving import resolve
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes.models import WorkCode
from tests.integration.sync import sales
from tests.integration.sync.credit import AMELIA
from tests.world import World

PAYMENT = "Payment of $100.00 by Amelia Hartwell"
ESTATE = "Hartwell Estate"


def changed_there(world: World, entity: str, name: str = "", **values: object) -> None:
    """Somebody edits an object in QuickBooks."""
    rows = [row for row in world.there(entity) if name in {"", row.get("DisplayName"), row.get("Name")}]
    row = rows[0]
    named = {"Name": row["Name"]} if entity in {"Item", "Account"} else {}
    kept = {"AccountType": row["AccountType"]} if entity == "Account" else {}
    head = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True}
    world.post(entity.lower(), head | named | kept | values)


def refuse(world: World, entity: str, operation: str = "create", *, times: int = 1) -> None:
    world.emulator.fault("refuse", {"entity": entity, "operation": operation}, code=6000, times=times)


@pytest.fixture
def refused(selling: World) -> World:
    """A payment of a sub-customer, which QuickBooks refused; its invoice is there."""
    world = selling
    estate = customers.create(company=world.company, values={"display_name": ESTATE})
    customers.update(company=world.company, id=sales.customer(AMELIA).pk, values={"parent": estate.pk})
    made = sales.invoice(world, AMELIA)
    world.sync()
    refuse(world, "Payment")
    sales.paid(world, made)
    world.sync()
    assert world.issues() == {PAYMENT: "refused_there"}
    return world


def its_own(world: World) -> None:
    payments.update(
        company=world.company, id=Payment.objects.get().pk, expected_revision=None, values={"reference": "1"}
    )


def its_customer_there(world: World) -> None:
    changed_there(world, "Customer", AMELIA, Notes="Seen")


def whom_its_customer_belongs_to(world: World) -> None:
    changed_there(world, "Customer", ESTATE, Notes="Seen")


def its_invoice_there(world: World) -> None:
    changed_there(world, "Invoice", CustomerMemo={"value": "Thank you"})


def its_invoice_here(world: World) -> None:
    invoices.update(
        company=world.company,
        id=Invoice.objects.get().pk,
        expected_revision=None,
        values={"memo": "Thank you"},
    )


def a_preference(world: World) -> None:
    world.emulator.preferences(world.realm, SalesFormsPrefs={"AllowDiscount": False})


def the_closing_date(world: World) -> None:
    world.emulator.preferences(world.realm, AccountingInfoPrefs={"BookCloseDate": "2025-12-31"})


def an_account(world: World) -> None:
    changed_there(world, "Account", "Landscaping Services", Active=False)


def a_choice(world: World) -> None:
    listed = [row["id"] for row in world.connection.facts["accounts"] if row["type"] == "Income"]
    others = [each for each in listed if each != world.connection.income_account]
    Connection.objects.update(income_account=others[0])


CAUSES = [
    its_own,
    its_customer_there,
    whom_its_customer_belongs_to,
    its_invoice_there,
    its_invoice_here,
    a_preference,
    the_closing_date,
    an_account,
    a_choice,
]


@pytest.mark.parametrize("changes", CAUSES, ids=lambda changes: changes.__name__)
def test_what_was_refused_goes_by_itself_once_anything_it_hangs_on_has_changed(
    refused: World, changes: Callable[[World], None]
) -> None:
    idle = refused.sync()
    assert idle.calls["write_batches"] == 0, "nothing has changed"
    changes(refused)
    refused.sync()
    assert PAYMENT not in refused.issues()
    assert [row["TotalAmt"] for row in refused.there("Payment")] == [100]


def test_what_is_refused_anew_after_something_changed_is_no_second_question(refused: World) -> None:
    first = Issue.objects.get()
    refuse(refused, "Payment")
    its_customer_there(refused)
    refused.sync()
    again = Issue.objects.get(link__kind="payment")
    assert (again.pk, again.raised_at) == (first.pk, first.raised_at)
    Issue.objects.exclude(pk=first.pk).delete()
    assert refused.sync().calls["write_batches"] == 0


def test_an_edit_under_way_is_not_hidden_by_the_refusal_of_what_was_before(selling: World) -> None:
    def edit(name: str) -> None:
        if name == "sending committed":
            selling.checkpoint = lambda _name: None
            customers.update(company=selling.company, id=new.pk, values={"notes": "mended"})

    new = customers.create(company=selling.company, values={"display_name": "New"})
    refuse(selling, "Customer")
    selling.checkpoint = edit
    selling.sync()
    selling.sync()
    assert selling.issues() == {}
    assert "New" in selling.names_there()


def test_a_change_there_while_it_was_under_way_counts_as_changed(refused: World) -> None:
    """The answer of one comes together with the refusal of the other."""

    def meanwhile(name: str) -> None:
        if name == "sending committed":
            refused.checkpoint = lambda _name: None
            its_invoice_there(refused)

    refuse(refused, "Payment")
    its_own(refused)
    refused.checkpoint = meanwhile
    refused.sync()
    assert PAYMENT in refused.issues()
    refused.sync()
    assert PAYMENT not in refused.issues()
    assert len(refused.there("Payment")) == 1


# --- What builds upon it ----------------------------------------------------------------------------


def test_a_payment_waits_for_its_invoice_that_was_moved_to_another_customer_there(selling: World) -> None:
    customers.create(company=selling.company, values={"display_name": "Other"})
    made = sales.invoice(selling, AMELIA)
    selling.sync()
    theirs = {row["DisplayName"]: row["Id"] for row in selling.there("Customer")}
    changed_there(selling, "Invoice", CustomerRef={"value": theirs["Other"]})
    sales.paid(selling, made)

    run = selling.sync()

    assert run.calls["write_batches"] == 0, "it would be refused"
    assert selling.issues() == {f"Invoice {made.number}": "changed_there"}
    assert Link.objects.get(kind="payment").waits_for == f"Invoice {made.number}"
    changed_there(selling, "Invoice", CustomerRef={"value": theirs[AMELIA]})
    selling.sync()
    assert selling.issues() == {}
    assert selling.there("Invoice")[0]["Balance"] == 0


@pytest.mark.parametrize("kind", ["customer", "work_code"])
def test_what_is_new_waits_for_a_reactivation_that_was_refused(selling: World, kind: str) -> None:
    world = selling
    entity, name = ("Customer", AMELIA) if kind == "customer" else ("Item", sales.SERVICE)
    changed_there(world, entity, name, Active=False)
    world.sync()
    issue = Issue.objects.get()
    assert issue.reason == "removed_there"
    resolve.carry_out(issue, "reactivate", value="")
    made = sales.invoice(world, AMELIA)
    refuse(world, entity, "update")

    world.sync()

    assert list(world.issues().values()) == ["refused_there"], "one question, and not two"
    assert world.there("Invoice") == []
    a_preference(world)
    world.sync()
    assert world.issues() == {}
    assert [row["DocNumber"] for row in world.there("Invoice")] == [made.number]


def test_a_payment_of_more_waits_for_the_edit_of_its_invoice_that_was_refused(selling: World) -> None:
    world = selling
    made = sales.invoice(world, AMELIA)
    world.sync()
    line = {"work_code": WorkCode.objects.get(name=sales.SERVICE).pk, "quantity": 2}
    made = invoices.update(
        company=world.company, id=made.pk, expected_revision=None, values={"lines": [line]}
    )
    refuse(world, "Invoice", "update")
    sales.paid(world, made)

    world.sync()
    assert world.issues() == {f"Invoice {made.number}": "refused_there"}
    assert world.there("Payment") == []
    world.sync()
    assert world.issues() == {f"Invoice {made.number}": "refused_there"}, "nobody is asked about the payment"

    a_preference(world)
    world.sync()
    assert world.issues() == {}
    assert world.there("Invoice")[0]["Balance"] == 0


# --- Whoever is named by the refusal ----------------------------------------------------------------


def test_a_name_goes_once_the_vendor_who_took_it_a_moment_ago_has_another(selling: World) -> None:
    def somebody_is_quicker(name: str) -> None:
        if name == "sending committed":
            selling.checkpoint = lambda _name: None
            selling.post("vendor", {"DisplayName": "Northside Supply"})

    customers.create(company=selling.company, values={"display_name": "Northside Supply"})
    selling.checkpoint = somebody_is_quicker
    selling.sync()
    assert selling.issues() == {"Northside Supply": "name_taken"}
    selling.sync()
    changed_there(selling, "Vendor", "Northside Supply", DisplayName="Northside Supply Inc.")
    selling.sync()
    assert selling.issues() == {}
    assert "Northside Supply" in selling.names_there()


def test_what_looked_the_same_is_sent_once_the_other_was_voided_there(selling: World) -> None:
    made = sales.invoice(selling, AMELIA)
    selling.sync()
    customer, invoice = selling.there("Customer")[0]["Id"], selling.there("Invoice")[0]["Id"]
    line = {"Amount": 100, "LinkedTxn": [{"TxnId": invoice, "TxnType": "Invoice"}]}
    body = {"CustomerRef": {"value": customer}, "TotalAmt": 100, "TxnDate": "2026-03-02", "Line": [line]}
    theirs = selling.post("payment", body)
    sales.paid(selling, made)
    selling.sync()
    assert set(selling.issues().values()) & {"look_alike", "already_paid"}
    there = next(row for row in selling.there("Payment") if row["Id"] == theirs["Id"])
    selling.post(
        "payment?operation=update&include=void",
        {"Id": there["Id"], "SyncToken": there["SyncToken"], "sparse": True},
    )
    selling.sync()
    assert selling.issues() == {}
    assert selling.there("Invoice")[0]["Balance"] == 0
