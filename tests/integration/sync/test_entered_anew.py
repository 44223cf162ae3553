"""What was removed in QuickBooks and entered there anew: one question, which offers the new one."""

from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.models import Issue, Link, PlannedStep, SyncRun
from quickbooks_sync.pages.issues import issue_views
from quickbooks_sync.resolving.resolve import carry_out
from quickbooks_sync.runs.queue import ask
from quickbooks_sync.wording.reasons import issue_sentence
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import World


@pytest.fixture
def synced(world: World) -> World:
    """A customer and a work code, sent."""
    customers.create(company=world.company, values={"display_name": "Amelia Cole", "phone": "555 0100"})
    work_codes.create(company=world.company, values={"name": "Repair", "price": Decimal(50)})
    assert world.full().state == "done"
    return world


def row_of(world: World, entity: str, member: str, value: str) -> dict[str, Any]:
    return next(row for row in world.there(entity) if row.get(member) == value)


def put_away(world: World, entity: str, row: dict[str, Any]) -> None:
    body = {"Id": row["Id"], "SyncToken": row["SyncToken"], "sparse": True, "Active": False}
    world.post(entity.lower(), body)


def delete(world: World, entity: str, row: dict[str, Any]) -> None:
    world.post(f"{entity.lower()}?operation=delete", {"Id": row["Id"], "SyncToken": row["SyncToken"]})


def quiet(world: World) -> None:
    assert world.issues() == {}
    again = world.sync()
    assert (again.state, again.calls["write_batches"]) == ("done", 0), again.error
    assert world.issues() == {}


def test_a_customer_entered_anew_is_one_question_and_linked_by_one_answer(synced: World) -> None:
    put_away(synced, "Customer", row_of(synced, "Customer", "DisplayName", "Amelia Cole"))
    new = synced.post("customer", {"DisplayName": "Amelia Cole", "Notes": "Gate 7"})
    assert synced.sync().state == "done"
    assert synced.issues() == {"Amelia Cole": "removed_there"}
    issue = Issue.objects.get()
    assert "anew" in issue_sentence(issue)
    [view] = issue_views(synced.company, [issue])
    assert [(each.answer.what, each.answer.value) for each in view.candidates] == [("relink", new["Id"])]
    assert [answer.what for answer in view.answers] == ["remove", "stop"], "its name is held there"
    carry_out(issue, "relink", value=new["Id"])
    assert synced.sync().state == "done"
    customer = Customer.objects.get()
    assert (customer.notes, customer.active) == ("Gate 7", True)
    there = row_of(synced, "Customer", "Id", new["Id"])
    assert there["PrimaryPhone"]["FreeFormNumber"] == "555 0100"
    quiet(synced)


def test_a_work_code_entered_anew_is_one_question(synced: World) -> None:
    old = row_of(synced, "Item", "Name", "Repair")
    put_away(synced, "Item", old)
    members = {
        "Name": "Repair",
        "Type": "Service",
        "IncomeAccountRef": old["IncomeAccountRef"],
        "UnitPrice": 60,
    }
    new = synced.post("item", members)
    assert synced.sync().state == "done"
    assert synced.issues() == {"Repair": "removed_there"}
    carry_out(Issue.objects.get(), "relink", value=new["Id"])
    assert synced.sync().state == "done"
    assert WorkCode.objects.filter(name="Repair").count() == 1
    quiet(synced)


def test_who_goes_here_too_makes_room_for_the_one_entered_anew(synced: World) -> None:
    put_away(synced, "Customer", row_of(synced, "Customer", "DisplayName", "Amelia Cole"))
    synced.post("customer", {"DisplayName": "Amelia Cole"})
    synced.sync()
    carry_out(Issue.objects.get(), "remove", value="")
    assert synced.sync().state == "done"
    assert sorted(Customer.objects.values_list("display_name", "active")) == [
        ("Amelia Cole", False),
        ("Amelia Cole", True),
    ]
    quiet(synced)


def test_a_preview_shows_the_one_question(synced: World) -> None:
    put_away(synced, "Customer", row_of(synced, "Customer", "DisplayName", "Amelia Cole"))
    synced.post("customer", {"DisplayName": "Amelia Cole"})
    shown = synced.work(ask(connection=synced.connection, scope=SyncRun.Scope.SYNC, preview=True))
    steps = PlannedStep.objects.filter(run=shown, kind="customer")
    assert sorted(steps.values_list("label", "action")) == [
        ("Amelia Cole", "attention"),
        ("Amelia Cole", "waits"),
    ]


@pytest.mark.parametrize(
    ("entity", "members", "said"),
    [
        ("Vendor", {"DisplayName": "Birch"}, "A vendor in"),
        ("Customer", {"DisplayName": "Birch"}, "Another customer, a vendor or an employee in"),
        ("Item", {"Name": "Birch", "Type": "Category"}, "A category of products and services in"),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_a_clash_of_names_is_told_by_what_holds_the_name(
    synced: World, entity: str, members: dict[str, Any], said: str, *, known: bool
) -> None:
    """Ids count for each entity by itself: the Item of a vendor's id is nothing to a customer's name."""
    if entity == "Item":
        work_codes.create(company=synced.company, values={"name": "Birch", "price": Decimal(5)})
    else:
        customers.create(company=synced.company, values={"display_name": "Birch", "email": "b@example.com"})
    Link.objects.filter(local_id=None).delete()

    def enter(name: str = "") -> None:
        if name in {"", "sending committed"}:
            synced.checkpoint = lambda _: None
            synced.post(entity.lower(), members)

    if known and entity != "Customer":
        enter()
    else:
        synced.checkpoint = enter
    assert synced.sync().state == "done"
    assert synced.issues() == {"Birch": "name_taken"}
    words = issue_sentence(Issue.objects.get())
    unknown = ("Another customer, a vendor or an employee in", "Another product, service or category in")
    assert words.startswith(said if known else unknown), words


def bill(world: World, number: str = "1001") -> int:
    code, customer = WorkCode.objects.get(name="Repair").pk, Customer.objects.get().pk
    line = {"work_code": code, "description": "", "quantity": 1, "unit_price": Decimal(50), "taxable": False}
    today = world.company.today()
    values = {"number": number, "customer": customer, "date": today, "due_date": today, "lines": [line]}
    return invoices.create(company=world.company, values=values).pk


def test_an_invoice_deleted_and_entered_by_hand_can_be_linked_when_it_is_sent_anew(synced: World) -> None:
    bill(synced)
    assert synced.sync().state == "done"
    old = row_of(synced, "Invoice", "DocNumber", "1001")
    delete(synced, "Invoice", old)
    line = {name: value for name, value in old["Line"][0].items() if name not in {"Id", "LineNum"}}
    body = {"DocNumber": "1001", "CustomerRef": old["CustomerRef"], "TxnDate": old["TxnDate"], "Line": [line]}
    new = synced.post("invoice", body)
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "removed_there"}
    carry_out(Issue.objects.get(), "recreate", value="")
    synced.sync()
    assert synced.issues() == {"Invoice 1001": "look_alike"}
    carry_out(Issue.objects.get(), "same", value=new["Id"])
    assert synced.sync().state == "done"
    assert len(synced.there("Invoice")) == 1
    quiet(synced)


def test_a_payment_deleted_and_entered_by_hand_is_asked_about_before_it_is_sent_anew(synced: World) -> None:
    invoice = bill(synced)
    today = synced.company.today()
    values = {
        "customer": Customer.objects.get().pk,
        "date": today,
        "amount": Decimal(50),
        "allocations": [{"invoice": invoice, "amount": Decimal(50)}],
    }
    payments.create(company=synced.company, values=values)
    assert synced.sync().state == "done"
    [old] = synced.there("Payment")
    delete(synced, "Payment", old)
    new = synced.post(
        "payment", {"CustomerRef": old["CustomerRef"], "TotalAmt": 50, "TxnDate": old["TxnDate"]}
    )
    synced.sync()
    assert list(synced.issues().values()) == ["removed_there"]
    carry_out(Issue.objects.get(), "recreate", value="")
    synced.sync()
    assert list(synced.issues().values()) == ["look_alike"], "nothing is sent before somebody has said"
    assert len(synced.there("Payment")) == 1
    carry_out(Issue.objects.get(), "same", value=new["Id"])
    assert synced.sync().state == "done"
    assert len(synced.there("Payment")) == 1


def test_a_preview_shows_that_nobody_is_asked_about_one_that_comes_back_in_the_same_run(
    world: World,
) -> None:
    """A person has paired Tune-Up with the one that is put away there: Tune Up is another one, and new."""
    work_codes.create(company=world.company, values={"name": "Tune-Up", "price": Decimal(50)})
    income = next(row["Id"] for row in world.there("Account") if row["AccountType"] == "Income")
    members = {"Type": "Service", "IncomeAccountRef": {"value": income}}
    put_away(world, "Item", world.post("item", {"Name": "Tune-Up", **members}))
    assert world.full().state == "done"
    issue = Issue.objects.get(reason="likely_pair")
    carry_out(issue, "same", value=issue.details["candidates"][0]["remote_id"])
    world.post("item", {"Name": "Tune Up", **members})

    shown = world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, preview=True))

    planned = PlannedStep.objects.filter(run=shown).order_by("pk")
    told = [(step.side, step.action, step.label) for step in planned]
    assert told == [
        ("here", "linked", "Tune-Up"),
        ("there", "updated", "Tune-Up"),
        ("here", "created", "Tune Up"),
    ]
    run = world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert sorted((each.side, each.action, each.label) for each in run.changes.all()) == sorted(told)
    assert not PlannedStep.objects.filter(run=run).exists()
    quiet(world)
