"""What QuickBooks refuses to tell costs one record, or one list; the others go on, and nothing is twice."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from quickbooks_sync.access.asking import PLURAL_THERE
from quickbooks_sync.kinds import KINDS
from quickbooks_sync.models import Link, SyncRun
from quickbooks_sync.pages import report
from service_genius.customers import operations as customers
from service_genius.customers.models import Customer
from service_genius.invoices import operations as invoices
from service_genius.invoices.models import Invoice
from service_genius.work_codes import operations as work_codes
from service_genius.work_codes.models import WorkCode
from tests.integration.sync import sales
from tests.world import World

TODAY = datetime.now(UTC).date()
#: What a question may be refused with, as far as is known; 10000 is a failure of the system, and no refusal.
CODES = (2020, 4000, 4001, 4002, 5020, 6000)
FOR_EVER = 10_000
INVALID = "QueryProcessingError: To email address entered is invalid"


@pytest.fixture
def office(selling: World) -> Iterator[World]:
    """A customer and a work code on both sides, after their first Full Sync."""
    selling.sync()
    yield selling
    selling.emulator.clear_faults()
    selling.emulator.settings(invalid_stored_email="served")


def customer_here(world: World, name: str) -> None:
    customers.create(company=world.company, values={"display_name": name})


def work_code_here(world: World, name: str) -> None:
    work_codes.create(company=world.company, values={"name": name, "price": Decimal(89)})


def invoice_here(world: World, number: str) -> Invoice:
    line = {
        "work_code": WorkCode.objects.get(name=sales.SERVICE).pk,
        "quantity": Decimal(1),
        "unit_price": Decimal(100),
    }
    values = {"number": number, "customer": Customer.objects.get().pk, "lines": [line]}
    values |= {"date": TODAY, "due_date": TODAY}
    return invoices.create(company=world.company, values=values)


def told(run: SyncRun) -> str:
    return report.story(run)


def load_bad(office: World, name: str = "Of Long Ago") -> None:
    """An address that is none, in QuickBooks since long ago; who would show it is refused."""
    bad = {"Id": "900", "SyncToken": "0", "DisplayName": name, "PrimaryEmailAddr": {"Address": "none"}}
    office.emulator.load(office.realm, {"Customer": [bad]})
    office.emulator.settings(invalid_stored_email="4002")


@pytest.mark.parametrize("scope", ["sync", "full"])
def test_one_bad_record_costs_that_record_and_is_named(office: World, scope: str) -> None:
    load_bad(office)
    office.post("customer", {"DisplayName": "Entered There"})
    customer_here(office, "Entered Here")

    run = office.run(scope)

    assert run.state == SyncRun.State.DONE
    assert "“Of Long Ago”" in told(run)
    assert INVALID in told(run)
    assert "already the same" not in told(run)
    assert set(office.names_there()) >= {"Entered Here", "Entered There"}
    here = set(Customer.objects.values_list("display_name", flat=True))
    assert here == {"Amelia Hartwell", "Entered Here", "Entered There"}

    office.emulator.settings(invalid_stored_email="served")
    good = {"PrimaryEmailAddr": {"Address": "good@example.com"}}
    office.post("customer", {"Id": "900", "SyncToken": "0", "sparse": True} | good)
    healed = office.sync()
    assert healed.unread == []
    assert Customer.objects.filter(display_name="Of Long Ago").exists()
    assert office.sync().calls["total"] == 1


def test_a_record_that_cannot_be_shown_is_not_taken_for_deleted(office: World) -> None:
    office.emulator.load(
        office.realm, {"Customer": [{**office.there("Customer")[0], "SyncToken": "7"} | BAD]}
    )
    office.emulator.settings(invalid_stored_email="4002")
    run = office.full()
    assert run.state == SyncRun.State.DONE
    link = Link.objects.get(kind="customer")
    assert link.paired
    assert link.remote is not None
    assert not link.remote.deleted
    assert office.issues() == {}


BAD: dict[str, Any] = {"PrimaryEmailAddr": {"Address": "none"}}


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.money], ids=lambda kind: kind.name)
def test_a_list_that_is_refused_is_left_out_and_the_others_are_synced(
    office: World, kind: Any, code: int
) -> None:
    for entity in ("cdc", "query"):
        office.emulator.fault(
            "refuse", {"entity": kind.entity, "operation": entity}, code=code, times=FOR_EVER
        )
    office.emulator.fault("refuse", {"operation": "cdc"}, code=code, times=FOR_EVER)
    customer_here(office, "Nora Vance")
    work_code_here(office, "Tune-Up")

    run = office.sync()

    assert run.state == SyncRun.State.DONE
    assert f"QuickBooks refused to list its {PLURAL_THERE[kind.entity]}" in told(run)
    customers_there = [row["DisplayName"] for row in office.there("Customer")]
    items_there = [row["Name"] for row in office.there("Item")]
    assert ("Nora Vance" in customers_there) == (kind.name != "customer")
    assert ("Tune-Up" in items_there) == (kind.name != "work_code")

    office.emulator.clear_faults()
    healed = office.sync()
    assert healed.unread == []
    assert "Nora Vance" in [row["DisplayName"] for row in office.there("Customer")]
    assert "Tune-Up" in [row["Name"] for row in office.there("Item")]


@pytest.mark.parametrize("code", CODES)
def test_changes_that_are_refused_are_asked_for_in_smaller_questions(office: World, code: int) -> None:
    office.emulator.fault("refuse", {"operation": "cdc"}, code=code, times=FOR_EVER)
    office.post("customer", {"DisplayName": "Entered There"})
    run = office.sync()
    assert (run.state, run.unread) == (SyncRun.State.DONE, [])
    assert Customer.objects.filter(display_name="Entered There").exists()


@pytest.mark.parametrize("code", CODES)
def test_what_cannot_be_looked_for_is_not_sent_and_the_others_go(office: World, code: int) -> None:
    buyer = Customer.objects.get()
    numbers = [invoice_here(office, f"10{index:02}").number for index in range(3)]
    office.emulator.fault("refuse", {"entity": "Invoice", "operation": "query"}, code=code, times=FOR_EVER)
    customers.update(company=office.company, id=buyer.pk, values={"notes": "Gate 12"})

    run = office.sync()

    assert run.state == SyncRun.State.DONE
    assert office.there("Invoice") == []
    assert [row["Notes"] for row in office.there("Customer")] == ["Gate 12"]
    waits = Link.objects.filter(kind="invoice", waiting=True).values_list("waits_for", flat=True)
    assert len(waits) == 3
    assert all(words.startswith("QuickBooks, which refuses to say") for words in waits)

    office.emulator.clear_faults()
    office.sync()
    assert sorted(row["DocNumber"] for row in office.there("Invoice")) == sorted(numbers)


@pytest.mark.parametrize("code", CODES)
def test_settings_that_are_not_told_are_those_of_before(office: World, code: int) -> None:
    office.emulator.fault("refuse", {"entity": "Preferences"}, code=code, times=FOR_EVER)
    invoice_here(office, "1001")
    run = office.sync()
    assert run.state == SyncRun.State.DONE
    assert "did not tell its settings" in told(run)
    assert len(office.there("Invoice")) == 1
