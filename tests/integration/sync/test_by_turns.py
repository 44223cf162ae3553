"""What only one may hold passes from one record to the next, on either side: in one run, or by one answer."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.access import tokens
from quickbooks_sync.models import Change, Connection, Issue, Link, Outcome, PlannedStep, SyncRun
from quickbooks_sync.resolving.resolve import carry_out
from quickbooks_sync.runs.queue import ask
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.payments import operations as payments
from service_genius.payments.models import Payment
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.world import Killed, World

NAMES = ("Aspen", "Birch", "Cedar", "Dogwood")
NUMBERS = ("1001", "1002", "1003")


def two_way(world: World) -> None:
    """Edits of customers and work codes there are taken without asking."""
    Connection.objects.filter(pk=world.connection.pk).update(two_way_edits=True)
    world.connection.refresh_from_db()


def sent(world: World, names: Sequence[str]) -> dict[str, int]:
    made = {name: customers.create(company=world.company, values={"display_name": name}).pk for name in names}
    assert world.full().state == "done"
    return made


def change_there(world: World, entity: str, row: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Edit an object of QuickBooks as it is by now."""
    now = next(each for each in world.there(entity) if each["Id"] == row["Id"])
    body = {"Id": now["Id"], "SyncToken": now["SyncToken"], "sparse": True, **members}
    return world.post(entity.lower(), body)


def exchange_there(world: World, entity: str, member: str, new: dict[str, str]) -> None:
    """Give objects of QuickBooks each other's names, as a person does there: by way of other ones."""
    rows = {row[member]: row for row in world.there(entity) if row.get(member) in new}
    for row in rows.values():
        change_there(world, entity, row, **{member: f"Step {row['Id']}"})
    for name, row in rows.items():
        change_there(world, entity, row, **{member: new[name]})


def settled(world: World) -> None:
    assert world.issues() == {}
    again = world.sync()
    assert (again.state, again.calls["write_batches"]) == ("done", 0), again.error
    assert world.issues() == {}


@pytest.mark.parametrize(
    "new", [["Birch", "Aspen"], ["Birch", "Cedar", "Aspen"], ["Birch", "Cedar", "Willow"]]
)
def test_customers_who_exchange_names_there_have_them_here_in_one_run(world: World, new: list[str]) -> None:
    made = sent(world, NAMES[: len(new)])
    two_way(world)
    exchange_there(world, "Customer", "DisplayName", dict(zip(made, new, strict=True)))
    run = world.sync()
    assert run.state == "done", run.error
    assert [Customer.objects.get(pk=pk).display_name for pk in made.values()] == new
    assert Change.objects.filter(run=run, side="here", action="updated").count() == len(new)
    settled(world)


def test_work_codes_that_exchange_names_there_have_them_here_in_one_run(world: World) -> None:
    for name in ("Tune-up", "Repair"):
        work_codes.create(company=world.company, values={"name": name, "price": Decimal(10)})
    world.full()
    two_way(world)
    exchange_there(world, "Item", "Name", {"Tune-up": "Repair", "Repair": "Tune-up"})
    before = dict(WorkCode.objects.values_list("pk", "name"))
    assert world.sync().state == "done"
    swapped = {"Tune-up": "Repair", "Repair": "Tune-up"}
    after = {pk: swapped.get(name, name) for pk, name in before.items()}
    assert dict(WorkCode.objects.values_list("pk", "name")) == after
    settled(world)


#: So many rows, whatever a session makes of it.
ONE = property(lambda _session: 1, lambda _session, _rows: None)


def test_a_ring_there_over_several_pages_is_taken_in_one_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quickbooks_sync.access.session.Session.read_rows", ONE)
    _take_a_ring(world, monkeypatch)


def test_a_ring_there_that_is_written_page_by_page_is_taken_in_one_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take_a_ring(world, monkeypatch)


def _take_a_ring(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quickbooks_sync.access.session.Session.page_rows", ONE)
    made = sent(world, NAMES)
    two_way(world)
    new = [*NAMES[1:], NAMES[0]]
    exchange_there(world, "Customer", "DisplayName", dict(zip(NAMES, new, strict=True)))
    assert world.sync().state == "done"
    assert [Customer.objects.get(pk=pk).display_name for pk in made.values()] == new
    settled(world)


def test_a_new_customer_there_with_a_name_of_a_ring_comes_in_the_same_run(world: World) -> None:
    made = sent(world, ("Aspen", "Birch"))
    two_way(world)
    exchange_there(world, "Customer", "DisplayName", {"Aspen": "Birch", "Birch": "Willow"})
    world.post("customer", {"DisplayName": "Aspen"})
    assert world.sync().state == "done"
    assert [Customer.objects.get(pk=pk).display_name for pk in made.values()] == ["Birch", "Willow"]
    assert Customer.objects.filter(display_name="Aspen").count() == 1
    settled(world)


def test_what_cannot_be_held_here_keeps_back_itself_and_none_of_the_others(world: World) -> None:
    made = sent(world, ("Aspen", "Birch", "Cedar"))
    two_way(world)
    customers.create(company=world.company, values={"display_name": "Willow"})
    Link.objects.create(
        connection=world.connection,
        kind="customer",
        local_id=Customer.objects.get(display_name="Willow").pk,
        state=Link.State.HOLD,
    )
    exchange_there(world, "Customer", "DisplayName", {"Aspen": "Birch", "Birch": "Aspen", "Cedar": "Willow"})
    assert world.sync().state == "done"
    assert [Customer.objects.get(pk=pk).display_name for pk in made.values()] == ["Birch", "Aspen", "Cedar"]
    assert world.issues() == {"Cedar": "refused_here"}


def test_who_became_the_parent_of_its_parent_there_is_so_here(world: World) -> None:
    made = sent(world, ("North", "South"))
    customers.update(company=world.company, id=made["South"], values={"parent": made["North"]})
    world.sync()
    two_way(world)
    rows = {row["DisplayName"]: row for row in world.there("Customer")}
    change_there(world, "Customer", rows["South"], Job=False, ParentRef=None)
    change_there(world, "Customer", rows["North"], Job=True, ParentRef={"value": rows["South"]["Id"]})
    assert world.sync().state == "done"
    assert Customer.objects.get(pk=made["South"]).parent_id is None
    assert Customer.objects.get(pk=made["North"]).parent_id == made["South"]
    settled(world)


def test_who_becomes_the_parent_of_its_parent_here_is_so_there(world: World) -> None:
    made = sent(world, ("North", "South", "West"))
    customers.update(company=world.company, id=made["South"], values={"parent": made["North"]})
    customers.update(company=world.company, id=made["West"], values={"parent": made["South"]})
    assert world.sync().state == "done"
    for name, parent in (("South", None), ("North", made["West"]), ("West", None), ("South", made["North"])):
        customers.update(company=world.company, id=made[name], values={"parent": parent})
        if name == "South" and parent is None:
            customers.update(company=world.company, id=made["West"], values={"parent": None})
    assert world.sync().state == "done"
    full = sorted(row["FullyQualifiedName"] for row in world.there("Customer"))
    assert full == ["West", "West:North", "West:North:South"]
    settled(world)


@pytest.mark.parametrize("new", [["Birch", "Aspen"], ["Birch", "Cedar", "Aspen"]])
def test_taking_one_of_an_exchange_takes_what_the_others_gave_up(world: World, new: list[str]) -> None:
    made = sent(world, NAMES[: len(new)])
    exchange_there(world, "Customer", "DisplayName", dict(zip(made, new, strict=True)))
    birch = next(row for row in world.there("Customer") if row["DisplayName"] == "Birch")
    change_there(world, "Customer", birch, Notes="Ring twice")
    assert world.sync().state == "done"
    assert set(world.issues().values()) == {"changed_there"}
    last = Issue.objects.get(label=NAMES[len(new) - 1])
    words = carry_out(last, "take", value="")
    assert "Birch" in words or "Aspen" in words
    assert [Customer.objects.get(pk=pk).display_name for pk in made.values()] == new
    assert world.sync().state == "done"
    # Only the name passed on; what else was changed of the other is still asked about.
    assert list(world.issues().values()) == ["changed_there"]
    assert Issue.objects.get().details == {"fields": ["notes"]}
    assert Outcome.objects.filter(words__contains="with “").count() == len(new) - 2
    carry_out(Issue.objects.get(), "take", value="")
    settled(world)


class Office:
    """A customer with invoices, all sent."""

    def __init__(self, world: World) -> None:
        self.world = world
        company = world.company
        self.customer = customers.create(company=company, values={"display_name": "Amelia Cole"}).pk
        self.code = work_codes.create(company=company, values={"name": "Repair", "price": Decimal(50)}).pk
        self.ids = [self.invoice(number) for number in NUMBERS]
        assert world.full().state == "done"
        assert world.sync().state == "done"
        assert self.numbers_there() == list(NUMBERS)

    def invoice(self, number: str) -> int:
        line = {
            "work_code": self.code,
            "description": "Repair",
            "quantity": Decimal(1),
            "unit_price": Decimal(50),
            "taxable": False,
        }
        today = self.world.company.today()
        values = {
            "number": number,
            "customer": self.customer,
            "date": today,
            "due_date": today,
            "lines": [line],
        }
        return invoices.create(company=self.world.company, values=values).pk

    def pay(self, invoice: int) -> int:
        values = {
            "customer": self.customer,
            "date": self.world.company.today(),
            "amount": Decimal(50),
            "allocations": [{"invoice": invoice, "amount": Decimal(50)}],
        }
        return payments.create(company=self.world.company, values=values).pk

    def renumber(self, new: Sequence[str]) -> None:
        for pk in self.ids:
            invoices.update(company=self.world.company, id=pk, values={"number": f"S{pk}"})
        for pk, number in zip(self.ids, new, strict=True):
            invoices.update(company=self.world.company, id=pk, values={"number": number})

    def numbers_there(self) -> list[str]:
        remotes = dict(
            Link.objects.filter(kind="invoice", local_id__in=self.ids).values_list(
                "local_id", "remote__remote_id"
            )
        )
        rows = {row["Id"]: row["DocNumber"] for row in self.world.there("Invoice")}
        return [rows[remotes[pk]] for pk in self.ids]


@pytest.fixture
def office(world: World) -> Office:
    return Office(world)


@pytest.mark.parametrize(
    "new",
    [["1002", "1001", "1003"], ["1002", "1003", "1001"], ["1002", "1003", "1004"], ["1003", "1001", "1002"]],
)
def test_invoices_exchange_their_numbers_there_in_one_run(office: Office, new: list[str]) -> None:
    office.renumber(new)
    run = office.world.sync()
    assert run.state == "done", run.error
    assert office.numbers_there() == new
    settled(office.world)


def test_a_new_invoice_has_the_number_that_another_gives_up_in_the_same_run(office: Office) -> None:
    invoices.update(company=office.world.company, id=office.ids[0], values={"number": "1009"})
    office.ids.append(office.invoice("1001"))
    assert office.world.sync().state == "done"
    assert office.numbers_there() == ["1009", "1002", "1003", "1001"]
    settled(office.world)


def test_numbers_exchanged_there_are_taken_by_one_answer(office: Office) -> None:
    exchange_there(office.world, "Invoice", "DocNumber", {"1001": "1002", "1002": "1001"})
    assert office.world.sync().state == "done"
    assert set(office.world.issues().values()) == {"changed_there"}
    carry_out(Issue.objects.order_by("pk")[0], "take", value="")
    assert [Invoice.objects.get(pk=pk).number for pk in office.ids] == ["1002", "1001", "1003"]
    settled(office.world)


def test_payments_that_exchange_their_invoices_there_are_taken_by_one_answer(office: Office) -> None:
    paying = [office.pay(pk) for pk in office.ids[:2]]
    assert office.world.sync().state == "done"
    rows = {row["Id"]: row for row in office.world.there("Payment")}
    first, second = rows.values()
    lines = [first["Line"], second["Line"]]
    for row, line in ((first, []), (second, lines[0]), (first, lines[1])):
        now = next(each for each in office.world.there("Payment") if each["Id"] == row["Id"])
        office.world.post("payment", {**now, "Line": line})
    assert office.world.sync().state == "done"
    assert set(office.world.issues().values()) == {"changed_there"}
    carry_out(Issue.objects.order_by("pk")[0], "take", value="")
    pays = [Payment.objects.get(pk=pk).allocations.get().invoice_id for pk in paying]
    assert pays == [office.ids[1], office.ids[0]]
    settled(office.world)


def pays(world: World) -> dict[str, list[str]]:
    """Payment id -> the invoices it pays, there."""
    return {
        row["Id"]: [each["TxnId"] for line in row["Line"] for each in line["LinkedTxn"]]
        for row in world.there("Payment")
    }


@pytest.mark.parametrize("count", [2, 3])
def test_payments_exchange_the_invoices_they_pay_there_in_one_run(office: Office, count: int) -> None:
    world = office.world
    paying = [office.pay(pk) for pk in office.ids[:count]]
    assert world.sync().state == "done"
    before = list(pays(world).values())
    for pk in paying:
        payments.update(company=world.company, id=pk, values={"allocations": []})
    for pk, invoice in zip(paying, [*office.ids[1:count], office.ids[0]], strict=True):
        payments.update(
            company=world.company,
            id=pk,
            values={"allocations": [{"invoice": invoice, "amount": Decimal(50)}]},
        )
    run = world.sync()
    assert run.state == "done", run.error
    assert world.issues() == {}
    assert list(pays(world).values()) == [*before[1:], before[0]]
    settled(world)


def test_a_new_payment_has_the_invoice_that_another_lets_go_of_in_the_same_run(office: Office) -> None:
    world = office.world
    first = office.pay(office.ids[0])
    assert world.sync().state == "done"
    payments.update(
        company=world.company,
        id=first,
        values={"allocations": [{"invoice": office.ids[1], "amount": Decimal(50)}]},
    )
    office.pay(office.ids[0])
    assert world.sync().state == "done"
    assert world.issues() == {}
    settled(world)


def test_a_preview_shows_the_exchange_of_numbers_and_the_run_does_it_all(office: Office) -> None:
    world = office.world
    office.renumber(["1002", "1003", "1001"])
    shown = world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, preview=True))
    steps = PlannedStep.objects.filter(run=shown)
    told = {(step.before["number"], step.after["number"]) for step in steps}
    assert told == {("1001", "1002"), ("1002", "1003"), ("1003", "1001")}
    run = world.work(ask(connection=world.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert run.state == "done", run.error
    assert not PlannedStep.objects.filter(run=run).exists(), "nothing is left for the next Sync"
    assert office.numbers_there() == ["1002", "1003", "1001"]
    settled(world)


@pytest.mark.parametrize("boundary", range(1, 7))
def test_a_run_that_dies_anywhere_in_an_exchange_ends_with_the_right_numbers(
    office: Office, monkeypatch: pytest.MonkeyPatch, boundary: int
) -> None:
    environment = replace(tokens.environment(), late_commit_seconds=0.1)
    monkeypatch.setattr(tokens, "environment", lambda: environment)
    world = office.world
    office.renumber(["1002", "1001", "1003"])
    world.checkpoint = dies_at(boundary)
    with pytest.raises(Killed):
        world.sync()
    world.checkpoint = lambda _: None
    for _ in range(6):
        world.expire_lease()
        run = world.connection.runs.order_by("-pk")[0]
        if not run.live:
            break
        time.sleep(environment.late_commit_seconds)
        world.work(run)
    assert office.numbers_there() == ["1002", "1001", "1003"]
    settled(world)


def dies_at(boundary: int) -> Callable[[str], None]:
    """The process dies at this boundary of a Sending."""
    left = boundary

    def checkpoint(name: str) -> None:
        nonlocal left
        left -= name in {"sending committed", "answer received"}
        if left == 0:
            raise Killed(name)

    return checkpoint


@pytest.mark.parametrize("seed", range(6))
def test_any_permutation_of_names_and_numbers_settles_in_one_run(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    world = office.world
    made = sent(world, NAMES)
    two_way(world)
    names = chance.sample([*NAMES, "Willow"], len(NAMES))
    if seed % 2:
        exchange_there(world, "Customer", "DisplayName", dict(zip(NAMES, names, strict=True)))
    else:
        for pk in made.values():
            customers.update(company=world.company, id=pk, values={"display_name": f"Step {pk}"})
        for pk, name in zip(made.values(), names, strict=True):
            customers.update(company=world.company, id=pk, values={"display_name": name})
    numbers = chance.sample([*NUMBERS, "1004"], len(NUMBERS))
    office.renumber(numbers)
    assert world.sync().state == "done"
    assert [Customer.objects.get(pk=pk).display_name for pk in made.values()] == names
    there = {row["DisplayName"] for row in world.there("Customer")}
    assert there == {"Amelia Cole", *names}
    assert office.numbers_there() == numbers
    settled(world)
