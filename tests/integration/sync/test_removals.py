"""What is removed here: in which order it goes, what is not tried twice, and what comes back."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qbo.client import Client
from qbo.payload import loads
from qbo.retry import Answered, WriteOutcome
from quickbooks_sync.models import Issue, SyncRun
from quickbooks_sync.resolving import resolve
from quickbooks_sync.runs.queue import ask
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import World

DAY = date(2026, 3, 2)


def tree(world: World, *names: str) -> list[Customer]:
    """Each below the one before it; sent."""
    made: list[Customer] = []
    for name in names:
        parent = made[-1].pk if made else None
        made.append(customers.create(company=world.company, values={"display_name": name, "parent": parent}))
    assert world.full().state == "done"
    return made


def put_away(world: World, *gone: Customer) -> None:
    for customer in gone:
        customers.deactivate(company=world.company, id=customer.pk)


def active_there(world: World) -> dict[str, bool]:
    return {row["DisplayName"].removesuffix(" (deleted)"): row["Active"] for row in world.there("Customer")}


def test_sub_customers_are_deactivated_before_those_above_them_in_one_run(world: World) -> None:
    made = tree(world, "Evergreen", "East Wing", "Unit 4B")
    put_away(world, *reversed(made))
    run = world.sync()
    assert run.state == "done", run.error
    assert active_there(world) == dict.fromkeys(["Evergreen", "East Wing", "Unit 4B"], False)
    assert world.issues() == {}
    assert world.sync().calls["write_batches"] == 0


def test_a_preview_shows_all_of_them_going(world: World) -> None:
    names = ["Evergreen", "East Wing", "Unit 4B"]
    put_away(world, *reversed(tree(world, *names)))
    shown = world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, preview=True))
    assert {step.label: step.action for step in shown.plannedsteps.all()} == dict.fromkeys(names, "removed")
    world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert active_there(world) == dict.fromkeys(names, False)


def test_who_has_a_sub_customer_there_that_stays_is_for_a_person(world: World) -> None:
    (parent,) = tree(world, "Evergreen")
    (row,) = world.there("Customer")
    below = {"DisplayName": "Unit 4B", "Job": True, "ParentRef": {"value": row["Id"]}}
    world.post("customer", below)
    put_away(world, parent)  # before the next look: here nobody knows of the one below
    run = world.sync()
    assert run.state == "done", run.error
    assert active_there(world)["Evergreen"] is True
    assert world.issues()["Evergreen"] == "cannot_remove"


def sent_invoice(world: World) -> Invoice:
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Service Call", "price": Decimal(100)})
    world.full()
    line = {"work_code": WorkCode.objects.get(name="Service Call").pk}
    made = invoices.create(
        company=world.company,
        values={
            "number": "1001",
            "customer": Customer.objects.get().pk,
            "date": DAY,
            "due_date": DAY,
            "lines": [line],
        },
    )
    world.sync()
    return made


def test_a_void_that_quickbooks_refused_is_not_sent_again_until_somebody_says_so(world: World) -> None:
    made = sent_invoice(world)
    fault = {"entity": "Invoice", "operation": "void"}
    world.emulator.fault("refuse", fault, code=6480, times=2)
    invoices.void(company=world.company, id=made.pk)
    world.sync()
    assert world.issues() == {"Invoice 1001": "refused_there"}
    again = world.sync()
    assert again.calls["write_batches"] == 0
    assert world.issues() == {"Invoice 1001": "refused_there"}

    world.emulator.clear_faults()
    resolve.try_again(Issue.objects.get())
    world.sync()
    assert world.issues() == {}
    assert world.there("Invoice")[0]["TotalAmt"] == 0


def test_a_void_that_left_the_amounts_there_is_told_and_not_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for a QuickBooks that answers a void with the invoice as it was."""
    made = sent_invoice(world)
    (row,) = world.there("Invoice")
    told = Client.next_write

    def unmoved(client: Client, timeout: float) -> WriteOutcome | None:
        outcome = told(client, timeout)
        for answer in outcome.items.values() if isinstance(outcome, Answered) else ():
            if isinstance(answer, dict):
                token: dict[str, Any] = {name: answer[name] for name in ("SyncToken", "MetaData")}
                answer.clear()
                answer.update({**loads(json.dumps(row)), **token})
                world.emulator.load(world.realm, {"Invoice": [{**row, **token}]})
        return outcome

    monkeypatch.setattr(Client, "next_write", unmoved)
    invoices.void(company=world.company, id=made.pk)
    run = world.sync()
    assert run.state == "done", run.error
    assert world.issues() == {"Invoice 1001": "stored_differently"}
    again = world.sync()
    assert (again.state, again.calls["write_batches"]) == ("done", 0)
    assert world.issues() == {"Invoice 1001": "stored_differently"}


def test_who_is_paired_with_an_inactive_one_by_a_person_is_used_again_there(world: World) -> None:
    made = world.post("customer", {"DisplayName": "Amelia Hartwell"})
    key = {"Id": made["Id"], "SyncToken": made["SyncToken"], "sparse": True}
    world.post("customer", {**key, "Active": False})
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell", "phone": "555 0100"})
    world.full()
    assert world.issues() == {"Amelia Hartwell": "likely_pair"}
    resolve.carry_out(Issue.objects.get(), "same", value=made["Id"])
    run = world.sync()
    assert run.state == "done", run.error
    (row,) = world.there("Customer")
    assert (row["DisplayName"], row["Active"]) == ("Amelia Hartwell", True)
    assert row["PrimaryPhone"]["FreeFormNumber"] == "555 0100"
    assert world.issues() == {}
    assert world.sync().calls["write_batches"] == 0


def test_two_items_of_one_name_are_told_apart_by_their_code(world: World) -> None:
    account = next(row for row in world.there("Account") if row["AccountType"] == "Income")
    base = {"Type": "Service", "IncomeAccountRef": {"value": account["Id"]}}
    category = world.post("item", {"Name": "Spring", "Type": "Category"})
    below = {"SubItem": True, "ParentRef": {"value": category["Id"]}}
    first = world.post("item", {**base, **below, "Name": "Tune-up", "Sku": "TU-1"})
    other = world.post("item", {"Name": "Autumn", "Type": "Category"})
    below = {"SubItem": True, "ParentRef": {"value": other["Id"]}}
    world.post("item", {**base, **below, "Name": "Tune-up", "Sku": "TU-2"})
    work_codes.create(company=world.company, values={"name": "Tune-up", "code": "TU-1", "price": Decimal(10)})
    world.run("look")
    world.full()
    ours = WorkCode.objects.get(company=world.company, code="TU-1")
    link = world.connection.links.get(kind="work_code", local_id=ours.pk)
    assert link.remote is not None
    assert link.remote.remote_id == first["Id"]
