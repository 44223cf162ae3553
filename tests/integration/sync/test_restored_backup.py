"""A backup is restored, and somebody edits before the next Sync: it is asked about, or found again."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from quickbooks_sync.memory import high_water
from quickbooks_sync.models import Connection, Issue, SyncRun
from quickbooks_sync.recovery import restored
from quickbooks_sync.resolving import resolve
from quickbooks_sync.runs import queue
from service_genius.customers import operations as customers
from service_genius.invoices import operations as invoices
from service_genius.payments import operations as payments
from service_genius.work_codes import operations as work_codes
from tests.integration.sync.restoring import answered, forget, invoice, payment, put_back, rows_of_the_sync
from tests.world import World

DAY = date(2026, 3, 2)
RESTORED = "restored"


@pytest.fixture
def office(world: World) -> World:
    """Amelia Hartwell and a work code are on both sides; what is entered now was not sent yet."""
    customers.create(company=world.company, values={"display_name": "Amelia Hartwell"})
    work_codes.create(company=world.company, values={"name": "Service Call", "price": Decimal(100)})
    world.full()
    return world


def test_a_payment_edited_after_a_restore_stands_once(office: World) -> None:
    one = payment(office, "33.33")
    forget(office, office.sync)
    payments.update(company=office.company, id=one.pk, values={"amount": Decimal(40)})

    done = answered(office)

    assert done.state == SyncRun.State.DONE, done.error
    assert [row["TotalAmt"] for row in office.there("Payment")] == [33.33]
    assert list(office.issues().values()) == ["edited_on_both"]
    resolve.carry_out(Issue.objects.get(), "send", value="")
    office.sync()
    assert [row["TotalAmt"] for row in office.there("Payment")] == [40]
    assert office.issues() == {}


def test_an_invoice_renumbered_after_a_restore_stands_once(office: World) -> None:
    one = invoice(office, "1001")
    forget(office, office.sync)
    invoices.update(company=office.company, id=one.pk, values={"number": "1002"})

    answered(office)

    assert [row["DocNumber"] for row in office.there("Invoice")] == ["1001"]
    assert office.issues() == {"Invoice 1002": "edited_on_both"}


@pytest.mark.parametrize("enter", [invoice, payment])
def test_what_is_voided_after_a_restore_is_voided_there(
    office: World, enter: Callable[[World, str], Any]
) -> None:
    one = enter(office, "77")
    forget(office, office.sync)
    void = invoices.void if enter is invoice else payments.void
    void(company=office.company, id=one.pk)

    answered(office)
    office.sync()

    assert [row["TotalAmt"] for row in office.there(type(one).__name__)] == [0]
    assert office.issues() == {}


def test_nothing_leaves_before_a_person_has_said_that_this_copy_counts(office: World) -> None:
    invoice(office, "1001")
    forget(office, office.sync)
    customers.create(company=office.company, values={"display_name": "Ben Cole"})

    asked = office.sync()

    assert asked.state == SyncRun.State.ASKING
    assert asked.calls["write_batches"] == 0
    assert office.names_there() == ["Amelia Hartwell"]
    assert office.sync().state == SyncRun.State.ASKING


def test_what_was_lost_with_the_backup_is_listed_and_can_be_linked(office: World) -> None:
    forget(office, lambda: (invoice(office, "1001"), office.sync()))
    invoices.Invoice.objects.all().delete()
    again = invoice(office, "1001-A")

    answered(office)

    only = Issue.objects.get(reason="only_there")
    assert only.label == "Invoice 1001"
    assert [each["name"] for each in only.details["candidates"]] == ["Invoice 1001-A"]
    resolve.carry_out(only, "give", value=str(again.pk))
    office.sync()
    assert office.issues() == {"Invoice 1001-A": "edited_on_both"}


def test_a_question_about_what_is_gone_there_is_settled_by_a_sync_and_by_no_preview(office: World) -> None:
    forget(office, lambda: (invoice(office, "1001"), office.sync()))
    invoices.Invoice.objects.all().delete()
    answered(office)
    assert office.issues() == {"Invoice 1001": "only_there"}
    [row] = office.there("Invoice")
    office.post("invoice?operation=delete", {"Id": row["Id"], "SyncToken": row["SyncToken"]})

    office.work(queue.ask(connection=office.connection, scope=SyncRun.Scope.SYNC, preview=True))
    assert office.issues() == {"Invoice 1001": "only_there"}
    office.sync()

    assert office.issues() == {}
    assert [(one.label, one.reason) for one in office.connection.outcomes.all()] == [
        ("Invoice 1001", "only_there")
    ]


def test_a_customer_renamed_after_a_restore_is_asked_about(office: World) -> None:
    one = customers.create(company=office.company, values={"display_name": "Ben Cole"})
    forget(office, office.sync)
    restored.begin_new_epoch()
    customers.update(company=office.company, id=one.pk, values={"display_name": "Benjamin Cole"})

    answered(office)

    assert office.issues() == {"Benjamin Cole": "in_doubt"}
    assert office.names_there() == ["Amelia Hartwell", "Ben Cole"]
    assert customers.Customer.objects.count() == 2
    issue = Issue.objects.get()
    resolve.carry_out(issue, "same", value=issue.details["candidates"][0]["remote_id"])
    office.sync()
    assert customers.Customer.objects.count() == 2
    assert len(office.names_there()) == 2


@pytest.mark.parametrize("two_way", [False, True])
def test_a_customer_put_away_after_a_restore_does_not_come_back(office: World, two_way: bool) -> None:  # noqa: FBT001
    Connection.objects.update(two_way_edits=two_way)
    one = customers.create(company=office.company, values={"display_name": "Ben Cole"})
    forget(office, office.sync)
    restored.begin_new_epoch()
    customers.deactivate(company=office.company, id=one.pk)

    answered(office)

    assert customers.Customer.objects.count() == 2
    assert office.issues() == {"Ben Cole": "edited_on_both"}


@pytest.mark.parametrize("two_way", [False, True])
def test_an_edit_on_both_sides_of_a_restore_is_asked_about_not_overwritten(
    office: World,
    two_way: bool,  # noqa: FBT001
) -> None:
    Connection.objects.update(two_way_edits=two_way)
    one = customers.Customer.objects.get()
    customers.update(company=office.company, id=one.pk, values={"notes": "Gate 12"})
    forget(office, office.sync)
    restored.begin_new_epoch()
    customers.update(company=office.company, id=one.pk, values={"notes": "Gate 99"})

    answered(office)

    assert office.there("Customer")[0]["Notes"] == "Gate 12"
    assert customers.Customer.objects.get().notes == "Gate 99"
    assert office.issues() == {"Amelia Hartwell": "edited_on_both"}
    resolve.carry_out(Issue.objects.get(), "send", value="")
    office.sync()
    assert office.there("Customer")[0]["Notes"] == "Gate 99"
    assert office.issues() == {}


def test_a_copy_there_is_listed_once_and_is_not_ours(office: World) -> None:
    invoice(office, "1001")
    office.sync()
    sent = office.there("Invoice")[0]
    body = {name: sent[name] for name in ("Line", "CustomerRef", "PrivateNote", "TxnDate")}
    office.post("invoice", {**body, "DocNumber": "1002"})

    for _ in range(3):
        assert office.sync().state == SyncRun.State.DONE

    told = [one.words for one in office.connection.outcomes.all() if "copied" in one.words]
    assert told == ["Somebody copied it in QuickBooks. The copy, Invoice 1002, is not synced."]
    assert office.issues() == {}


def test_a_worker_of_before_the_restore_writes_nothing(office: World) -> None:
    customers.create(company=office.company, values={"display_name": "Ben Cole"})

    def put_back(name: str) -> None:
        if name == "page committed":
            Connection.objects.filter(pk=office.connection.pk).update(epoch=7)

    office.checkpoint = put_back
    office.sync()

    assert office.names_there() == ["Amelia Hartwell"]


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file beside the database, for one that is not on a disk."""
    path = tmp_path / "service_genius.sqlite3.synced"
    monkeypatch.setattr(high_water, "beside_database", lambda: path)
    return path


def test_an_older_database_is_noticed_by_the_file_beside_it(memory: Path, office: World) -> None:
    assert office.sync().state == SyncRun.State.DONE
    one = customers.create(company=office.company, values={"display_name": "Ben Cole"})
    forget(office, office.sync)
    customers.update(company=office.company, id=one.pk, values={"display_name": "Benjamin Cole"})

    answered(office)

    assert office.issues() == {"Benjamin Cole": "in_doubt"}
    assert office.sync().state == SyncRun.State.DONE


def test_a_backup_of_the_middle_of_a_run_is_noticed_too(memory: Path, office: World) -> None:
    """The run is the same, and so is who has it: only what left since tells."""
    one = customers.create(company=office.company, values={"display_name": "Ben Cole"})
    kept: list[tuple[Any, list[dict[str, Any]]]] = []

    def back_up(name: str) -> None:
        if name == "page committed" and not kept:
            kept.extend(rows_of_the_sync())

    office.checkpoint = back_up
    office.sync()
    office.checkpoint = lambda _name: None
    put_back(office, kept)
    customers.update(company=office.company, id=one.pk, values={"display_name": "Benjamin Cole"})
    office.expire_lease()
    answered_run = office.work(office.connection.runs.latest("pk"))

    assert answered_run.state == SyncRun.State.ASKING
    assert queue.answer(answered_run, go_on=True)
    office.work(answered_run)
    assert office.issues() == {"Benjamin Cole": "in_doubt"}
    assert office.names_there() == ["Amelia Hartwell", "Ben Cole"]


def test_a_damaged_file_beside_the_database_is_made_anew(memory: Path, office: World) -> None:
    memory.write_text("{")

    assert office.sync().state == SyncRun.State.DONE

    office.connection.refresh_from_db()
    assert json.loads(memory.read_text()).popitem()[1]["claims"] == office.connection.claims > 0
    assert memory.stat().st_mode & 0o777 == 0o600


def test_a_preview_takes_nothing_that_may_be_what_was_forgotten(office: World) -> None:
    """A sub-customer of somebody who comes in the same run may be it, and waits for the answer."""
    values = {"display_name": "Benjamin Cole", "phone": "(555) 201-0143"}
    customers.create(company=office.company, values=values)
    restored.begin_new_epoch()
    above = office.post("customer", {"DisplayName": "Desert Rose"})
    below = {"ParentRef": {"value": above["Id"]}, "Job": True}
    phone = {"PrimaryPhone": {"FreeFormNumber": "(555) 201-0143"}}
    office.post("customer", {"DisplayName": "Ben", **below, **phone})
    asked = queue.ask(connection=office.connection, scope=SyncRun.Scope.SYNC, preview=True)
    assert office.work(asked).state == SyncRun.State.ASKING
    assert queue.answer(asked, go_on=True)

    shown = office.work(asked)

    told = shown.plannedsteps.order_by("pk").values_list("action", "label")
    assert list(told) == [("attention", "Benjamin Cole"), ("created", "Desert Rose"), ("waits", "Ben")]
    run = office.work(queue.ask(connection=office.connection, scope=SyncRun.Scope.SYNC, from_preview=shown))
    assert [(each.action, each.label) for each in run.changes.all()] == [("created", "Desert Rose")]
    assert office.issues() == {"Benjamin Cole": "in_doubt"}


def test_a_preview_sends_no_invoice_that_may_be_the_one_which_is_only_there(office: World) -> None:
    """Nor one whose work code goes in the same run."""
    forget(office, lambda: (invoice(office, "1001"), office.sync()))
    invoices.Invoice.objects.all().delete()
    answered(office)
    assert office.issues() == {"Invoice 1001": "only_there"}
    code = work_codes.create(company=office.company, values={"name": "Tune-Up", "price": Decimal(100)})
    again = invoice(office, "1002")
    line = {"work_code": code.pk, "quantity": Decimal(1), "unit_price": Decimal(100), "taxable": False}
    invoices.update(company=office.company, id=again.pk, values={"lines": [line]})

    shown = office.work(queue.ask(connection=office.connection, scope=SyncRun.Scope.SYNC, preview=True))

    told = shown.plannedsteps.filter(label__in=["Tune-Up", "Invoice 1002"]).order_by("pk")
    assert [(each.action, each.label) for each in told] == [("created", "Tune-Up"), ("waits", "Invoice 1002")]
    office.sync()
    assert [row["DocNumber"] for row in office.there("Invoice")] == ["1001"]
